"""scantui beside other tools' rules on a labelled corpus.

    python benchmarks/detection.py CORPUS [--psad] [--misses]

Prints a table for each log of the corpus (see corpus.py), all rows by the same score (see scoring.py); `to flag` is median /
90th percentile. `--psad` runs psad itself
on the netfilter logs too, if it is installed; `--misses` names what each detector missed.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from corpus import Log, logs
from scoring import Finding, Score, cluster_f1, of_flags, of_scans, of_sources, score

from benchmarks.peers import PEERS, psad_forensics
from benchmarks.peers import psad as psad_rule
from benchmarks.peers.common import REFUSED
from scantui.detect.detection import detect

HEADINGS = (
    "detector",
    "episodes found",
    "sources found",
    "source precision",
    "benign flagged",
    "kind",
    "technique",
    "probes to flag",
    "lines to flag",
)


def row(name: str, s: Score) -> str:
    cells = (name, s.recall, s.sources, s.precision, s.benign, s.kind, s.technique, s.probes, s.lines)
    return "| " + " | ".join(map(str, cells)) + " |"


def refused_lines(log: Log) -> list[bytes]:
    data = gzip.decompress(log.path.read_bytes())
    events = log.events.take(np.isin(log.events.action, REFUSED))
    spans = zip(events.offset.tolist(), events.line_length.tolist(), strict=True)
    return [data[start : start + length] + b"\n" for start, length in spans]


def agree(log: Log, real: set[str]) -> None:
    """Print whether the restated rule names the sources psad names; without the timeout, as `psad -A` knows none."""
    text = log.events.tables.addresses.text
    restated = {text(code) for code in psad_rule.flags(log.events, timeout=1 << 62)}
    print(f"psad's rule restated, no timeout: {len(restated & real)} sources as psad -A names them, ", end="")
    print(f"{len(restated - real)} only restated, {len(real - restated)} only psad -A")


def compare(log: Log, *, psad: bool, misses: bool) -> None:
    """Print the table of one log."""
    print(f"\n### {log.name}: {len(log.events):,} events\n")
    print("| " + " | ".join(HEADINGS) + " |")
    print("|---" * len(HEADINGS) + "|")
    found = detect(log.events)
    addresses = log.events.tables.addresses
    named: set[str] | None = None
    rows: dict[str, list[Finding]] = {"scantui": of_scans(found.scans, addresses)}
    for name, flags in PEERS.items():
        rows[name] = of_flags(flags(log.events), log.events)
    if psad and psad_forensics.installed() and "LOG" in log.name:
        for signatures in (True, False):
            levels = psad_forensics.levels(refused_lines(log), signatures=signatures)
            how = "" if signatures else ", no signatures"
            if not signatures:
                named = {address for address, level in levels.items() if level >= psad_rule.REPORTED}
            for least in (1, 2, 3) if signatures else (psad_rule.REPORTED,):
                rows[f"psad -A, level {least}{how}"] = of_sources({a for a, dl in levels.items() if dl >= least})
    scores = {name: score(findings, log.labels, log.events) for name, findings in rows.items()}
    for name, result in scores.items():
        print(row(name, result))
    if named is not None:
        print()
        agree(log, named)
    print(f"\nscantui's clusters: F1 {cluster_f1(found.clusters, addresses, log.labels)}")
    if misses:
        for name, s in scores.items():
            print(f"{name}: missed {', '.join(s.missed) or '-'}; misnamed {', '.join(s.misnamed) or '-'}")
            print(f"    benign flagged: {', '.join(s.wrong[:20]) or '-'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--psad", action="store_true")
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    for log in logs(arguments.corpus):
        compare(log, psad=arguments.psad, misses=arguments.misses)


if __name__ == "__main__":
    main()
