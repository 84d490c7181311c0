"""Load damaged model files: each must be refused or load as a complete model.

Each file was written by `save` and then damaged in up to three places. Run by hand::

    python tests/fuzz_native.py --count 100000
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from fuzzing import main, run_trials

import skw2v
from skw2v import CBOWVectorizer, SkipGramVectorizer, WordVectors
from skw2v.text.murmur import MurmurHash3
from skw2v.text.subwords import Subwords, WordAndNGrams
from skw2v.training.losses import LOSSES
from skw2v.word_vectors.pieces import PieceVectors

X = ["the cat chased the mouse 피자", "a mouse saw the cat", "banks sold bonds"]
TOKEN = re.compile(rb"-?\d+\.?\d*|null|true|false|\w+")
TOKENS = [
    *(b"0", b"-1", b"1", b"4", b"2.5", b"1e400", b"NaN", b"9" * 5000, b"true"),
    *(
        b"null",
        b"[]",
        b"{}",
        b"[" * 3000,
        b"F64",
        b"F32",
        b"F16",
        b"I64",
        b"U8",
        b"18446744073709551615",
    ),
]
NUMBERS = [0, 1, 2**7, 2**8 - 1, 2**16, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1]
MAX_BYTES = 1 << 20  # memory limit of a trial in bytes; the files have a few thousand


def saved_files(folder):
    """Return the bytes of saved word vectors, and of each model, loss and dtype."""
    path = Path(folder) / "saved.safetensors"
    skw2v.save(WordVectors(["a", "\0", "피자", ""], np.arange(8.0).reshape(4, 2)), path)
    files = [path.read_bytes()]
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    rows.flags.writeable = False
    pieces = PieceVectors(Subwords(WordAndNGrams(1, 2), 3, MurmurHash3(7, 2)), rows)
    skw2v.save(WordVectors(["a"], [[1, 2]], pieces), path)
    files.append(path.read_bytes())
    for model in (CBOWVectorizer, SkipGramVectorizer):
        for loss in LOSSES:
            vectorizer = model(n_components=3, min_count=1, subsample=0, loss=loss)
            vectorizer.set_params(stop_words=["sold"], vocabulary=["cat", "mouse"])
            vectorizer.set_output(transform="pandas").fit(X)
            for dtype in ("float32", "float16"):
                skw2v.save(vectorizer, path, dtype=dtype)
                files.append(path.read_bytes())
    return files


def damage(data, rng):
    """Change bytes at a random place, or a token of the header."""
    header_end = min(8 + int.from_bytes(data[:8], "little"), len(data))
    if rng.random() < 0.3:
        return replace_token(data, header_end, rng)
    low, high = (0, header_end) if rng.random() < 0.2 else (header_end, len(data))
    start = int(rng.integers(low, high + 1))
    end = start + int(rng.choice([1, 2, 4, 8]))
    number = NUMBERS[rng.integers(len(NUMBERS))].to_bytes(8, "little")
    changes = {
        "cut": data[:start],
        "drop": data[:start] + data[end:],
        "insert": data[:start] + rng.bytes(8) + data[start:],
        "random": data[:start] + rng.bytes(end - start) + data[end:],
        "number": data[:start] + number + data[start + 8 :],
        "flip": data[:start]
        + bytes(b ^ 1 << rng.integers(8) for b in data[start:end])
        + data[end:],
    }
    return changes[rng.choice(list(changes))]


def replace_token(data, end, rng):
    """Replace a number or name in the header, and update the length of the header."""
    found = list(TOKEN.finditer(data, 8, end))
    if not found:
        return data
    others = [*TOKENS, *(token.group() for token in found)]
    token, other = found[rng.integers(len(found))], others[rng.integers(len(others))]
    header = data[8 : token.start()] + other + data[token.end() : end]
    return len(header).to_bytes(8, "little") + header + data[end:]


def check(data, path):
    """Write the data to `path` and load it; return the outcome."""
    path.write_bytes(data)
    try:
        model = skw2v.load(path)
    except ValueError as error:
        if not str(error).startswith(f"{path} can't be loaded: "):
            raise
        return "refused"
    if isinstance(model, WordVectors):
        assert model.vectors.shape[0] == len(model.words)
        assert np.isfinite(model.vectors).all()
        assert model.pieces is None or np.isfinite(model["unknown"]).all()
        return "read"
    n_words, n_components = len(model.vocabulary_), model.n_components
    assert list(model.vocabulary_.values()) == list(range(n_words))
    assert model.embeddings_.shape == (n_words, n_components)
    n_outputs = LOSSES[model.loss].n_outputs(n_words)
    assert model.output_embeddings_.shape == (n_outputs, n_components)
    assert model.word_counts_.shape == (n_words,)
    assert model.word_counts_.min() >= 0
    assert np.isfinite(model.embeddings_).all()
    assert np.isfinite(model.output_embeddings_).all()
    assert model.n_iter_ == len(model.loss_curve_) > 0
    return "read"


def damaged_files(count, seed):
    """Yield `count` damaged files, each as its data and the path to write it to."""
    rng = np.random.default_rng(seed)
    with TemporaryDirectory() as folder:
        files, path = saved_files(folder), Path(folder) / "damaged.safetensors"
        for number in range(count):
            data = files[number % len(files)]
            for _ in range(rng.choice([1, 1, 2, 3])):
                data = damage(data, rng)
            yield data, path


def fuzz(count, seed=0):
    """Check `count` damaged files; return the results of `run_trials`."""
    return run_trials(check, damaged_files(count, seed), MAX_BYTES)


if __name__ == "__main__":
    main(fuzz, __doc__)
