"""Snort's built-in decoder rules on TCP flags: they look at any port, if they are enabled.

Source: Snort 3 codecs/codec_module.h and codecs/ip/cd_tcp.cc."""

from __future__ import annotations

import numpy as np

from scantui.events import ACK, FIN, PSH, RST, SYN, URG, Proto
from scantui.explain.rules.evaluate import Bench

# (mask, value, rule, its text)
_BUILT_IN = (
    (SYN | FIN, SYN | FIN, "116:420", "TCP SYN with FIN"),
    (SYN | RST, SYN | RST, "116:421", "TCP SYN with RST"),
    (FIN | PSH | URG | SYN | ACK | RST, FIN | PSH | URG, "116:401", "nmap XMAS"),
    (SYN | ACK | RST, 0, "116:423", "TCP without SYN, ACK or RST"),
)


def decoder_notes(bench: Bench) -> list[str]:
    """One sentence for each built-in rule that all or some of the packets meet."""
    events = bench.events
    known = (events.proto == Proto.TCP) & events.is_known("flags")
    notes = []
    for mask, value, rule, text in _BUILT_IN:
        hit = known & ((events.flags & np.uint16(mask)) == value)
        count = bench.packets(hit)
        if count:
            notes.append(
                f"Snort's decoder rule {rule} ({text}), where enabled, takes {count:,} of these packets on any port"
            )
    return notes
