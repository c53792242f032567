"""A packet as a line of text, the way `tcpdump -tttt -nvS` prints it (its two lines as one). What was cut off is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scantui.events import DF, FLAG_BITS, MF, Proto
from scantui.formats.links import NFLOG, PFLOG
from scantui.formats.nflog import payload_at, prefix
from scantui.formats.packet_plain import ip_at, read, upper_at
from scantui.formats.pflog import verdict
from scantui.formats.sheet import Record
from scantui.safe_text import harmless
from scantui.tables import Tables

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LETTERS = {"F": "FIN", "S": "SYN", "R": "RST", "P": "PSH", ".": "ACK", "U": "URG", "E": "ECE", "W": "CWR", "e": "AE"}
_ICMP = {0: "echo reply", 3: "unreachable", 5: "redirect", 8: "echo request", 11: "time exceeded", 13: "time stamp query",
         14: "time stamp reply", 17: "address mask request"}  # fmt: skip
_ICMP6 = {1: "destination unreachable", 2: "packet too big", 3: "time exceeded", 128: "echo request", 129: "echo reply",
          133: "router solicitation", 134: "router advertisement", 135: "neighbor solicitation",
          136: "neighbor advertisement"}  # fmt: skip
_NAMES = {Proto.TCP: "TCP", Proto.UDP: "UDP", Proto.ICMP: "ICMP", Proto.ICMP6: "ICMPv6", Proto.SCTP: "SCTP"}


def packet_text(packet: bytes, link: int, order: str, ts: int, tables: Tables) -> str:
    """One harmless line. `order` is the capture's byte order; `ts` is microseconds since the epoch, 0 when not known."""
    at = payload_at(packet, order) if link == NFLOG else ip_at(packet, link)
    ip = b"" if at is None else packet[at:]
    record = read(ip, tables)
    when = (_EPOCH + timedelta(microseconds=ts)).strftime("%Y-%m-%d %H:%M:%S.%f ") if ts else ""
    logged = verdict(packet) if link == PFLOG else None
    rule = prefix(packet, order) if link == NFLOG else ""
    before = when + (logged.text if logged else "") + (f"{rule} " if rule else "")
    if record is None:
        return harmless(f"{before}{packet[:32].hex(' ')} ({len(packet)} bytes)")
    four = ip[0] >> 4 == 4
    return harmless(
        f"{before}{_network(ip, record) if four else _network6(ip, record)}{_ends(record, tables)}: {_upper(ip, record)}"
    )


def _protocol(record: Record) -> str:
    return f"{_NAMES.get(Proto(record['proto']), 'ip-proto')} ({record['proto_num']})" if "proto_num" in record else "?"


def _network(ip: bytes, record: Record) -> str:
    part = int.from_bytes(ip[6:8], "big")
    bits = "+, " * bool(record["frag"] & MF) + "DF, " * bool(record["frag"] & DF)
    return (
        f"IP (tos 0x{ip[1]:x}, ttl {ip[8]}, id {record['ip_id']}, offset {(part & 0x1FFF) * 8}, "
        f"flags [{bits[:-2] or 'none'}], proto {_protocol(record)}, length {int.from_bytes(ip[2:4], 'big')}) "
    )


def _network6(ip: bytes, record: Record) -> str:
    fragment = f"frag {record['frag']}, " if "frag" in record else ""
    return f"IP6 ({fragment}hlim {ip[7]}, next-header {_protocol(record)} payload length: {int.from_bytes(ip[4:6], 'big')}) "


def _ends(record: Record, tables: Tables) -> str:
    source, target = (tables.addresses.text(record[name]) for name in ("src", "dst"))
    if "sport" not in record:
        return f"{source} > {target}"
    return f"{source}.{record['sport']} > {target}.{record['dport']}"


def _upper(ip: bytes, record: Record) -> str:
    """What IP carries, in the words for its protocol."""
    at, proto = upper_at(ip), record.get("proto")
    length = record["length"] - at if "length" in record else len(ip) - at
    if proto == Proto.TCP and "flags" in record:
        return _tcp(record, ip[at:], length)
    if proto == Proto.UDP and "sport" in record:
        return f"UDP, length {max(0, length - 8)}"
    if proto in (Proto.ICMP, Proto.ICMP6) and "icmp_type" in record:
        number, code = record["icmp_type"], record.get("icmp_code", 0)
        name = (_ICMP if proto == Proto.ICMP else _ICMP6).get(number, f"type {number}")
        code_text = f" code {code}" if code else ""
        return f"{'ICMP' if proto == Proto.ICMP else 'ICMP6,'} {name}{code_text}, length {length}"
    return f"{_protocol(record)}, length {length}"


def _tcp(record: Record, tcp: bytes, length: int) -> str:
    said = "".join(letter for letter, name in _LETTERS.items() if record["flags"] & FLAG_BITS[name])
    parts = [f"Flags [{said or 'none'}]", f"seq {record['seq']}"]
    if record["flags"] & FLAG_BITS["ACK"]:
        parts.append(f"ack {record['ack']}")
    if "window" in record:
        parts.append(f"win {record['window']}")
    size = (tcp[12] >> 4) * 4
    if "tcp_options" in record:
        parts.append(f"options [{_options(tcp[20:size])}]")
    return ", ".join([*parts, f"length {max(0, length - size)}"])


def _options(data: bytes) -> str:
    """TCP options by the names of print-tcp.c."""
    made, at = [], 0
    while at < len(data):
        kind = data[at]
        size = 1 if kind in (0, 1) else data[at + 1] if at + 1 < len(data) else 0
        if not size or (kind > 1 and size < 2):
            made.append(f"[bad opt {data[at:].hex()}]")
            break
        value = data[at + 2 : at + size]
        number = int.from_bytes(value, "big")
        if kind in (0, 1):
            made.append(("eol", "nop")[kind])
        elif kind == 8 and len(value) == 8:
            made.append(f"TS val {number >> 32} ecr {number & 0xFFFFFFFF}")
        else:
            title = {2: "mss", 3: "wscale", 4: "sackOK"}.get(kind)
            made.append(f"{title} {number}" if title and value else title or f"unknown-{kind} 0x{value.hex()}")
        at += size
    return ",".join(made)
