"""The first packet's flags of flow records."""

from __future__ import annotations

import numpy as np
import pytest

from scantui.events import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG
from scantui.formats.flow_flags import MIXED, ORED


@pytest.mark.parametrize(
    ("ored", "count", "first"),
    [
        (SYN | RST, 2, SYN),  # nmap -sS at an open port: SYN, and the kernel refuses the answer
        (SYN | RST | ECE | CWR, 2, SYN | ECE | CWR),
        (SYN | RST, 1, SYN | RST),
        (SYN | FIN, 2, SYN | FIN),
        (SYN | FIN | RST, 2, SYN | FIN | RST),
        (SYN | ACK | PSH | FIN, 9, SYN),
        (FIN | PSH | URG, 2, FIN | PSH | URG),
        (0, 2, 0),
        (ACK, 3, ACK),
        (ACK | PSH, 3, MIXED),
    ],
)
def test_first_packet_of_a_record(ored: int, count: int, first: int) -> None:
    assert ORED.first(np.array([ored]), np.array([count])).tolist() == [first]
    record = {"flags": ored, "count": count}
    ORED.one(record)
    assert record == ({"count": count} if first == MIXED else {"flags": first, "count": count})
