"""A command line that sends the same pattern, for a test of one's own sensor. Made of numbers and addresses only."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network

from scantui.detect.scan import Scan, port_ranges
from scantui.events import ACK, FIN, FLAG_BITS, PSH, SYN, Events
from scantui.explain.observation import Observation
from scantui.explain.probes import Probes

_MOST_PORTS = 400  # characters
_MOST_HOSTS = 8
_NMAP = {SYN: "-sS", FIN: "-sF", 0: "-sN", FIN | PSH | 32: "-sX", FIN | ACK: "-sM", ACK: "-sA"}
_HPING = {"FIN": "-F", "SYN": "-S", "RST": "-R", "PSH": "-P", "ACK": "-A", "URG": "-U", "ECE": "-X", "CWR": "-Y"}


def command_for(tool: str, mode: str, scan: Scan, probes: Probes, seen: dict[str, Observation]) -> str:
    """The command line of `tool`; empty when it has none that would do it."""
    make = _MAKERS.get(tool)
    return make(scan, probes, seen, mode) if make is not None else ""


def _ports(scan: Scan) -> str:
    text = port_ranges(scan.port_list)
    return text if len(text) <= _MOST_PORTS else f"{scan.port_list[0]}-{scan.port_list[-1]}"


def _hosts(scan: Scan, events: Events) -> str:
    texts = [events.tables.addresses.text(code) for code in scan.target_list]
    if scan.targets <= _MOST_HOSTS:
        return " ".join(texts)
    if any(":" in text for text in texts):
        return " ".join(texts[:_MOST_HOSTS])
    low, high = min(map(IPv4Address, texts)), max(map(IPv4Address, texts))
    bits = 32 - (int(low) ^ int(high)).bit_length()
    return str(IPv4Network((int(low), bits), strict=False))


def _sport(seen: dict[str, Observation], scan: Scan) -> int | None:
    sport = scan.signature.fields.get("sport")
    return sport if isinstance(sport, int) and seen.get("sport", _NONE).value == "constant" else None


_NONE = Observation("", "", "")


def _nmap(scan: Scan, probes: Probes, seen: dict[str, Observation], mode: str) -> str:
    words = ["nmap", "-Pn", "-n"]
    if probes.ipv6:
        words.append("-6")
    if "connect" in mode:
        words.append("-sT")
    elif probes.proto == "udp":
        words.append("-sU")
    elif probes.proto == "icmp":
        words = ["nmap", "-n", "-sn", "-PE"]
    elif probes.proto == "ip":
        words.append("-sO")
    elif probes.proto == "fragment":
        words += ["-f", "-sS"]
    elif "OS detection" in mode:
        words.append("-O")
    elif probes.flags in _NMAP:
        words.append(_NMAP[probes.flags])
    elif probes.flags is not None:
        words += ["-sS", "--scanflags", "".join(name for name, bit in FLAG_BITS.items() if probes.flags & bit)]
    sport = _sport(seen, scan)
    if sport is not None and (sport < 1024 or seen.get("retry", _NONE).value == "same"):
        words += ["-g", str(sport)]
    if seen.get("order", _NONE).value == "ascending":
        words.append("-r")
    if seen.get("tries", _NONE).value == "once":
        words += ["--max-retries", "0"]
    if scan.ports and probes.proto in ("tcp", "udp"):
        words += ["-p", _ports(scan)]
    return " ".join([*words, _hosts(scan, probes.rows)])


def _hping3(scan: Scan, probes: Probes, seen: dict[str, Observation], mode: str) -> str:
    if scan.targets != 1 or not scan.ports:
        return ""
    flags = probes.flags or 0
    words = ["hping3"]
    words += ["--udp"] if probes.proto == "udp" else [_HPING[name] for name in _HPING if flags & FLAG_BITS[name]]
    sport = _sport(seen, scan)
    first, last = scan.port_list[0], scan.port_list[-1]
    if last - first + 1 == scan.ports and seen.get("tries", _NONE).value != "eight":
        words += ["-s", str(sport), "-k"] if sport is not None else []
        words += ["-p", f"++{first}", "-c", str(scan.ports)]
    else:
        words += ["--scan", _ports(scan)]
        words += ["-s", str(sport)] if sport is not None and sport < 1024 else []
    return " ".join([*words, _hosts(scan, probes.rows)])


def _masscan(scan: Scan, probes: Probes, seen: dict[str, Observation], mode: str) -> str:
    if probes.proto == "icmp":
        return f"masscan --ping {_hosts(scan, probes.rows)}"
    return f"masscan -p{'U:' if probes.proto == 'udp' else ''}{_ports(scan)} --rate {_rate(scan)} {_hosts(scan, probes.rows)}"


def _zmap(scan: Scan, probes: Probes, seen: dict[str, Observation], mode: str) -> str:
    return f"zmap -p {_ports(scan)} -r {_rate(scan)} {_hosts(scan, probes.rows)}" if scan.ports else ""


def _rustscan(scan: Scan, probes: Probes, seen: dict[str, Observation], mode: str) -> str:
    return f"rustscan -a {_hosts(scan, probes.rows).replace(' ', ',')} -p {_ports(scan)}"


def _netcat(scan: Scan, probes: Probes, seen: dict[str, Observation], mode: str) -> str:
    return f"nc -z -w 1 {_hosts(scan, probes.rows)} {scan.port_list[0]}-{scan.port_list[-1]}" if scan.targets == 1 else ""


def _rate(scan: Scan) -> int:
    """Packets a second, as logged."""
    return max(1, round(scan.packets / max(1.0, (scan.last - scan.first) / 1e6)))


_MAKERS: dict[str, Callable[[Scan, Probes, dict[str, Observation], str], str]] = {
    "nmap": _nmap,
    "hping3": _hping3,
    "masscan": _masscan,
    "zmap": _zmap,
    "rustscan": _rustscan,
    "nc": _netcat,
}
