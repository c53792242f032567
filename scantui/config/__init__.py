"""The user's configuration: one TOML file, declared once (`settings`), read strictly (`reading`), told in full (`template`,
`schema`)."""

from __future__ import annotations

from scantui.config.reading import ConfigError, parse
from scantui.config.settings import Settings

__all__ = ["ConfigError", "Settings", "parse"]
