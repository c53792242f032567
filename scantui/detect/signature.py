"""Signatures: which fields of a scan's packets are constant, which vary and how. What the log did not say is left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Signature
from scantui.events import DF, Events, flag_text

_FEW = 3
_ENOUGH_FOR_ORDER = 8  # ports; fewer show no order (the chance of a rising run of eight is 1 in 40,320)


def _describe(values: NDArray[Any]) -> int | str:
    """The value, `a or b`, or `n values a-b`."""
    distinct = np.unique(values)
    if len(distinct) == 1:
        return int(distinct[0])
    if len(distinct) <= _FEW:
        return " or ".join(str(value) for value in distinct.tolist())
    return f"{len(distinct)} values {distinct[0]}-{distinct[-1]}"


def port_order(ports: NDArray[np.uint16]) -> str | None:
    """`ascending`, `descending` or `mixed`: the order in which distinct ports first came; None when too few."""
    _, first = np.unique(ports, return_index=True)
    order = ports[np.sort(first)].astype(np.int64)
    if len(order) < _ENOUGH_FOR_ORDER:
        return None
    rising = float(np.mean(np.diff(order) > 0))
    return "ascending" if rising >= 0.95 else "descending" if rising <= 0.05 else "mixed"


def signature(asking: Events, techniques: tuple[str, ...]) -> Signature:
    """What these probes (in order of time) have in common."""
    fields: dict[str, int | str] = {}
    known = asking.is_known("flags")
    if known.any():
        sets, counts = np.unique(asking.flags[known], return_counts=True)
        order = np.argsort(-counts, kind="stable")
        names = [flag_text(int(flags)) for flags in sets[order].tolist()]
        fields["flags"] = names[0] if len(names) == 1 else ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
    for name in ("sport", "window", "length", "ttl", "ip_id", "seq", "ack"):
        said = asking.is_known(name)
        if said.any():
            fields[name] = _describe(getattr(asking, name)[said])
    options = asking.tcp_options[asking.tcp_options > 0]
    if len(options):
        distinct = np.unique(options)
        text = asking.tables.texts.text(int(distinct[0]))
        fields["tcp_options"] = text if len(distinct) == 1 else f"{len(distinct)} layouts"
    fragments = asking.is_known("frag")
    if fragments.any():
        share = float(np.mean((asking.frag[fragments] & DF) != 0))
        fields["df"] = "set" if share == 1 else "not set" if share == 0 else f"set in {share:.0%}"
    ports = asking.dport[asking.is_known("dport")]
    order_name = port_order(ports)
    if order_name:
        fields["port_order"] = order_name
    sport = fields.get("sport")
    name = "/".join(techniques[:2]) + (f" from {sport}" if isinstance(sport, int) else "")
    return Signature(name, fields)
