"""What is said of an input's formats: who read how much of it, how it was recognised, and why that may be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scantui.formats.capture import PCAP, PCAPNG
from scantui.formats.gaps import cannot_tell
from scantui.formats.reader import ReadStatus
from scantui.formats.registry import ANYONES
from scantui.snapshot import FormatShare

_HALF = 0.5  # of the lines
_DAMAGED = 0.1  # of the lines: more than a log's few cut ones
_FEW = 20  # lines from which a share says something


def shares(parts: Sequence[ReadStatus]) -> tuple[FormatShare, ...]:
    """What each format read of an input whose files are `parts`, most lines first."""
    lines: Counter[str] = Counter()
    gaps: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for form, count in part.shares:
            lines[form.name] += count
            gaps[form.name] = cannot_tell(form.fields)
    return tuple(FormatShare(name, count, gaps[name]) for name, count in lines.most_common())


def recognised(parts: Sequence[ReadStatus]) -> str:
    """How the newest file's format came to be known."""
    for part in reversed(parts):
        if part.forced:
            return "as given"
        found = part.recognition
        if found is not None and found.format is not None:
            return f"claims {found.claimed} of the first {found.looked} lines"
    return ""


def doubt(parts: Sequence[ReadStatus], lines: int, unread: int) -> str:
    """Why the format may be the wrong one; "" when nothing speaks against it. What else stands in a syslog does not."""
    captured = [part for part in parts if part.format in (PCAP.name, PCAPNG.name) and part.samples]
    if lines and unread == lines and captured:
        return f"no packet of {lines:,} is read: {captured[-1].samples[0]}"
    given = next((part.format for part in parts if part.forced), "")
    if lines and unread == lines:
        if given:
            return f"no line of {lines:,} is in the format given, {given}"
        return f"no line of {lines:,} is in a format scantui reads; see: scantui formats"
    if lines >= _FEW and unread > _HALF * lines and given:
        return f"{unread:,} of {lines:,} lines are not in the format given, {given}"
    read = {form.name for part in parts for form, _ in part.shares}
    if lines >= _FEW and unread > _HALF * lines and read.issubset(ANYONES):
        others = ", ".join(sorted(read))
        return (
            f"{unread:,} of {lines:,} lines are in no format scantui reads, the others in general ones only ({others})"
        )
    for part in parts:
        if part.unread > _DAMAGED * part.lines and part.unread >= _FEW and part.refused > _HALF:
            return f"{part.unread:,} of {part.lines:,} lines look like {part.format} and cannot be read as it"
        if part.recognition is not None and part.recognition.rivals:
            others = " and ".join(part.recognition.rivals)
            return f"read as {part.format}, but {others} would read these lines too; --log-format decides"
    return ""
