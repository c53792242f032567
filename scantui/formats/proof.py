"""The proof of a format file: its keys mean something, and its samples give the events they promise, singly and in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

from scantui.events import COLUMNS, NULLABLE, Action, Events, Proto, TsQuality, concat, flag_text
from scantui.formats.base import SMALL, Format, Sample
from scantui.formats.declared import made
from scantui.formats.faults import faults
from scantui.formats.patterns import linear
from scantui.formats.reader import Reader
from scantui.formats.registry import Formats
from scantui.formats.spec import FormatError, parse_spec
from scantui.ingest.block import SLACK, Block, Source
from scantui.tables import Tables

_LATER = 86_400_000_000  # microseconds: how long after a sample's time its log was written
_NO_TIME = 1_800_000_000_000_000  # when the log of a sample without one was written, microseconds UTC
_NAMES = {"ts_quality": TsQuality, "proto": Proto, "action": Action}
_TOLD = tuple(name for name in COLUMNS if name not in ("source", "offset", "line_length", "known"))


@runtime_checkable
class Refusing(Protocol):
    """A parser that says what it does not like."""

    def refusal(self, text: bytes) -> str: ...


def own_format(text: str, path: str) -> Format:
    """The format that the text of a user's file is, proved. Raises FormatError, which says all that is wrong, a line each."""
    spec = parse_spec(text, path)
    wrong = [*faults(spec)]
    if not wrong:
        form = made(spec, path, linear, own=True)
        wrong = [
            f"sample[{number}].{what}" for number, one in enumerate(form.samples) for what in differences(form, one)
        ]
    if wrong:
        raise FormatError("\n".join(f"{path}: {line}" for line in wrong))
    return form


def events_of(form: Format, sample: Sample, times: int = 1) -> Events:
    """The events of a sample's line, read so many times by this format alone."""
    head = sample.header + b"\n" if sample.header else b""
    data = head + (sample.line + b"\n") * times
    wanted = sample.expect.get("ts")
    written = _NO_TIME if not isinstance(wanted, str) else _microseconds(wanted) + _LATER
    reader = Reader(tables := Tables(), formats=Formats((form,), (("*", form),)))
    block = Block(Source(1, "sample", 0, 1, written, b""), bytearray(data + bytes(SLACK)), len(data), 0, written)
    return concat([reader.read(block), *reader.flush()], tables)


def told(events: Events, row: int) -> dict[str, Any]:
    """All that an event tells, in the words of samples; what is not known is left out."""
    said: dict[str, Any] = {}
    for name in _TOLD:
        value = getattr(events, name)[row].item()
        if name in NULLABLE and not events.is_known(name)[row]:
            continue
        if name == "ts":
            value = datetime.fromtimestamp(value / 1_000_000, UTC).isoformat()
        elif name in _NAMES:
            value = _NAMES[name](value).name.lower()
        elif name == "flags":
            value = flag_text(value)
        elif name in ("src", "dst"):
            value = events.tables.addresses.text(value)
        elif name in ("rule", "sensor", "iface", "tcp_options"):
            value = events.tables.texts.text(value)
        if value != "":
            said[name] = value
    return said


def differences(form: Format, sample: Sample) -> Iterator[str]:
    """How what is read of a sample differs from what it promises, as `key: what`."""
    one = events_of(form, sample)
    if not len(one):
        yield f"line: is not read: {_refusal(form, sample)}"
        return
    many = events_of(form, sample, 2 * SMALL)
    yield from _differences(told(one, 0), sample)
    if told(many, 0) != told(one, 0):
        yield "line: is read otherwise among many"


def _refusal(form: Format, sample: Sample) -> str:
    if not form.claims(sample.line):
        return "it lacks a text of `holds`, or is not like `claims`"
    parser = form.bind(Tables())
    if sample.header:
        parser.line(sample.header)
    return parser.refusal(sample.line) if isinstance(parser, Refusing) else "the object is not as declared"


def _differences(said: dict[str, Any], sample: Sample) -> Iterator[str]:
    for name, want in sample.expect.items():
        got = said.get(name)
        if name == "ts" and isinstance(want, str) and got is not None:
            if _microseconds(want) != _microseconds(got):
                yield f"event.ts: expected {want}, read {got}"
        elif got != want:
            yield f"event.{name}: expected {'null' if want is None else want}, read {'null' if got is None else got}"


def _microseconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000_000)
