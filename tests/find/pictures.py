"""A snapshot in which every field of the filter language has something to say, and something not said."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from scantui.detect.scan import Cluster, Evidence, Kind, Scan, Signature, Verdict
from scantui.explain.attribution import Attribution, Candidate
from scantui.snapshot import Mark, Places, Snapshot
from tests.ui.build import NOW, SECOND, snapshot


@cache
def rich(sources: int = 60) -> Snapshot:
    """Scans of every kind, three clusters, tools and places of some, marks with and without verdict and note, IPv6, class E."""
    base = snapshot(sources)
    tables, rows = base.tables, base.sources
    for text in ("2001:db8::1", "2001:db8:1::2", "240.0.0.9"):
        tables.addresses.code(text)
    rng = np.random.default_rng(11)
    extra = [tables.addresses.code(text) for text in ("2001:db8::1", "2001:db8:1::2", "240.0.0.9")]
    code = rows.code.copy()
    code[-3:] = np.sort(np.array(extra, np.uint32)) if code[-4] < min(extra) else code[-3:]
    scans: list[Scan] = []
    index = np.full(len(code), -1, np.int32)
    kinds, names = list(Kind), (("syn",), ("syn-fin", "null"), ("connect",), (), ("udp",), ("xmas",))
    for number, row in enumerate(sorted(rng.choice(len(code), len(code) // 2, replace=False).tolist())):
        ports = tuple(sorted(set(rng.integers(1, 65_536 if number % 2 else 50, 1 + number).tolist())))
        hosts = tuple(tables.addresses.code(f"198.51.100.{int(n)}") for n in rng.integers(1, 255, number % 5))
        hosts += (tables.addresses.code("2001:db8:ffff::80"),) if number % 4 == 0 else ()
        scans.append(
            Scan(
                id=f"s{number}", source=int(code[row]), kind=kinds[number % len(kinds)], slow=number % 3 == 0,
                proto=("tcp", "udp", "ip", "unknown")[number % 4], techniques=names[number % len(names)], first=NOW - SECOND,
                last=NOW, flagged_at=None, events=5, packets=5, targets=len(hosts), ports=len(ports), port_list=ports,
                target_list=hosts, score=float(number), verdict=Verdict.SCAN, signature=Signature("x"),
                evidence=(Evidence("odd flags", 3.0, "SYN and FIN (RFC 9293)"),) if number % 2 else (),
                cluster=(None, "c-one", "c-two")[number % 3],
            )
        )  # fmt: skip
        index[row] = number
    named = [(Candidate(name, "", 0.9, (), (), ()),) for name in ("nmap", "Masscan")] + [()]
    tools = {scan.id: Attribution(named[at % 3], 0.1, "", (), ()) for at, scan in enumerate(scans[:8])}
    marks = {
        int(code[1]): Mark(int(code[1]), "night job", NOW, "mine"),
        int(code[3]): Mark(int(code[3]), "", NOW, "watch"),
        int(code[5]): Mark(int(code[5]), 'said "hello", (twice)', NOW),
        7: Mark(7, "not in the table", NOW),
    }
    first = NOW - rng.choice(np.array([1, 70, 4000, 20_000, 90_000, 400_000]), len(code)) * SECOND
    clusters = (
        Cluster("c-one", ("s1",), (), "decoy", {}, NOW, NOW), Cluster("c-two", ("s2",), (), "campaign", {}, NOW, NOW),
    )  # fmt: skip
    score = np.where(index < 0, -np.inf, rng.random(len(code)) * 9 - 2).astype(np.float32)
    table = replace(
        rows, code=code, scan=index, score=score, first=first, last=first + rng.integers(0, 60, len(code)) * SECOND
    )
    return replace(
        base,
        sources=table,
        scans=tuple(scans),
        clusters=clusters,
        tools=tools,
        marks=marks,
        places=places_of(code[::2]),
    )


def places_of(codes: np.ndarray) -> Places:
    """What files might say of these sources (ascending codes), each saying something else and some nothing."""
    words = ((), ("DE",), ("NL",), ("AS3320 Deutsche Telekom AG",), ("AS64500 Example, Ltd",), ("private",),
             ("Shodan",), ("Shodan", "blocklist"))  # fmt: skip
    at = np.arange(len(codes))

    def column(*numbers: int) -> np.ndarray:
        return np.array(numbers, np.int32)[at % len(numbers)]

    asn = np.array([-1, 3320, 64500, -1], np.int64)[at % 4]
    holder = column(0, 3, 4, 0)
    tells = frozenset({"country", "as", "known"})
    return Places(codes, column(0, 1, 2), asn, holder, column(5, 0, 0), column(0, 6, 0, 7, 0), words, tells)
