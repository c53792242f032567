"""FortiOS traffic logs; beside one pattern, which knows the order of the keys."""

from __future__ import annotations

from format_lines.by_pattern import address, loop, word
from format_lines.packets import packets

FORMAT = "fortigate"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    made = []
    for one in packets(count, seed):
        action, sent, back = one.rng.choice([("deny", 0, 0), ("deny", 0, 0), ("close", 9, 8)])
        made.append(
            (
                f'{one.stamp("date=%Y-%m-%d time=%H:%M:%S")} devname="fgt1" devid="FG000000000001" eventtime={one.time}000 tz="+0000" '
                f'logid="0001000014" type="traffic" subtype="local" level="notice" vd="root" srcip={one.src} srcport={one.sport} srcintf="wan1" '
                f'srcintfrole="wan" dstip={one.dst} dstport={one.dport} dstintf="root" dstintfrole="undefined" sessionid={one.number} proto=6 '
                f'action="{action}" policyid=0 policytype="local-in-policy" service="tcp/{one.dport}" trandisp="noop" app="tcp/{one.dport}" '
                f"duration={one.rng.randrange(60)} sentbyte=0 rcvdbyte=0 sentpkt={sent} rcvdpkt={back}"
            ).encode()
        )
    return made


reference = loop(
    r'devname="([^"]*)" .*?eventtime=(\d+) .*?type="([^"]*)" subtype="([^"]*)" .*?srcip=(\S+) srcport=(\d+) srcintf="([^"]*)" .*?dstip=(\S+) dstport=(\d+) '
    r'.*?proto=(\d+) action="([^"]*)" policyid=(\d+) .*?service="([^"]*)" .*?duration=(\d+) .*?sentpkt=(\d+) rcvdpkt=(\d+)',
    (word, int, word, word, address, int, word, address, int, int, word, word, word, int, int, int),
)
