"""Scripts of the gallery in another language, with the same code."""

import re

TEXTS = re.compile(r'(?s:\Ar?"""\n.*?\n""")|(?<=^# %%\n)(?:#.*\n)+', re.MULTILINE)


def texts_of(script):
    """Return the texts of a script: its docstring, and the comments below `# %%`."""
    return TEXTS.findall(script)


def translate(script, translation):
    """Return a script with other texts.

    Parameters
    ----------
    script : str
        An example of the gallery.
    translation : str
        Its texts in reStructuredText, with lines ``.. %%`` between them.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        There are more or fewer texts than in the script.
    """
    texts = [text.strip("\n") for text in translation.split("\n.. %%\n")]
    if len(texts) != len(texts_of(script)):
        raise ValueError(
            f"the script has {len(texts_of(script))} texts, and its translation has "
            f"{len(texts)}."
        )
    remaining = iter(texts)
    return TEXTS.sub(lambda found: _like(found[0], next(remaining)), script)


def _like(text, other):
    """Return another text, written as a docstring or as comments, as the first is."""
    if not text.startswith("#"):
        return f'r"""\n{other}\n"""'
    return "".join(f"# {line}".rstrip() + "\n" for line in other.splitlines())
