"""Netfilter lines in every envelope and shape, with the events they must give."""

from __future__ import annotations

from scantui.events import DF, LATER, MF
from scantui.formats.base import Sample

_MAC = b"MAC=00:00:5e:00:53:12:00:00:5e:00:53:11:08:00 "
_SYN_FIN = (
    b"SRC=203.0.113.7 DST=192.0.2.10 LEN=44 TOS=0x00 PREC=0x00 TTL=29 ID=64727 PROTO=TCP SPT=53 DPT=21 WINDOW=1024 "
    b"RES=0x00 SYN FIN URGP=0 "
)

SAMPLES = (
    Sample(
        b"Jan 25 03:14:01 fw1 kernel: [5000.020000] [UFW BLOCK] IN=eth0 OUT=eth1 " + _MAC + _SYN_FIN,
        {
            "ts_quality": "guessed_year",
            "src": "203.0.113.7",
            "dst": "192.0.2.10",
            "sport": 53,
            "dport": 21,
            "proto": "tcp",
            "flags": "SYN-FIN",
            "ttl": 29,
            "ip_id": 64727,
            "window": 1024,
            "length": 44,
            "frag": 0,
            "action": "drop",
            "rule": "[UFW BLOCK]",
            "sensor": "fw1",
            "iface": "eth0",
            "seq": None,
            "tcp_options": None,
            "count": 1,
        },
    ),
    Sample(
        b"2000-01-25T03:14:01.020000+01:00 fw1 kernel: [ 3445.031964] DROP INVALID IN= OUT=eth0 SRC=198.51.100.200 DST=192.0.2.64 LEN=60 TOS=0x00 "
        b"PREC=0x00 TTL=41 ID=56161 DF PROTO=TCP SPT=60753 DPT=22 SEQ=1802218250 ACK=0 WINDOW=64240 RES=0x00 CWR ECE SYN URGP=0 "
        b"OPT (020405B40402080AE1A6046D000000000103030A) ",
        {
            "ts": "2000-01-25T02:14:01.020000Z",
            "ts_quality": "exact",
            "flags": "SYN-ECE-CWR",
            "seq": 1802218250,
            "ack": 0,
            "frag": DF,
            "tcp_options": "020405B40402080A................0103030A",
            "iface": "eth0",
            "rule": "DROP INVALID",
            "action": "drop",
        },
    ),
    Sample(
        b"<4>Nov  5 06:00:03 fw1 kernel: Shorewall:net2fw:REJECT:IN=ppp0 OUT= SRC=203.0.113.9 DST=192.0.2.64 LEN=40 TOS=0x00 PREC=0x00 TTL=41 ID=7 "
        b"MF PROTO=TCP SPT=1 DPT=0 WINDOW=0 RES=0x00 URGP=0",
        {"flags": "NULL", "frag": MF, "window": 0, "dport": 0, "action": "reject", "iface": "ppp0"},
    ),
    Sample(
        b"[734214.034342] nft-drop IN=eth0 OUT=eth1 MACSRC=00:00:5e:00:53:11 MACDST=00:00:5e:00:53:12 MACPROTO=0800 SRC=198.51.100.53 "
        b"DST=192.0.2.25 LEN=232 TOS=0x00 PREC=0x00 TTL=45 ID=12285 DF PROTO=UDP SPT=53 DPT=2183 LEN=212 ",
        {
            "ts_quality": "arrival",
            "proto": "udp",
            "length": 232,
            "sport": 53,
            "dport": 2183,
            "flags": None,
            "sensor": None,
        },
    ),
    Sample(
        b"May 08 00:49:10 fw1 kernel: [UFW BLOCK] IN=eth0 OUT= "
        + _MAC
        + b"SRC=198.51.100.19 DST=192.0.2.193 LEN=56 TOS=0x00 PREC=0x00 TTL=246 "
        b"ID=27608 PROTO=ICMP TYPE=3 CODE=3 [SRC=192.0.2.193 DST=198.51.100.19 LEN=40 TOS=0x00 PREC=0x00 TTL=54 ID=25009 PROTO=TCP "
        b"INCOMPLETE [8 bytes] ] ",
        {
            "src": "198.51.100.19",
            "dst": "192.0.2.193",
            "proto": "icmp",
            "icmp_type": 3,
            "icmp_code": 3,
            "ip_id": 27608,
            "length": 56,
            "ttl": 246,
            "sport": None,
        },
    ),
    Sample(
        b"Nov 10 08:22:02 fw1 kernel: [742733.382439] [UFW BLOCK] IN=eth0 OUT=eth1 SRC=203.0.113.230 DST=192.0.2.96 LEN=28 TOS=0x00 PREC=0x00 "
        b"TTL=28 ID=51655 PROTO=ICMP TYPE=8 CODE=0 ID=58908 SEQ=0 ",
        {"ip_id": 51655, "icmp_type": 8, "seq": None},
    ),
    Sample(
        b"Nov 10 07:39:00 fw1 kernel: [740151.004758] [UFW ALLOW] IN=eth0 OUT=eth1 SRC=2001:0db8:0bad:0000:0000:0000:0000:0007 "
        b"DST=2001:0db8:0001:0000:0000:0000:0000:0010 LEN=64 TC=0 HOPLIMIT=246 FLOWLBL=0 PROTO=TCP SPT=49210 DPT=8080 WINDOW=1024 RES=0x00 SYN URGP=0 ",
        {
            "src": "2001:db8:bad::7",
            "dst": "2001:db8:1::10",
            "ttl": 246,
            "ip_id": None,
            "frag": None,
            "action": "accept",
        },
    ),
    Sample(
        b"Nov 10 08:41:02 fw1 kernel: [743872.1] [UFW BLOCK] IN=eth0 OUT=eth1 SRC=203.0.113.133 DST=192.0.2.52 LEN=28 TOS=0x00 PREC=0x00 TTL=51 "
        b"ID=9 MF PROTO=TCP INCOMPLETE [8 bytes] ",
        {"sport": None, "dport": None, "flags": None, "frag": MF, "proto": "tcp"},
    ),
    Sample(
        b"Nov 10 08:41:02 fw1 kernel: [743872.111111] [UFW BLOCK] IN=eth0 OUT=eth1 SRC=203.0.113.133 DST=192.0.2.52 LEN=24 TOS=0x00 PREC=0x00 TTL=51 "
        b"ID=9 FRAG:2 PROTO=TCP ",
        {"sport": None, "dport": None, "flags": None, "frag": LATER},
    ),
    Sample(
        b"Nov 10 06:52:10 fw1 kernel: [737341.113305] [UFW AUDIT] IN=eth0 OUT=eth1 SRC=203.0.113.67 DST=192.0.2.26 LEN=52 TOS=0x00 PREC=0x00 TTL=37 "
        b"ID=9392 PROTO=132 ",
        {"proto": "sctp", "proto_num": 132, "dport": None, "action": "observed"},
    ),
    Sample(
        b"Nov 22 22:37:09 vm [UFW ALLOW] IN=eth0 OUT=eth1 "
        + _MAC
        + b"SRC=198.51.100.191 DST=192.0.2.10 LEN=60 TOS=00 PREC=0x00 TTL=55 ID=50396 DF "
        b"PROTO=TCP SPT=49691 DPT=80 SEQ=573092420 ACK=0 WINDOW=64240 SYN URGP=0 MARK=0x0 ",
        {"flags": "SYN", "sensor": "vm", "rule": "[UFW ALLOW]", "action": "accept"},
    ),
    Sample(
        b"Nov 10 06:00:03 fw1 kernel: message repeated 2 times: [ [734214.034342] IPT: CBLK IN=eth0 OUT= "
        + _SYN_FIN
        + b"]",
        {"count": 2, "rule": "IPT: CBLK", "flags": "SYN-FIN"},
    ),
    Sample(
        b"Nov 10 06:00:03 fw1 kernel: IPTABLES-DROPIN=eth0 OUT= " + _SYN_FIN,
        {"rule": "IPTABLES-DROP", "iface": "eth0", "action": "drop"},
    ),
    Sample(
        b"[Mon Nov 10 06:00:03 2025] IPT: IN=eth0 OUT= " + _SYN_FIN,
        {"ts_quality": "guessed_zone", "ts": "2025-11-10T06:00:03Z"},
    ),
    Sample(  # journald and dmesg where the system does not speak English
        "10月 12 10:16:42 fw1 kernel: IPT: IN=eth0 OUT= ".encode() + _SYN_FIN,
        {"ts_quality": "guessed_year", "sensor": "fw1", "rule": "IPT:", "flags": "SYN-FIN"},
    ),
    Sample(
        "févr. 05 10:16:42 fw1 kernel: [UFW BLOCK] IN=eth0 OUT= ".encode() + _SYN_FIN,
        {"ts_quality": "guessed_year", "sensor": "fw1", "rule": "[UFW BLOCK]", "action": "drop"},
    ),
    Sample(
        "[So Mär  1 06:00:03 2026] IPT: IN=eth0 OUT= ".encode() + _SYN_FIN,
        {"ts_quality": "guessed_zone", "ts": "2026-03-01T06:00:03Z", "sensor": None},
    ),
    Sample(  # EdgeOS: no blank after the tag
        b"<6>2026-03-12T14:10:18Z gw kernel: [WAN_LOCAL-default-D]IN=eth0 OUT= " + _MAC + _SYN_FIN,
        {"rule": "[WAN_LOCAL-default-D]", "action": "drop", "iface": "eth0", "ts_quality": "second", "sensor": "gw"},
    ),
    Sample(  # UniFi: the host again, a description with brackets; ulogd's LOGEMU: no RES
        b'Jun 13 23:29:15 UDM UDM [WAN_LOCAL-D-2147483647] DESCR="[WAN_LOCAL]Block All Traffic" IN=eth8 OUT= '
        + _MAC
        + b"SRC=203.0.113.9 DST=192.0.2.1 LEN=40 TOS=00 PREC=0x00 TTL=239 ID=35178 PROTO=TCP SPT=45678 DPT=3390 SEQ=3063811232 "
        b"ACK=0 WINDOW=1024 SYN URGP=0 MARK=1a0000 ",
        {"sensor": "UDM", "action": "drop", "iface": "eth8", "seq": 3063811232, "flags": "SYN", "dport": 3390},
    ),
    Sample(  # Proxmox: flags last, no OUT
        b"0 3 PVEFW-HOST-IN 20/Jun/2026:13:09:14 +0200 policy DROP: IN=vmbr0.94 "
        + _MAC
        + b"SRC=203.0.113.9 DST=192.0.2.1 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=33 DF PROTO=TCP SPT=49152 DPT=22 SEQ=123 ACK=0 WINDOW=64240 SYN ",
        {
            "ts": "2026-06-20T11:09:14Z",
            "flags": "SYN",
            "seq": 123,
            "rule": "PVEFW-HOST-IN policy DROP:",
            "action": "drop",
        },
    ),
    Sample(  # ASUS: levels between the kernel's own pieces
        b"May 11 10:00:00 kernel: DROP IN=eth0 OUT= "
        + _MAC
        + b"<1>SRC=203.0.113.9 DST=192.0.2.1 <1>LEN=40 TOS=0x00 PREC=0x00 TTL=246 ID=54321 PROTO=TCP <1>SPT=50000 DPT=23 SEQ=123 "
        b"ACK=0 WINDOW=1024 RES=0x00 SYN URGP=0 ",
        {"flags": "SYN", "ttl": 246, "sport": 50000, "rule": "DROP", "length": 40},
    ),
    Sample(  # a prefix whose last byte is a digit
        b"[116252.891085] Packet to port 8888IN=lo OUT= " + _MAC + _SYN_FIN,
        {"rule": "Packet to port 8888", "iface": "lo", "flags": "SYN-FIN"},
    ),
    Sample(  # not the kernel's own line: what it leaves out, it does not say
        b"Jun 15 02:20:00 srv ufw[8000]: [UFW BLOCK] IN=eth0 OUT= SRC=203.0.113.9 DST=192.0.2.1 PROTO=TCP SPT=12345 DPT=22",
        {"sport": 12345, "dport": 22, "flags": None, "ttl": None, "length": None, "action": "drop"},
    ),
    Sample(
        b"Mar  1 01:02:03 fw1 kernel: DROP IN=eth0 OUT= MAC= SRC=203.0.113.9 DST=192.0.2.1 LEN=120 TOS=0x00 PREC=0x00 TTL=55 ID=0 DF PROTO=ESP "
        b"SPI=0xcb886522",
        {"proto": "other", "proto_num": 50, "dport": None, "frag": DF},
    ),
    Sample(
        b"Mar  1 01:02:03 fw1 kernel: IN=eth0 OUT= SRC=fe80:0000:0000:0000:0000:0000:0000:0001 DST=ff02:0000:0000:0000:0000:0000:0000:0001 "
        b"LEN=72 TC=0 HOPLIMIT=1 FLOWLBL=0 OPT ( ) PROTO=ICMPv6 TYPE=130 CODE=0 ",
        {"proto": "icmp6", "icmp_type": 130, "ttl": 1, "src": "fe80::1"},
    ),
    Sample(
        b"Feb  1 19:59:57 fw1 kernel: Shorewall:net2fw:DROP:IN=eth0 OUT= "
        + _MAC
        + b"SRC=203.0.113.9 DST=192.0.2.1 LEN=48 TOS=0x00 PREC=0x00 TTL=110 ID=34332 CE DF PROTO=TCP SPT=3156 DPT=1433 WINDOW=65535 "
        b"RES=0x00 ECE SYN URGP=0 OPT (020405B401010402) ",
        {"flags": "SYN-ECE", "rule": "Shorewall:net2fw:DROP:", "tcp_options": "020405B401010402", "frag": DF},
    ),
    Sample(  # archives.log of OSSEC and Wazuh
        b"2026 Nov 10 06:33:04 (fw1) 192.0.2.7->/var/log/ufw.log Nov 10 06:33:03 fw1 kernel: [UFW BLOCK] IN=eth0 OUT= "
        + _MAC
        + _SYN_FIN,
        {"ts": "2026-11-10T06:33:03+00:00", "action": "drop", "rule": "[UFW BLOCK]", "sensor": "fw1"},
    ),
)
