"""What a command writes, over its deaths: it is started again where it ended. No shell has a part in it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress

from scantui.ingest.pipes import Pipe
from scantui.safe_text import harmless

FIRST, LONGEST = 1.0, 60.0  # seconds before a command is started again, doubled each time
_STEADY = 30.0  # seconds it must have run for the first wait to count again
_TOLD = 4096  # bytes kept of what it says on stderr
_RAW = 128 * 1024  # bytes read at a time
_LONG_LINE = 1 << 20  # bytes of a line that is not held back until its end


class Spawned(Pipe):
    """A pipe from a command that lives on when the command ends. Only whole lines are given: one that the end cut off comes
    again with the next start.

    `command` gives the arguments by the last whole line that came (empty before the first). Without `lasting` its end is
    the end.
    """

    def __init__(self, command: Callable[[bytes], Sequence[str]], clock: Callable[[], float], *, lasting: bool) -> None:
        super().__init__(-1, waits=True, lasting=lasting)
        self._fresh = False  # never packed
        self._command = command
        self._clock = clock
        self._stays = lasting
        self._process: subprocess.Popen[bytes] | None = None
        self._said = -1  # its stderr
        self._words = b""
        self._whole = self._part = self._last = b""
        self._name = ""
        self._started_at = self._due = float("-inf")
        self._wait = FIRST / 2

    def arm(self) -> None:
        """Allow the next reads; start the command when it is time."""
        if self._process is None and not self.ended and self._clock() >= self._due:
            self._start()
        self._listen()
        super().arm()

    def _start(self) -> None:
        arguments = self._command(self._last)
        self._name = arguments[0]
        out, into = os.pipe2(os.O_CLOEXEC)
        said, say = os.pipe2(os.O_CLOEXEC)
        try:
            self._process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=into, stderr=say, start_new_session=True
            )
        except OSError as error:
            os.close(out)
            os.close(said)
            why = "not installed" if isinstance(error, FileNotFoundError) else (error.strerror or "").lower()
            self.error, self.ended = f"{arguments[0]} cannot be run: {why}", True
            return
        finally:
            os.close(into)
            os.close(say)
        for fd in (out, said):
            os.set_blocking(fd, False)
        self.fd, self._said, self._words = out, said, b""
        self._started_at = self._clock()

    def _receive(self, most: int) -> bytes:
        if not self._whole and self.fd >= 0:
            raw = super()._receive(_RAW)
            if raw:
                self.error = ""
                self._take_lines(self._part + raw)
        given, self._whole = self._whole[:most], self._whole[most:]
        return given

    def _take_lines(self, data: bytes) -> None:
        end = len(data) if len(data) > _LONG_LINE else data.rfind(b"\n") + 1
        self._whole, self._part = data[:end], data[end:]
        if end:
            self._last = data[data.rfind(b"\n", 0, end - 1) + 1 : end]

    def _over(self) -> None:
        """The command closed its end."""
        process, ran, self._part = self._process, self._clock() - self._started_at, b""
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
        self._listen()
        self._release()
        status = process.returncode if process is not None else 0
        words = [line for line in self._words.split(b"\n") if line.strip()]
        why = f": {harmless(words[-1].strip(), 200)}" if words else f" (exit {status})" if status else ""
        if not self._stays:
            self.ended, self.error = True, f"{self._name} ended{why}" if status else ""
            return
        self._wait = FIRST if ran >= _STEADY else min(2 * self._wait, LONGEST)
        self._due = self._clock() + self._wait
        self.error = f"{self._name} ended{why}; started again in {self._wait:.0f} s"

    def _listen(self) -> None:
        """Take what it says on stderr, so that it is never kept waiting."""
        if self._said >= 0:
            with suppress(BlockingIOError):
                while more := os.read(self._said, _TOLD):
                    self._words = (self._words + more)[-_TOLD:]

    def _release(self) -> None:
        for fd in (self.fd, self._said):
            if fd >= 0:
                os.close(fd)
        self.fd = self._said = -1
        if self._process is not None:
            if self._process.poll() is None:
                self._process.terminate()
                try:
                    self._process.wait(1.0)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
            self._process = None

    def close(self) -> None:
        self._release()
