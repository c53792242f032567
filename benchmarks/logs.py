"""Seeded synthetic logs for the benchmarks: mostly ordinary traffic, some scanners, in key=value and netfilter form."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

START = 1_762_754_400  # 2025-11-10T06:00:00Z
SERVICES = np.array([22, 25, 53, 80, 443, 993, 3306, 8080])


def columns(count: int, seed: int = 7, rate: float = 375.0, spoofed: bool = False) -> dict[str, np.ndarray]:
    """`count` events at `rate` a second: 20,000 clients on a few services, 100 scanners (one event in fifty)."""
    random = np.random.default_rng(seed)
    ts = START + np.arange(count) / rate
    scanner = random.random(count) < 0.02
    client = random.integers(0, 1 << 30, count) if spoofed else random.integers(0, 20_000, count)
    src = np.where(scanner, 0xCB007100 + random.integers(0, 100, count), 0x0A000000 + client)
    dport = np.where(scanner, random.integers(1, 65_536, count), SERVICES[client % 8])
    dst = 0xC0000200 + np.where(scanner, random.integers(0, 250, count), client % 5)
    udp = ~scanner & (dport == 53)
    return {
        "ts": ts,
        "src": src,
        "dst": dst,
        "sport": random.integers(1024, 65_536, count),
        "dport": dport,
        "udp": udp,
        "drop": scanner | (random.random(count) < 0.1),
        "ttl": np.where(scanner, random.integers(37, 60, count), 50 + client % 12),
        "id": random.integers(0, 65_536, count),
        "window": np.where(scanner, 1024, 64_240),
        "length": np.where(scanner, 44, 60),
    }


def quads(codes: np.ndarray) -> list[str]:
    return [f"{c >> 24}.{c >> 16 & 255}.{c >> 8 & 255}.{c & 255}" for c in codes.tolist()]


def stamps(ts: np.ndarray, form: str) -> list[str]:
    known: dict[int, str] = {}
    for second in np.unique(ts.astype(np.int64)).tolist():
        known[second] = datetime.fromtimestamp(second, UTC).strftime(form)
    return [known[second] for second in ts.astype(np.int64).tolist()]


def keyvalue(count: int, **how: object) -> bytes:
    c = columns(count, **how)  # type: ignore[arg-type]
    rows = zip(
        stamps(c["ts"], "%Y-%m-%dT%H:%M:%SZ"),
        c["drop"].tolist(),
        quads(c["src"]),
        c["sport"].tolist(),
        quads(c["dst"]),
        c["dport"].tolist(),
        c["udp"].tolist(),
        strict=True,
    )
    return "".join(
        f"ts={t} event={'fw_drop' if d else 'fw_accept'} src={s}:{sp} dst={x}:{dp} proto={'udp' if u else 'tcp flags=SYN'}\n"
        for t, d, s, sp, x, dp, u in rows
    ).encode()


def netfilter(count: int, **how: object) -> bytes:
    c = columns(count, **how)  # type: ignore[arg-type]
    made = []
    rows = zip(
        stamps(c["ts"], "%b %e %H:%M:%S"),
        (c["ts"] - START + 5000).tolist(),
        c["drop"].tolist(),
        quads(c["src"]),
        quads(c["dst"]),
        c["length"].tolist(),
        c["ttl"].tolist(),
        c["id"].tolist(),
        c["sport"].tolist(),
        c["dport"].tolist(),
        c["udp"].tolist(),
        c["window"].tolist(),
        strict=True,
    )
    for t, up, d, s, x, length, ttl, ip_id, sp, dp, u, window in rows:
        tail = (
            f"PROTO=UDP SPT={sp} DPT={dp} LEN={length - 20} "
            if u
            else f"PROTO=TCP SPT={sp} DPT={dp} WINDOW={window} RES=0x00 SYN URGP=0 "
        )
        made.append(
            f"{t} fw1 kernel: [{up:.6f}] [UFW {'BLOCK' if d else 'ALLOW'}] IN=eth0 OUT=eth1 MAC=00:00:5e:00:53:12:00:00:5e:00:53:11:08:00 SRC={s} DST={x} "
            f"LEN={length} TOS=0x00 PREC=0x00 TTL={ttl} ID={ip_id} DF {tail}\n"
        )
    return "".join(made).encode()
