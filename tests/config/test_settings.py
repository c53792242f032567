"""The configuration: what is right is taken, what is wrong is told by file and key, and what is told of it is true."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.config import ConfigError, Settings, parse
from scantui.config.fields import all_settings
from scantui.config.schema import schema
from scantui.config.template import template, toml
from scantui.ui.actions import ACTIONS

ROOT = Path(__file__).parents[2]
KEYS = [(action.id, action.keys, action.text) for action in ACTIONS]
TEMPLATE = "\n".join(template(KEYS))
UNCOMMENTED = re.sub(r"^#(?! )", "", TEMPLATE, flags=re.MULTILINE)


def wrong(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        parse(text, "c.toml")
    assert all(line.isprintable() for line in error.value.lines)
    return error.value.lines


def test_nothing_said_is_the_default() -> None:
    assert parse("", "c.toml") == parse(TEMPLATE, "c.toml") == Settings()


def test_the_template_without_its_comments_is_the_defaults() -> None:
    made = parse(UNCOMMENTED, "c.toml")
    assert msgspec.structs.replace(made, keys={}) == Settings()
    assert made.keys == {name: keys for name, keys, _ in KEYS}
    told = tomllib.loads(UNCOMMENTED)
    assert {f"{section}.{name}" for section in told if section != "keys" for name in told[section]} == {
        setting.key for setting in all_settings()
    }


def test_every_kind_of_value_is_taken() -> None:
    made = parse(
        """
        monitor.theme = "paper"
        monitor.hold_seconds = 5
        judge = {sensitivity = "high", home = ["192.0.2.0/24"]}
        [rules]
        files = ["a.rules", "b.rules"]
        vars = {HOME_NET = "192.0.2.0/24"}
        [keys]
        view.pause = "p"
        "time.play" = ["space", "f8", ","]
        """,
        "c.toml",
    )
    assert (made.monitor.theme, made.monitor.hold_seconds, made.judge.home) == ("paper", 5.0, ("192.0.2.0/24",))
    assert made.rules.vars == {"HOME_NET": "192.0.2.0/24"}
    assert made.keys == {"view.pause": "p", "time.play": "space,f8,comma"}


@pytest.mark.parametrize(("text", "says"), [
    ('[monitor]\nthem = "x"', "c.toml: monitor.them: unknown key (did you mean 'theme'?)"),
    ('[montor]\ntheme = "x"', "c.toml: montor: unknown section (did you mean 'monitor'?)"),
    ("monitor = 1", "c.toml: monitor: expected a table: write [monitor] on a line of its own"),
    ('[monitor]\nmouse = "yes"', "c.toml: monitor.mouse: expected true or false, found 'yes'"),
    ("[monitor]\nmouse = 1", "c.toml: monitor.mouse: expected true or false, found 1"),
    ("[monitor]\ntheme = true", "c.toml: monitor.theme: expected a text, found true"),
    ("[monitor]\nhold_seconds = 61", "c.toml: monitor.hold_seconds: expected a number from 0 to 60, found 61"),
    ("[monitor]\nhold_seconds = nan", "c.toml: monitor.hold_seconds: expected a number from 0 to 60, found nan"),
    ('[monitor]\nnotify = "osc99"', "c.toml: monitor.notify: expected 'off', 'osc9' or 'osc777', found 'osc99' (did you mean 'osc9'?)"),
    ("[heat]\nbucket = 1.5", "c.toml: heat.bucket: expected a whole number from 0 to 86400, found 1.5"),
    ('[judge]\nhome = "192.0.2.0/24"', "c.toml: judge.home: expected a list of texts, found '192.0.2.0/24'"),
    ("[judge]\nhome = [1]", "c.toml: judge.home: expected a list of texts, found [1]"),
    ("[rules]\nvars = {A = 1}", "c.toml: rules.vars: expected a table of texts, found {'A': 1}"),
    ("[keys]\nview.pause = 1", "c.toml: keys.view.pause: expected keys such as \"p,f8\", found 1"),
    ("keys = 1", "c.toml: keys: expected a table: write [keys] on a line of its own"),
    ("a = ", "c.toml: not TOML: Invalid value (at end of document)"),
    ('"\\u001b]0;x\\u0007" = 1', "c.toml: \\x1b]0;x\\x07: unknown section; scantui config --template lists what there is"),
])  # fmt: skip
def test_what_is_wrong_is_told_by_file_and_key(text: str, says: str) -> None:
    assert wrong(text) == (says,)


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert len(wrong("[monitor]\nmouse = 1\ntheme = 2\n[nonesuch]\n[judge]\nhome = 3")) == 4


VALUES = st.recursive(st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["monitor", "judge", "rules", "keys", "x"]), st.dictionaries(st.text(), VALUES) | VALUES
    )
)
def test_any_file_is_taken_or_refused_in_lines(data: dict[str, object]) -> None:
    text = "\n".join(f"{toml(key)} = {toml(value)}" for key, value in data.items())
    try:
        parse(text, "c.toml")
    except ConfigError as error:
        assert error.lines and all(line.startswith("c.toml: ") and line.isprintable() for line in error.lines)


@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused(text: str) -> None:
    try:
        parse(text, "c.toml")
    except ConfigError as error:
        assert all(line.isprintable() for line in error.lines)


def test_the_schema_in_docs_is_the_settings() -> None:
    told = json.loads((ROOT / "docs" / "config.schema.json").read_text())
    assert told == json.loads(msgspec.json.encode(schema(KEYS))), "scantui config --schema > docs/config.schema.json"


def test_the_schema_takes_and_refuses_what_the_parser_does() -> None:
    made = schema(KEYS)
    validator = jsonschema.Draft202012Validator(json.loads(msgspec.json.encode(made)))
    validator.validate(tomllib.loads(UNCOMMENTED))
    for text in (
        "[monitor]\nthem = 1",
        "[monitor]\nmouse = 1",
        "[heat]\nbucket = -1",
        "[x]",
        "[keys]\nview.nonesuch = 'p'",
    ):
        assert not validator.is_valid(tomllib.loads(text)), text
