"""The state of one user: marks and allow-list. What cannot be read is told of, and never stops the monitor."""

from __future__ import annotations

import contextlib
from pathlib import Path

from platformdirs import user_state_path

from scantui.detect.allow import Allowed
from scantui.safe_text import harmless
from scantui.state.allow_list import AllowList
from scantui.state.directory import Directory, reason
from scantui.state.journal import Journal, KeptMark

_MOST_TOLD = 3  # lines that could not be read


def default_directory() -> Path:
    """Where the state is kept unless told otherwise."""
    return user_state_path("scantui")


class State:
    """Loads when it is made. `told` is what could not be read, a sentence each."""

    def __init__(self, path: Path) -> None:
        directory = Directory(path)
        self.path = path
        self._journal, self._list = Journal(directory), AllowList(directory)
        self.marks: tuple[KeptMark, ...] = ()
        self.allowed: tuple[Allowed, ...] = ()
        told: list[str] = []
        try:
            loaded = self._journal.load()
            self.marks = tuple(loaded.marks.values())
            told += _few(loaded.wrong)
        except OSError as error:
            told.append(f"earlier marks are not known: {harmless(str(path))}: {reason(error)}")
        try:
            self.allowed, wrong = self._list.load()
            told += _few(wrong)
        except OSError as error:
            told.append(f"the allow-list is not known: {harmless(str(path))}: {reason(error)}")
        self.told = tuple(told)
        with contextlib.suppress(OSError):  # next time, then
            self._journal.compact()

    def keep(self, change: KeptMark | Allowed, *, removed: bool = False) -> None:
        """Keep a mark, or an entry of the allow-list; `removed` takes an entry off. Raises OSError or ValueError."""
        if isinstance(change, KeptMark):
            self._journal.append([change])
        elif removed:
            self._list.remove(change)
        else:
            self._list.add(change)


def _few(sentences: tuple[str, ...]) -> list[str]:
    """At most a few of them, and how many more there are."""
    more = len(sentences) - _MOST_TOLD
    return [*sentences[:_MOST_TOLD], *([f"and {more:,} more lines that cannot be read"] if more > 0 else [])]
