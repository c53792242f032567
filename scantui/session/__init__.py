"""The session: feeds, engine and worker thread behind the screen and the commands. Knows no screen."""

from __future__ import annotations

from scantui.session.options import Feed, Options
from scantui.session.worker import Session

__all__ = ["Feed", "Options", "Session"]
