"""What the user named: paths, globs, directories and `-`, turned into files, and into plain words when that fails."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from scantui.ingest.directory import DirectoryClock
from scantui.ingest.names import looks_like_log
from scantui.ingest.packed import foreign
from scantui.ingest.schemes import is_scheme, wrong
from scantui.ingest.wording import denied, not_read, os_error

STDIN = "-"
RESCAN = 0.25  # seconds between looks for new names


class InputError(Exception):
    """An input cannot be used at all; the text is one line that says what to do."""


class ProblemKind(Enum):
    MISSING = "missing"
    UNREADABLE = "unreadable"
    NO_LOGS = "no logs"
    NO_MATCH = "no match"
    EMPTY = "empty"
    NOT_A_FILE = "not a file"


# What may still come when inputs are followed.
_MAY_COME = {ProblemKind.MISSING, ProblemKind.NO_LOGS, ProblemKind.NO_MATCH, ProblemKind.EMPTY}


@dataclass(frozen=True, slots=True)
class Problem:
    """One target that gives nothing now. `fatal`: not to be waited for; `text` is one harmless line."""

    target: str
    kind: ProblemKind
    text: str
    fatal: bool


class Targets:
    """The targets and the directories in which new files may come."""

    def __init__(self, targets: Sequence[str]) -> None:
        every = dict.fromkeys(targets)
        self.schemes = [target for target in every if is_scheme(target)]
        self._targets = [target for target in every if target not in self.schemes]
        self._clocks: dict[str, DirectoryClock] = {}
        self._real: set[str] = set()
        self._looked_at = float("-inf")

    @property
    def stdin(self) -> bool:
        return STDIN in self._targets

    @property
    def dynamic(self) -> bool:
        """Whether new names can come."""
        return any(_is_glob(target) or os.path.isdir(target) for target in self._targets)

    def directories(self) -> set[str]:
        """Directories in which new names are looked for."""
        return set(self._clocks)

    def new(self, clock: float, *, hurry: bool = False) -> list[str]:
        """Files not given before, in the order of the targets. Looks about four times a second at most."""
        if not hurry and clock - self._looked_at < RESCAN:
            return []
        self._looked_at = clock
        found: list[str] = []
        for target in self._targets:
            if target != STDIN and self._changed(target):
                found += expand(target)
        fresh = []
        for path in found:
            real = os.path.realpath(path)
            if real not in self._real:
                self._real.add(real)
                fresh.append(path)
        return fresh

    def forget(self, path: str) -> None:
        """Give this file again if it comes again."""
        self._real.discard(os.path.realpath(path))

    def _changed(self, target: str) -> bool:
        if _is_glob(target):
            directory = os.path.dirname(target)
            if glob.has_magic(directory):
                return True
        elif os.path.isdir(target):
            directory = target
        else:
            return os.path.realpath(target) not in self._real
        return self._clocks.setdefault(directory, DirectoryClock(directory)).changed()


def _is_glob(target: str) -> bool:
    return glob.has_magic(target) and not os.path.lexists(target)


def expand(target: str) -> list[str]:
    """The files a target stands for now. A plain path stands for itself, there or not."""
    if _is_glob(target):
        return sorted(path for path in glob.iglob(target, recursive=True) if not os.path.isdir(path))
    if not os.path.isdir(target):
        return [target]
    try:
        with os.scandir(target) as entries:
            names = sorted(entry.path for entry in entries if entry.is_file())
    except OSError:
        return []
    return [path for path in names if looks_like_log(path)]


def check(targets: Iterable[str], *, follow: bool = False) -> list[Problem]:
    """What is wrong with these targets, one line each. With `follow`, what may still come is not fatal."""
    problems = []
    for target in targets:
        found = None if target == STDIN else _problem(target, follow=follow)
        if found is not None:
            kind, text = found
            fatal = kind is not ProblemKind.EMPTY and not (follow and kind in _MAY_COME)
            problems.append(Problem(target, kind, text, fatal))
    return problems


def _problem(target: str, *, follow: bool) -> tuple[ProblemKind, str] | None:
    if is_scheme(target):
        why = wrong(target, follow=follow)
        return (ProblemKind.UNREADABLE, not_read(target, why)) if why else None
    if _is_glob(target):
        if expand(target):
            return None
        return ProblemKind.NO_MATCH, not_read(target, "no file matches; check the pattern (quote it for new files)")
    try:
        mode = os.stat(target).st_mode
        if stat.S_ISDIR(mode):
            return _directory_problem(target)
        if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
            return None if os.access(target, os.R_OK, effective_ids=True) else _denied(target)
        if not stat.S_ISREG(mode):
            return ProblemKind.NOT_A_FILE, not_read(target, "neither a file, a directory nor a pipe")
        return _file_problem(target)
    except (FileNotFoundError, NotADirectoryError):
        return ProblemKind.MISSING, not_read(target, "no such file; check the path")
    except OSError as error:
        return ProblemKind.UNREADABLE, not_read(target, os_error(error))


def _denied(target: str) -> tuple[ProblemKind, str]:
    return ProblemKind.UNREADABLE, not_read(target, denied())


def _directory_problem(target: str) -> tuple[ProblemKind, str] | None:
    if not os.access(target, os.R_OK | os.X_OK, effective_ids=True):
        return _denied(target)
    if expand(target):
        return None
    return ProblemKind.NO_LOGS, not_read(
        target, "no logs in this directory (*.log, *.json, kern*, *.gz, …); name the files"
    )


def _file_problem(target: str) -> tuple[ProblemKind, str] | None:
    fd = os.open(target, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        head = os.pread(fd, 8, 0)
    finally:
        os.close(fd)
    if not head:
        return ProblemKind.EMPTY, not_read(target, "the file is empty; nothing to report")
    if kind := foreign(head):
        return ProblemKind.UNREADABLE, not_read(target, f"{kind} data is not read; unpack it and pipe it in ('-')")
    return None
