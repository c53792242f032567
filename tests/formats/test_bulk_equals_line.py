"""The bulk parsers must agree with the plain ones on every line they claim, however the line was damaged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.columns.lines import SLACK, Lines
from scantui.events import KNOWN
from scantui.formats import FORMATS
from scantui.formats.base import SMALL, Format, LineParser
from scantui.formats.sheet import Sheet
from scantui.tables import Tables

PIECES = [
    b" ",
    b"  ",
    b"=",
    b"[",
    b"]",
    b"(",
    b")",
    b"SRC=",
    b" SRC=",
    b"DST=192.0.2.1 ",
    b" DPT=65536 ",
    b" LEN=",
    b"URGP=0",
    b" OPT (",
    b"-",
    b":",
    b".",
    b"\x00",
    b"\x1b[31m",
    b"\xff",
    b"99999999",
    b"0",
    b"256",
    b" TTL=300",
    b"DF ",
    b"MF ",
    b"FRAG:1 ",
    b"FIN ",
    b"src=",
    b" ts=",
    b"flags=",
    b"proto=tcp",
    b"message repeated 3 times: [ ",
    b"[12.000001] ",
    b"<13>",
    b"kernel: ",
    b"2026-02-29T25:00:00Z",
    b"Feb 30 ",
    b"\t",
    b"\r",
    b"IN= ",
    b"PROTO=17 ",
    b"[SRC=198.51.100.1 DST=192.0.2.1 PROTO=UDP]",
    b"::1",
    b"2001:db8::1",
    b"240.0.0.1",
    b"255.255.255.255",
    b"01.2.3.4",
    b"ID=7 ",
    b'"',
    b"\\",
    b'\\"',
    b"\\u00e9",
    b"{",
    b"}",
    b",",
    b"null",
    b"true",
    b"-1.5e3",
    b'"src_ip":"203.0.113.9",',
    b'"event_type":"flow",',
]


def mutated(line: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for at, cut, put in edits:
        at %= len(line) + 1
        line = line[:at] + put.replace(b"\n", b" ") + line[at + cut :]
    return line


EDIT = st.tuples(
    st.integers(0, 600), st.integers(0, 12), st.sampled_from(PIECES) | st.just(b"") | st.binary(min_size=1, max_size=2)
)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_bulk_agrees_with_line(form: Format, data: st.DataObject) -> None:
    # Many copies of a few damaged lines, so that each makes a group large enough for the bulk parser to claim.
    header = data.draw(st.sampled_from(form.samples)).header
    samples = [sample for sample in form.samples if sample.header == header]
    damaged = [
        mutated(data.draw(st.sampled_from(samples)).line, data.draw(st.lists(EDIT, max_size=3))) for _ in range(3)
    ]
    texts = [damaged[i % 3] for i in range(3 * SMALL)]
    agree(form, texts, header)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_bulk_agrees_with_line_on_changing_values(form: Format, data: st.DataObject) -> None:
    # One line whose digits change from copy to copy: the same skeleton, other values and lengths.
    sample = data.draw(st.sampled_from(form.samples))
    seed = np.random.default_rng(data.draw(st.integers(0, 1 << 30)))
    texts = []
    for _ in range(2 * SMALL):
        text = bytearray(sample.line)
        for at in seed.integers(0, len(text), 4).tolist():
            if 48 <= text[at] <= 57:
                text[at] = int(seed.integers(48, 58))
        texts.append(bytes(text))
    agree(form, texts, sample.header)


def lines_of(texts: list[bytes]) -> Lines:
    """Texts as lines, each whole even where it is a record of several lines."""
    joined = b"\n".join(texts) + b"\n"
    lines = Lines(bytearray(joined + bytes(SLACK)), len(joined))
    lines.end = np.cumsum([len(text) + 1 for text in texts]) - 1
    lines.start = lines.end - [len(text) for text in texts]
    return lines


def below(form: Format, header: bytes) -> LineParser:
    """A parser of lines below a header."""
    parser = form.bind(Tables())
    if header:
        assert parser.line(header) == {}
    return parser


def agree(form: Format, texts: list[bytes], header: bytes = b"") -> None:
    lines = lines_of(texts)
    parser = below(form, header)
    bulk, plain = Sheet(lines), Sheet(lines)
    parser.fast(lines, bulk)
    for row, text in enumerate(texts):
        record = parser.line(text)
        if record:
            plain.put_record(row, record)
        elif record is not None:
            plain.silent[row] = True
    assert not (bulk.silent & ~plain.silent).any(), texts[int(np.flatnonzero(bulk.silent & ~plain.silent)[0])]
    assert not (bulk.got & ~plain.got).any(), texts[int(np.flatnonzero(bulk.got & ~plain.got)[0])]
    for name in set(bulk.columns) | set(plain.columns):
        mask = bulk.got
        if name in KNOWN:
            assert ((bulk.known ^ plain.known) & np.uint32(KNOWN[name]))[mask].sum() == 0, name
            mask = mask & ((plain.known & np.uint32(KNOWN[name])) != 0)
        differs = np.flatnonzero(mask & (bulk.column(name) != plain.column(name)))
        assert not len(differs), (name, texts[int(differs[0])])


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_bulk_claims_ordinary_lines(form: Format) -> None:
    """The bulk parser must not get by through claiming nothing."""
    sample = form.samples[0]
    lines = lines_of([sample.line] * (2 * SMALL))
    sheet = Sheet(lines)
    below(form, sample.header).fast(lines, sheet)
    assert sheet.got.all()
