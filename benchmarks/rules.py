"""Rules over packets: what five hundred rules cost over a log of a hundred thousand packets.

    python benchmarks/rules.py [RULES] [PACKETS]

The rules are those the tests make up, in all three dialects; the packets are the benchmark log's.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

import logs

from scantui.detect.detection import detect
from scantui.explain.rules.answer import answer
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.reach import Yard
from scantui.explain.rules.ruleset import read_rules
from tests.explain.rules.test_reading import CONF, made_up
from tests.feeding import read


def main() -> None:
    count, packets = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((1, 500), (2, 100_000)))
    events = read(logs.netfilter(packets))
    begin = time.perf_counter()
    yard = Yard(Bench(events), detect(events).scans)
    print(
        f"{len(events):,} packets, {len(yard.scans)} scans and suspects, detected in {time.perf_counter() - begin:.2f} s"
    )
    for dialect in (Dialect.SNORT2, Dialect.SNORT3, Dialect.SURICATA):
        text = CONF + "\n".join(made_up(count, dialect))
        begin = time.perf_counter()
        rules = read_rules([("made.rules", text)], {}, dialect)
        parsed = time.perf_counter() - begin
        begin = time.perf_counter()
        reaches = [yard.reach(rule) for rule in rules.rules]
        whole = time.perf_counter() - begin
        scan = max(yard.scans, key=lambda scan: scan.packets)
        bench = Bench(events.take(yard.rows_of(scan)))
        begin = time.perf_counter()
        answers = [answer(rule, bench) for rule in rules.rules]
        one = time.perf_counter() - begin
        kinds = Counter("matched" if r.packets else "undecided" if r.undecided else "nothing" for r in reaches)
        print(
            f"{dialect.title:8} {len(rules.rules)} rules, {len(rules.refusals)} refused, read in {parsed:.2f} s; whole log {whole:.2f} s "
            f"({', '.join(f'{name} {number}' for name, number in sorted(kinds.items()))}); one scan of {len(bench):,} packets {one:.2f} s "
            f"({sum(found.fires for found in answers)} fire)"
        )


if __name__ == "__main__":
    main()
