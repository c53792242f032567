"""Exports of chosen sources: the preview is the file's beginning, and what to think of before is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scantui.detect.scan import Kind, Verdict
from scantui.export import EXPORTS
from scantui.export.cautions import cautions
from scantui.export.chosen import kind_of, marks_of, preview, write
from scantui.export.handover import Export, Handover
from scantui.snapshot import Mark
from tests.ui.build import SEED, snapshot

PLAIN = [one for one in EXPORTS.values() if not one.needs and not one.acts]


@pytest.mark.parametrize("kind", [one for one in PLAIN if one.suffix != ".parquet"], ids=lambda one: one.name)
def test_the_preview_is_the_beginning_of_the_file(tmp_path: Path, kind: Export) -> None:
    snap = Handover(snapshot(), marks_of(snapshot(), [code for scan in snapshot().scans for code in scan.sources]))
    path = tmp_path / "out"
    assert "2 sources" in write(kind, path, snap)
    lines = path.read_text("utf-8").splitlines()
    for most in (1, 2, 1000):
        made = preview(kind, snap, most)
        assert [line[:1999] for line in lines[:most]] == [line[:1999] for line in made.lines]
        assert made.more == (len(lines) > most)


def test_what_is_not_text_is_not_previewed() -> None:
    snap = Handover(snapshot(), marks_of(snapshot(), (snapshot().scans[0].source,)))
    made = preview(EXPORTS["parquet-scans"], snap, 5)
    assert made.lines == ("this kind is not text: it can be looked at once it is written",) and not made.more


def test_nothing_chosen_and_no_such_kind_are_said() -> None:
    with pytest.raises(ValueError, match="no source to export"):
        marks_of(snapshot(), ())
    with pytest.raises(ValueError, match=r"no export is called 'xls'; there are .*csv"):
        kind_of("xls")


def test_a_file_that_is_there_stays_unless_told(tmp_path: Path) -> None:
    snap = Handover(snapshot(), marks_of(snapshot(), (snapshot().scans[0].source,)))
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(FileExistsError):
        write(EXPORTS["csv"], path, snap)
    write(EXPORTS["csv"], path, snap, True)
    assert SEED in path.read_text("utf-8")


def test_cautions_name_whom_a_block_could_hit() -> None:
    snap = snapshot()
    seed = snap.scans[0].source
    told = cautions(snap, {seed: Mark(seed)})
    assert told == (f"{SEED}: nothing shows who sent the packets; block for hours, not for good",)
    plain_syn = replace(snap, scans=(replace(snap.scans[0], techniques=("syn",)),))
    assert cautions(plain_syn, {seed: Mark(seed)}) == ()
    mine = cautions(plain_syn, {seed: Mark(seed, verdict="mine")})
    assert mine == (f"{SEED}: you said mine or benign",)
    decoys = replace(snap, clusters=(replace(snap.clusters[0], relation="decoy"),))
    assert "decoys: one of the group scans" in cautions(decoys, {seed: Mark(seed)})[0]
    echo = replace(snap, scans=(replace(snap.scans[0], kind=Kind.BACKSCATTER, verdict=Verdict.BENIGN),))
    assert cautions(echo, {seed: Mark(seed)}) == (
        f"{SEED}: backscatter: a victim of someone who forged your addresses",
    )
    other = int(snap.sources.code[0])
    assert cautions(snap, {other: Mark(other)})[-1].endswith("not judged a scan")
