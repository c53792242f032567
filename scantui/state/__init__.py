"""What outlasts a run: the analyst's marks and the allow-list made on the screen, in one directory of the user."""

from __future__ import annotations

from scantui.state.state import State, default_directory

__all__ = ["State", "default_directory"]
