"""The incident report in Markdown: it parses as what was meant, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scantui.export import report_md
from scantui.export.markdown_text import fenced, markdown_text
from scantui.safe_text import harmless
from tests.export.handing import MIXED, SYNFIN, demo
from tests.export.hostile import texts
from tests.export.poisoned import poisoned

_MARKUP = st.lists(
    st.sampled_from(("#", "*", "_", "`", "``", "```", "~~~", ">", "-", "+", "=", "1.", "2)", "[a](b)", "![a](b)", "<b>", "&amp;", "|",
                     "\\", "---", "    ", "http://example.com", "www.example.com", "<http://a.b>", ":--", " ", "x", "<!--", "$x$")),
    max_size=8,
).map("".join)  # fmt: skip


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _plain(inline: Token) -> str:
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}, inline.children
    return "".join(child.content for child in inline.children or ())


@given(texts | _MARKUP)
def test_a_text_reads_as_itself_wherever_it_stands(text: str) -> None:
    safe, said = markdown_text(text), harmless(text).strip()
    for before in ("", "- ", "> ", "> - ", "## "):
        tokens = _parser().parse(before + safe + "\n")
        inline = [token for token in tokens if token.type == "inline"]
        assert [_plain(token) for token in inline] == ([said] if said or before == "## " else [])
        assert not {token.type for token in tokens} & {"html_block", "code_block", "fence", "hr", "table_open"}
    tokens = _parser().parse(f"| a | b |\n| --- | --- |\n| {safe} | x |\n")
    assert [_plain(token) for token in tokens if token.type == "inline"][2:] == [said, "x"]


@given(st.lists(texts | _MARKUP, max_size=4))
def test_a_block_of_lines_holds_them_all(lines: list[str]) -> None:
    tokens = _parser().parse("\n".join([*fenced(lines), "after"]) + "\n")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content == "".join(harmless(line) + "\n" for line in lines)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts)
def test_no_text_becomes_markup(text: str) -> None:
    kinds = set()
    for token in _parser().parse("".join(report_md.render(poisoned(demo(SYNFIN), text)))):
        kinds |= {token.type} | {child.type for child in token.children or ()}
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "code_block",
        "code_inline",
        "em_open",
        "s_open",
    }


@pytest.mark.parametrize("name", [SYNFIN, MIXED])
def test_its_tables_and_headings_are_read_as_such(name: str) -> None:
    handover = demo(name)
    tokens = _parser().parse("".join(report_md.render(handover)))
    titles = [
        tokens[place + 1].content
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]
    assert titles[:2] == ["Summary", "Sources"]
    assert titles[-2:] == ["What these logs cannot show", "How this was made"]
    sources = [handover.snapshot.address(code) for code in handover.marks]
    assert [title for title in titles if title in sources] == sources
    assert sum(token.type == "table_open" for token in tokens) > 5
