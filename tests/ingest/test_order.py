"""Rotated sets are read in the order in which they were written."""

from __future__ import annotations

import bz2
import gzip
import os
import random
from pathlib import Path

import pytest

from scantui.ingest.siblings import oldest_first, stem
from tests.ingest.reading import Reader

SETS = {
    "numbered": ["kern.log.10.gz", "kern.log.9.bz2", "kern.log.2.xz", "kern.log.1", "kern.log"],
    "dated": ["kern.log-20231231.gz", "kern.log-20240101.gz", "kern.log-20240201", "kern.log"],
    "dated with time": ["fw.log.2024-01-31T09:59:59.gz", "fw.log.2024-01-31T10:00:00.gz", "fw.log"],
    "colon": ["messages:20240131", "messages:20240201", "messages"],
    "epoch": ["ulog-1700000000.gz", "ulog-1700003600", "ulog"],
    "Suricata": ["eve-2024-01-31-23:59.json", "eve-2024-02-01-00:59.json", "eve.json"],
}


@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
def test_one_log(names: list[str]) -> None:
    assert {stem(name) for name in names} == {names[-1]}


def test_names_of_their_own() -> None:
    for name in ("sensor-1.log", "fw2.log", "10.0.0.1.log", "conn.log", "kern.log.gz.txt"):
        assert stem(name) == name
    assert stem("conn.10:00:00-11:00:00.log.gz") == "conn.log"


@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
@pytest.mark.parametrize("copied", [False, True])
def test_oldest_first_by_time_and_by_name(names: list[str], copied: bool) -> None:
    """As written; and as a copy leaves them, dated in the order of their names or all at once."""
    for seed in range(5):
        shuffled = random.Random(seed).sample(names, len(names))
        if copied:
            times = {name: i if seed else 0 for i, name in enumerate(sorted(names, key=lambda name: (len(name), name)))}
        else:
            times = {name: i for i, name in enumerate(names)}
        files = [(f"/var/log/{name}", times[name]) for name in shuffled]
        assert [shuffled[i] for i in oldest_first(names[-1], files, None)] == names


def test_numbers_that_rise(tmp_path: Path) -> None:
    names = ["fw.log.1", "fw.log.2", "fw.log.10", "fw.log"]
    files = [(name, i) for i, name in enumerate(names)]
    assert [names[i] for i in oldest_first("fw.log", files, None)] == names


def test_a_rotated_directory_is_read_in_order(tmp_path: Path) -> None:
    for i, (name, pack) in enumerate(
        [("kern.log.3.bz2", bz2.compress), ("kern.log.2.gz", gzip.compress), ("kern.log.1", bytes)]
    ):
        (tmp_path / name).write_bytes(pack(b"%d\n" % i))
        os.utime(tmp_path / name, (1000 + i, 1000 + i))
    (tmp_path / "kern.log").write_bytes(b"3\n")
    with Reader([tmp_path], follow=False) as reader:
        assert reader.drain() == [b"0", b"1", b"2", b"3"]
