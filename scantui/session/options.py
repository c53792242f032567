"""What a session is told, and what it reads from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from scantui.detect.knobs import Knobs
from scantui.explain.catalogue import Entry
from scantui.explain.place import Place
from scantui.explain.rules.ruleset import Ruleset
from scantui.export.handover import Wishes
from scantui.formats.registry import Formats
from scantui.ingest.block import Block, Source
from scantui.ingest.info import InputInfo

if TYPE_CHECKING:
    from scantui.places.desk import Desk
    from scantui.places.files import Files

DEFAULT_MEMORY = 512 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Options:
    """`memory`: bytes for events and touches. `zone` and `year`: of stamps that lack them. `knobs`: how to judge.
    `own`: the user's catalogue of patterns. `place`: what is known of an address besides the log; `desk`: where look-ups may
    be asked for, None when they may not; `files`: what the source table's columns of places are made from.
    `rules`: the user's, tried on the selected source. `formats`: what inputs are read by. `notices`: what a person should hear of
    once. `since`, `until`: microseconds UTC; events outside are left out. `wishes`: how exports are made."""

    memory: int = DEFAULT_MEMORY
    zone: tzinfo | None = None
    year: int | None = None
    knobs: Knobs = field(default_factory=Knobs)
    own: tuple[Entry, ...] = ()
    rules: Ruleset | None = None
    place: Callable[[str], Place] = Place
    desk: Desk | None = None
    files: Files | None = None
    formats: Formats = field(default_factory=Formats)
    notices: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    wishes: Wishes = field(default_factory=Wishes)


class Feed(Protocol):
    """Where blocks come from: followed files, or a replay."""

    def poll(self, most_bytes: int | None = None) -> Iterator[Block]:
        """What is readable now; never waits."""

    @property
    def backlog(self) -> bool:
        """Whether the last poll left something readable."""

    @property
    def finished(self) -> bool:
        """Whether nothing will ever come again."""

    def wait(self, seconds: float) -> None:
        """Sleep until the next poll is worth it, at most so long."""

    def wake(self) -> None:
        """End a wait at once; from any thread."""

    def sources(self) -> Mapping[int, Source]:
        """Every source met, by id."""

    def fetch(self, source_id: int, offset: int, length: int) -> bytes | None:
        """A raw line again; None when it is no longer to be had."""

    def inputs(self) -> tuple[InputInfo, ...]:
        """How the inputs are doing."""

    def close(self) -> None:
        """Give everything back."""
