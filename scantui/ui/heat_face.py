"""What the views in the heatmap's place share: what they are shown, and what they may be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from scantui.looks import Cell, CellWish, HeatWish
from scantui.snapshot import Snapshot
from scantui.ui.heat_ink import FAINT, Ink, legend
from scantui.ui.heat_view import bucket_name, sources_text
from scantui.ui.lines import Parts
from scantui.ui.text import DAY, count, fit, plain, width_of

CURSOR = "┼"  # unlike any level, where colour cannot set it apart


@dataclass(frozen=True, slots=True)
class Frame:
    """What there is to draw, and the room for it. `selected`: the source under the table's cursor."""

    snapshot: Snapshot
    wish: HeatWish  # the newest one; `snapshot.look.heat` is what the picture answers
    width: int
    height: int
    focused: bool = False
    ink: Ink = Ink.COLOUR
    sweep: bool = False
    selected: int | None = None

    @property
    def whose(self) -> str:
        """Whose packets are shown, for a title; empty for all."""
        source = self.snapshot.look.heat.source
        return "" if source is None else f"only {plain(self.snapshot.address(source))}"

    @property
    def cut_is_there(self) -> bool:
        """Whether the ports are cut as wished."""
        there = self.snapshot.look.heat
        return (there.low, there.high) == (self.wish.low, self.wish.high)

    def title(self, *facts: str, first: int = FAINT, ink: Ink | None = None) -> Parts:
        """The facts at the left, and the legend of levels from `first` on, as far as there is room."""
        text = f" {', '.join(fact for fact in facts if fact)}"
        text = fit(text, self.width) if width_of(text) > self.width else text
        scale = legend(self.width - width_of(text) - 2, ink or self.ink, first)
        gap = self.width - width_of(text) - sum(len(part) for part, _ in scale)
        return ((text, "title-focus" if self.focused else "title"), (" " * gap, "title"), *scale)

    def readout(self, *facts: str, more: str = "") -> Parts:
        """The line under the picture: what is under the cursor, and `more` in a quieter look."""
        text = f" {' · '.join(fact for fact in facts if fact)}"
        left = self.width - width_of(text)
        return ((text, "strong"), (fit(f" · {more}", left) if more and left > 8 else "", "muted"))

    def cell(self, wish: CellWish) -> Cell | None:
        """The answer to a wish, when it is there."""
        cell = self.snapshot.cell
        return cell if cell is not None and cell.wish == wish else None

    def who(self, wish: CellWish) -> str:
        """The sources and ports of a cell, when the answer is there."""
        cell = self.cell(wish)
        if cell is None or not cell.packets:
            return ""
        parts = [] if wish.source is not None else [
            sources_text(cell, [self.snapshot.address(code) for code, _ in cell.top])
        ]  # fmt: skip
        if wish.low != wish.high and cell.ports:
            parts.append("ports " + ", ".join(f"{port} ({count(packets)})" for port, packets in cell.ports))
        return " · ".join(parts)

    @property
    def span(self) -> tuple[int, int]:
        """The whole run, first to last event, half-open."""
        status = self.snapshot.status
        return status.first or self.snapshot.heat.start, status.now + 1

    @property
    def days(self) -> tuple[int, int]:
        """The whole run in whole days: does not change with every event."""
        first, end = self.span
        return first // DAY * DAY, (end // DAY + 1) * DAY


class Face(ABC):
    """One view. It keeps its cursor from picture to picture, and the frame it drew last."""

    def __init__(self) -> None:
        self.frame: Frame | None = None

    @abstractmethod
    def make(self, frame: Frame) -> list[Parts]:
        """The lines for a frame, title first, at most `frame.height`."""

    @abstractmethod
    def move(self, across: int, down: int) -> HeatWish | None:
        """Move the cursor; what is now wished for, if that is another cut."""

    @abstractmethod
    def edge(self, step: int) -> HeatWish | None:
        """To the first (-1) or last (1) of a row."""

    @abstractmethod
    def point(self, x: int, y: int) -> bool | None:
        """Put the cursor there: True when it was there already, None where there is nothing to point at."""

    @abstractmethod
    def cell(self) -> CellWish | None:
        """What is under the cursor."""

    @abstractmethod
    def half(self) -> int:
        """Cells of half a row."""

    def page(self) -> int:
        """Rows that can be seen."""
        return max(1, (self.frame.height if self.frame else 1) - 3)

    def home(self) -> None:  # noqa: B027 - most views have nothing to go back to
        """Back to the rows chosen without being asked."""


def cut_name(wish: HeatWish, bucket: int) -> str:
    """`ports × 5 s`, `ports 1024-4095 × 5 s`."""
    part = "" if (wish.low, wish.high) == (0, 65_535) else f" {wish.low}-{wish.high}"
    return f"ports{part} × {bucket_name(bucket)}"
