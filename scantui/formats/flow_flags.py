"""TCP flags of flow records: what is known of the first packet when a record ORs the flags of all.

One packet's flags are exact. Of several, a SYN beside an ACK was a SYN first and the rest later; flags without an ACK come from
no ordinary connection, so they are one probe sent again. Anything else may be a mixture, and is not known.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, SYN

MIXED = -1
_FIRST = np.array([MIXED if flags & ACK and not flags & SYN else SYN if flags & ACK else flags for flags in range(512)])
_FIRST[ACK] = ACK  # nothing but ACKs


def first_flags(ored: NDArray[Any], count: NDArray[Any]) -> NDArray[np.int64]:
    """Flags of the first packet of each record, `MIXED` where they cannot be told; `count` is its packets, 0 unknown."""
    first: NDArray[np.int64] = np.where(count == 1, ored, _FIRST[np.minimum(ored, 511)])
    return first


def first_flags_of(ored: int, count: int) -> int:
    """The same for one record."""
    return ored if count == 1 else int(_FIRST[min(ored, 511)])
