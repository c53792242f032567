"""What is handed to another system: the sources that were chosen, all that is known of them, and how it was wished for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import Flag, auto

from scantui.events import Events
from scantui.snapshot import Detail, Mark, Snapshot

FIRST_SID = 1_000_001  # Snort and Suricata leave 1,000,000 and up to local rules


class Needs(Flag):
    """What a kind of export needs besides the picture and the marks."""

    PICTURE = 0
    DOSSIERS = auto()  # a detail for each source: episodes, explanation, log lines
    EVENTS = auto()  # the events themselves


@dataclass(frozen=True, slots=True)
class Wishes:
    """How it was asked for. Texts are the user's own, and may hold anything all the same."""

    force: bool = False  # own, allow-listed and private addresses too
    hours: int = 24  # how long a block is to hold; 0 is for good
    aggregate: bool = False  # networks (/24, /64) in place of addresses where a network has several
    sid: int = FIRST_SID
    reporter: str = ""  # who writes: a name
    organisation: str = ""
    contact: str = ""  # an address for answers
    excerpt: int = 20  # log lines that are quoted of a source
    where: tzinfo = UTC  # zone of times that people read


@dataclass(frozen=True, slots=True)
class Handover:
    """`marks`: the chosen sources in order, each with its mark (a bare one where there is none). `dossiers` and `events` are
    there when the kind needs them; `events` are all that are held of the chosen, in order of time, notices included."""

    snapshot: Snapshot
    marks: Mapping[int, Mark]
    made_at: int = 0  # microseconds UTC, the wall clock's
    wishes: Wishes = Wishes()
    home: tuple[str, ...] = ()  # the site's own networks
    home_guessed: bool = False
    dossiers: Mapping[int, Detail] = field(default_factory=dict)
    events: Events | None = None
    paths: Mapping[int, str] = field(default_factory=dict)  # of the inputs, by `Events.source`; harmless


Render = Callable[[Handover], Iterable[str | bytes]]


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file. `suffix` has its dot; `description` is one line for a menu. `acts`: what reads it may block or accuse
    someone, so that own, allow-listed and private addresses are refused (guard.py). `render` raises ValueError that says what
    to do where there is nothing to write."""

    name: str
    suffix: str
    description: str
    render: Render
    needs: Needs = Needs.PICTURE
    acts: bool = False
