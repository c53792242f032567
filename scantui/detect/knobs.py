"""What an operator may turn: how sure a verdict must be, who may scan, and which networks are home."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from scantui.detect import weights as w
from scantui.detect.allow import Allowed, Network


class Sensitivity(Enum):
    """How much evidence makes a scan: odds of about 50 to 1, 7 to 1, or even odds."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


_SCAN_FROM = {Sensitivity.LOW: 4.0, Sensitivity.NORMAL: w.SCAN, Sensitivity.HIGH: w.SUSPECT}


@dataclass(frozen=True, slots=True)
class Knobs:
    """`home` empty: guessed from the log."""

    sensitivity: Sensitivity = Sensitivity.NORMAL
    allowed: tuple[Allowed, ...] = ()
    home: tuple[Network, ...] = ()

    @property
    def scan_from(self) -> float:
        """The score from which an episode is a scan."""
        return _SCAN_FROM[self.sensitivity]
