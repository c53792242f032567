"""Waking early: a thread that is told by the kernel about directories in which all is quiet."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterable

MOST_WATCHED = 256  # directories


class Waker:
    """A sleep that another thread can end."""

    def __init__(self) -> None:
        self._out, self._in = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN)
        self._lock = threading.Lock()

    def wake(self) -> None:
        """End the sleep under way or the next one. From any thread."""
        with self._lock:
            if self._in >= 0:
                try:
                    os.write(self._in, b"x")
                except BlockingIOError:
                    pass

    def sleep(self, seconds: float) -> None:
        if self._poll.poll(max(0.0, seconds) * 1000):
            os.read(self._out, 4096)

    def close(self) -> None:
        with self._lock:
            for fd in (self._out, self._in):
                if fd >= 0:
                    os.close(fd)
            self._out = self._in = -1


class Watcher:
    """Collects the watched directories in which something happened.

    watchfiles pays for every write, so busy directories must not be given. Where watching fails (inotify limits, odd
    file systems), nothing is collected: the caller polls anyway, only less often.
    """

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._watched: frozenset[str] = frozenset()
        self._failed: frozenset[str] | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, directories: Iterable[str]) -> None:
        """Watch these directories and no others."""
        wanted = frozenset(sorted(directories)[:MOST_WATCHED])
        alive = self._thread is not None and self._thread.is_alive()
        if (wanted == self._watched and (alive or not wanted)) or wanted == self._failed:
            return
        self._stop.set()
        self._watched = wanted
        if wanted:
            self._stop = threading.Event()
            self._thread = threading.Thread(
                target=self._run, args=(wanted, self._stop), name="scantui-watch", daemon=True
            )
            self._thread.start()

    def working(self) -> bool:
        """Whether changes in the watched directories would be reported."""
        return self._thread is not None and self._thread.is_alive()

    def changed(self) -> set[str]:
        """Directories in which something happened since the last call."""
        with self._lock:
            changed, self._changed = self._changed, set()
        return changed

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)
        self._thread = None

    def _run(self, directories: frozenset[str], stop: threading.Event) -> None:
        try:
            from watchfiles import watch  # here, for a run that is never quiet needs none of it

            real = {os.path.realpath(directory): directory for directory in directories}
            for changes in watch(
                *real,
                watch_filter=None,
                debounce=50,
                step=20,
                stop_event=stop,
                rust_timeout=500,
                raise_interrupt=False,
                force_polling=False,
                recursive=False,
            ):
                paths = {path for _, path in changes}
                with self._lock:
                    for path in paths:
                        self._changed.add(real.get(os.path.dirname(path), real.get(path, "")))
                self._waker.wake()
                if stop.wait(0.02):
                    return
        except Exception:  # whatever it is, polling goes on without
            self._failed = directories
