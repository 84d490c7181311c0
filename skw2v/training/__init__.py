"""The training engine: a `Corpus` in, a `Model` out.

It knows NumPy, SciPy and the corpus, but neither strings nor scikit-learn.
"""
