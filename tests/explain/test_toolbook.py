"""The tools' files: all are read, all cite a source, and a bad one is refused with the key at fault."""

from __future__ import annotations

import pytest

from scantui.events import FIN, SYN
from scantui.explain.observation import TITLE, Observation
from scantui.explain.toolbook import FOLDER, parse, tools, yardstick

GOOD = """
name = "x"
mode = "y"
prior = 0.1
proto = ["tcp"]
flags = ["SYN"]
sources = ["here"]
[fields.window]
says = "9"
"9" = 0.9
constant = 0.05
other = 0.01
"""


def test_every_file_is_a_tool_with_sources() -> None:
    assert len(tools()) == len(list(FOLDER.glob("*.toml"))) > 20
    assert all(tool.sources and tool.mode for tool in tools())
    assert {"nmap", "hping3", "masscan", "zmap", "mirai-like", "unicornscan", "synscan"} <= {
        tool.name for tool in tools()
    }


@pytest.mark.parametrize("tool", tools(), ids=lambda tool: f"{tool.name} {tool.mode}")
def test_every_field_is_on_the_yardstick_and_every_named_tool_says_what_it_does(tool) -> None:  # type: ignore[no-untyped-def]
    assert set(tool.fields) <= set(TITLE)
    assert set(tool.fields) <= set(yardstick().fields)
    if not tool.generic:
        assert [name for name, field in tool.fields.items() if not field.says and name not in ("osprobes",)] == []


def test_the_yardstick_knows_every_class_any_tool_speaks_of() -> None:
    wide = {"constant", "varies", "few", "other"}
    missing = {
        (tool.name, name, value)
        for tool in tools()
        for name, field in tool.fields.items()
        for value in set(field.chance) - set(yardstick().fields[name].chance) - wide
    }
    assert {entry for entry in missing if entry[2] not in ("10101",)} == set()


def test_a_value_is_weighed_against_the_same_value_and_a_class_against_the_class() -> None:
    custom = yardstick().fields["window"]
    good = parse(GOOD).fields["window"]
    rare = Observation("window", "55808", "", "constant")
    assert good.odds(rare, custom) < 0  # a tool that seldom sets another window does not explain that very one
    assert good.of(Observation("window", "9", "", "constant")) == 0.9
    assert good.of(Observation("window", "varies", "", "varies")) == 0.01


def test_what_a_tool_can_send() -> None:
    tool = parse(GOOD)
    assert tool.can_send("tcp", SYN, ipv6=False) and tool.can_send("tcp", None, ipv6=True)
    assert not tool.can_send("tcp", SYN | FIN, ipv6=False) and not tool.can_send("udp", None, ipv6=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("prior = 0.1", ""), "'prior' is missing"),
        (('name = "x"', 'nme = "x"'), "unknown key 'nme'"),
        (("[fields.window]", "[fields.windw]"), "no field is called 'windw'"),
        (('"9" = 0.9', '"9" = 1.9'), "above 0 and at most 1"),
        (('"9" = 0.9', '"9" = "often"'), "above 0 and at most 1"),
        (('["SYN"]', '["SYNN"]'), "'SYNN' names no flags"),
        (('name = "x"', "name = "), "f.toml: "),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=r"f\.toml") as error:
        parse(GOOD.replace(*change), "f.toml")
    assert said in str(error.value)
