"""The ingest room's door: any number of inputs, history and growth, as blocks of whole lines."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from scantui.ingest.ahead import LEAST, TOTAL
from scantui.ingest.block import Block, Source
from scantui.ingest.evidence import Evidence
from scantui.ingest.info import InputInfo
from scantui.ingest.inputs import Input
from scantui.ingest.lines import MAX_LINE
from scantui.ingest.schemes import open_scheme
from scantui.ingest.shared import Shared
from scantui.ingest.siblings import oldest_first, stem
from scantui.ingest.stdin import StandardInput
from scantui.ingest.targets import STDIN, InputError, Problem, ProblemKind, Targets, check
from scantui.ingest.watch import Waker, Watcher
from scantui.ingest.wording import not_read

__all__ = ["Follower", "InputError", "Problem", "ProblemKind", "check"]

SWEEP = 1.0  # seconds between sorting inputs into busy and quiet ones
LONGEST_SLEEP = 0.1  # seconds, while anything is busy
CROWD = 100  # inputs
QUIET_SLEEP = 0.25  # seconds, while nothing is


def wall_clock_us() -> int:
    return time.time_ns() // 1000


class Chain:
    """The files of one log, oldest first: read one after another, so that history comes in order, but for what is urgent."""

    def __init__(self) -> None:
        self.members: list[Input] = []

    def next(self) -> Input | None:
        ready = [member for member in self.members if member.ready]
        if len(ready) > 1 and sum(member.left for member in ready) > LEAST:
            return next((member for member in reversed(ready) if member.urgent), ready[0])
        return ready[0] if ready else None

    @property
    def urgent(self) -> bool:
        return any(member.urgent for member in self.members)


class Follower:
    """Reads the targets (paths, globs, directories, `-`) and, with `follow`, what is added to them.

    One thread calls it; only `wake` may be called from others. Paths are read through rotation and truncation, see
    docs/following.md. `block_size` is the most bytes of a block; `now` is microseconds since the epoch, `clock` seconds
    on a clock that does not jump. `newest_first` gives the ends of large files before what comes before them. Raises
    InputError when there is nothing to read from.
    """

    def __init__(
        self,
        targets: Sequence[str],
        *,
        follow: bool,
        block_size: int = 512 * 1024,
        now: Callable[[], int] = wall_clock_us,
        stdin_fd: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        max_line: int = MAX_LINE,
        newest_first: bool = False,
    ) -> None:
        if not targets:
            raise InputError("nothing to read; name a file, a directory or '-'")
        self._follow = follow
        self._clock = clock
        self._targets = Targets(targets)
        self._shared = Shared(follow=follow, block_size=block_size, max_line=max_line, now=now, clock=clock)
        self._inputs: list[Input] = []
        self._chain_of: dict[Input, Chain] = {}
        self._chains: dict[tuple[str, str], Chain] = {}
        self._busy: list[Input] = []
        self._ready: deque[Chain] = deque()
        self._backlog = True
        self._swept_at = float("-inf")
        self._started_ns = time.time_ns()
        self._waker = Waker()
        self._watcher = Watcher(self._waker)
        self._evidence = Evidence()
        if self._targets.stdin:
            self._add(StandardInput(0 if stdin_fd is None else stdin_fd, self._shared), ("", STDIN))
        for target in self._targets.schemes:
            try:
                self._add(open_scheme(target, self._shared), ("", target))
            except ValueError as error:
                self.close()
                raise InputError(not_read(target, str(error))) from None
        self._take_names(late=False)
        if newest_first:
            self._shared.share = max(LEAST, TOTAL // max(1, len(self._inputs)))

    def poll(self, most_bytes: int | None = None) -> Iterator[Block]:
        """Everything readable now, the inputs by turns; at most about `most_bytes`. Never blocks.

        A block is good until the next is asked for.
        """
        self._backlog = True
        self._shared.more = False
        self._look()
        end = None if most_bytes is None else self._shared.bytes_read + most_bytes
        urgent = deque(chain for chain in self._ready if self._shared.share and chain.urgent)
        while self._ready and (end is None or self._shared.bytes_read < end):
            queue = urgent or self._ready
            chain = queue.popleft()
            member = chain.next()
            if member is None:
                continue
            block = member.read()
            if queue is self._ready or chain.urgent:
                queue.append(chain)
            if block is not None:
                yield block
        self._shared.close_spare()
        self._ready = deque(chain for chain in self._ready if chain.next() is not None)
        self._backlog = bool(self._ready) or self._shared.more

    @property
    def backlog(self) -> bool:
        """The last poll left readable bytes behind."""
        return self._backlog

    @property
    def finished(self) -> bool:
        """Nothing will ever come again."""
        if self._backlog or (self._follow and self._targets.dynamic):
            return False
        return all(each.ended for each in self._inputs)

    def inputs(self) -> tuple[InputInfo, ...]:
        return tuple(each.info() for each in self._inputs)

    def sources(self) -> Mapping[int, Source]:
        """Every generation read so far, by its id (from 1)."""
        return MappingProxyType(self._shared.sources)

    def fetch(self, source_id: int, offset: int, length: int) -> bytes | None:
        """Bytes that were read before, wherever they are now; None when they are no longer to be had."""
        generation = self._shared.generations.get(source_id)
        return None if generation is None else self._evidence.fetch(generation, offset, length)

    def wait(self, seconds: float) -> None:
        """Sleep until the next poll is worthwhile, at most `seconds`."""
        if self._backlog:
            return
        self._waker.sleep(min(seconds, LONGEST_SLEEP if self._busy else QUIET_SLEEP))

    def wake(self) -> None:
        """End a `wait` early. From any thread."""
        self._waker.wake()

    def close(self) -> None:
        self._watcher.close()
        self._waker.close()
        self._evidence.close()
        self._shared.close_all()

    def _look(self) -> None:
        """Notice what changed; queue the chains that have something to read."""
        clock = self._clock()
        changed = self._watcher.changed()
        if self._follow:
            self._take_names(late=True, hurry=bool(changed))
        queued = set(self._ready)
        for each in list(self._inputs):
            if self._shared.crammed:
                self._shared.more = True
                break
            if each.due(clock) or (changed and _directory(each.path) in changed):
                each.look()
                chain = self._chain_of[each]
                if chain not in queued and each.ready:
                    queued.add(chain)
                    self._ready.append(chain)
        if clock - self._swept_at >= SWEEP:
            self._swept_at = clock
            self._shared.forget_names()
            self._busy = [each for each in self._inputs if each.hot]
            if self._follow:
                self._watch_the_quiet()

    def _take_names(self, *, late: bool, hurry: bool = False) -> None:
        paths = self._targets.new(self._clock(), hurry=hurry)
        grouped: dict[tuple[str, str], list[str]] = {}
        for path in paths:
            directory, name = os.path.split(path)
            grouped.setdefault((directory, stem(name)), []).append(path)
        for key, members in grouped.items():
            for i in oldest_first(key[1], [(path, _written(path)) for path in members], None):
                each = Input(members[i], self._shared, late_ns=self._started_ns if late else None)
                self._add(each, key)

    def _add(self, each: Input, key: tuple[str, str]) -> None:
        chain = self._chains.setdefault(key, Chain())
        chain.members.append(each)
        self._inputs.append(each)
        self._shared.crowded = len(self._inputs) > CROWD
        self._chain_of[each] = chain

    def _watch_the_quiet(self) -> None:
        busy = {_directory(each.path) for each in self._busy if each.local}
        homes = {_directory(each.path) for each in self._inputs if each.local} | self._targets.directories()
        self._watcher.watch(home for home in homes - busy if os.path.isdir(home or "."))


def _directory(path: str) -> str:
    return os.path.dirname(path) or "."


def _written(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 2**63
