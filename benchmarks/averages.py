"""Compare `transform` with averages that a user of gensim makes by hand."""

from functools import partial

import numpy as np
import pandas as pd
from libraries import make_vectorizer
from quality import keyed_vectors
from texts import find_words
from turns import compare, seconds_of

TRANSFORMED = 5_000  # number of documents to transform


def average_by_hand(table, documents):
    """Average the vectors of each document's words; zeros if none is known."""
    zeros = np.zeros(table.vector_size, np.float32)
    return np.array(
        [
            np.mean([table[word] for word in words if word in table] or [zeros], axis=0)
            for words in documents
        ]
    )


def average_rows_by_hand(table, documents):
    """Average them in the fastest common way, which takes all rows at once."""
    rows = table.key_to_index
    means = np.zeros((len(documents), table.vector_size), np.float32)
    for i, words in enumerate(documents):
        known = [rows[word] for word in words if word in rows]
        if known:
            means[i] = np.mean(table.vectors[known], axis=0)
    return means


def of_texts(average):
    """Return the same function for raw texts."""

    def average_texts(table, texts):
        return average(table, [find_words(text.lower()) for text in texts])

    return average_texts


def transform_table(options, corpus):
    """Averaged vectors, documents per second; those of gensim are averaged by hand."""
    texts = corpus.texts[:TRANSFORMED]
    words = [find_words(text.lower()) for text in texts]
    records = []
    for n_components in options.components:
        vectorizer = make_vectorizer(options, "cbow", n_components)
        vectorizer.set_params(max_iter=1).fit(corpus.sentences)
        table = keyed_vectors(list(vectorizer.vocabulary_), vectorizer.embeddings_)
        by_row, at_once = average_by_hand, average_rows_by_hand
        for name, documents, by_hand in (
            ("raw texts, np.mean of rows", texts, of_texts(by_row)),
            ("raw texts, rows at once", texts, of_texts(at_once)),
            ("lists of words, np.mean of rows", words, by_row),
            ("lists of words, rows at once", words, at_once),
        ):
            jobs = {
                "by hand": partial(seconds_of, by_hand, table, documents),
                "skw2v": partial(seconds_of, vectorizer.transform, documents),
            }
            which = {"documents": name, "n_components": n_components}
            records.append(which | compare(jobs, options.pairs, len(documents)))
    return pd.DataFrame(records)
