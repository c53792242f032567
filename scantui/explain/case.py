"""A case: what the stories behind an episode may look at; and a story."""

from __future__ import annotations

from dataclasses import dataclass

from scantui.detect.scan import Cluster, Scan
from scantui.events import Events
from scantui.explain.coverage import Coverage
from scantui.explain.observation import Observation


@dataclass(frozen=True, slots=True)
class Story:
    """One explanation: `grade` is likely, possible or unlikely."""

    title: str
    grade: str
    text: str
    rests_on: str
    overturned_by: str


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """`named`: the tool, "" when none is; `grade`: how sure the source is; `during`: the episode's packets in time order."""

    scan: Scan
    address: str
    cluster: Cluster | None
    named: str
    grade: str
    seen: dict[str, Observation]
    through: int
    during: Events
    covers: Coverage | None = None
    alike: str = ""  # how much of it was made alike, where not all was

    @property
    def relation(self) -> str:
        """Of its cluster, "" when it is alone."""
        return self.cluster.relation if self.cluster is not None else ""

    def shows(self, field: str, value: str) -> bool:
        """Whether a field was seen to do this."""
        return field in self.seen and self.seen[field].value == value
