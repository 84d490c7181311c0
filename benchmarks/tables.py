"""Print data frames as Markdown tables, ready to be copied into the documentation."""

import numbers

CENTERS = "ratio", "median", "mean"  # columns that a range can belong to


def text_of(value):
    """Return a number with its significant digits, or anything else as it is."""
    if not isinstance(value, numbers.Real):
        return str(value)
    if isinstance(value, numbers.Integral):
        return f"{value:,}"
    if value != value:  # NaN
        return ""
    return f"{value:,.0f}" if abs(value) >= 99.5 else f"{value:#.3g}"


def with_ranges(frame):
    """Return a frame of strings, with each range in the column of its center."""
    frame = frame.map(text_of)
    for lowest in [column for column in frame if column.endswith("min")]:
        prefix = lowest.removesuffix("min")
        center = next(prefix + name for name in CENTERS if prefix + name in frame)
        highest = prefix + "max"
        frame[center] += " [" + frame[lowest] + ", " + frame[highest] + "]"
        names = {center: f"{center} [range]"}
        frame = frame.drop(columns=[lowest, highest]).rename(columns=names)
    return frame


def show(frame, caption=""):
    """Print a caption and a table."""
    frame = with_ranges(frame)
    rows = [frame.columns.astype(str), ["---"] * frame.shape[1], *frame.to_numpy()]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    print(f"\n{caption}\n\n{lines}" if caption else f"\n{lines}", flush=True)
