"""A labelled corpus: a folder with labels.jsonl and one log in several forms, perhaps with a part of floods in a folder of its own.

Of a label these keys are used: id, part, kind, technique, cls (scan, benign, noise or other-attack), sources, n_sources, lines,
start and end.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from scantui.events import Events, concat
from scantui.formats.reader import Reader
from scantui.ingest.block import SLACK, Block, Source
from scantui.tables import Tables

FORMS = {"iptables.log.gz": "full LOG", "iptables-plain.log.gz": "plain LOG", "kv.log.gz": "key=value"}
BLOCK = 2 << 20
DAY = 86_400_000_000  # microseconds
Label = dict[str, Any]


class Log(NamedTuple):
    """One log of the corpus with the labels that belong to it."""

    name: str
    part: str
    path: Path
    events: Events
    labels: list[Label]


def microseconds(stamp: str) -> int:
    return round(datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp() * 1_000_000)


def logs(corpus: Path) -> Iterator[Log]:
    """Every log of the corpus, one at a time."""
    labels = [json.loads(line) for line in (corpus / "labels.jsonl").read_text().splitlines()]
    anchor = max(microseconds(label["end"]) for label in labels) + DAY  # stamps may lack the year
    for folder in (corpus, corpus / "flood"):
        part = "main" if folder == corpus else folder.name
        for file, form in FORMS.items():
            if (folder / file).exists():
                mine = [label for label in labels if label.get("part", "main") == part]
                name = form if part == "main" else f"{form}, {part}"
                yield Log(name, part, folder / file, read(folder / file, anchor), mine)


def read(path: Path, anchor: int) -> Events:
    """The events of a gzipped log."""
    data = gzip.decompress(path.read_bytes())
    source = Source(1, path.name, 0, 1, anchor)
    tables = Tables()
    reader = Reader(tables)
    batches, start = [], 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + BLOCK) + 1 or len(data)
        part = bytearray(data[start:end] + bytes(SLACK))
        batches.append(reader.read(Block(source, part, end - start, start, anchor)))
        start = end
    return concat(batches + reader.flush(), tables)
