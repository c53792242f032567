"""What a configuration says of the screen and only the screen can check: columns, order, heatmap, keys."""

from __future__ import annotations

import difflib
from dataclasses import replace

from scantui.config import Settings
from scantui.config.reading import found
from scantui.snapshot import HEAT_BUCKETS
from scantui.ui.columns import checked_columns
from scantui.ui.keymap import KeymapError, resolve
from scantui.ui.manners import Manners
from scantui.ui.ranking import SORTS

INTEREST = "interest"
SORT_NAMES = (INTEREST, *(sort.column for sort in SORTS if sort.column))


def with_wishes(manners: Manners, settings: Settings) -> tuple[Manners, list[str]]:
    """The manners with what the file says of table, heatmap and keys; and what is wrong, as `key: what`."""
    wrong: list[str] = []
    columns = settings.table.columns
    try:
        columns = checked_columns(columns) if columns else ()
    except ValueError as error:
        wrong.append(f"table.columns: {error}")
    if settings.table.sort not in SORT_NAMES:
        close = difflib.get_close_matches(settings.table.sort, SORT_NAMES, 1)
        hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(SORT_NAMES)}"
        wrong.append(f"table.sort: no sort is called {found(settings.table.sort)} ({hint})")
    try:
        resolve(settings.keys)
    except KeymapError as error:
        wrong += [f"keys.{name}: {what}" for name, what in error.wrong]
    wanted = settings.heat.bucket * 1_000_000
    bucket = min(HEAT_BUCKETS, key=lambda width: abs(width - wanted)) if wanted else 0
    return replace(
        manners, hold_seconds=settings.monitor.hold_seconds, columns=columns, sort=settings.table.sort,
        reverse=settings.table.reverse, bucket=bucket, sweep=settings.heat.sweep, keys=settings.keys,
    ), wrong  # fmt: skip
