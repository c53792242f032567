"""A file on another machine as an input, `ssh://[user@]host[:port]/path`: read by the system's ssh and the user's settings."""

from __future__ import annotations

import re
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from scantui.ingest.capture import is_capture
from scantui.ingest.far_file import checksum, script
from scantui.ingest.packed import packing
from scantui.ingest.talk import Talk
from scantui.safe_text import harmless

SCHEME = "ssh://"
_TARGET = re.compile(r"ssh://(?:([^@/]*)@)?(\[[^\]/]*\]|[^:/@\[\]]*)(?::([0-9]{1,5}))?(/.*)", re.DOTALL)
# What a user or host is called reaches the shell by ssh_config's ProxyCommand (OpenSSH refuses some of it since 9.6).
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:]+(?:%[A-Za-z0-9_.]+)?\]")
_FORM = "write it as ssh://user@host/var/log/kern.log"
_OPTIONS = (
    "BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=15", "ServerAliveCountMax=3", "ClearAllForwardings=yes",
    "PermitLocalCommand=no", "RemoteCommand=none", "RequestTTY=no", "LogLevel=ERROR",
)  # fmt: skip
_KEPT = 64  # bytes before the place by which a file is known again
_MARKER = b"\x01scantui "
_LONGEST_MARK = 128
_MISSING, _DIRECTORY, _DENIED, _FAILED = 66, 67, 68, 255
_ENDS = {
    _MISSING: "no such file there; check the path",
    _DIRECTORY: "a directory there; name a file in it",
    _DENIED: "permission denied there; log in as a user who may read it",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A file on a machine. `login` is as ssh takes it."""

    login: str
    port: str
    path: str


def is_ssh(target: str) -> bool:
    return target.startswith(SCHEME)


def place_of(target: str) -> Place:
    """What a target that `is_ssh` says. Raises ValueError."""
    match = _TARGET.fullmatch(target)
    if not match:
        raise ValueError(_FORM)
    user, host, port, path = match[1], match[2], match[3] or "", unquote(match[4])
    if not _HOST.fullmatch(host) or (user is not None and not _NAME.fullmatch(user)):
        raise ValueError(f"a user's or host's name has letters, digits, '.', '_' and '-'; {_FORM}")
    if port and not 0 < int(port) < 65_536:
        raise ValueError(f"{port} is no port; {_FORM}")
    if not path.isprintable() or path.endswith("/"):
        raise ValueError(f"the path is that of one file; {_FORM}")
    if re.search(r"[*?\[]", match[4]):
        raise ValueError("patterns are not looked up on other machines; name each file (a * in a name is %2A)")
    return Place(f"{user}@{host.strip('[]')}" if user else host.strip("[]"), port, path)


class FarFile(Talk):
    """One connection after another to the same file: by inode, offset and the bytes before it the far side finds where to go on,
    in the file or in the one it was rotated to."""

    may_be_packed = True

    def __init__(self, place: Place, *, follow: bool) -> None:
        self._place = place
        self._follow = follow
        self._inode, self._offset, self._kept = "", 0, b""
        self._text = True  # what is read is lines
        self._last = 10  # the last byte of content
        self._held = b""  # bytes that may be the beginning of a mark
        self._mark = b""
        self._met = False  # a connection stood

    def arguments(self) -> Sequence[str]:
        """Every connection has marks of its own, which no log line can hold."""
        key = secrets.token_hex(8)
        self._mark, self._held = _MARKER + key.encode() + b" ", b""
        told = (self._place.path, self._inode, str(self._offset), str(len(self._kept)), str(checksum(self._kept)), key,
                "1" if self._follow else "0")  # fmt: skip
        command = f"exec sh -c {shlex.quote(script())} scantui {' '.join(map(shlex.quote, told))}"
        options = [word for option in _OPTIONS for word in ("-o", option)]
        return ["ssh", "-T", *options, *self._port(), "--", self._place.login, command]

    def _port(self) -> list[str]:
        return ["-p", self._place.port] if self._place.port else []

    def take(self, raw: bytes) -> bytes:
        data, made = self._held + raw, []
        while (at := data.find(self._mark)) >= 0 and (end := data.find(b"\n", at)) >= 0:
            made.append(self._content(data[:at]))
            made.append(self._heard(data[at + len(self._mark) : end].split()))
            data = data[end + 1 :]
        begun = at if at >= 0 and len(data) - at < _LONGEST_MARK else _begun(data, self._mark)
        made.append(self._content(data[:begun]))
        self._held = data[begun:]
        return b"".join(made)

    def cut(self) -> None:
        self._held = b""

    def why(self, status: int, said: Sequence[bytes]) -> tuple[str, bool]:
        words = b"\n".join(said)
        host = self._place.login.rpartition("@")[2]
        by_hand = " ".join(["ssh", *self._port(), self._place.login])
        if status in _ENDS:
            return _ENDS[status], not self._met
        if status != _FAILED:
            told = harmless(said[-1].strip(), 200) if said else f"exit {status}"
            return f"ssh: the other machine ended it ({told})", False
        if b"Host key verification failed" in words:
            return f"ssh: the key of {host} is unknown or has changed; check it with: {by_hand}", not self._met
        if b"Permission denied" in words:
            return (
                f"ssh: {host} refused the login; nobody can type a password here: load a key (ssh-add)",
                not self._met,
            )
        return (harmless(said[-1].strip(), 200) if said else "ssh: connection lost"), False

    def _heard(self, words: list[bytes]) -> bytes:
        """Take a mark; returns a newline that the file before it lacked."""
        self._met = True
        if words[:1] == [b"F"] and len(words) == 3 and words[1].isdigit() and words[2].isdigit():
            self.note = self.note if self.note.startswith("lines") else ""
            inode, offset = words[1].decode("latin-1"), int(words[2])
            if (inode, offset) != (self._inode, self._offset):
                unfinished = offset == 0 and self._text and self._last != 10
                self._inode, self._offset, self._kept, self._last = inode, offset, b"", 10
                return b"\n" if unfinished else b""
        elif words == [b"M"]:
            self.note = "no such file there yet; waiting for it"
        elif words == [b"L"]:
            self.note = (
                "lines may be missing: the file was rotated away and packed or removed while the connection was down"
            )
        return b""

    def _content(self, data: bytes) -> bytes:
        if not data or not self._met:  # what a login prints comes before the first mark
            return b""
        if not self._offset:
            self._text = not is_capture(data) and not packing(data)
        self._offset += len(data)
        self._kept = (self._kept + data)[-_KEPT:]
        self._last = data[-1]
        return data


def _begun(data: bytes, mark: bytes) -> int:
    """Where a mark that is not whole may begin at the end."""
    for size in range(min(len(data), len(mark) - 1), 0, -1):
        if data.endswith(mark[:size]):
            return len(data) - size
    return len(data)
