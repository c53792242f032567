"""Headers read by their form: as the plain reader reads each, whatever numbers stand in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.columns.lines import SLACK, Lines
from scantui.formats.device_header import DeviceHeaders
from scantui.formats.envelope import Envelopes
from scantui.formats.epochs import wordy_time
from scantui.formats.sheet import FILLS, Record
from scantui.formats.stamped_texts import StampedTexts
from scantui.tables import Tables

COLUMNS = ("civil", "month", "zoned", "fraction", "stamped", "uptime", "sensor", "rule", "action", "count")
Plain = Callable[[bytes], "Record | None"]


def device(tables: Tables) -> Plain:
    return DeviceHeaders(tables, "device").plain


def router(tables: Tables) -> Plain:
    return DeviceHeaders(tables, "router").plain


def kernel(tables: Tables) -> Plain:
    return Envelopes(tables)._other


FORMS = [
    (device, "<166>%b %d %Y %H:%M:%S: "),
    (device, "<166>%b %d %Y %H:%M:%S fw{host} : "),
    (device, "%b %d %H:%M:%S 192.0.2.{host} {n}: *%b %d %H:%M:%S.{ms}: "),
    (device, "<190>{n}: fw{host}: %b %d %Y %H:%M:%S.{ms} UTC: "),
    (device, "%b %d %H:%M:%S relay %b %d %Y %H:%M:%S fw{host} : "),
    (device, "%Y %b %d %H:%M:%S sw{host} "),
    (device, "%b %d %H:%M:%S relay %Y-%m-%dT%H:%M:%S.{ms}+01:00 fw{host} "),
    (device, "%Y:%m:%d-%H:%M:%S utm{host} ulogd[4618]: "),
    (device, "<134>1 1{n}893.{us} MX8{host} flows "),
    (device, "<142>%b %d %H:%M:%S fw1 FVE (%Y-%m-%dT%H:%M:%S) firewall[10]: "),
    (lambda tables: wordy_time, "%b %d %Y %H:%M:%S GMT"),
    (router, "%H:%M:%S firewall,info input: "),
    (router, "%b/%d/%Y %H:%M:%S firewall,info forward: "),
    (kernel, "%a %b %d %H:%M:%S %Y kern.warn kernel: [{n}.{us}] DROP "),
    (kernel, "[%a %b %d %H:%M:%S %Y] DROP "),
    (kernel, "10{host} 6 tap10{host}i0-IN %d/%b/%Y:%H:%M:%S +0100 policy DROP: "),
    (kernel, "no stamp fw{host} {n}: "),
]


def made(form: str, time: datetime, n: int, host: int) -> bytes:
    text = time.strftime(form)
    text = text.lower() if "/%Y " in form else text  # RouterOS' months
    return text.replace("{n}", str(n)).replace("{host}", str(host)).replace("{ms}", f"{n % 1000:03d}").replace(
        "{us}", f"{n:06d}"
    ).encode()  # fmt: skip


def read(forms: StampedTexts, items: list[bytes]) -> tuple[dict[str, tuple[np.ndarray, np.ndarray]], np.ndarray]:
    joined = b"\n".join(items) + b"\n"
    lines = Lines(joined + bytes(SLACK), len(joined))
    columns, ok = forms.bulk(lines, lines.start, lines.end)
    return {name: (values, np.ones(len(items), bool) if has is None else has) for name, values, has in columns}, ok


times = st.datetimes(datetime(2001, 1, 1), datetime(2030, 1, 1))


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize(("plain_of", "form"), FORMS, ids=[form for _, form in FORMS])
@given(data=st.data())
def test_headers_of_a_form_are_read_as_the_plain_reader_does(
    plain_of: Callable[[Tables], Plain], form: str, data: st.DataObject
) -> None:
    tables = Tables()
    plain = plain_of(tables)
    number = st.integers(0, 999_999)
    items = [made(form, data.draw(times), data.draw(number), data.draw(st.integers(0, 99))) for _ in range(4)]
    odd = bytearray(data.draw(st.sampled_from(items)))
    for _ in range(data.draw(st.integers(0, 3))):
        odd[data.draw(st.integers(0, len(odd) - 1))] = data.draw(st.sampled_from(b"0123456789 :./aN["))
    items = data.draw(st.permutations([*items, bytes(odd), items[0], items[1]]))
    columns, ok = read(StampedTexts(plain, COLUMNS), items)
    for row, item in enumerate(items):
        want = plain(item)
        assert bool(ok[row]) == (want is not None), item
        for name in COLUMNS if want else ():
            values, has = columns.get(name, (np.zeros(len(items), int), np.zeros(len(items), bool)))
            assert (values[row] if has[row] else FILLS.get(name, 0)) == want.get(name, FILLS.get(name, 0)), (name, item)


@pytest.mark.parametrize(("plain_of", "form"), FORMS[:-1], ids=[form for _, form in FORMS[:-1]])
def test_few_headers_of_a_form_are_read_plainly(plain_of: Callable[[Tables], Plain], form: str) -> None:
    plain, calls = plain_of(Tables()), []

    def counted(text: bytes) -> Record | None:
        calls.append(text)
        return plain(text)

    items = [made(form, datetime(2026, 11, 10, second // 3600, second // 60 % 60, second % 60), 100_000 + second, 7) for second in range(5000)]  # fmt: skip
    columns, ok = read(StampedTexts(counted, COLUMNS), items)
    assert ok.all() and len(calls) < 20
    assert len(set(columns["civil"][0].tolist())) == 5000


def test_what_a_number_changes_is_no_form() -> None:
    """A plain reader to which some hours mean something else is believed for each text."""

    def moody(text: bytes) -> Record | None:
        hour = int(text[7:9])
        return {"civil": hour, "month": 11, "stamped": True, "sensor": 1 if hour < 12 else 2}

    items = [b"Nov 10 %02d:00:00 x" % hour for hour in range(24)]
    columns, ok = read(StampedTexts(moody, COLUMNS), items)
    assert ok.all() and columns["sensor"][0].tolist() == [1] * 12 + [2] * 12


def test_strange_headers_are_not_learned_without_end() -> None:
    calls = []

    def plain(text: bytes) -> Record | None:
        calls.append(text)
        return {"civil": 0, "stamped": True}

    forms = StampedTexts(plain, COLUMNS)
    for block in range(4):
        numbers = range(block * 2000, block * 2000 + 2000)
        read(forms, [b"Nov 10 2026 00:00:00 %s%d " % (b"h" * (n % 90), n) for n in numbers])
    assert len(calls) <= 8000 + 4 * 256 * 3
