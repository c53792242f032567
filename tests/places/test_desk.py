"""Look-ups against a real name server and a real registry on loopback: what is asked, what is believed, what is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from scantui.explain.place import Name, Place
from scantui.places.cache import FOR_ANSWERS, FOR_FAILURES, Cache
from scantui.places.desk import Desk
from scantui.places.pace import Manners
from scantui.places.reverse import Resolver
from tests.places.servers import ANSWER, CONFIRMED, NAME, PTR, SOURCE, NameServer, Registry, name_server, registry

NOW = 1_790_900_000.0


class World:
    """The two servers, a cache and a clock that stands still until it is moved."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW
        self.stack = ExitStack()
        self.dns: NameServer
        self.web: Registry

    def desk(self, patience: float = 5.0) -> Desk:
        cache = Cache(self.folder, lambda: self.now)
        made = Desk(cache, lambda: self.now, Resolver("127.0.0.1", self.dns.port), self.web.url, Manners(patience, 0.0))
        self.stack.callback(made.close)
        return made

    def place(self, address: str = SOURCE, **how: Any) -> Place:
        desk = self.desk(**how)
        desk.wait(address)
        return desk.added(Place(address))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    made = World(tmp_path / "lookups")

    def make(zone: Any = CONFIRMED, dns: dict[str, Any] | None = None, **web: Any) -> World:
        made.dns = made.stack.enter_context(name_server(zone, **dns or {}))
        made.web = made.stack.enter_context(registry(**web))
        return made

    with made.stack:
        yield make


Make = Callable[..., World]


def test_a_name_that_leads_back_and_the_registration(world: Make) -> None:
    made = world()
    place = made.place()
    assert place.names is not None and place.names.names == (Name(NAME[:-1], True),)
    assert place.names.asked == place.registered.asked == "2026-10-02T00:13Z"  # type: ignore[union-attr]
    found = place.registered.registration  # type: ignore[union-attr]
    assert found is not None and (found.first, found.last, found.name) == ("45.33.0.0", "45.33.127.255", "LINODE-US")
    assert (found.handle, found.organisation, found.country) == ("NET-45-33-0-0-1", "Linode", "US")
    assert place.abuse == "abuse@linode.example"
    assert made.dns.asked == [(PTR, "PTR"), (NAME, "A")]
    assert made.web.asked == ["/ipv4.json", f"/rdap/ip/{SOURCE}"]
    assert all(one["Accept-Encoding"] == "identity" and "Cookie" not in one for one in made.web.headers)


@pytest.mark.parametrize(
    ("zone", "dns", "names", "failure"),
    [
        ({(PTR, "PTR"): [NAME], (NAME, "A"): ["192.0.2.1"]}, {}, (Name(NAME[:-1], False),), ""),
        ({(PTR, "PTR"): [NAME]}, {}, (Name(NAME[:-1], False),), ""),
        ({(PTR, "PTR"): [NAME]}, {"failing": {NAME}}, (Name(NAME[:-1], None),), ""),
        ({}, {}, (), "no PTR record (NXDOMAIN)"),
        ({(PTR, "TXT"): ["x"]}, {}, (), "no PTR record"),
        ({}, {"failing": {PTR}}, (), "127.0.0.1 could not answer (SERVFAIL, REFUSED or broken)"),
        ({}, {"silent": {PTR}}, (), "127.0.0.1 did not answer in 0.3 s"),
        ({(PTR, "PTR"): [r"\027]0\;x\007\226\128\174evil.example."]}, {},
         (Name(r"\027]0\;x\007\226\128\174evil.example", False),), ""),
    ],
)  # fmt: skip
def test_names_that_prove_nothing_and_no_names(world: Make, zone: Any, dns: Any, names: Any, failure: str) -> None:
    place = world(zone, dns).place(patience=0.3)
    assert place.names is not None and (place.names.names, place.names.failure) == (names, failure)
    assert all(name.text.isprintable() and name.text.isascii() for name in place.names.names)


def many(status: int, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, b"{}"


@pytest.mark.parametrize(
    ("web", "failure"),
    [
        ({"ip": [many(404)]}, "127.0.0.1 has nothing on it (404)"),
        ({"ip": [many(503)]}, "127.0.0.1 answered with status 503"),
        ({"ip": [many(302, Location="/rdap/moved")] * 2}, ""),
        ({"ip": [many(302, Location=f"/rdap/ip/{SOURCE}")]}, "127.0.0.1: more than 3 redirects"),
        ({"ip": [many(302, Location="http://127.0.0.1:9/x")]}, "a redirect or bootstrap entry to http://127.0.0.1:9 was not"),
        ({"ip": [many(302, Location="https://192.0.2.1/x")]}, "a redirect or bootstrap entry to https://192.0.2.1 was not"),
        ({"ip": [many(302, Location="file:///etc/passwd")]}, "a redirect or bootstrap entry to file:// was not"),
        ({"ip": [many(429, Retry_After="3600")]}, "127.0.0.1 is asked too often and wants 3,600 s of rest (429)"),
        ({"ip": [many(429)]}, "127.0.0.1 is asked too often and wants 60 s of rest (429)"),
        ({"ip": [many(429, Retry_After="0"), (302, {"Location": "/rdap/moved"}, b"")]}, ""),
        ({"body": b"x" * (1 << 20) + b"y"}, "127.0.0.1: more than 1 MiB"),
        ({"body": b"<html>"}, "127.0.0.1: not JSON"),
        ({"body": b"[" * 100_000}, "127.0.0.1: not JSON"),
        ({"body": ANSWER | {"endAddress": "45.33.0.9"}}, "127.0.0.1: its answer is not on a network around the address"),
        ({"ip": [(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")]}, "127.0.0.1 packed its answer"),
    ],
)  # fmt: skip
def test_a_registry_that_does_not_answer_as_it_should(world: Make, web: Any, failure: str) -> None:
    place = world(**web).place()
    assert place.registered is not None and place.registered.failure.startswith(failure)
    assert bool(place.registered.registration) is not bool(failure)


def test_a_registry_that_is_silent_or_not_there(world: Make) -> None:
    made = world()
    made.web.url = "http://127.0.0.1:9/"
    assert made.place().registered.failure == "127.0.0.1 cannot be reached"  # type: ignore[union-attr]


def test_no_one_is_asked_twice_and_failures_are_kept_for_an_hour(world: Make) -> None:
    made = world({}, {"failing": {PTR}})
    made.place()
    asked = (len(made.dns.asked), len(made.web.asked))
    desk = made.desk()
    assert desk.plan(SOURCE) == f"look-up of {SOURCE}: answers of an earlier run are used, nobody is asked"
    assert made.place() == made.place() and (len(made.dns.asked), len(made.web.asked)) == asked
    made.now += FOR_FAILURES
    made.dns.failing.clear()
    assert "127.0.0.1 for its names" in desk.plan(SOURCE) and "RDAP" not in desk.plan(SOURCE)
    assert made.place().names.failure == "no PTR record (NXDOMAIN)"  # type: ignore[union-attr]
    assert len(made.web.asked) == asked[1]
    made.now += FOR_ANSWERS
    made.place()
    assert len(made.web.asked) == 2 * asked[1]


def test_the_cache_is_private_and_damage_in_it_is_nothing(world: Make) -> None:
    made = world()
    place = made.place()
    assert made.folder.stat().st_mode & 0o777 == 0o700
    files = list(made.folder.iterdir())
    assert len(files) == 3 and all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    for file in files:
        file.write_bytes(b"\xff\0{" + file.read_bytes()[:40])
    assert made.place() == place
    for file in files:
        file.unlink()
        file.mkdir()
    assert made.place() == place


@pytest.mark.parametrize("address", ["10.1.2.3", "203.0.113.7", "127.0.0.1", "fe80::1", "2001:db8::/64", "100.64.0.1"])
def test_nobody_is_asked_about_addresses_that_are_nobodys(world: Make, address: str) -> None:
    made = world()
    desk = made.desk()
    with pytest.raises(ValueError, match="nobody is asked about it"):
        desk.wait(address)
    assert desk.added(Place(address)) == Place(address)
    assert not made.dns.asked and not made.web.asked


def test_asking_goes_on_beside_and_tells_when_it_is_done(world: Make) -> None:
    made = world()
    desk, told = made.desk(), threading.Event()
    before = desk.version
    assert desk.ask(SOURCE, told.set).startswith(f"look-up of {SOURCE}: asking 127.0.0.1 for its names")
    assert told.wait(20) and desk.version > before
    assert desk.added(Place(SOURCE)).names is not None and not desk.added(Place(SOURCE)).waiting
    desk.close()
    desk.close()


def test_what_cannot_start_is_said_and_nobody_waits(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/certificates.pem")
    made = world()
    desk = made.desk()
    for _ in range(2):
        desk.wait(SOURCE)
        place = desk.added(Place(SOURCE))
        assert place.names is not None and place.names.failure.startswith("look-up failed: FileNotFoundError")
    monkeypatch.delenv("SSL_CERT_FILE")
    desk.wait(SOURCE)
    assert desk.added(Place(SOURCE)).abuse


def test_who_asks_while_it_is_being_asked_is_told_as_well(world: Make) -> None:
    desk, told = world().desk(), threading.Event()
    desk.ask(SOURCE, told.set)
    desk.wait(SOURCE)
    assert told.wait(20) and desk.added(Place(SOURCE)).names is not None


def test_closing_forgets_what_is_being_asked(world: Make) -> None:
    made = world({}, {"silent": {PTR}})
    desk, told = made.desk(), threading.Event()
    desk.ask(SOURCE, told.set)
    assert desk.added(Place(SOURCE)).waiting
    assert "waiting" in desk.ask(SOURCE, told.set)
    desk.close()
    assert told.wait(20) and desk.added(Place(SOURCE)) == Place(SOURCE)
    made.dns.silent.clear()
    assert "its names" in desk.plan(SOURCE)  # what was broken off is not kept
    desk.wait(SOURCE)
    assert desk.added(Place(SOURCE)).names is not None
