"""scantui: a terminal monitor that finds port scans in a network sensor's logs, live, and says why."""

from __future__ import annotations

__version__ = "0.1.0"
