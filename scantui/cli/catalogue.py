"""The user's own catalogue of patterns: one file in scantui's configuration folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scantui.cli.errors import Refused, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scantui.explain.catalogue import Entry

_MOST = 1 << 20  # bytes; a larger file is no catalogue


def place() -> Path:
    """Where it is, whether it exists or not."""
    from platformdirs import user_config_path

    return user_config_path("scantui", appauthor=False) / "catalogue.toml"


def _text() -> str:
    """What it says, "" when there is none."""
    path = place()
    try:
        if path.stat().st_size > _MOST:
            raise Refused(f"{path}: too large for a catalogue (over 1 MiB)")
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise Refused(f"{path}: not UTF-8 text") from None
    except OSError as error:
        raise Refused(f"{path}: {reason(error)}") from None


def own() -> tuple[Entry, ...]:
    """The user's entries. A file that cannot be read as a catalogue ends the command with a line that says where."""
    from scantui.explain.catalogue import parse

    text = _text()
    try:
        return parse(text, str(place()), own=True) if text.strip() else ()
    except ValueError as error:
        raise Refused(str(error)) from None


def add(name: str, traits: Mapping[str, str]) -> Path:
    """Put a pattern into it under `name`; returns the file."""
    from scantui.explain.catalogue import with_entry
    from scantui.export import atomic

    path = place()
    try:
        text = with_entry(_text(), name, traits)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic.write(path, [text], overwrite=True)
    except ValueError as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(f"cannot write {path}: {reason(error)}") from None
    return path
