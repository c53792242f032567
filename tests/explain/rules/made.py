"""Helpers: one rule from its text, and packets to try it on."""

from __future__ import annotations

from typing import Any

from scantui.explain.rules.answer import Answer, answer
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.ruleset import Ruleset, read_rules
from scantui.tables import Tables
from tests.feeding import packets


def rules(text: str, dialect: Dialect | None = None, **variables: str) -> Ruleset:
    return read_rules([("local.rules", text)], variables, dialect)


def rule(text: str, dialect: Dialect | None = None, **variables: str) -> Rule:
    found = rules(text, dialect, **variables)
    assert not found.refusals, found.refusals
    assert len(found.rules) == 1
    return found.rules[0]


def bench(**columns: Any) -> Bench:
    """Packets of TCP from 203.0.113.7 to 192.0.2.10 unless told otherwise; no column is known that is not given."""
    rows = max((len(value) for value in columns.values() if isinstance(value, (list, range))), default=1)
    columns.setdefault("t", [1000] * rows)
    columns.setdefault("src", "203.0.113.7")
    columns.setdefault("dst", "192.0.2.10")
    return Bench(packets(Tables(), columns))


def tried(text: str, on: Bench, dialect: Dialect | None = None, **variables: str) -> Answer:
    return answer(rule(text, dialect, **variables), on)


def three(text: str, on: Bench, dialect: Dialect | None = None, **variables: str) -> str:
    """A rule's answer for each packet: y, n or ?."""
    found = on.verdict(rule(text, dialect, **variables))
    return "".join(
        "y" if yes else "?" if unknown else "n" for yes, unknown in zip(found.yes, found.unknown, strict=True)
    )


def options(text: str, on: Bench, dialect: Dialect | None = None, proto: str = "tcp") -> str:
    return three(f"alert {proto} any any -> any any ({text} sid:1;)", on, dialect)
