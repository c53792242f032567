"""Scans as a STIX 2.1 bundle (OASIS): indicators by address and by packet pattern, what was observed, and how sure it is.

Ids are functions of what is told, so that the same scan exported again is a newer version of the same objects. Targets are the
site's own and stay out of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from scantui.export.handover import Export, Handover, Needs
from scantui.export.standing import standings


def render(handover: Handover) -> Iterator[str]:
    """The bundle. Raises ValueError when no chosen source scanned, or the library is missing."""
    try:
        from scantui.export.stix_objects import Maker
    except ImportError:
        raise ValueError("needs pip install 'scantui[export]'") from None
    told = standings(handover)
    hostile = [one for one in told if not one.excused]
    if not hostile:
        why = "; ".join(f"{one.address}: {one.excused}" for one in told[:3])
        raise ValueError(f"there is no scan to share{f' ({why})' if why else ''}: choose sources that scanned")
    maker = Maker(handover)
    for one in hostile:
        maker.add(one)
    maker.group()
    yield from maker.bundle()


EXPORT = Export(
    name="stix",
    suffix=".json",
    description="STIX 2.1 bundle: indicators, observations and sightings for threat intelligence platforms",
    render=render,
    needs=Needs.DOSSIERS | Needs.EVENTS,
    acts=True,
)
