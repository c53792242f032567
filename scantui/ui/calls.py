"""Calling an action where it belongs, whatever has the focus: the palette and the key bar do."""

from __future__ import annotations

from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from scantui.ui.actions import Action


def answers(screen: Screen[Any], action: Action) -> DOMNode | None:
    """What answers an action on this screen: what has the focus first, then what is shown; None when nothing does."""
    focused = screen.focused
    near = focused.ancestors_with_self if focused is not None else []
    for node in (*near, screen, *screen.query("*"), screen.app):
        if _shown(node) and any(b.id == action.id for bound in node._bindings.key_to_bindings.values() for b in bound):
            return node
    return None


def _shown(node: DOMNode) -> bool:
    return not isinstance(node, Widget) or all(
        one.display for one in node.ancestors_with_self if isinstance(one, Widget)
    )


async def call(screen: Screen[Any], action: Action) -> None:
    """Do it, in the pane it belongs to, which gets the focus."""
    node = answers(screen, action)
    if node is None:
        return
    if isinstance(node, Widget) and node.focusable:
        node.focus()
    await screen.app.run_action(action.call, node)
