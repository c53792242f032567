"""A command's output as an input: the journal, and files on other machines."""

from __future__ import annotations

import os

from scantui.ingest import journal, ssh
from scantui.ingest.inputs import Input
from scantui.ingest.shared import Shared
from scantui.ingest.spawned import Spawned
from scantui.ingest.talk import Talk, WholeLines


def talk_of(target: str, *, follow: bool) -> Talk:
    """What is run for a target of one of these kinds. Raises ValueError."""
    if ssh.is_ssh(target):
        return ssh.FarFile(ssh.place_of(target), follow=follow)
    return WholeLines(journal.command(target, follow=follow))


class CommandInput(Input):
    """A followed command."""

    local = False

    def __init__(self, target: str, shared: Shared) -> None:
        super().__init__(target, shared)
        self._pipe = Spawned(talk_of(target, follow=shared.follow), shared.clock, lasting=shared.follow)

    def _look(self) -> None:
        self.missing = False
        if not self._begun:
            self._begun = True
            self.current = self._own(self._shared.begin_pipe(self._pipe, self.path, os.stat(os.devnull)))
        self._pipe.arm()
        if self.current is not None and self._pipe.ended and self._pipe.fd < 0:
            self.current.finished = True
