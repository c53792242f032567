"""Pictures of the screen for the documentation: `python benchmarks/pictures.py [NAME...]`, from the demo's logs.

Each is the real application over a real session, drawn cell by cell with Pillow and DejaVu Sans Mono.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from scantui.resources import folder
from scantui.session import Session
from scantui.session.replay import Replay
from scantui.ui.app import ScantuiApp
from scantui.ui.manners import Manners

OUT = Path(__file__).parent.parent / "docs" / "pictures"
WIDTH, HEIGHT = 9, 18  # pixels a cell
FONTS = Path("/usr/share/fonts/truetype/dejavu")
SEED = "203.0.113.7"
EIGHTHS, SHADES, RAISED = " ▁▂▃▄▅▆▇█", {"░": 0.25, "▒": 0.5, "▓": 0.75}, "▔▀"

# Name: (columns, lines), theme, keys pressed once the log is read and the seed's scan is under the cursor.
PICTURES: dict[str, tuple[tuple[int, int], str, tuple[str, ...]]] = {
    "monitor": ((120, 40), "dark", ()),
    "rewound": ((120, 40), "dark", ("space", "b")),
    "burst": ((120, 40), "dark", ("x",)),
    "tools": ((120, 40), "light", ("enter", "4", "enter")),
    "matrix": ((120, 40), "light", ("v", "tab", "down")),
    "map": ((120, 40), "dark", ("f", "v", "v", "tab")),
    "small": ((80, 24), "mono", ()),
    "wide": ((200, 60), "dark", ()),
}
KEPT = ("monitor", "rewound", "burst", "matrix", "map")  # those that the documents show; the others are to be looked at


class Pen:
    """Draws strips of styled text."""

    def __init__(self) -> None:
        self._plain = ImageFont.truetype(str(FONTS / "DejaVuSansMono.ttf"), 15)
        self._bold = ImageFont.truetype(str(FONTS / "DejaVuSansMono-Bold.ttf"), 15)

    def draw(self, app: ScantuiApp) -> Image.Image:
        size = app.size
        image = Image.new("RGB", (size.width * WIDTH, size.height * HEIGHT))
        pen = ImageDraw.Draw(image)
        for y, strip in enumerate(app.screen._compositor.render_strips()):
            x = 0
            for text, style, _ in strip:
                front, back = colours(style)
                for char in text:
                    cells = cell_len(char)
                    if cells:
                        self._cell(pen, x * WIDTH, y * HEIGHT, cells * WIDTH, char, front, back, style)
                    x += cells
        return image

    def _cell(self, pen, x, y, width, char, front, back, style) -> None:  # type: ignore[no-untyped-def]
        pen.rectangle([x, y, x + width - 1, y + HEIGHT - 1], fill=back)
        if char in EIGHTHS and char != " ":
            high = round(HEIGHT * EIGHTHS.index(char) / 8)
            pen.rectangle([x, y + HEIGHT - high, x + width - 1, y + HEIGHT - 1], fill=front)
        elif char in RAISED:
            high = HEIGHT // 2 if char == "▀" else HEIGHT // 8
            pen.rectangle([x, y, x + width - 1, y + high - 1], fill=front)
        elif char in SHADES:
            mixed = tuple(round(b + (f - b) * SHADES[char]) for f, b in zip(front, back, strict=True))
            pen.rectangle([x, y, x + width - 1, y + HEIGHT - 1], fill=mixed)
        elif "\u2800" <= char <= "\u28ff":
            for dx, dy in dots(char):
                pen.rectangle([x + 1 + 4 * dx, y + 1 + 4 * dy, x + 3 + 4 * dx, y + 3 + 4 * dy], fill=front)
        elif char != " ":
            pen.text((x, y), char, font=self._bold if style and style.bold else self._plain, fill=front)


def dots(char: str) -> Iterator[tuple[int, int]]:
    """(column, row) of the dots of a braille pattern (Unicode 16, block Braille Patterns)."""
    for bit, place in enumerate(((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))):
        if (ord(char) - 0x2800) >> bit & 1:
            yield place


def colours(style: Style | None) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Front and back as RGB."""
    theme = DEFAULT_TERMINAL_THEME
    front = style.color.get_truecolor(theme, True) if style and style.color else (224, 224, 224)
    back = style.bgcolor.get_truecolor(theme, False) if style and style.bgcolor else (18, 18, 18)
    front, back = tuple(front), tuple(back)
    return (back, front) if style and style.reverse else (front, back)  # type: ignore[return-value]


async def picture(name: str) -> Path:
    (columns, lines), theme, keys = PICTURES[name]
    session = Session(Replay(sorted(folder("demo_logs").glob("*.log")), seconds=0.5))
    app = ScantuiApp(session, Manners(theme=theme), title="demo")
    async with app.run_test(size=(columns, lines)) as pilot:
        while (
            not (now := session.latest().status).inputs or any(one.state != "done" for one in now.inputs) or now.backlog
        ):
            await pilot.pause(0.1)
        await pilot.pause(2.5)
        main = app.main
        code = session.latest().tables.addresses.code(SEED)
        place = main.table.codes.tolist().index(code) if code in main.table.codes else 0
        main.table.move_to(place)
        main.table.focus()
        await pilot.pause(1.0)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(1.5)
        OUT.mkdir(parents=True, exist_ok=True)
        path = OUT / f"{name}.png"
        Pen().draw(app).quantize(256).save(path, optimize=True)
    return path


def main() -> None:
    for name in sys.argv[1:] or KEPT:
        path = asyncio.run(picture(name))
        print(
            f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}: {path.stat().st_size:,} bytes"
        )


main()
