#!/usr/bin/env bash
# Build the site in docs/_build/html, treating warnings as errors; check its links and its
# search.
# Requires: pip install -e ".[docs]"
set -euo pipefail
cd "$(dirname "$0")"
sphinx-build -q -W --keep-going -b html . _build/html
sphinx-build -q -W --keep-going -b html ko _build/html/ko
python check_links.py _build/html
python check_search.py _build/html
