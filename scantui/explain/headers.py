"""Header fields of a scan's probes as observations: constant, banded, counted, random, or functions of each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, CWR, DF, ECE, FIN, PSH, SYN, URG, Events
from scantui.explain.observation import Observation
from scantui.explain.probes import Probes, header_bytes

_ENOUGH = 3  # rows from which "the same in all" says something
_BAND = 26  # nmap draws TTLs from 37..59 (22 apart); a few more for paths of unlike length
_DRAWN, _HIGHEST = 23, 59  # how many values nmap draws from (tcpip.cc: 37 + random % 23), and the largest
_SPREAD = 0.6  # of the values that so many draws would show: fewer are a few paths or hosts, and no draw
_STILL = 3  # TTLs of one sender over slightly unlike paths
_COUNTS = 0.8  # of steps that must be small and upward in a counter
# Flags and window of nmap's OS probes (nmap FPEngine.cc; docs "TCP/IP Fingerprinting Methods").
_OS_PROBES = (
    (SYN, 1), (SYN, 63), (SYN, 4), (SYN, 16), (SYN, 512), (SYN | ECE | CWR, 3), (0, 128), (SYN | FIN | PSH | URG, 256),
    (SYN, 31337), (ACK, 32768), (FIN | PSH | URG, 65535),
)  # fmt: skip
_OS_FLAGS = (0, SYN | FIN | PSH | URG, FIN | PSH | URG, SYN | ECE | CWR)
_OS_ENOUGH, _OS_FLAGS_ENOUGH = 4, 3
_IPEYE_SEQ = 1958810375  # snort sid 622
# Option kinds in order (RFC 9293, 7323, 2018), without what a host or path sets in them: MSS 2, no-op 1, window scale 3,
# SACK permitted 4, timestamps 8, end 0. Windows and Linux: p0f.fp; BSD: FreeBSD's, padded by zmap's `bsd` as by macOS.
_LAYOUTS = {
    (2,): "mss",
    (2, 1, 3, 1, 1, 4): "windows",
    (2, 4, 8, 1, 3): "linux",
    (2, 1, 3, 4, 8): "bsd",
    (2, 1, 3, 1, 1, 8, 4, 0): "bsd",
}
_SIZES = (0, 4, 12, 20, 24)  # bytes of options that SYNs in use carry


def header_observations(probes: Probes) -> Iterator[Observation]:
    """One observation for each header field that the log gave for most probes."""
    rows = probes.rows
    for name, look in _LOOKS:
        said = rows.is_known(name)
        if np.count_nonzero(said) * 2 > len(rows):
            yield from look(probes, rows if said.all() else rows.take(said))
    yield from _options(rows)
    yield from _os_probes(probes.whole)


def _all(count: int, share: float = 1.0) -> str:
    if share < 1.0:
        return f"in {min(round(share * count), count - 1):,} of {count:,}"
    return f"in all {count:,}" if count > 1 else "in the one"


def _ttl(probes: Probes, rows: Events) -> Iterator[Observation]:
    name = "hop limit" if probes.ipv6 else "TTL"
    low, high = int(rows.ttl.min()), int(rows.ttl.max())
    distinct = len(np.unique(rows.ttl))
    if high - low <= _STILL:
        origin = initial_ttl(high)
        text = f"{name} {low}" + (f"-{high}" if high > low else "") + f" {_all(len(rows))}"
        yield Observation("ttl", f"from {origin}", text, "constant")
    elif high - low <= _BAND and high <= _HIGHEST and distinct >= max(3, _SPREAD * _shown(len(rows))):
        yield Observation("ttl", "band", f"{distinct} different TTLs from {low} to {high}", "varies")
    else:
        yield Observation("ttl", "wide", f"{distinct} different TTLs from {low} to {high}", "varies")


def _shown(draws: int) -> float:
    """How many of nmap's TTLs so many draws show, on average."""
    return float(_DRAWN * (1 - (1 - 1 / _DRAWN) ** draws))


def initial_ttl(ttl: int) -> int:
    """The TTL a packet most likely left with: 32, 64, 128 or 255."""
    return next(initial for initial in (32, 64, 128, 255) if ttl <= initial)


def _window(_probes: Probes, rows: Events) -> Iterator[Observation]:
    values = np.unique(rows.window).tolist()
    if len(values) == 1:
        yield Observation("window", str(values[0]), f"window {values[0]} {_all(len(rows))}", "constant")
        return
    text = f"{len(values)} windows from {values[0]} to {values[-1]}"
    if len(rows) >= 6 and set(values) <= {1024, 2048, 3072, 4096} and rows.is_known("ttl").all():
        link = (rows.window.astype(np.int64) // 1024 - 1 - rows.ttl.astype(np.int64)) % 4
        if len(np.unique(link)) == 1:
            text = f"windows 1024 to 4096, (window/1024 - TTL) mod 4 the same {_all(len(rows))}"
            yield Observation("window", "ttl-linked", text, "varies")
            return
    yield Observation("window", "varies", text, "varies")


def _size(probes: Probes, rows: Events) -> Iterator[Observation]:
    extra = header_bytes(rows, ipv6=probes.ipv6)
    values = np.unique(rows.length).tolist()
    seen = f"IP length {values[0]}" + (f" to {values[-1]} ({len(values)} values)" if len(values) > 1 else "")
    if probes.proto == "tcp":
        common = int(np.bincount(np.clip(extra, 0, 63)).argmax())
        share = float(np.mean(extra == common))
        value = str(common) if share >= 0.9 and common in _SIZES else "data"
        more = f"{common} bytes of options or data" if common else "bare TCP header"
        yield Observation("size", value, f"{seen} ({more}{'' if share == 1 else ' in most'})" if share >= 0.9 else seen)
    elif probes.proto == "fragment":
        small = float(np.mean(rows.length <= 28)) >= 0.9
        yield Observation("size", "tiny" if small else "small", f"fragments of {seen}")
    elif probes.proto in ("udp", "icmp"):
        value = "empty" if bool(np.all(extra <= 0)) else "constant" if len(values) == 1 else "varies"
        yield Observation("size", value, f"{seen}: {'no' if value == 'empty' else 'some'} payload")


def _df(probes: Probes, rows: Events) -> Iterator[Observation]:
    if probes.ipv6:
        return
    share = float(np.mean((rows.frag & DF) != 0))
    value = "set" if share >= 0.9 else "clear" if share <= 0.1 else "mixed"
    words = {
        "set": f"DF set {_all(len(rows), share)}",
        "clear": f"DF clear {_all(len(rows), 1 - share)}",
        "mixed": f"DF set in {share:.0%}",
    }
    yield Observation("df", value, words[value])


def _ip_id(probes: Probes, rows: Events) -> Iterator[Observation]:
    if probes.ipv6:
        return
    ids = rows.ip_id
    if len(rows) >= _ENOUGH and len(np.unique(ids)) == 1:
        value = int(ids[0])
        yield Observation("ip_id", str(value), f"IP ID {value} {_all(len(rows))}", "constant")
    elif len(rows) >= 2 and (rule := _masscan_share(rows)) >= 0.98:
        text = f"IP ID = destination xor port xor sequence number {_all(len(rows), rule)}"
        yield Observation("ip_id", "xor", text, "varies")
    elif counter(ids):
        yield Observation("ip_id", "counter", f"IP IDs count up from {int(ids[0])}", "varies")
    elif len(rows) >= _ENOUGH:
        text = f"IP IDs without order ({len(np.unique(ids)):,} in {len(rows):,})"
        if _checkable(rows):
            yield Observation("ip_id", "unrelated", f"{text}, unrelated to sequence numbers", "random")
        else:
            yield Observation("ip_id", "random", text, "varies")


def _checkable(rows: Events) -> bool:
    return bool((rows.is_known("seq") & rows.is_known("dport")).all())


def _masscan_share(rows: Events) -> float:
    """Share of rows that hold to masscan's rule: IP ID = (destination xor port xor SEQ) in the low 16 bits (templ-pkt.c)."""
    if not _checkable(rows):
        return 0.0
    expected = (rows.dst ^ rows.dport ^ rows.seq).astype(np.uint16)
    return float(np.mean(expected == rows.ip_id))


def counter(values: NDArray[Any]) -> bool:
    """Whether 16-bit values mostly step up by one to three, in the order given."""
    if len(values) < 5:
        return False
    wide: NDArray[np.int64] = values.astype(np.int64)
    steps = (wide[1:] - wide[:-1]) % 65536
    return bool(np.mean((steps >= 1) & (steps <= 3)) >= _COUNTS)


def _seq(probes: Probes, rows: Events) -> Iterator[Observation]:
    if probes.proto != "tcp":
        return
    distinct = len(np.unique(rows.seq))
    if not probes.ipv6 and (equal := float(np.mean(rows.seq == rows.dst))) >= 0.95:
        yield Observation("seq", "destination", f"sequence number = destination address {_all(len(rows), equal)}")
    elif distinct == 1 and int(rows.seq[0]) == _IPEYE_SEQ:
        yield Observation("seq", str(_IPEYE_SEQ), f"sequence number {_IPEYE_SEQ} {_all(len(rows))}", "constant")
    elif len(rows) >= _ENOUGH and distinct == 1 and int(rows.seq[0]) == 0:
        yield Observation("seq", "zero", f"sequence number 0 {_all(len(rows))}", "constant")
    elif len(rows) >= _ENOUGH and distinct <= max(1, len(rows) // 4):
        text = (
            f"sequence number the same {_all(len(rows))}"
            if distinct == 1
            else f"{distinct} sequence numbers in {len(rows):,}"
        )
        yield Observation("seq", "per try", text, "constant" if distinct == 1 else "few")
    elif len(rows) >= _ENOUGH:
        yield Observation("seq", "random", f"{distinct:,} sequence numbers in {len(rows):,}", "varies")


def _ack(probes: Probes, rows: Events) -> Iterator[Observation]:
    if probes.proto != "tcp" or probes.flags is None:
        return
    if probes.flags & ACK:
        few = len(rows) >= _ENOUGH and len(np.unique(rows.ack)) <= max(1, len(rows) // 4)
        yield Observation(
            "ack", "per try" if few else "random", f"{len(np.unique(rows.ack)):,} ACK numbers in {len(rows):,}"
        )
    else:
        none = float(np.mean(rows.ack == 0))
        zero = none >= 0.9
        text = "ACK number 0" if zero else "an ACK number without the ACK flag"
        yield Observation("ack", "zero" if zero else "nonzero", f"{text} {_all(len(rows), none if zero else 1 - none)}")


def _options(rows: Events) -> Iterator[Observation]:
    said = rows.tcp_options[rows.tcp_options > 0]
    if len(said) * 2 <= len(rows):
        return
    layouts, counts = np.unique(said, return_counts=True)
    text = rows.tables.texts.text(int(layouts[np.argmax(counts)]))
    value = _LAYOUTS.get(_kinds(text), "other")
    share = float(counts.max() / counts.sum())
    yield Observation("options", value, f"TCP options {text} {_all(len(said), share)}")


def _kinds(text: str) -> tuple[int, ...]:
    """Kinds of the options in a header's bytes, as hex (time stamp values as dots); broken ones end the list with -1."""
    try:
        raw = bytes.fromhex(text.replace(".", "0"))
    except ValueError:
        return (-1,)
    found: list[int] = []
    at = 0
    while at < len(raw):
        kind = raw[at]
        if kind == 0:
            return (*found, 0)
        found.append(kind)
        size = 1 if kind == 1 else raw[at + 1] if at + 1 < len(raw) else 0
        if not size or at + size > len(raw):
            return (*found, -1)
        at += size
    return tuple(found)


def _os_probes(whole: Events) -> Iterator[Observation]:
    flagged = whole.is_known("flags")
    if not flagged.any():
        return
    if (windowed := flagged & whole.is_known("window")).any():
        pairs = set(zip(whole.flags[windowed].tolist(), whole.window[windowed].tolist(), strict=True))
        hits = sum(pair in pairs for pair in _OS_PROBES)
        if hits >= _OS_ENOUGH:
            yield Observation(
                "osprobes", "series", f"{hits} of nmap's {len(_OS_PROBES)} OS probes, by flags and window"
            )
    elif len(set(whole.flags[flagged].tolist()) & set(_OS_FLAGS)) >= _OS_FLAGS_ENOUGH:
        yield Observation("flagseries", "os", "the odd flag sets of an OS detection series")


_LOOKS = (
    ("ttl", _ttl),
    ("window", _window),
    ("length", _size),
    ("frag", _df),
    ("ip_id", _ip_id),
    ("seq", _seq),
    ("ack", _ack),
)
