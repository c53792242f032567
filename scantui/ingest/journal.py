"""systemd's journal as an input: `journal:` and what journalctl is asked for, as in `journal:-k` or `journal:-u ufw`."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable

SCHEME = "journal:"
_FIELDS = (
    "MESSAGE,_HOSTNAME,SYSLOG_IDENTIFIER,_COMM,_PID,_TRANSPORT,_SOURCE_REALTIME_TIMESTAMP,_SOURCE_MONOTONIC_TIMESTAMP"
)
_MATCH = re.compile(r"_?[A-Z][A-Z0-9_]*=.*", re.DOTALL)
_ALONE = {"-k", "--dmesg", "-b", "--boot", "-m", "--merge", "--system", "--user", "+"}
_SHORT = {"-u", "-t", "-D", "-M", "-S", "-U", "-n", "-p", "-g"}  # with a value
_LONG = {
    "--unit", "--identifier", "--directory", "--machine", "--since", "--until", "--lines", "--priority", "--grep", "--file",
    "--facility", "--boot",
}  # fmt: skip
_BEGIN = ("-S", "--since", "-n", "--lines")  # where to begin: not with a cursor (journalctl(1))
_SAID = "it takes FIELD=VALUE and of journalctl's options -k -b -m -u -t -D -M -S -U -n -p -g --file --facility"


def is_journal(target: str) -> bool:
    return target.startswith(SCHEME)


def selection(target: str) -> list[list[str]]:
    """What journalctl is asked for, a list an option. Raises ValueError for what a log's name is not to ask of it."""
    try:
        words = iter(shlex.split(target.removeprefix(SCHEME)))
    except ValueError:
        raise ValueError("a quotation mark is missing") from None
    made = []
    for word in words:
        name, equals, _ = word.partition("=")
        if word in _ALONE or _MATCH.fullmatch(word) or (equals and name in _LONG) or (word[:2] in _SHORT and word[2:]):
            made.append([word])
        elif word in _SHORT or word in _LONG:
            value = next(words, None)
            if value is None:
                raise ValueError(f"{word} needs a value")
            made.append([word, value])
        else:
            raise ValueError(f"{word}: {_SAID}")
    return made


def command(target: str, *, follow: bool) -> Callable[[bytes], list[str]]:
    """The arguments of journalctl, by the last line that came: it goes on behind that."""
    asked = selection(target)
    fixed = ["journalctl", "--quiet", "--all", "--output=json", f"--output-fields={_FIELDS}"]
    fixed += ["--follow", "--no-tail"] if follow else []

    def arguments(last: bytes) -> list[str]:
        cursor = _cursor(last)
        if not cursor:
            return fixed + [word for words in asked for word in words]
        return [
            *fixed,
            f"--after-cursor={cursor}",
            *(word for words in asked if not words[0].startswith(_BEGIN) for word in words),
        ]

    return arguments


def _cursor(line: bytes) -> str:
    """Where an entry stands in the journal."""
    try:
        told = json.loads(line).get("__CURSOR")
    except (ValueError, AttributeError):
        return ""
    return told if isinstance(told, str) else ""
