"""Log lines: as they were written, harmless, with a cursor to copy one of them by."""

from __future__ import annotations

from dataclasses import dataclass

from scantui.snapshot import Detail, RawLine
from scantui.ui.lines import Parts
from scantui.ui.text import plain, wrap

_OFFSET_FROM = 100  # columns from which the byte offset stands before a line
_OFFSET = 11


@dataclass(frozen=True, slots=True)
class LogLines:
    """`lines` to show, and which log line each belongs to (-1 none)."""

    lines: tuple[Parts, ...]
    owner: tuple[int, ...]


def log_lines(detail: Detail, width: int, *, wrapped: bool) -> LogLines:
    """The log lines of a source under the names of their files."""
    raw = detail.raw
    lines: list[Parts] = []
    owner: list[int] = []

    def add(parts: Parts, of: int) -> None:
        lines.append(parts)
        owner.append(of)

    path = None
    skipped = detail.raw_of - len(raw)
    for number, line in enumerate(raw):
        if skipped > 0 and number == len(raw) // 2:
            add(((f" ┆ {skipped:,} lines between are not shown", "suspect"),), -1)
        if line.path != path:
            path = line.path
            add(((f" {_tail(plain(path), width - 2)}", "accent"),), -1)
        for parts in _one(line, width, wrapped=wrapped):
            add(parts, number)
    if not raw:
        add(((" the log lines of this source are no longer held", "muted"),), -1)
    return LogLines(tuple(lines), tuple(owner))


def _tail(path: str, width: int) -> str:
    """The end of a path, which tells more than its beginning."""
    return path if len(path) <= width else "…" + path[len(path) - max(0, width - 1) :]


def _one(line: RawLine, width: int, *, wrapped: bool) -> list[Parts]:
    text = plain(line.text)
    head = f" {line.offset:>{_OFFSET - 2}} " if width >= _OFFSET_FROM else " "
    if not wrapped:
        return [((head, "muted"), (text, "plain"))]
    broken = wrap(text, max(8, width - len(head) - 3))
    return [((head if n == 0 else " " * len(head) + "  ", "muted"), (part, "plain")) for n, part in enumerate(broken)]
