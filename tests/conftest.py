"""Property tests look for new examples on a developer's machine; where CI is set they take the same ones every time."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings

# No test reads or writes the marks or settings of whoever runs it.
_OWN = tempfile.TemporaryDirectory(prefix="scantui-own-")
os.environ["XDG_STATE_HOME"] = str(Path(_OWN.name, "state"))
os.environ["XDG_CONFIG_HOME"] = str(Path(_OWN.name, "config"))
os.environ.pop("SCANTUI_CONFIG", None)

# In the background of a script SIGINT is ignored, and programs that a test starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is, not whether it holds.
settings.register_profile("own", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("own"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "own")
