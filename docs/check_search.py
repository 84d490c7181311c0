"""Check the search of a built site: ``python check_search.py _build/html``.

It searches as the site does: entries of the index come first, then the pages that have
the stems of all words, of which those in titles count more.
"""

import json
import sys
from pathlib import Path

from sphinx.search.en import SearchEnglish

# what people look for, and the page that answers it
ANSWERS = {
    "GPU": "faq",
    "OOV": "faq",
    "out of vocabulary": "faq",
    "unseen words": "faq",
    "sentiment": "faq",
    "incremental": "faq",
    "doc2vec": "faq",
    "stopwords": "faq",
    "300": "faq",
    "idf": "faq",
    "n-grams": "faq",
    "semantic search": "faq",
    "clustering": "faq",
    "memory": "faq",
    "cores": "faq",
    "save": "faq",
    "OpenBLAS": "faq",
    "gensim conversion": "faq",
    "coming gensim": "coming_from_gensim",
    "korean text": "korean_text",
    "partial_fit": "training_that_goes_on",
    "limitations": "limits",
    "most_similar": "word_vectors",
}
IN_ENTRY, IN_TITLE, IN_TEXT = 100, 15, 5  # the scores of Sphinx


def scores_of_entries(index, query):
    """Yield the pages that have the query among their index entries, with scores."""
    for entry, places in index["indexentries"].items():
        if query in entry and 2 * len(query) >= len(entry):
            for page, *_ in places:
                yield page, IN_ENTRY * len(query) / len(entry)


def scores_of_words(index, query):
    """Yield the pages that have all words of the query, with scores."""
    language = SearchEnglish({})
    words = {word for word in query.split() if not word.isdigit()}
    stems = {language.stem(word) for word in words - set(language.stopwords)}
    for page in range(len(index["docnames"]) if stems else 0):
        places = [
            (IN_TITLE, index["titleterms"]),
            (IN_TEXT, index["terms"]),
        ]
        scores = [
            max((score for score, terms in places if has(terms, stem, page)), default=0)
            for stem in stems
        ]
        if all(scores):
            yield page, sum(scores)


def has(terms, stem, page):
    """Return whether a page has a stem."""
    pages = terms.get(stem, [])
    return page in ([pages] if isinstance(pages, int) else pages)


def best_pages(index, query):
    """Return the names of the pages with the highest score."""
    query = query.lower()
    found = [*scores_of_entries(index, query), *scores_of_words(index, query)]
    best = max((score for _, score in found), default=0)
    return {index["docnames"][page] for page, score in found if score == best}


def wrong_answers(index):
    """Yield an error message for each query whose answer isn't among the best pages."""
    for query, answer in ANSWERS.items():
        best = best_pages(index, query)
        if answer not in best:
            yield f"{query!r} finds {sorted(best) or 'nothing'} instead of {answer}"


if __name__ == "__main__":
    text = Path(sys.argv[1], "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text[text.index("{") : text.rindex("}") + 1])
    sys.exit("\n".join(wrong_answers(index)) or 0)
