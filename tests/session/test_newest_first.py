"""The newest lines first, and in the end the same as in order."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scantui.ingest.follow import Follower
from scantui.session.engine import Engine
from scantui.session.gather import Gather
from scantui.session.options import Options
from tests.feeding import rows

COLUMNS = (
    "offset",
    "ts",
    "ts_quality",
    "src",
    "dst",
    "sport",
    "dport",
    "proto",
    "flags",
    "ttl",
    "ip_id",
    "action",
    "rule",
    "count",
)

UFW = (
    "{month} {day:2} {clock} fw1 kernel: [{uptime:12.6f}] [UFW {what}] IN=eth0 OUT= SRC=203.0.113.{host} DST=192.0.2.{target} LEN=44 "
    "TOS=0x00 PREC=0x00 TTL=29 ID={number} PROTO=TCP SPT={sport} DPT={port} WINDOW=1024 RES=0x00 SYN URGP=0 \n"
)
ZEEK = "#separator \\x09\n#fields\t{fields}\n"


def ufw(seed: int, lines: int) -> bytes:
    """Audit and block pairs, over New Year, several lines a second."""
    random = np.random.default_rng(seed)
    at, made = 365 * 86_400 - 40.0, []
    for number in range(lines):
        at += float(random.exponential(0.3))
        month, day = ("Dec", 31) if at < 365 * 86_400 else ("Jan", 1)
        second = int(at) % 86_400
        clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        said = {
            "month": month, "day": day, "clock": clock, "number": number, "host": random.integers(1, 6),
            "target": random.integers(1, 250), "sport": random.integers(1024, 65_536), "port": random.integers(1, 1000),
        }  # fmt: skip
        for what in ("AUDIT", "BLOCK") if random.random() < 0.3 else ("BLOCK",):
            at += 1e-5
            made.append(UFW.format(what=what, uptime=at - 1000, **said))
    return "".join(made).encode()


def keyvalue(seed: int, lines: int) -> bytes:
    random = np.random.default_rng(seed)
    return b"".join(
        b"ts=2024-01-01T00:%02d:%02dZ event=fw_drop src=203.0.113.%d:53 dst=192.0.2.%d:%d proto=tcp flags=SYN-FIN\n"
        % (i // 60 % 60, i % 60, *random.integers(1, 200, 2), random.integers(1, 1000))
        for i in range(lines)
    )


def zeek(seed: int, lines: int) -> bytes:
    """Its header says which field is which, and changes once."""
    random = np.random.default_rng(seed)
    one = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "conn_state"]
    other = [one[0], one[1], one[4], one[5], one[2], one[3], *one[6:]]
    made = []
    for i in range(lines):
        if i in (0, lines * 2 // 3):
            made.append(ZEEK.format(fields="\t".join(other if i else one)))
        a, b = f"203.0.113.{random.integers(1, 9)}", f"192.0.2.{random.integers(1, 250)}"
        ends = [(b, "443"), (a, "40000")] if i >= lines * 2 // 3 else [(a, "40000"), (b, "443")]
        cells = [f"{1_700_000_000 + i}.25", f"C{i}", *ends[0], *ends[1], "tcp", "S0"]
        made.append("\t".join(cells) + "\n")
    return "".join(made).encode()


def told(engine: Engine) -> list[Any]:
    engine.flush()
    engine.settle()
    scans = [
        (engine.tables.addresses.text(s.source), s.kind, s.first, s.last, s.flagged_at, s.score, s.verdict, s.signature)
        for s in engine.scans
    ]
    events = sorted((tuple(row.values()) for row in rows(engine.store.everything(), COLUMNS)), key=repr)
    return [scans, events, [(c.id, c.relation) for c in engine.clusters]]


def read(path: Path, growth: bytes = b"", **how: Any) -> tuple[Engine, list[bool]]:
    """An engine that has read a log, which grew while it was read; and of each block whether it came ahead."""
    engine, ahead = Engine(Options()), []
    gather = Gather(engine.take)
    follower = Follower([str(path)], **how)
    parts = [growth[i : i + len(growth) // 8 + 1] for i in range(0, len(growth), len(growth) // 8 + 1)]
    while True:
        for block in follower.poll(6_000):
            ahead.append(block.ahead)
            gather.add(block)
        if parts:
            with path.open("ab") as file:
                file.write(parts.pop(0))
        elif not follower.backlog:
            follower.poll(None)
            if follower.finished or how["follow"]:
                break
        if len(ahead) % 3 == 0:
            gather.flush()
        engine.examine(history=True)
    gather.flush()
    follower.close()
    return engine, ahead


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ingest.ahead.HEAD": 2_000, "ingest.follow.TOTAL": 9_000, "ingest.follow.LEAST": 9_000}.items():
        monkeypatch.setattr(f"scantui.{name}", value)
    monkeypatch.setattr("scantui.ingest.generation.HEAD", 2_000)
    monkeypatch.setattr("scantui.formats.ahead.WARM", 2_500)


@pytest.mark.parametrize("make", [ufw, keyvalue, zeek])
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(
    seed=st.integers(0, 1000),
    lines=st.integers(150, 600),
    grown=st.floats(0, 0.3),
    block=st.sampled_from([600, 5_000, 70_000]),
)
def test_in_the_end_it_is_the_same_as_in_order(make: Any, seed: int, lines: int, grown: float, block: int) -> None:
    data = make(seed, lines)
    cut = int(len(data) * (1 - grown))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(data[:cut])
        engine, ahead = read(path, data[cut:], follow=True, newest_first=True, block_size=block, max_line=256)
        assert any(ahead) == (cut > 18_000)
        whole, _ = read(path, follow=False, block_size=block, max_line=256)
        assert told(engine) == told(whole)
        assert engine.store.rows == whole.store.rows > 100
