"""Lists of known scanners: the forms people have, strictly by line, and the smallest network wins."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.explain.place import Listed
from scantui.places.known import parse, read_list

MALTRAIL = """\
# Copyright (c) 2014-2024 Maltrail developers (https://github.com/stamparm/maltrail/)
# See the file 'LICENSE' for copying permission

129.82.138.12  # pinger1a.netsec.colostate.edu
71.6.216.32\t# labs.rapid7.com

# Reference: https://example.org/scanners
# Stretchoid
192.241.192.0/24
192.241.193.7 # 192.241.193.7

198.51.100.9
"""


def found(text: str, address: str) -> Listed | None:
    return parse(text, "list.txt").find(ip_address(address))


@pytest.mark.parametrize(
    ("address", "name", "line"),
    [("129.82.138.12", "pinger1a.netsec.colostate.edu", 4), ("71.6.216.32", "labs.rapid7.com", 5),
     ("192.241.192.77", "Stretchoid", 9), ("192.241.193.7", "", 10), ("198.51.100.9", "", 12)],
)  # fmt: skip
def test_maltrails_static_trails(address: str, name: str, line: int) -> None:
    one = found(MALTRAIL, address)
    assert one is not None and (one.name, one.line, one.file) == (name, line, "list.txt")


@pytest.mark.parametrize(
    ("text", "name", "network"),
    [
        ("192.0.2.9", "", "192.0.2.9/32"),
        ("192.0.2.0/24 Shodan, of course", "Shodan, of course", "192.0.2.0/24"),
        ("192.0.2.9,Censys", "Censys", "192.0.2.9/32"),
        ("192.0.2.9;Censys", "Censys", "192.0.2.9/32"),
        ("192.0.2.9 - Censys", "Censys", "192.0.2.9/32"),
        ("192.0.2.0-192.0.2.15 lab", "lab", "192.0.2.0/28"),
        ("\ufeff192.0.2.9/24 lab".removeprefix("\ufeff"), "lab", "192.0.2.0/24"),
        ("Network,Country,Name\n192.0.2.0/25,US,\"Smith, Inc\"", "Smith, Inc", "192.0.2.0/25"),
        ("ip\n192.0.2.9", "", "192.0.2.9/32"),
        ("192.0.2.0/24 wide\n192.0.2.8/30 narrow\n0.0.0.0/0 all", "narrow", "192.0.2.8/30"),
        ("192.0.2.9 \x1b[2Jx", "\\x1b[2Jx", "192.0.2.9/32"),
    ],
)  # fmt: skip
def test_forms_of_a_line(text: str, name: str, network: str) -> None:
    one = found(text, "192.0.2.9")
    assert one is not None and (one.name, one.network) == (name, network)


@pytest.mark.parametrize(
    ("text", "line"),
    [("192.0.2.1\nnonsense", 2), ("192.0.2.300", 1), ("192.0.2.1/33", 1), ("192.0.2.9-192.0.2.1", 1), ("192.0.2.1-::5", 1),
     ("192.0.2.1:80", 1), ("ip,name\n192.0.2.1,a\nx,b", 3), ("name,ip\na", 2), ("define x = { 192.0.2.1 }", 1)],
)  # fmt: skip
def test_a_line_that_is_none_is_named(text: str, line: int) -> None:
    with pytest.raises(
        ValueError, match=rf"^list\.txt:{line}: .* is no address or network; write 192\.0\.2\.0/24"
    ) as error:
        parse(text, "list.txt")
    assert str(error.value).isprintable()


def test_files_that_are_no_lists(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nothing\n\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\0")
    for name, why in (
        ("empty", "no address in it"),
        ("binary", "not text in UTF-8"),
        ("none", "no such file"),
        ("", "not a regular"),
    ):
        with pytest.raises(ValueError, match=why):
            read_list(str(tmp_path / name))


networks = st.builds(
    lambda value, length: ip_network((value, length), strict=False), st.integers(0, 2**32 - 1), st.integers(0, 32)
)


@given(st.lists(networks, min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_the_longest_prefix_is_found_as_by_looking_at_each(lines: list, value: int) -> None:  # type: ignore[type-arg]
    address = IPv4Address(value)
    one = parse("\n".join(map(str, lines)), "f").find(address)
    holding = [network for network in lines if address in network]
    assert (one is None) == (not holding)
    if one is not None:
        best = max(holding, key=lambda network: network.prefixlen)
        assert one.network == str(best) and one.line == 1 + lines.index(best)


@given(st.text(alphabet=st.sampled_from("0123456789abf.:/-,; #x\n\"'\x1b"), max_size=60))
def test_any_text_is_a_list_or_a_line_that_says_why_not(text: str) -> None:
    try:
        parse(text, "f").find(ip_address("1.2.3.4"))
    except ValueError as error:
        assert str(error).isprintable()
