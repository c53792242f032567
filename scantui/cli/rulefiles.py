"""Rules named on the command line: `--rules`, `--var` and `--dialect`, and the files with what they include."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scantui.cli.completion import files
from scantui.cli.errors import Unreadable, reason
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.explain.rules.includes import Skipped
    from scantui.explain.rules.ruleset import Ruleset

Function = TypeVar("Function", bound=Callable[..., Any])

_MOST_BYTES = 64 << 20  # of one rule file
_MOST_FILES = 2_000
_MOST_DEPTH = 16  # files within files
_DIALECTS = ("snort2", "snort3", "suricata")


class Variable(click.ParamType[tuple[str, str]]):
    """`NAME=VALUE`."""

    name = "variable"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        from scantui.explain.rules.errors import RuleError
        from scantui.explain.rules.variables import assignment

        try:
            return assignment(value)
        except RuleError as error:
            self.fail(str(error), param, ctx)


variables = click.option(
    "--var", "variables", type=Variable(), multiple=True, metavar="NAME=VALUE", help="As HOME_NET=...; repeatable."
)
dialect = click.option("--dialect", type=click.Choice(_DIALECTS), help="Language of the rules.  [guessed, and said]")


def rules(command: Function) -> Function:
    """`--rules` with what goes with it; the command takes the Ruleset, None without a file, as `rules`."""

    @wraps(command)
    def run(
        rules: tuple[str, ...], variables: tuple[tuple[str, str], ...], dialect: str | None, **how: Any
    ) -> int | None:
        if not rules and (variables or dialect):
            raise click.UsageError(f"{'--var' if variables else '--dialect'} is about rules: name a file with --rules")
        given = read_files(rules, dict(variables), dialect) if rules else None
        done: int | None = command(rules=given, **how)
        return done

    option = click.option(
        "--rules", metavar="FILE", shell_complete=files, multiple=True, help="Rules to try on what scans; repeatable."
    )
    made: Any = option(variables(dialect(run)))
    return made


def read_files(names: Iterable[str], given: Mapping[str, str], told: str | None) -> Ruleset:
    """The rules in these files and in those they include. Ends the command when one cannot be read or none holds a rule."""
    from scantui.explain.rules.dialect import Dialect
    from scantui.explain.rules.ruleset import read_rules

    files = _Files(given)
    named = tuple(names)
    for name in named:
        files.take(name)
    rules = read_rules(files.texts, given, Dialect(told) if told else None, files.skipped)
    if not rules.rules and not rules.refusals:
        raise Unreadable(f"{', '.join(map(harmless, named))}: no rule of Snort, Suricata, iptables or nft in it")
    return rules


class _Files:
    """Texts as they are read. An included file is read when it lies in the folder of the file named on the command line, or
    below it."""

    def __init__(self, given: Mapping[str, str]) -> None:
        from scantui.explain.rules.variables import Variables

        self._given = given
        self._variables = Variables()
        self._read: set[Path] = set()
        self.texts: list[tuple[str, str]] = []
        self.skipped: list[Skipped] = []

    def take(self, name: str) -> None:
        """A file named on the command line. Raises Unreadable."""
        real = Path(name).resolve()
        if real not in self._read:
            self._add(name, real, _text(name), real.parent, ())

    def _add(self, name: str, real: Path, text: str, root: Path, within: tuple[Path, ...]) -> None:
        from scantui.explain.rules.includes import named_files, skipped
        from scantui.explain.rules.lines import lines_of
        from scantui.explain.rules.variables import file_variables

        self._read.add(real)
        self.texts.append((name, text))
        self._variables = self._variables.with_given(file_variables(name, text, lines_of(text)), name)
        for one in list(named_files(name, text, self._variables.with_given(self._given, "--var"))):
            found = self._find(Path(name).parent / one.file, root, (*within, real))
            if isinstance(found, Path):
                try:
                    self._add(str(Path(name).parent / one.file), found, _text(str(found)), root, (*within, real))
                except Unreadable as error:
                    found = error.message.rpartition(": ")[2]
            if isinstance(found, str) and found:
                self.skipped.append(skipped(name, one, found))

    def _find(self, path: Path, root: Path, within: tuple[Path, ...]) -> Path | str:
        """An included file, or why it is not read; empty when it has been."""
        if "$" in str(path):
            return "a variable in its name has no value"
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return "no such file"
        if real in within:
            return "it includes itself"
        if not real.is_relative_to(root):
            return f"it lies outside {harmless(str(root))}; name it on the command line to have it read"
        if len(within) >= _MOST_DEPTH or len(self._read) >= _MOST_FILES:
            return f"more than {_MOST_DEPTH} files deep, or {_MOST_FILES:,} in all"
        return "" if real in self._read else real


def _text(name: str) -> str:
    path = Path(name)
    try:
        if not path.is_file():
            raise Unreadable(
                f"{name}: {'no such file' if not path.exists() else 'not a regular file'}; give a file of rules"
            )
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{name}: {reason(error) if isinstance(error, OSError) else error}") from None
    if len(data) > _MOST_BYTES:
        raise Unreadable(f"{name}: larger than {_MOST_BYTES >> 20} MiB; that is no file of rules")
    if b"\0" in data[:4096]:
        raise Unreadable(f"{name}: binary; give a text file of rules")
    return data.decode("utf-8-sig", "surrogateescape")
