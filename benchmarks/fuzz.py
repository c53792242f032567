"""Hostile lines by hand: damaged samples of every format for so long, and what lines of growing length cost.

    python -m benchmarks.fuzz [MINUTES] [SEED]

Prints lines tried, events, what raised (nothing may), and for each format the worst growth of time when a line doubles to 64 KiB,
the longest that is read; 2 is linear, 4 quadratic.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from scantui.formats import FORMATS
from scantui.formats.base import Format, Sample
from scantui.formats.reader import Reader
from scantui.formats.registry import Formats
from scantui.ingest.block import SLACK, Block, Source
from scantui.ingest.lines import MAX_LINE
from scantui.tables import Tables

_PIECES = [b" ", b"=", b'"', b"\\", b"{", b"[", b"(", b"a", b"0", b".", b":", b",", b"|", b"<", b"\t", b"\x00", b"\xff", b"- ",
           b"a=", b'a="', b"a b ", b'{"a":', b"[{", b"1.2.3.4 ", b"::", b"%ASA-", b"kernel: ", b"Jan 1 ", b"\\u00"]  # fmt: skip
_SLOW = 0.05  # seconds a line; what takes less is not looked at for its growth


def reader_of(form: Format | None) -> Reader:
    return Reader(Tables(), formats=Formats(forced=(("*", form),)) if form is not None else None)


def read(reader: Reader, data: bytes) -> int:
    block = Block(Source(1, "fuzz", 0, 1, 1_800_000_000_000_000, b""), bytearray(data + bytes(SLACK)), len(data), 0, 0)
    return len(reader.read(block)) + sum(map(len, reader.flush()))


def damaged(dice: random.Random, samples: list[Sample]) -> bytes:
    """A line of one or two samples with a few edits, now and then a long one."""
    line = bytearray(dice.choice(samples).line)
    for _ in range(dice.randrange(6)):
        at, cut = dice.randrange(len(line) + 1), dice.choice((0, 0, 1, 3, 12, 40))
        put = dice.choice((b"", dice.randbytes(dice.randrange(1, 4)), dice.choice(_PIECES)))
        if dice.random() < 0.1:
            other = dice.choice(samples).line
            put = other[dice.randrange(len(other)) :]
        line[at : at + cut] = put * (dice.choice((50, 500)) if dice.random() < 0.02 else 1)
    return bytes(line).replace(b"\n", b" ") if b"\n" not in samples[0].line else bytes(line)


def tried(minutes: float, seed: int) -> None:
    """Damaged lines until the time is over."""
    dice = random.Random(seed)
    every = [sample for form in FORMATS for sample in form.samples]
    lines = events = failures = 0
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        form = dice.choice((None, *FORMATS))
        samples = list(form.samples) if form is not None and dice.random() < 0.8 else every
        few = [damaged(dice, samples) for _ in range(dice.choice((1, 3, 8)))]
        batch = [dice.choice(few) for _ in range(dice.choice((1, 4, 60, 200)))]
        head = dice.choice(samples).header
        data = b"\n".join(([head] if head else []) + batch) + b"\n"
        try:
            events += read(reader_of(form), data)
        except Exception as error:  # whatever it is, it is told with the lines
            failures += 1
            print(f"{form.name if form else 'any'}: {error!r}: {few!r}"[:2000])
        lines += data.count(b"\n")
    print(f"seed {seed}: {lines:,} damaged lines in {minutes:g} min, {events:,} events, {failures} failures")


def long_lines(sample: Sample) -> Iterator[tuple[str, int, bytes]]:
    """Lines of 32 and 64 KiB in which something stands over and over."""
    line = sample.line
    third = len(line) // 3
    parts = {"all": line + b" ", "middle": line[third : 2 * third], "end": line[-third:]} | {str(p): p for p in _PIECES}
    for at in (0, third, 2 * third, len(line)):
        for name, part in parts.items():
            for size in (MAX_LINE // 2, MAX_LINE - 1):
                long = line[:at] + part * ((size - len(line)) // len(part)) + line[at:]
                yield f"{name} at {at}", size, long[:size]


def seconds(form: Format, data: bytes) -> float:
    reader = reader_of(form)
    began = time.process_time()
    read(reader, data)
    return time.process_time() - began


def growth(form: Format) -> tuple[float, float, str]:
    """(worst growth of time by a doubled line, seconds of the longest, where)."""
    worst, most, where = 0.0, 0.0, ""
    for sample in form.samples:
        before = 1.0
        for name, size, line in long_lines(sample):
            took = seconds(form, (sample.header + b"\n" if sample.header else b"") + line + b"\n")
            if size == MAX_LINE - 1 and took > _SLOW and took > 2.5 * before:  # perhaps somebody else's doing
                took = min(took, seconds(form, (sample.header + b"\n" if sample.header else b"") + line + b"\n"))
            if size < MAX_LINE - 1:
                before = took
            elif took > _SLOW:
                most = max(most, took)
                if took / before > worst:
                    worst, where = took / before, f"{name}: {took * 1e3:.0f} ms"
    return worst, most, where


def main() -> None:
    minutes, seed = float(sys.argv[1]) if sys.argv[1:] else 1.0, int(sys.argv[2]) if sys.argv[2:] else 1
    tried(minutes, seed)
    for form in FORMATS:
        worst, most, where = growth(form)
        print(f"{form.name:20} growth {worst:4.1f}  longest {most * 1e3:6.0f} ms  {where}")


if __name__ == "__main__":
    main()
