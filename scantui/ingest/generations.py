"""The reading half of an input: its generations in order, and what can be told of them."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod

from scantui.ingest.block import Block, InputState
from scantui.ingest.generation import Generation, TruncatedError
from scantui.ingest.identity import Known
from scantui.ingest.info import InputInfo
from scantui.ingest.pipes import Pipe
from scantui.ingest.rotation import open_file
from scantui.ingest.shared import Shared
from scantui.ingest.whereabouts import find
from scantui.ingest.wording import not_read, os_error


class Generations(ABC):
    """A followed name's files: `old` ones that are rotated and not over yet, oldest first, and the `current` one."""

    def __init__(self, path: str, shared: Shared) -> None:
        self.path = path
        self.old: list[Generation] = []
        self.current: Generation | None = None
        self._shared = shared
        self._begun = False  # looked at once
        self._error = ""
        self._elsewhere: Known | None = None  # the file at the path is read under another name
        self._sources: list[int] = []
        self._rotations = self._truncations = self._uncopied = 0

    @abstractmethod
    def _cut(self, generation: Generation) -> None:
        """The file of `generation` was truncated in place."""

    @property
    def ready(self) -> bool:
        """Whether `read` would get on."""
        return any(generation.ready for generation in self._all())

    @property
    def left(self) -> int:
        """Bytes on disk that are not read in order yet."""
        return sum(generation.left for generation in self._all())

    @property
    def urgent(self) -> bool:
        """Whether newest lines are still to be read, and can be before others."""
        return any(generation.urgent for generation in self._all())

    @property
    def state(self) -> InputState:
        error = self._error or (self.current.stream.error if self.current is not None else "")
        if error and not any(generation.position for generation in self._all()):
            return InputState.ERROR
        if self.current is not None:
            return InputState.DONE if self.current.finished else InputState.FOLLOWING
        if self._elsewhere is not None:
            return InputState.DONE
        return InputState.WAITING

    @property
    def ended(self) -> bool:
        """Nothing will come from here again."""
        if self.old or not self._begun:
            return False
        if not self._shared.follow:
            return self.current is None or self.current.finished
        current = self.current
        return current is not None and current.finished and current.stream.ended

    def info(self) -> InputInfo:
        mine = [self._shared.generations[number] for number in self._sources]
        skipped = [each.lines for each in mine if each.lines.oversized]
        errors = [self._error, *(each.stream.error or each.lines.trouble for each in mine)]
        return InputInfo(
            path=self.path,
            state=self.state,
            error=next((not_read(self.path, error) for error in errors if error), ""),
            sources=tuple(self._sources),
            bytes_read=sum(each.bytes_read for each in mine),
            bytes_left=self.left,
            bytes_done=sum(each.stream.raw for each in mine if not isinstance(each.stream, Pipe)),
            rotations=self._rotations,
            truncations=self._truncations,
            uncopied=self._uncopied,
            oversized=sum(lines.oversized for lines in skipped),
            sample=skipped[-1].sample if skipped else b"",
        )

    def _all(self) -> list[Generation]:
        return self.old if self.current is None else [*self.old, self.current]

    def _own(self, generation: Generation) -> Generation:
        if generation.source.id not in self._sources:
            self._sources.append(generation.source.id)
        return generation

    def _retire(self, generation: Generation) -> None:
        if not generation.finished:
            generation.retired = True
            generation.grew_at = self._shared.clock()
            self.old.append(generation)

    def read(self) -> Block | None:
        """The next block, oldest file first but for what is urgent; None when this read completed no line."""
        shared = self._shared
        ready = [each for each in self._all() if each.ready]
        generation = ready[0] if ready else None
        if generation is not None and generation.left > generation.share:
            generation = next((each for each in reversed(ready) if each.urgent), generation)
        if generation is None or not (generation.open or self._reopen(generation)):
            return None
        shared.used(generation)
        before = generation.taken
        block = None
        try:
            block = generation.read(shared.buffer, shared.registry, shared.now())
        except TruncatedError:
            self._cut(generation)
        except OSError as error:
            self._error = os_error(error)
            shared.close(generation)
            if generation.over or generation.retired or generation.lines.pending:
                generation.abandon()
            else:  # tried again when it changes
                generation.limit = 0
        shared.bytes_read += generation.taken - before
        shared.more |= isinstance(generation.stream, Pipe) and generation.stream.flooded
        if generation.finished:
            shared.close(generation)
            if generation in self.old:
                self.old.remove(generation)
        return block

    def _reopen(self, generation: Generation) -> bool:
        """Open a file that was closed for want of descriptors, by whatever name it has now."""
        file, fits = find(self.path, generation.known), True
        if file is None:
            file, fits = open_file(self.path, links=True), False
        if file is not None and (fits or generation.known.at(file.status)):
            generation.stream.fd = file.fd
            generation.limit = file.status.st_size
            self._shared.registry.moved(generation.known, file.status)
            self._shared.opened(generation)
            return True
        if file is not None:
            os.close(file.fd)
        if generation.limit > generation.position or generation.lines.carry:
            self._error = "rotated away while it was closed; what had not been read is lost"
        generation.abandon()
        return False
