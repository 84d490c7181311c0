"""Every run gives the same vectors, and an interrupted one leaves nothing behind."""

import _thread
import os
import subprocess
import sys
import threading

import pytest
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from skw2v import CBOWVectorizer, SkipGramVectorizer

models = pytest.mark.parametrize("model", [CBOWVectorizer, SkipGramVectorizer])

FIT = """
import hashlib, numpy as np, skw2v
words = np.random.default_rng(0).zipf(1.5, 60_000) % 1000
texts = [" ".join(map(str, row)) for row in words.reshape(-1, 60)]
for model in (skw2v.CBOWVectorizer, skw2v.SkipGramVectorizer):
    fitted = model(max_iter=1, window=40, n_jobs={n_jobs}, random_state=0).fit(texts)
    print(hashlib.sha256(fitted.embeddings_.tobytes()).hexdigest())
"""


def fit_elsewhere(n_jobs, blas_threads):
    """Return the hashes of the vectors from a new process."""
    environment = os.environ | {
        "OMP_NUM_THREADS": str(blas_threads),
        "OPENBLAS_NUM_THREADS": str(blas_threads),
        "PYTHONHASHSEED": str(n_jobs),
    }
    command = [sys.executable, "-c", FIT.format(n_jobs=n_jobs)]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    )
    return result.stdout


# Takes 3 seconds because the environment counts only when a process starts.
def test_vectors_do_not_depend_on_the_process_or_its_threads(capsys):
    with threadpool_limits(1, user_api="blas"):
        exec(FIT.format(n_jobs=1), {})
    first = capsys.readouterr().out
    assert len(set(first.split())) == 2  # two models, two hashes
    assert fit_elsewhere(n_jobs=2, blas_threads=4) == first
    assert fit_elsewhere(n_jobs=4, blas_threads=2) == first


@models
@pytest.mark.usefixtures("interruptible", "ends_its_threads")
def test_an_interrupt_stops_the_fit_and_leaves_nothing(model):
    texts = ["a b c d e f g h " * 50] * 200
    vectorizer = model(max_iter=100_000, n_jobs=2, subsample=0)
    timer = threading.Timer(0.5, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        vectorizer.fit(texts)
    timer.join()
    with pytest.raises(NotFittedError):
        vectorizer.transform(texts)
    assert len(vectorizer.set_params(max_iter=1).fit(texts).vocabulary_) == 8
