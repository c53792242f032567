"""The configuration's file."""

from __future__ import annotations

from pathlib import Path

from scantui.config.reading import MOST_BYTES, ConfigError, parse
from scantui.config.settings import Settings
from scantui.safe_text import harmless


def read(path: Path) -> Settings:
    """The settings in a file. Raises FileNotFoundError, or ConfigError that says all that is wrong."""
    name = harmless(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ConfigError([f"{name}: larger than {MOST_BYTES >> 20} MiB; that is no configuration"])
        return parse(data.decode("utf-8-sig"), name)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigError([f"{name}: {error.strerror or error}"]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([f"{name}: not UTF-8 (byte {error.start + 1})"]) from None
