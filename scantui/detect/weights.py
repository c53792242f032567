"""The one table of weights. All are log-odds (natural logarithms); a verdict is their sum.

They are set by hand from what each observation is worth to an analyst and checked on labelled traffic by real tools; see
docs/detection.md for the figures and for what each rests on.
"""

from __future__ import annotations

SCAN = 2.0  # at or above: a scan (odds of about 7 to 1)
SUSPECT = 0.0  # at or above: worth a look
PRIOR = -4.6  # one source in a hundred that reaches several targets scans

# Fan-out: each distinct (host, port, protocol) that was not let through. The first ones count in full, since an innocent
# source has no reason to knock at many closed doors (Jung 2004, TRW: a factor of 4 each, 1.39; less here, as a drop log
# shows no outcome); after that only growth by a factor counts.
FAN_OUT_EACH = 1.0
FAN_OUT_FULL = 6
FAN_OUT_GROWTH = 1.6
LET_THROUGH = 0.4  # a target the firewall let through counts this much: permitted is not innocent

CRAFTED_EACH, CRAFTED_MOST = 1.6, 6.0  # flag sets no operating system sends, by distinct target and set
BARE_SYN = 1.2  # SYNs without the options every operating system sends (IP length at most 44)
ONE_SOURCE_PORT = 1.5  # new connections from at most two source ports
MANY_TTLS = 2.0  # five or more TTLs from one source: no path does that
FAST = 1.0  # fifteen or more distinct targets within a minute
UNUSED_PORTS = 0.8  # hardly any of the probed ports is used by anyone in this log
TINY_FRAGMENTS_EACH, TINY_FRAGMENTS_MOST = 0.7, 7.0  # TCP in fragments too small for its header (RFC 1858)

USED_SERVICES_EACH, USED_SERVICES_MOST = -0.7, -6.0  # let through to a service that others use too
# Comes back to each target again and again: a monitor's rounds, a client.
ROUNDS = -2.0  # times the logarithm of the returns a target
ROUNDS_FROM = 4  # returns a target
ROUNDS_MOST = -9.0
ROUNDS_LET_IN = 0.2  # of its targets let it in; where fewer do, it may be a bot that never tires
ROUNDS_UNANSWERED_MOST = -3.0
# Comes back to the targets that let it in: a monitor's second round. A scanner asks again where nothing answered.
RETURNS = -8.0
RETURNS_FROM = 0.6  # returns a target that let it in
RETURNS_SHARE = 0.33  # of its targets let it in, at least
# Each peer has its own high port.
PEER_TO_PEER = -16.0
PEER_REUSE = 8  # ports a host, and hosts a port, on average at most
NOTICED = 5.0  # a sensor's own detector names a source: worth a look, and by itself no scan
TRACEROUTE = -6.0  # UDP to 33434 and up, one port a hop (Van Jacobson's traceroute)
