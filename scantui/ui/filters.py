"""The source table's filter: words that must all hold, evaluated on columns.

A word is text (in the address, kind, technique, verdict or cluster), `!word` (must not hold), a network `10.0.0.0/8`,
a comparison `ports>100` (also targets, events, score), `port=22`, `sport=53`, or `marked`.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Scan
from scantui.events import flag_text
from scantui.snapshot import VERDICT_NAMES, Snapshot
from scantui.tables import HANDLES_FROM

Mask = NDArray[np.bool_]
Test = Callable[[Snapshot, "Texts"], Mask]

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge, "<=": operator.le, "!=": operator.ne, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip
_COLUMNS = ("ports", "targets", "events", "score")
_COMPARISON = re.compile(r"(\w+)(>=|<=|!=|>|<|=)(.*)")
_ADDRESS_CHARS = frozenset("0123456789abcdef.:")
_FLAG_SETS = 512  # nine flag bits


class Texts:
    """Address texts, kept between snapshots: only new sources are turned into text."""

    def __init__(self) -> None:
        self._codes: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._texts: NDArray[Any] = np.zeros(0, object)

    def addresses(self, snapshot: Snapshot) -> NDArray[Any]:
        """One text a row of the source table."""
        codes = snapshot.sources.code
        if codes is self._codes:
            return self._texts
        texts = np.empty(len(codes), object)
        known = np.zeros(len(codes), np.bool_)
        if len(self._codes):
            at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
            known = self._codes[at] == codes
            texts[known] = self._texts[at[known]]
        fresh = np.flatnonzero(~known)
        texts[fresh] = snapshot.tables.addresses.texts(codes[fresh])
        self._codes, self._texts = codes, texts
        return texts


def _of_scans(snapshot: Snapshot, holds: Callable[[Scan], bool]) -> Mask:
    """Rows whose weightiest episode `holds`."""
    of_scan = np.fromiter((holds(scan) for scan in snapshot.scans), np.bool_, len(snapshot.scans))
    index = snapshot.sources.scan
    mask = np.zeros(len(index), np.bool_)
    mask[index >= 0] = of_scan[index[index >= 0]]
    return mask


def _word(word: str) -> Test:
    def test(snapshot: Snapshot, texts: Texts) -> Mask:
        rows = snapshot.sources
        verdicts = np.array([word in name for name in VERDICT_NAMES])
        mask: Mask = verdicts[np.minimum(rows.verdict, len(VERDICT_NAMES) - 1)]
        sets = np.array([word in flag_text(flags).lower() for flags in range(_FLAG_SETS)])
        mask = mask | ((rows.flags >= 0) & sets[np.clip(rows.flags, 0, _FLAG_SETS - 1)])
        mask |= _of_scans(snapshot, lambda s: any(word in t for t in (s.kind.value, *s.techniques, s.cluster or "")))
        if _ADDRESS_CHARS.issuperset(word):
            mask |= np.fromiter((word in text for text in texts.addresses(snapshot)), np.bool_, len(rows))
        return mask

    return test


def _network(word: str) -> Test:
    try:
        network = ipaddress.ip_network(word, strict=False)
    except ValueError as error:
        raise ValueError(f"'{word}' is not a network: write 198.51.100.0/24 or 2001:db8::/32") from error

    def test(snapshot: Snapshot, _: Texts) -> Mask:
        codes = snapshot.sources.code
        low, high = int(network.network_address), int(network.broadcast_address)
        mask = np.zeros(len(codes), np.bool_)
        if network.version == 4:  # an IPv4 address below 240.0.0.0 is its own code
            mask = (codes >= low) & (codes <= min(high, HANDLES_FROM - 1))
        size = 4 if network.version == 4 else 16
        for row in np.flatnonzero(codes >= HANDLES_FROM).tolist():
            packed = snapshot.tables.addresses.packed(int(codes[row]))
            mask[row] = len(packed) == size and low <= int.from_bytes(packed, "big") <= high
        return mask

    return test


def _comparison(word: str, name: str, sign: str, value: str) -> Test:
    compare = _COMPARE[sign]
    try:
        number = float(value)
    except ValueError as error:
        raise ValueError(f"'{word}': a number must follow {sign}") from error
    if name in _COLUMNS:
        return lambda snapshot, _: np.asarray(compare(getattr(snapshot.sources, name), number))
    if name == "sport":
        return lambda snapshot, _: np.asarray((snapshot.sources.sport >= 0) & compare(snapshot.sources.sport, number))
    if name == "port" and sign == "=":
        return lambda snapshot, _: _of_scans(snapshot, lambda scan: int(number) in scan.port_list)
    raise ValueError(f"'{word}': compare {', '.join(_COLUMNS)} or sport, or write port=22")


def _term(word: str) -> Test:
    if word == "marked":
        return lambda snapshot, _: np.isin(snapshot.sources.code, np.array(list(snapshot.marks), np.uint32))
    if match := _COMPARISON.fullmatch(word):
        return _comparison(word, *match.groups())
    return _network(word) if "/" in word else _word(word)


class Filter:
    """A compiled filter. Raises ValueError with one line that says what to write instead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._terms: list[tuple[Test, bool]] = []
        for word in text.lower().split():
            negated = word.startswith("!") and len(word) > 1
            self._terms.append((_term(word[1:] if negated else word), negated))
        self.uses_marks = "marked" in text.lower()

    def __bool__(self) -> bool:
        return bool(self._terms)

    def mask(self, snapshot: Snapshot, texts: Texts) -> Mask:
        """The rows of the source table that pass."""
        mask = np.ones(len(snapshot.sources), np.bool_)
        for test, negated in self._terms:
            mask &= ~test(snapshot, texts) if negated else test(snapshot, texts)
        return mask
