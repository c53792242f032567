"""A parsed filter. Printing a tree gives a filter that parses to the same tree."""

from __future__ import annotations

from dataclasses import dataclass

from scantui.find.addresses import Addresses
from scantui.find.values import Moments, Numbers, Pattern

Value = Numbers | Moments | Pattern | Addresses


@dataclass(frozen=True, slots=True)
class Word:
    """A bare text, looked for in what a row says; or a bare address or network."""

    value: Pattern | Addresses

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Compare:
    """A field (by its first name), `:`, `!=` or an order, and values of which one must fit."""

    field: str
    sign: str
    values: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.field}{self.sign}{','.join(map(str, self.values))}"


@dataclass(frozen=True, slots=True)
class Not:
    node: Node

    def __str__(self) -> str:
        inner = f"({self.node})" if isinstance(self.node, And | Or) else str(self.node)
        return f"not {inner}" if inner.startswith("=") else f"!{inner}"


@dataclass(frozen=True, slots=True)
class And:
    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({node})" if isinstance(node, Or) else str(node) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(map(str, self.nodes))


Node = Word | Compare | Not | And | Or
