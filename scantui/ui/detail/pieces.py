"""What the tabs of the detail are built of: sections, wrapped texts, signed points. Pure functions of a width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scantui.detect.scan import Scan
from scantui.snapshot import Detail
from scantui.ui.lines import Parts
from scantui.ui.text import DAY, HOUR, MINUTE, SECOND, fit, plain, rate, wrap

UNBROKEN = 1 << 20  # a width at which nothing is wrapped: for text that is copied
BAR = 8
BLANK: Parts = ((" ", "plain"),)
_LEAST = 8  # cells for text, however deep it stands
_WIDEST_RULE = 100
_WIDEST_LABEL = 16


def section(title: str, width: int) -> Iterator[Parts]:
    """A blank line and a title with a rule to the edge."""
    yield BLANK
    rule = "─" * max(0, min(width, _WIDEST_RULE) - len(title) - 3)
    yield ((f" {title} ", "accent"), (rule, "muted"))


def text(said: str, width: int, look: str = "plain", indent: int = 1, hang: int | None = None) -> Iterator[Parts]:
    """A text in as many lines as it takes; further lines at `hang`, else under the first."""
    hang = indent if hang is None else hang
    for number, line in enumerate(wrap(plain(said), max(_LEAST, width - max(indent, hang) - 1))):
        yield ((" " * (hang if number else indent) + line, look),)


def point(sign: str, look: str, said: str, width: int, indent: int = 7) -> Iterator[Parts]:
    """A text behind a sign, hanging."""
    for number, line in enumerate(wrap(plain(said), max(_LEAST, width - indent - 3))):
        yield ((f"{' ' * indent}{sign if number == 0 else ' '} ", look), (line, "muted"))


def table(
    rows: Sequence[tuple[str, str]], width: int, most: int | None = None, label: int | None = None
) -> Iterator[Parts]:
    """Names and values in two columns, the first `label` cells wide or as wide as it needs. A value takes at most `most`
    lines; what is cut ends in an ellipsis."""
    names = [plain(name) for name, _ in rows]
    longest = label if label is not None else min(_WIDEST_LABEL, max(map(len, names), default=0))
    room = max(_LEAST, width - longest - 4)
    for name, (_, value) in zip(names, rows, strict=True):
        lines = shortened(wrap(plain(value), room), most, room)
        for number, line in enumerate(lines):
            head = name if number == 0 else ""
            yield ((" " + fit(head, longest) + "  ", "muted"), (line, "plain"))


def shortened(lines: list[str], most: int | None, width: int) -> list[str]:
    """At most so many of the lines, the last of them then with an ellipsis."""
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], fit(lines[most - 1].rstrip("…,; ") + "…", width).rstrip()]


def several(lines: Iterable[str], most: int, width: int, indent: int = 1) -> Iterator[Parts]:
    """Lines as they are, at most so many, and how many more."""
    all_of = list(lines)
    for line in all_of[:most]:
        yield from text(line, width, indent=indent)
    if len(all_of) > most:
        yield ((f"{' ' * indent}and {len(all_of) - most:,} more", "muted"),)


def pace(events: int, lasted: int) -> str:
    """`, 22/s` or `, 13/h`: in the shortest unit that has one; nothing where no time passed."""
    if lasted <= 0:
        return ""
    if events * SECOND >= lasted:
        return f", {rate(events * SECOND / lasted)}"
    for unit, name in ((MINUTE, "min"), (HOUR, "h")):
        if events * unit >= lasted:
            return f", {events * unit / lasted:.0f}/{name}"
    return f", {events * DAY / lasted:.1f}/d"


def shown(detail: Detail) -> Scan | None:
    """The episode that the detail is of."""
    return detail.episodes[detail.episode] if detail.episode < len(detail.episodes) else None
