"""Syslog messages out of a TCP stream, by both framings of RFC 6587: counted (§3.4.1), or ended by a newline or NUL (§3.4.2)."""

from __future__ import annotations

import re

from scantui.ingest.lines import MAX_LINE

_COUNT = re.compile(rb"([1-9][0-9]{0,8}) <")  # what is counted begins with its priority
_MAY_COUNT = re.compile(rb"[1-9][0-9]{0,8} ?")
_END = re.compile(rb"[\n\0]")
_INSIDE = bytes.maketrans(b"\n", b" ")  # a message is one line, whatever its sender put into it


def as_line(message: bytes) -> bytes:
    """A message as one line with its newline; empty for one of nothing."""
    text = message.rstrip(b"\r\n\0").translate(_INSIDE)
    return text + b"\n" if text else b""


class Framer:
    """The messages of one connection. Which framing it is shows at each message. `too_long` counts what was passed over."""

    def __init__(self, longest: int = MAX_LINE) -> None:
        self.too_long = 0
        self._longest = longest
        self._held = b""
        self._pass = 0  # bytes left of a counted message that is too long
        self._passing = False  # inside a line that is too long

    def feed(self, data: bytes) -> bytes:
        """The messages that are whole now, a line each."""
        searched = len(self._held)  # no line ends before that
        data, made, at = self._held + data, [], 0
        while at < len(data):
            if self._pass:
                passed = min(self._pass, len(data) - at)
                at, self._pass = at + passed, self._pass - passed
                continue
            counted = None if self._passing else _COUNT.match(data, at)
            if counted:
                begin, size = counted.end() - 1, int(counted[1])
                if size > self._longest:
                    self.too_long += 1
                    at, self._pass = begin, size
                elif begin + size > len(data):
                    break
                else:
                    made.append(as_line(data[begin : begin + size]))
                    at = begin + size
                continue
            end = _END.search(data, max(at, searched))
            if end is None:
                if self._passing or len(data) - at > self._longest:
                    self.too_long += not self._passing
                    self._passing, at = True, len(data)
                break
            if self._passing or end.start() - at > self._longest:
                self.too_long += not self._passing
                self._passing = False
            else:
                made.append(as_line(data[at : end.start()]))
            at = end.end()
        self._held = data[at:]
        return b"".join(made)

    def finish(self) -> bytes:
        """The last message of a connection that was closed in order: it may lack its newline."""
        counted = _COUNT.match(self._held) or _MAY_COUNT.fullmatch(self._held)
        return b"" if counted or self._passing else as_line(self._held)
