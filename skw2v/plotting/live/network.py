"""The small network that the page trains itself, and the values to check it against."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...corpus import Corpus
from ...explanation import examples, one_hot_of, step
from ...training.hyperparameters import Hyperparameters
from ...training.model import Model
from ...vectorizers.cbow import CBOWVectorizer
from ...vectorizers.learning import hyperparameters_of, seed_of
from .floor import entropy_floor

WORDS, SENTENCES, TOKENS = 12, 2, 12  # maximum numbers; of tokens in a sentence
STARTS = range(5)  # values of random_state
LEARNING_RATE, EPOCHS = 0.3, 60
CHECKED_WINDOWS = 1, 2
CHECKED_RATE = 0.1  # larger steps may amplify the rounding of numbers


@dataclass(frozen=True)
class LiveNetwork:
    """A few sentences, and the network of two components that learns them.

    Attributes
    ----------
    words : list of str
        In the order in which they occur.
    sentences : list of list of int
        The words as numbers.
    """

    words: list[str]
    sentences: list[list[int]]

    @classmethod
    def of(cls, corpus: Corpus, words: list[str]) -> "LiveNetwork":
        """Return the network of the first documents that have contexts.

        Parameters
        ----------
        corpus : Corpus
        words : list of str
            Word of each id.

        Returns
        -------
        LiveNetwork

        Raises
        ------
        ValueError
            There is none.
        """
        found: dict[int, int] = {}
        sentences: list[list[int]] = []
        for document in documents_of(corpus):
            numbers = dict(found)
            known = [i for i in document[:TOKENS].tolist() if _enter(numbers, i)]
            sentence = [numbers[i] for i in known]
            if len(sentence) > 1 and sentence not in sentences:
                found = numbers
                sentences.append(sentence)
            if len(sentences) == SENTENCES:
                break
        if not sentences:
            raise ValueError(
                "no document has two tokens of the vocabulary, and so no word has a "
                "context; give longer documents, or lower min_count."
            )
        return cls([words[i] for i in found], sentences)

    def data(self) -> dict[str, Any]:
        """Return what the page needs, as JSON can hold it."""
        starts = [_start(seed) for seed in STARTS]
        return {
            "words": self.words,
            "sentences": self.sentences,
            "starts": [start.tolist() for start in starts],
            "rate": LEARNING_RATE,
            "checked_rate": CHECKED_RATE,
            "epochs": EPOCHS,
            "checks": [
                {"model": model, "window": window, "start": number}
                | self.trained(start, window, model == "CBOW", CHECKED_RATE)
                for model in ("CBOW", "skip-gram")
                for window in CHECKED_WINDOWS
                for number, start in enumerate(starts)
            ],
        }

    def trained(
        self, start: NDArray, window: int, cbow: bool, learning_rate: float
    ) -> dict[str, Any]:
        """Take the steps of `explain`, one position after another.

        Parameters
        ----------
        start : ndarray of shape (n_rows, 2), float64
            Vectors to start from, for as many words as there are, or more.
        window : int
        cbow : bool
        learning_rate : float

        Returns
        -------
        dict of str to object
            After all epochs: both matrices as lists, the mean loss of the last epoch,
            and its floor.
        """
        embeddings = start[: len(self.words)]
        output = np.zeros_like(embeddings)
        for _ in range(EPOCHS):
            loss = n_pairs = 0.0
            for X, T in self._rows(window, cbow):
                values = step(X, T, embeddings, output, learning_rate)
                embeddings, output = values["embeddings_after"], values["output_after"]
                loss += values["cross_entropy"]
                n_pairs += T.sum()
        documents = [np.array(sentence) for sentence in self.sentences]
        return {
            "embeddings": embeddings.tolist(),
            "output": output.tolist(),
            "loss": loss / n_pairs,
            "floor": entropy_floor(documents, {window: 1}, cbow),
        }

    def _rows(self, window: int, cbow: bool) -> Iterator[tuple[NDArray, NDArray]]:
        """Yield the rows of ``X`` and ``T`` of each position."""
        for sentence in self.sentences:
            places = range(len(sentence))
            pairs = examples(np.array(sentence, np.int32), places, window, cbow)
            for inputs, targets in zip(*pairs, strict=True):
                rows = [one_hot_of(ids, len(self.words)) for ids in (inputs, targets)]
                yield rows[0].mean(axis=0)[None], rows[1].sum(axis=0)[None]


def documents_of(corpus: Corpus) -> list[NDArray[np.int32]]:
    """Return the ids of each document."""
    return np.split(corpus.ids[:], corpus.offsets[1:-1])


def _enter(found: dict[int, int], word: int) -> bool:
    """Give a word a number if there is room; return whether it has one."""
    if len(found) < WORDS:
        found.setdefault(word, len(found))
    return word in found


def _start(random_state: int) -> NDArray[np.float64]:
    """Return the vectors with which `fit` starts; fewer words have the first ones."""
    vectorizer = CBOWVectorizer(n_components=2, loss="softmax")
    h: Hyperparameters = hyperparameters_of(vectorizer, WORDS, None)
    model = Model.initial(h, np.ones(WORDS, np.int64), seed_of(random_state))
    return model.input_matrix.astype(np.float64)
