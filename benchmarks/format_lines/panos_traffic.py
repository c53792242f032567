"""PAN-OS traffic logs through a syslog; beside one pattern, for which there are no quotes in them."""

from __future__ import annotations

from format_lines.by_pattern import address, clock, loop, word
from format_lines.packets import packets

FORMAT = "panos-traffic"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    made = []
    for one in packets(count, seed):
        stamp = one.stamp("%Y/%m/%d %H:%M:%S")
        kind, app, action, sent, back = one.rng.choice(
            [("drop", "not-applicable", "deny", 1, 0), ("end", "ssl", "allow", 11, 9)]
        )
        made.append(
            (
                f"{one.stamp('%b %d %H:%M:%S')} relay 1,{stamp},001701003551,TRAFFIC,{kind},2305,{stamp},{one.src},{one.dst},0.0.0.0,0.0.0.0,rule-{kind},,,"
                f"{app},vsys1,untrust,trust,ethernet1/1,ethernet1/2,default,{stamp},{one.number},1,{one.sport},{one.dport},0,0,0x0,tcp,{action},"
                f"60,60,0,{sent + back},{stamp},0,any,0,{one.number},0x0,Nowhere,192.0.2.0-192.0.2.255,0,{sent},{back},policy-deny"
            ).encode()
        )
    return made


_STAMP = clock("%Y/%m/%d %H:%M:%S")
reference = loop(
    r"^\w{3} [ \d]\d \S+ (\S+) 1,[^,]*,[^,]*,(\w+),([^,]*),[^,]*,([^,]*),([^,]*),([^,]*),[^,]*,[^,]*,([^,]*),[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,([^,]*),"
    r"(?:[^,]*,){5}(\d*),(\d*),[^,]*,[^,]*,[^,]*,([^,]*),([^,]*),(?:[^,]*,){4}([^,]*),(\d*),(?:[^,]*,){7}(\d*),(\d*),",
    (word, word, word, _STAMP, address, address, word, word, int, int, word, word, _STAMP, int, int, int),
)
