"""`scantui formats`: what scantui reads, one format in full, and whether a format file of one's own is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scantui.cli import own_formats
from scantui.cli.configured import refuse
from scantui.cli.errors import Refused, Unreadable, complain, reason
from scantui.cli.output import emit

if TYPE_CHECKING:
    from scantui.formats.base import Format

_BUILT_IN = "comes with scantui"
_MOST = 4 << 20  # bytes of a log that a format is tried on
_SHOWN = 3  # events of it that are shown


@click.command("formats")
@click.argument("what", required=False, metavar="[NAME | FILE.toml]")
@click.option("--on", metavar="LOG", help="Try NAME or FILE on the beginning of a log: what it reads, what not.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="[text]")
def command(what: str | None, on: str | None, form: str) -> int:
    """What scantui reads: each format, what it carries and cannot tell, with a sample line; NAME in full, with what its samples
    give. FILE.toml is a format of your own: says what is wrong with it, by key, and exits 2 if anything is.

    Your formats are read from the folder that `scantui config` names, by every command that reads logs.
    """
    from scantui.cli import format_text

    if what is None:
        if on is not None:
            raise click.UsageError("--on goes with NAME or FILE.toml")
        for notice in own_formats.own().told:
            complain(notice)
        emit(_listed(form), "-", False)
        return 0
    if form == "markdown":
        raise click.UsageError("--format markdown is the table of all formats")
    found, file = _named(what)
    if on is not None:
        emit(_tried(found, on), "-", False)
    elif form == "json":
        emit([_json([format_text.as_data(found, file, samples=True)])], "-", False)
    else:
        emit(format_text.whole(found, file), "-", False)
    return 0


def _listed(form: str) -> Iterator[str]:
    from scantui.cli import format_text

    known = own_formats.known()
    if form == "text":
        yield from format_text.listing(known)
    elif form == "markdown":
        yield from format_text.markdown(known)
    else:
        yield _json([format_text.as_data(one, _file(one), samples=False) for one in known])


def _json(formats: list[dict[str, Any]]) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode({"formats": formats}), indent=1).decode() + "\n"


def _file(form: Format) -> str:
    return str(own_formats.own().files.get(form.name, _BUILT_IN)) if form.own else _BUILT_IN


def _named(what: str) -> tuple[Format, str]:
    """The format of this name, or that a file holds. Ends the command with a line for each error in it."""
    from scantui.formats.spec import FormatError

    for one in own_formats.known():
        if one.name == what:
            return one, _file(one)
    if not what.endswith(".toml") and not Path(what).exists():
        raise Refused(f"no format and no file {what!r}: {own_formats.near(what)}")
    try:
        return own_formats.read(Path(what)), what
    except FormatError as error:
        refuse(str(error).split("\n"))


def _tried(form: Format, log: str) -> Iterator[str]:
    """What the format reads of the beginning of a log."""
    from scantui.cli.format_text import shown
    from scantui.formats.proof import told
    from scantui.formats.registry import Formats
    from scantui.ingest.follow import Follower, check
    from scantui.session import Options
    from scantui.session.engine import Engine
    from scantui.session.status import status_of

    problems = [problem for problem in check([log], follow=False) if problem.fatal]
    if problems:
        raise Unreadable(problems[0].text)
    engine = Engine(Options(formats=Formats((form,), (("*", form),))))
    feed = Follower([log], follow=False)
    try:
        for block in feed.poll(_MOST):
            engine.take(block)
        engine.flush()
        (item,) = status_of(engine, feed, paused=False, rows=0, sources=0, rate=0).inputs
    except OSError as error:
        raise Unreadable(f"{log}: {reason(error)}") from None
    finally:
        feed.close()
    yield f"{item.lines:,} lines, {item.events:,} events, {item.unread:,} unread\n"
    events = engine.store.newest(_SHOWN)
    for row in range(min(_SHOWN, len(events))):
        yield f"  event   {shown(told(events, row))}\n"
    for sample in item.samples:
        yield f"  unread  {sample}\n"
