"""The training engine: a `Corpus` in, a `Model` out.

It knows NumPy, SciPy, threadpoolctl and the corpus, but not scikit-learn.
"""
