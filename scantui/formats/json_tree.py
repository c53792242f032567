"""Values of a JSON object by their paths, as msgspec finds them: strict JSON, and only what was asked for is looked at.

A path is keys joined by dots. `{"flow":{"start":1}}` and `{"flow.start":1}` both have `flow.start`. The last of a key counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

DAMAGED = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


_NOTHING = msgspec.Raw()  # of a key that is not there


class Tree:
    """Reads the scalars at the given paths out of objects."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._branches = _Branch({path: path for path in paths})

    def read(self, text: bytes) -> dict[str, bytes] | None:
        """Path to text, of the paths that hold something: strings as they were meant, numbers and `true` as written, of a list
        its first element. Objects, null and empty strings say nothing. None when `text` is no JSON object."""
        found: dict[str, bytes] = {}
        try:
            self._branches.read(text, found)
        except DAMAGED:
            return None
        return found


class _Branch:
    """The keys of one object that lead to a path, each by itself or deeper."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        """`paths`: what is left of a path to the whole of it."""
        leaf: dict[str, str] = {}
        deeper: dict[str, dict[str, str]] = {}
        for rest, path in paths.items():
            parts = rest.split(".")
            leaf[rest] = path
            for cut in range(1, len(parts)):
                deeper.setdefault(".".join(parts[:cut]), {})[".".join(parts[cut:])] = path
        keys = list(dict.fromkeys((*leaf, *deeper)))
        names = {key: f"f{number}" for number, key in enumerate(keys)}
        kind = msgspec.defstruct(
            "Object",
            [(name, msgspec.Raw, msgspec.field(name=key, default=_NOTHING)) for key, name in names.items()],
        )
        self._decoder = msgspec.json.Decoder(kind)
        self._keys = [(leaf.get(key, ""), _Branch(deeper[key]) if key in deeper else None) for key in keys]

    def read(self, text: bytes | msgspec.Raw, found: dict[str, bytes]) -> None:
        for (path, branch), raw in zip(self._keys, msgspec.structs.astuple(self._decoder.decode(text)), strict=True):
            if raw is _NOTHING:
                continue
            value = bytes(raw)
            first = value[:1]
            if first == b"{":
                if branch is not None:
                    branch.read(value, found)
            elif path and first:
                said = text_of(_first_of(value) if first == b"[" else value)
                if said:
                    found[path] = said


_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def _first_of(value: bytes) -> bytes:
    """The first element of a list, if that is a scalar; null if not."""
    first = next(map(bytes, _LIST.decode(value)), b"")
    return first if first[:1] not in (b"", b"[", b"{") else b"null"


def text_of(value: bytes) -> bytes:
    """The text of a scalar; empty when it is null. A string whose escapes mean no Unicode text is left as written."""
    if value[:1] != b'"':
        return b"" if value == b"null" else value
    inner = value[1:-1]
    if b"\\" not in inner:
        return inner
    try:
        return msgspec.json.decode(value, type=str).encode()
    except DAMAGED:
        return inner
