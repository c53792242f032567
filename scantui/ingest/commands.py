"""Inputs that are no files: a command's output, followed as long as we are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from scantui.ingest import journal
from scantui.ingest.inputs import Input
from scantui.ingest.shared import Shared
from scantui.ingest.spawned import Spawned

Command = Callable[[bytes], list[str]]


def is_command(target: str) -> bool:
    """Whether a target is read by running something. A file of that name is a file."""
    return journal.is_journal(target) and not os.path.lexists(target)


def command_of(target: str, *, follow: bool) -> Command:
    """What is run for a target that `is_command`. Raises ValueError."""
    return journal.command(target, follow=follow)


def wrong(target: str) -> str:
    """Why nothing can be run for a target that `is_command`; empty when something can."""
    try:
        program = command_of(target, follow=False)(b"")[0]
    except ValueError as error:
        return str(error)
    return "" if shutil.which(program) else f"{program} is not installed on this machine"


class CommandInput(Input):
    """A followed command."""

    local = False

    def __init__(self, target: str, shared: Shared) -> None:
        super().__init__(target, shared)
        command = command_of(target, follow=shared.follow)
        self._pipe = Spawned(command, shared.clock, lasting=shared.follow)

    def _look(self) -> None:
        self.missing = False
        if not self._begun:
            self._begun = True
            self.current = self._own(self._shared.begin_pipe(self._pipe, self.path, os.stat(os.devnull)))
        self._pipe.arm()
