"""Any writing, polling and rotating gives exactly the lines written, in order.

The line that a rotated file ends in without a newline comes when that file is surely over, so it may come late.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest.reading import Reader, append

PACKERS = (gzip.compress, lzma.compress, bz2.compress)

# No newlines, and nothing that makes the rest of a cut line look like an archive.
BYTES = st.binary(max_size=90).map(lambda line: line.translate(None, b"\n\x1f\x28\xfd\x04BP"))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(BYTES, min_size=1, max_size=6), st.floats(0, 1)),
        st.just(("poll",)),
        st.just(("poll",)),
        st.just(("sip",)),
        st.just(("rotate",)),
        st.just(("rotate",)),
        st.just(("pack",)),
        st.just(("half",)),
        st.just(("tick",)),
    ),
    max_size=40,
)


class Log:
    """A log with its rotator, and the content of every generation."""

    def __init__(self, path: Path, scheme: str) -> None:
        self.path, self.scheme = path, scheme
        self.rotations = 0
        self.generations = [b""]
        self.unwritten = b""
        path.touch()

    def write(self, data: bytes) -> None:
        append(self.path, data)
        self.generations[-1] += data

    def _shift(self) -> None:
        for number in range(self.rotations, 0, -1):
            for end in ("", ".gz"):
                old = Path(f"{self.path}.{number}{end}")
                if old.exists():
                    old.rename(f"{self.path}.{number + 1}{end}")

    def rotate(self) -> None:
        newest = 1 if self.scheme in ("shift", "copy") else self.rotations + 1
        if newest == 1:
            self._shift()
        self.rotations += 1
        target = Path(f"{self.path}.{newest}")
        if self.scheme == "copy":
            shutil.copyfile(self.path, target)
            with self.path.open("r+b") as log:
                log.truncate()
        else:
            self.path.rename(target)
            self.path.touch()
        self.generations.append(b"")

    def pack(self, part: float = 1) -> None:
        """Compress the second newest rotated file, as delaycompress does; or begin to."""
        number = 2 if self.scheme in ("shift", "copy") else self.rotations - 1
        plain = Path(f"{self.path}.{number}")
        if plain.exists():
            archive = PACKERS[self.rotations % len(PACKERS)](plain.read_bytes())
            Path(f"{plain}.gz").write_bytes(archive[: int(len(archive) * part)])
            if part == 1:
                plain.unlink()

    def lines(self) -> list[bytes]:
        """Every line; the newest file's unfinished one is still to come."""
        out: list[bytes] = []
        for content in self.generations[:-1]:
            out += content.removesuffix(b"\n").split(b"\n") if content else []
        return out + self.generations[-1].split(b"\n")[:-1]

    def ended(self) -> list[bytes]:
        """The lines that are whole in one file: numbered, so each is there once."""
        parts = (content.split(b"\n")[:-1] for content in self.generations)
        return [line for lines in parts for line in lines if line.startswith(b"#")]


def play(
    folder: Path, scheme: str, steps: list[tuple[object, ...]], packing: bool, before: bytes | None = None
) -> tuple[Reader, Log]:
    log = Log(folder / "log", scheme)
    log.write(before or b"")
    reader = Reader([log.path], block_size=600, max_line=256, newest_first=before is not None)
    reader.poll(100 if before else None)
    number = 0
    for step in steps:
        if step[0] == "write":
            data = log.unwritten
            for line in step[1]:  # type: ignore[attr-defined]
                data += b"#%d:" % number + line + b"\n"
                number += 1
            cut = int(len(data) * step[2])  # type: ignore[operator]
            log.unwritten = data[cut:]
            log.write(data[:cut])
        elif step[0] == "rotate":
            log.rotate()
        elif step[0] in ("pack", "half") and packing:
            log.pack(1 if step[0] == "pack" else 0.5)
        elif step[0] == "tick":
            reader.clock.seconds += 6
        else:
            reader.poll(100 if step[0] == "sip" else None)
    reader.settle()
    return reader, log


@pytest.mark.parametrize("scheme", ["numbered", "shift", "copy"])
@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_exactly_the_lines_written_in_order(scheme: str, steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reader, log = play(Path(folder), scheme, steps, packing=False)
        with reader:
            ended = log.ended()
            assert [line for line in reader.lines if line in set(ended)] == ended
            assert sorted(reader.lines) == sorted(log.lines())


@pytest.mark.parametrize("scheme", ["numbered", "shift", "copy"])
@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_packing_rotated_files_loses_and_doubles_nothing(scheme: str, steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reader, log = play(Path(folder), scheme, steps, packing=True)
        with reader:
            assert sorted(reader.lines) == sorted(log.lines())


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.ingest.follow.TOTAL", 200)
    monkeypatch.setattr("scantui.ingest.follow.LEAST", 200)
    for module in ("ahead", "generation"):
        monkeypatch.setattr(f"scantui.ingest.{module}.HEAD", 100)


@pytest.mark.parametrize("scheme", ["numbered", "shift", "copy"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, first=st.lists(BYTES, max_size=60))
def test_newest_first_loses_and_doubles_nothing(
    small: None, scheme: str, steps: list[tuple[object, ...]], first: list[bytes]
) -> None:
    """What came ahead comes again in its turn, of the same place."""
    before = b"".join(b"#-%d:" % number + line + b"\n" for number, line in enumerate(first))
    with tempfile.TemporaryDirectory() as folder:
        reader, log = play(Path(folder), scheme, steps, packing=False, before=before)
        with reader:
            assert sorted(reader.lines) == sorted(log.lines())
            again = {
                (source, offset): line for (source, offset, _), line in zip(reader.origin, reader.lines, strict=True)
            }
            assert [line for source, offset, line in reader.ahead if again.get((source, offset)) != line] == []
