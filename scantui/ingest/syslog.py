"""Syslog from the network as an input: `syslog://ADDRESS:PORT` listens on UDP and TCP; `syslog+udp://`, `syslog+tcp://`."""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
from dataclasses import dataclass

from scantui.ingest.inputs import Input
from scantui.ingest.listener import Listener
from scantui.ingest.pipes import Pipe
from scantui.ingest.shared import Shared
from scantui.ingest.wording import os_error

PORT = 5514  # 514, syslog's own (RFC 5426 §3.3), takes privileges
_TARGET = re.compile(r"syslog(?:\+(udp|tcp))?://(?:\[([^\]]*)\]|([^:\[\]/]*))(?::([0-9]{1,5}))?/?", re.IGNORECASE)
_SCHEME = re.compile(r"syslog(?:\+\w*)?://", re.IGNORECASE)
_FORM = "write it as syslog://127.0.0.1:5514, syslog+udp://:5514 or syslog+tcp://[::1]:5514"
_BACKLOG = 64


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int
    kinds: tuple[socket.SocketKind, ...]

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach it."""
        return not ipaddress.ip_address(self.host).is_loopback


def is_syslog(target: str) -> bool:
    return _SCHEME.match(target) is not None


def address_of(target: str) -> Address:
    """What a target that `is_syslog` says. Raises ValueError."""
    match = _TARGET.fullmatch(target)
    if not match:
        raise ValueError(_FORM)
    kinds = {"udp": (socket.SOCK_DGRAM,), "tcp": (socket.SOCK_STREAM,)}.get(
        (match[1] or "").lower(), (socket.SOCK_DGRAM, socket.SOCK_STREAM)
    )
    host = match[2] or match[3] or "127.0.0.1"
    try:
        host = str(ipaddress.ip_address("127.0.0.1" if host.lower() == "localhost" else host))
    except ValueError:
        raise ValueError(f"{host} is no address of this machine; {_FORM}") from None
    port = int(match[4]) if match[4] else PORT
    if not 0 < port < 65_536:
        raise ValueError(f"{port} is no port; {_FORM}")
    return Address(host, port, kinds)


def listen(address: Address) -> list[socket.socket]:
    """Sockets that are bound. Raises ValueError that says what to do."""
    made: list[socket.socket] = []
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        for kind in address.kinds:
            each = socket.socket(family, kind)
            made.append(each)
            if kind == socket.SOCK_STREAM:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if address.host == "::":  # IPv4 as well
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            each.bind((address.host, address.port))
            if kind == socket.SOCK_STREAM:
                each.listen(_BACKLOG)
    except OSError as error:
        for each in made:
            each.close()
        raise ValueError(_why(error, address)) from None
    return made


def _why(error: OSError, address: Address) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {address.port} is in use; name another, or end what listens there"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {address.port} takes privileges; use one from 1024 on and have the firewall redirect to it"
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL):
        return f"{address.host} is no address of this machine"
    return os_error(error)


def wrong(target: str, *, follow: bool) -> str:
    """Why nothing can listen there; empty when something can."""
    try:
        address = address_of(target)
        if not follow:
            return "listening has no end; use scantui watch"
        for each in listen(address):
            each.close()
    except ValueError as error:
        return str(error)
    return ""


def exposes(target: str) -> str:
    """What a good target opens to other machines; empty when nothing."""
    address = address_of(target)
    if not address.exposed:
        return ""
    return f"whoever reaches port {address.port} of this machine can write lines into this: syslog asks nobody who they are"


class _Heard(Pipe):
    """The messages of a listener, as a stream of lines."""

    def __init__(self, address: Address) -> None:
        sockets = listen(address)
        super().__init__(sockets[0].fileno(), waits=True, lasting=True)
        self._fresh = False  # never packed
        self._listener = Listener(sockets)
        self._content = memoryview(b"")

    def arm(self) -> None:
        self.error = self._listener.lost
        super().arm()

    def _receive(self, most: int) -> bytes:
        if not self._content:
            self._content = memoryview(self._listener.take())
        given, self._content = bytes(self._content[:most]), self._content[most:]
        return given

    def close(self) -> None:
        if self.fd >= 0:
            self._listener.close()
        self.fd = -1


class SyslogInput(Input):
    """A place where messages are listened for. Raises ValueError when nothing can."""

    local = False

    def __init__(self, target: str, shared: Shared) -> None:
        super().__init__(target, shared)
        self._heard = _Heard(address_of(target))
        self._begun, self.missing = True, False
        self.current = self._own(shared.begin_pipe(self._heard, target, os.stat(os.devnull)))

    def _look(self) -> None:
        self._heard.arm()
