"""What the screen and the exports see: frozen pictures of the session. Nothing in here changes once it is made.

Big tables are numpy columns (read-only by convention), one row a source, so that 100,000 sources cost no Python objects;
a widget turns only its visible rows into text. All text in a snapshot is already harmless to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.detect.allow import Allowed
from scantui.detect.scan import Cluster, Evidence, Scan
from scantui.explain.attribution import Attribution
from scantui.explain.explanation import Explanation
from scantui.explain.place import Place
from scantui.explain.rules.trial import Outcome
from scantui.looks import Burst, Cell, Look, Matrix, PortMap, Timeline
from scantui.tables import Tables

JUDGEMENTS = ("", "scan", "benign", "mine", "watch")  # what an analyst may say of a source
VERDICT_NAMES = ("", "benign", "suspect", "scan")  # SourceTable.verdict indexes this; "" is "too little to judge"


RATE_SPANS = 12


@dataclass(frozen=True, slots=True)
class Rates:
    """Events of each source in RATE_SPANS equal spans of time, oldest first; the newest event lies in the last."""

    counts: NDArray[np.uint16]  # (sources, RATE_SPANS); 65,535 is that many or more
    bucket: int  # microseconds a span
    until: int  # microseconds UTC: right edge of the last span


def no_rates() -> Rates:
    """Rates of no source."""
    return Rates(np.zeros((0, RATE_SPANS), np.uint16), 1_000_000, 0)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One row a source, in the order of `code` (ascending); `order` ranks the rows, most interesting first."""

    code: NDArray[np.uint32]  # address code
    events: NDArray[np.int64]
    ports: NDArray[np.int64]  # distinct destination ports
    targets: NDArray[np.int64]  # distinct destination hosts
    first: NDArray[np.int64]  # microseconds UTC
    last: NDArray[np.int64]
    sport: NDArray[np.int32]  # the one source port, -1 varies, -2 not said
    flags: NDArray[np.int32]  # the one TCP flag set, -1 varies, -2 not said
    dport: NDArray[np.int32]  # the one destination port, -1 varies, -2 not said
    proto: NDArray[np.int32]  # the one protocol (events.Proto), -1 varies, -2 not said
    verdict: NDArray[np.uint8]  # index into VERDICT_NAMES
    score: NDArray[np.float32]
    scan: NDArray[np.int32]  # index into Snapshot.scans of its weightiest episode, -1 none
    order: NDArray[np.int64]
    rates: Rates = field(default_factory=no_rates)  # one row a source, or no rows when they were not counted

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What the user's databases and lists say of sources: one row a source, in the order of `code` (ascending). A source
    without a row was not looked at yet. Texts are numbers into `words`, of which 0 is "not said"."""

    code: NDArray[np.uint32]  # address code
    country: NDArray[np.int32]  # ISO 3166 code, or its name
    asn: NDArray[np.int64]  # autonomous system number, -1 not said
    holder: NDArray[np.int32]  # number and name of the autonomous system, or the organisation alone
    scope: NDArray[np.int32]  # what an address is that is no public one: "private", "documentation"
    known: NDArray[np.int32]  # names of the lists' lines that hold it
    words: tuple[tuple[str, ...], ...]
    tells: frozenset[str]  # which of "country", "as" and "known" the files given could tell

    def rows(self, codes: NDArray[np.uint32]) -> NDArray[np.intp]:
        """The row of each source, -1 of one that was not looked at."""
        return rows_of(self.code, codes)


def rows_of(table: NDArray[np.uint32], codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Where each code is in an ascending table, -1 where it is not."""
    if not len(table):
        return np.full(len(codes), -1, np.intp)
    at = np.minimum(np.searchsorted(table, codes), len(table) - 1)
    return np.where(table[at] == codes, at, -1)


def no_places() -> Places:
    """Places of no source, by no file."""
    none: dict[str, Any] = {name: np.zeros(0, dtype) for name, dtype in PLACE_DTYPES.items()}
    return Places(**none, words=((),), tells=frozenset())


PLACE_DTYPES: dict[str, type[np.generic]] = {
    "code": np.uint32,
    "country": np.int32,
    "asn": np.int64,
    "holder": np.int32,
    "scope": np.int32,
    "known": np.int32,
}


# Widths a heatmap column can have, microseconds: 1 s to 1 day.
_HEAT_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
HEAT_BUCKETS = tuple(seconds * 1_000_000 for seconds in _HEAT_SECONDS)


@dataclass(frozen=True, slots=True)
class Heat:
    """Per-port activity over time: rows are port bins, columns are time buckets, newest last.

    `pairs[r, c]` is the number of distinct (source, port) pairs seen in bin r during bucket c; `packets` the rows.
    A bin with low == high is one watched port. `low` == -1 is everything without a port (ICMP, fragments, protocols).
    """

    low: NDArray[np.int32]
    high: NDArray[np.int32]
    names: tuple[str, ...]  # "22 ssh", "1024-4095", "no port"
    start: int  # microseconds UTC of the first column's left edge
    bucket: int  # microseconds a column
    pairs: NDArray[np.int64]
    packets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RawLine:
    """One log line as evidence, harmless to show; `code` is of who sent it, where lines of several stand together."""

    ts: int
    path: str
    offset: int
    text: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What a source did, in equal spans of `width` microseconds from `start` on. Dots are (span, value, events) rows
    in order of time, one a span and value; a target's value is its address code."""

    start: int
    width: int
    events: NDArray[np.int64]
    port_dots: NDArray[np.int64]
    target_dots: NDArray[np.int64]
    quiet_from: int  # the longest silence: when it began, microseconds UTC,
    quiet: int  # and how long it was, microseconds
    by_order: bool = False  # spans are of the events in their order: their stamps are too few to tell a course


@dataclass(frozen=True, slots=True)
class Detail:
    """One source in full, made when the screen asks for it."""

    code: int
    address: str
    pattern: tuple[tuple[str, str], ...]  # (field, what it does), in reading order
    episodes: tuple[Scan, ...]  # newest first
    evidence: tuple[Evidence, ...]  # of the episode shown
    first: int
    last: int
    events: int
    ports_text: str
    targets: tuple[str, ...]  # addresses with counts, most probed first
    timeline: tuple[int, ...]  # rows in 60 equal spans from first to last
    raw: tuple[RawLine, ...]
    cluster: Cluster | None = None
    why: Explanation | None = None  # of the episode shown
    raw_of: int = 0  # lines that `raw` is the first and last of
    episode: int = 0  # which of `episodes` pattern, evidence and explanation are of
    course: Course | None = None
    rules: Outcome | None = None  # the user's rules and drafts on the weightiest episode, or on all events without one
    place: Place | None = None  # what is known of the address besides the log


@dataclass(frozen=True, slots=True)
class FoundLines:
    """Log lines of a source (no `code`: of all) that hold a text, newest first, while they are looked through and when that is
    done.

    `lines` are the newest `MOST_FOUND` of `found`. `looked` of `held` lines were looked through; `gone` of them can no longer be
    read."""

    code: int | None
    text: str
    held: int = 0
    looked: int = 0
    found: int = 0
    gone: int = 0
    lines: tuple[RawLine, ...] = ()


MOST_FOUND = 1000


@dataclass(frozen=True, slots=True)
class FormatShare:
    """What one format read of an input."""

    name: str
    lines: int
    cannot_tell: tuple[str, ...]  # what of a packet it never tells


@dataclass(frozen=True, slots=True)
class InputStatus:
    """One followed input."""

    path: str
    state: str  # ingest's InputState value
    format: str  # "" until recognised
    lines: int
    events: int
    unread: int
    samples: tuple[str, ...]  # a few unread lines
    error: str = ""
    done: int = 0  # bytes on disk that were read, packed ones as they are
    left: int = 0  # bytes on disk that are yet to be
    formats: tuple[FormatShare, ...] = ()  # most lines first
    recognised: str = ""  # what the format was recognised by, or that it was given
    doubt: str = ""  # why the format may be the wrong one
    lag: float | None = (
        None  # seconds between its newest event's time and its arrival; None when not live or not sensible
    )


@dataclass(frozen=True, slots=True)
class Status:
    """The status bar's facts."""

    paused: bool
    held: int  # events that came since the pause, or that happened after `at`
    events: int
    lines: int
    unread: int
    sources: int
    rate: float  # events a second over the last seconds of arrival
    lag: float | None  # seconds between the newest event's time and its arrival; None when not live or not sensible
    inputs: tuple[InputStatus, ...]
    evicted: int  # touches dropped for the memory budget
    folded: int  # events folded into touches
    memory: int  # bytes the store holds
    budget: int
    now: int  # microseconds UTC: time of the newest event, 0 when none
    backlog: bool = False  # history is still being read
    failure: str = ""  # what ended the reading, if anything did
    judging: tuple[str, ...] = ()  # how it is judged, a sentence each: home networks, sensitivity, what that holds back
    at: int | None = None  # microseconds UTC: the past moment that this is the picture of; None is now
    first: int = 0  # microseconds UTC: time of the oldest event, 0 when none
    ended: bool = False  # all inputs are at an end, and what they held was judged as a whole
    provisional: bool = False  # the verdicts of this past moment are still being worked out


@dataclass(frozen=True, slots=True)
class Mark:
    """An analyst's mark on a source. `verdict` is theirs: one of JUDGEMENTS; "" is a mark without one."""

    code: int
    note: str = ""
    at: int = 0  # microseconds UTC, wall clock
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class AllowedEntry:
    """One entry of the allow-list in force. `own`: made on the screen, so that it can be taken off there."""

    entry: Allowed
    own: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything there is to see at one moment. `seq` grows by one a snapshot."""

    seq: int
    tables: Tables
    sources: SourceTable
    scans: tuple[Scan, ...]
    clusters: tuple[Cluster, ...]
    heat: Heat
    status: Status
    marks: dict[int, Mark] = field(default_factory=dict)
    detail: Detail | None = None
    tools: Mapping[str, Attribution] = field(default_factory=dict)  # by scan id; of a live run those found so far
    places: Places = field(default_factory=no_places)  # of a live run those found so far
    cannot_see: tuple[str, ...] = ()  # what the log can never show; of a finished run only
    look: Look = field(default_factory=Look)  # the wish that this picture answers
    timeline: Timeline | None = None  # of the whole run, whatever moment is looked at
    cell: Cell | None = None
    burst: Burst | None = None
    portmap: PortMap | None = None
    found: FoundLines | None = None  # the log lines last looked for
    matrix: Matrix | None = None
    allowed: tuple[AllowedEntry, ...] = ()
    notices: tuple[str, ...] = ()  # what a person should hear of once, oldest first; only ever grows

    def address(self, code: int) -> str:
        return self.tables.addresses.text(code)


def empty_sources() -> SourceTable:
    """A table without rows."""
    none: dict[str, Any] = {name: np.zeros(0, dtype) for name, dtype in SOURCE_DTYPES.items()}
    return SourceTable(**none)


SOURCE_DTYPES: dict[str, type[np.generic]] = {
    "code": np.uint32,
    "events": np.int64,
    "ports": np.int64,
    "targets": np.int64,
    "first": np.int64,
    "last": np.int64,
    "sport": np.int32,
    "flags": np.int32,
    "dport": np.int32,
    "proto": np.int32,
    "verdict": np.uint8,
    "score": np.float32,
    "scan": np.int32,
    "order": np.int64,
}
