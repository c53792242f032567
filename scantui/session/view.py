"""A view: the answer to a look, beside the live picture; and how both make one snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scantui.looks import Burst, Cell, HeatWish, Look, Matrix, PortMap
from scantui.session.cutter import is_plain
from scantui.session.past import Moment
from scantui.snapshot import Heat, Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What was asked for beyond the live picture. `heat` None: the live one."""

    look: Look
    moment: Moment | None = None
    heat: Heat | None = None
    cell: Cell | None = None
    burst: Burst | None = None
    portmap: PortMap | None = None
    matrix: Matrix | None = None


def needs_view(look: Look, live: Snapshot) -> bool:
    """Whether the live picture alone does not answer a look."""
    asked = look.cell is not None or look.burst is not None or look.mapped or look.matrix
    return asked or needs_heat(look, live)


def needs_heat(look: Look, live: Snapshot) -> bool:
    """Whether the live heatmap is not the one that is asked for, and will not be. A paused one keeps its bucket."""
    kept = live.status.paused and look.heat.bucket not in (None, live.heat.bucket)
    return look.at is not None or kept or not is_plain(look.heat)


def live_part(look: Look) -> Look:
    """What of a look the live picture answers by itself."""
    return Look(heat=look.heat if is_plain(look.heat) else HeatWish(bucket=look.heat.bucket))


def shown(live: Snapshot, view: View | None) -> Snapshot:
    """The live picture as `view` has it. The detail is whatever the live picture brings."""
    if view is None:
        return live
    made = replace(
        live,
        look=view.look,
        heat=view.heat or live.heat,
        cell=view.cell,
        burst=view.burst,
        portmap=view.portmap,
        matrix=view.matrix,
    )
    moment = view.moment
    if moment is None:
        return made
    status = replace(
        live.status,
        at=moment.at,
        events=moment.events,
        held=live.status.events + live.status.held - moment.events,
        sources=moment.count,
        judging=moment.judging,
        provisional=moment.provisional,
    )
    return replace(made, sources=moment.sources, scans=moment.scans, clusters=moment.clusters, status=status)
