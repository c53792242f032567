"""What is copied is whole lines, and never more than terminals take."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scantui.ui.clipboard import cut


@given(st.lists(st.text(max_size=20), max_size=12), st.integers(1, 80))
def test_whole_lines_within_the_size(lines: list[str], most: int) -> None:
    text, taken = cut(lines, most)
    assert len(text.encode("utf-8", "replace")) <= most
    if taken:
        assert text == "\n".join(lines[:taken])
        if taken < len(lines):
            assert len("\n".join(lines[: taken + 1]).encode("utf-8", "replace")) > most
    elif lines:
        assert lines[0].encode("utf-8", "replace").startswith(text.encode("utf-8", "replace"))
