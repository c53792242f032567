"""What the log says of the site itself: which services it lets people use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import distinct_counts, run_starts
from scantui.events import Action, Events

USED_BY = 3  # sources; a service that as many were let through to is in use


def service_key(events: Events) -> NDArray[np.uint64]:
    """(host, port, protocol) as one number."""
    port = np.where(events.is_known("dport"), events.dport, 0).astype(np.uint64)
    return (events.dst.astype(np.uint64) << np.uint64(24)) + (port << np.uint64(8)) + events.proto_num.astype(np.uint64)


@dataclass(frozen=True)
class Site:
    """Sorted keys of the services in use and their ports; whether the log tells of accepted packets at all."""

    services: NDArray[np.uint64]
    ports: NDArray[np.uint16]
    tells_accepts: bool

    def uses(self, key: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return _among(key, self.services)

    def uses_port(self, port: NDArray[np.uint16]) -> NDArray[np.bool_]:
        return _among(port, self.ports)


def _among(values: NDArray[Any], table: NDArray[Any]) -> NDArray[np.bool_]:
    if not len(table):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = table[np.minimum(np.searchsorted(table, values), len(table) - 1)] == values
    return found


def survey(events: Events) -> Site:
    """The site as these events show it."""
    accepted = np.flatnonzero(events.action == Action.ACCEPT)
    if not len(accepted):
        return Site(np.zeros(0, np.uint64), np.zeros(0, np.uint16), tells_accepts=False)
    key, src = service_key(events)[accepted], events.src[accepted]
    services = np.sort(key)
    services = services[run_starts(services)]
    place, count = distinct_counts(np.searchsorted(services, key).astype(np.uint32), src)
    used = services[place[count >= USED_BY]]
    ports = np.unique((used >> np.uint64(8)).astype(np.uint16))
    return Site(used, ports[ports > 0], tells_accepts=True)
