"""key=value lines, with the events they must give."""

from __future__ import annotations

from scantui.events import LATER
from scantui.formats.base import Sample

SAMPLES = (
    Sample(
        b"ts=2000-01-25T03:14:01Z event=fw_drop src=203.0.113.7:53 dst=192.0.2.10:21 proto=tcp flags=SYN-FIN",
        {
            "ts": "2000-01-25T03:14:01Z",
            "ts_quality": "second",
            "src": "203.0.113.7",
            "sport": 53,
            "dst": "192.0.2.10",
            "dport": 21,
            "proto": "tcp",
            "proto_num": 6,
            "flags": "SYN-FIN",
            "action": "drop",
            "rule": "fw_drop",
            "ttl": None,
            "window": None,
        },
    ),
    Sample(
        b"ts=2026-11-10T07:39:00.125Z event=fw_accept src=[2001:db8:bad::7]:49210 dst=[2001:db8:1::10]:443 proto=tcp flags=NONE",
        {
            "ts": "2026-11-10T07:39:00.125Z",
            "ts_quality": "exact",
            "src": "2001:db8:bad::7",
            "dst": "2001:db8:1::10",
            "dport": 443,
            "flags": "NULL",
            "action": "accept",
        },
    ),
    Sample(
        b"ts=2026-11-10T08:41:02+01:00 event=fw_drop src=203.0.113.133 dst=192.0.2.52 proto=tcp frag=1",
        {"ts": "2026-11-10T07:41:02Z", "sport": None, "dport": None, "flags": None, "frag": LATER},
    ),
    Sample(
        b"ts=2026-11-10T07:52:24Z event=fw_reject src=198.51.100.37 dst=192.0.2.176 proto=icmp type=3 code=3",
        {"proto": "icmp", "icmp_type": 3, "icmp_code": 3, "action": "reject", "dport": None},
    ),
)
