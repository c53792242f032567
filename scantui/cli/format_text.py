"""Formats as text, JSON and a Markdown table: what each carries, what it cannot tell, samples and their events."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from scantui.formats.capture import PCAP, PCAPNG
from scantui.formats.gaps import ASKED, cannot_tell, carries
from scantui.formats.proof import events_of, told
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.formats.base import Carrier, Format, Sample
    from scantui.formats.capture import Kind

_WIDTH = 120
_LABEL = 13


def listing(formats: Sequence[Format]) -> Iterator[str]:
    """All of them, with a sample line each."""
    for form in formats:
        yield from _head(form)
        yield _line("sample", harmless(form.samples[0].line))
    for kind in (PCAP, PCAPNG):
        yield f"{kind.name}: {kind.title}\n"
        yield from _fields(kind)


def whole(form: Format, file: str) -> Iterator[str]:
    """One of them, with every sample and what it gives."""
    yield from _head(form)
    yield _line("file", harmless(file))
    yield from _wrapped("columns", ", ".join(form.fields))
    for number, sample in enumerate(form.samples):
        yield "\n"
        if sample.header:
            yield _line("header", harmless(sample.header))
        yield _line(f"sample {number + 1}", harmless(sample.line))
        for event in _events(form, sample):
            yield from _wrapped("event", shown(event))


def shown(event: dict[str, Any]) -> str:
    """An event on a line."""
    return "  ".join(f"{name}={harmless(str(value))}" for name, value in event.items())


def as_data(form: Format, file: str, *, samples: bool) -> dict[str, Any]:
    """One of them as JSON."""
    data: dict[str, Any] = {
        "name": form.name,
        "title": form.title,
        "own": form.own,
        "file": file,
        "columns": list(form.fields),
        "cannot_tell": list(cannot_tell(form.fields)),
    }
    if samples:
        data["samples"] = [
            {"line": sample.line.decode("utf-8", "backslashreplace"), "events": _events(form, sample)}
            for sample in form.samples
        ]
    return data


def markdown(formats: Sequence[Format]) -> Iterator[str]:
    """The table of formats and what each can tell."""
    yield f"| format | title | {' | '.join(ASKED)} |\n"
    yield f"|---|---|{':-:|' * len(ASKED)}\n"
    listed: list[Format | Kind] = [*formats, PCAP, PCAPNG]
    for form in listed:
        has = carries(form.fields)
        yield f"| `{form.name}` | {form.title} | {' | '.join('●' if name in has else '' for name in ASKED)} |\n"


def _head(form: Format) -> Iterator[str]:
    yield f"{form.name}: {harmless(form.title)}{' (yours)' if form.own else ''}\n"
    yield from _fields(form)


def _fields(form: Carrier) -> Iterator[str]:
    yield from _wrapped("carries", ", ".join(carries(form.fields)))
    yield from _wrapped("cannot tell", ", ".join(cannot_tell(form.fields)) or "nothing that is asked of packets")


def _events(form: Format, sample: Sample) -> list[dict[str, Any]]:
    found = events_of(form, sample)
    return [told(found, row) for row in range(len(found))]


def _line(label: str, text: str) -> str:
    return f"  {label:{_LABEL}}{text}\n"


def _wrapped(label: str, text: str) -> Iterator[str]:
    yield (
        textwrap.fill(
            text,
            _WIDTH,
            initial_indent=f"  {label:{_LABEL}}",
            subsequent_indent=" " * (_LABEL + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
    )
