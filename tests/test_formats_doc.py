"""docs/formats.md and docs/adding-a-format.md: what is made from the code is current, and what one is told to do works."""

from __future__ import annotations

import re

from benchmarks.document import FORMATS_DOCUMENT, formats_table
from scantui.formats.proof import own_format
from scantui.formats.registry import Formats, extended
from scantui.session.inputs import doubt
from tests.session.test_inputs import status

ADDING = FORMATS_DOCUMENT.parent / "adding-a-format.md"


def test_the_table_of_formats_is_current() -> None:
    assert formats_table() in FORMATS_DOCUMENT.read_text(), "run: python benchmarks/document.py formats"


def test_the_format_that_is_added_works_as_told() -> None:
    blocks = re.findall(r"```(\w*)\n(.*?)```", ADDING.read_text(), re.DOTALL)
    log, (first, noise, samples) = blocks[0][1].encode(), [text for kind, text in blocks if kind == "toml"]
    part = status(log)
    assert f"`scantui report gw.log` says so: `{doubt([part], 4, part.unread).partition(';')[0]}`" in ADDING.read_text()
    whole = first.replace("[names]", f"{noise}\n[names]", 1) + "\n" + samples
    for text, unread in ((first, 1), (whole, 0)):
        part = status(log, Formats(extended([own_format(text, "acme.toml")])))
        assert (part.format, part.lines, part.events, part.unread) == ("acme", 4, 3, unread)


def test_the_file_that_is_shown_is_right() -> None:
    example = re.search(r"## A file\n\n```toml\n(.*?)```", FORMATS_DOCUMENT.read_text(), re.DOTALL)
    assert example is not None
    form = own_format(example[1], "example.toml")
    assert [sample.expect["action"] for sample in form.samples] == ["drop"]
