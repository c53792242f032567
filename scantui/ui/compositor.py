"""Partial updates that send no byte twice.

Textual's own update starts every changed span at the left edge of its widget and gives each segment a full colour
sequence and a reset. Over a slow link that is most of the traffic of a live table, so this one writes exactly the
changed cells and only the colours that differ from the segment before.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color, ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.strip import Strip

_COLOR_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}
_ATTRIBUTES = (("bold", "1"), ("dim", "2"), ("italic", "3"), ("underline", "4"), ("reverse", "7"), ("strike", "9"))


def _attributes(style: Style | None) -> tuple[str, ...]:
    return () if style is None else tuple(code for name, code in _ATTRIBUTES if getattr(style, name))


def _colour(colour: Color | None, foreground: bool, system: ColorSystem) -> tuple[str, ...]:
    if colour is None:
        return ("39",) if foreground else ("49",)
    return colour.downgrade(system).get_ansi_codes(foreground)


@lru_cache(4096)
def transition(before: Style | None, after: Style | None, system: ColorSystem | None) -> str:
    """The SGR sequence (ECMA-48 8.3.117) that turns `before` into `after`; None is the terminal's own look."""
    codes: list[str] = []
    if _attributes(before) != _attributes(after):
        codes = ["0", *_attributes(after)]
        before = None
    if system is not None:
        for foreground in (True, False):
            old, new = (
                _colour(None if s is None else s.color if foreground else s.bgcolor, foreground, system)
                for s in (before, after)
            )
            if old != new:
                codes.extend(new)
    if not codes:
        return ""
    return "\x1b[0m" if after is None else f"\x1b[{';'.join(codes)}m"


def sequence(strip: Strip, system: ColorSystem | None) -> str:
    """A strip as terminal text that begins and ends in the terminal's own look."""
    parts: list[str] = []
    before: Style | None = None
    for text, style, _ in strip:
        parts.append(transition(before, style, system))
        parts.append(text)
        before = style
    parts.append("\x1b[0m" if before is not None else "")
    return "".join(parts)


class TightUpdate(ChopsUpdate):
    """Writes `spans` of the lines and nothing around them."""

    def render_segments(self, console: Console) -> str:
        system = _COLOR_SYSTEMS.get(console.color_system or "")
        parts: list[str] = []
        for y, left, right in self.spans:
            at = -1
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                a, b = max(start, left), min(end, right)
                if strip is None or a >= b:
                    continue
                if at != a:
                    parts.append(f"\x1b[{y + 1};{a + 1}H")
                parts.append(sequence(strip.crop(a - start, b - start), system))
                at = b
        return "".join(parts)


class TightCompositor(Compositor):
    """A compositor whose partial updates are tight."""

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return None if update is None else TightUpdate(update.chops, update.spans, update.chop_ends)
