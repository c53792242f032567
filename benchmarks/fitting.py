"""Leave one kind out: weights fitted without a kind of scan and a kind of innocent traffic, judged on both.

A row is one labelled source's episode; its values are the table's pieces of evidence, so that a fitted factor of 1 is the table's
own weight. The fit is a logistic regression (numpy, Newton's method) with a ridge that pulls every factor towards nothing; each
kind counts as much as any other of its class, and both classes alike.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from corpus import Label, Log, microseconds
from numpy.typing import NDArray
from scoring import SLACK, Fraction

from scantui.detect import weights as w
from scantui.detect.episodes import episodes
from scantui.detect.judge import paths
from scantui.detect.measure import measure, role_of
from scantui.detect.site import survey

Floats = NDArray[np.float64]
LEAST = 3  # packets that ask
RIDGE = 0.05
ROUNDS = 30


class Table(NamedTuple):
    """Values of the pieces by episode, its kind, whether it scans, and the table's verdict."""

    names: tuple[str, ...]
    values: Floats
    kind: NDArray[Any]
    scans: NDArray[np.bool_]
    flagged: NDArray[np.bool_]


def table(log: Log) -> Table:
    """Every episode with a label other than noise and enough packets that ask to be judged by."""
    site = survey([log.events])
    of = episodes(log.events)
    measures = measure(of, role_of(of), site)
    ts = of.events.ts[measures.rows]
    score, pieces = paths(measures, ts, tells_accepts=site.tells_accepts)
    last = np.append(measures.start[1:], len(measures.rows)) - 1
    first_ts, last_ts = ts[measures.start], ts[last]
    text = of.events.tables.addresses.text
    sources = [text(code) for code in of.events.src[measures.rows[last]].tolist()]
    kinds, keep, scans = [], [], []
    for i, source in enumerate(sources):
        enough = last[i] - measures.start[i] + 1 >= LEAST and (measures.pairs[last[i]] > 1 or measures.tiny[last[i]])
        label = enough and _label(log.labels, source, int(first_ts[i]), int(last_ts[i]))
        if label:
            keep.append(last[i])
            kinds.append(label["kind"])
            scans.append(label["cls"] == "scan")
    values = np.column_stack([values[keep] for values in pieces.values()])
    return Table(tuple(pieces), values, np.array(kinds), np.array(scans), score[keep] >= w.SCAN)


def _label(labels: list[Label], source: str, first: int, last: int) -> Label | None:
    mine = [label for label in labels if source in label["sources"] and label["cls"] in ("scan", "benign")]
    mine = [e for e in mine if first <= microseconds(e["end"]) + SLACK and last >= microseconds(e["start"]) - SLACK]
    return max(mine, key=lambda label: label["cls"] == "scan") if mine else None


def fit(values: Floats, target: NDArray[np.bool_], weight: Floats) -> Floats:
    """Intercept and factors."""
    x = np.column_stack((np.ones(len(values)), values))
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    factors = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(x @ factors, -30, 30)))
        slope = x.T @ (weight * (target - p)) - ridge @ factors
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + ridge
        factors = factors + np.linalg.solve(curve, slope)
    return factors


def kind_weights(kind: NDArray[Any], scans: NDArray[np.bool_]) -> Floats:
    """Weights that sum to the rows' count, equal for all kinds of a class and for both classes."""
    weight = np.zeros(len(kind))
    for cls in (False, True):
        kinds = np.unique(kind[scans == cls])
        for name in kinds:
            mine = (kind == name) & (scans == cls)
            weight[mine] = len(kind) / (2 * len(kinds) * np.count_nonzero(mine))
    return weight


def leave_out(log: Log) -> None:
    """Print the factors fitted on all, and for each kind how many of its episodes come out right when it was not seen."""
    data = table(log)
    every = fit(data.values, data.scans, kind_weights(data.kind, data.scans))
    print(
        f"\n{log.name}: factors fitted on all {len(data.kind):,} labelled episodes (the table's weights are factor 1)\n"
    )
    print("| piece | factor |\n|---|---|")
    for name, factor in zip(("intercept", *data.names), every, strict=True):
        print(f"| {name} | {factor:+.2f} |")
    right: dict[str, list[int]] = {}
    for scan in np.unique(data.kind[data.scans]):
        for benign in np.unique(data.kind[~data.scans]):
            out = np.isin(data.kind, (scan, benign))
            seen = ~out
            factors = fit(data.values[seen], data.scans[seen], kind_weights(data.kind[seen], data.scans[seen]))
            says = factors[0] + data.values @ factors[1:] >= w.SCAN
            for name in (scan, benign):
                mine = data.kind == name
                right.setdefault(str(name), []).append(int(np.count_nonzero(says[mine] == data.scans[mine])))
    print(f"\n{log.name}: kinds left out of the fit (with each kind of the other class in turn; the worst of them)\n")
    print("| kind left out | class | right by weights fitted without it, worst | mean | right by the table |")
    print("|---|---|---|---|---|")
    for name, counts in right.items():
        mine = data.kind == name
        total, cls = int(np.count_nonzero(mine)), "scan" if data.scans[mine].any() else "benign"
        ours = Fraction(int(np.count_nonzero(data.flagged[mine] == data.scans[mine])), total)
        print(f"| {name} | {cls} | {Fraction(min(counts), total)} | {np.mean(counts) / total:.3f} | {ours} |")
