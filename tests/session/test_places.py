"""What is known of an address in a live session: own networks, files at once, look-ups when they are asked for."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from scantui.detect.knobs import Knobs
from scantui.explain.place import Listed, Own, Place
from scantui.ingest.follow import Follower
from scantui.places.cache import Cache
from scantui.places.desk import Desk
from scantui.places.reverse import Resolver
from scantui.session import Options, Session
from tests.places.servers import CONFIRMED, SOURCE, name_server, registry
from tests.session.test_worker import until

LINE = "ts=2000-01-25T03:14:01Z event=fw_drop src={}:53 dst=192.0.2.10:{} proto=tcp flags=SYN-FIN\n"


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "fw.log"
    path.write_text("".join(LINE.format(SOURCE, port) for port in range(20, 60)))
    return str(path)


def finished(log: str, options: Options) -> Place:
    detail = Session(Follower([log], follow=False), options).run_to_end(SOURCE).detail
    assert detail is not None and detail.place is not None and detail.why is not None
    return detail.place


def test_files_are_asked_about_the_selected_source_only(log: str) -> None:
    asked = []

    def place(address: str) -> Place:
        asked.append(address)
        return Place(address, listed=(Listed("Shodan", "45.0.0.0/8", "list", 1),))

    assert finished(log, Options(place=place)).listed[0].name == "Shodan"
    assert asked == [SOURCE]


def test_home_networks_given_or_guessed(log: str) -> None:
    home = (ip_network("45.33.0.0/16"), ip_network("192.0.2.0/24"))
    assert finished(log, Options(knobs=Knobs(home=home))).own == Own("45.33.0.0/16", False)
    assert finished(log, Options()).own is None


def test_a_look_up_comes_with_a_later_detail_and_nothing_is_asked_before(log: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        dns, web = stack.enter_context(name_server(CONFIRMED)), stack.enter_context(registry())
        desk = Desk(Cache(tmp_path / "c", lambda: 1e9), lambda: 1e9, Resolver("127.0.0.1", dns.port), web.url)
        options = Options(place=lambda address: desk.added(Place(address)), desk=desk)
        session = Session(Follower([log], follow=True), options)
        session.start()
        stack.callback(session.stop)
        code = session.latest().tables.addresses.code(SOURCE)
        session.select(code)
        first = until(session, lambda s: s.detail is not None and s.detail.why is not None).detail
        assert first is not None and first.place == Place(SOURCE) and not dns.asked and not web.asked
        session.pause()
        assert "asking 127.0.0.1" in session.look_up(code)
        found = until(session, lambda s: s.detail and s.detail.place and s.detail.place.names is not None).detail
        assert found is not None and found.place is not None and found.why is not None
        assert found.place.abuse == "abuse@linode.example"
        assert any("census7.shodan.io, which resolves back" in line for line in found.why.origin)
        assert replace(found.place, names=None, registered=None) == Place(SOURCE)


def test_look_ups_are_off_unless_they_were_allowed(log: str) -> None:
    session = Session(Follower([log], follow=False), Options())
    with pytest.raises(ValueError, match="start scantui with --lookup"):
        session.look_up(1)
