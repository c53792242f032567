"""Headers as devices write them: the stamp next to the message, the host wherever it stands."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from scantui.columns.lines import SLACK, Lines
from scantui.formats.device_header import DeviceHeaders
from scantui.formats.sheet import DAYLESS, Sheet
from scantui.tables import Tables


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)


YEARLESS = 14 * 86_400_000_000 + ((13 * 60 + 38) * 60 + 14) * 1_000_000  # the 15th, 13:38:14
CASES = [
    (b"Oct 10 2018 12:34:56 localhost CiscoASA[999]: ", "localhost", at("2018-10-10T12:34:56"), 0, False),
    (b"Apr 15 2013 09:36:50: ", None, at("2013-04-15T09:36:50"), 0, False),
    (b"<166>Apr 24 2013 16:00:28 INT-FW01 : ", "INT-FW01", at("2013-04-24T16:00:28"), 0, False),
    (b"Apr 15 2014 09:34:34 EDT: ", None, at("2014-04-15T09:34:34"), 0, False),
    (b"Apr 15 2014 09:34:34 UTC fw7 : ", "fw7", at("2014-04-15T09:34:34"), 0, True),
    (b"Jul 15 13:38:14 192.0.2.9 : ", "192.0.2.9", YEARLESS, 7, False),
    (b"Oct 10 2018 12:34:56 dev01: ", "dev01", at("2018-10-10T12:34:56"), 0, False),
    (b"Jul 15 13:38:14 dev01: ", "dev01", YEARLESS, 7, False),
    (b"Jul 15 13:38:14 123 ", "123", YEARLESS, 7, False),
    (b"Jul 15 13:38:14 (fw9) ", "fw9", YEARLESS, 7, False),
    (b"2018 Jul 15 13:38:14 (fw9) 192.0.2.7", "fw9", at("2018-07-15T13:38:14"), 0, False),
    (b"<188>Jul 15 13:38:14: ", None, YEARLESS, 7, False),
    (b"Sep 25 01:08:29 relay : Sep 25 2024 05:08:29 UTC: ", "relay", at("2024-09-25T05:08:29"), 0, True),
    (
        b"<190>Jul 13 08:23:43 192.0.2.2 585917: Jul 14 2023 08:23:43.398 UTC: ",
        "192.0.2.2",
        at("2023-07-14T08:23:43.398"),
        0,
        True,
    ),
    (b"<166>2018-06-27T12:17:46Z fw9 : ", "fw9", at("2018-06-27T12:17:46"), 0, True),
    (b"<166>2018-06-27T12:17:46Z: ", None, at("2018-06-27T12:17:46"), 0, True),
    (b"2019-08-16T09:35:15+02:00   ", None, at("2019-08-16T07:35:15"), 0, True),
    (b"<14>1 2024-06-16T17:01:02.5Z fw3 RT_FLOW - - - ", "fw3", at("2024-06-16T17:01:02.5"), 0, True),
    (b"Dec 14 2013 16:06:59.134  fw2 RT_FLOW: ", "fw2", at("2013-12-14T16:06:59.134"), 0, False),
    # nothing that an unfinished reading of the relay's header took for its host
    (b'Jul 15 13:38:13 "a,b" 16: Jul 15 13:38:14: ', None, YEARLESS, 7, False),
    (b"01:01:58 ", None, (62 * 60 - 2) * 1_000_000, DAYLESS, False),
    (b"mar/18/2023 20:36:59 ", None, at("2023-03-18T20:36:59"), 0, False),
]


@pytest.mark.parametrize(("header", "host", "civil", "month", "zoned"), CASES)
def test_stamp_and_host(header: bytes, host: str | None, civil: int, month: int, zoned: bool) -> None:
    tables = Tables()
    record = DeviceHeaders(tables, "device").plain(header)
    assert record is not None
    assert (tables.texts.text(record["sensor"]) if "sensor" in record else None) == host
    assert (record["civil"], record.get("month", 0), bool(record["zoned"])) == (civil, month, zoned)


@pytest.mark.parametrize("header", [case[0] for case in CASES])
def test_bulk_says_the_same(header: bytes) -> None:
    tables = Tables()
    headers = DeviceHeaders(tables, "device")
    line = header + b"%ASA-4-106023: Deny\n"
    lines = Lines(bytearray(line * 40 + bytes(SLACK)), 40 * len(line))
    sheet = Sheet(lines)
    done = headers.fill(lines, sheet, np.arange(40), lines.start + len(header), 3)
    assert done.all()
    record = headers.plain(header)
    assert record is not None
    for name, values in sheet.columns.items():
        assert (values == record.get(name, 0)).all(), name
    assert record.keys() <= sheet.columns.keys() | {name for name, value in record.items() if not value}


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        (b"Mar  2 08:14:23 rtr firewall,info drop-tcp input", "drop-tcp"),
        (b"Mar  2 08:14:23 rtr firewall,info input", None),
        (b"Mar  2 08:14:23 rtr FW_IN: FW_IN input", "FW_IN"),
        (b"Mar  2 08:14:23 rtr firewall,info DROP all: forward", "DROP all"),
        (b"08:14:23 firewall,info BAN INPUT 80 input", "BAN INPUT 80"),
    ],
)
def test_a_router_names_its_rule_before_the_chain(header: bytes, rule: str | None) -> None:
    tables = Tables()
    record = DeviceHeaders(tables, "router").plain(header)
    assert record is not None
    assert (tables.texts.text(record.get("rule", 0)) or None) == rule


@pytest.mark.parametrize(
    "header", [b"Oct 32 2018 12:34:56 fw : ", b"Oct 10 2018 25:34:56 fw : ", b"2018-13-01T00:00:00Z: "]
)
def test_no_time_is_no_header(header: bytes) -> None:
    record = DeviceHeaders(Tables(), "device").plain(header)
    assert record is None or not record.get("stamped")
