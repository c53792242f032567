"""The judge: measures to evidence. Every piece is computed for every prefix of an episode; the last one is the verdict's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.detect import weights as w
from scantui.detect.measure import Measures

Floats = NDArray[np.float64]


def _fan_out(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    reach = m.failed + w.LET_THROUGH * m.let_through
    growth = np.log(np.maximum(reach, w.FAN_OUT_FULL) / w.FAN_OUT_FULL)
    return w.FAN_OUT_EACH * np.minimum(reach, w.FAN_OUT_FULL) + w.FAN_OUT_GROWTH * growth


def _crafted(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.where(m.crafted >= 2, np.minimum(w.CRAFTED_EACH * m.crafted, w.CRAFTED_MOST), 0.0)


def _bare(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.where((m.syns >= 2) & (m.bare_syns >= 0.8 * m.syns), w.BARE_SYN, 0.0)


def _one_source_port(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.where((m.tcp_pairs >= 4) & (m.source_ports <= np.where(m.tcp_pairs >= 6, 2, 1)), w.ONE_SOURCE_PORT, 0.0)


def _ttls(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.where(m.ttls >= 5, w.MANY_TTLS, 0.0)


def _fast(m: Measures, ts: NDArray[np.int64]) -> Floats:
    return np.where(ts >= m.burst_at[m.episode], w.FAST, 0.0) * (m.failed + m.let_through >= 5)


def _unused(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.where((m.pairs >= 4) & (m.unused >= 0.8 * m.pairs), w.UNUSED_PORTS, 0.0)


def _tiny(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.where(m.tiny >= 4, np.minimum(w.TINY_FRAGMENTS_EACH * m.tiny, w.TINY_FRAGMENTS_MOST), 0.0)


def _used(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.maximum(w.USED_SERVICES_EACH * m.used, w.USED_SERVICES_MOST)


def _rounds(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    rounds = m.far / np.maximum(m.pairs, 1)
    most = np.where(m.let_in >= w.ROUNDS_LET_IN * m.pairs, w.ROUNDS_MOST, w.ROUNDS_UNANSWERED_MOST)
    return np.where(rounds >= w.ROUNDS_FROM, np.maximum(w.ROUNDS * np.log(np.maximum(rounds, 1)), most), 0.0)


def _returns(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    open_share = m.let_in >= w.RETURNS_SHARE * m.pairs
    return np.where(open_share & (m.pairs >= 4) & (m.far_in >= w.RETURNS_FROM * m.let_in), w.RETURNS, 0.0)


def _peers(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    spread = (m.pairs <= w.PEER_REUSE * m.hosts) & (m.pairs <= w.PEER_REUSE * m.ports)
    return np.where((m.scattered >= 10) & (m.scattered >= 0.8 * m.pairs) & spread, w.PEER_TO_PEER, 0.0)


def _traceroute(m: Measures, _ts: NDArray[np.int64]) -> Floats:
    return np.where(
        (m.traceroute >= 3) & (m.traceroute >= 0.9 * m.pairs) & (m.hosts <= 3) & (m.pairs <= 90), w.TRACEROUTE, 0.0
    )


@dataclass(frozen=True)
class Piece:
    """A named piece of evidence: its weight for every prefix, and its sentence for the whole (from the final figures)."""

    name: str
    weigh: Callable[[Measures, NDArray[np.int64]], Floats]
    text: Callable[[dict[str, int]], str]


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _reach_text(f: dict[str, int]) -> str:
    text = f"{_plural(f['failed'], 'distinct target')} (host, port) not let through"
    return text + (f", {f['let_through']:,} let through that nobody else uses" if f["let_through"] else "")


PIECES = (
    Piece("fan-out", _fan_out, _reach_text),
    Piece(
        "crafted flags",
        _crafted,
        lambda f: f"{_plural(f['crafted'], 'target')} met with a flag set that no operating system sends",
    ),
    Piece(
        "bare SYN",
        _bare,
        lambda f: f"{f['bare_syns']:,} of {f['syns']:,} SYNs carry no options but MSS; operating systems send more",
    ),
    Piece(
        "one source port",
        _one_source_port,
        lambda f: (
            f"{_plural(f['tcp_pairs'], 'TCP target')} from {_plural(f['source_ports'], 'source port')}; "
            "an operating system takes a new port for each connection"
        ),
    ),
    Piece("many TTLs", _ttls, lambda f: f"{f['ttls']:,} different TTLs from one source; one path gives one or two"),
    Piece("fast", _fast, lambda _: "15 or more distinct targets within a minute"),
    Piece(
        "unused ports",
        _unused,
        lambda f: f"{f['unused']:,} of {f['pairs']:,} targets on ports that nobody is let through to in this log",
    ),
    Piece(
        "tiny fragments",
        _tiny,
        lambda f: f"{_plural(f['tiny'], 'TCP fragment')} without ports or flags; TCP is not fragmented in ordinary use",
    ),
    Piece("used services", _used, lambda f: f"let through to {_plural(f['used'], 'service')} that others use too"),
    Piece(
        "rounds",
        _rounds,
        lambda f: (
            f"came back to its {_plural(f['pairs'], 'target')} {f['far']:,} times after more than 3 s, as monitors and clients do"
        ),
    ),
    Piece(
        "returns",
        _returns,
        lambda f: (
            f"came back {f['far_in']:,} times to the {f['let_in']:,} targets it is let through to; a scanner asks again only "
            "where nothing answered"
        ),
    ),
    Piece(
        "peer-to-peer shape",
        _peers,
        lambda f: (
            f"{f['scattered']:,} of {f['pairs']:,} targets are high ports, let through or outside, "
            "few to a host and few hosts to a port"
        ),
    ),
    Piece(
        "traceroute",
        _traceroute,
        lambda f: f"UDP to ports 33434 and up of {_plural(f['hosts'], 'host')}, as traceroute sends",
    ),
)


def paths(measures: Measures, ts: NDArray[np.int64], *, tells_accepts: bool) -> tuple[Floats, dict[str, Floats]]:
    """The score after each asking row, and each piece's share of it. `ts` is those rows' times."""
    pieces: dict[str, Floats] = {}
    score = np.full(len(ts), w.PRIOR)
    for piece in PIECES:
        if piece.name == "unused ports" and not tells_accepts:
            continue
        pieces[piece.name] = np.asarray(piece.weigh(measures, ts), np.float64)
        score += pieces[piece.name]
    return score, pieces


def figures(measures: Measures, row: int) -> dict[str, Any]:
    """The running figures at an asking row, by name."""
    names = (
        "pairs",
        "failed",
        "let_through",
        "used",
        "scattered",
        "crafted",
        "syns",
        "bare_syns",
        "source_ports",
        "tcp_pairs",
        "ttls",
        "tiny",
        "unused",
        "traceroute",
        "far",
        "far_in",
        "let_in",
        "hosts",
        "ports",
    )
    return {name: int(getattr(measures, name)[row]) for name in names}
