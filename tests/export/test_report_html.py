"""The incident report as a page: valid, self-contained, and nothing of a stranger's becomes a part of it."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings

from scantui.export import report_html
from scantui.export.handover import Handover
from scantui.export.html_text import html_text
from scantui.safe_text import harmless
from tests.export.handing import MIXED, SYNFIN, demo, handing, noted, syn_lines, wishing
from tests.export.hostile import texts
from tests.export.poisoned import poisoned

_HTML = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {
    *(_HTML + name for name in (
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "nav", "ol", "ul", "li", "a", "main",
        "section", "div", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "figure", "figcaption",
        "pre", "code", "strong", "footer",
    )),
    *(_SVG + name for name in ("svg", "title", "desc", "rect", "path", "text")),
}  # fmt: skip
_ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "id", "class", "href", "aria-label", "aria-labelledby", "role", "tabindex",
    "scope", "viewBox", "x", "y", "width", "height", "d", "text-anchor",
}  # fmt: skip


def _page(handover: Handover) -> str:
    return "".join(report_html.render(handover))


def _tree(page: str) -> ElementTree.Element:
    return html5lib.HTMLParser(strict=True).parse(page)


def _safe(root: ElementTree.Element) -> None:
    """Only our own elements and attributes; links lead to places in the page."""
    ids = {element.get("id") for element in root.iter()}
    for element in root.iter():
        assert element.tag in _ELEMENTS, element.tag
        assert set(element.attrib) <= _ATTRIBUTES, element.attrib
        if "href" in element.attrib:
            assert element.attrib["href"].startswith("#")
            assert element.attrib["href"][1:] in ids


@pytest.mark.parametrize("name", [SYNFIN, MIXED, "distributed.kv.log", "ssh-sweep.iptables.log"])
def test_it_is_valid_and_fetches_nothing(name: str) -> None:
    page = _page(demo(name))
    root = _tree(page)
    _safe(root)
    assert re.search(r"url\(|@import|https?://", page) is None
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    named = {element.get("aria-labelledby") for element in root.iter() if element.get("aria-labelledby")}
    assert {part for names in named for part in names.split()} <= set(ids)


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    root = _tree(_page(demo(SYNFIN)))
    head = root.find(_HTML + "head")
    assert head is not None
    first, second = list(head)[:2]
    assert first.get("charset") == "utf-8"
    assert second.get("http-equiv") == "Content-Security-Policy"
    style = head.find(_HTML + "style")
    assert style is not None
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    assert (
        second.get("content") == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_it_tells_what_was_found() -> None:
    text = "".join(_tree(_page(wishing(demo(SYNFIN), reporter="A. Analyst"))).itertext())
    for said in (
        "Port scan report: 203.0.113.7",
        "A. Analyst",
        "SYN-FIN",
        "crafted flags",
        "nothing shows who sent the packets",
        "203.0.113.7:53 -> 192.0.2.10",
        "scantui export --as report-html --source 203.0.113.7 -- ",
        "none let through as far as the log tells",
    ):
        assert said in text


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts)
def test_no_text_becomes_markup(text: str) -> None:
    root = _tree(_page(poisoned(demo(SYNFIN), text)))
    _safe(root)
    assert f"The analyst's note: {harmless(text)}" in {element.text for element in root.iter(_HTML + "p")} or not text


@given(texts)
def test_an_escaped_text_reads_as_itself(text: str) -> None:
    page = f'<!DOCTYPE html><title>x</title><p class="{html_text(text)}">{html_text(text)}</p>'
    paragraph = next(_tree(page).iter(_HTML + "p"))
    assert paragraph.attrib == {"class": harmless(text)}
    assert (paragraph.text or "") == harmless(text)


def test_a_large_scan_makes_a_small_page(tmp_path: Path) -> None:
    log = tmp_path / "kern.log"
    log.write_text(syn_lines(["203.0.113.9"], list(range(1, 10_001))))
    handover = handing([log])
    assert handover.events is not None
    assert len(handover.events) == 10_000
    page = _page(handover)
    _tree(page)
    assert len(page.encode()) < 2_000_000


def test_a_note_and_a_verdict_are_the_analysts(tmp_path: Path) -> None:
    text = "".join(_tree(_page(noted(demo(SYNFIN), "call the owner", "watch"))).itertext())
    assert "The analyst's note: call the owner" in text
    assert "The analyst's verdict: watch." in text


def test_log_lines_are_quoted_as_they_are() -> None:
    handover = demo(SYNFIN)
    (dossier,) = handover.dossiers.values()
    blocks = ["".join(element.itertext()) for element in _tree(_page(handover)).iter(_HTML + "pre")]
    shown = [*dossier.raw[:10], *dossier.raw[-10:]]
    assert "".join(f"{line.offset}: {line.text}\n" for line in shown) in blocks


def test_nobody_chosen_is_said() -> None:
    handover = demo(SYNFIN)
    with pytest.raises(ValueError, match="no source to report on"):
        _page(Handover(handover.snapshot, {}))
