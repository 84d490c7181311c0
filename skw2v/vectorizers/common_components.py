"""Removal of what most documents have in common."""

from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from ..word_vectors.components import common_components, without_components
from .compat import Interval


class CommonComponentRemoval(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    r"""Transformer that removes the leading components of document vectors.

    Averages of word vectors are much alike: most of their length lies in a few
    directions that frequent words share. Without these, cosines tell documents apart
    better [1]_ [2]_. The mean :math:`\mu` and the principal components :math:`C` of the
    training rows are removed from all rows

    .. math::

        x - \mu - (x - \mu)\, C^\top C

    Parameters
    ----------
    n_components : int, default=1
        Number of components to remove besides the mean; 0 removes the mean only.

    Attributes
    ----------
    mean_ : ndarray of shape (n_features,), float64
        Mean of the training rows.
    components_ : ndarray of shape (n_components, n_features), float64
        Principal components of the training rows, the one of the largest variance
        first.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Only if the training rows had names that are str.

    See Also
    --------
    WordVectors.without_common_components : The same for word vectors.

    References
    ----------
    .. [1] Arora, S., Liang, Y., & Ma, T. (2017). "A Simple but Tough-to-Beat Baseline
       for Sentence Embeddings".
       https://openreview.net/forum?id=SyK00v5xx
    .. [2] Mu, J., & Viswanath, P. (2018). "All-but-the-Top: Simple and Effective
       Postprocessing for Word Representations".
       https://arxiv.org/abs/1702.01417

    Examples
    --------
    >>> from skw2v import CommonComponentRemoval
    >>> rows = [[9.0, 1.0], [5.0, -1.0], [1.0, 1.0], [5.0, 3.0]]
    >>> CommonComponentRemoval().fit_transform(rows).round(6) + 0.0
    array([[ 0.,  0.],
           [ 0., -2.],
           [ 0.,  0.],
           [ 0.,  2.]])
    """

    _parameter_constraints: ClassVar[dict[str, list]] = {
        "n_components": [Interval(Integral, 0, None, closed="left")]
    }

    def __init__(self, n_components: int = 1) -> None:
        self.n_components = n_components

    def fit(self, X: ArrayLike, y: Any = None) -> "CommonComponentRemoval":
        """Find the components of the training rows.

        Parameters
        ----------
        X : array-like of shape (n_documents, n_features)
        y : None
            Ignored.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            There are fewer columns than `n_components`, or X isn't a table of finite
            numbers.
        """
        self._validate_params()
        rows: NDArray = validate_data(self, X, dtype=(np.float64, np.float32))
        if self.n_components > rows.shape[1]:
            raise ValueError(
                f"n_components={self.n_components} is more than the {rows.shape[1]} "
                "columns of X; lower it."
            )
        self.mean_, self.components_ = common_components(rows, self.n_components)
        return self

    def transform(self, X: ArrayLike) -> NDArray:
        """Remove the components from rows.

        Parameters
        ----------
        X : array-like of shape (n_documents, n_features)

        Returns
        -------
        ndarray of shape (n_documents, n_features), float32 or float64 as `X`
        """
        check_is_fitted(self)
        rows: NDArray = validate_data(
            self, X, dtype=(np.float64, np.float32), reset=False
        )
        return without_components(rows, self.mean_, self.components_)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
