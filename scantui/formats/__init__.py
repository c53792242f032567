"""Formats: one file a log format; the reader turns blocks into events. `FORMATS` lists them."""

from __future__ import annotations

from scantui.formats.registry import FORMATS

__all__ = ["FORMATS"]
