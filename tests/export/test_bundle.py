"""The evidence bundle: the same bytes for the same evidence, hashes that hold, and names made of addresses only."""

from __future__ import annotations

import gc
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scantui.export import bundle
from scantui.export.handover import Handover
from scantui.export.zipped import Zipped
from scantui.safe_text import harmless
from tests.export.handing import MADE_AT, MIXED, SYNFIN, demo, handing, syn_lines
from tests.export.hostile import texts
from tests.export.poisoned import poisoned

_FOLDER = "evidence-20270115T080000Z"
_NAME = re.compile(rf"{_FOLDER}/(sources/[0-9a-f.-]+/(explanation\.json|lines\.tsv)|[A-Za-z0-9]+(\.[a-z]+)?)")


def _open(handover: Handover) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(bundle.render(handover))))
    assert archive.testzip() is None
    return archive


def test_equal_evidence_gives_equal_bytes() -> None:
    handover = demo(MIXED)
    assert b"".join(bundle.render(handover)) == b"".join(bundle.render(handover))
    for info in _open(handover).infolist():
        assert info.date_time == (2027, 1, 15, 8, 0, 0)
        assert info.external_attr >> 16 == 0o100600


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sha256sum_finds_every_file_as_it_was_packed(tmp_path: Path) -> None:
    _open(demo(MIXED)).extractall(tmp_path)
    folder = tmp_path / _FOLDER
    run = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True
    )
    checked = {line.removesuffix(": OK") for line in run.stdout.splitlines()}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert there == checked | {"SHA256SUMS"}
    (folder / "report.html").write_text("changed")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True).returncode != 0


def test_it_holds_what_the_evidence_is(tmp_path: Path) -> None:
    log = tmp_path / "kern.log"
    log.write_text(syn_lines(["203.0.113.9", "2001:db8:1:2::5"], range(20, 80)))
    handover = handing([log], ["203.0.113.9", "2001:db8:1:2::5"])
    archive = _open(handover)
    names = set(archive.namelist())
    assert all(_NAME.fullmatch(name) for name in names)
    for folder, address in (("203.0.113.9", "203.0.113.9"), ("2001-db8-1-2--5", "2001:db8:1:2::5")):
        told = json.loads(archive.read(f"{_FOLDER}/sources/{folder}/explanation.json"))
        assert (told["schema"], told["source"]) == ("scantui.explanation/1", address)
        rows = archive.read(f"{_FOLDER}/sources/{folder}/lines.tsv").decode().splitlines()
        assert len(rows) == 61
        with log.open("rb") as file:
            for row in rows[1:]:
                _, path, offset, line = row.split("\t")
                assert path == str(log)
                file.seek(int(offset))
                assert file.readline().decode().rstrip("\n") == line
    manifest = json.loads(archive.read(f"{_FOLDER}/manifest.json"))
    assert manifest["schema"] == "scantui.evidence/1"
    assert manifest["inputs"][0]["format"] == "netfilter"
    assert [one["source"] for one in manifest["sources"]] == ["203.0.113.9", "2001:db8:1:2::5"]
    events = archive.read(f"{_FOLDER}/events.csv").decode().splitlines()
    assert len(events) == 121


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts)
def test_no_text_becomes_a_name_or_a_row(text: str) -> None:
    archive = _open(poisoned(demo(SYNFIN), text))
    assert all(_NAME.fullmatch(name) for name in archive.namelist())
    rows = archive.read(f"{_FOLDER}/sources/203.0.113.7/lines.tsv").decode().split("\n")
    assert len(rows) == 4 + 2
    for row in rows[1:-1]:
        _, path, _, line = row.split("\t")
        assert path == line == harmless(text)
    assert json.loads(archive.read(f"{_FOLDER}/manifest.json"))["sources"][0]["note"] == harmless(text)


@given(texts)
def test_only_an_address_becomes_a_name(text: str) -> None:
    if set(text) <= set("0123456789abcdef.:") and text:
        return
    with pytest.raises(ValueError, match="not an address"):
        bundle.safe_name(text)


@given(
    st.lists(st.lists(st.binary(max_size=50) | st.text(max_size=20), max_size=3), max_size=4),
    st.integers(-(2**62), 2**53),
)
def test_what_is_packed_comes_out(files: list[list[str | bytes]], made_at: int) -> None:
    archive = Zipped("x", made_at)
    data = (
        b"".join(part for number, chunks in enumerate(files) for part in archive.add(str(number), chunks))
        + archive.close()
    )
    opened = zipfile.ZipFile(io.BytesIO(data))
    for number, chunks in enumerate(files):
        whole = b"".join(chunk.encode() if isinstance(chunk, str) else chunk for chunk in chunks)
        assert opened.read(f"x/{number}") == whole
        assert archive.packed[number].size == len(whole)


def test_what_is_not_fetched_to_its_end_is_let_go(recwarn: pytest.WarningsRecorder) -> None:
    parts = bundle.render(demo(SYNFIN))
    assert next(parts) is not None
    del parts
    gc.collect()
    assert not [str(warning.message) for warning in recwarn if "Zip" in str(warning.message)]


def test_nobody_chosen_is_said() -> None:
    with pytest.raises(ValueError, match="no source to report on"):
        list(bundle.render(Handover(demo(SYNFIN).snapshot, {}, MADE_AT)))
