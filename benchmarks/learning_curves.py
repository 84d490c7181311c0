"""Plot the quality of skw2v and gensim against the seconds of training.

Each number of epochs is a training of its own, because the learning rate falls over all
epochs. The seconds are those of a whole fit from lists of words.

Run by hand, on an idle machine::

    python benchmarks/learning_curves.py --corpus wiki.txt.xz --figure quality.png
"""

import pandas as pd
from libraries import VECTORIZERS, fitted_tables, settings_parser
from quality import evaluate
from tables import show
from texts import corpus_parser, load_corpus


def curves(corpus, models, epochs):
    """Return one row for each model, number of epochs and library."""
    records = []
    for model in models:
        for n_epochs in epochs:
            options = settings_parser("").parse_args(["--epochs", str(n_epochs)])
            which = {"model": model, "n_components": 100}
            for library, table, seconds in fitted_tables(
                options, which, 0, corpus.sentences
            ):
                scores = {name: score for name, (score, _) in evaluate(table).items()}
                record = {"model": model, "library": library, "epochs": n_epochs}
                records.append(record | {"seconds": seconds} | scores)
    return pd.DataFrame(records)


def draw(frame, path):
    """Draw a panel for each measure, with the score over the seconds."""
    import matplotlib.pyplot as plt

    measures = frame.columns[4:]
    figure, axes = plt.subplots(
        1, len(measures), figsize=(4 * len(measures), 3.6), layout="constrained"
    )
    for ax, measure in zip(axes, measures, strict=True):
        for (model, library), part in frame.groupby(["model", "library"]):
            style = {"skw2v": "o-", "gensim": "s--"}[library]
            color = {"skipgram": "C0", "cbow": "C1"}[model]
            label = f"{library}, {model}"
            ax.plot(part["seconds"], part[measure], style, color=color, label=label)
        ax.set(xlim=(0, None), xlabel="seconds", title=measure)
    axes[0].legend(fontsize="small")
    figure.savefig(path, dpi=120)


def main(argv=None):
    """Print the table and draw the figure; return the table."""
    parser = corpus_parser(__doc__.splitlines()[0])
    add = parser.add_argument
    add("--model", nargs="+", choices=VECTORIZERS, default=list(VECTORIZERS))
    add("--epochs", nargs="+", type=int, default=[1, 2, 5])
    add("--figure", help="file to save the figure to")
    options = parser.parse_args(argv)
    corpus = load_corpus(options.corpus, options.words)
    frame = curves(corpus, options.model, options.epochs)
    show(frame)
    if options.figure:
        draw(frame, options.figure)
    return frame


if __name__ == "__main__":
    main()
