"""Rule files: every line a rule, a variable, a threshold, or refused with the line and the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scantui.explain.rules import filters as f
from scantui.explain.rules import iptables, nft
from scantui.explain.rules.dialect import Dialect, Guess, guess
from scantui.explain.rules.errors import Refusal, RuleError, quoted
from scantui.explain.rules.ids import parse_rule
from scantui.explain.rules.includes import Skipped
from scantui.explain.rules.lines import ACTIONS, Line, logical
from scantui.explain.rules.lint import lint
from scantui.explain.rules.rule import Finding, Rule
from scantui.explain.rules.variables import Variables, conf_line, file_variables
from scantui.explain.rules.words import words
from scantui.safe_text import harmless

# First words of snort.conf and Snort rule files that are no rules.
_DIRECTIVES = words(
    "config preprocessor dynamicpreprocessor dynamicengine dynamicdetection dynamicoutput output "
    "include ruletype attribute_table "
    "ruletypes sidechannel rate_filter processor classification reference gen-msg file portvar var ipvar sf_unified"
)


@dataclass(frozen=True)
class Ruleset:
    """Everything in the files. `includes`: files they name and that were not read."""

    rules: tuple[Rule, ...]
    refusals: tuple[Refusal, ...]
    variables: Variables
    guess: Guess
    includes: tuple[Skipped, ...] = ()

    @property
    def dialect(self) -> Dialect:
        return self.guess.dialect


def read_rules(
    files: Sequence[tuple[str, str]],
    given: Mapping[str, str] | None = None,
    dialect: Dialect | None = None,
    skipped: Sequence[Skipped] = (),
) -> Ruleset:
    """The rules in `files` (name, text). `given` variables go before those in the files; `dialect` before the guess.
    `skipped`: files these name that are not among them."""
    variables = Variables()
    parted: list[tuple[str, list[Line]]] = []
    for name, text in files:
        shown = harmless(name)
        lines = [] if name.lower().endswith((".yaml", ".yml", ".lua")) else list(logical(text))
        variables = variables.with_given(file_variables(name, text, (line.text for line in lines)), shown)
        parted.append((shown, lines))
    variables = variables.with_given(given or {}, "--var")
    known = (
        Guess(dialect, "as told", True)
        if dialect
        else guess([name for name, _ in files], (line.text for _, lines in parted for line in lines))
    )
    if not dialect and any(line.spread for _, lines in parted for line in lines) and not known.obvious:
        known = Guess(Dialect.SNORT3, "rules over several lines without a backslash", True)
    reader = _Reader(variables, known.dialect)
    for name, lines in parted:
        for line in lines:
            reader.take(name, line)
    rules = [replace(rule, findings=lint(rule)) for rule in f.apply(reader.rules, reader.filters)]
    return Ruleset(tuple(_without_twins(rules)), tuple(reader.refusals), variables, known, tuple(skipped))


def _without_twins(rules: list[Rule]) -> list[Rule]:
    """The rules, a second one of the same id marked."""
    seen: dict[tuple[int, int], Rule] = {}
    made = []
    for rule in rules:
        if rule.sid is not None and rule.enabled:
            key = (rule.gid, rule.sid)
            first = seen.setdefault(key, rule)
            if first is not rule:
                text = f"sid {rule.sid} stands in {first.path} line {first.line} too; an engine keeps one of the two"
                rule = replace(rule, findings=(*rule.findings, Finding("warning", "twin sid", text)))
        made.append(rule)
    return made


class _Reader:
    def __init__(self, variables: Variables, dialect: Dialect) -> None:
        self._variables, self._dialect = variables, dialect
        self.rules: list[Rule] = []
        self.refusals: list[Refusal] = []
        self.filters: list[f.Filter] = []

    def take(self, path: str, line: Line) -> None:
        try:
            self._take(path, line)
        except RuleError as error:
            if line.enabled:
                self.refusals.append(Refusal(path, line.number, str(error), harmless(line.text, 120)))

    def _take(self, path: str, line: Line) -> None:
        text = line.text
        first = text.split(None, 1)[0].split("(")[0].lower() if text else ""
        if conf_line(text) is not None:
            return
        if first in ACTIONS:
            self.rules.append(parse_rule(line, path, self._dialect, self._variables))
        elif f.STARTS.match(text):
            self.filters.append(f.parse_filter(text, line.number, self._variables))
        elif first in _DIRECTIVES or first.startswith(("*", ":")) or first in ("commit", "{", "}"):
            return
        elif iptables.STARTS.match(text):
            self.rules.append(iptables.parse_iptables(text, line.number, path, line.enabled))
        elif nft.STARTS.match(text):
            self.rules.append(nft.parse_nft(text, line.number, path, line.enabled))
        elif nft.is_structure(text):
            return
        else:
            raise RuleError(f"{quoted(first)} begins no rule of Snort, Suricata, iptables or nft")
