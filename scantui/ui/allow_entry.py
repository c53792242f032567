"""An entry of the allow-list as it is typed: texts of the dialog's fields to an `Allowed`, with what is wrong in words."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime, timedelta

from scantui.detect.allow import Allowed, entry_of, line_of
from scantui.ui.text import plain

_SPAN = re.compile(r"([0-9]{1,4})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}
_MINUTE = timedelta(minutes=1)


def read_entry(network: str, ports: str, reason: str, until: str, now: datetime) -> Allowed:
    """Raises ValueError with what to write instead."""
    try:
        ipaddress.ip_network(network.strip(), strict=False)
    except ValueError:
        raise ValueError(
            f"'{plain(network, 60)}' is no network: write 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32"
        ) from None
    if not reason.strip():
        raise ValueError("write a reason: whoever reads the list next must know why")
    words = [network.strip()]
    if ports.strip():
        words.append("ports=" + re.sub(r"[\s,]+", ",", ports.strip()).strip(","))
    if until.strip():
        words.append(f"until={_end(until.strip(), now)}")
    entry = entry_of(" ".join((*words, *reason.split())))
    assert entry is not None  # it begins with a network
    line_of(entry)
    if entry.reason != " ".join(reason.split()):
        raise ValueError("a reason cannot hold '#' alone, nor words that begin with ports= or until=")
    return entry


def _end(text: str, now: datetime) -> str:
    """A day or a minute as the list has it. `7d`, `12h` and `2w` count from now."""
    span = _SPAN.fullmatch(text)
    if span:
        end = now + timedelta(hours=int(span[1]) * _HOURS[span[2]])
        return f"{end + _MINUTE:%Y-%m-%dT%H:%M}"
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M"):
        try:
            end = datetime.strptime(text.removesuffix("Z").replace(" ", "T"), form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if end + timedelta(days=1 if form == "%Y-%m-%d" else 0) <= now:
            raise ValueError(f"'{plain(text, 40)}' has passed")
        return f"{end:{form}}"
    raise ValueError(
        f"'{plain(text, 40)}' is no end: write 12h, 7d, 2w, 2027-01-31 or 2027-01-31 18:30 (UTC), or nothing"
    )
