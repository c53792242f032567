"""nfdump's CSV; beside `str.split`."""

from __future__ import annotations

from format_lines.by_pattern import address, clock, split_loop, word
from format_lines.packets import packets

FORMAT = "nfdump"
AGAINST = "split"
HEADER = b"ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt\n"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    made = []
    for one in packets(count, seed):
        stamp, number = one.stamp("%Y-%m-%d %H:%M:%S"), one.rng.randrange(1, 20)
        flags = one.rng.choice(["....S.", "....S.", ".AP.SF"])
        made.append(
            f"{stamp},{stamp},0.{one.rng.randrange(1000):03d},{one.src},{one.dst},{one.sport},{one.dport},TCP,{flags},0,0,{number},{number * 44},0,0".encode()
        )
    return made


_stamp = clock("%Y-%m-%d %H:%M:%S")
reference = split_loop(",", {0: _stamp, 3: address, 4: address, 5: int, 6: int, 7: word, 8: word, 11: int, 13: int})
