"""A filter's tree to the rows that pass: masks over a snapshot's columns. What the log did not say fits no comparison."""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.find.addresses import ADDRESS_CHARS, AddressColumn, Addresses
from scantui.find.facts import Facts, Mask
from scantui.find.fields import BY_NAME, VARIES, Form
from scantui.find.parser import parse
from scantui.find.tree import And, Compare, Node, Not, Or, Value, Word
from scantui.find.values import DAY, SECOND, Moments, Numbers, Pattern
from scantui.snapshot import Snapshot

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_SEARCHED = ("verdict", "kind", "flags", "cluster", "relation", "tool", "as", "known", "note", "mark")  # by a bare word
_VARIES = -1  # SourceTable.sport and .dport


class Filter:
    """A parsed filter. Raises FindError, which says what to write instead and where."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.node = parse(text)
        self.uses_marks = self.node is not None and any(_asks_marks(node) for node in _leaves(self.node))

    def __bool__(self) -> bool:
        return self.node is not None

    def mask(self, snapshot: Snapshot, facts: Facts) -> Mask:
        """The rows of the source table that pass."""
        if self.node is None:
            return np.ones(len(snapshot.sources), np.bool_)
        return passing(self.node, facts.see(snapshot))


def _leaves(node: Node) -> Iterator[Word | Compare]:
    if isinstance(node, Not):
        yield from _leaves(node.node)
    elif isinstance(node, And | Or):
        for part in node.nodes:
            yield from _leaves(part)
    else:
        yield node


def _asks_marks(node: Word | Compare) -> bool:
    return isinstance(node, Word) or node.field in ("mark", "note", "is")


def passing(node: Node, facts: Facts) -> Mask:
    """The rows that `node` lets through."""
    match node:
        case Not(inner):
            return ~passing(inner, facts)
        case And(nodes):
            return np.logical_and.reduce([passing(part, facts) for part in nodes])
        case Or(nodes):
            return np.logical_or.reduce([passing(part, facts) for part in nodes])
        case Word(value):
            return _word(value, facts)
        case Compare(field, sign, values):
            if sign == "!=":
                said = _known(field, facts)
                return said & ~_any([_test(field, ":", value, facts) for value in values])
            return _any([_test(field, sign, value, facts) for value in values])


def _any(masks: list[Mask]) -> Mask:
    return masks[0] if len(masks) == 1 else np.logical_or.reduce(masks)


def _word(value: Pattern | Addresses, facts: Facts) -> Mask:
    if isinstance(value, Addresses):
        return facts.sources().within(value)
    masks = [column.where(value.within) for name in _SEARCHED for column in facts.words(name)]
    if ADDRESS_CHARS.issuperset(value.text):
        masks.append(facts.sources().where(value))
    return _any(masks)


def _test(field: str, sign: str, value: Value, facts: Facts) -> Mask:
    """Rows whose `field` fits one value."""
    if isinstance(value, Numbers):
        if field == "port":
            return _ports(sign, value, facts)
        return _numbers(sign, value, *_column(field, facts))
    if isinstance(value, Moments):
        column = facts.snapshot.sources.first if field == "first" else facts.snapshot.sources.last
        return _moments(sign, value, column, facts.snapshot.status.now)
    if isinstance(value, Addresses):
        return _addresses(facts.sources(), value) if field == "src" else _targets(value, facts)
    if field == "is":
        return _any([facts.is_trait(name) for name in BY_NAME["is"].choices if value.equals(name)])
    holds = value.within if BY_NAME[field].loose else value.equals
    return _any([column.where(holds) for column in facts.words(field)])


def _known(field: str, facts: Facts) -> Mask:
    """Rows of which it was said what `field` is."""
    form = BY_NAME[field].form
    if field == "port":
        return facts.judged() | (facts.snapshot.sources.dport >= _VARIES)
    if field == "target":
        return facts.judged()
    if form is Form.NUMBER:
        values, said = _column(field, facts)
        return said | (values == _VARIES) if BY_NAME[field].choices else said
    if form is not Form.TEXT or field == "is":
        return np.ones(len(facts.snapshot.sources), np.bool_)
    return _any([column.said for column in facts.words(field)])


# Numbers ---------------------------------------------------------------------------------------------------------
def _column(field: str, facts: Facts) -> tuple[NDArray[Any], Mask]:
    """A NUMBER field's values, and where they are known."""
    rows = facts.snapshot.sources
    if field == "rate":
        seconds = np.maximum((rows.last - rows.first) / SECOND, 1.0)
        return rows.events / seconds, np.ones(len(rows), np.bool_)
    values: NDArray[Any] = facts.place("asn") if field == "asn" else getattr(rows, field)
    said = (
        np.isfinite(values) & facts.judged() if field == "score" else values >= (0 if field in ("sport", "asn") else -1)
    )
    return values, said


def _numbers(sign: str, wanted: Numbers, values: NDArray[Any], said: Mask) -> Mask:
    if wanted.text == VARIES:
        return np.asarray(values == _VARIES)
    if sign == ":":
        return said & (values >= wanted.low) & (values <= wanted.high)
    return said & _ORDER[sign](values, wanted.low)


def _ports(sign: str, wanted: Numbers, facts: Facts) -> Mask:
    """Rows that probed a port that fits: of their weightiest episode, or the one port of all their packets."""
    dport = facts.snapshot.sources.dport
    alone = _numbers(sign, wanted, dport, dport >= 0)
    if wanted.text == VARIES:
        return alone
    scans = facts.snapshot.scans
    hit = np.fromiter((_holds_port(sign, wanted, scan.port_list) for scan in scans), np.bool_, len(scans))
    return alone | facts.scans_where(hit)


def _holds_port(sign: str, wanted: Numbers, ports: tuple[int, ...]) -> bool:
    """Whether one of these ascending ports fits."""
    if sign == ":":
        return bisect_left(ports, wanted.low) < bisect_right(ports, wanted.high)
    return bool(ports) and bool(_ORDER[sign](ports[-1 if sign[0] == ">" else 0], wanted.low))


# Times -----------------------------------------------------------------------------------------------------------
def _moments(sign: str, wanted: Moments, column: NDArray[np.int64], now: int) -> Mask:
    low = wanted.low
    start = low.start(now)
    if sign != ":":
        turned = _TURNED[sign] if low.form == "age" else sign  # less than five minutes ago is later than then
        if turned == "<=" and low.unit:
            return column < start + low.unit
        return np.asarray(_ORDER[turned](column, start))
    if low == wanted.high:
        return column >= start if low.form == "age" else (column >= start) & (column < start + low.unit)
    end = wanted.high.start(now)
    if end < start and low.form == wanted.high.form == "clock":  # 23:00..01:00
        start -= DAY
    (start, unit), (end, last_unit) = sorted(((start, low.unit), (end, wanted.high.unit)))
    return (column >= start) & (column < max(start + unit, end + last_unit, end + 1))


# Addresses -------------------------------------------------------------------------------------------------------
def _addresses(column: AddressColumn, wanted: Addresses) -> Mask:
    return column.within(wanted) if wanted.version else column.where(wanted.pattern)


def _targets(wanted: Addresses, facts: Facts) -> Mask:
    column, owner = facts.targets()
    met = np.bincount(owner[_addresses(column, wanted)], minlength=len(facts.snapshot.scans))
    return facts.scans_where(met.astype(np.bool_))
