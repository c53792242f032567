"""Exports of chosen sources: the preview is the file's beginning, and what to think of before is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scantui.detect.scan import Kind, Verdict
from scantui.export import EXPORTS
from scantui.export.cautions import cautions
from scantui.export.chosen import preview, write
from scantui.snapshot import Mark
from tests.ui.build import SEED, snapshot


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_preview_is_the_beginning_of_the_file(tmp_path: Path, kind: str) -> None:
    snap = snapshot()
    codes = tuple(code for scan in snap.scans for code in scan.sources)
    path = tmp_path / "out"
    assert "2 sources" in write(kind, path, snap, codes)
    lines = path.read_text("utf-8").splitlines()
    for most in (1, 2, 1000):
        made = preview(kind, snap, codes, most)
        assert [line[:2000] for line in lines[:most]] == [line[:2000] for line in made.lines]
        assert made.more == (len(lines) > most)


def test_nothing_chosen_and_no_such_kind_are_said() -> None:
    with pytest.raises(ValueError, match="no source to export"):
        preview("csv", snapshot(), (), 5)
    with pytest.raises(ValueError, match="no export is called 'xls'; there are csv"):
        preview("xls", snapshot(), (1,), 5)


def test_a_file_that_is_there_stays_unless_told(tmp_path: Path) -> None:
    snap = snapshot()
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(FileExistsError):
        write("csv", path, snap, (snap.scans[0].source,))
    write("csv", path, snap, (snap.scans[0].source,), True)
    assert SEED in path.read_text("utf-8")


def test_cautions_name_whom_a_block_could_hit() -> None:
    snap = snapshot()
    seed = snap.scans[0].source
    told = cautions(snap, {seed: Mark(seed)})
    assert told == (f"{SEED}: nothing shows that these addresses sent the packets; block for hours, not for good",)
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
