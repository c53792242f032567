"""Suricata EVE: alerts and flows of scans and of ordinary traffic, some other events; beside `json.loads` for the same columns."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

FORMAT = "suricata-eve"
AGAINST = "json.loads"
START = 1_794_268_800  # 2026-11-10T00:00:00Z
RULES = [
    (2010937, "SCAN Suspicious inbound to mySQL port 3306", "Potentially Bad Traffic", 2),
    (2002910, "SCAN Potential VNC Scan 5800-5820", "Attempted Information Leak", 2),
    (1000007, "SCAN nmap-like SYN window 1024", "Attempted Information Leak", 2),
    (2001219, "SCAN Potential SSH Scan", "Attempted Information Leak", 2),
]


def _stamp(micro: int) -> str:
    return datetime.fromtimestamp(micro / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{micro % 1_000_000:06d}+0000"


def _event(rng: random.Random, micro: int, number: int) -> dict[str, object]:
    tuple_ = {
        "src_ip": f"203.0.113.{rng.randrange(256)}",
        "src_port": rng.randrange(1024, 65_536),
        "dest_ip": f"192.0.2.{rng.randrange(256)}",
        "dest_port": rng.randrange(1, 10_000),
    }
    kind = rng.choices(["flow", "alert", "http"], [55, 38, 7])[0]
    event = {
        "timestamp": _stamp(micro),
        "flow_id": rng.randrange(10**15, 10**16),
        "in_iface": "eth0",
        "event_type": kind,
    }
    event |= {**tuple_, "proto": "TCP"}
    if kind == "flow":
        answered = rng.random() < 0.2
        flags = {"syn": True, "fin": True, "psh": True, "ack": True} if answered else {"syn": True}
        packets = {"pkts_toserver": rng.randrange(1, 12), "pkts_toclient": rng.randrange(1, 9) if answered else 0}
        octets = {"bytes_toserver": rng.randrange(58, 9000), "bytes_toclient": rng.randrange(9000) if answered else 0}
        times = {"start": _stamp(micro - 61_000_000), "end": _stamp(micro - 60_000_000), "age": rng.randrange(60)}
        sent = (
            {"tcp_flags": "1b", "tcp_flags_ts": "1b", "tcp_flags_tc": "1b"}
            if answered
            else {"tcp_flags": "02", "tcp_flags_ts": "02", "tcp_flags_tc": "00"}
        )
        state = "closed" if answered else "new"
        return event | {
            "flow": packets | octets | times | {"state": state, "reason": "timeout", "alerted": False},
            "tcp": sent | flags | {"state": "closed" if answered else "syn_sent"},
        }
    if kind == "alert":
        sid, name, category, severity = rng.choice(RULES)
        rule = {"action": "allowed", "gid": 1, "signature_id": sid, "rev": rng.randrange(1, 9)}
        packets = {"pkts_toserver": 1, "pkts_toclient": 0, "bytes_toserver": 60, "bytes_toclient": 0}
        return event | {
            "alert": rule | {"signature": name, "category": category, "severity": severity},
            "direction": "to_server",
            "flow": packets | {"start": _stamp(micro)} | tuple_,
        }
    return event | {
        "http": {"hostname": "www.example", "url": f"/{number}", "http_method": "GET", "length": rng.randrange(9999)}
    }


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    rng = random.Random(seed)
    micro, made = START * 1_000_000, []
    for number in range(count):
        micro += rng.randrange(200, 5_000)
        made.append(json.dumps(_event(rng, micro, number), separators=(",", ":")).encode())
    return made


@lru_cache(100_000)
def _address(text: str) -> int:
    a, b, c, d = text.split(".")
    return int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d)


@lru_cache(10_000)
def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


_WORDS: dict[object, int] = {}


def _word(text: object) -> int:
    return _WORDS.setdefault(text, len(_WORDS))


def reference(data: bytes) -> int:
    """What one would write by hand: `json.loads` a line, the same columns, arrays at the end; events read."""
    rows, offset = [], 0
    for line in data.splitlines(keepends=True):
        event = json.loads(line)
        kind = event["event_type"]
        if kind in ("alert", "flow"):
            flow, tcp, alert = event.get("flow", {}), event.get("tcp", {}), event.get("alert", {})
            rows.append(
                (
                    _time(flow["start"] if kind == "flow" else event["timestamp"]),
                    _address(event["src_ip"]),
                    _address(event["dest_ip"]),
                    event.get("src_port", 0),
                    event.get("dest_port", 0),
                    _word(event["proto"]),
                    _word(event.get("in_iface")),
                    _word(alert.get("signature")),
                    _word(alert.get("action")),
                    flow.get("pkts_toserver", 1),
                    flow.get("pkts_toclient", 0),
                    int(tcp.get("tcp_flags_ts", "0"), 16),
                    int(tcp.get("tcp_flags_tc", "0"), 16),
                    offset,
                    len(line),
                )
            )
        offset += len(line)
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return len(columns[0])
