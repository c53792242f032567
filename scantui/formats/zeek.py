"""What Zeek's connection records mean, whatever form they are written in (TSV, JSON).

https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html: `history` has a letter for each kind of packet when it
is first seen, upper case for the originator's; `conn_state` sums a connection up.
"""

from __future__ import annotations

from scantui.events import ACK, SYN
from scantui.formats.sheet import Record
from scantui.formats.turned import UNTOLD

# The originator's first packet, where its letter tells all its flags. F and R stand for packets with that flag whatever else
# they have (a FIN-ACK too), D for any with data, Q and I for odd pairs (src/packet_analysis/protocol/tcp/TCPSessionAdapter.cc).
_FIRST = {"S": SYN, "H": SYN | ACK, "A": ACK}
_NOT_PACKETS = "^TCGWXtcgwx"  # notes on the stream: flipped, retransmission, bad checksum, gap, zero window...

# What the responder sent that no closed port sends, and its packets with a bad checksum, which may have been anything. Beside
# them a state that says that no answer came is one of a connection that was seen in part.
_SPOKE = frozenset("acfqi")

# Whether the responder answered as an open service would. RSTR is what a FIN to a closed port gives, too; states that saw only
# part of a connection do not tell either (RSTO, RSTRH, SHR, OTH). The history may.
_ANSWERED = {"S0": 0, "REJ": 0, "RSTOS0": 0, "SH": 0, "S1": 1, "S2": 1, "S3": 1, "SF": 1}


def history(token: bytes) -> Record | None:
    """Flags of the originator's first packet; answered, if the responder sent a SYN-ACK or data, `UNTOLD` if it sent what may be
    an answer; what is known of the responder's first packet, if the first of all came from there: Zeek turns connections around
    that begin with an answer (`^`)."""
    letters = token.decode("latin-1")
    record: Record = {}
    if "h" in letters or "d" in letters:
        record["answered"] = 1
    elif not _SPOKE.isdisjoint(letters):
        record["answered"] = UNTOLD
    packets = [letter for letter in letters if letter not in _NOT_PACKETS]
    first = next((letter for letter in packets if letter.isupper()), "")
    if packets and packets[0].islower() and "C" not in letters:
        record["back_flags"] = _FIRST.get(packets[0].upper(), UNTOLD)
    return record | {"flags": _FIRST[first]} if first in _FIRST else record


def connection_state(token: bytes) -> Record | None:
    """Whether the connection was answered."""
    answered = _ANSWERED.get(token.decode("latin-1"))
    return {} if answered is None else {"answered": answered}
