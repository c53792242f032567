"""Kinds: the shape of a scan, from how many hosts, ports and protocols it reached."""

from __future__ import annotations

import numpy as np

from scantui.detect.scan import Kind
from scantui.events import FIN, PSH, SYN, URG, Events, Proto

_FEW = 4  # hosts or ports that make a line, not a block (ncsa/bro-simple-scan draws it at 5)
_PROTOCOLS = 5  # nmap -sO (psad's threshold)
_OS_PORTS = 30  # nmap -O uses a handful of ports; more is a port scan that ends in it


def kind_of(asking: Events, hosts: int, ports: int) -> Kind:
    """The kind of a scan whose probes are `asking`."""
    protocols = np.unique(asking.proto_num[asking.is_known("proto_num")])
    if len(protocols) >= _PROTOCOLS:
        return Kind.PROTOCOL
    if _is_os_probe(asking) and ports <= _OS_PORTS:
        return Kind.FINGERPRINT
    icmp = (asking.proto == Proto.ICMP) | (asking.proto == Proto.ICMP6)
    if np.count_nonzero(icmp) * 2 > len(asking) and hosts > ports:
        return Kind.ICMP_SWEEP
    if hosts <= _FEW and (ports >= hosts or hosts == 1):
        return Kind.VERTICAL
    if ports <= _FEW and hosts > ports:
        return Kind.HORIZONTAL
    if hosts <= _FEW + 1 and ports > 2 * hosts:
        return Kind.VERTICAL
    return Kind.BLOCK


def _is_os_probe(asking: Events) -> bool:
    """nmap's OS detection: NULL and SYN-FIN-PSH-URG to an open port, XMAS to a closed one (nmap FPEngine.cc, T2, T3, T7)."""
    sets = set(np.unique(asking.flags[(asking.proto == Proto.TCP) & asking.is_known("flags")]).tolist())
    return {0, SYN | FIN | PSH | URG} <= sets or {SYN | FIN | PSH | URG, FIN | PSH | URG} <= sets
