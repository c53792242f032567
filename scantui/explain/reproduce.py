"""A command line that sends the same pattern, for a test of one's own sensor. Made of numbers and addresses only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from scantui.detect.scan import Scan, port_ranges
from scantui.events import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG, flag_text
from scantui.explain.observation import Observation
from scantui.explain.probes import Probes

_MOST_PORTS = 2_000  # characters; longer lists are given as one range
_MOST_HOSTS = 20
_WELL_KNOWN = 1024
_NMAP = {SYN: "-sS", FIN: "-sF", 0: "-sN", FIN | PSH | URG: "-sX", FIN | ACK: "-sM", ACK: "-sA"}
_NMAP_PROTO = {"udp": ["-sU"], "ip": ["-sO"], "fragment": ["-f", "-sS"]}
_HPING = ((SYN, "-S"), (FIN, "-F"), (RST, "-R"), (PSH, "-P"), (ACK, "-A"), (URG, "-U"), (ECE, "-X"), (CWR, "-Y"))


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be sent again, and how a tool sent it."""

    scan: Scan
    probes: Probes
    seen: Mapping[str, Observation]
    mode: str

    def how(self, field: str) -> str:
        """The class seen of a field."""
        return self.seen[field].value if field in self.seen else ""

    @property
    def ports(self) -> str:
        text = port_ranges(self.scan.port_list)
        return text if len(text) <= _MOST_PORTS else f"{self.scan.port_list[0]}-{self.scan.port_list[-1]}"

    @property
    def hosts(self) -> str:
        """The targets in order; of many, or of all in one network, the smallest network that holds those known."""
        texts = [self.probes.rows.tables.addresses.text(code) for code in self.scan.target_list]
        if any(":" in text for text in texts):
            return " ".join(sorted(texts, key=lambda text: int(IPv6Address(text)))[:_MOST_HOSTS])
        known = sorted(map(IPv4Address, texts))
        length = 32 - (int(known[0]) ^ int(known[-1])).bit_length()
        network = IPv4Network((int(known[0]), length), strict=False)
        if self.scan.targets <= _MOST_HOSTS and network.num_addresses != self.scan.targets:
            return " ".join(map(str, known))
        return str(network) if length < 32 else str(known[0])

    @property
    def sport(self) -> int | None:
        """The one source port, if there is one."""
        sport = self.scan.signature.fields.get("sport")
        return sport if isinstance(sport, int) and self.how("sport") in ("constant", str(sport)) else None

    @property
    def rate(self) -> int:
        """Packets a second, as logged."""
        return max(1, round(self.scan.packets / max(1.0, (self.scan.last - self.scan.first) / 1e6)))


def command_for(tool: str, mode: str, scan: Scan, probes: Probes, seen: Mapping[str, Observation]) -> str:
    """The command line of `tool`; empty when it has none that would do it."""
    make = _MAKERS.get(tool)
    return make(_Job(scan, probes, seen, mode)) if make is not None else ""


def _nmap(job: _Job) -> str:
    probes = job.probes
    words = ["nmap", "-Pn", "-n"] + (["-6"] if probes.ipv6 else [])
    if "connect" in job.mode:
        words.append("-sT")
    elif "OS detection" in job.mode:
        words.append("-O")
    elif probes.proto == "icmp":
        words = ["nmap", "-n", "-sn", "-PE"]
    elif probes.proto in _NMAP_PROTO:
        words += _NMAP_PROTO[probes.proto]
    elif probes.flags in _NMAP:
        words.append(_NMAP[probes.flags])
    elif probes.flags is not None:
        words += ["-sS", "--scanflags", flag_text(probes.flags).replace("-", "")]
    if job.sport is not None and (job.sport < _WELL_KNOWN or job.how("retry") == "same"):
        words += ["-g", str(job.sport)]
    if job.how("order") == "ascending":
        words.append("-r")
    if job.how("tries") == "once":
        words += ["--max-retries", "0"]
    if "decoys" in job.seen:
        words += ["-D", "RND:5,ME"]
    if job.scan.ports and probes.proto in ("tcp", "udp"):
        words += ["-p", job.ports]
    return " ".join([*words, job.hosts])


def _hping3(job: _Job) -> str:
    scan = job.scan
    if scan.targets != 1 or not scan.ports:
        return ""
    words = ["hping3"]
    if job.probes.proto == "udp":
        words.append("--udp")
    else:
        words += [option for bit, option in _HPING if (job.probes.flags or 0) & bit]
    own = ["-s", str(job.sport)] if job.sport is not None and job.sport < _WELL_KNOWN else []
    if scan.port_list[-1] - scan.port_list[0] + 1 == scan.ports and job.how("tries") != "eight":
        keep = ["-k"] if job.sport is not None else []
        words += [*own, *keep, "-p", f"++{scan.port_list[0]}", "-c", str(scan.ports)]
    else:
        words += [*own, "--scan", job.ports]
    return " ".join([*words, job.hosts])


def _masscan(job: _Job) -> str:
    if job.probes.proto == "icmp":
        return f"masscan --ping {job.hosts}"
    return f"masscan -p{'U:' if job.probes.proto == 'udp' else ''}{job.ports} --rate {job.rate} {job.hosts}"


def _zmap(job: _Job) -> str:
    return f"zmap -p {job.ports} -r {job.rate} {job.hosts}" if job.scan.ports else ""


def _rustscan(job: _Job) -> str:
    return f"rustscan -a {job.hosts.replace(' ', ',')} -p {job.ports}"


def _netcat(job: _Job) -> str:
    return f"nc -z -w 1 {job.hosts} {job.scan.port_list[0]}-{job.scan.port_list[-1]}" if job.scan.targets == 1 else ""


_MAKERS: dict[str, Callable[[_Job], str]] = {
    "nmap": _nmap,
    "hping3": _hping3,
    "masscan": _masscan,
    "zmap": _zmap,
    "rustscan": _rustscan,
    "nc": _netcat,
}
