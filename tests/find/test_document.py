"""docs/find.md is true: every example is a filter, and the table is the fields there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scantui.find import Facts, Filter
from scantui.find.fields import FIELDS
from scantui.find.saved import parse
from tests.find.pictures import rich

TEXT = (Path(__file__).parents[2] / "docs" / "find.md").read_text("utf-8")
EXAMPLES = [line for block in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_filter(text: str) -> None:
    assert len(Filter(text).mask(rich(), Facts())) == len(rich().sources)


def test_saved_filters_are_written_so() -> None:
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None and parse(example[1])[0].name == "night scans"


def test_the_table_is_the_fields_there_are() -> None:
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|$", TEXT, re.MULTILINE)
    wanted = []
    for field in FIELDS:
        also = f" ({', '.join(f'`{name}`' for name in field.also)})" if field.also else ""
        choices = (
            "" if not field.choices else ("; " if field.form.name == "NUMBER" else ": ") + ", ".join(field.choices)
        )
        wanted.append((f"`{field.name}`{also}", field.about + choices))
    assert rows == wanted
