"""What followed a log that was rotated: the siblings not read yet, and the file at its name now."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from os import stat_result
from pathlib import Path

from scantui.ingest.contents import content_head, content_start
from scantui.ingest.identity import HEAD, Known, Mark, Registry
from scantui.ingest.packed import foreign, packing_of
from scantui.ingest.siblings import is_sibling, oldest_first

_TRIES = 6  # looks at a directory that keeps changing, before going on with what was found
_MOST = 128  # siblings opened at a time
RIPENING = 60.0  # seconds in which an archive may grow before it counts as cut short
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW


@dataclass(slots=True)
class Opened:
    """An open file. `known` says whose content it goes on with; None for one never seen."""

    fd: int
    status: stat_result
    path: str
    known: Known | None = None


@dataclass(slots=True)
class Successors:
    """What followed a generation: finished ones, oldest first, and the file at the name now.

    Not `settled`: names moved too fast, there may be more before the current file. `unripe`: an archive is just being
    made, look at the siblings again.
    """

    older: list[Opened]
    current: Opened | None
    settled: bool
    unripe: bool


def listing(path: str) -> tuple[list[tuple[str, stat_result]], bool]:
    """Regular files beside `path` whose name begins with its name, and whether names moved while we looked.

    Empty when the directory cannot be read.
    """
    directory, base = os.path.split(path)
    found, moved = [], False
    try:
        with os.scandir(directory or ".") as entries:
            for entry in entries:
                if is_sibling(base, entry.name):
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except OSError:
                        moved = True
                        continue
                    if stat.S_ISREG(status.st_mode):
                        found.append((os.path.join(directory, entry.name), status))
    except OSError:
        return [], False
    return found, moved


def siblings(path: str) -> list[tuple[str, stat_result]]:
    return listing(path)[0]


def open_file(path: str, *, links: bool) -> Opened | None:
    """Open without waiting; None when it is not there or not allowed."""
    try:
        return _open(path, links=links)
    except OSError:
        return None


def _open(path: str, *, links: bool) -> Opened:
    fd = os.open(path, _FLAGS & ~os.O_NOFOLLOW if links else _FLAGS)
    return Opened(fd, os.fstat(fd), path)


class _Search:
    """The unread siblings of one log, opened and kept while names move under us."""

    def __init__(self, path: str, registry: Registry, ours: Known | None) -> None:
        self.path, self.registry, self.ours = path, registry, ours
        self.held: dict[tuple[int, int], Opened] = {}
        self.unripe = False
        self._refused: set[tuple[int, int]] = set()
        self._our_name: str | None = None

    @property
    def full(self) -> bool:
        return len(self.held) >= _MOST

    def settle(self) -> None:
        """Look until a look brings nothing new, a few times at most."""
        for _ in range(_TRIES):
            if self.full or not self.look():
                return

    def look(self) -> bool:
        """One look at the directory; whether something was opened, or may have been missed."""
        fresh: list[tuple[int, str, stat_result]] = []
        files, news = listing(self.path)
        for name, status in files:
            key = status.st_dev, status.st_ino
            if self.ours is not None and self.ours.at(status):
                self._our_name = name
            if key in self.held:
                self.held[key].path = name
            elif status.st_size and key not in self._refused and self._unread(status):
                fresh.append((status.st_mtime_ns, name, status))
        for _, name, status in sorted(fresh, key=lambda item: item[:2]):
            news = self._hold(name, status) or news
            if self.full:
                return True
        return news

    def _unread(self, status: stat_result) -> bool:
        known = self.registry.unchanged(status)
        return known is None or _resumable(known, status)

    def _hold(self, name: str, expected: stat_result) -> bool:
        """Hold the file if it is unread. Whether it is held now, or was not the one expected."""
        try:
            file = _open(name, links=False)
        except FileNotFoundError:
            return True
        except OSError:  # not allowed
            self._refused.add((expected.st_dev, expected.st_ino))
            return False
        key = file.status.st_dev, file.status.st_ino
        moved = key != (expected.st_dev, expected.st_ino)
        if key in self.held or not self._is_unread_file(file):
            os.close(file.fd)
            return moved
        self.held[key] = file
        return True

    def _is_unread_file(self, file: Opened) -> bool:
        status = file.status
        if not status.st_size or not stat.S_ISREG(status.st_mode):
            return False
        known = self.registry.recognise(file.fd, status, copies=True)
        if known is None:
            if not foreign(os.pread(file.fd, 8, 0)):
                young = abs(time.time() - status.st_mtime) < RIPENING
                unripe = young and not content_start(file.fd, HEAD)[1]
                self.unripe |= unripe
                return not unripe
            self.registry.add(Known(status, Mark(position=-1), packed=True))
            return False
        if _resumable(known, status):
            file.known = known
            return True
        if known.at(status) and not known.held():
            known.seen(status)
        return False

    def ordered(self) -> list[Opened]:
        """What is held, oldest first; a file and the archive just made of it are one."""
        plain = {id(f): content_head(f.fd, HEAD) for f in self.held.values() if not _is_archive(f)}
        files = []
        for file in self.held.values():
            head = b"" if id(file) in plain else content_head(file.fd, HEAD)
            if head and any(each.startswith(head) for each in plain.values()):
                os.close(file.fd)
            else:
                files.append(file)
        order = oldest_first(Path(self.path).name, [(f.path, f.status.st_mtime_ns) for f in files], self._our_name)
        return [files[i] for i in order]


def _is_archive(file: Opened) -> bool:
    return bool(packing_of(file.fd))


def _resumable(known: Known, status: stat_result) -> bool:
    """A generation that was finished and closed, and has grown since."""
    generation = known.generation
    return (
        generation is not None
        and generation.known is known
        and not known.packed
        and not generation.open
        and status.st_size > generation.position
    )


def unread_siblings(path: str, registry: Registry, ours: Known | None) -> Successors:
    """Siblings of `path` that appeared since it is followed and were not read; the file at `path` is left alone."""
    search = _Search(path, registry, ours)
    search.settle()
    return Successors(search.ordered(), None, not search.full, search.unripe)


def successors(path: str, registry: Registry, ours: Known | None) -> Successors:
    """All that followed the generation `ours` at `path`: unread siblings and the file there now.

    Names move while we look, so the search is repeated until a look after opening the current file finds nothing new:
    then everything held is older than that file.
    """
    search = _Search(path, registry, ours)
    for _ in range(_TRIES):
        search.settle()
        if search.full:
            break
        current = open_file(path, links=True)
        if current is not None:
            linked = search.held.pop((current.status.st_dev, current.status.st_ino), None)
            if linked is not None:
                os.close(linked.fd)
        if not search.look():
            return Successors(search.ordered(), current, True, search.unripe)
        if current is not None:
            os.close(current.fd)
    return Successors(search.ordered(), None, False, search.unripe)
