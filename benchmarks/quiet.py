"""Quiet logs, whose lines share no second, beside busy ones: what is read once a distinct stamp costs most there.

    python benchmarks/quiet.py [--lines 40000]

CPU time of reading the same lines with 200 events a second and with one every two seconds, for stamps that are not plain syslog's.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from formats import SOURCE, blocks

from scantui.formats.reader import Reader
from scantui.tables import Tables

START = datetime(2026, 11, 10, tzinfo=UTC)
_IOS = "%SEC-6-IPACCESSLOGP: list 101 denied tcp {src}({sport}) -> 192.0.2.5({dport}), 1 packet"
_ASA = '%ASA-4-106023: Deny tcp src outside:{src}/{sport} dst inside:192.0.2.5/{dport} by access-group "outside_in" [0x0, 0x0]'
_KERNEL = (
    "IN=eth0 OUT= MAC=00:00:5e:00:53:01:00:00:5e:00:53:02:08:00 SRC={src} DST=192.0.2.5 LEN=40 TOS=0x00 PREC=0x00 TTL=244 ID=1 "
    "PROTO=TCP SPT={sport} DPT={dport} WINDOW=1024 RES=0x00 SYN URGP=0"
)
_PANOS = (
    ",TRAFFIC,drop,2562,{at:%Y/%m/%d %H:%M:%S},{src},192.0.2.5,0.0.0.0,0.0.0.0,rule-drop,,,not-applicable,vsys1,untrust,trust,"
    "ethernet1/1,,fwd,{at:%Y/%m/%d %H:%M:%S},0,1,{sport},{dport},0,0,0x0,tcp,deny,60,60,0,1,{at:%Y/%m/%d %H:%M:%S},0,any,0,1,0x0"
)
LINES = {
    "plain syslog, ASA": "{at:%b %d %H:%M:%S} fw1 " + _ASA,
    "ASA with a year": "<166>{at:%b %d %Y %H:%M:%S} fw1 : " + _ASA,
    "ASA behind a relay": "{at:%b %d %H:%M:%S} relay {at:%b %d %Y %H:%M:%S} fw1 : " + _ASA,
    "IOS with sequence numbers": "<190>{number}: {at:%b %d %H:%M:%S}.{ms:03d}: " + _IOS,
    "OpenWrt's logread": "{at:%a %b %d %H:%M:%S %Y} kern.warn kernel: [{number}.{us:06d}] DROP " + _KERNEL,
    "dmesg -T": "[{at:%a %b %d %H:%M:%S %Y}] DROP " + _KERNEL,
    "Proxmox": "100 6 tap100i0-IN {at:%d/%b/%Y:%H:%M:%S} +0100 policy DROP: "
    + _KERNEL.replace("eth0", "fwbr100i0").replace(" RES=0x00 SYN URGP=0", " SYN "),
    "FortiGate": "date={at:%Y-%m-%d} time={at:%H:%M:%S} devname=fgt logid=0000000013 type=traffic subtype=forward srcip={src} srcport={sport} "
    "dstip=192.0.2.5 dstport={dport} proto=6 action=deny",
    "PAN-OS": "{at:%b %d %H:%M:%S} relay 1,{at:%Y/%m/%d %H:%M:%S},001701003551" + _PANOS,
    "Snort": "{at:%m/%d-%H:%M:%S}.{us:06d}  [**] [1:621:7] SCAN FIN [**] [Priority: 2] {{TCP}} {src}:{sport} -> 192.0.2.5:{dport}",
    "RouterOS": "nov/{at:%d/%Y %H:%M:%S} firewall,info forward: in:ether1 out:bridge, proto TCP (SYN), {src}:{sport}->192.0.2.5:{dport}, len 44",
}


def lines(form: str, count: int, apart: float) -> bytes:
    rng = random.Random(7)
    made = []
    for number in range(count):
        at = START + timedelta(seconds=number * apart)
        said = {
            "src": f"203.0.113.{rng.randrange(256)}",
            "sport": rng.randrange(1024, 65_536),
            "dport": rng.randrange(1, 10_000),
        }
        made.append(form.format(at=at, number=number, ms=rng.randrange(1000), us=rng.randrange(10**6), **said))
    return "\n".join(made).encode() + b"\n"


def cpu(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def measure(form: str, count: int, apart: float) -> float:
    """Nanoseconds a line; all must be read."""
    made = blocks(lines(form, count, apart))

    def read() -> None:
        reader = Reader(Tables())
        events = sum(len(reader.read(block)) for block in made) + sum(map(len, reader.flush()))
        assert events == count and not reader.status(SOURCE.id).unread, (form, events, reader.status(SOURCE.id))

    return min(cpu(read) for _ in range(3)) / count * 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=40_000)
    given = parser.parse_args()
    gc.disable()
    print("| lines | busy, ns a line | quiet, ns a line | quiet to busy |\n|---|---|---|---|")
    for name, form in LINES.items():
        busy, quiet = measure(form, given.lines, 0.005), measure(form, given.lines, 2.0)
        print(f"| {name} | {busy:.0f} | {quiet:.0f} | {quiet / busy:.1f} |", flush=True)


if __name__ == "__main__":
    main()
