"""Port bins: how the port space is cut for the heatmap and the matrix.

The whole space: the watched ports by themselves and ranges for the rest. A part of it: single ports, or equal ranges when there
are too many for a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events

# Ports most scanned (DShield, GreyNoise and nmap-services agree on these), with their IANA or usual names.
WATCHED = {
    21: "ftp",
    22: "ssh",
    23: "telnet",
    25: "smtp",
    53: "dns",
    80: "http",
    110: "pop3",
    123: "ntp",
    135: "msrpc",
    139: "netbios",
    143: "imap",
    161: "snmp",
    443: "https",
    445: "smb",
    1433: "mssql",
    2323: "telnet",
    3306: "mysql",
    3389: "rdp",
    5060: "sip",
    5432: "postgres",
    5900: "vnc",
    6379: "redis",
    8080: "http",
    8443: "https",
}
# More names, for ports that stand by themselves once a range is opened (IANA service names, shortened).
NAMED = WATCHED | {
    7: "echo", 9: "discard", 19: "chargen", 43: "whois", 49: "tacacs", 67: "dhcp", 68: "dhcp", 69: "tftp", 79: "finger",
    88: "kerberos", 111: "rpcbind", 113: "ident", 119: "nntp", 137: "netbios", 138: "netbios", 162: "snmptrap", 177: "xdmcp",
    179: "bgp", 194: "irc", 389: "ldap", 427: "slp", 465: "smtps", 500: "isakmp", 502: "modbus", 512: "exec", 513: "login",
    514: "syslog", 515: "printer", 520: "rip", 523: "db2", 543: "klogin", 548: "afp", 554: "rtsp", 587: "submission",
    593: "rpc-http", 623: "ipmi", 631: "ipp", 636: "ldaps", 853: "dns-tls", 873: "rsync", 902: "vmware", 989: "ftps",
    990: "ftps", 993: "imaps", 995: "pop3s", 1080: "socks", 1099: "rmi", 1194: "openvpn", 1521: "oracle", 1701: "l2tp",
    1723: "pptp", 1812: "radius", 1883: "mqtt", 1900: "ssdp", 1935: "rtmp", 2049: "nfs", 2082: "cpanel", 2181: "zookeeper",
    2222: "ssh-alt", 2375: "docker", 2376: "docker", 3128: "squid", 3260: "iscsi", 3268: "ldap-gc", 3478: "stun",
    4444: "metasploit", 4500: "ipsec-nat", 5000: "upnp", 5222: "xmpp", 5353: "mdns", 5555: "adb", 5601: "kibana",
    5672: "amqp", 5683: "coap", 5901: "vnc", 5984: "couchdb", 5985: "winrm", 6000: "x11", 6443: "kubernetes", 6667: "irc",
    7001: "weblogic", 7547: "tr-069", 8000: "http-alt", 8081: "http-alt", 8291: "winbox", 8333: "bitcoin", 8883: "mqtts",
    8888: "http-alt", 9000: "http-alt", 9042: "cassandra", 9090: "http-alt", 9100: "jetdirect", 9200: "elastic",
    10_000: "webmin", 10_250: "kubelet", 11_211: "memcached", 25_565: "minecraft", 27_017: "mongodb", 37_215: "huawei",
    44_818: "ethernet/ip", 47_808: "bacnet", 50_070: "hdfs", 52_869: "realtek",
}  # fmt: skip
RANGES = ((0, 1023), (1024, 4095), (4096, 16_383), (16_384, 32_767), (32_768, 49_151), (49_152, 65_535))
NO_PORT = -1
MOST_PORTS = 96  # ports of a part of the space that each get a row
_MOST_RANGES = 64  # rows of a part that holds more
_OUTSIDE = np.uint16(0xFFFF)


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """One row a bin, ascending. `of` maps a port to its row, or to 0xFFFF when it is in none; `bare` is the row of what has no
    port, -1 when it is left out."""

    low: NDArray[np.int32]
    high: NDArray[np.int32]
    names: tuple[str, ...]
    of: NDArray[np.uint16]
    bare: int

    def __len__(self) -> int:
        return len(self.low)

    def of_rows(self, batch: Events) -> NDArray[np.uint16]:
        """The bin of each event, 0xFFFF where it is in none."""
        bare = _OUTSIDE if self.bare < 0 else np.uint16(self.bare)
        return np.where(batch.is_known("dport"), self.of[batch.dport], bare)

    def of_keys(self, keys: NDArray[np.uint64]) -> NDArray[np.uint16]:
        """The bin of each key of `port_keys`."""
        bare = _OUTSIDE if self.bare < 0 else np.uint16(self.bare)
        return np.where((keys & np.uint64(1)) != 0, self.of[(keys >> np.uint64(1)).astype(np.uint16)], bare)

    @property
    def whole(self) -> bool:
        """Whether every event is in a bin."""
        return self.bare > 0


def port_keys(batch: Events) -> NDArray[np.uint64]:
    """(source, port) as one number: source << 17 | port << 1 | whether there is a port."""
    ported = batch.is_known("dport")
    port = np.where(ported, batch.dport, 0).astype(np.uint64)
    return (batch.src.astype(np.uint64) << np.uint64(17)) + (port << np.uint64(1)) + ported.astype(np.uint64)


def _made(rows: list[tuple[int, int, str]], *, bare: bool) -> Bins:
    """Bins from (low, high, name), ascending; a single port goes before a range that holds it."""
    rows = sorted(rows, key=lambda row: (row[1], row[0]))
    if bare:
        rows.append((NO_PORT, NO_PORT, "no port"))
    of = np.full(65_536, _OUTSIDE, np.uint16)
    for number, (low, high, _) in enumerate(rows):
        if high > low:
            of[low : high + 1] = number
    for number, (low, high, _) in enumerate(rows):
        if low == high and low >= 0:
            of[low] = number
    lows, highs = (np.array([row[i] for row in rows], np.int32) for i in (0, 1))
    return Bins(lows, highs, tuple(row[2] for row in rows), of, len(rows) - 1 if bare else -1)


WHOLE = _made(
    [(port, port, f"{port} {name}") for port, name in WATCHED.items()]
    + [(low, high, f"{low}-{high}") for low, high in RANGES],
    bare=True,
)


@lru_cache(maxsize=32)
def bins_for(low: int, high: int) -> Bins:
    """The bins of the ports `low` to `high`: WHOLE for all of them, single ports up to MOST_PORTS, else equal ranges whose width
    is a power of two. Both -1 is what has no port."""
    if low <= 0 and high >= 65_535:
        return WHOLE
    if high < 0:
        return _made([], bare=True)
    low, high = max(0, low), min(65_535, high)
    if high - low < MOST_PORTS:
        return _made([(port, port, name_of(port)) for port in range(low, high + 1)], bare=False)
    width = 2
    while (high - low) // width >= _MOST_RANGES:
        width *= 2
    edges = [(first, min(high, first + width - 1)) for first in range(low, high + 1, width)]
    return _made(
        [(first, last, f"{first}-{last}" if last > first else name_of(first)) for first, last in edges], bare=False
    )


def name_of(port: int) -> str:
    """The port, and what usually listens there."""
    return f"{port} {NAMED[port]}" if port in NAMED else str(port)
