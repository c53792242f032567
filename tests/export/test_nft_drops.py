"""The nft export in force: a logged SYN-FIN scan sent again between two namespaces, before, under and after the rules."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scantui.export.nftables import EXPORT
from tests.export.handing import SYNFIN, demo
from tests.export.namespaces import needs

_OTHER = "198.51.100.99"  # is in no set: only the pattern can stop its packets
_SYN, _SYN_FIN = 0x02, 0x03

# Sends TCP packets, (source, source port, port, flags) each, over a raw socket that is given the IP header (raw(7)).
_SEND = """
import json, socket, struct, sys
out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
for source, sport, port, flags in json.load(sys.stdin):
    to, sender = socket.inet_aton("192.0.2.10"), socket.inet_aton(source)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 1, 0, 64, 6, 0, sender, to)
    out.sendto(ip + struct.pack("!HHIIBBHHH", sport, port, 1, 0, 0x50, flags, 1024, 0, 0), ("192.0.2.10", 0))
"""
# Counts TCP packets that came through the firewall, by source and flags, until the one to the last port.
_COUNT = """
import collections, json, socket, sys
inlet = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
print("ready", flush=True)
seen = collections.Counter()
while True:
    packet = inlet.recv(65535)
    if packet[22:24] == b"\\xff\\xff":
        break
    seen[f"{socket.inet_ntoa(packet[12:16])} {packet[33]}"] += 1
print(json.dumps(seen))
"""

Packet = tuple[str, int, int, int]


class Wire:
    """Two namespaces joined by a cable; the site is 192.0.2.10."""

    def __init__(self, scanner: str, site: str) -> None:
        self.scanner, self.site = scanner, site

    def arrived(self, packets: list[Packet]) -> dict[str, int]:
        """How many of the packets came through, by source and flags."""
        last = (_OTHER, 40000, 65535, _SYN)
        counting = ["ip", "netns", "exec", self.site, sys.executable, "-c", _COUNT]
        with subprocess.Popen(counting, stdout=subprocess.PIPE, text=True) as counter:
            assert counter.stdout is not None
            assert counter.stdout.readline() == "ready\n"
            sending = ["ip", "netns", "exec", self.scanner, sys.executable, "-c", _SEND]
            subprocess.run(sending, input=json.dumps([*packets, last]), text=True, check=True)
            return json.loads(counter.stdout.readline())

    def nft(self, *words: str) -> str:
        done = ["ip", "netns", "exec", self.site, "nft", *words]
        return subprocess.run(done, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def wire() -> Iterator[Wire]:
    scanner, site = f"scantui-a-{os.getpid()}", f"scantui-b-{os.getpid()}"
    with contextlib.ExitStack() as made:
        for name in (scanner, site):
            if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
                pytest.skip("ip netns add is refused here")
            made.callback(subprocess.run, ["ip", "netns", "delete", name], check=True)
        a, b = ["ip", "-n", scanner], ["ip", "-n", site]
        for words in (
            [*a, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", site],
            [*a, "address", "add", "203.0.113.7/32", "dev", "cable"],
            [*a, "address", "add", f"{_OTHER}/32", "dev", "cable"],
            [*b, "address", "add", "192.0.2.10/32", "dev", "cable"],
            [*a, "link", "set", "cable", "up"],
            [*b, "link", "set", "cable", "up"],
            [*a, "route", "add", "192.0.2.0/24", "dev", "cable"],
            [*b, "route", "add", "203.0.113.0/24", "dev", "cable"],
            [*b, "route", "add", "198.51.100.0/24", "dev", "cable"],
        ):
            subprocess.run(words, check=True)
        yield Wire(scanner, site)


@needs("nft", "ip")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root for two joined namespaces")
def test_the_scan_is_dropped_and_nothing_else(wire: Wire, tmp_path: Path) -> None:
    handover = demo(SYNFIN)
    events = handover.events
    assert events is not None
    columns = (
        events.tables.addresses.texts(events.src),
        events.sport.tolist(),
        events.dport.tolist(),
        events.flags.tolist(),
    )
    scan: list[Packet] = list(zip(*columns, strict=True))
    again = [(_OTHER, sport, port, flags) for _, sport, port, flags in scan]  # the same pattern from elsewhere
    plain = [(_OTHER, 40000 + port, port, _SYN) for port in range(1, 11)]
    all_of_it = {"203.0.113.7 3": 200, f"{_OTHER} 3": 200, f"{_OTHER} 2": 10}
    assert len(scan) == 200
    assert {flags for *_, flags in scan} == {_SYN_FIN}

    assert wire.arrived(scan + again + plain) == all_of_it
    file = tmp_path / "export.nft"
    file.write_text("".join(str(chunk) for chunk in EXPORT.render(handover)))
    wire.nft("-f", str(file))
    assert wire.arrived(scan + again + plain) == {f"{_OTHER} 2": 10}
    rules = [
        item["rule"]["expr"]
        for item in json.loads(wire.nft("-j", "list", "chain", "inet", "scantui", "prerouting"))["nftables"]
        if "rule" in item
    ]
    counted = [part["counter"]["packets"] for expressions in rules for part in expressions if "counter" in part]
    assert counted == [200, 0, 200]  # by address, by IPv6 address, by pattern
    wire.nft("delete", "table", "inet", "scantui")
    assert wire.arrived(scan + again + plain) == all_of_it
