"""The options that several commands share, and their types. Bad values are refused before anything is read."""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scantui.cli.completion import files
from scantui.cli.own_formats import LogFormat, formats, own
from scantui.export.times import iso, zone
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.detect.allow import Allowed
    from scantui.formats.base import Format
    from scantui.session import Options

Function = TypeVar("Function", bound=Callable[..., Any])

MiB = 1 << 20
_UNITS = {"": 1, "k": 1 << 10, "m": MiB, "g": 1 << 30}
_SIZE = re.compile(r"([0-9]{1,15})([kmg]?)(?:i?b)?", re.IGNORECASE)
_LEAST_MEMORY = 16 * MiB


class Size(click.ParamType[int]):
    """Bytes, from `512M`, `2G` or a plain number; units are powers of 1024."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        match = _SIZE.fullmatch(value)
        if not match:
            self.fail(f"{value!r} is no size; write it as 512M or 2G", param, ctx)
        size = int(match[1]) * _UNITS[match[2].lower()]
        if size < _LEAST_MEMORY:
            self.fail(f"{value!r} is too little; give 16M or more", param, ctx)
        return size


class Zone(click.ParamType[tzinfo]):
    """A time zone as `export.times.zone` reads it."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tzinfo:
        if isinstance(value, tzinfo):
            return value
        try:
            return zone(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Network(click.ParamType[str]):
    """A network or one address, in canonical text."""

    name = "network"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(ipaddress.ip_network(value, strict=False))
        except ValueError:
            self.fail(f"{value!r} is no network; write it as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32", param, ctx)


class AllowList(click.ParamType["tuple[Allowed, ...]"]):
    """The entries of an allow-list file, as `detect.allow.parse` reads them."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Allowed, ...]:
        from scantui.detect.allow import parse

        if isinstance(value, tuple):
            return value
        try:
            return parse(Path(value).read_text("utf-8"), value)
        except (OSError, UnicodeDecodeError) as error:
            why = (error.strerror or "cannot be read") if isinstance(error, OSError) else "is not text in UTF-8"
            self.fail(f"{harmless(value)}: {why}", param, ctx)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Address(click.ParamType[str]):
    """One address, in canonical text."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            self.fail(f"{value!r} is no address; write it as 192.0.2.1 or 2001:db8::1", param, ctx)


_SENSITIVITY = "Evidence a scan takes: odds of 50 to 1, 7 to 1, or even.  [normal]"
_READING = (
    click.option("--log-tz", type=Zone(), metavar="ZONE", help="Zone of stamps that carry none.  [guessed]"),
    click.option(
        "--log-format",
        type=LogFormat(),
        metavar="NAME[:GLOB]",
        multiple=True,
        help="Read by this format only, all inputs or those GLOB matches; repeatable.  [recognised]",
    ),
    click.option("--year", type=click.IntRange(1970, 2200), help="Year of stamps that carry none.  [guessed]"),
    click.option(
        "--since", metavar="TIME", help="Leave out what came before: 03:00, 2h ago, 'yesterday 03:00', a date."
    ),
    click.option("--until", metavar="TIME", help="Leave out what came after. Zone of both: --tz, else UTC."),
    click.option("--memory", type=Size(), metavar="SIZE", default="512M", help="What the history may hold.  [512M]"),
    click.option("--home", type=Network(), metavar="NET", multiple=True, help="The site's networks.  [guessed]"),
    click.option("--sensitivity", type=click.Choice(["low", "normal", "high"]), default="normal", help=_SENSITIVITY),
    click.option("--allow", type=Network(), metavar="NET", multiple=True, help="Who may scan; repeatable."),
    click.option(
        "--allow-file",
        type=AllowList(),
        metavar="FILE",
        shell_complete=files,
        multiple=True,
        help="A list of who may scan.",
    ),
)


def reading(command: Function) -> Function:
    """The options that say how logs are read and judged; `options` takes them."""
    for option in reversed(_READING):
        command = option(command)
    return command


def options(
    where: tzinfo,
    *,
    log_tz: tzinfo | None,
    log_format: tuple[tuple[str, Format], ...],
    year: int | None,
    since: str | None,
    until: str | None,
    memory: int,
    home: tuple[str, ...],
    sensitivity: str,
    allow: tuple[str, ...],
    allow_file: tuple[tuple[Allowed, ...], ...],
) -> Options:
    """The session's options from `reading`'s; times are typed in zone `where`."""
    from scantui.detect.allow import networks
    from scantui.detect.knobs import Knobs, Sensitivity
    from scantui.session import Options

    now = time.time_ns() // 1000
    begin, end = _bound("--since", since, now, where), _bound("--until", until, now, where)
    if begin is not None and end is not None and begin > end:
        raise click.UsageError(f"--since {iso(begin, where)} is later than --until {iso(end, where)}")
    knobs = Knobs(
        Sensitivity(sensitivity),
        (*networks(allow), *(entry for entries in allow_file for entry in entries)),
        tuple(ipaddress.ip_network(text) for text in home),
    )
    return Options(
        memory=memory,
        zone=log_tz,
        year=year,
        knobs=knobs,
        formats=formats(log_format),
        notices=own().told,
        since=begin,
        until=end,
    )


def _bound(option: str, text: str | None, now: int, where: tzinfo) -> int | None:
    """Microseconds UTC of a time as it was typed."""
    if text is None:
        return None
    from scantui.when import NotATime, moment_from

    try:
        return moment_from(text, now, where, "03:00, 'yesterday 03:00', '2h ago', '2000-01-25 03:14:01'")
    except NotATime as error:
        raise click.BadParameter(f"{text!r}: {error}", param_hint=option) from None


output = click.option(
    "--output", "-o", metavar="FILE", shell_complete=files, default="-", help="File to make, mode 0600.  [stdout]"
)
force = click.option("--force", is_flag=True, help="Replace --output when it exists.")
