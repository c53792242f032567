"""docs/detection.md: what is made from the code is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.document import DOCUMENT, WEIGHTS, put, weights_table
from scantui.detect import weights


def test_the_weights_table_is_current() -> None:
    table = weights_table(WEIGHTS.read_text())
    assert table in DOCUMENT.read_text(), "run: python benchmarks/document.py"


def test_the_weights_table_has_every_weight_with_a_reason() -> None:
    rows = [row.split(" | ") for row in weights_table(Path(weights.__file__).read_text()).splitlines()[2:]]
    named = [name for row in rows for name in row[0].strip("| ").split(", ")]
    assert sorted(named) == sorted(name for name in vars(weights) if name.isupper())
    assert rows[0][2] != "as above |"


def test_a_block_is_replaced_between_its_markers() -> None:
    text = "a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb\n"
    made = put(text, "x", "new \\1")
    assert made == "a\n<!-- begin: x -->\n\nnew \\1\n\n<!-- end: x -->\nb\n"
    assert put(made, "x", "new \\1") == made
    with pytest.raises(ValueError, match="no block y"):
        put(text, "y", "new")
