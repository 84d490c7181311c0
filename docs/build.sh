#!/usr/bin/env bash
# Build the site in docs/_build/html, treating warnings as errors, and check its links.
# Requires: pip install -e ".[docs]"
set -euo pipefail
cd "$(dirname "$0")"
sphinx-build -q -W --keep-going -b html . _build/html
sphinx-build -q -W --keep-going -b html ko _build/html/ko
python check_links.py _build/html
