"""The first packet's flags of flow records."""

from __future__ import annotations

import numpy as np
import pytest

from scantui.events import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG
from scantui.formats.flow_flags import MIXED, ONE_WAY, ORED, SURICATA, SURICATA_ONE_WAY, Told


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


@pytest.mark.parametrize(
    ("told", "ored", "count", "first"),
    [
        (ONE_WAY, SYN | ACK, 1, SYN | ACK),
        (ONE_WAY, SYN | ACK | PSH | FIN, 9, MIXED),  # a client's SYN or a server's SYN-ACK
        (ONE_WAY, SYN, 3, SYN),
        (ONE_WAY, SYN | RST, 2, SYN),
        (SURICATA, SYN | ACK, 1, SYN),  # the ACK is made up
        (SURICATA, SYN | ACK | PSH, 5, SYN),
        (SURICATA, SYN, 1, SYN),
        (SURICATA_ONE_WAY, SYN | ACK, 1, MIXED),
        (SURICATA_ONE_WAY, SYN, 1, SYN),
        (SURICATA_ONE_WAY, RST | ACK, 1, RST | ACK),
    ],
)
def test_first_packet_where_answers_or_made_up_packets_are_among_them(
    told: Told, ored: int, count: int, first: int
) -> None:
    assert told.first(np.array([ored]), np.array([count])).tolist() == [first]
