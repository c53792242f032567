"""Every action with its keys as Markdown tables: docs/keys.md, and `scantui config --keys`."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.ui.actions import Place, key_names
from scantui.ui.keymap import Keymap

_HEAD = """\
# Keys

Every key of the monitor, by place. `:` finds any of these by words of what it does; `?` shows them on the screen. A key of a
place wins over the same key of the places around it. Other keys: `[keys]` in the [configuration](settings.md), by the ids here.
"""


def markdown(keymap: Keymap) -> Iterator[str]:
    """The page, in parts."""
    yield _HEAD
    for place in Place:
        actions = keymap.of_place(place)
        if not actions:
            continue
        yield f"\n## {place.value[0].upper()}{place.value[1:]}\n\n| keys | id | |\n|---|---|---|\n"
        for action in actions:
            keys = " ".join(f"`{key}`" for key in key_names(action).split(" ") if key) if action.keys else "-"
            yield f"| {_cell(keys)} | {action.id} | {_cell(action.text)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
