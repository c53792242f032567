"""What is to be known of a command whose output is an input: how it is started and started again, and what of it is content."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from scantui.safe_text import harmless

_LONG_LINE = 1 << 20  # bytes of a line that is not held back until its end


class Talk(ABC):
    """A command over its starts."""

    note = ""  # a trouble that is not its end
    may_be_packed = False  # whether its output is unpacked when it is an archive

    @abstractmethod
    def arguments(self) -> Sequence[str]:
        """What to run, the first time or to go on."""

    @abstractmethod
    def take(self, raw: bytes) -> bytes:
        """The content in the next bytes of its output."""

    @abstractmethod
    def cut(self) -> None:
        """The output ended here."""

    def why(self, status: int, said: Sequence[bytes]) -> tuple[str, bool]:
        """Why it ended with this exit status and these lines on stderr, and whether it would only end so again."""
        name = self.arguments()[0]
        words = f": {harmless(said[-1].strip(), 200)}" if said else f" (exit {status})" if status else ""
        return f"{name} ended{words}", False


class WholeLines(Talk):
    """Only whole lines are content: one that the end cut off comes again with the next start. `command` gives the arguments by
    the last whole line that came (empty before the first)."""

    def __init__(self, command: Callable[[bytes], Sequence[str]]) -> None:
        self._command = command
        self._part = self._last = b""

    def arguments(self) -> Sequence[str]:
        return self._command(self._last)

    def take(self, raw: bytes) -> bytes:
        data = self._part + raw
        end = len(data) if len(data) > _LONG_LINE else data.rfind(b"\n") + 1
        self._part = data[end:]
        if end:
            self._last = data[data.rfind(b"\n", 0, end - 1) + 1 : end]
        return data[:end]

    def cut(self) -> None:
        self._part = b""
