"""The event: what every log line becomes, as a batch of columns.

One row is one packet or flow record as a log told it, or a notice, in which a sensor sums up what it saw (`count` 0). Null means
"the log did not say"; it never means zero or none.
Columns keep their width on the wire; one `known` word a row says which of the nullable columns the log gave, so that a
window of 0, a source port of 0 and no flags at all stay different from "unknown".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.tables import NO_ADDRESS, Tables

Array = NDArray[Any]


class TsQuality(IntEnum):
    """How far the time of an event can be trusted, best first."""

    EXACT = 0  # zone and sub-second digits as logged
    SECOND = 1  # zone as logged, whole seconds
    MINUTE = 2
    GUESSED_YEAR = 3  # no year (RFC 3164); the zone is then guessed too
    GUESSED_ZONE = 4
    ARRIVAL = 5  # no usable stamp: when the line was read


class Proto(IntEnum):
    """Transport protocol; the IANA number is in `proto_num`."""

    UNKNOWN = 0
    TCP = 1
    UDP = 2
    ICMP = 3
    ICMP6 = 4
    SCTP = 5
    OTHER = 6


# IANA protocol numbers of the named protocols.
PROTO_NUMBER = {Proto.TCP: 6, Proto.UDP: 17, Proto.ICMP: 1, Proto.ICMP6: 58, Proto.SCTP: 132}
PROTO_OF_NUMBER = {number: proto for proto, number in PROTO_NUMBER.items()}


class Action(IntEnum):
    """What the sensor did with the packet; never assumed."""

    UNKNOWN = 0
    DROP = 1
    REJECT = 2
    ACCEPT = 3
    ALERT = 4
    OBSERVED = 5


# TCP flag bits (RFC 9293 §3.1; AE is RFC 3540's NS bit, renamed by RFC 9768).
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = (1 << i for i in range(9))
FLAG_BITS = {"FIN": FIN, "SYN": SYN, "RST": RST, "PSH": PSH, "ACK": ACK, "URG": URG, "ECE": ECE, "CWR": CWR, "AE": AE}

# IPv4 fragmentation bits (RFC 791 §3.1): don't fragment, more fragments, and "not the first fragment".
DF, MF, LATER = 1, 2, 4

# Nullable columns that have a bit in `known`; the text and address columns carry their own null (0, NO_ADDRESS).
NULLABLE = (
    "sport",
    "dport",
    "proto_num",
    "flags",
    "ttl",
    "ip_id",
    "window",
    "length",
    "seq",
    "ack",
    "icmp_type",
    "icmp_code",
    "frag",
    "answered",
)
KNOWN = {name: 1 << i for i, name in enumerate(NULLABLE)}

DTYPES: dict[str, type[np.generic]] = {
    "ts": np.int64,  # microseconds since the epoch, UTC; start of the flow for flow records
    "ts_quality": np.uint8,  # TsQuality
    "src": np.uint32,  # address code, see tables.AddressTable
    "dst": np.uint32,
    "sport": np.uint16,
    "dport": np.uint16,
    "proto": np.uint8,  # Proto
    "proto_num": np.uint8,  # IANA number
    "flags": np.uint16,  # TCP flag bits; known and 0 is "no flag set"
    "ttl": np.uint8,  # or IPv6 hop limit
    "ip_id": np.uint16,
    "window": np.uint16,
    "length": np.uint32,  # IP total length, bytes
    "seq": np.uint32,
    "ack": np.uint32,
    "tcp_options": np.uint32,  # text: hex as on the wire, time stamp values as dots
    "icmp_type": np.uint8,
    "icmp_code": np.uint8,
    "frag": np.uint8,  # DF | MF | LATER
    "action": np.uint8,  # Action
    "answered": np.bool_,  # the target replied as an open service
    "count": np.uint32,  # packets this row stands for; 0 is a notice
    "rule": np.uint32,  # text: rule or signature the sensor gave
    "sensor": np.uint32,  # text
    "iface": np.uint32,  # text
    "source": np.uint32,  # origin: which input (ingest's source id)
    "offset": np.uint64,  # origin: byte offset of the line in it
    "line_length": np.uint32,  # origin: bytes of the line, newline not counted
    "known": np.uint32,  # bit KNOWN[name]: the log gave this column
}
COLUMNS = tuple(DTYPES)
FILL: dict[str, int] = {"src": NO_ADDRESS, "dst": NO_ADDRESS, "count": 1}


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """A batch of events: one 1-d array a column (dtypes in `DTYPES`), all of one length, and the tables they point into."""

    tables: Tables
    ts: NDArray[np.int64]
    ts_quality: NDArray[np.uint8]
    src: NDArray[np.uint32]
    dst: NDArray[np.uint32]
    sport: NDArray[np.uint16]
    dport: NDArray[np.uint16]
    proto: NDArray[np.uint8]
    proto_num: NDArray[np.uint8]
    flags: NDArray[np.uint16]
    ttl: NDArray[np.uint8]
    ip_id: NDArray[np.uint16]
    window: NDArray[np.uint16]
    length: NDArray[np.uint32]
    seq: NDArray[np.uint32]
    ack: NDArray[np.uint32]
    tcp_options: NDArray[np.uint32]
    icmp_type: NDArray[np.uint8]
    icmp_code: NDArray[np.uint8]
    frag: NDArray[np.uint8]
    action: NDArray[np.uint8]
    answered: NDArray[np.bool_]
    count: NDArray[np.uint32]
    rule: NDArray[np.uint32]
    sensor: NDArray[np.uint32]
    iface: NDArray[np.uint32]
    source: NDArray[np.uint32]
    offset: NDArray[np.uint64]
    line_length: NDArray[np.uint32]
    known: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.ts)

    def is_known(self, name: str) -> NDArray[np.bool_]:
        """Rows for which the log gave the nullable column `name`."""
        said: NDArray[np.bool_] = (self.known & np.uint32(KNOWN[name])) != 0
        return said

    def take(self, index: Array | slice) -> Events:
        """The rows that `index` (positions, mask or slice) picks. Constant columns stay constant and free."""
        columns: dict[str, Array] = {}
        rows = -1
        for name in COLUMNS:
            values = getattr(self, name)
            if values.strides == (0,):
                if rows < 0:
                    rows = len(self.ts[index]) if self.ts.strides != (0,) else len(np.empty(len(self), np.bool_)[index])
                columns[name] = np.broadcast_to(values[:1], (rows,)) if len(values) else values
            else:
                columns[name] = values[index]
        return Events(self.tables, **columns)

    @property
    def nbytes(self) -> int:
        """Bytes held; a constant column costs its one value."""
        return sum(
            values.nbytes if values.strides != (0,) else values.itemsize
            for values in (getattr(self, name) for name in COLUMNS)
        )


assert tuple(f.name for f in fields(Events))[1:] == COLUMNS


def without_notices(batch: Events) -> Events:
    """The rows that stand for packets: all but notices."""
    if batch.count.strides == (0,):
        return batch if not len(batch) or batch.count[0] else batch.take(slice(0, 0))
    return batch if batch.count.all() else batch.take(np.flatnonzero(batch.count))


def notices(batch: Events) -> Events:
    """The rows that are notices."""
    if batch.count.strides == (0,):
        return batch.take(slice(0, 0)) if not len(batch) or batch.count[0] else batch
    return batch.take(np.flatnonzero(batch.count == 0))


def constant(name: str, value: int, rows: int) -> Array:
    """Column `name` holding `value` in every row, in the space of one value."""
    return np.broadcast_to(np.array([value], DTYPES[name]), (rows,))


def events(tables: Tables, rows: int, columns: dict[str, Array]) -> Events:
    """A batch of `rows` events from the columns a format gave; the others are null (and cost nothing)."""
    full: dict[str, Array] = {}
    for name, dtype in DTYPES.items():
        values = columns.get(name)
        if values is None:
            full[name] = constant(name, FILL.get(name, 0), rows)
        else:
            full[name] = values if values.dtype == dtype else values.astype(dtype)
    return Events(tables, **full)


def concat(batches: Sequence[Events], tables: Tables) -> Events:
    """The batches one after another. A column that is one constant throughout stays constant."""
    batches = [batch for batch in batches if len(batch)]
    if len(batches) == 1:
        return batches[0]
    rows = sum(map(len, batches))
    full: dict[str, Array] = {}
    for name in COLUMNS:
        parts = [getattr(batch, name) for batch in batches]
        if not parts:
            full[name] = constant(name, FILL.get(name, 0), 0)
        elif all(part.strides == (0,) for part in parts) and len({part[0].item() for part in parts}) == 1:
            full[name] = np.broadcast_to(parts[0][:1], (rows,))
        else:
            full[name] = np.concatenate(parts)
    return Events(tables, **full)


def flag_text(flags: int) -> str:
    """TCP flags by name, low bits first with SYN leading: `SYN-FIN`, `FIN-PSH-URG`, and `NULL` for none."""
    order = ("SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")
    return "-".join(name for name in order if flags & FLAG_BITS[name]) or "NULL"


def flag_bits(text: str) -> int:
    """The bits of a `flag_text`. Raises KeyError for a name that is no flag."""
    return 0 if text == "NULL" else sum(FLAG_BITS[name] for name in text.split("-"))


def known_bits(names: Iterable[str]) -> int:
    """The `known` word with the bits of these columns set."""
    bits = 0
    for name in names:
        bits |= KNOWN[name]
    return bits
