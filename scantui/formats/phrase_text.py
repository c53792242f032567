"""The text of a phrase: fixed words, `{fields}` and `(?optional parts?)`.

`Deny {proto} src {iface}:{src}(?/{sport}?) dst {}:{dst}(?/{dport}?) by {*}`: `{}` is a field that is skipped, `{*}` at the end
lets anything follow, and the last field else runs to the end. An optional part begins with words; it is there when these words
are, and may say something by that: `(?[Drop] {action=drop}?)`.
A field runs to the first place where something begins that may follow it, so that there is one way to read a message; `{|}`
ends the words that must stand there, and a field `{name#}` has digits only, to wherever they end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, TypeAlias

TOKEN = re.compile(r"\{([a-z_0-9]*#?|\*|\||[a-z_]+=[^{}]+)\}|\(\?|\?\)")


@dataclass(frozen=True)
class Words:
    text: bytes


@dataclass(frozen=True)
class Field:
    """`name` is empty for a field that is skipped; `ends` are the words that may follow; `last`: the message may end after it."""

    name: str
    ends: tuple[bytes, ...] = ()
    last: bool = False
    digits: bool = False


@dataclass(frozen=True)
class Said:
    """`column=text` of an optional part."""

    text: str


Inner: TypeAlias = "Words | Field | Said"


@dataclass(frozen=True)
class Option:
    """Parts that may be missing; the first are its words."""

    parts: tuple[Inner, ...]

    @property
    def lead(self) -> bytes:
        first = self.parts[0]
        assert isinstance(first, Words)
        return first.text


Part: TypeAlias = "Words | Field | Said | Option"


@dataclass(frozen=True)
class Form:
    """A phrase's parts. `open`: anything may follow them."""

    parts: tuple[Part, ...]
    open: bool

    def names(self) -> list[str]:
        """The fields, and what optional parts say, in the order of the text."""
        flat = [one for part in self.parts for one in (part.parts if isinstance(part, Option) else (part,))]
        named = [one.name if isinstance(one, Field) else one.text if isinstance(one, Said) else "" for one in flat]
        return [name for name in named if name]

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """The same as a regular expression, one group a named field; it never tries a second way."""
        return re.compile(_pattern(self.parts) + (b"" if self.open else rb"\Z"), re.DOTALL)


def lead(text: str) -> bytes:
    """The words that every message of a phrase begins with."""
    token = TOKEN.search(text)
    return (text[: token.start()] if token else text).encode()


def names_in(text: str) -> list[str]:
    """The names of a phrase's fields, and what optional parts say."""
    return [name.rstrip("#") for name in TOKEN.findall(text) if name.rstrip("#") not in ("", "*", "|")]


@cache
def form(text: str) -> Form:
    """Read the text of a phrase. Raises ValueError with what is wrong with it."""
    parts: list[Part] = []
    inner: list[Inner] | None = None
    at, is_open = 0, False
    for match in TOKEN.finditer(text):
        into: list[Any] = parts if inner is None else inner
        if match.start() > at:
            into.append(Words(text[at : match.start()].encode()))
        at = match.end()
        if match[0] == "(?":
            if inner is not None:
                raise ValueError(f"phrase '{text}': an optional part inside another")
            inner = []
        elif match[0] == "?)":
            if not inner or not isinstance(inner[0], Words):
                raise ValueError(f"phrase '{text}': an optional part begins with words")
            parts.append(Option(tuple(inner)))
            inner = None
        elif match[1] == "|":
            continue
        elif match[1] == "*":
            if inner is not None or at != len(text):
                raise ValueError(f"phrase '{text}': {{*}} stands at the end")
            is_open = True
        elif "=" in match[1]:
            if inner is None:
                raise ValueError(f"phrase '{text}': only an optional part can say {match[0]}")
            into.append(Said(match[1]))
        else:
            into.append(Field(match[1].rstrip("#"), digits=match[1].endswith("#")))
    if inner is not None:
        raise ValueError(f"phrase '{text}': '(?' without '?)'")
    if at < len(text):
        parts.append(Words(text[at:].encode()))
    return Form(_followed(tuple(parts), is_open, text), is_open)


def _followers(rest: tuple[Part, ...], is_open: bool) -> tuple[list[bytes], bool] | None:
    """(words that may follow a field before `rest`, whether the end may); None when a field follows at once."""
    ends: list[bytes] = []
    for part in rest:
        if isinstance(part, Field):
            return None
        if isinstance(part, Words):
            return [*ends, part.text], False
        if isinstance(part, Option):
            ends.append(part.lead)
    return (ends, True) if not is_open else None


def _followed(parts: tuple[Part, ...], is_open: bool, text: str) -> tuple[Part, ...]:
    """The parts, their fields knowing what may follow them."""
    made: list[Part] = []
    for number, part in enumerate(parts):
        rest = parts[number + 1 :]
        if isinstance(part, Option):
            inner = _followed_inside(part.parts, rest, is_open, text)
            made.append(Option(inner))
        elif isinstance(part, Field):
            made.append(_field(part, _followers(rest, is_open), text))
        else:
            made.append(part)
    return tuple(made)


def _followed_inside(parts: tuple[Inner, ...], rest: tuple[Part, ...], is_open: bool, text: str) -> tuple[Inner, ...]:
    return tuple(
        _field(part, _followers((*parts[number + 1 :], *rest), is_open), text) if isinstance(part, Field) else part
        for number, part in enumerate(parts)
    )


def _field(field: Field, follow: tuple[list[bytes], bool] | None, text: str) -> Field:
    if field.digits:
        return field
    if follow is None:
        raise ValueError(f"phrase '{text}': words must stand after {{{field.name}}}")
    return replace(field, ends=tuple(follow[0]), last=follow[1])


def _pattern(parts: tuple[Part, ...]) -> bytes:
    made = b""
    for part in parts:
        if isinstance(part, Words):
            made += re.escape(part.text)
        elif isinstance(part, Option):
            made += b"(?:" + _pattern(part.parts) + b"|(?!" + re.escape(part.lead) + b"))"
        elif isinstance(part, Said):
            made += b"()"
        else:
            group = b"(%b)" if part.name else b"%b"
            if part.digits:
                made += b"(?>" + group % b"[0-9]{1,15}" + b")"
                continue
            if all(len(words) == 1 for words in part.ends):
                body = b"[^" + b"".join(map(re.escape, part.ends)) + b"]*" if part.ends else b".*"
                if part.ends and not part.last:
                    made += b"(?>" + group % body + b")"
                else:
                    made += group % body
                continue
            stops = [re.escape(words) for words in part.ends] + ([rb"\Z"] if part.last else [])
            made += b"(?>" + group % b".*?" + b"(?=" + b"|".join(stops) + b"))"
    return made
