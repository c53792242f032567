"""The options that several commands share, and their types. Bad values are refused before anything is read."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scantui.export.times import zone
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.detect.allow import Allowed
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
    click.option("--year", type=click.IntRange(1970, 2200), help="Year of stamps that carry none.  [guessed]"),
    click.option("--memory", type=Size(), metavar="SIZE", default="512M", help="What the history may hold.  [512M]"),
    click.option("--home", type=Network(), metavar="NET", multiple=True, help="The site's networks.  [guessed]"),
    click.option("--sensitivity", type=click.Choice(["low", "normal", "high"]), default="normal", help=_SENSITIVITY),
    click.option("--allow", type=Network(), metavar="NET", multiple=True, help="Who may scan; repeatable."),
    click.option("--allow-file", type=AllowList(), metavar="FILE", multiple=True, help="A list of who may scan."),
)


def reading(command: Function) -> Function:
    """The options that say how logs are read and judged; `options` takes them."""
    for option in reversed(_READING):
        command = option(command)
    return command


def options(
    log_tz: tzinfo | None,
    year: int | None,
    memory: int,
    home: tuple[str, ...],
    sensitivity: str,
    allow: tuple[str, ...],
    allow_file: tuple[tuple[Allowed, ...], ...],
) -> Options:
    """The session's options from `reading`'s."""
    from scantui.detect.allow import networks
    from scantui.detect.knobs import Knobs, Sensitivity
    from scantui.session import Options

    knobs = Knobs(
        Sensitivity(sensitivity),
        (*networks(allow), *(entry for entries in allow_file for entry in entries)),
        tuple(ipaddress.ip_network(text) for text in home),
    )
    return Options(memory=memory, zone=log_tz, year=year, knobs=knobs)


output = click.option("--output", "-o", metavar="FILE", default="-", help="File to make, mode 0600.  [stdout]")
force = click.option("--force", is_flag=True, help="Replace --output when it exists.")
