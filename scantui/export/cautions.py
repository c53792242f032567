"""What to think of before sources are handed to another system: a block or a report can hit someone else than the sender."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scantui.detect.scan import Kind, Scan, Verdict
from scantui.snapshot import Mark, Snapshot

_MOST_NAMED = 3
# What a TCP stack sends to open a connection; only such a scan can end in a handshake that would show who sent it.
_OPENING = frozenset(("connect", "syn"))


def cautions(snapshot: Snapshot, marks: Mapping[int, Mark]) -> tuple[str, ...]:
    """Sentences, the gravest first; none when there is nothing to think of."""
    told = []
    for what, codes in _found(snapshot, marks):
        names = [snapshot.address(code) for code in codes]
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        told.append(f"{', '.join(names[:_MOST_NAMED])}{more}: {what}")
    return tuple(told)


def cautions_by_source(snapshot: Snapshot, marks: Mapping[int, Mark]) -> dict[int, tuple[str, ...]]:
    """The same without the names: what is to be thought of each of the sources of which there is something, the gravest first."""
    told: dict[int, tuple[str, ...]] = {}
    for what, codes in _found(snapshot, marks):
        for code in codes:
            told[code] = (*told.get(code, ()), what)
    return told


def _found(snapshot: Snapshot, marks: Mapping[int, Mark]) -> Iterator[tuple[str, list[int]]]:
    """What is to be thought of whom."""
    scans: dict[int, list[Scan]] = {code: [] for code in marks}
    for scan in snapshot.scans:
        for code in scan.sources:
            if code in scans:
                scans[code].append(scan)
    decoys = {code for group in snapshot.clusters if group.relation == "decoy" for code in group.sources}
    victims = {code for code in marks if any(scan.kind is Kind.BACKSCATTER for scan in scans[code])}
    benign = (c for c in marks if c not in victims and scans[c] and all(s.verdict is Verdict.BENIGN for s in scans[c]))
    loose = (c for c in marks if c not in decoys | victims and _forgeable(scans[c]))
    groups: tuple[tuple[str, Iterable[int]], ...] = (
        ("you said mine or benign", (code for code, mark in marks.items() if mark.verdict in ("mine", "benign"))),
        (
            "decoys: one of the group scans, the others are named so that you block them",
            (c for c in marks if c in decoys),
        ),
        ("backscatter: a victim of someone who forged your addresses", (c for c in marks if c in victims)),
        ("judged benign", benign),
        ("not judged a scan", (c for c in marks if not scans[c])),
        ("nothing shows who sent the packets; block for hours, not for good", loose),
    )
    for what, codes in groups:
        if found := list(codes):
            yield what, found


def _forgeable(scans: list[Scan]) -> bool:
    """Whether no scan of it is of a kind that can show who sent it."""
    hostile = [scan for scan in scans if scan.verdict is not Verdict.BENIGN]
    return bool(hostile) and not any(scan.proto == "tcp" and _OPENING.intersection(scan.techniques) for scan in hostile)
