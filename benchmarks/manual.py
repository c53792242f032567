"""The manual page docs/scantui.1, from the commands and the list of keys: python -m benchmarks.manual > docs/scantui.1"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

import click

import scantui
from scantui import cli
from scantui.cli.group import COMMANDS, root
from scantui.ui.actions import help_lines

_FILES = (
    (
        "~/.config/scantui/config.toml",
        "Settings; scantui config --template prints them all. Seen while the monitor runs.",
    ),
    ("~/.config/scantui/themes/*.toml", "Colour themes of your own."),
    ("~/.config/scantui/catalogue.toml", "Patterns of tools of your own."),
    ("~/.local/state/scantui/", "Marks, allow-list, saved filters, and how the screen was left."),
    ("~/.cache/scantui/", "Answers to look-ups."),
)
_VARIABLES = (
    ("SCANTUI_CONFIG", "The file of settings, unless --config names one."),
    ("NO_COLOR", "No colours in the monitor."),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME", "Where the folders above are."),
    ("SCANTUI_DEBUG", "Show where a defect is."),
)
EXAMPLES = (
    ("scantui /var/log/kern.log", "Follow a log in the monitor."),
    ("scantui report --format json /var/log/kern.log*", "The scans in a rotated set of logs, as JSON."),
    ("scantui explain --source 203.0.113.7 /var/log/kern.log", "One source in full."),
    ("journalctl -kf | scantui -", "A log that comes on standard input."),
)


def escaped(text: str) -> str:
    """Text on one line as roff shows it as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    text = text.replace("^", "\\(ha").replace("~", "\\(ti")
    text = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in text)
    return f"\\&{text}" if text.startswith(".") else text


def filled(text: str) -> Iterator[str]:
    """Text that roff fills, in lines of no great length."""
    return map(escaped, textwrap.wrap(" ".join(text.split()), 72, break_long_words=False, break_on_hyphens=False))


def tagged(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for tag, text in rows:
        yield from (".TP", f"\\fB{escaped(tag)}\\fR", *filled(text))


def paragraphs(text: str) -> Iterator[str]:
    """Paragraphs below a title."""
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip())):
        yield from (*([".PP"] if number else []), *filled(part))


def command(made: click.Command, context: click.Context) -> Iterator[str]:
    """One command with its options, and then the commands below it."""
    usage = " ".join([context.command_path, *made.collect_usage_pieces(context)])
    yield f'.SS "{escaped(usage)}"'
    yield from paragraphs(made.help or "")
    options = (param for param in made.get_params(context) if isinstance(param, click.Option))
    records = (option.get_help_record(context) for option in options)
    yield from tagged(record for record in records if record is not None and record[0] != "-h, --help")
    for name in made.commands if isinstance(made, click.Group) else ():
        below = made.commands[name]
        yield from command(below, click.Context(below, context, name))


def page() -> Iterator[str]:
    """The lines of the page."""
    top = click.Context(root, info_name="scantui", **root.context_settings)
    yield f'.TH SCANTUI 1 "" "scantui {scantui.__version__}" "User Commands"'
    about, *more = re.split(r"\n\s*\n", (root.help or "").strip())
    yield from (".SH NAME", f"scantui \\- {escaped(about[0].lower() + about[1:].rstrip('.'))}", ".SH SYNOPSIS", ".nf")
    yield from ("\\fBscantui\\fR [\\fIoptions\\fR] \\fIPATH\\fR...", "\\fBscantui\\fR \\fICOMMAND\\fR ...", ".fi")
    yield ".SH DESCRIPTION"
    yield from paragraphs("\n\n".join(more))
    yield ".SH COMMANDS"
    for name in COMMANDS:
        made = root.get_command(top, name)
        assert made is not None
        yield from command(made, click.Context(made, top, name))
    yield ".SH KEYS"
    yield from paragraphs(
        "Of the monitor, by place; ? shows those in force. Other keys: [keys] in the file of settings."
    )
    for place, rows in help_lines():
        yield f".SS {escaped(place[0].upper() + place[1:])}"
        yield from tagged(rows)
    for title, entries in (("FILES", _FILES), ("ENVIRONMENT", _VARIABLES)):
        yield f".SH {title}"
        yield from tagged(entries)
    yield ".SH EXIT STATUS"
    told = (cli.__doc__ or "").split("\n\n")[1].rstrip().removesuffix(".").replace("`", "")
    yield from tagged((part.split()[0], " ".join(part.split()[1:])) for part in told.split("·"))
    yield ".SH EXAMPLES"
    yield from tagged(EXAMPLES)
    yield ".SH SEE ALSO"
    yield from (".BR nmap (1),", ".BR journalctl (1),", ".BR iptables (8),", ".BR nft (8)")


if __name__ == "__main__":
    print("\n".join(page()))
