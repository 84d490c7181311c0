"""The training engine: NumPy and SciPy only, no strings and no scikit-learn."""
