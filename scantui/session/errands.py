"""Work that only the worker may do, for another thread that waits for it: a step at a time between two polls."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
_SLICE = 0.02  # seconds between two polls


@dataclass(frozen=True, slots=True)
class _Errand:
    steps: Generator[None, None, Any]
    done: Future[Any]


class Errands:
    """`ask` is called by any other thread, `go_on` and `close` by the worker; `close` also when it will never go on."""

    def __init__(self) -> None:
        self._left: deque[_Errand] = deque()
        self._closed = False

    def ask(self, steps: Generator[None, None, T]) -> Future[T]:
        """Have these steps taken; the future is what they return, or raise. ValueError once nothing goes on."""
        done: Future[T] = Future()
        self._left.append(_Errand(steps, done))
        if self._closed:
            self.close()
        return done

    @property
    def busy(self) -> bool:
        """Whether steps are left to take."""
        return bool(self._left)

    def go_on(self) -> None:
        """Take some more steps."""
        end = time.monotonic() + _SLICE
        while self._left and time.monotonic() < end:
            errand = self._left[0]
            try:
                next(errand.steps)
            except StopIteration as stop:
                self._left.popleft()
                errand.done.set_result(stop.value)
            except Exception as error:
                self._left.popleft()
                errand.done.set_exception(error)

    def close(self) -> None:
        """Nothing will be done any more."""
        self._closed = True
        while self._left:
            errand = self._left.popleft()
            errand.steps.close()
            errand.done.set_exception(ValueError("the monitor has ended"))
