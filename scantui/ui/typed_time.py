"""A moment as a person types it: `03:14`, `2000-01-25 03:14:01`, `-5m`, `yesterday 03:00`, `start`. UTC unless it says more."""

from __future__ import annotations

from scantui.ui.text import DAY, SECOND, moment, stamp
from scantui.when import DAYS, NotATime, duration, instant

__all__ = ["NotATime", "moment_of"]

_EXAMPLES = "03:14, 2000-01-25 03:14:01, -5m, yesterday 03:00"


def moment_of(text: str, *, here: int, first: int, last: int) -> int:
    """Microseconds UTC. A step is from `here`; a time without a date is on the day of `here`, or the next day to it in the
    run (`first` to `last`). Raises NotATime for what is no time, and for what lies outside the run."""
    begin = len(text) - len(text.lstrip())
    words = text.strip().lower()
    if not words:
        raise NotATime(f"write a time: {_EXAMPLES}")
    if words in ("start", "first"):
        return first
    if words in ("now", "live", "end", "last"):
        return last
    if words[0] in "+-":
        step = duration(words[1:], begin + 1)
        return _inside(here + (-step if words[0] == "-" else step), begin, first, last)
    day, rest, column = here, words, begin
    name = words.split()[0]
    if name in DAYS:
        rest = words[len(name) :].lstrip()
        column = begin + len(words) - len(rest)
        day = last + DAYS[name] * DAY
        if not rest:
            return _inside(day // DAY * DAY, begin, first, last)
    found, dated = instant(rest, column, moment(day // DAY * DAY), _EXAMPLES)
    if not dated and name not in DAYS:
        for days in (0, -DAY, DAY):
            if first <= found + days <= last:
                return found + days
    return _inside(found, begin, first, last)


def _inside(at: int, column: int, first: int, last: int) -> int:
    if first // SECOND * SECOND <= at <= last + SECOND:
        return max(first, min(last, at))
    where = "before the first" if at < first else "after the last"
    edge = first if at < first else last
    raise NotATime(f"{stamp(at // SECOND * SECOND)} is {where} event, {stamp(edge)}", column)
