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
    return tuple(_cautions(snapshot, marks))


def _cautions(snapshot: Snapshot, marks: Mapping[int, Mark]) -> Iterator[str]:
    scans: dict[int, list[Scan]] = {code: [] for code in marks}
    for scan in snapshot.scans:
        for code in scan.sources:
            if code in scans:
                scans[code].append(scan)

    def told(codes: Iterable[int], what: str) -> Iterator[str]:
        names = [snapshot.address(code) for code in codes]
        if names:
            more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
            yield f"{', '.join(names[:_MOST_NAMED])}{more}: {what}"

    yield from told((c for c, m in marks.items() if m.verdict in ("mine", "benign")), "you said mine or benign")
    decoys = {code for group in snapshot.clusters if group.relation == "decoy" for code in group.sources}
    yield from told(
        (c for c in marks if c in decoys), "decoys: one of the group scans, the others are named so that you block them"
    )
    victims = {code for code in marks if any(scan.kind is Kind.BACKSCATTER for scan in scans[code])}
    yield from told((c for c in marks if c in victims), "backscatter: a victim of someone who forged your addresses")
    benign = (c for c in marks if c not in victims and scans[c] and all(s.verdict is Verdict.BENIGN for s in scans[c]))
    yield from told(benign, "judged benign")
    yield from told((c for c in marks if not scans[c]), "not judged a scan")
    loose = (c for c in marks if c not in decoys | victims and _forgeable(scans[c]))
    yield from told(loose, "nothing shows that these addresses sent the packets; block for hours, not for good")


def _forgeable(scans: list[Scan]) -> bool:
    """Whether no scan of it is of a kind that can show who sent it."""
    hostile = [scan for scan in scans if scan.verdict is not Verdict.BENIGN]
    return bool(hostile) and not any(scan.proto == "tcp" and _OPENING.intersection(scan.techniques) for scan in hostile)
