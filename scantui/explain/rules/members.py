"""Lists of addresses and ports as rules write them: negation, nesting, variables."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.ranges import Partly, Ranges
from scantui.explain.rules.variables import MOST_NESTING, Variables, reference

V6_FROM = 1 << 32  # IPv4 addresses are their numbers, IPv6 addresses come after them
ADDRESS_TOP = V6_FROM + (1 << 128) - 1
PORT_TOP = 65_535
_V6_RANGE = re.compile(r"[0-9A-Fa-f:.]+")


@dataclass(frozen=True)
class Members:
    """A list as read: its members, its text, the undefined variables it needs, and whether it says `not any` somewhere."""

    set: Partly
    text: str = ""
    undefined: tuple[str, ...] = ()
    negated_any: str = ""  # the words that come to "not any"
    only_negated: bool = False  # a list of two or more members, all negated


@dataclass
class _Reader:
    variables: Variables
    one: Callable[[str], Ranges]
    top: int
    undefined: list[str] = field(default_factory=list)
    negated_any: str = ""
    only_negated: bool = False
    known: dict[str, Partly] = field(default_factory=dict)  # variables as read before

    def read(self, text: str, depth: int = 0, seen: tuple[str, ...] = ()) -> Partly:
        text = text.strip()
        if depth > MOST_NESTING:
            raise RuleError(f"lists or variables within each other more than {MOST_NESTING} deep")
        if not text:
            raise RuleError("an empty list member")
        if text.startswith("!"):
            inner = self.read(text[1:], depth + 1, seen)
            if inner.everything:
                self.negated_any = self.negated_any or text
            return ~inner
        if text.startswith("["):
            return self._list(text, depth, seen)
        name = reference(text)
        if name is not None:
            if name in seen:
                raise RuleError(f"the variable ${quoted(name)[1:-1]} is defined by itself")
            value = self.variables.given(name)
            if value is None:
                if name not in self.undefined:
                    self.undefined.append(name)
                return Partly.undefined(self.top)
            if name not in self.known:
                self.known[name] = self.read(value, depth + 1, (*seen, name))
            return self.known[name]
        if "," in text:  # a variable's value may be a bare list
            return self._list(f"[{text}]", depth, seen)
        return Partly.exactly(self.one(text))

    def _list(self, text: str, depth: int, seen: tuple[str, ...]) -> Partly:
        if not text.endswith("]"):
            raise RuleError(f"the list {quoted(text)} does not end in ]")
        wanted: list[Partly] = []
        unwanted: list[Partly] = []
        for part in _split(text[1:-1]):
            if part.strip().startswith("!"):
                inner = self.read(part.strip()[1:], depth + 1, seen)
                if inner.everything:
                    self.negated_any = self.negated_any or part.strip()
                unwanted.append(inner)
            else:
                wanted.append(self.read(part, depth + 1, seen))
        if not wanted and len(unwanted) > 1:
            self.only_negated = True
        result = _union(wanted, self.top) if wanted else Partly.exactly(Ranges.all(self.top))
        return result & ~_union(unwanted, self.top) if unwanted else result


def _union(parts: list[Partly], top: int) -> Partly:
    return Partly(
        Ranges.of((span for part in parts for span in part.sure.spans), top),
        Ranges.of((span for part in parts for span in part.maybe.spans), top),
    )


def _split(text: str) -> Iterator[str]:
    """Parts between the commas that no bracket holds. Raises RuleError for brackets that do not match."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if depth < 0:
                raise RuleError("a ] without its [")
        elif char == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    if depth:
        raise RuleError("a [ without its ]")
    yield text[start:]


def addresses(text: str, variables: Variables) -> Members:
    """The addresses that `text` names. Raises RuleError."""
    return _members("addresses", text, variables, one_address, ADDRESS_TOP)


def ports(text: str, variables: Variables) -> Members:
    """The ports that `text` names. Raises RuleError."""
    return _members("ports", text, variables, one_port, PORT_TOP)


def _members(what: str, text: str, variables: Variables, one: Callable[[str], Ranges], top: int) -> Members:
    known: Members | None = variables.read.get((what, text))
    if known is None:
        reader = _Reader(variables, one, top)
        found = reader.read(text)
        if found.empty and not reader.negated_any:
            reader.negated_any = text
        known = Members(found, text, tuple(reader.undefined), reader.negated_any, reader.only_negated)
        variables.read[what, text] = known
    return known


def one_address(text: str) -> Ranges:
    """`any`, an address, a network, or `low-high`."""
    if text.lower() == "any":
        return Ranges.all(ADDRESS_TOP)
    try:
        low, dash, high = text.partition("-")
        if dash:
            first, last = ipaddress.ip_address(low.strip()), ipaddress.ip_address(high.strip())
            if first.version != last.version or int(first) > int(last):
                raise ValueError
            spans = [(int(first), int(last))]
            version = first.version
        else:
            network = ipaddress.ip_network(text.strip(), strict=False)
            spans = [(int(network.network_address), int(network.broadcast_address))]
            version = network.version
    except ValueError:
        raise RuleError(f"{quoted(text)} is no address or network") from None
    if version == 6:
        spans = [(low6 + V6_FROM, high6 + V6_FROM) for low6, high6 in spans]
    return Ranges.of(spans, ADDRESS_TOP)


def one_port(text: str) -> Ranges:
    """`any`, a port, `low:high`, `low:` or `:high` (inclusive)."""
    text = text.strip()
    if text.lower() == "any":
        return Ranges.all(PORT_TOP)
    low, colon, high = text.partition(":")
    low, high = low.strip(), high.strip()
    if not colon:
        high = low
    if not (low or high) or not all(re.fullmatch("[0-9]{0,5}", part) for part in (low, high)):
        raise RuleError(f"{quoted(text)} is no port")
    first, last = int(low or 0), int(high or PORT_TOP)
    if last > PORT_TOP or first > PORT_TOP:
        raise RuleError(f"{quoted(text)}: ports end at {PORT_TOP}")
    if first > last:
        raise RuleError(f"{quoted(text)}: the range runs backwards")
    return Ranges.of([(first, last)], PORT_TOP)
