"""A filter's text to a tree. `or` binds loosest; terms side by side must all hold; `not`, `!` and `-` turn one around."""

from __future__ import annotations

from scantui.find.errors import FindError
from scantui.find.terms import term
from scantui.find.tokens import Kind, Token, tokens
from scantui.find.tree import And, Node, Not, Or

_DEEPEST = 50  # brackets and negations inside each other


def parse(text: str) -> Node | None:
    """The tree, or None for a filter that says nothing. Raises FindError with the place of what is wrong."""
    reader = _Reader(tokens(text))
    if reader.now.kind is Kind.END:
        return None
    node = reader.either(0)
    if reader.now.kind is Kind.CLOSE:
        raise FindError("no bracket is open here", reader.now.at, reader.now.end)
    return node


class _Reader:
    """Reads tokens one after another."""

    def __init__(self, given: list[Token]) -> None:
        self._tokens = given
        self._at = 0

    @property
    def now(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self.now
        self._at += 1
        return token

    def either(self, depth: int) -> Node:
        """Parts with `or` between them."""
        nodes = [self.all(depth)]
        while self.now.kind is Kind.OR:
            self._next()
            nodes.append(self.all(depth))
        flat = [part for node in nodes for part in (node.nodes if isinstance(node, Or) else (node,))]
        return flat[0] if len(flat) == 1 else Or(tuple(flat))

    def all(self, depth: int) -> Node:
        """Parts side by side, or with `and` between them."""
        nodes = [self.one(depth)]
        while self.now.kind not in (Kind.OR, Kind.CLOSE, Kind.END):
            if self.now.kind is Kind.AND:
                self._next()
            nodes.append(self.one(depth))
        flat = [part for node in nodes for part in (node.nodes if isinstance(node, And) else (node,))]
        return flat[0] if len(flat) == 1 else And(tuple(flat))

    def one(self, depth: int) -> Node:
        """A term, a negation or a bracket."""
        token = self._next() if self.now.kind is not Kind.END else self.now
        if depth > _DEEPEST:
            raise FindError("too many brackets inside each other", token.at, token.end)
        if token.kind is Kind.NOT:
            return Not(self.one(depth + 1))
        if token.kind is Kind.TERM:
            return term(token)
        if token.kind is not Kind.OPEN:
            raise FindError(self._missing(token), token.at, token.end)
        node = self.either(depth + 1)
        if self.now.kind is not Kind.CLOSE:
            raise FindError("this bracket is not closed", token.at, token.end)
        self._next()
        return node

    def _missing(self, token: Token) -> str:
        """What is wrong where a term had to be."""
        before = self._tokens[self._tokens.index(token) - 1].text if token is not self._tokens[0] else ""
        return f"something must follow '{before}'" if before else f"something must stand before '{token.text}'"
