"""The evidence bundle: report, explanations, log lines and events of the chosen sources in one archive, with hashes.

Equal handovers give equal bytes. Names in it are made of addresses only.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from scantui import __version__
from scantui.export import events_csv, explanation, report_html, report_md
from scantui.export.handover import Export, Handover, Needs
from scantui.export.incident import NOTHING
from scantui.export.report import input_item
from scantui.export.times import iso
from scantui.export.zipped import Packed, Zipped
from scantui.safe_text import harmless
from scantui.snapshot import Detail

SCHEMA = "scantui.evidence/1"
_MANIFEST, _SUMS = "manifest.json", "SHA256SUMS"
_README = """\
Evidence of port scans, put together by scantui {version} on {made}.

report.html                        the report, for a browser; it fetches nothing
report.md                          the same as text
sources/ADDRESS/explanation.json   what is known of one source (schema scantui.explanation/1)
sources/ADDRESS/lines.tsv          log lines: time (UTC), file, byte offset, line; the first and the last of its episode
events.csv                         every event that is held of the sources; offset is where its line begins
manifest.json                      inputs, formats, how it was judged, versions, hashes
SHA256SUMS                         hashes of all these files

To check that nothing was changed: sha256sum -c SHA256SUMS
Bytes of log lines that cannot be shown are written as escapes (\\x1b). The logs themselves are not in here: keep them.
"""


def render(handover: Handover) -> Iterator[bytes]:
    """The archive, part by part. Raises ValueError when nobody was chosen."""
    if not handover.marks:
        raise ValueError(NOTHING)
    made = iso(handover.made_at // 1_000_000 * 1_000_000)
    archive = Zipped(f"evidence-{made[:19].replace('-', '').replace(':', '')}Z", handover.made_at)
    yield from archive.add("README.txt", [_README.format(version=__version__, made=made)])
    yield from archive.add("report.html", report_html.render(handover))
    yield from archive.add("report.md", report_md.render(handover))
    yield from archive.add("events.csv", events_csv.render(handover))
    for code in handover.marks:
        dossier = handover.dossiers.get(code)
        if dossier is not None:
            folder = f"sources/{safe_name(dossier.address)}"
            yield from archive.add(f"{folder}/explanation.json", explanation.render_json(handover.snapshot, dossier))
            yield from archive.add(f"{folder}/lines.tsv", _lines(dossier))
    yield from archive.add(
        _MANIFEST, [msgspec.json.format(msgspec.json.encode(_manifest(handover, archive.packed)), indent=1)]
    )
    yield from archive.add(_SUMS, [f"{one.sha256}  {one.name}\n" for one in archive.packed])
    yield archive.close()


def safe_name(address: str) -> str:
    """An address as a file's name, on any system: hexadecimal digits, dots, and hyphens for colons."""
    if not address or set(address) - set("0123456789abcdef.:"):
        raise ValueError(f"not an address: {harmless(address, 60)!r}")
    return address.replace(":", "-")


def _lines(dossier: Detail) -> Iterator[str]:
    yield "time\tfile\toffset\tline\n"
    for raw in dossier.raw:
        yield f"{iso(raw.ts)}\t{harmless(raw.path)}\t{raw.offset}\t{harmless(raw.text)}\n"


def _manifest(handover: Handover, packed: list[Packed]) -> dict[str, Any]:
    snapshot, wishes = handover.snapshot, handover.wishes
    status = snapshot.status
    return {
        "schema": SCHEMA,
        "made_at": iso(handover.made_at),
        "made_by": {
            "reporter": harmless(wishes.reporter),
            "organisation": harmless(wishes.organisation),
            "contact": harmless(wishes.contact),
        },
        "versions": {"scantui": __version__, "python": platform.python_version(), "numpy": np.__version__},
        "inputs": [input_item(item) for item in status.inputs],
        "home": list(handover.home),
        "home_guessed": handover.home_guessed,
        "judging": [harmless(text) for text in status.judging],
        "cannot_see": [harmless(text) for text in snapshot.cannot_see],
        "folded": status.folded,
        "evicted": status.evicted,
        "sources": [
            {"source": snapshot.address(code), "judged": mark.verdict, "note": harmless(mark.note)}
            for code, mark in handover.marks.items()
        ],
        "files": [{"name": one.name, "bytes": one.size, "sha256": one.sha256} for one in packed],
    }


EXPORT = Export(
    name="bundle",
    suffix=".zip",
    description="evidence bundle: report, explanations, log lines, events, hashes, in one archive",
    render=render,
    needs=Needs.DOSSIERS | Needs.EVENTS,
)
