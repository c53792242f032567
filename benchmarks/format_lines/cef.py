"""ArcSight's CEF as a firewall sends it; beside one pattern, which knows the order of the keys."""

from __future__ import annotations

from format_lines.by_pattern import address, loop, word
from format_lines.packets import packets

FORMAT = "cef"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    return [
        (
            f"{one.stamp('%b %d %H:%M:%S')} mgr CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|Log|Unknown|act=Drop deviceDirection=0 "
            f"rt={one.time // 1000} spt={one.sport} dpt={one.dport} cs2Label=Rule Name cs2=Cleanup rule layer_name=Network ifname=eth1 logid=0 "
            f"origin=192.0.2.1 dst={one.dst} product=VPN-1 & FireWall-1 proto=6 src={one.src}"
        ).encode()
        for one in packets(count, seed)
    ]


reference = loop(
    r"^\w{3} [ \d]\d \S+ (\S+) CEF:0\|([^|]*)\|([^|]*)\|[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|act=(.*?) deviceDirection=(\d) rt=(\d+) spt=(\d+) dpt=(\d+) "
    r"cs2Label=(.*?) cs2=(.*?) layer_name=.*? ifname=(.*?) logid=.*? dst=(\S+) .*?proto=(\d+) src=(\S+)",
    (*(word, word, word, word, word, word, word, int, int, int, int, word, word, word, address, int, address),),
)
