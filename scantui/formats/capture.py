"""Captures: whole records of pcap and pcapng in, events out.

Every packet is one event, which the sensor observed; only the logs of pf and netfilter say
more of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import SLACK, Mask, Positions
from scantui.events import DTYPES, FILL, KNOWN, Action, Events, TsQuality, concat, constant, events
from scantui.formats.capture_records import Found, of_blocks, of_pcap
from scantui.formats.capture_section import Interface, Section, section_of
from scantui.formats.capture_text import packet_text
from scantui.formats.links import LINKS, NFLOG, PFLOG
from scantui.formats.nflog import payloads_at, rules
from scantui.formats.packets import Packets, ip_at, read
from scantui.formats.pflog import verdicts
from scantui.formats.values import Column
from scantui.ingest.block import Block
from scantui.ingest.capture import Walk
from scantui.tables import Tables

_SAMPLES = 5
_LINKS = {*LINKS, NFLOG}
_FIELDS = (
    "ts", "src", "dst", "sport", "dport", "proto", "proto_num", "flags", "ttl", "ip_id", "window", "length", "seq", "ack",
    "tcp_options", "icmp_type", "icmp_code", "frag", "action",
)  # fmt: skip


class Kind(NamedTuple):
    """A kind of capture, as formats are told."""

    name: str
    title: str
    fields: tuple[str, ...]


PCAP = Kind("pcap", "packet captures; of pflog and NFLOG action and rule too", (*_FIELDS, "rule", "iface"))
PCAPNG = Kind("pcapng", PCAP.title, PCAP.fields)


class Capture:
    """What is known of one input that is a capture, and its counts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._walk = Walk()
        self._sections: list[Section] = []
        self.packets = self.events = self.unread = 0
        self.newest = self.arrival = 0  # microseconds UTC: the latest packet, and when the last block came
        self.samples: deque[str] = deque(maxlen=_SAMPLES)

    @property
    def kind(self) -> Kind:
        """That of its newest section."""
        return PCAPNG if self._sections and self._sections[-1].blocks else PCAP

    def read(self, block: Block) -> Events:
        """The events of a block, in the order of its packets."""
        made = []
        for run in self._walk.records(block.data, block.size)[0]:
            if run.headed:
                self._sections.append(section_of(run, block.data, block.offset + run.starts[0]))
            section = self._sections[-1]
            starts = np.array(run.starts[run.headed and not run.blocks :], np.int64)
            found = of_blocks(starts, block.data, section) if run.blocks else of_pcap(starts, block.data, section)
            made.append(self._events(found, section, block))
        batch = concat(made, self._tables)
        self.arrival = block.arrival_us
        self.newest = max(self.newest, int(batch.ts.max(initial=0)))
        return batch

    def text(self, offset: int, record: bytes) -> str:
        """The packet of a record that was read before, as one line."""
        section = self._sections[bisect_right(self._sections, offset, key=lambda each: each.begin) - 1]
        data = bytearray(record + bytes(SLACK))
        found = (of_blocks if section.blocks else of_pcap)(np.zeros(1, np.int64), data, section)
        interface = section.interfaces[int(found.interface[0])]
        begin, length = int(found.begin[0]), int(found.length[0])
        ts = int(interface.micros(found.stamp)[0])
        return packet_text(record[begin : begin + length], interface.link, section.order, ts, self._tables)

    def _events(self, found: Found, section: Section, block: Block) -> Events:
        rows = len(found.record)
        filled = _Columns(rows)
        got, silent = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
        for number in np.unique(found.interface).tolist():
            mine = np.flatnonzero((found.interface == number) & found.sound)
            interface = section.interfaces[number] if number < len(section.interfaces) else None
            if interface is None or interface.link not in _LINKS:
                told = (
                    f"link type {interface.link} is"
                    if interface
                    else f"packets of interface {number}, never described, are"
                )
                self._sample(f"{told} not read")
                continue
            packets = Packets(block.data, found.begin[mine], found.length[mine])
            by_link = payloads_at(packets, section.order) if interface.link == NFLOG else ip_at(packets, interface.link)
            at, is_ip = by_link
            silent[mine[~is_ip]] = True
            ip = np.flatnonzero(is_ip)
            packets, mine = packets.pick(ip), mine[ip]
            made, whole = read(packets, at[ip], self._tables)
            got[mine[whole]] = True
            made += _circumstances(found.stamp[mine], interface, block.arrival_us, self._tables)
            if interface.link == PFLOG:
                made += verdicts(packets, self._tables)
            elif interface.link == NFLOG:
                made += rules(packets, section.order, self._tables)
            filled.put(mine, made)
        self.packets += rows
        self.events += int(np.count_nonzero(got))
        unread = np.flatnonzero(~(got | silent))
        self.unread += len(unread)
        if len(unread) and not self.samples:
            self._sample(
                f"a packet of {int(found.length[unread[0]])} bytes is no IP packet, or cut off inside its addresses"
            )
        return filled.events(got, found, block, self._tables)

    def _sample(self, text: str) -> None:
        if text not in self.samples:
            self.samples.append(text)


class _Columns:
    """Event columns that are filled in for some rows at a time."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._columns: dict[str, NDArray[Any]] = {}
        self._known = np.zeros(rows, np.uint32)

    def put(self, rows: Positions, made: list[Column]) -> None:
        for name, values, where in made:
            column = self._columns.get(name)
            if column is None:
                column = self._columns[name] = np.full(self._rows, FILL.get(name, 0), DTYPES[name])
            to = rows if where is None else rows[where]
            column[to] = values if where is None or not isinstance(values, np.ndarray) else values[where]
            self._known[to] |= np.uint32(KNOWN.get(name, 0))

    def events(self, got: Mask, found: Found, block: Block, tables: Tables) -> Events:
        """Those rows."""
        rows = int(np.count_nonzero(got))
        if not rows:
            return events(tables, 0, {})
        columns = {name: values[got] for name, values in self._columns.items()}
        columns["known"] = self._known[got]
        columns["offset"] = (found.record[got] + block.offset).astype(np.uint64)
        columns["line_length"] = found.size[got]
        columns["source"] = constant("source", block.source.id, rows)
        return events(tables, rows, columns)


def _circumstances(stamp: NDArray[np.uint64], interface: Interface, arrival_us: int, tables: Tables) -> list[Column]:
    """When and where the packets were seen."""
    ts = interface.micros(stamp)
    exact = TsQuality.EXACT if interface.exact else TsQuality.SECOND
    return [
        ("ts", np.where(ts > 0, ts, arrival_us), None),
        ("ts_quality", np.where(ts > 0, exact, TsQuality.ARRIVAL), None),
        ("iface", tables.texts.code(interface.name), None),
        ("action", int(Action.OBSERVED), None),
    ]
