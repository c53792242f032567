"""Put the figures into docs/detection.md, exactly as the benchmarks print them, and the table of formats into docs/formats.md.

    python benchmarks/document.py [CORPUS | formats]

Without a corpus only the weights and the constructed cases are renewed. With one, psad is run too if it is installed. `formats`
renews the table of formats only.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "detection.md"
FORMATS_DOCUMENT = HERE.parent / "docs" / "formats.md"
WEIGHTS = HERE.parent / "scantui" / "detect" / "weights.py"


def weights_table(source: str) -> str:
    """The constants of weights.py with the comments before and beside them; a comment before stands for a whole paragraph."""
    rows = ["| weight | value | reason |", "|---|---|---|"]
    above: list[str] = []
    for line in source.partition("from __future__ import annotations\n")[2].splitlines():
        made = re.fullmatch(r"([A-Z][A-Z_0-9, ]*) = ([^#]+?)(?:\s+# (.*))?", line)
        if line.startswith("#"):
            above.append(line.removeprefix("#").strip())
        elif made:
            reason = " ".join([*above, made[3] or ""]).strip()
            rows.append(f"| {made[1]} | {made[2]} | {reason or 'as above'} |")
            above = []
        elif line:
            raise ValueError(f"weights.py: not a constant: {line}")
        else:
            above = []
    return "\n".join(rows)


def put(text: str, name: str, body: str) -> str:
    """`text` with `body` between the marks of block `name`."""
    pattern = rf"(<!-- begin: {name} -->\n).*?(<!-- end: {name} -->)"
    made, count = re.subn(pattern, lambda m: f"{m[1]}\n{body.strip()}\n\n{m[2]}", text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"there is no block {name}")
    return made


def printed(script: str, *arguments: str) -> str:
    command = [sys.executable, str(HERE / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def formats_table() -> str:
    """What each format that comes with scantui can tell."""
    from scantui.cli.format_text import markdown
    from scantui.formats import FORMATS

    return "".join(markdown(FORMATS)).strip()


def main() -> None:
    FORMATS_DOCUMENT.write_text(put(FORMATS_DOCUMENT.read_text(), "formats", formats_table()))
    if sys.argv[1:] == ["formats"]:
        return
    text = put(DOCUMENT.read_text(), "weights", weights_table(WEIGHTS.read_text()))
    text = put(text, "constructed", printed("constructed.py"))
    if len(sys.argv) > 1:
        text = put(text, "detection", printed("detection.py", sys.argv[1], "--psad"))
        text = put(text, "robustness", printed("robustness.py", sys.argv[1]))
    DOCUMENT.write_text(text)


if __name__ == "__main__":
    main()
