"""Values as short text. Null is `-` or `?`, never 0; everything that came from a log passes `harmless`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from rich.cells import cell_len, chop_cells, set_cell_size

from scantui.events import flag_text
from scantui.safe_text import harmless

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
VARIES, NOT_SAID = -1, -2  # SourceTable.sport and .flags
EIGHTHS = " ▁▂▃▄▅▆▇█"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def width_of(text: str) -> int:
    """Screen cells that `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, right: bool = False) -> str:
    """`text` in exactly `width` cells; what does not fit ends in an ellipsis."""
    if width <= 0:
        return ""
    cells = width_of(text)
    if cells > width:
        return set_cell_size(text, width - 1) + "…"
    return " " * (width - cells) + text if right else text + " " * (width - cells)


def middle(text: str, width: int) -> str:
    """`text` in at most `width` cells, cut in its middle: both ends of an IPv6 address tell something."""
    if width_of(text) <= width or width < 3:
        return text if width_of(text) <= width else fit(text, width)
    head = width // 2
    return f"{text[:head]}…{text[len(text) - (width - head - 1) :]}"


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at spaces and after commas where possible."""
    lines: list[str] = []
    line = ""
    for word in text.replace(",", ",\0").replace(" ", " \0").split("\0"):
        if width_of(line) + width_of(word.rstrip()) <= width:
            line += word
            continue
        if line:
            lines.append(line.rstrip())
        pieces = chop_cells(word, width) or [""]
        lines.extend(pieces[:-1])
        line = pieces[-1]
    return [*lines, line.rstrip()] if line.rstrip() or not lines else lines


def count(number: int) -> str:
    """A count in at most five cells: exact below 100,000."""
    if number < 100_000:
        return str(number)
    for unit in "kMGTPE":
        number_in_unit = number / 1000
        if number_in_unit < 10 and unit != "k":
            return f"{number_in_unit:.1f}{unit}"
        if number_in_unit < 1000:
            return f"{int(number_in_unit)}{unit}"
        number //= 1000
    return "huge"


def size(bytes_: int) -> str:
    """Bytes in binary units: `412 MiB`."""
    amount = float(bytes_)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024 or unit == "GiB":
            break
        amount /= 1024
    return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"


def rate(per_second: float) -> str:
    """Events a second: `0.4/s`, `12/s`, `31k/s`."""
    return f"{per_second:.1f}/s" if per_second < 10 else f"{count(round(per_second))}/s"


def moment(us: int) -> datetime:
    """Microseconds since the epoch as a time; clamped to what a calendar holds."""
    return _EPOCH + timedelta(microseconds=max(-62_135_596_800 * SECOND, min(us, 253_402_300_799 * SECOND)))


def stamp(us: int) -> str:
    """ISO 8601 UTC to the second; with the fraction where there is one."""
    at = moment(us)
    fraction = f".{at.microsecond:06d}".rstrip("0") if at.microsecond else ""
    return f"{at:%Y-%m-%d %H:%M:%S}{fraction}Z"


def clock(us: int, now: int) -> str:
    """Eight cells: the time of day within the day of `now`, else the date."""
    at = moment(us)
    if us // DAY == now // DAY:
        return f"{at:%H:%M:%S}"
    return f"{at:%m-%dT%H}" if abs(now - us) < 300 * DAY else f"{at:%y-%m-%d}"


def span(us: int) -> str:
    """A duration in its two largest units: `3m12s`, `2d4h`, `180ms`."""
    if us < SECOND:
        return f"{us // 1000}ms"
    if us < MINUTE:
        return f"{us / SECOND:.1f}".rstrip("0").rstrip(".") + "s"
    for unit, name, lower, lower_name in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "m"), (MINUTE, "m", SECOND, "s")):
        if us >= unit:
            rest = us % unit // lower
            return f"{us // unit}{name}{rest}{lower_name}" if rest else f"{us // unit}{name}"
    return ""


def port(value: int) -> str:
    """The one source port, `varies`, or `?` when the log did not say."""
    return "varies" if value == VARIES else "?" if value < 0 else str(value)


def flags(value: int) -> str:
    """The one TCP flag set, `varies`, or `-` when the log gave none."""
    return "varies" if value == VARIES else "-" if value < 0 else flag_text(value)


def spark(values: tuple[int, ...] | list[int], width: int) -> str:
    """Counts as eighth blocks, at most `width` cells; zero is blank, the peak is seven eighths."""
    if not values or width <= 0:
        return ""
    if len(values) > width:
        edges = [i * len(values) // width for i in range(width + 1)]
        values = [sum(values[a:b]) for a, b in pairwise(edges)]
    peak = max(values)
    return "".join(EIGHTHS[0] if v <= 0 else EIGHTHS[max(1, round(7 * v / peak))] for v in values)


def bar(value: float, peak: float, width: int) -> str:
    """`value` of `peak` as a line of at most `width` cells; something is never drawn as nothing."""
    if peak <= 0 or value <= 0:
        return ""
    halves = max(1, round(2 * width * min(value, peak) / peak))
    return "━" * (halves // 2) + ("╸" if halves % 2 else "")


def plain(text: str | bytes, limit: int | None = None) -> str:
    """Log text for the screen. Tabs become spaces, for alignment; the rest is `harmless`."""
    if isinstance(text, bytes):
        return harmless(text, limit)
    return harmless(text.replace("\t", "    "), limit)
