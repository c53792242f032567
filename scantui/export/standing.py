"""How far a chosen source can be taken for the one who sent the packets: what an accusation or a shared indicator rests on."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from scantui.detect.scan import Kind, Scan, Verdict
from scantui.explain.origin import LIKELY, PROVEN, SPOOFABLE
from scantui.export.handover import Handover
from scantui.export.report import weightiest_first

# At most so sure that an address is the sender's, in percent: a matter of judgement. Only a finished handshake shows that
# packets to the address arrive at who sent them; of decoys all but one are innocent.
_MOST = {PROVEN: 95, LIKELY: 85, SPOOFABLE: 40}
_DECOY = 15


@dataclass(frozen=True, slots=True)
class Standing:
    """`scans`: those that speak against it, weightiest first. `grade` is proven, likely or spoofable, and `why` a sentence.
    `excused`: why it is not to be accused at all, "" when nothing excuses it."""

    code: int
    address: str
    scans: tuple[Scan, ...]
    grade: str
    why: str
    decoy: bool
    excused: str

    @property
    def unproven(self) -> bool:
        return self.grade == SPOOFABLE or self.decoy

    def sureness(self, scan: Scan) -> int:
        """How sure it is that this address scanned: 0 to 100, from the scan's score and what is known of the sender."""
        return min(sureness(scan), _DECOY if self.decoy else _MOST[self.grade])


def sureness(scan: Scan) -> int:
    """How sure it is that this was a scan, whoever sent it: the score's probability in percent, never certain."""
    return max(1, min(99, round(100 / (1 + exp(-max(-50.0, min(50.0, scan.score)))))))


def standings(handover: Handover) -> tuple[Standing, ...]:
    """Of each chosen source, in their order."""
    return tuple(_standing(handover, code) for code in handover.marks)


def _standing(handover: Handover, code: int) -> Standing:
    snapshot, mark = handover.snapshot, handover.marks[code]
    mine = sorted((scan for scan in snapshot.scans if code in scan.sources), key=weightiest_first)
    hostile = tuple(scan for scan in mine if scan.verdict is not Verdict.BENIGN)
    decoy = any(group.relation == "decoy" and code in group.sources for group in snapshot.clusters)
    grade, why = _grade(handover, code)
    if mark.verdict in ("mine", "benign"):
        excused = f"you marked it as {mark.verdict}"
    elif any(scan.kind is Kind.BACKSCATTER for scan in mine) and not hostile:
        excused = "it answers packets that someone sent in your name: a victim"
    elif not mine:
        excused = "it was not judged a scan"
    elif not hostile:
        excused = "it was judged benign"
    else:
        excused = ""
    return Standing(code, snapshot.address(code), hostile, grade, why, decoy, excused)


def _grade(handover: Handover, code: int) -> tuple[str, str]:
    """What the explanation says of the sender; without one, nothing is proven."""
    dossier = handover.dossiers.get(code)
    for text in dossier.why.origin if dossier is not None and dossier.why is not None else ():
        for grade in (PROVEN, LIKELY, SPOOFABLE):
            if text.startswith(f"source {grade}: "):
                return grade, text.removeprefix(f"source {grade}: ")
    return SPOOFABLE, "nothing in the log shows who sent it"
