"""Title, bell and notification: of new scans only, seldom, and harmless."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scantui.looks import Look
from scantui.snapshot import Snapshot
from scantui.ui.manners import Manners
from scantui.ui.news import QUIET_SECONDS, News, notification, title_of
from tests.ui.build import snapshot
from tests.ui.pilot import analyst


def scanning(base: Snapshot, rows: int) -> Snapshot:
    """The picture with the first `rows` sources scanning and no others."""
    verdict = np.zeros(len(base.sources), np.uint8)
    verdict[:rows] = 3
    return replace(base, sources=replace(base.sources, verdict=verdict))


BASE = snapshot()


def test_what_was_there_is_no_news_and_what_comes_is_told_once() -> None:
    news = News(Manners(bell=True))
    assert news.of(replace(scanning(BASE, 1), status=replace(BASE.status, backlog=True)), 0.0) == ("", None)
    assert news.of(scanning(BASE, 2), 1.0) == ("", None)
    assert news.of(scanning(BASE, 3), 2.0) == ("\x07", None)
    assert news.of(scanning(BASE, 3), 60.0) == ("", None)


def test_alerts_keep_their_distance_and_none_is_lost() -> None:
    news = News(Manners(notify="osc9"))
    news.of(scanning(BASE, 0), 0.0)
    assert "1 new source scans" in news.of(scanning(BASE, 1), 5.0)[0]
    assert news.of(scanning(BASE, 3), 7.0) == ("", QUIET_SECONDS - 2)
    assert "2 new sources scan" in news.of(scanning(BASE, 3), 5.0 + QUIET_SECONDS)[0]


def test_many_are_named_by_their_number() -> None:
    news = News(Manners(notify="osc777"))
    news.of(scanning(BASE, 0), 0.0)
    told = news.of(scanning(BASE, 9), 1.0)[0]
    assert told.startswith("\x1b]777;notify;scantui;9 new sources scan: ") and told.endswith(", 6 more\x07")


def test_the_past_is_no_news() -> None:
    news = News(Manners(title=True, bell=True))
    news.of(scanning(BASE, 0), 0.0)
    assert news.of(replace(scanning(BASE, 4), look=Look(at=1)), 1.0) == ("", None)


def test_the_title_counts_and_is_sent_when_it_changes() -> None:
    news = News(Manners(title=True))
    assert news.of(scanning(BASE, 1), 0.0)[0] == f"\x1b]2;{title_of(1, 0)}\x07"
    assert news.of(scanning(BASE, 1), 1.0)[0] == ""
    news.forget_title()
    assert news.of(scanning(BASE, 1), 2.0)[0] == f"\x1b]2;{title_of(1, 0)}\x07"
    assert title_of(2, 1) == "scantui: 2 scans, 1 suspect"


@pytest.mark.parametrize("kind", ["osc9", "osc777"])
def test_a_notification_holds_one_sequence(kind: str) -> None:
    made = notification(kind, "a\x07b\x1b]0;x;y")
    assert made.count("\x1b") == 1 and made.count("\x07") == 1 and made.endswith("\x07")
    assert kind == "osc9" or made.count(";") == 3


async def test_the_monitor_sends_them_and_says_nothing_unasked() -> None:
    for wishes, expected in (({"bell": True}, "\x07"), ({}, "")):
        async with analyst(**wishes) as a:
            sent: list[str] = []
            a.app._driver.write = sent.append
            await a.see(scanning(a.session.now, 2))
            await a.see(scanning(a.session.now, 7))
            assert "".join(part for part in sent if part == "\x07") == expected
