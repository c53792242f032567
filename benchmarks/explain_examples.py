"""Write docs/examples/: `scantui explain` on the demo logs.

    python benchmarks/explain_examples.py [FOLDER]

Each output is to be read beside what is known of the scan; no sentence may claim what its log cannot support.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from scantui.cli import main

# name: (log, source), each a scan by a real tool: see demo_logs/README.md
EXAMPLES = {
    "synfin-from-53": ("synfin-burst.kv.log", "203.0.113.7"),
    "null-scan": ("mixed.iptables.log", "203.0.113.51"),
    "connect-scan": ("mixed.iptables.log", "203.0.113.36"),
    "telnet-bot": ("mixed.iptables.log", "198.18.173.44"),
    "one-of-thirty": ("distributed.kv.log", "198.18.234.208"),
}


def write(folder: Path) -> None:
    """All examples into `folder`."""
    os.chdir(ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    for name, (log, source) in EXAMPLES.items():
        path = folder / f"{name}.txt"
        path.unlink(missing_ok=True)
        if status := main(["explain", f"demo_logs/{log}", "--source", source, "--output", str(path)]):
            raise SystemExit(f"{name}: exit status {status}")
        path.chmod(0o644)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "examples")
