"""Windows' pfirewall.log; beside one pattern."""

from __future__ import annotations

from format_lines.by_pattern import address, clock, letters, loop, word
from format_lines.packets import packets

FORMAT = "windows-firewall"
HEADER = (
    b"#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n"
    b"#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path\n\n"
)


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    made = []
    for one in packets(count, seed):
        begin, ends = one.stamp("%Y-%m-%d %H:%M:%S"), f"{one.src} {one.dst} {one.sport} {one.dport}"
        if one.rng.random() < 0.7:
            text = f"{begin} DROP TCP {ends} 44 S {one.rng.randrange(1 << 32)} 0 1024 - - - RECEIVE"
        else:
            text = f"{begin} {one.rng.choice(['DROP', 'ALLOW'])} UDP {ends} 78 - - - - - - - RECEIVE"
        made.append(text.encode())
    return made


reference = loop(
    r"^(\S+ \S+) (\S+) (\S+) ([0-9.]+) ([0-9.]+) (\d+) (\d+) (\d+) (?:-|([SAFRPU]+)) (?:-|(\d+)) (?:-|(\d+)) (?:-|(\d+)) (?:-|(\d+)) (?:-|(\d+)) - (\S+)",
    (clock("%Y-%m-%d %H:%M:%S"), word, word, address, address, int, int, int, letters, int, int, int, int, int, word),
)
