"""What settings say of the monitor's screen, put in force: at the start all of them, later those that were changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scantui.ui.columns import STANDARD
from scantui.ui.manners import Manners
from scantui.ui.ranking import BY_COLUMN, SORTS

if TYPE_CHECKING:
    from scantui.ui.main_screen import MainScreen


def _hold(screen: MainScreen, manners: Manners) -> None:
    screen.table.hold_seconds = manners.hold_seconds


def _columns(screen: MainScreen, manners: Manners) -> None:
    screen.table.choose(manners.columns or STANDARD)


def _order(screen: MainScreen, manners: Manners) -> None:
    ranking = screen.table.ranking
    ranking.sort, ranking.reverse = BY_COLUMN.get(manners.sort, SORTS[0]), manners.reverse
    screen.table.reorder_now()


def _bucket(screen: MainScreen, manners: Manners) -> None:
    screen.heat.wish_bucket(manners.bucket or None)


def _sweep(screen: MainScreen, manners: Manners) -> None:
    screen.heat.sweep = manners.low_bandwidth or manners.sweep
    screen.heat.redraw()


# By the keys of the settings.
PUT: Mapping[str, Callable[[MainScreen, Manners], None]] = {
    "monitor.hold_seconds": _hold,
    "monitor.low_bandwidth": _sweep,
    "table.columns": _columns,
    "table.sort": _order,
    "table.reverse": _order,
    "heat.bucket": _bucket,
    "heat.sweep": _sweep,
}
