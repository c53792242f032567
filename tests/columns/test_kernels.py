"""The byte kernels against plain Python."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.columns.civil import days_from_civil, iso_stamps, syslog_stamps
from scantui.columns.lines import SLACK, Lines, Positions, find_byte, token_end
from scantui.columns.numbers import hex_until, ipv4, uint, uint_long, uint_until
from scantui.columns.search import first_of, holds
from scantui.columns.skeleton import SkeletonBook, keys_of
from scantui.columns.stamp_layout import StampLayout, layout_of
from scantui.columns.templates import TemplateBook
from scantui.columns.words import UNCLAIMED, WordTable, zero_digits
from scantui.formats.stamp import iso_stamp, syslog_stamp
from scantui.formats.stamp_patterns import reader_of

texts = st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b" ")), min_size=1, max_size=20)
digits = st.lists(st.from_regex(rb"[0-9]{0,17}[ a.]?", fullmatch=True), min_size=1, max_size=20)


def lines_of(items: list[bytes]) -> Lines:
    joined = b"\n".join(items) + b"\n"
    return Lines(bytearray(joined + bytes(SLACK)), len(joined))


@given(texts)
def test_lines_are_the_lines(items: list[bytes]) -> None:
    lines = lines_of(items)
    assert [lines.text(i) for i in range(len(lines))] == items


@given(digits)
def test_uint_reads_up_to_seven_digits(items: list[bytes]) -> None:
    lines = lines_of(items)
    value, count = uint(lines, lines.start)
    for item, got, n in zip(items, value.tolist(), count.tolist(), strict=True):
        run = len(re.match(rb"[0-9]*", item)[0])  # type: ignore[index]
        assert n == min(run, 8)
        if run < 8:
            assert got == int(item[:run] or 0)


@given(digits)
def test_uint_long_reads_up_to_fifteen_digits(items: list[bytes]) -> None:
    lines = lines_of(items)
    value, count = uint_long(lines, lines.start)
    for item, got, n in zip(items, value.tolist(), count.tolist(), strict=True):
        run = len(re.match(rb"[0-9]*", item)[0])  # type: ignore[index]
        assert n == min(run, 16)
        if run < 16:
            assert got == int(item[:run] or 0)


quads = st.lists(
    st.ip_addresses(v=4).map(lambda a: str(a).encode())
    | st.from_regex(rb"[0-9]{0,4}(\.[0-9]{0,4}){0,5}", fullmatch=True),
    min_size=1,
    max_size=20,
)


@given(quads)
def test_ipv4_is_what_ipaddress_says(items: list[bytes]) -> None:
    lines = lines_of(items)
    value, end, ok = ipv4(lines, lines.start)
    for i, item in enumerate(items):
        head = re.match(rb"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+", item)
        try:
            want: int | None = int(ipaddress.IPv4Address(head[0].decode())) if head else None
        except ValueError:
            want = None
        assert bool(ok[i]) == (want is not None), item
        if want is not None:
            assert value[i] == want
            assert end[i] - lines.start[i] == len(head[0])  # type: ignore[index]


@given(texts, st.integers(1, 255).filter(lambda b: b != 10))
def test_find_byte_finds_the_first(items: list[bytes], byte: int) -> None:
    lines = lines_of(items)
    found = find_byte(lines, lines.start, byte, 40)
    data = bytes(lines.data)
    for at, start in zip(found.tolist(), lines.start.tolist(), strict=True):
        want = data.find(bytes([byte]), start, start + 40)
        assert at == want


@given(texts)
def test_token_ends_at_the_first_blank_or_control(items: list[bytes]) -> None:
    lines = lines_of(items)
    got = token_end(lines, lines.start) - lines.start
    assert got.tolist() == [len(re.match(rb"[^\x00-\x20]*", item)[0]) for item in items]  # type: ignore[index]


@given(st.lists(st.binary(max_size=80).map(lambda b: b.replace(b"\n", b"x")), min_size=1, max_size=30))
def test_words_tell_texts_apart_and_refuse_long_ones(items: list[bytes]) -> None:
    lines, seen = lines_of(items), []
    table = WordTable(lambda text: seen.append(text) or seen.index(text))  # type: ignore[func-returns-value]
    for _ in range(2):
        got = table.look_up(lines, lines.start, lines.end).tolist()
        for item, number in zip(items, got, strict=True):
            assert len(item) <= 64 or number == UNCLAIMED
            if number != UNCLAIMED:
                assert seen[number] == item
        # Left to the plain parser: texts whose hash another holds, which are rare and never the first.
        short = {item for item in items if len(item) <= 64}
        claimed = {item for item, number in zip(items, got, strict=True) if number != UNCLAIMED}
        assert claimed or not short
        assert len(short - claimed) <= len(short) // 4


def test_words_are_known_among_longer_ones() -> None:
    asked: list[bytes] = []
    table = WordTable(lambda text: asked.append(text) or len(text))  # type: ignore[func-returns-value]
    for others in ([], [b"x" * 25], [b"x" * 60, b""]):
        lines = lines_of([b"y" * 24, *others])
        assert table.look_up(lines, lines.start, lines.end).tolist() == [24, *map(len, others)]
    assert asked.count(b"y" * 24) == 1


def test_words_of_equal_hash_stay_apart(monkeypatch: object) -> None:
    import scantui.columns.words as words

    weak = np.zeros_like(words._MULTIPLIERS)
    monkeypatch.setattr(words, "_MULTIPLIERS", weak)  # type: ignore[attr-defined]
    lines, names = lines_of([b"alpha", b"gamma"]), {b"alpha": 1, b"gamma": 2}
    got = WordTable(names.__getitem__).look_up(lines, lines.start, lines.end).tolist()
    assert set(got) <= {1, 2, UNCLAIMED}
    assert got[0] in (1, UNCLAIMED)
    assert got[1] in (2, UNCLAIMED)


iso = st.from_regex(
    rb"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-6][0-9]([.,][0-9]{1,8})?(Z|[+-][01][0-9]:?[0-5][0-9])?",
    fullmatch=True,
)


@settings(max_examples=300)
@given(st.lists(iso, min_size=1, max_size=10))
def test_iso_stamps_agree_with_the_plain_reader(items: list[bytes]) -> None:
    lines = lines_of(items)
    got = iso_stamps(lines, lines.start)
    for i, item in enumerate(items):
        want = iso_stamp(item)
        whole = bool(got.ok[i]) and got.end[i] == lines.end[i]
        assert whole == (want is not None), item
        if want:
            assert (got.civil[i], got.zoned[i], got.fraction[i]) == (want["civil"], want["zoned"], want["fraction"])


@given(
    st.lists(
        st.from_regex(
            rb"(Jan|Feb|Mar|Dec|Foo) [ 0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{1,7})?", fullmatch=True
        ),
        min_size=1,
        max_size=10,
    )
)
def test_syslog_stamps_agree_with_the_plain_reader(items: list[bytes]) -> None:
    lines = lines_of(items)
    got = syslog_stamps(lines, lines.start)
    for i, item in enumerate(items):
        want = syslog_stamp(item)
        assert (bool(got.ok[i]) and got.end[i] == lines.end[i]) == (want is not None), item
        if want:
            assert (got.civil[i], got.month[i], got.fraction[i]) == (want["civil"], want["month"], want["fraction"])


PATTERNS = ["%Y/%m/%d %H:%M:%S", "%m/%d/%y-%H:%M:%S", "%d %b %Y %H:%M:%S", "%b %d %H:%M", "%Y-%m-%d time=%H:%M:%S"]


@settings(max_examples=200)
@given(st.sampled_from(PATTERNS), st.lists(st.datetimes(datetime(1000, 1, 1)), min_size=1, max_size=8), st.data())
def test_stamps_by_a_layout_agree_with_the_plain_reader(
    pattern: str, times: list[datetime], data: st.DataObject
) -> None:
    layout, read = layout_of(pattern), reader_of(pattern)
    assert layout is not None
    items = []
    for time in times:
        text = bytearray(time.strftime(pattern).encode())
        if data.draw(st.booleans()):
            text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.sampled_from(b"0123456789 /:-aA"))
        items += [bytes(text)] * data.draw(st.integers(1, 5))
    lines = lines_of(items)
    civil, month, ok = layout.read_runs(lines, lines.start)
    for number, item in enumerate(items):
        assert len(item) == layout.width
        want = read(item)
        if want is None or b"0000" in item:
            assert want is None or not ok[number], item
        else:
            assert ok[number], item
            assert (civil[number], month[number]) == (want["civil"], want.get("month", 0)), item


def test_stamps_of_one_second_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = layout_of("%Y/%m/%d %H:%M:%S")
    assert layout is not None
    asked: list[int] = []
    read = StampLayout.read

    def counted(self: StampLayout, lines: Lines, p: Positions) -> object:
        asked.append(len(p))
        return read(self, lines, p)

    monkeypatch.setattr(StampLayout, "read", counted)
    lines = lines_of([b"2026/11/10 00:00:00"] * 40 + [b"2026/11/10 00:00:01"] * 40)
    civil, _, ok = layout.read_runs(lines, lines.start)
    assert asked == [2] and ok.all()
    assert (civil[40:] - civil[:40] == 1_000_000).all()


def test_parts_of_any_width_have_no_layout() -> None:
    assert layout_of("%H:%M:%S") is None and layout_of("%d %b %Y %H:%M:%S %z") is None
    assert layout_of("%I") is None and layout_of("%m%d%H%M") is not None


@given(st.lists(st.from_regex(rb"[a-c0-9.]{0,20}", fullmatch=True), min_size=1, max_size=20))
def test_digits_alike_are_one_text(items: list[bytes]) -> None:
    met: list[bytes] = []

    def number(token: bytes) -> int:
        met.append(re.sub(rb"[0-9]", b"0", token))
        return len(met) - 1

    lines = lines_of(items)
    got = WordTable(number, blind=zero_digits).look_up(lines, lines.start, lines.end)
    assert [met[n] for n in got.tolist()] == [re.sub(rb"[0-9]", b"0", item) for item in items]
    assert len(met) == len(set(met))


@given(st.dates())
def test_days_from_civil_is_the_calendar(day: object) -> None:
    from datetime import date

    assert isinstance(day, date)
    assert days_from_civil(day.year, day.month, day.day) == (day - date(1970, 1, 1)).days


keyed = st.lists(
    st.sampled_from(
        [
            b"a=1 bb=2",
            b"a=1 bb=2 ccc=3",
            b" a=9 bb=",
            b"x a=1 cc=2",
            b"averylongkeyname=1 b=2",
            b"a=1=2",
            b"=",
            b"[a=1 b=2]",
        ]
    ),
    min_size=1,
    max_size=40,
)


@given(keyed)
def test_skeletons_group_lines_by_their_keys(items: list[bytes]) -> None:
    lines = lines_of(items)
    book: SkeletonBook[tuple[bytes, ...]] = SkeletonBook(lambda line: tuple(key for _, key, _ in keys_of(line)))
    seen = set()
    for group, at, names in book.split(lines, 1):
        for row, places in zip(group.tolist(), at.tolist(), strict=True):
            assert row not in seen
            seen.add(row)
            keys = keys_of(items[row])
            assert names == tuple(key for _, key, _ in keys)
            assert [place - int(lines.start[row]) for place in places] == [value for _, _, value in keys]


@given(st.lists(st.text('ai9_/=;| "{:-', min_size=1, max_size=12).map(str.encode), min_size=1, max_size=40))
def test_signs_inside_values_are_no_keys(items: list[bytes]) -> None:
    items += [b"|a=b=1[c;dd=2;i/f=3", b"|a=b=9[c;dd=8;i/f=7", b"|a=bb=9 dd=8"]
    lines = lines_of(items)
    book: SkeletonBook[tuple[bytes, ...]] = SkeletonBook(
        lambda line: tuple(key for _, key, _ in keys_of(line)), inner=True
    )
    for group, at, names in book.split(lines, 1):
        for row, places in zip(group.tolist(), at.tolist(), strict=True):
            keys = keys_of(items[row])
            assert names == tuple(key for _, key, _ in keys)
            assert [place - int(lines.start[row]) for place in places] == [value for _, _, value in keys]


def test_lines_with_signs_inside_values_are_read_together() -> None:
    items = [b"|a=b=%d[c;dd=2|e=%d" % (number, number) for number in range(10, 30)]
    lines = lines_of(items)
    book: SkeletonBook[int] = SkeletonBook(lambda line: len(keys_of(line)), inner=True)
    assert [(len(group), at.shape[1], count) for group, at, count in book.split(lines, 4)] == [(20, 2, 2)]


@given(st.lists(st.from_regex(rb"host [0-9]{3} (drop|pass)", fullmatch=True), min_size=1, max_size=30))
def test_templates_ignore_their_holes_only(items: list[bytes]) -> None:
    lines = lines_of(items)
    book: TemplateBook[bytes] = TemplateBook(lambda text: (text[9:], [(5, 8)]))
    said = dict.fromkeys(range(len(items)), b"")
    for group, meaning in book.split(lines, lines.start, lines.end, 1):
        for row in group.tolist():
            said[row] = meaning
    assert list(said.values()) == [item[9:] for item in items]


@given(digits)
def test_numbers_between_two_places_are_all_digits(items: list[bytes]) -> None:
    lines = lines_of(items)
    value, ok = uint_until(lines, lines.start, lines.end)
    for item, got, good in zip(items, value.tolist(), ok.tolist(), strict=True):
        assert good == (re.fullmatch(rb"[0-9]{1,15}", item) is not None), item
        if good:
            assert got == int(item)


@given(
    st.lists(
        st.from_regex(rb"[0-9a-fA-F]{0,10}", fullmatch=True) | st.binary(max_size=9).filter(lambda t: b"\n" not in t),
        min_size=1,
    )
)
def test_hexadecimal_numbers_are_what_int_says(items: list[bytes]) -> None:
    lines = lines_of(items)
    value, ok = hex_until(lines, lines.start, lines.end)
    for row, text in enumerate(items):
        assert ok[row] == bool(re.fullmatch(rb"[0-9A-Fa-f]{1,8}", text)), text
        assert not ok[row] or value[row] == int(text, 16), text


def test_shifts_by_a_whole_window_give_nothing() -> None:
    """What the number kernels rest on, and C leaves undefined."""
    one = np.array([1, 1], np.uint64)
    wide = np.array([64, 200], np.uint64)
    assert (one << wide).tolist() == (one >> wide).tolist() == [0, 0]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"2026-11-22T22:37:0", b"2026-02-30T22:37:0", b"2026-11-22 22:61:0"]),
            st.from_regex(rb"[0-9x][.,][0-9]{5,7}", fullmatch=True),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([b"", b"Z", b"+0100", b"-05:30", b"+9900", b"+01", b"x", b"0"]),
    st.sampled_from([b"", b" ", b"1", b":00"]),
)
def test_stamps_with_microseconds_agree_with_the_plain_reader(
    items: list[tuple[bytes, bytes]], zone: bytes, after: bytes
) -> None:
    texts = [begin + rest + zone for begin, rest in items]
    lines = lines_of([text + after for text in texts])
    stop = lines.end - len(after)
    stamps = iso_stamps(lines, lines.start, stop)
    for row, text in enumerate(texts):
        want = iso_stamp(text)
        good = bool(stamps.ok[row]) and stamps.end[row] == stop[row]
        assert not good or want is not None, text
        if good and want is not None:
            found = {name: getattr(stamps, name)[row] for name in ("civil", "zoned", "fraction")}
            assert found == {name: want[name] for name in found}, text
        if want is not None and after in (b"", b" "):
            assert good, text


@given(
    st.lists(st.sampled_from([b"a", b"ab", b"x" * 17 + b"ab", b"no", b"b" * 40 + b"ab" * 9]), min_size=1, max_size=12)
)
def test_literals_are_found_where_they_first_stand(items: list[bytes]) -> None:
    lines = lines_of(items)
    for literal in (b"a", b"ab", b"ba", b"ab" * 8):
        want = [
            at if (at := item.find(literal)) < 0 else start + at for item, start in zip(items, lines.start, strict=True)
        ]
        assert first_of(lines, literal).tolist() == want
        stands = [bytes(lines.data[start : start + len(literal)]) == literal for start in lines.start.tolist()]
        assert holds(lines, lines.start, literal).tolist() == stands
