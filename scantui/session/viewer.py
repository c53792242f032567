"""The viewer: a thread of its own that answers looks over what the worker holds, so that looking back never holds the reading.

The latest wish wins: an older one is given up between two steps. What the live picture answers by itself costs nothing here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from scantui.looks import Look
from scantui.session.answers import Answers, Base
from scantui.session.view import View, needs_view

_AGAIN = 1.0  # seconds after which a look at what still grows is answered again
_SHARE = 20  # such answers take one part in so many of the time at most


class _AbandonedError(Exception):
    """A newer wish came."""


class Viewer:
    """Told what there is (`offer`) and what to look at (`ask`); gives views from its thread, and the error that ended it."""

    def __init__(self, give: Callable[[View], None], fail: Callable[[BaseException], None]) -> None:
        self._give, self._fail = give, fail
        self._answers = Answers()
        self._changed = threading.Condition()
        self._base: Base | None = None
        self._look = Look()
        self._asked = 0  # number of the newest wish
        self._answered = 0
        self._looked: Base | None = None  # what the last answer was over
        self._state: tuple[object, ...] = ()
        self._due = 0.0  # when the same wish may be answered again
        self._stopped = False
        self._thread: threading.Thread | None = None
        self.nbytes = 0  # bytes held beside the store

    # From any thread -------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Begin to answer."""
        self._thread = threading.Thread(target=self._guarded, name="scantui-viewer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give up what is being done. Waits a moment."""
        with self._changed:
            self._stopped = True
            self._asked += 1
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(5.0)

    def ask(self, look: Look) -> None:
        """Look at this from now on."""
        with self._changed:
            self._look = look
            self._asked += 1
            self._changed.notify()

    def offer(self, base: Base) -> None:
        """This is what there is now."""
        with self._changed:
            self._base = base
            self._changed.notify()

    # The thread ------------------------------------------------------------------------------------------------------
    def _guarded(self) -> None:
        try:
            self._run()
        except BaseException as error:  # the screen must hear of it, whatever it is
            self._fail(error)

    def _run(self) -> None:
        while True:
            with self._changed:
                while (wait := self._idle()) != 0:
                    self._changed.wait(wait)
                if self._stopped:
                    return
                base, look, number = self._base, self._look, self._asked
            assert base is not None
            if number != self._answered or self._outdated(base):
                self._answer(base, look, number)
            else:
                self._answers.catch_up(base)
            self.nbytes = self._answers.nbytes

    def _idle(self) -> float | None:
        """Seconds to wait: 0 when there is something to do, None until something comes."""
        base = self._base
        if self._stopped:
            return 0
        if base is None:
            return None
        if self._asked != self._answered or self._answers.behind(base):
            return 0
        if not needs_view(self._look, base.live) or base is self._looked:
            return None
        return max(0.0, self._due - time.monotonic())

    def _outdated(self, base: Base) -> bool:
        return needs_view(self._look, base.live) and base is not self._looked and time.monotonic() >= self._due

    def _answer(self, base: Base, look: Look, number: int) -> None:
        def check() -> None:
            if self._asked != number:
                raise _AbandonedError

        began = time.monotonic()
        try:
            if needs_view(look, base.live):
                again, state = number == self._answered, Answers.state(base, look)
                if not again or state != self._state:
                    for view in self._answers.views(base, look, check, again=again):
                        check()
                        self._give(view)
                self._state = state
        except _AbandonedError:
            return
        now = time.monotonic()
        self._answered, self._looked = number, base
        self._due = now + max(_AGAIN, _SHARE * (now - began))
