"""Texts as an attacker or a careless hand would write them into a note, a host name or a log line."""

from __future__ import annotations

from hypothesis import strategies as st

_ATTACKS = (
    '"', "'", "`", "\\", "\\\\", "\n", "\r\n", "\r", "\t", "\0", "\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "$(reboot)", "`reboot`",
    "${IFS}", ";", "|", "&&", "#", "{", "}", "<", ">", "=cmd|'/c calc'!A0", "@SUM(1)", "+1", "-j ACCEPT", "</script>", "<!--", "]]>",
    "Bcc: all@example.net", "\u202e", "\u2066", "\u2028", "\u0085", "\ufeff", "\udc80", "é", "你", "%n", "--", '" drop; flush ruleset; #',
    '" }\n}\nflush ruleset\n', "add scantui4 0.0.0.0/1", "COMMIT", "*filter", "1.2.3.4", "\ninclude \"/etc/shadow\"\n",
)  # fmt: skip
texts = st.lists(st.sampled_from(_ATTACKS) | st.text(max_size=6), max_size=12).map("".join)
