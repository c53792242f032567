"""ipset: two sets for `ipset restore`, entries that time out."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.export.blocked import Blocklist, blocklist
from scantui.export.handover import Export, Handover
from scantui.export.quoting import ipset_string

_MOST_HOURS = 2_147_483 // 3600  # ipset(8): the largest timeout is 2147483 seconds
_LEAST_ROOM = 1 << 20  # entries; a set that is there is only added to when it was made with the same room
_FAMILIES = ((4, "scantui4", "inet"), (6, "scantui6", "inet6"))


def render(handover: Handover) -> Iterator[str]:
    blocked = blocklist(handover)
    if blocked.hours > _MOST_HOURS:
        raise ValueError(
            f"ipset keeps an entry for at most {_MOST_HOURS} hours: ask for fewer, or for 0, which is for good"
        )
    for line in _lines(blocked):
        yield line + "\n"


def _lines(blocked: Blocklist) -> Iterator[str]:
    yield from blocked.head(
        "load: ipset restore -exist -file FILE   take back: ipset flush scantui4; ipset flush scantui6",
        "then, once: iptables -t raw -I PREROUTING -m set --match-set scantui4 src -j DROP",
        "            ip6tables -t raw -I PREROUTING -m set --match-set scantui6 src -j DROP",
    )
    for version, name, family in _FAMILIES:
        entries = blocked.of(version)
        room = max(_LEAST_ROOM, 1 << len(entries).bit_length())
        yield f"create {name} hash:net family {family} maxelem {room} timeout 0 comment"
        for one in entries:
            yield from one.said()
            yield f"add {name} {one.text} timeout {blocked.hours * 3600} comment {ipset_string(one.why)}"


EXPORT = Export("ipset", ".ipset", "ipset restore: sets of addresses that time out", render, acts=True)
