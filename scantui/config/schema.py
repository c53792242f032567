"""The configuration as a JSON Schema, for editors; docs/config.schema.json is this."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from scantui.config.fields import Setting, sections, settings_of
from scantui.config.settings import Texts

_TEXTS = {"type": "array", "items": {"type": "string"}}
_KEYS = {"anyOf": [{"type": "string"}, _TEXTS]}


def schema(keys: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """The schema. `keys`: (action id, keys, what it does)."""
    tables = {
        name: _table(table.__doc__ or "", {key: _value(setting) for key, setting in settings_of(name).items()})
        for name, table in sections().items()
    }
    groups: dict[str, dict[str, Any]] = {}
    for name, given, text in keys:
        group, _, action = name.partition(".")
        groups.setdefault(group, {})[action] = {**_KEYS, "description": text, "default": given}
    tables["keys"] = _table(
        "Keys by action, comma between.", {name: _table("", group) for name, group in groups.items()}
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:scantui:config",
        "title": "scantui configuration",
        **_table("", tables),
    }


def _table(text: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    said = {"description": text} if text else {}
    return {**said, "type": "object", "additionalProperties": False, "properties": dict(properties)}


def _value(setting: Setting) -> dict[str, Any]:
    kind = setting.kind
    if typing.get_origin(kind) is Literal:
        shape: dict[str, Any] = {"enum": list(typing.get_args(kind))}
    elif kind in (int, float):
        meta = typing.get_args(setting.checked)[1]
        shape = {"type": "integer" if kind is int else "number", "minimum": meta.ge, "maximum": meta.le}
    elif kind == Texts:
        shape = _TEXTS
    elif kind in (bool, str):
        shape = {"type": "boolean" if kind is bool else "string"}
    else:
        shape = {"type": "object", "additionalProperties": {"type": "string"}}
    return {"description": setting.text, **shape, "default": setting.default}
