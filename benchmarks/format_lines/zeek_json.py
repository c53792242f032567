"""Zeek's conn.log as JSON, beside `json.loads` for the same columns."""

from __future__ import annotations

import json
import random

import numpy as np

FORMAT = "zeek-json"
AGAINST = "json.loads"
START = 1_794_268_800  # 2026-11-10T00:00:00Z
STATES = [("S0", "S"), ("REJ", "Sr"), ("SF", "ShADadFf"), ("RSTO", "ShADadR")]
_ANSWERED = {"S0": 0, "REJ": 0, "SF": 1, "RSTO": 1}


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    rng = random.Random(seed)
    micro, made = START * 1_000_000, []
    for number in range(count):
        micro += rng.randrange(200, 5_000)
        state, history = rng.choice(STATES)
        event: dict[str, object] = {
            "ts": micro / 1e6,
            "uid": f"C{number:017x}",
            "id.orig_h": f"203.0.113.{rng.randrange(256)}",
            "id.orig_p": rng.randrange(1024, 65_536),
            "id.resp_h": f"192.0.2.{rng.randrange(256)}",
            "id.resp_p": rng.randrange(1, 10_000),
            "proto": "tcp",
            "duration": rng.randrange(10**6) / 1e6,
            "orig_bytes": rng.randrange(9000),
            "resp_bytes": rng.randrange(9000),
            "conn_state": state,
            "local_orig": False,
            "local_resp": True,
            "missed_bytes": 0,
            "history": history,
            "orig_pkts": rng.randrange(1, 12),
            "orig_ip_bytes": rng.randrange(40, 9000),
            "resp_pkts": rng.randrange(9),
            "resp_ip_bytes": rng.randrange(9000),
        }
        made.append(json.dumps(event, separators=(",", ":")).encode())
    return made


_WORDS: dict[str, int] = {}


def _word(text: str) -> int:
    return _WORDS.setdefault(text, len(_WORDS))


def _address(text: str) -> int:
    a, b, c, d = text.split(".")
    return int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d)


def reference(data: bytes) -> int:
    """What one would write by hand: `json.loads` a line, the same columns, arrays at the end; events read."""
    rows, offset = [], 0
    for line in data.splitlines(keepends=True):
        event = json.loads(line)
        rows.append(
            (
                event["ts"],
                _address(event["id.orig_h"]),
                event["id.orig_p"],
                _address(event["id.resp_h"]),
                event["id.resp_p"],
                _word(event["proto"]),
                _ANSWERED[event["conn_state"]],
                2 if event["history"].startswith("S") else 0,
                event["orig_pkts"],
                offset,
                len(line),
            )
        )
        offset += len(line)
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return len(columns[0])
