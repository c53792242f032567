"""Link headers: where IP begins in a captured packet. Numbers of https://www.tcpdump.org/linktypes.html."""

from __future__ import annotations

IPV4, IPV6 = 0x0800, 0x86DD
TAGS = (0x8100, 0x88A8, 0x9100)  # IEEE 802.1Q, 802.1ad and what was used before it
MPLS = (0x8847, 0x8848)  # RFC 5332
PPPOE = 0x8864  # RFC 2516, session stage
PPP_TYPE = {0x0021: IPV4, 0x0057: IPV6}  # IANA, PPP DLL protocol numbers
MOST_TAGS, MOST_LABELS = 3, 6
PFLOG = 117  # its header says how long it is
NFLOG = 239  # see `nflog`

# Link type: (bytes before IP, where the EtherType stands or -1: the IP version tells).
LINKS = {0: (4, -1), 1: (14, 12), 101: (0, -1), 104: (4, 2), 108: (4, -1), 113: (16, 14), 276: (20, 0)}
LINKS |= dict.fromkeys((12, 14, 228, 229), LINKS[101])
LINKS[PFLOG] = LINKS[101]
