"""Messages as one mbox file (RFC 4155), which mail programs open as a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.message import Message

_FROM = re.compile(rb"^(>*From )", re.M)
_SENDER = "scantui"


def mbox(messages: Iterable[Message], made_at: int) -> Iterator[bytes]:
    """Every message as the file's bytes; `made_at` in microseconds UTC. Lines that could begin another are quoted (mboxrd)."""
    stamp = datetime.fromtimestamp(made_at // 1_000_000, UTC).strftime("%a %b %e %H:%M:%S %Y")
    for message in messages:
        body = _FROM.sub(rb">\1", bytes(message))
        yield f"From {_SENDER} {stamp}\n".encode() + body + (b"\n" if body.endswith(b"\n") else b"\n\n")
