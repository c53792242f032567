"""Where a move of the heatmap's cursor leads, as pure functions: the next row, and the right edge that shows a moment."""

from __future__ import annotations

from collections.abc import Sequence

from scantui.snapshot import HEAT_BUCKETS
from scantui.ui.heat_view import Columns
from scantui.ui.text import MINUTE

_MANY = 96  # columns: half as many again as the session chooses for


def bucket_filling(lasted: int, columns: int) -> int | None:
    """The narrowest bucket that a session chooses (1 to 5 minutes) whose `columns` hold a span of this length; None where
    the session does as well itself."""
    chosen = (bucket for bucket in HEAT_BUCKETS if MINUTE <= bucket <= 5 * MINUTE)
    return next((bucket for bucket in chosen if lasted // bucket + 2 <= columns), None) if columns >= _MANY else None


def row_below(rows: Sequence[int], row: int, down: int, total: int) -> tuple[int, int | None]:
    """The row `down` lines below `row` (negative: above), and the offset of a plain scroll where it is not among `rows`.

    Past the rows that are shown comes the next of all `total` in port order."""
    if not rows or not down:
        return row, None
    at = (rows.index(row) if row in rows else 0) + down
    if 0 <= at < len(rows):
        return rows[at], None
    past = at - len(rows) + 1 if down > 0 else at
    target = max(0, min(total - 1, (rows[-1] if down > 0 else rows[0]) + past))
    if target in rows:
        return target, None
    offset = target - len(rows) + 1 if down > 0 else target
    return target, max(0, min(total - len(rows), offset))


def right_edge(columns: Columns, number: int, first: int, newest: int) -> int:
    """The bucket to stand at the right so that bucket `number` can be seen: a quarter of the width further on, or more.

    `first` and `newest`: the oldest bucket there is, and the newest."""
    step, width = max(1, len(columns) // 4), len(columns)
    if number > columns.right:
        return min(newest, max(columns.right + step, number))
    right = min(columns.right - step, number + width - 1)
    return max(right, min(first + width - 1, columns.right))


def until_keeping(at: int, from_right: int, bucket: int, newest: int, columns: int) -> int | None:
    """The right edge at which the bucket of `at` stands `from_right` columns off it; None where the newest columns hold it.

    `newest`: the time of the newest event."""
    edge = (newest // bucket + 1) * bucket
    if at >= edge - columns * bucket:
        return None
    until = (at // bucket + 1 + from_right) * bucket
    return None if until >= edge else until
