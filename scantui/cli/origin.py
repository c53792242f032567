"""The options on where addresses belong: files to look into, and look-ups that leave the machine."""

from __future__ import annotations

import ipaddress
import time
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import click

from scantui.cli.completion import files
from scantui.cli.errors import Refused, complain

if TYPE_CHECKING:
    from collections.abc import Callable

    from scantui.cli.options import Function
    from scantui.explain.place import Place
    from scantui.places.desk import Desk
    from scantui.places.files import Files
    from scantui.places.known import KnownList
    from scantui.places.mmdb import Database
    from scantui.session import Options

Read = TypeVar("Read")


class _Readable(click.ParamType[Read], Generic[Read]):
    """A file that is read as the option is; a bad one is bad usage."""

    name = "file"

    def __init__(self, read: Callable[[str], Read]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Read:
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _mmdb(path: str) -> Database:
    from scantui.places.mmdb import Database

    return Database(path)


def _known(path: str) -> KnownList:
    from scantui.places.known import read_list

    return read_list(path)


class _Server(click.ParamType[tuple[str, int]]):
    """An address, perhaps with a port: 192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:5353."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        host, port = value, "53"
        if value.count(":") == 1 or value.startswith("["):
            host, _, port = value.rpartition(":") if not value.endswith("]") else (value, "", "53")
        try:
            if not 0 < int(port) < 65_536:
                raise ValueError
            return str(ipaddress.ip_address(host.strip("[]"))), int(port)
        except ValueError:
            self.fail(f"{value!r} is no name server; write it as 192.0.2.53 or [2001:db8::53]:5353", param, ctx)


_OPTIONS = (
    click.option(
        "--mmdb",
        type=_Readable(_mmdb),
        metavar="FILE",
        shell_complete=files,
        multiple=True,
        help="ASN or country database; repeatable.",
    ),
    click.option(
        "--known",
        type=_Readable(_known),
        metavar="FILE",
        shell_complete=files,
        multiple=True,
        help="List of known scanners; repeatable.",
    ),
    click.option("--lookup", is_flag=True, help="Allow asking DNS and RDAP about a source's address."),
    click.option("--resolver", type=_Server(), metavar="ADDRESS", help="Name server for --lookup.  [the system's]"),
    click.option("--rdap-bootstrap", metavar="URL", hidden=True, help="A mirror of IANA's RDAP bootstrap files."),
)


class Origin:
    """What these options allow, for a session's options."""

    def __init__(self, files: Files, desk: Desk | None) -> None:
        self._files = files
        self._desk = desk

    def place(self, address: str) -> Place:
        """What files say, and what look-ups found so far."""
        place = self._files.place(address)
        return self._desk.added(place) if self._desk is not None else place

    def asked(self, address: str) -> Place:
        """The same after a look-up, which is announced first; without one where none is allowed."""
        if self._desk is not None:
            try:
                complain(self._desk.plan(address))
                self._desk.wait(address)
            except ValueError as error:
                complain(str(error))
        return self.place(address)

    def for_monitor(self, settings: Options) -> Options:
        """Columns of what the files say, and look-ups when the analyst asks for them."""
        from dataclasses import replace

        return replace(settings, place=self.place, desk=self._desk, files=self._files)

    def at_once(self, settings: Options) -> Options:
        """The look-up of the one source that is explained."""
        from dataclasses import replace

        return replace(settings, place=self.asked)

    def close(self) -> None:
        if self._desk is not None:
            self._desk.close()


def origin(command: Function) -> Function:
    """The options on where addresses belong; the command gets them as `origin`."""

    @wraps(command)
    def opened(
        *arguments: Any,
        mmdb: tuple[Database, ...],
        known: tuple[KnownList, ...],
        lookup: bool,
        resolver: tuple[str, int] | None,
        rdap_bootstrap: str | None,
        **others: Any,
    ) -> Any:
        from scantui.places.files import Files

        if not lookup and (resolver or rdap_bootstrap):
            raise click.UsageError("--resolver is of use with --lookup only")
        made = Origin(Files(mmdb, known), _desk(resolver, rdap_bootstrap) if lookup else None)
        try:
            return command(*arguments, origin=made, **others)
        finally:
            made.close()

    for option in reversed(_OPTIONS):
        opened = option(opened)
    return opened  # type: ignore[return-value]


def _desk(resolver: tuple[str, int] | None, bootstrap: str | None) -> Desk:
    missing = [name for name, package in (("dnspython", "dns"), ("httpx", "httpx")) if find_spec(package) is None]
    if missing:
        raise Refused(f"--lookup needs {' and '.join(missing)}: pip install 'scantui[lookup]'")
    from platformdirs import user_cache_path

    from scantui.places.cache import Cache
    from scantui.places.desk import Desk
    from scantui.places.rdap import IANA
    from scantui.places.reverse import Resolver

    folder = user_cache_path("scantui", appauthor=False) / "lookups"
    try:
        return Desk(Cache(folder, time.time), time.time, Resolver(*resolver) if resolver else None, bootstrap or IANA)
    except ValueError as error:
        raise Refused(f"--lookup: {error}") from None
