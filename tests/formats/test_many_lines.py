"""What only shows over many lines: runs of the same header, fields with more different texts than are worth learning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.formats import FORMATS
from scantui.formats.many_texts import Listed, Templated
from scantui.formats.sheet import Sheet
from scantui.formats.tcpdump_text import CHANGING_OPTIONS, option_layout
from scantui.formats.values import Value
from scantui.tables import Tables
from tests.formats.test_bulk_equals_line import agree, lines_of

BY_NAME = {form.name: form for form in FORMATS}
HEADERS = [
    b"Nov 10 00:00:0%d fw1 : ",
    b"<134>Nov 10 00:00:0%d fw2 : ",
    b"Nov 10 00:00:0%d 192.0.2.1 Nov 10 2026 00:00:0%d: ",
    b"Nov 31 00:00:0%d fw1 : ",
    b"%d: ",
]
DENY = b'%%ASA-4-106023: Deny tcp src outside:203.0.113.9/%d dst inside:192.0.2.1/22 by access-group "outside_in" [0x0, 0x0]'


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(HEADERS), st.integers(0, 9)), min_size=1, max_size=6))
def test_headers_in_runs_are_read_as_each_alone(kinds: list[tuple[bytes, int]]) -> None:
    texts = []
    for form, second in kinds:
        header = form.replace(b"%d", b"%d" % second)
        texts += [header + DENY % port for port in range(1000, 1060 + 300 // len(kinds))]
    agree(BY_NAME["cisco"], texts)


def test_runs_of_headers_are_claimed() -> None:
    lines = lines_of([HEADERS[0] % (row // 100) + DENY % row for row in range(600)])
    sheet = Sheet(lines)
    BY_NAME["cisco"].bind(Tables()).fast(lines, sheet)
    assert sheet.got.all()
    seconds = sheet.column("civil") // 1_000_000 % 60
    assert (seconds == np.arange(600) // 100).all()


OPTIONS = Templated(
    lambda token: {"tcp_options": len(found)} if (found := option_layout(token)) is not None else {}, CHANGING_OPTIONS
)
ANSWERS = Listed({b"0": {"answered": 0}, b"TCP FIN": {"answered": 1, "count": 2}})
options = st.one_of(
    st.builds(
        lambda mss, val, ecr: b"mss %d,sackOK,TS val %s ecr %s,nop,wscale 7" % (mss, val, ecr),
        st.sampled_from([1460, 536]),
        st.from_regex(rb"[0-9]{1,11}|1x", fullmatch=True),
        st.from_regex(rb"[0-9]{1,3}|0 ", fullmatch=True),
    ),
    st.sampled_from([b"mss 1460", b"", b"nop,nop,timestamp 12 34", b"x" * 200]),
)


@pytest.mark.parametrize(
    ("value", "tokens"),
    [(OPTIONS, options), (ANSWERS, st.sampled_from([b"0", b"00", b"", b"TCP FIN", b"TCP FINs", b"TCP RST"]))],
)
@given(data=st.data())
def test_values_of_many_texts_say_the_same_in_bulk(
    value: Value, tokens: st.SearchStrategy[bytes], data: st.DataObject
) -> None:
    items = data.draw(st.lists(tokens, min_size=1, max_size=30))
    lines = lines_of(items)
    columns, ok = value.bulk(lines, lines.start, lines.end)
    for row, item in enumerate(items):
        if ok[row]:
            said = {name: int(values[row]) for name, values, where in columns if where is None or where[row]}
            assert said == value.plain(item), item
        else:
            assert value is OPTIONS


def test_changing_numbers_make_no_new_text() -> None:
    asked: list[bytes] = []
    value = Templated(lambda token: asked.append(token) or {"tcp_options": 7}, CHANGING_OPTIONS)  # type: ignore[func-returns-value]
    lines = lines_of([b"mss 1460,sackOK,TS val %d ecr 0,nop,wscale 7" % number for number in range(100_000, 102_000)])
    ((name, values, has),), ok = value.bulk(lines, lines.start, lines.end)
    assert name == "tcp_options"
    assert ok.all() and has.all() and (values == 7).all()
    assert len(asked) == 1
