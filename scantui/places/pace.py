"""How often a server may be asked: turns at least an interval apart, and none before a time it named itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """Seconds. `patience`: for one question to one server; `interval`: between two requests to a registry."""

    patience: float = 5.0
    interval: float = 1.0


class Pace:
    """Times are seconds of any one clock that the caller reads."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next: dict[str, float] = {}

    def turn(self, host: str, now: float) -> float:
        """Seconds to wait before a request to `host`; that turn is then taken."""
        start = max(now, self._next.get(host, now))
        self._next[host] = start + self._interval
        return start - now

    def hold(self, host: str, until: float) -> None:
        """No turn at `host` before `until`."""
        self._next[host] = max(until, self._next.get(host, until))
