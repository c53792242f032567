"""A filter's text in pieces: brackets, `and`, `or`, `not`, and terms. Quotes hold spaces and brackets together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from scantui.find.errors import FindError


class Kind(Enum):
    OPEN = "("
    CLOSE = ")"
    NOT = "not"
    AND = "and"
    OR = "or"
    TERM = "term"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """Characters `at` to `end` of the filter. `text` is as it was written."""

    kind: Kind
    text: str
    at: int
    end: int


WORDS = {"and": Kind.AND, "&": Kind.AND, "&&": Kind.AND, "or": Kind.OR, "|": Kind.OR, "||": Kind.OR, "not": Kind.NOT}
_BRACKETS = {"(": Kind.OPEN, ")": Kind.CLOSE}


def tokens(text: str) -> list[Token]:
    """The pieces in order, END last. Raises FindError where a quote is not closed."""
    out: list[Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in _BRACKETS:
            out.append(Token(_BRACKETS[char], char, at, at + 1))
            at += 1
        elif _negates(char, text[at + 1 : at + 2]):
            out.append(Token(Kind.NOT, char, at, at + 1))
            at += 1
        else:
            end = term_end(text, at)
            word = text[at:end]
            out.append(Token(WORDS.get(word.lower(), Kind.TERM), word, at, end))
            at = end
    return [*out, Token(Kind.END, "", len(text), len(text))]


def _negates(char: str, following: str) -> bool:
    """`!` before anything but `=`; a dash only when it is close to what follows."""
    if char == "!":
        return following != "="
    return char == "-" and following != ")" and bool(following.strip())


def term_end(text: str, at: int) -> int:
    """Where the term that begins at `at` ends: at the first space or bracket outside quotes."""
    begin = at
    while at < len(text) and not text[at].isspace() and text[at] not in _BRACKETS:
        if text[at] == '"':
            begin, at = at, text.find('"', at + 1)
            if at < 0:
                raise FindError("the quote is not closed", begin, len(text))
        at += 1
    return at
