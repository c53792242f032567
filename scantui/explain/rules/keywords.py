"""Keywords by what they need: nothing, the payload, the engine's state. What is in no list may be a slip of the pen."""

from __future__ import annotations

from scantui.explain.rules.words import words

# They describe or label; no packet is tested.
LABELS = words(
    "msg sid rev gid classtype reference metadata priority target tag logto rem soid service activates "
    "count session resp "
    "react replace bypass prefilter enable"
)

# They look at what the packet carries.
PAYLOAD = words(
    "content uricontent pcre byte_test byte_jump byte_extract byte_math isdataat base64_data base64_decode "
    "asn1 ftpbounce "
    "cvs dce_iface dce_opnum dce_stub_data file_data pkt_data raw_data sip_method sip_stat_code sip_header sip_body "
    "gtp_type gtp_info gtp_version ssl_version ssl_state urilen bufferlen bsize dataset datarep regex "
    "sd_pattern hash md5 "
    "sha256 sha512 entropy luajit lua rpc js_data vba_data file_type file_meta cmip modbus_func modbus_unit "
    "modbus_data dnp3_func "
    "dnp3_obj dnp3_ind dnp3_data s7commplus_func iec104_apci_type cip_attribute enip_command dce.iface so tls.version "
    "http_uri http_raw_uri http_method http_header http_raw_header http_cookie http_raw_cookie http_client_body "
    "http_param "
    "http_stat_code http_stat_msg http_user_agent http_host http_raw_host http_request_line http_server_body "
    "http_response_line "
    "http_raw_body http_raw_request http_raw_status http_trailer http_raw_trailer http_version http_num_headers "
    "http_true_ip "
    "http_accept http_accept_enc http_accept_lang http_connection http_content_len http_content_type http_header_names "
    "http_protocol http_referer http_start tls_cert_subject tls_cert_issuer tls_sni tls_cert_notbefore "
    "tls_cert_notafter "
    "tls_cert_expired tls_cert_valid tls_cert_serial tls_cert_fingerprint ssh_proto ssh_software dns_query dns_opcode "
    "ja3_hash ja3_string ja3s_hash ja3s_string filename fileext filemagic filestore filemd5 filesha1 "
    "filesha256 filesize "
    "krb5_msg_type krb5_err_code "
    "krb5_cname krb5_sname "
    "nfs_procedure nfs_version snmp ssh mqtt ike smb rfb appid appids wscale ciphers ber_data ber_skip "
    "dnp3 http2_errorcode "
    "http2_priority http2_window http2_size_update http2_settings http2_header_name l3_hdr tcp_hdr udp_hdr icmp4_hdr "
    "cipservice cip_class cip_conn_path_class cip_instance cip_req cip_rsp cip_service cip_status "
    "enip_req enip_rsp mms_func "
    "opcua_msg_service opcua_msg_type opcua_node_id rpc_prog template2 to_lowercase to_sha256 strip_whitespace"
)

# They belong to the content or buffer before them and test nothing alone.
OF_PAYLOAD = words(
    "nocase depth offset distance within rawbytes fast_pattern fast_pattern_offset fast_pattern_length "
    "startswith endswith "
    "dotprefix domain xor url_decode compress_whitespace http_encode width big little string"
)

# They ask for state that only the engine has.
STATE = {
    "flowbits": "the engine's flow bits",
    "flowint": "the engine's flow counters",
    "xbits": "the engine's address bits",
    "hostbits": "the engine's address bits",
    "stream_size": "the bytes of the stream so far",
    "flow.age": "the age of the flow",
    "flow.pkts": "the packets of the flow",
    "flow.bytes": "the bytes of the flow",
    "flow.pkts_toserver": "the packets of the flow",
    "flow.pkts_toclient": "the packets of the flow",
    "flow.bytes_toserver": "the bytes of the flow",
    "flow.bytes_toclient": "the bytes of the flow",
    "geoip": "the country of the addresses",
    "iprep": "the engine's reputation lists",
    "ip.src": "the engine's address set",
    "ip.dst": "the engine's address set",
    "activated_by": "whether the activating rule fired",
    "app-layer-protocol": "the application protocol",
    "app-layer-event": "the events of the engine's own parsers",
    "decode-event": "the events of the engine's own decoder",
    "stream-event": "the events of the engine's own stream tracking",
    "engine-event": "the events of the engine itself",
}

# Header fields that no event column holds.
UNLOGGED = {
    "tos": "TOS",
    "ipopts": "IP options",
    "ip_opts": "IP options",
    "icmp_id": "ICMP identifier",
    "icmp_seq": "ICMP sequence number",
    "tcp.mss": "TCP maximum segment size",
    "tcp.hdr": "the TCP header's bytes",
    "udp.hdr": "the UDP header's bytes",
    "icmpv4.hdr": "the ICMP header's bytes",
    "icmpv6.hdr": "the ICMPv6 header's bytes",
    "icmpv6.mtu": "the ICMPv6 MTU",
    "ipv4.hdr": "the IPv4 header's bytes",
    "ipv6.hdr": "the IPv6 header's bytes",
    "vlan.id": "VLAN",
    "vlan.layers": "VLAN",
    "ether.hdr": "the Ethernet header",
    "csum": "the checksum",
    "ipv4-csum": "the IPv4 checksum",
    "tcpv4-csum": "the TCP checksum",
    "tcpv6-csum": "the TCP checksum",
    "udpv4-csum": "the UDP checksum",
    "udpv6-csum": "the UDP checksum",
    "icmpv4-csum": "the ICMP checksum",
    "icmpv6-csum": "the ICMPv6 checksum",
}

HEADER = words(
    "flags tcp.flags flow ttl id window tcp.window seq tcp.seq ack tcp.ack dsize fragbits fragoffset "
    "itype icode ip_proto "
    "sameip threshold detection_filter noalert"
)
KNOWN = LABELS | PAYLOAD | OF_PAYLOAD | STATE.keys() | UNLOGGED.keys() | HEADER

# Suricata's application protocols: what carries them, as far as one protocol does.
CARRIED_BY_TCP = words(
    "http http1 http2 tls ssl ssh smtp ftp ftp-data imap pop3 smb dcerpc modbus rdp rfb mqtt telnet ldap pgsql"
)
CARRIED_BY_ANY = words("dns dhcp tftp ntp snmp sip krb5 ike nfs dnp3 enip quic bittorrent-dht websocket doh2 mdns")
