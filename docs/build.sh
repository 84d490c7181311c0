#!/usr/bin/env bash
# Builds the site in docs/_build/html, where a warning is an error, and checks its links.
# Needs: pip install -e ".[docs]"
set -euo pipefail
cd "$(dirname "$0")"
sphinx-build -q -W --keep-going -b html . _build/html
python check_links.py _build/html
