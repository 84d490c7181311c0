"""Base class of all estimators that take documents: their parameters and storing."""

from collections.abc import Callable
from inspect import Signature, signature
from textwrap import shorten
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags

from ..text.documents import Analyzer
from .advice import check_names, check_positions
from .parameters import ANALYZER_PARAMETERS
from .versions import STAMP, check_version, current_version

MESSAGE = 400  # maximum number of characters of a message about a parameter

# The analyzer of each estimator, with the parameters that it was built from.
_analyzers: WeakKeyDictionary = WeakKeyDictionary()


class TextTransformer(TransformerMixin, BaseEstimator):
    """Transformer of documents, with the text parameters of `CountVectorizer`."""

    # For the link in the HTML view.
    _doc_link_module = "skw2v"
    _doc_link_template = (
        "https://skw2v.readthedocs.io/en/stable/api/skw2v.{estimator_name}.html"
    )

    # Lets skrub pass the columns of text one by one.
    __single_column_transformer__ = True

    __signature__: ClassVar[Signature]

    n_jobs: int | None
    lowercase: bool
    stop_words: str | list[str] | None

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Let `help` and others show the parameters of `__init__`, not of `__new__`."""
        super().__init_subclass__(**arguments)
        of_init = signature(cls.__init__)
        _, *parameters = of_init.parameters.values()
        cls.__signature__ = of_init.replace(parameters=parameters)

    def __new__(cls, *args: Any, **parameters: Any) -> "TextTransformer":
        """Refuse unknown parameters with a message that names similar ones."""
        known = signature(cls).parameters
        check_positions(cls, args, known.values())
        if not any(each.kind == each.VAR_KEYWORD for each in known.values()):
            check_names(cls, parameters, known)
        return super().__new__(cls)

    def build_analyzer(self) -> Callable[[Any], list[str]]:
        """Return a function that turns a document into tokens, as `fit` does.

        A subclass may override it, and return any function that takes a document.

        Returns
        -------
        callable
            Takes a document, and returns a list of str.

        Examples
        --------
        >>> from skw2v import SkipGramVectorizer
        >>> SkipGramVectorizer(stop_words="english").build_analyzer()("I love 피자")
        ['love', '피자']
        """
        return self._analyzer()

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags

    def _validate_params(self) -> None:
        """Validate the parameters, with messages of bounded length."""
        try:
            super()._validate_params()
        except ValueError as error:
            message = shorten(str(error), MESSAGE, placeholder=" ...")
            raise type(error)(message) from None

    def _reader(self) -> Analyzer:
        """Return the analyzer of `build_analyzer`, which a subclass may override."""
        analyzer = self.build_analyzer()
        if isinstance(analyzer, Analyzer):
            return analyzer
        return Analyzer(analyzer=analyzer)

    def _analyzer(self) -> Analyzer:
        """Return the analyzer, which is built again only if a parameter has changed."""
        parameters = {name: getattr(self, name) for name in ANALYZER_PARAMETERS}
        if isinstance(self.stop_words, list):
            parameters["stop_words"] = list(self.stop_words)  # it may be changed
        built_from, analyzer = _analyzers.get(self, (None, None))
        if analyzer is None or built_from != parameters:
            analyzer = Analyzer(**parameters)
            _analyzers[self] = parameters, analyzer
        return analyzer

    # Storing

    # Attributes that `transform` needs of a fitted estimator.
    _learned: tuple[str, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), STAMP: current_version()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state, name = dict(state), type(self).__name__
        check_version(name, state.pop(STAMP, None))
        parameters = signature(type(self)).parameters.values()
        needed = [each.name for each in parameters if each.kind != each.VAR_KEYWORD]
        if any(attribute in state for attribute in self._learned):
            needed += self._learned
        if missing := [attribute for attribute in needed if attribute not in state]:
            raise ValueError(f"this stored {name} lacks {missing}; fit it again.")
        super().__setstate__(state)
