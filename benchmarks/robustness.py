"""How much scantui's verdicts hang on single pieces of evidence, on the threshold, and on a complete log.

    python benchmarks/robustness.py CORPUS

For the full and the key=value log of the corpus's main part: every piece of evidence left out in turn; weights fitted with one kind of scan and one
kind of innocent traffic left out in turn (fitting.py), beside the table's; the threshold moved; lines lost at random;
accepted lines missing; a log that has just begun. Scores as in scoring.py.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import fitting
from corpus import Log, logs
from scoring import of_scans, score

from benchmarks.peers.common import SECOND
from scantui.detect import judge
from scantui.detect import weights as w
from scantui.detect.detection import Detection, detect
from scantui.events import Action, Events

HEADINGS = ("", "episodes found", "sources found", "source precision", "benign flagged", "missed")
SEEDS = (1, 2, 3)
NAMED = 6
YOUNG = (1, 2, 5, 10, 30, 60)


def title(text: str) -> None:
    print(f"\n{text}\n\n| " + " | ".join(HEADINGS) + " |")
    print("|---" * len(HEADINGS) + "|")


def row(name: str, log: Log, events: Events, found: Detection, threshold: float | None = None) -> None:
    s = score(of_scans(found.scans, events.tables.addresses, threshold), log.labels, events)
    missed = ", ".join(s.missed[:NAMED]) + (f" and {len(s.missed) - NAMED} more" if len(s.missed) > NAMED else "")
    print(f"| {name} | {s.recall} | {s.sources} | {s.precision} | {s.benign} | {missed or '-'} |")


def ablation(log: Log) -> None:
    title(f"{log.name}: without one piece of evidence")
    row("all pieces", log, log.events, detect(log.events))
    for piece in judge.PIECES:
        rest = tuple(other for other in judge.PIECES if other is not piece)
        with patch.object(judge, "PIECES", rest):
            row(f"no {piece.name}", log, log.events, detect(log.events))
    with patch.object(w, "LET_THROUGH", 0.0):
        row("permitted targets weigh nothing", log, log.events, detect(log.events))


def sensitivity(log: Log) -> None:
    title(f"{log.name}: another threshold (the table's is {w.SCAN:+g})")
    found = detect(log.events)
    for threshold in (w.SCAN - 1, w.SCAN, w.SCAN + 1):
        row(f"{threshold:+g}", log, log.events, found, threshold)


def losses(log: Log) -> None:
    title(f"{log.name}: with lines missing")
    events = log.events
    for share in (0.5, 0.25):
        for seed in SEEDS:
            part = events.take(np.random.default_rng(seed).random(len(events)) < share)
            row(f"{share:.0%} of lines, seed {seed}", log, part, detect(part))
    refused = events.take(events.action != Action.ACCEPT)
    row("no accepted lines", log, refused, detect(refused))
    for share in (0.5, 0.25):
        for seed in SEEDS:
            part = refused.take(np.random.default_rng(seed).random(len(refused)) < share)
            row(f"no accepted lines, {share:.0%} of the others, seed {seed}", log, part, detect(part))
    unsaid = replace(events, action=np.zeros(len(events), np.uint8))
    row("a log that does not say what became of a packet", log, unsaid, detect(unsaid))


def young(log: Log) -> None:
    """Benign sources flagged in the first minutes of a log, before anybody can have come back."""
    print(
        f"\n{log.name}: benign sources flagged when the log is young\n\n| minutes | events | flagged |\n|---|---|---|"
    )
    events = log.events.take(np.argsort(log.events.ts, kind="stable"))
    kinds = {source: e["kind"] for e in log.labels if e["cls"] == "benign" for source in e["sources"]}
    for minutes in YOUNG:
        part = events.take(events.ts < events.ts[0] + minutes * 60 * SECOND)
        found = {f.source for f in of_scans(detect(part).scans, events.tables.addresses)}
        named = sorted(f"{source} ({kinds[source]})" for source in found & set(kinds))
        print(f"| {minutes} | {len(part):,} | {', '.join(named) or '-'} |")


def margins(log: Log) -> None:
    """The scores nearest to the threshold from either side."""
    text = log.events.tables.addresses.text
    by_class: dict[str, list[tuple[float, str, str]]] = {"scan": [], "benign": []}
    of = {source: e for cls in ("benign", "scan") for e in log.labels if e["cls"] == cls for source in e["sources"]}
    for scan in detect(log.events).scans:
        label = of.get(text(scan.source)) if scan.sources else None
        if label:
            by_class[label["cls"]].append((scan.score, text(scan.source), label["id"]))
    print(
        f"\n{log.name}: nearest to the threshold of {w.SCAN:+g}\n\n| class | score | source | label |\n|---|---|---|---|"
    )
    nearest = [("scan", x) for x in sorted(by_class["scan"])[:3]]
    nearest += [("benign", x) for x in sorted(by_class["benign"], reverse=True)[:3]]
    for cls, (score_, source, label_id) in nearest:
        print(f"| {cls} | {score_:+.1f} | {source} | {label_id} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    for log in logs(parser.parse_args().corpus):
        if log.part == "main" and log.name != "plain LOG":  # no verdict rests on a column that it lacks
            ablation(log)
            fitting.leave_out(log)
            sensitivity(log)
            margins(log)
            losses(log)
            young(log)


if __name__ == "__main__":
    main()
