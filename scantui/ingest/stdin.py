"""Standard input as a log: followed as the input `-`, and moved away so that the keyboard keeps working."""

from __future__ import annotations

import os

from scantui.ingest.inputs import Input
from scantui.ingest.pipes import Pipe
from scantui.ingest.shared import Shared
from scantui.ingest.targets import STDIN, InputError

_TERMINAL = "/dev/tty"


class StandardInput(Input):
    """The input named `-`, from an open descriptor, which it closes in the end (but for 0, which stays open)."""

    local = False

    def __init__(self, fd: int, shared: Shared) -> None:
        super().__init__(STDIN, shared)
        self._fd = fd

    def _look(self) -> None:
        self.missing = False
        if not self._begun:
            self._begun = True
            fd = self._fd or os.dup(0)
            self.current = self._own(self._shared.begin_pipe(Pipe(fd, waits=False), STDIN, os.fstat(fd)))
        if self.current is not None and isinstance(self.current.stream, Pipe):
            self.current.stream.arm()


def take_stdin() -> int:
    """Move standard input to a new descriptor and put the terminal in its place; return the new descriptor.

    Raises InputError, with standard input as it was, when it is the terminal itself, closed, or there is no terminal.
    """
    try:
        data = os.dup(0)
    except OSError as error:
        raise InputError("-: standard input is closed; pipe a log into it, or name a file") from error
    try:
        if os.isatty(data):
            raise InputError("-: standard input is the terminal; pipe a log into it, or name a file")
        keyboard = os.open(_TERMINAL, os.O_RDWR)
    except InputError:
        os.close(data)
        raise
    except OSError as error:
        os.close(data)
        raise InputError("-: there is no terminal to read keys from; use 'scantui report -'") from error
    os.dup2(keyboard, 0)
    os.close(keyboard)
    return data
