"""Sources as a text table: for a mail, a ticket or a terminal. ASCII, one line a source."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.export.handover import Export, Handover
from scantui.export.marked import MarkedSource, marked
from scantui.export.report_text import ascii_only

_HEADER = ("SOURCE", "VERDICT", "YOURS", "SCORE", "EVENTS", "PORTS", "HOSTS", "FIRST", "LAST", "WHAT", "NOTE")
_NUMBERS = range(3, 7)
_UNSAID = "-"


def render(handover: Handover) -> Iterator[str]:
    sources = marked(handover.snapshot, handover.marks, handover.wishes.where).sources
    lines = [_HEADER, *(tuple(ascii_only(text) for text in _row(source)) for source in sources)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (
            f"{text:>{width}}" if place in _NUMBERS else f"{text:{width}}"
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(padded).rstrip() + "\n"


def _row(source: MarkedSource) -> tuple[str, ...]:
    best = source.scans[0] if source.scans else None
    what = ""
    if best is not None:
        slow = "slow" if best.slow else ""
        what = " ".join(filter(None, (slow, best.kind, best.proto, ",".join(best.techniques))))
    counts = (source.events, source.ports, source.targets)
    return (
        source.source,
        source.verdict or _UNSAID,
        source.judged or _UNSAID,
        f"{best.score:+.1f}" if best is not None else _UNSAID,
        *(_UNSAID if count is None else f"{count}" for count in counts),
        source.first or _UNSAID,
        source.last or _UNSAID,
        what or _UNSAID,
        source.note,
    )


EXPORT = Export("table", ".txt", "sources as a text table", render)
