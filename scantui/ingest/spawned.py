"""What a command writes, over its deaths: it is started again where it ended. No shell has a part in it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import suppress

from scantui.ingest.pipes import Pipe
from scantui.ingest.talk import Talk

FIRST, LONGEST = 1.0, 60.0  # seconds before a command is started again, doubled each time
_STEADY = 30.0  # seconds it must have run for the first wait to count again
_TOLD = 4096  # bytes kept of what it says on stderr
_RAW = 128 * 1024  # bytes read at a time


class Spawned(Pipe):
    """A pipe from a command that lives on when the command ends. Without `lasting` its end is the end."""

    def __init__(self, talk: Talk, clock: Callable[[], float], *, lasting: bool) -> None:
        super().__init__(-1, waits=True, lasting=lasting)
        self._fresh = talk.may_be_packed
        self._talk = talk
        self._clock = clock
        self._stays = lasting
        self._process: subprocess.Popen[bytes] | None = None
        self._said = -1  # its stderr
        self._words = b""
        self._content = b""
        self._started_at = self._due = float("-inf")
        self._wait = FIRST / 2

    def arm(self) -> None:
        """Allow the next reads; start the command when it is time."""
        if self._process is None and not self.ended and self._clock() >= self._due:
            self._start()
        self._listen()
        super().arm()

    def _start(self) -> None:
        arguments = self._talk.arguments()
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
        while not self._content and self.fd >= 0 and (raw := super()._receive(_RAW)):
            self._content = self._talk.take(raw)
            self.error = self._talk.note
        given, self._content = self._content[:most], self._content[most:]
        return given

    def ready(self, limit: int) -> bool:
        """Not while the command is waited for, either."""
        return (bool(self._content) or self.fd >= 0) and super().ready(limit)

    def _over(self) -> None:
        """The command closed its end."""
        process, ran = self._process, self._clock() - self._started_at
        self._talk.cut()
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
        self._listen()
        self._release()
        status = process.returncode if process is not None else 0
        why, final = self._talk.why(status, [line for line in self._words.split(b"\n") if line.strip()])
        if not self._stays or final:
            self.ended, self.error = True, why if status else ""
            return
        self._wait = FIRST if ran >= _STEADY else min(2 * self._wait, LONGEST)
        self._due = self._clock() + self._wait
        self.error = f"{why}; started again in {self._wait:.0f} s"

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
