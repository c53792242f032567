"""One term: a bare word, or a field, a sign and values. Everything wrong with it is told with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scantui.events import FLAG_BITS, flag_bits, flag_text
from scantui.find.addresses import ADDRESS_CHARS, addresses
from scantui.find.errors import FindError, near
from scantui.find.fields import BY_NAME, EQUAL, FIELDS, SIGNS, VARIES, Field, Form
from scantui.find.tokens import Token
from scantui.find.tree import Compare, Node, Value, Word
from scantui.find.values import Moments, Numbers, Pattern, moments, numbers

_SHAPE = re.compile(rf"([A-Za-z_][\w.-]*?)({'|'.join(SIGNS)})", re.ASCII)
_ANY = Numbers(float("-inf"), float("inf"), "*")
_VARIES = Numbers(-1, -1, VARIES)


def split(word: str) -> tuple[str, str, int] | None:
    """(field as written, sign, where the values begin) of a term that is a comparison."""
    match = _SHAPE.match(word)
    if match is None or (match[1].lower() not in BY_NAME and ADDRESS_CHARS.issuperset(word.lower().split("/")[0])):
        return None
    return match[1], match[2], match.end()


def term(token: Token) -> Node:
    """The tree of one term. Raises FindError."""
    parts = split(token.text)
    if parts is None:
        return _word(token)
    name, sign, begin = parts
    field = BY_NAME.get(name.lower())
    if field is None:
        hint = near(name, BY_NAME) or f": there are {', '.join(one.name for one in FIELDS)}"
        raise FindError(f"no field is called '{name}'{hint}", token.at, token.at + len(name))
    return _comparison(field, sign, token, begin)


def _word(token: Token) -> Node:
    pattern = _pattern(token.text, token.at)
    if pattern == Pattern("marked"):
        return Compare("is", ":", (pattern,))
    if pattern.literal:
        return Word(pattern)
    try:
        wanted = addresses(pattern)
    except ValueError as error:
        if "/" not in pattern.text:
            return Word(pattern)
        raise FindError(str(error), token.at, token.end) from error
    return Word(wanted if wanted.version else pattern)


def _pattern(text: str, at: int) -> Pattern:
    """Raises FindError for quotes inside a word."""
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        return Pattern(text[1:-1].lower(), True)
    if '"' in text:
        raise FindError("quotes go around a whole value", at + text.index('"'), at + len(text))
    return Pattern(text.lower())


def _comparison(field: Field, written: str, token: Token, begin: int) -> Compare:
    sign = ":" if written in EQUAL else written
    ordered = sign not in (":", "!=")
    if ordered and field.form not in (Form.NUMBER, Form.MOMENT):
        at = token.at + begin - len(written)
        raise FindError(f"{field.name} has no order: write {field.name}: or {field.name}!=", at, at + len(written))
    values: list[Value] = []
    before = written
    for text, at in _pieces(token.text[begin:], token.at + begin):
        if not text:
            raise FindError(f"{field.form.value} must follow {before}", at, at)
        values.append(_READ[field.form](field, text, at))
        before = ","
    if ordered and (len(values) > 1 or not _single(values[0])):
        raise FindError(f"one {field.form.value[2:]} must follow {written}", token.at + begin, token.end)
    return Compare(field.name, sign, tuple(values))


def _pieces(text: str, at: int) -> Iterator[tuple[str, int]]:
    """The parts between commas, and where each begins. Commas in quotes do not part."""
    begin, quoted = 0, False
    for i, char in enumerate(text):
        quoted ^= char == '"'
        if char == "," and not quoted:
            yield text[begin:i], at + begin
            begin = i + 1
    yield text[begin:], at + begin


def _single(value: Value) -> bool:
    if isinstance(value, Numbers):
        return value.low == value.high and value is not _VARIES
    return not isinstance(value, Moments) or value.low == value.high


def _number(field: Field, text: str, at: int) -> Value:
    if text == "*":
        return _ANY
    if text.lower() in field.choices:
        return _VARIES
    found = numbers(text)
    if found is None:
        raise FindError(f"a number must stand here, not '{text}': {field.name}:5, {field.name}:5-9", at, at + len(text))
    return found


def _moment(_field: Field, text: str, at: int) -> Value:
    found = moments(text)
    if found is None:
        hint = f"a time must stand here, not '{text}': 5m, 03:00, 2025-11-22, 2025-11-22T03:00, 03:00..04:00"
        raise FindError(hint, at, at + len(text))
    return found


def _text(field: Field, text: str, at: int) -> Value:
    pattern = _pattern(text, at)
    if field.name == "flags":
        pattern = Pattern(_flag_order(pattern.text), pattern.literal)
    if field.choices and not any(pattern.equals(choice) for choice in field.choices):
        hint = near(text, field.choices) or f": {', '.join(field.choices)}"
        raise FindError(f"no {field.name} is called '{text}'{hint}", at, at + len(text))
    return pattern


def _flag_order(text: str) -> str:
    """TCP flags in the order that `flag_text` gives them."""
    names = text.upper().split("-")
    return flag_text(flag_bits("-".join(names))).lower() if all(name in FLAG_BITS for name in names) else text


def _address(_field: Field, text: str, at: int) -> Value:
    try:
        return addresses(_pattern(text, at))
    except FindError:
        raise
    except ValueError as error:
        raise FindError(str(error), at, at + len(text)) from error


_READ: dict[Form, Callable[[Field, str, int], Value]] = {
    Form.NUMBER: _number, Form.MOMENT: _moment, Form.TEXT: _text, Form.ADDRESS: _address,
}  # fmt: skip
