"""The patterns in format files. scantui's own are Python's; those of a user's files are RE2's, whose time is linear in the line
whatever the pattern is and whoever wrote the line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias


class Found(Protocol):
    """A match."""

    def span(self) -> tuple[int, int]: ...

    def __getitem__(self, group: int, /) -> Any: ...


class Pattern(Protocol):
    """What is asked of a pattern, over bytes."""

    @property
    def groupindex(self) -> Mapping[str, int]: ...

    def search(self, text: bytes, /) -> Found | None: ...

    def match(self, text: bytes, at: int, /) -> Found | None: ...

    def fullmatch(self, text: bytes, /) -> Found | None: ...

    def sub(self, by: bytes, text: bytes, /, count: int) -> bytes: ...


Compile: TypeAlias = Callable[[str], Pattern]


def ours(text: str) -> Pattern:
    """A pattern of a file that comes with scantui. Raises ValueError."""
    try:
        return re.compile(text.encode())
    except re.error as error:
        raise ValueError(f"'{text}': {error}") from None


class _Linear:
    """An RE2 pattern as Python's are asked."""

    def __init__(self, text: str) -> None:
        import re2  # type: ignore[import-untyped]

        options = re2.Options()
        options.log_errors = False
        options.encoding = re2.Options.Encoding.LATIN1
        try:
            self._made = re2.compile(text.encode(), options)
        except re2.error as error:
            why = error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else error
            raise ValueError(f"'{text}': {why} (RE2's syntax: no look-around, no back-references)") from None
        self.groupindex: dict[str, int] = {name.decode(): at for name, at in self._made.groupindex.items()}
        self.search: Callable[[bytes], Found | None] = self._made.search
        self.match: Callable[[bytes, int], Found | None] = self._made.match
        self.fullmatch: Callable[[bytes], Found | None] = self._made.fullmatch

    def sub(self, by: bytes, text: bytes, /, count: int) -> bytes:
        made: bytes = self._made.sub(by, text, count=count)
        return made


def linear(text: str) -> Pattern:
    """A pattern of a user's file. Raises ValueError."""
    return _Linear(text)
