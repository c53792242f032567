"""Zeek's conn.log as TSV; beside `str.split`."""

from __future__ import annotations

from format_lines.by_pattern import address, split_loop, word
from format_lines.packets import packets

FORMAT = "zeek"
AGAINST = "split"
_NAMES = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history"
_NAMES += " orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents"
HEADER = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t"
    + _NAMES.replace(" ", "\t")
    + "\n"
).encode()
STATES = [
    *(("-", "S0", "S", 1, 0), ("-", "S0", "S", 1, 0), ("0.000041", "REJ", "Sr", 1, 1)),
    *(("1.352201", "SF", "ShADadFf", 12, 10), ("0.104437", "RSTO", "ShR", 2, 1)),
]


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    made = []
    for one in packets(count, seed):
        lasted, state, history, sent, back = one.rng.choice(STATES)
        octets = "-\t-" if lasted == "-" else f"{one.rng.randrange(9000)}\t{one.rng.randrange(9000)}"
        made.append(
            (
                f"{one.time // 1_000_000}.{one.micro}\tC{one.rng.getrandbits(68):017x}\t{one.src}\t{one.sport}\t{one.dst}\t{one.dport}\ttcp\t-\t{lasted}\t"
                f"{octets}\t{state}\tF\tT\t0\t{history}\t{sent}\t{sent * 44}\t{back}\t{back * 40}\t-"
            ).encode()
        )
    return made


_ANSWERED = {b"S0": 0, b"REJ": 0, b"SF": 1, b"RSTO": 1}
reference = split_loop(
    "\t",
    {
        0: lambda text: int(text[:10] + text[11:]),
        2: address,
        3: int,
        4: address,
        5: int,
        6: word,
        11: lambda text: _ANSWERED[text],
        15: lambda text: 2 if text[:1] == b"S" else 0,
        16: int,
    },
)
