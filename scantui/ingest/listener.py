"""A thread that takes syslog messages from sockets, so that neither a burst nor a slow sender waits for what else is done."""

from __future__ import annotations

import errno
import selectors
import socket
import threading
from collections import deque
from contextlib import suppress

from scantui.ingest.frames import Framer, as_line
from scantui.ingest.lines import MAX_LINE

_MOST_HELD = 16 << 20  # bytes of messages that wait to be read
_MOST_CONNECTIONS = 256
_RAW = 64 * 1024  # bytes read from a socket at a time; no datagram is longer
_AT_ONCE = 256  # datagrams between two looks at the connections
_BUFFER = 8 << 20  # bytes asked for from the kernel for datagrams that wait; it gives what net.core.rmem_max allows
_OVERFLOWS = 40  # SO_RXQ_OVFL of Linux: with each datagram, how many were dropped before it
_FORCE = 33  # SO_RCVBUFFORCE of Linux
_LOOK = 0.2  # seconds between looks at whether to stop
_REST = 0.02  # seconds to wait while there is no room


class Listener:
    """Takes messages from these sockets, which it closes in the end: UDP ones by datagrams, others by connections."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self._sockets = sockets
        self._lock = threading.Lock()
        self._held: deque[bytes] = deque()
        self._size = 0
        self._dropped = self._too_long = self._refused = 0
        self._overflows: dict[socket.socket, int] = {}
        self._framers: dict[socket.socket, Framer] = {}
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray(_RAW)
        self._stop = threading.Event()
        for each in sockets:
            each.setblocking(False)
            self._selector.register(each, selectors.EVENT_READ)
            if each.type == socket.SOCK_DGRAM:
                _widen(each)
        self._thread = threading.Thread(target=self._run, name="scantui-listen", daemon=True)
        self._thread.start()

    def take(self) -> bytes:
        """The messages that came, a line each; at most about 16 MiB."""
        with self._lock:
            got, self._size = b"".join(self._held), 0
            self._held.clear()
        return got

    @property
    def lost(self) -> str:
        """What was lost and why; empty when nothing was."""
        parts = [
            (self._dropped + sum(self._overflows.values()), "messages that came faster than they were read"),
            (self._too_long, f"messages longer than {MAX_LINE >> 10} KiB"),
            (self._refused, f"connections beyond {_MOST_CONNECTIONS}"),
        ]
        told = [f"{count:,} {why}" for count, why in parts if count]
        return f"lost: {'; '.join(told)}" if told else ""

    def close(self) -> None:
        self._stop.set()
        self._thread.join(2.0)
        for each in (*self._framers, *self._sockets):
            each.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            full = self._size >= _MOST_HELD
            if full:  # senders over TCP wait; what comes over UDP is lost
                self._stop.wait(_REST)
            for key, _ in self._selector.select(0 if full else _LOOK):
                each = key.fileobj
                assert isinstance(each, socket.socket)
                if each.type == socket.SOCK_DGRAM:
                    self._datagrams(each)
                elif full:
                    continue
                elif each in self._framers:
                    self._stream(each)
                else:
                    self._accept(each)

    def _keep(self, data: bytes) -> None:
        if data:
            with self._lock:
                self._held.append(data)
                self._size += len(data)

    def _datagrams(self, each: socket.socket) -> None:
        made, room = [], _MOST_HELD - self._size
        for _ in range(_AT_ONCE):
            try:
                size, told, _, _ = each.recvmsg_into([self._buffer], 64)
            except OSError:  # none left, or a complaint about one that was sent before
                break
            for level, kind, value in told:
                if level == socket.SOL_SOCKET and kind == _OVERFLOWS:
                    self._overflows[each] = int.from_bytes(value[:4], "little")
            line = as_line(bytes(self._buffer[:size]))
            if len(line) > room:
                self._dropped += 1
            else:
                made.append(line)
                room -= len(line)
        self._keep(b"".join(made))

    def _accept(self, each: socket.socket) -> None:
        try:
            connection, _ = each.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                self._stop.wait(_REST)
            return
        if len(self._framers) >= _MOST_CONNECTIONS:
            self._refused += 1
            connection.close()
            return
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._framers[connection] = Framer()
        self._selector.register(connection, selectors.EVENT_READ)

    def _stream(self, each: socket.socket) -> None:
        framer = self._framers[each]
        before = framer.too_long
        try:
            data = each.recv(_RAW)
        except BlockingIOError:
            return
        except OSError:  # broken off: what it began is no message
            data, framer = b"", Framer()
        self._keep(framer.feed(data) if data else framer.finish())
        self._too_long += max(0, framer.too_long - before)
        if not data:
            self._selector.unregister(each)
            del self._framers[each]
            each.close()


def _widen(each: socket.socket) -> None:
    """Let more datagrams wait, and have the kernel count those it drops, where it can."""
    with suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    with suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, _FORCE, _BUFFER)
    with suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, _OVERFLOWS, 1)
