"""What is said of an input: shares, how it was recognised, and doubts that a wrong guess cannot escape."""

from __future__ import annotations

import pytest

from scantui.formats import FORMATS
from scantui.formats.proof import own_format
from scantui.formats.reader import Reader, ReadStatus
from scantui.formats.registry import Formats, extended
from scantui.session.inputs import doubt, recognised, shares
from scantui.tables import Tables
from tests.feeding import read

BY_NAME = {form.name: form for form in FORMATS}
NETFILTER = BY_NAME["netfilter"].samples[0].line + b"\n"
CISCO = BY_NAME["cisco"].samples[0].line + b"\n"
OTHERS = b"Jan 25 03:14:01 fw1 sshd[12]: Accepted publickey for root\n"
TWIN = """
name = "{name}"
title = "test"
holds = ["EXAMPLE"]
body = "EXAMPLE: "
names = {{ from = "source:/", to = "target:/" }}
[[phrase]]
text = "{{action}} {{from}} to {{to}}"
[[sample]]
line = "Nov 10 06:33:03 fw1 EXAMPLE: deny 203.0.113.7/53 to 192.0.2.1/21"
event = {{ src = "203.0.113.7", dport = 21 }}
"""


def status(data: bytes, formats: Formats | None = None) -> ReadStatus:
    reader = Reader(Tables(), formats=formats)
    read(data, reader=reader)
    return reader.status(1)


def doubted(data: bytes, formats: Formats | None = None) -> str:
    part = status(data, formats)
    return doubt([part], part.lines, part.unread)


def test_every_format_that_read_lines_has_its_share() -> None:
    part = status(CISCO * 60 + NETFILTER * 40 + OTHERS * 10)
    found = shares([part, part])
    assert [(one.name, one.lines) for one in found] == [("cisco", 120), ("netfilter", 80)]
    assert "TTL" in found[0].cannot_tell and found[1].cannot_tell == ("answered",)
    assert recognised([part]) == "claims 60 of the first 110 lines"


def test_a_syslog_with_everything_in_it_is_no_doubt() -> None:
    assert doubted(NETFILTER * 5 + OTHERS * 500) == ""


def test_no_line_read_is_told() -> None:
    assert doubted(OTHERS * 30) == "no line of 30 is in a format scantui reads; see: scantui formats"


def test_lines_of_general_formats_among_many_unread_are_told() -> None:
    line = BY_NAME["logfmt"].samples[0].line + b"\n"
    assert "are in no format scantui reads, the others in general ones only (logfmt)" in doubted(
        line * 10 + OTHERS * 50
    )


def test_lines_that_look_right_and_cannot_be_read_are_told() -> None:
    cut = NETFILTER.replace(b" DST=192.0.2.10", b" DST=192.0.2.x")
    assert doubted(NETFILTER * 60 + cut * 40) == "40 of 100 lines look like netfilter and cannot be read as it"
    assert doubted(NETFILTER * 1000 + cut * 3) == ""


def test_a_format_that_is_given_is_the_only_one() -> None:
    forced = Formats(forced=(("*", BY_NAME["cisco"]),))
    part = status(CISCO * 30 + NETFILTER * 10, forced)
    assert (part.events, part.unread, part.forced) == (30, 10, True)
    assert recognised([part]) == "as given"
    assert doubt([part], 40, 10) == ""
    assert doubted(NETFILTER * 30 + CISCO, forced) == "30 of 31 lines are not in the format given, cisco"
    assert doubted(NETFILTER * 30, forced) == "no line of 30 is in the format given, cisco"


def test_a_glob_gives_a_format_to_some_inputs() -> None:
    chosen = Formats(forced=(("*.csv", BY_NAME["nfdump"]), ("/var/log/*", BY_NAME["cisco"])))
    assert chosen.only("/data/flows.csv") is BY_NAME["nfdump"]
    assert chosen.only("/var/log/asa.log") is BY_NAME["cisco"]
    assert chosen.only("/var/log/x.csv") is BY_NAME["cisco"], "the last one that was said"
    assert chosen.only("/srv/kern.log") is None


def test_two_formats_that_read_the_same_lines_are_told() -> None:
    one, other = (own_format(TWIN.format(name=name), name) for name in ("first", "second"))
    line = one.samples[0].line + b"\n"
    known = extended([one, other])
    assert doubted(line * 50, Formats(known)) == "", "one's own format goes first knowingly"
    for form in (one, other):
        object.__setattr__(form, "own", False)
    assert doubted(line * 50, Formats(known)) == (
        "read as first, but second would read these lines too; --log-format decides"
    )


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_no_format_is_in_doubt_about_its_own_lines(form: object) -> None:
    samples = BY_NAME[form.name].samples  # type: ignore[attr-defined]
    heads = [sample.header + b"\n" if sample.header else b"" for sample in samples]
    data = b"".join(head + 10 * (sample.line + b"\n") for head, sample in zip(heads, samples, strict=True))
    assert doubted(data) == ""
