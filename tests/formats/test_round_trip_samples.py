"""Every format's samples with other values in them are read as those: addresses, ports, header fields, and all 512 flag sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scantui.events import ACK, FIN, PSH, RST, SYN, URG, concat, flag_bits, flag_text
from scantui.formats import FORMATS
from scantui.formats.base import SMALL, Format
from scantui.formats.proof import told
from scantui.formats.reader import Reader
from scantui.formats.registry import Formats
from scantui.tables import Tables
from tests.feeding import blocks, read, rows, source
from tests.formats.rendering import BY_NAME, NUMBERS, Template, event_of, flag_slots, templates

WRITTEN = 1_900_000_000_000_000  # microseconds UTC: when the logs were
# Flags that stand in no one place, and where they are tried instead.
_ELSEWHERE = {
    "aws-vpc": "test_flags_that_aws_ors",
    "aws-csv": "test_flags_that_aws_ors",
    "aws-json": "test_flags_that_aws_ors",
    "iplog": "SYN only, in its samples",
    "opencanary": "words of nmap's scans, in its samples",
    "portsentry": "words of its scans, in its samples",
    "portsentry2": "SYN only, in its samples",
    "suricata-eve": "test_json_lines: of the packet",
    "tcpdump-old": "test_flags_of_old_tcpdumps",
    "ulogd-json": "test_json_lines: a field a flag",
    "zeek": "test_headed: letters of a history",
    "zeek-elastic": "test_headed: letters of a history",
    "zeek-json": "test_headed: letters of a history",
}


def first_of_ored(flags: int) -> str | None:
    """The first packet's flags of a record of several."""
    if flags & SYN and flags & RST and not flags & (ACK | FIN | PSH | URG):
        return flag_text(flags - RST)
    if not flags & ACK or flags == ACK:
        return flag_text(flags)
    return flag_text(SYN) if flags & SYN else None


def first_of_suricata(line: bytes) -> Callable[[int], str | None]:
    """The same of Suricata's records, of one packet: an ACK may be made up, and a record of one direction be the answer's."""
    if b'"netflow"' in line:
        return lambda flags: None if flags & (SYN | ACK) == SYN | ACK else flag_text(flags)
    if b'"pkts_toserver":1,' in line:
        return lambda flags: flag_text(flags & ~ACK if flags & SYN else flags)
    return flag_text


_FIRST_OF: dict[str, Callable[[int], str | None]] = {"argus": first_of_ored}


def read_alone(form: Format, header: bytes, lines: list[bytes]) -> list[dict[str, Any]]:
    """What is told of lines that only this format is offered."""
    tables = Tables()
    reader = Reader(tables, formats=Formats((form,), (("*", form),)))
    data = b"".join(line + b"\n" for line in ([header] if header else []) + lines)
    found = concat(
        [reader.read(block) for block in blocks(data, of=source(modified_us=WRITTEN))] + reader.flush(), tables
    )
    return [told(found, row) for row in range(len(found))]


def counted(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, a packet of several alerts counted once."""
    names = ("ts", "src", "dst", "sport", "dport", "proto_num")
    packets = [tuple(row.get(name) for name in names) for row in told]
    proved = [row["action"] == "alert" and datetime.fromisoformat(row["ts"]).microsecond % 1000 > 0 for row in told]
    return [
        row | ({"count": 0} if proved[i] and packets[i] in packets[max(0, i - 4) : i] else {})
        for i, row in enumerate(told)
    ]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_value_of_a_sample_has_its_place(name: str) -> None:
    """Else the property below would hold for want of slots."""
    form = BY_NAME[name]
    events = [event_of(form, sample, sample.line) or {} for sample in form.samples]
    said = {column for event in events for column in ("src", "dst", *NUMBERS) if column in event}
    assert said <= {slot[2] for template in templates(name) for slot in template.slots}


@pytest.mark.parametrize("name", BY_NAME)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.parametrize("many", [False, True])
def test_other_values_are_read_as_they_are(name: str, many: bool, data: st.DataObject) -> None:
    template: Template = data.draw(st.sampled_from(templates(name)))
    few = data.draw(st.lists(template.columns(), min_size=1, max_size=4))
    values = [few[i % len(few)] for i in range(2 * SMALL)] if many else few
    lines = [template.line(one) for one in values]
    got = read_alone(template.form, template.sample.header, lines)
    base = read_alone(template.form, template.sample.header, [template.sample.line])
    assert got == counted([base[0] | one for one in values])


@pytest.mark.parametrize("form", [form for form in FORMATS if "flags" in form.fields], ids=lambda form: form.name)
@pytest.mark.parametrize("many", [False, True])
def test_all_512_flag_sets_that_can_be_written(form: Format, many: bool) -> None:
    slots = flag_slots(form.name)
    assert form.name in _ELSEWHERE or any(set(range(1, 64)) <= set(slot.sets) for slot in slots), "FIN to URG"
    first = _FIRST_OF.get(form.name, flag_text)
    for slot in slots:
        if form.name == "suricata-eve":
            first = first_of_suricata(slot.sample.line)
        sets = slot.sets[:: 1 if many else 11]
        groups = [[slot.line(flags) for flags in sets]] if many else [[slot.line(flags)] for flags in sets]
        got = [event for lines in groups for event in read_alone(form, slot.sample.header, lines)]
        assert [event.get("flags") for event in got] == [first(flags) for flags in sets]


def test_flags_that_aws_ors() -> None:
    head = b"version srcaddr dstaddr srcport dstport protocol packets start end action log-status tcp-flags\n"
    for count in (1, 7):
        lines = [
            b"5 203.0.113.9 192.0.2.96 53996 %d 6 %d 1793599374 1793599428 REJECT OK %d\n" % (flags + 1, count, flags)
            for flags in range(64)
        ]
        whole = 0x3F if count == 1 else SYN | ACK
        for data in (head + b"".join(lines), (head + b"".join(lines)).replace(b" ", b",")):
            got = [row["flags"] for row in rows(read(data), ["flags"])]
            assert got == [flags & whole if flags & SYN else None for flags in range(64)]
    (slot,) = flag_slots("aws-json")
    got = [row["flags"] for row in rows(read(b"\n".join(map(slot.line, range(64)))), ["flags"])]
    assert got == [flags if flags & SYN else None for flags in range(64)]  # a record of one packet


def test_flags_of_old_tcpdumps() -> None:
    """By letter, and ACK and URG by the numbers that they bring."""
    letters = [("S", "SYN"), ("F", "FIN"), ("R", "RST"), ("P", "PSH"), ("W", "CWR"), ("E", "ECE")]
    heads = {
        "tcpdump-old": "07:09:59.262358 203.0.113.9.53996 > 192.0.2.1.22: ",
        "tcpdump": "07:09:59.262358 IP 203.0.113.9.53996 > 192.0.2.1.22: ",
        "pflog": "07:09:59.262358 rule 0/(match) block in on em0: 203.0.113.9.53996 > 192.0.2.1.22: ",
    }
    for name, head in heads.items():
        for tail in ("", " (DF) [tos 0x10]", " <mss 1460> (ttl 64, id 7, len 44)"):
            lines, sets = [], range(256)
            for flags in sets:
                text = "".join(letter for letter, word in letters if flags & flag_bits(word)) or "."
                numbers = " 7:7(0)" if text != "." else ""
                acked = " ack 1" if flags & ACK else ""
                urgent = " urg 0" if flags & URG else ""
                lines.append(f"{head}{text}{numbers}{acked} win 1024{urgent}{tail}".encode())
            many = read_alone(BY_NAME[name], b"", lines)
            assert [event.get("flags") for event in many] == [flag_text(flags) for flags in sets]
            assert many[::11] == [event for line in lines[::11] for event in read_alone(BY_NAME[name], b"", [line])]
