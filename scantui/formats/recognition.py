"""Recognition: which format the lines of an input are, how sure that is, and who else could have read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from scantui.columns.lines import Lines
from scantui.columns.search import first_of
from scantui.formats.base import Format
from scantui.formats.registry import ANYONES

_LOOK_AT = 200  # lines
_FIRST = 8  # of these, by which it is guessed who is to be asked first
_TRIED = 20  # lines of the format that others are tried on
_HALF = 0.5  # of these lines, from which another format counts as one that reads them


@dataclass(frozen=True, slots=True)
class Recognition:
    """The format that claims the most of the lines looked at, None when none claims any; `rivals` read them too."""

    format: Format | None
    looked: int = 0
    claimed: int = 0
    rivals: tuple[str, ...] = ()


def recognise(lines: Lines, formats: Sequence[Format]) -> Recognition:
    """By the first lines, or where none is anyone's, by those that hold what a format's lines hold."""
    texts = [lines.text(row) for row in range(min(len(lines), _LOOK_AT))]
    together = b"\n".join(texts)
    found = _elect(
        formats, lambda form: texts if form.headers is not None or form.holds in together else [], texts[:_FIRST]
    )
    return found if found.format else _elect(formats, lambda form: _holding(lines, form))


def with_rivals(
    found: Recognition, lines: Lines, formats: Sequence[Format], reads: Callable[[Format, bytes], bool]
) -> Recognition:
    """With the formats that read half of the lines that it claims, too. A user's own format has none: it goes first knowingly."""
    form = found.format
    if form is None or form.own:
        return found
    claimed = (text for row in range(min(len(lines), _LOOK_AT)) if form.claims(text := lines.text(row)))
    texts = list(islice(claimed, _TRIED))
    together = b"\n".join(texts)
    rivals = tuple(
        other.name
        for other in formats
        if other is not form
        and other.name not in ANYONES
        and other.headers is None
        and other.holds in together
        and sum(other.claims(text) and reads(other, text) for text in texts) > _HALF * len(texts)
    )
    return Recognition(form, found.looked, found.claimed, rivals)


def _elect(
    formats: Sequence[Format], ballot: Callable[[Format], list[bytes]], first: Sequence[bytes] = ()
) -> Recognition:
    """The most claimed, the first of several; those that read anyone's lines are asked where no other claims any. `first` are
    of all ballots."""
    for anyones in (False, True):
        asked = [number for number, form in enumerate(formats) if (form.name in ANYONES) == anyones]
        promise = {number: sum(map(formats[number].claims, first)) for number in asked}
        best, looked, chosen = 0, 0, -1
        for number in sorted(asked, key=lambda number: -promise[number]):
            if best and best == looked and promise[number] < len(first):
                break  # who misses one of the first cannot claim all
            texts = ballot(formats[number])
            claimed = _claimed(formats[number], texts, best)
            if claimed > best or (claimed == best and number < chosen):
                best, looked, chosen = claimed, len(texts), number
        if best:
            return Recognition(formats[chosen], looked, best)
    return Recognition(None)


def _claimed(form: Format, texts: list[bytes], least: int) -> int:
    """How many of the texts the format claims; fewer than that where it cannot be `least`."""
    if not least:
        return sum(map(form.claims, texts))
    may_miss = len(texts) - least
    claimed = 0
    for number, text in enumerate(texts):
        claimed += form.claims(text)
        if number + 1 - claimed > may_miss:
            break
    return claimed


def _holding(lines: Lines, form: Format) -> list[bytes]:
    return [lines.text(row) for row in np.flatnonzero(first_of(lines, form.holds) >= 0)[:_LOOK_AT].tolist()]
