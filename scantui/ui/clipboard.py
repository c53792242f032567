"""Copying by OSC 52, which reaches the clipboard of the person's own machine through SSH. It cannot tell whether it worked."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from scantui.ui.keymap import keymap_of

# hterm takes sequences of at most 100,000 bytes (its osc52 scripts); tmux and others took that number over. In base64 that
# is so much text.
MOST_BYTES = 74_994


def cut(lines: Sequence[str], most: int = MOST_BYTES) -> tuple[str, int]:
    """As many whole lines as terminals take, and how many; of a single line that is too long, its beginning."""
    taken: list[str] = []
    size = 0
    for line in lines:
        size += len(line.encode("utf-8", "replace")) + (1 if taken else 0)
        if size > most:
            break
        taken.append(line)
    if not taken and lines:
        return lines[0].encode("utf-8", "replace")[:most].decode("utf-8", "ignore"), 0
    return "\n".join(taken), len(taken)


def copy(app: App[int], lines: Sequence[str], what: str = "") -> None:
    """Copy lines and say so; `what` names a short text that is copied as one line."""
    text, taken = cut(lines)
    app.copy_to_clipboard(text)
    if what:
        said = f"copied {what}"
    elif taken == len(lines):
        said = f"copied {taken:,} line{'' if taken == 1 else 's'}"
    else:
        kept = f"{taken:,} of {len(lines):,} lines" if taken else "the beginning of the line"
        said = f"copied {kept}: terminals take {MOST_BYTES:,} bytes; {keymap_of(app).key('app.dump')} prints all"
    app.notify(f"{said} (OSC 52; tmux needs set-clipboard on)", markup=False, timeout=4)
