"""What could stand where the cursor is: fields, and the values that the snapshot at hand holds, most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scantui.find.facts import Facts
from scantui.find.fields import BY_NAME, FIELDS, Field, Form
from scantui.find.terms import split
from scantui.find.tokens import Kind, tokens

_TOP = 200  # rows of the ranking whose addresses are offered
_NEEDS_QUOTES = frozenset(' ,()"\t')


@dataclass(frozen=True, slots=True)
class Completion:
    """Any of `choices` can replace characters `at` to `end`; each with the number of sources it holds for, -1 unknown.
    `about` says what the field is."""

    at: int
    end: int
    choices: tuple[tuple[str, int], ...] = ()
    about: str = ""

    def applied(self, text: str, number: int = 0) -> tuple[str, int]:
        """The text with a choice taken, and where the cursor then is."""
        taken = self.choices[number][0]
        return text[: self.at] + taken + text[self.end :], self.at + len(taken)


def complete(text: str, cursor: int, facts: Facts) -> Completion:
    """What could stand at `cursor`."""
    before = text[:cursor]
    at = _term_start(before)
    word = before[at:]
    parts = split(word)
    if parts is None:
        return Completion(at, cursor, tuple(_names(word.lower())))
    name, sign, begin = parts
    field = BY_NAME.get(name.lower())
    if field is None:
        return Completion(at, cursor)
    at += begin + _last_comma(word[begin:])
    prefix = before[at:cursor].removeprefix('"').lower()
    found = [] if sign[0] in "<>" else _values(field, prefix, facts)
    return Completion(at, cursor, tuple((_quoted(value), count) for value, count in found), field.about)


def _term_start(before: str) -> int:
    """Where the term that ends at the end of `before` begins."""
    closed = before + '"' if before.count('"') % 2 else before
    last = max((token for token in tokens(closed) if token.kind is not Kind.END), key=lambda t: t.end, default=None)
    inside = last is not None and last.end >= len(before) and last.kind not in (Kind.OPEN, Kind.CLOSE)
    return last.at if last is not None and inside and last.text not in ("!", "-") else len(before)


def _last_comma(values: str) -> int:
    """Where the value after the last comma outside quotes begins."""
    begin, quoted = 0, False
    for i, char in enumerate(values):
        quoted ^= char == '"'
        if char == "," and not quoted:
            begin = i + 1
    return begin


def _quoted(value: str) -> str:
    return f'"{value}"' if _NEEDS_QUOTES & set(value) else value


def _names(prefix: str) -> Iterable[tuple[str, int]]:
    """Fields whose name or other name begins so, with the sign that mostly follows."""
    for field in FIELDS:
        if field.name.startswith(prefix) or (prefix and any(name.startswith(prefix) for name in field.also)):
            ordered = field.form is Form.MOMENT or (field.form is Form.NUMBER and not field.choices and not field.names)
            yield field.name + (">" if ordered else ":"), -1
    if prefix:
        yield from ((word, -1) for word in ("and", "or", "not", "marked") if word.startswith(prefix) and word != prefix)


def _values(field: Field, prefix: str, facts: Facts) -> list[tuple[str, int]]:
    if field.form is Form.ADDRESS:
        return [(text, -1) for text in _addresses(facts) if text.startswith(prefix)] if field.name == "src" else []
    if field.names:
        return [(word, count) for word, count in _numbers(facts) if word.startswith(prefix)]
    if field.form is not Form.TEXT:
        return [(word, -1) for word in field.choices if word.startswith(prefix)]
    if field.name == "note":
        return []
    counts = _present(field, facts)
    if field.choices:
        counts = Counter({word: counts[word] for word in field.choices})
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    begins = [(word, count) for word, count in ranked if word.startswith(prefix)]
    inside = [(word, count) for word, count in ranked if field.loose and word.find(prefix) > 0]
    return begins + inside


def _numbers(facts: Facts) -> list[tuple[str, int]]:
    """The autonomous systems that rows are of, most frequent first."""
    values = facts.place("asn")
    found, counts = np.unique(values[values >= 0], return_counts=True)
    return [(str(found[i]), int(counts[i])) for i in np.argsort(-counts, kind="stable").tolist()]


def _present(field: Field, facts: Facts) -> Counter[str]:
    """The words that rows have, and how many rows have each."""
    counts: Counter[str] = Counter()
    if field.name == "is":
        for name in field.choices:
            counts[name] = int(np.count_nonzero(facts.is_trait(name)))
        return counts
    columns = facts.words(field.name)
    together = np.zeros(len(facts.snapshot.sources), np.int64)
    for column in columns:
        together = together * len(column.words) + column.codes
    _, rows, times = np.unique(together, return_index=True, return_counts=True)
    for row, count in zip(rows.tolist(), times.tolist(), strict=True):
        entry = {word for column in columns for word in column.words[column.codes[row]]}
        for word in {word.partition(":")[0] for word in entry} if field.name == "evidence" else entry:
            counts[word] += count
    return counts


def _addresses(facts: Facts) -> list[str]:
    rows = facts.snapshot.sources
    return facts.snapshot.tables.addresses.texts(rows.code[rows.order[:_TOP]])
