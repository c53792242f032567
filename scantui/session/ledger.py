"""What the analyst said of sources: marks and the allow-list. Held in memory at once, kept on disk when the worker comes by.

Calls come from any thread. A mark that cannot be written is not lost: it holds, is tried again, and the failure is told once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from scantui.detect.allow import Allowed
from scantui.safe_text import harmless
from scantui.snapshot import JUDGEMENTS, AllowedEntry, Mark
from scantui.state.directory import reason
from scantui.state.journal import MOST_NOTE, KeptMark
from scantui.tables import AddressTable


class Keeper(Protocol):
    """What outlasts the run. `told` is what could not be read of it."""

    @property
    def marks(self) -> Iterable[KeptMark]: ...

    @property
    def allowed(self) -> tuple[Allowed, ...]: ...

    @property
    def told(self) -> tuple[str, ...]: ...

    def keep(self, change: KeptMark | Allowed, *, removed: bool = False) -> None:
        """Raises OSError when it cannot be kept."""


@dataclass(frozen=True, slots=True)
class _Change:
    what: KeptMark | Allowed
    removed: bool = False


class Ledger:
    """`given`: the allow-list of the command line, which nothing here takes off. `keeper` None: for this run only."""

    def __init__(self, addresses: AddressTable, given: tuple[Allowed, ...], keeper: Keeper | None) -> None:
        self._lock = threading.Lock()
        self._addresses = addresses
        self._keeper = keeper
        self._given = given
        self._own = keeper.allowed if keeper is not None else ()
        self._marks: dict[int, Mark] = {}
        for kept in keeper.marks if keeper is not None else ():
            code = addresses.code(kept.address)
            self._marks[code] = Mark(code, kept.note, kept.at, kept.verdict)
        self._waiting: list[_Change] = []
        self._tried = 0  # changes that waited when writing last failed
        self._failed = False
        self._notices = list(keeper.told) if keeper is not None else []
        self._new_list = bool(self._own)

    # What the analyst says -------------------------------------------------------------------------------------------
    def mark(self, code: int, note: str, verdict: str) -> None:
        """Raises ValueError for a verdict that is none of JUDGEMENTS."""
        if verdict not in JUDGEMENTS:
            raise ValueError(f"{verdict!r} is no verdict: {', '.join(JUDGEMENTS[1:])}")
        made = Mark(code, harmless(note, MOST_NOTE), time.time_ns() // 1000, verdict)
        with self._lock:
            self._marks[code] = made
            self._later(KeptMark(self._addresses.text(code), verdict, made.note, made.at))

    def unmark(self, code: int) -> None:
        with self._lock:
            if self._marks.pop(code, None) is not None:
                gone = KeptMark(self._addresses.text(code), at=time.time_ns() // 1000, removed=True)
                self._later(gone)

    def allow(self, entry: Allowed) -> None:
        with self._lock:
            if entry not in self._own:
                self._own = (*self._own, entry)
                self._new_list = True
                self._later(entry)

    def disallow(self, entry: Allowed) -> None:
        with self._lock:
            if entry in self._own:
                self._own = tuple(other for other in self._own if other != entry)
                self._new_list = True
                self._later(entry, removed=True)

    def _later(self, what: KeptMark | Allowed, *, removed: bool = False) -> None:
        if self._keeper is not None:
            self._waiting.append(_Change(what, removed))

    # What holds ------------------------------------------------------------------------------------------------------
    @property
    def marks(self) -> dict[int, Mark]:
        with self._lock:
            return dict(self._marks)

    @property
    def entries(self) -> tuple[AllowedEntry, ...]:
        """The whole allow-list."""
        with self._lock:
            return (
                *(AllowedEntry(entry, False) for entry in self._given),
                *(AllowedEntry(entry, True) for entry in self._own),
            )

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should hear of, oldest first."""
        with self._lock:
            return tuple(self._notices)

    def new_list(self) -> tuple[Allowed, ...] | None:
        """The whole allow-list if it changed since this was last asked."""
        with self._lock:
            if not self._new_list:
                return None
            self._new_list = False
            return (*self._given, *self._own)

    # The worker comes by ---------------------------------------------------------------------------------------------
    def write(self, *, last: bool = False) -> None:
        """Keep what waits. After a failure only when something new waits too, or for the `last` time."""
        if self._keeper is None:
            return
        with self._lock:
            waiting = list(self._waiting)
        if not waiting or (self._failed and len(waiting) == self._tried and not last):
            return
        done, problem = 0, ""
        for change in waiting:
            try:
                self._keeper.keep(change.what, removed=change.removed)
            except (OSError, ValueError) as error:
                problem = reason(error) if isinstance(error, OSError) else str(error)
                break
            done += 1
        with self._lock:
            del self._waiting[:done]
            self._tried = len(self._waiting)
            if problem and not self._failed:
                self._notices.append(
                    f"not written to the state directory: {harmless(problem, 160)}; it holds until you quit"
                )
            elif self._failed and not problem:
                self._notices.append("marks and allow-list are written again")
            self._failed = bool(problem)
