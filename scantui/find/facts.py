"""Columns of a snapshot as filters and sorts want them, each made when it is first asked for and kept for the next
snapshots as long as what it is made of stays the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Scan
from scantui.events import Proto, flag_text
from scantui.find.addresses import AddressColumn
from scantui.find.fields import MARKED, NONE
from scantui.snapshot import VERDICT_NAMES, Snapshot, rows_of

Mask = NDArray[np.bool_]
Words = tuple[str, ...]
T = TypeVar("T")
_FLAG_SETS = 512  # nine flag bits
_PLACED = {
    "country": ("country", "scope"),
    "as": ("holder",),
    "known": ("known",),
}  # columns of Places, the first that says


@dataclass(frozen=True, slots=True)
class Coded:
    """The words of every row (lower case) as an index into the distinct ones. Entry 0 is "not said": no words."""

    codes: NDArray[np.intp]
    words: tuple[Words, ...]

    def where(self, holds: Callable[[str], bool]) -> Mask:
        """Rows of which one word holds."""
        hit = np.fromiter((any(map(holds, entry)) for entry in self.words), np.bool_, len(self.words))
        return np.asarray(hit[self.codes])

    @property
    def said(self) -> Mask:
        return np.fromiter(map(bool, self.words), np.bool_, len(self.words))[self.codes]


def coded(entries: Iterable[Words]) -> tuple[NDArray[np.intp], tuple[Words, ...]]:
    """The distinct entries, () first, and each one's number among them."""
    number: dict[Words, int] = {(): 0}
    codes = [number.setdefault(entry, len(number)) for entry in entries]
    return np.array(codes, np.intp), tuple(number)


class Facts:
    """Asked about one snapshot after another (`see`)."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], Any]] = {}
        self._column: AddressColumn | None = None
        self.snapshot: Snapshot

    def see(self, snapshot: Snapshot) -> Facts:
        """Answer about this snapshot from now on."""
        self.snapshot = snapshot
        return self

    def _keep(self, name: str, made_of: tuple[Any, ...], make: Callable[[], T]) -> T:
        kept = self._kept.get(name)
        if kept is not None and all(a is b for a, b in zip(kept[0], made_of, strict=True)):
            return kept[1]
        made = make()
        self._kept[name] = made_of, made
        return made

    # Addresses ---------------------------------------------------------------------------------------------------
    def sources(self) -> AddressColumn:
        """The rows' addresses."""
        codes = self.snapshot.sources.code
        if self._column is None or (self._column.codes is not codes and not np.array_equal(self._column.codes, codes)):
            before, self._column = self._column, AddressColumn(codes, self.snapshot.tables.addresses)
            self._column.adopt(before)
        return self._column

    def targets(self) -> tuple[AddressColumn, NDArray[np.intp]]:
        """Addresses probed, and the scan that each is of."""

        def make() -> tuple[AddressColumn, NDArray[np.intp]]:
            lists = [scan.target_list for scan in self.snapshot.scans]
            flat = np.array([code for one in lists for code in one], np.uint32)
            owner = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
            return AddressColumn(flat, self.snapshot.tables.addresses), owner

        return self._keep("targets", (self.snapshot.scans,), make)

    # By scan -----------------------------------------------------------------------------------------------------
    def scans_where(self, holds: NDArray[np.bool_]) -> Mask:
        """Rows whose weightiest episode holds; `holds` is one value a scan."""
        return np.append(holds, False)[self._scan()]

    def _scan(self) -> NDArray[np.int32]:
        """Each row's index into the scans, or one past their end."""
        index, scans = self.snapshot.sources.scan, len(self.snapshot.scans)
        return np.where((index < 0) | (index >= scans), scans, index)

    def judged(self) -> Mask:
        """Rows that have an episode."""
        return np.asarray(self._scan() < len(self.snapshot.scans))

    def _of_scans(self, name: str, words: Callable[[Scan], Words], *also: object) -> Coded:
        scans = self.snapshot.scans
        codes, entries = self._keep(
            name, (scans, *also), lambda: coded([*(tuple(w.lower() for w in words(scan)) for scan in scans), ()])
        )
        return Coded(codes[self._scan()], entries)

    # Places ------------------------------------------------------------------------------------------------------
    def place(self, name: str) -> NDArray[Any]:
        """A column of `Snapshot.places`, one value a row; 0 (of `asn` -1) for rows that were not looked at."""
        rows, places = self.snapshot.sources.code, self.snapshot.places
        at = self._keep("places", (rows, places), lambda: places.rows(rows))
        nothing = -1 if name == "asn" else 0
        column: NDArray[Any] = getattr(places, name)
        return np.where(at >= 0, column[at], nothing) if len(column) else np.full(len(rows), nothing)

    def _placed(self, *names: str) -> Coded:
        """The words of the first of these columns of places that says anything."""
        codes = self.place(names[0])
        for name in names[1:]:
            codes = np.where(codes > 0, codes, self.place(name))
        words = self.snapshot.places.words
        lower = self._keep("place words", (words,), lambda: tuple(tuple(w.lower() for w in entry) for entry in words))
        return Coded(codes, lower)

    # Words of rows -----------------------------------------------------------------------------------------------
    def words(self, field: str) -> tuple[Coded, ...]:
        """The words that a TEXT field is held against; a row may have some in each of the answers."""
        snapshot = self.snapshot
        rows = snapshot.sources
        if field == "verdict":
            names = tuple((name or NONE,) for name in VERDICT_NAMES)
            return (Coded(np.minimum(rows.verdict, len(names) - 1).astype(np.intp) + 1, ((), *names)),)
        if field == "kind":
            return (self._of_scans(field, lambda scan: (scan.kind.value,)),)
        if field == "technique":
            named = self._of_scans(field, lambda scan: scan.techniques)
            return (named, self._flags(~named.said))
        if field == "flags":
            return (self._of_scans("technique", lambda scan: scan.techniques), self._flags())
        if field == "proto":
            return (
                self._protocols(),
                self._of_scans(field, lambda scan: _word("" if scan.proto == "unknown" else scan.proto)),
            )
        if field == "cluster":
            return (self._of_scans(field, lambda scan: (scan.cluster,) if scan.cluster else ()),)
        if field == "relation":
            relations = {one.id: one.relation for one in snapshot.clusters}
            return (self._of_scans(field, lambda scan: _word(relations.get(scan.cluster or "")), snapshot.clusters),)
        if field == "tool":
            return (self._of_scans(field, lambda scan: _word(tool_of(snapshot, scan)), snapshot.tools),)
        if field in _PLACED:
            return (self._placed(*_PLACED[field]),)
        if field == "evidence":
            return (self._of_scans(field, lambda scan: tuple(f"{e.name}: {e.text}" for e in scan.evidence)),)
        marks = snapshot.marks
        if field == "note":
            return (self._of_marks({code: _word(mark.note.lower()) for code, mark in marks.items()}),)
        assert field == "mark", field
        return (self._of_marks({code: (mark.verdict or MARKED,) for code, mark in marks.items()}),)

    def ranks(self, field: str) -> tuple[NDArray[np.int64], Mask]:
        """A number a row in the order of the first words that a TEXT field has, and where it has any."""
        columns = self.words(field)
        together = np.zeros(len(self.snapshot.sources), np.int64)
        for column in columns:
            together = together * len(column.words) + column.codes
        if len(columns) > 1:
            _, rows, together = np.unique(together, return_index=True, return_inverse=True)
            entries = [tuple(column.words[column.codes[row]] for column in columns) for row in rows.tolist()]
        else:
            entries = [(entry,) for entry in columns[0].words]
        first = [next((word for words in entry for word in words), "") for entry in entries]
        number = {word: rank for rank, word in enumerate(sorted(set(first)))}
        ranks = np.array([number[word] for word in first], np.int64)[together]
        return ranks, np.array([bool(word) for word in first], np.bool_)[together]

    def _flags(self, among: Mask | None = None) -> Coded:
        """The one flag set of a row's packets."""
        flags = self.snapshot.sources.flags
        said = flags >= 0 if among is None else (flags >= 0) & among
        words = ((), *((flag_text(bits).lower(),) for bits in range(_FLAG_SETS)))
        return Coded(np.where(said, np.clip(flags, 0, _FLAG_SETS - 1) + 1, 0), words)

    def _protocols(self) -> Coded:
        proto = self.snapshot.sources.proto
        words = tuple((one.name.lower(),) if one is not Proto.UNKNOWN else () for one in Proto)
        return Coded(np.where((proto > 0) & (proto < len(words)), proto, 0), words)

    def _of_marks(self, words: dict[int, Words]) -> Coded:
        codes, entries = coded(words.values())
        out = np.zeros(len(self.snapshot.sources), np.intp)
        if words:
            marked = np.fromiter(words, np.uint32, len(words))
            at = rows_of(self.snapshot.sources.code, marked)
            out[at[at >= 0]] = codes[at >= 0]
        return Coded(out, entries)

    def is_trait(self, name: str) -> Mask:
        """Rows that are `name`, one of fields.TRAITS."""
        if name == "marked":
            return np.isin(self.snapshot.sources.code, np.fromiter(self.snapshot.marks, np.uint32))
        if name == "noted":
            return self.words("note")[0].said
        if name == "clustered":
            return self.words("cluster")[0].said
        if name == "slow":
            scans = self.snapshot.scans
            return self.scans_where(np.fromiter((scan.slow for scan in scans), np.bool_, len(scans)))
        six = self.sources().is_six
        return six if name == "ipv6" else ~six


def _word(text: str | None) -> Words:
    return (text,) if text else ()


def tool_of(snapshot: Snapshot, scan: Scan) -> str:
    """The tool that the log tells of a scan; empty when it tells none, or was not asked."""
    told = snapshot.tools.get(scan.id)
    named = told.named if told is not None else None
    return named.name if named is not None else ""
