"""One followed name through growth, rotation, truncation and absence."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import os
import stat
from os import stat_result

from scantui.ingest.directory import DirectoryClock
from scantui.ingest.generation import Generation
from scantui.ingest.generations import Generations
from scantui.ingest.identity import Known
from scantui.ingest.packed import foreign
from scantui.ingest.pipes import Pipe
from scantui.ingest.rotation import Opened, Successors, open_file, successors, unread_siblings
from scantui.ingest.shared import Shared
from scantui.ingest.streams import Plain
from scantui.ingest.truncation import cut
from scantui.ingest.wording import denied, os_error

LINGER = 5.0  # seconds a rotated file must be quiet before it is over: daemons write on until told to reopen
PASSED = 8  # newer files with lines in them after which it is over at once
LEFT = 60.0  # as LINGER, for a file that is deleted or whose successor is still empty
HOT = 30.0  # seconds since the last growth during which a file is looked at in every poll
COLD = 1.0  # seconds between looks at other files
WARM = 0.25  # seconds between looks for a file that is not there, and, among many, at one not written for BUSY
BUSY = 2.0  # seconds


class Input(Generations):
    """A path and the files it named. `late_ns` is when following began, for a name found after that."""

    local = True  # it has a name in a directory

    def __init__(self, path: str, shared: Shared, *, late_ns: int | None = None) -> None:
        super().__init__(path, shared)
        self.missing = True
        self._late_ns = late_ns
        self._next_look = float("-inf")
        self._unreachable = False  # `_error` is why the path could not be looked at
        self._unsettled = False  # the last rotation is not sorted out yet
        self._again_at: float | None = None  # when to look at the siblings again
        self._directory = DirectoryClock(os.path.dirname(path))

    @property
    def hot(self) -> bool:
        """Whether to look at it in every poll."""
        if self.old or self._unsettled or not self._begun or self._again_at is not None:
            return True
        current = self.current
        if current is None or current.finished:
            return False
        return isinstance(current.stream, Pipe) or self._shared.clock() - current.grew_at < HOT

    def due(self, clock: float) -> bool:
        return clock >= self._next_look

    def look(self) -> None:
        """Notice growth, rotation, truncation and disappearance. Opens files, reads no lines."""
        clock = self._shared.clock()
        try:
            self._look()
            self._linger(clock)
        except OSError as error:
            self._error = os_error(error)
        self._next_look = clock + self._rest(clock)

    def _rest(self, clock: float) -> float:
        """Seconds until the next look."""
        current = self.current
        if self.hot:
            if current is None or self.old or isinstance(current.stream, Pipe) or not self._shared.crowded:
                return 0.0
            return WARM if clock - current.grew_at > BUSY else 0.0
        absent = current is None and self._elsewhere is None
        return WARM if absent and not self._error else COLD

    def _look(self) -> None:
        status, current = self._status(), self.current
        if not self._begun:
            self._begin(status)
        elif current is None:
            self._absent(status)
        elif isinstance(current.stream, Pipe):
            current.stream.arm()
        elif status is None and not self.missing:
            if current.open:  # the path is barred now; the file is not
                self._grown(current, os.fstat(current.stream.fd))
        elif status is not None and current.known.at(status):
            self._grown(current, status)
        elif self._shared.follow:
            self._moved(current)
        if self._again_at is not None and self._shared.clock() >= self._again_at:
            self._queue_all(unread_siblings(self.path, self._shared.registry, self._newest()))

    def _status(self) -> stat_result | None:
        self.missing = False
        try:
            status = os.stat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            self.missing = True
            status = None
        except OSError as error:
            self._error, self._unreachable = os_error(error), True
            return None
        if self._unreachable:
            self._error, self._unreachable = "", False
        return status

    def _begin(self, status: stat_result | None) -> None:
        self._begun = True
        if self._shared.follow:
            self._shared.note_history(self.path, self._late_ns)
        if status is None:
            if self.missing and not self._shared.follow:
                self._error = "no such file; check the path"
        elif self._late_ns is not None:
            self._arrive()
        else:
            self._open_here()

    def _absent(self, status: stat_result | None) -> None:
        """No file of ours is at the path: perhaps one is now, or it was rotated on."""
        if not self._shared.follow:
            return
        elsewhere = self._elsewhere
        if status is None:
            self._elsewhere = None
            if self._unsettled or self._directory.changed():
                self._arrive()
        elif elsewhere is None or not elsewhere.at(status) or not (elsewhere.held() or elsewhere.unchanged(status)):
            self._arrive()

    def _grown(self, current: Generation, status: stat_result) -> None:
        changed = current.noticed(status, self._shared.clock())
        if changed and current.cut_short(status):
            if current.finished:  # an archive was written anew
                self._shared.registry.drop(current.known)
                self.current = None
                self._open_here()
            elif current.open or (self._reopen(current) and current.known.at(status)):
                self._cut(current)
            elif self.current is current:  # closed, and its content is in another file now
                self._moved(current)
        elif current.position == 0 and self._shared.follow and self._directory.changed():
            # A copytruncate of a file of which nothing was read leaves no other trace than its copy.
            self._queue_all(unread_siblings(self.path, self._shared.registry, current.known))

    def _moved(self, current: Generation) -> None:
        """Another file, or none, is at the path."""
        self._rotations += 1
        if not current.finished and (current.open or self._reopen(current)):
            actual = os.fstat(current.stream.fd)
            if current.noticed(actual, self._shared.clock()) and current.cut_short(actual):
                self._cut(current)
        if self.current is not None:
            self._retire(self.current)
        self.current = None
        self._directory.changed()
        self._arrive()

    def _arrive(self) -> None:
        """Queue the siblings not read yet, then take the file that is here now."""
        found = successors(self.path, self._shared.registry, self._newest())
        self._queue_all(found)
        if found.current is not None:
            self._take(found.current)
        elif found.settled and not self.missing:
            self._open_here()

    def _newest(self) -> Known | None:
        """The file that all others to come are newer than."""
        if self.old:
            return self.old[-1].known
        return self._shared.generations[self._sources[-1]].known if self._sources else None

    def _queue_all(self, found: Successors) -> None:
        """Read these before the current file; look again when there may be more."""
        for file in found.older:
            generation = self._shared.begin(file, self.path) if file.known is None else self._resume(file, file.known)
            self._own(generation)
            self._retire(generation)
        self._unsettled = not found.settled
        self._again_at = self._shared.clock() + COLD if found.unripe or self._unsettled else None

    def _resume(self, file: Opened, known: Known) -> Generation:
        generation = known.generation
        assert generation is not None
        generation.attach(Plain(file.fd, generation.position), file.status)
        generation.over = False
        known.seen(file.status)
        self._shared.opened(generation)
        return generation

    def _open_here(self) -> None:
        file = open_file(self.path, links=True)
        if file is not None:
            self._take(file)
        elif not self.missing:
            self._error = denied()

    def _take(self, file: Opened) -> None:
        """The file at the path becomes the current one, unless it is read already."""
        registry, status = self._shared.registry, file.status
        self._error = _refusal(file)
        if self._error:
            os.close(file.fd)
            return
        first = self._late_ns is not None and not self._sources
        known = registry.recognise(file.fd, status, copies=first) if stat.S_ISREG(status.st_mode) else None
        generation = None if known is None else known.generation
        self._elsewhere = None
        if known is None or generation is None:
            if known is not None:  # was history, is named now
                registry.drop(known)
            self.current = self._own(self._shared.begin(file, self.path))
            self.current.hurry(self._shared.share, self._shared.max_line)
            if isinstance(self.current.stream, Pipe):
                self.current.stream.arm()
        elif generation in self.old:
            os.close(file.fd)
            self.old.remove(generation)
            generation.noticed(status, self._shared.clock())
            self.current = generation
        elif generation.known is known and not known.packed and not generation.open and self._wants(generation, status):
            self.current = self._own(self._resume(file, known))
        else:
            os.close(file.fd)
            self._elsewhere = known
        if self.current is not None:
            self.current.retired = False

    def _wants(self, generation: Generation, status: stat_result) -> bool:
        """Whether to go on with a generation that was read to its end: ours, or one that grew under our name."""
        return generation.home == self.path or status.st_size > generation.position

    def _cut(self, generation: Generation) -> None:
        """The file was truncated in place."""
        self._truncations += 1
        if not self._shared.follow:
            self._error = "cut short while it was being read; read it again"
            generation.abandon()
            return
        result = cut(generation, self.path, self._shared)
        self._uncopied += result.lost
        later: list[Generation] = []
        if generation in self.old:
            place = self.old.index(generation)
            later = self.old[place + 1 :]
            del self.old[place:]
        else:
            self.current = None
        if result.copied is not None:
            self._retire(result.copied)
        self._queue_all(result.between)
        self._own(result.fresh)
        if self.current is None and not later:
            self.current = result.fresh
        else:
            self._retire(result.fresh)
            self.old.extend(later)

    def _linger(self, clock: float) -> None:
        """Look at rotated files that may still grow, and call those over that will not."""
        for i, generation in enumerate(list(self.old)):
            if generation.over:
                continue
            if not generation.open and (clock - generation.grew_at < LINGER or not self._reopen(generation)):
                continue
            status = os.fstat(generation.stream.fd)
            if generation.noticed(status, clock) and generation.cut_short(status):
                self._cut(generation)
                return
            if generation.ready:
                continue
            newer = self._all()[i + 1 :]
            passed = sum(each.position > 0 for each in newer)
            quiet = clock - generation.grew_at
            left = quiet >= LEFT and (len(newer) > 0 or not status.st_nlink)
            generation.over = passed >= PASSED or (passed > 0 and quiet >= LINGER) or left
        self.old = [generation for generation in self.old if not generation.finished]


def _refusal(file: Opened) -> str:
    """Why this file is not read; empty when it is."""
    mode = file.status.st_mode
    if stat.S_ISDIR(mode):
        return "is a directory now"
    if stat.S_ISREG(mode):
        kind = foreign(os.pread(file.fd, 8, 0))
        return f"{kind} data is not read; unpack it and pipe it in ('-')" if kind else ""
    return "" if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) else "neither a file nor a pipe"
