"""Probes as each tool and mode makes them, written from the tools' sources: tables of packets with any hops, seed and retries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from scantui.events import ACK, DF, FIN, KNOWN, PSH, SYN, URG, Events, Proto
from scantui.tables import Tables
from tests.feeding import packets

POPULAR = [
    80, 23, 443, 21, 22, 25, 3389, 110, 445, 139, 143, 53, 135, 3306, 8080, 1723, 111, 995, 993, 5900, 1025, 587, 8888, 199, 1720,
    113, 554, 256,
]  # fmt: skip
SOURCE = "203.0.113.9"
LINUX = "020405B40402080A................01030307"
Sender = Callable[[np.random.Generator, int, int], Events]
Rows = dict[str, Any]


def targets(
    rng: np.random.Generator, ports: list[int], hosts: int = 1, *, shuffled: bool = True
) -> tuple[list[str], list[int]]:
    """Every port of every host, as lists of equal length."""
    pairs = [(f"192.0.2.{host + 1}", port) for host in range(hosts) for port in ports]
    order = rng.permutation(len(pairs)) if shuffled else np.arange(len(pairs))
    return [pairs[i][0] for i in order], [pairs[i][1] for i in order]


def nmap_ports(rng: np.random.Generator, number: int) -> list[int]:
    """Popular ports first, both parts shuffled (portlist.cc)."""
    rest = rng.choice(np.setdiff1d(np.arange(1, 9000), POPULAR), number, replace=False)
    return [*rng.permutation(POPULAR).tolist(), *rng.permutation(rest).tolist()]


def made(tables: Tables, options: str = "", **columns: Any) -> Events:
    rows = max(len(value) for value in columns.values() if isinstance(value, (list, np.ndarray)))
    columns.setdefault("t", np.arange(rows) * 0.01 + 1_700_000_000)
    if options:
        columns["tcp_options"] = tables.texts.code(options)
    return packets(tables, {"src": SOURCE, **columns})


def nmap(flags: int, *, order: str = "popular", fixed: bool = False) -> Sender:
    """Raw TCP: random TTL 37-59, window 1024, one sequence number a try, MSS with SYN."""

    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        tables = Tables()
        ports = nmap_ports(rng, 60)
        if order == "ascending":
            ports.sort()
        dst, dport = targets(rng, ports, shuffled=False)
        count = len(dst) * tries
        sport = int(rng.integers(33000, 60000))
        attempt = np.repeat(np.arange(tries), len(dst))
        syn = bool(flags & SYN)
        return made(
            tables, "020405B4" if syn else "", dst=dst * tries, dport=dport * tries,
            sport=np.where(fixed, 53, sport + 2 * attempt), flags=flags, window=1024, length=44 if syn else 40,
            ttl=rng.integers(37, 60, count) - hops, ip_id=rng.integers(0, 65536, count), frag=0,
            seq=(0 if flags & ACK else 1) * (int(rng.integers(1, 2**31)) + attempt * 0x20002),
            ack=(1 if flags & ACK else 0) * (int(rng.integers(1, 2**31)) + attempt),
        )  # fmt: skip

    return send


def hping3(flags: int, *, keep: bool = False) -> Sender:
    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        tables = Tables()
        dst, dport = targets(rng, list(range(20, 140)), shuffled=False)
        count = len(dst)
        return made(
            tables, dst=dst, dport=dport, sport=np.full(count, 53) if keep else int(rng.integers(1024, 3024)) + np.arange(count),
            flags=flags, window=512, length=40, ttl=np.full(count, 64 - hops), ip_id=rng.integers(0, 65536, count), frag=0,
            seq=rng.integers(1, 2**31, count), ack=rng.integers(1, 2**31, count),
        )  # fmt: skip

    return send


def masscan(*, new: bool) -> Sender:
    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        tables = Tables()
        dst, dport = targets(rng, [22, 80, 443], 60)
        count = len(dst)
        seq = rng.integers(1, 2**32, count, dtype=np.uint32)
        number = np.array([tables.addresses.code(text) for text in dst], np.uint32)
        sport = int(rng.integers(40000, 60000))
        return made(
            tables, "020405B4" if new else "", dst=dst, dport=dport, sport=np.full(count, sport), flags=SYN,
            window=1025 if new else 1024, length=44 if new else 40, ttl=np.full(count, 255 - hops), frag=0, seq=seq,
            ip_id=(number ^ np.array(dport, np.uint32) ^ seq) & 0xFFFF, ack=0,
        )  # fmt: skip

    return send


def zmap(*, new: bool, length: int = 52) -> Sender:
    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        tables = Tables()
        dst, dport = targets(rng, [443], 120)
        count = len(dst)
        options = {52: "020405B40103030801010402", 60: LINUX, 44: "020405B4"}[length] if new else ""
        return made(
            tables, options, dst=dst, dport=dport, sport=rng.integers(32768, 61000, count), flags=SYN, window=65535,
            length=length if new else 40, ttl=np.full(count, (64 if new else 255) - hops), frag=0, ack=0,
            ip_id=rng.integers(0, 65536, count) if new else np.full(count, 54321), seq=rng.integers(0, 2**32, count),
        )  # fmt: skip

    return send


def mirai(rng: np.random.Generator, hops: int, tries: int) -> Events:
    tables = Tables()
    dst = [f"192.0.{i}.{j}" for i, j in zip(rng.integers(0, 255, 80), rng.integers(1, 255, 80), strict=True)]
    count = len(dst)
    return made(
        tables, dst=dst, dport=np.where(rng.random(count) < 0.1, 2323, 23), sport=np.full(count, int(rng.integers(1024, 65535))),
        flags=SYN, window=int(rng.integers(2000, 60000)) | 1, length=40, ttl=np.full(count, 64 - hops), frag=0,
        ip_id=rng.integers(0, 65536, count), ack=0, seq=[tables.addresses.code(text) for text in dst],
    )  # fmt: skip


def one_mark(**marks: int) -> Sender:
    """SYN-FIN or SYN from one port, with the marks of an old tool."""

    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        dst, dport = targets(rng, [21], 100)
        count = len(dst)
        columns: Rows = {
            "flags": SYN, "window": 4000, "length": 40, "ttl": 255, "ip_id": rng.integers(0, 65536, count), "frag": 0,
            "sport": 2100, "seq": rng.integers(0, 2**32, count), "ack": 0,
        }  # fmt: skip
        columns |= marks
        columns["ttl"] = np.full(count, columns["ttl"] - hops)
        return made(Tables(), dst=dst, dport=dport, **columns)

    return send


def connect(*, order: str) -> Sender:
    """A Linux client's SYNs; `popular` is nmap -sT."""

    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        tables = Tables()
        ports = nmap_ports(rng, 60) if order == "popular" else rng.permutation(np.arange(7000, 7090)).tolist()
        if order == "ascending":
            ports.sort()
        dst, dport = targets(rng, ports, shuffled=False)
        count = len(dst)
        return made(
            tables, LINUX, dst=dst, dport=dport, sport=rng.integers(32768, 61000, count), flags=SYN, window=64240, length=60,
            ttl=np.full(count, 64 - hops), ip_id=rng.integers(0, 65536, count), frag=DF, seq=rng.integers(0, 2**32, count), ack=0,
        )  # fmt: skip

    return send


# What other programs' lists of well-known ports hold (nmap's own top 20 among them).
TOP = [21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445, 993, 995, 1723, 3306, 3389, 5900, 8080]


def tiers(*, shuffled: bool, first: list[int] = TOP, rest: int = 120) -> Sender:
    """A program of one's own that takes some ports first, by connect()."""

    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        ahead = rng.permutation(first).tolist() if shuffled else first
        others = rng.choice(np.setdiff1d(np.arange(1, 9000), [*POPULAR, *first]), rest, replace=False).tolist()
        return system(rng, hops, *targets(rng, [*ahead, *others], shuffled=False))

    return send


def system(
    rng: np.random.Generator, hops: int, dst: list[str], dport: list[int], *, options: str = LINUX, length: int = 60,
    window: int = 64240, ttl: int = 64, frag: int = DF,
) -> Events:  # fmt: skip
    """SYNs of an operating system: a new source port and sequence number each."""
    count = len(dst)
    return made(
        Tables(), options, dst=dst, dport=dport, sport=rng.integers(1024, 65535, count), flags=SYN, window=window, length=length,
        ttl=np.full(count, ttl - hops), ip_id=rng.integers(0, 65536, count), frag=frag, seq=rng.integers(0, 2**32, count), ack=0,
    )  # fmt: skip


def scrubbed(options: str, length: int, window: int, ttl: int) -> Sender:
    """A system's SYNs behind a gateway that clears DF (pf.conf, scrub no-df random-id)."""

    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        return system(
            rng, hops, *targets(rng, [443], 100), options=options, length=length, window=window, ttl=ttl, frag=0
        )

    return send


def raw(*, window: int, ttl: int, ports: list[int], hosts: int = 90) -> Sender:
    """A program of one's own on a raw socket: bare headers, one source port, nothing of masscan's or Mirai's rules."""

    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        dst, dport = targets(rng, ports, hosts)
        count = len(dst)
        return made(
            Tables(), dst=dst, dport=dport, sport=np.full(count, 45000), flags=SYN, window=window, length=40, frag=0, ack=0,
            ttl=np.full(count, ttl - hops), ip_id=rng.integers(0, 65536, count), seq=rng.integers(0, 2**32, count),
        )  # fmt: skip

    return send


def naabu(rng: np.random.Generator, hops: int, tries: int) -> Events:
    """nmap's window and option, the system's IP header, sequence numbers that count (scan_raw.go, tcpsequencer.go)."""
    dst, dport = targets(rng, rng.permutation(np.arange(1, 9000))[:80].tolist(), shuffled=False)
    count = len(dst)
    return made(
        Tables(), "020405B4", dst=dst, dport=dport, sport=np.full(count, 40123), flags=SYN, window=1024, length=44, ack=0,
        ttl=np.full(count, 64 - hops), ip_id=np.zeros(count, np.int64), frag=DF, seq=1_000_000_000 + np.arange(count),
    )  # fmt: skip


BSD = "020405B4010303060101080A................04020000"
WINDOWS = "020405B40103030801010402"
# Senders that no tool's name fits, by whole headers or less: what a name would claim, the packets do not hold.
NOBODY: dict[str, Sender] = {
    "well-known ports first, shuffled": tiers(shuffled=True),
    "well-known ports first, ascending": tiers(shuffled=False),
    "web ports first": tiers(shuffled=True, first=[80, 443, 8080, 8443, 8000, 8888]),
    "four popular ports first": tiers(shuffled=True, first=[21, 22, 23, 25], rest=46),
    "Windows behind a gateway": scrubbed(WINDOWS, 52, 65535, 128),
    "Android behind a gateway": scrubbed(LINUX, 60, 65535, 64),
    "macOS behind a gateway": scrubbed(BSD, 64, 65535, 64),
    "raw sender on port 22": raw(window=5840, ttl=64, ports=[22]),
    "raw sender on port 23": raw(window=29200, ttl=64, ports=[23]),
    "raw sender, window 65535": raw(window=65535, ttl=64, ports=[443]),
}


def udp(tool: str) -> Sender:
    def send(rng: np.random.Generator, hops: int, tries: int) -> Events:
        ports = list(range(40, 140)) if tool == "hping3" else rng.permutation(np.arange(1, 2000))[:80].tolist()
        dst, dport = targets(rng, ports, shuffled=False)
        count = len(dst)
        sport = 2000 + np.arange(count) if tool == "hping3" else np.full(count, 41000)
        ttl = np.full(count, 64 - hops) if tool == "hping3" else rng.integers(37, 60, count) - hops
        return made(
            Tables(), dst=dst, dport=dport, sport=sport, proto=np.full(count, Proto.UDP), length=28, ttl=ttl,
            ip_id=rng.integers(0, 65536, count), frag=0,
        )  # fmt: skip

    return send


# (tool's name, how it sends): those that whole packet headers tell
TOLD: dict[str, tuple[str, Sender]] = {
    "nmap -sS": ("nmap", nmap(SYN)),
    "nmap -sS -r": ("nmap", nmap(SYN, order="ascending")),
    "nmap -sS -g 53": ("nmap", nmap(SYN, fixed=True)),
    "nmap --scanflags SYNFIN -g 53 -r": ("nmap", nmap(SYN | FIN, order="ascending", fixed=True)),
    "nmap -sF": ("nmap", nmap(FIN)),
    "nmap -sN": ("nmap", nmap(0)),
    "nmap -sX": ("nmap", nmap(FIN | PSH | URG)),
    "nmap -sM": ("nmap", nmap(FIN | ACK)),
    "nmap -sA": ("nmap", nmap(ACK)),
    "nmap -sU": ("nmap", udp("nmap")),
    "nmap -sT": ("nmap", connect(order="popular")),
    "hping3 -S ++": ("hping3", hping3(SYN)),
    "hping3 -S -F -s 53 -k": ("hping3", hping3(SYN | FIN, keep=True)),
    "hping3 -F": ("hping3", hping3(FIN)),
    "hping3 --udp": ("hping3", udp("hping3")),
    "masscan 1.3.2": ("masscan", masscan(new=False)),
    "masscan 1.3.9": ("masscan", masscan(new=True)),
    "naabu": ("naabu", naabu),
    "zmap 2": ("zmap", zmap(new=False)),
    "zmap 4.3": ("zmap", zmap(new=True)),
    "zmap 4.3 linux": ("zmap", zmap(new=True, length=60)),
    "zmap 4.3 smallest": ("zmap", zmap(new=True, length=44)),
    "mirai": ("mirai-like", mirai),
    "synscan": ("synscan", one_mark(flags=SYN | FIN, window=1028, ip_id=39426, sport=21)),
    "typot": ("typot", one_mark(window=55808)),
    "ipEye": ("ipEye", one_mark(seq=1958810375)),
    "unicornscan": ("unicornscan", one_mark(window=4128, length=44)),
}


def together(one: Events, other: Events) -> Events:
    """Packets of two senders from one address, in time order; of tables alike (made in the same order)."""
    from dataclasses import fields, replace

    assert one.tables.addresses.text(int(one.src[0])) == other.tables.addresses.text(int(other.src[0]))
    columns = {f.name: getattr(one, f.name) for f in fields(one) if isinstance(getattr(one, f.name), np.ndarray)}
    joined = {name: np.concatenate([column, getattr(other, name)]) for name, column in columns.items()}
    return replace(one, **joined).take(np.argsort(joined["ts"], kind="stable"))


def only(events: Events, *columns: str) -> Events:
    """The same events as a log that gives just these nullable columns would tell them."""
    from dataclasses import replace

    bits = np.uint32(sum(KNOWN[name] for name in columns))
    return replace(events, known=events.known & bits, tcp_options=np.zeros(len(events), np.uint32))


KV = ("sport", "dport", "proto_num", "flags")
PLAIN = (*KV, "ttl", "ip_id", "window", "length", "frag")
