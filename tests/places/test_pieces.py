"""The parts behind look-ups that need no network: pace, answers of any form, and the cache's limits."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scantui.explain.place import Names, Registration
from scantui.places.cache import Cache
from scantui.places.pace import Pace
from scantui.places.rdap_answer import registration, server_for
from tests.places.servers import ANSWER, SOURCE


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 5)), max_size=30), st.floats(0.1, 3))
def test_turns_at_one_server_are_an_interval_apart(requests: list[tuple[str, float]], interval: float) -> None:
    pace, now, starts = Pace(interval), 0.0, {"a": [], "b": []}
    for host, later in requests:
        now += later
        starts[host].append(now + pace.turn(host, now))
    for times in starts.values():
        assert all(after - before > interval - 1e-9 for before, after in pairwise(times))


def test_a_server_may_ask_for_rest_and_others_are_not_held() -> None:
    pace = Pace(1.0)
    pace.hold("a", 100.0)
    assert pace.turn("a", 10.0) == 90.0 and pace.turn("b", 10.0) == 0.0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["abuse", "email", "vcard", "a@b.c"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["entities", "roles", "vcardArray", "startAddress", "services", "name"]), inner, max_size=4
        )
    ),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(["entities", "vcardArray", "name", "country", "handle"]), JSON))
def test_an_answer_of_any_form_is_read_or_refused(data: dict[str, Any]) -> None:
    found = registration(data | {"startAddress": "45.0.0.0", "endAddress": "45.255.255.255"}, SOURCE, "R")
    assert isinstance(found, Registration)
    assert all(getattr(found, name).isprintable() for name in ("name", "country", "handle", "abuse", "organisation"))


@given(JSON)
def test_a_bootstrap_of_any_form_names_a_server_or_none(services: Any) -> None:
    assert isinstance(server_for(SOURCE, {"services": services}), str)


def test_the_smallest_block_and_https_win() -> None:
    services = [
        [["45.0.0.0/8"], ["https://wide/"]],
        [["45.33.0.0/16"], ["http://near/", "https://near"]],
        [["::/0"], ["https://six/"]],
    ]
    assert server_for(SOURCE, {"services": services}) == "https://near/"
    assert server_for("2a00::1", {"services": services}) == "https://six/"
    assert server_for("9.9.9.9", {"services": services}) == ""


def test_mailboxes_are_mailboxes() -> None:
    for mail in (
        "abuse@x.example\r\nBcc: all@x.example",
        "<a@b.example>",
        "a@b",
        "a b@c.example",
        "@",
        "a@b.example?subject=x",
    ):
        entity = {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", mail]]]}
        assert registration(ANSWER | {"entities": [entity]}, SOURCE, "R").abuse == ""


def test_what_a_cache_keeps_is_dated_bound_to_its_question_and_swept(tmp_path: Path) -> None:
    now = [1000.0]
    cache = Cache(tmp_path / "c", lambda: now[0])
    answer = Names("then", failure="none")
    cache.put("q", answer, failed=False)
    assert cache.get("q", Names) == answer and cache.get("p", Names) is None and cache.get("q", Registration) is None
    [file] = (tmp_path / "c").iterdir()
    file.write_text(file.read_text().replace('"failure":"none"', '"failure":"\\u001b[2J"'))
    assert cache.get("q", Names) == Names("then", failure="\\x1b[2J")  # harmless again, whoever wrote it
    now[0] = 0.0  # a clock set back keeps nothing for longer than a day
    assert cache.get("q", Names) is None
    now[0] = file.stat().st_mtime + 86_401
    cache.sweep()
    assert not list((tmp_path / "c").iterdir())
    Cache(tmp_path / "none", lambda: 0.0).sweep()
