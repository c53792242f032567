"""Other tools' scan rules, restated over scantui's event columns, so that all are judged on the same lines by the same score.

Each module holds one rule, its source and its numbers. `PEERS` maps a name to a function from events (in any order) to
`{address code: Flag}`: when the rule first fires on a source, and what it would call it. They see what a firewall log shows:
a dropped or rejected packet is a failed attempt, an accepted one a success.
"""

from benchmarks.peers import crowdsec, psad, scanlogd, simple_scan, trw, zeek

PEERS = {
    "Zeek misc/scan": zeek.flags,
    "Zeek misc/scan's numbers, any flags": zeek.any_flags,
    "Zeek simple-scan": simple_scan.flags,
    "TRW": trw.flags,
    "psad counts, level 2": psad.flags,
    "scanlogd": scanlogd.flags,
    "CrowdSec multi_ports": crowdsec.flags,
}
