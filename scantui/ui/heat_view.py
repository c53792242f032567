"""What the heatmap shows, as pure functions over a `Heat`: levels, which rows, labels, the time axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.snapshot import Heat
from scantui.ui.lines import HEAT_LEVELS, Part, Parts
from scantui.ui.text import DAY, EIGHTHS, HOUR, MINUTE, SECOND, count, fit, moment, plain

LABEL = 12  # "61440-65535" and a gap
GLYPHS = " ░░▒▒▓▓███"  # by level, where colour cannot say it
_AXIS_STEP = 16

Levels = NDArray[np.uint8]


def levels(pairs: NDArray[Any]) -> Levels:
    """Counts as levels: 0, 1, 2-3, 4-7, ... 256 and more is 9. Zero stays the background."""
    found = np.zeros(pairs.shape, np.uint8)
    positive = pairs > 0
    found[positive] = np.minimum(HEAT_LEVELS - 1, np.floor(np.log2(pairs[positive])).astype(np.int64) + 1)
    return found


def chosen_rows(heat: Heat, columns: int, lines: int, offset: int | None) -> list[int]:
    """Which port bins stand on the screen, in port order.

    All when they fit. Else the active ones, those of the highest peak first (a peak of distinct pairs, not volume, or a
    burst would be hidden by busy ports); `offset` not None is a plain scroll through all bins.
    """
    total = len(heat.names)
    if total <= lines:
        return list(range(total))
    if offset is not None:
        start = max(0, min(offset, total - lines))
        return list(range(start, start + lines))
    seen = heat.pairs[:, max(0, heat.pairs.shape[1] - columns) :]
    peak = seen.max(axis=1) if seen.shape[1] else np.zeros(total, np.int64)
    best = np.argsort(-np.minimum(peak, 1 << 62), kind="stable")[:lines]
    return sorted(best.tolist())


def window(values: NDArray[Any], columns: int) -> NDArray[Any]:
    """The newest `columns` along the last axis; zeros at the left where there are fewer."""
    have = values.shape[-1]
    if have >= columns:
        return values[..., have - columns :] if columns else values[..., :0]
    return np.concatenate([np.zeros((*values.shape[:-1], columns - have), values.dtype), values], axis=-1)


def cell_parts(row: Levels, glyphs: bool) -> list[Part]:
    """One row of levels as runs of equal cells."""
    parts: list[Part] = []
    edges = np.flatnonzero(np.diff(row)) + 1
    for start, end in zip([0, *edges.tolist()], [*edges.tolist(), len(row)], strict=True):
        level = int(row[start]) if len(row) else 0
        if not level:
            parts.append((" " * (end - start), "plain"))
        elif glyphs:
            parts.append((GLYPHS[level] * (end - start), "accent"))
        else:
            parts.append((" " * (end - start), f"heat-{level}"))
    return parts


def marginal(pairs: NDArray[Any], columns: int) -> str:
    """Pairs a bucket over all ports as eighth blocks on a log scale."""
    sums = window(pairs.sum(axis=0), columns).astype(np.float64)
    peak = float(sums.max()) if columns else 0.0
    if peak <= 0:
        return " " * columns
    steps = np.ceil(7 * np.log1p(sums) / np.log1p(peak)).astype(np.int64)
    return "".join(EIGHTHS[step] for step in steps.tolist())


def bucket_name(us: int) -> str:
    """`5 s`, `15 min`, `1 h`."""
    for unit, name in ((HOUR, "h"), (MINUTE, "min"), (SECOND, "s")):
        if us >= unit:
            return f"{us // unit} {name}" if us % unit == 0 else f"{us / unit:.1f} {name}"
    return f"{us // 1000} ms"


def axis(heat: Heat, columns: int) -> str:
    """Times under the columns; each label starts under its column, and its column stands on a round time."""
    if not columns or not heat.bucket:
        return " " * columns
    line = [" "] * columns
    have = heat.pairs.shape[1]
    form = "%H:%M:%S" if heat.bucket * _AXIS_STEP < 40 * MINUTE else "%d. %H:%M" if heat.bucket < DAY else "%m-%d"
    for x in range(columns):
        at = heat.start + (have - columns + x) * heat.bucket
        if at < 0 or (at // heat.bucket) % _AXIS_STEP:
            continue
        text = f"╵{moment(at):{form}}"
        if x + len(text) <= columns:
            line[x : x + len(text)] = text
    return "".join(line)


def legend(width: int, glyphs: bool) -> Parts:
    """Levels and the counts they begin at, or as many as `width` cells hold."""
    for step in (1, 2, 4):
        parts: list[Part] = []
        for level in range(1, HEAT_LEVELS, step):
            if glyphs and GLYPHS[level] == GLYPHS[level - 1]:
                continue
            sample: Part = (GLYPHS[level] * 2, "title-focus") if glyphs else ("  ", f"heat-{level}")
            last = level == HEAT_LEVELS - 1 or (glyphs and GLYPHS[level] == GLYPHS[-1])
            parts += [sample, (f" {1 << (level - 1)}{'+' if last else ''} ", "title")]
        if sum(len(text) for text, _ in parts) <= width:
            return tuple(parts)
    return ()


def label(heat: Heat, row: int) -> str:
    """A bin's name in the label column."""
    return fit(plain(heat.names[row]), LABEL - 1, right=True) + " "


def peak_text(heat: Heat, columns: int) -> str:
    """The highest bucket that can be seen."""
    sums = window(heat.pairs.sum(axis=0), columns)
    return count(int(sums.max())) if len(sums) else "0"
