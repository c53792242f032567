"""Databases of the usual makers are read by what is in them; a file that is none is one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.explain.place import Claim
from scantui.places.mmdb import Database
from tests.places.databases import GERMANY, database, write


def claimed(
    tmp_path: Path, record: Any, address: str = "80.128.3.4", network: str = "80.128.0.0/11", **more: Any
) -> Claim | None:
    return Database(write(tmp_path / "made.mmdb", "Made-Up", {network: record}, **more)).claim(address)


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (GERMANY, {"asn": 3320, "organisation": "Deutsche Telekom AG"}),  # GeoLite2-ASN, DBIP-ASN-Lite
        ({"country": {"iso_code": "DE"}, "registered_country": {"iso_code": "NL"}}, {"country": "DE", "registered": "NL"}),
        ({"city": {"names": {"en": "Bonn"}}, "country": {"iso_code": "DE"}}, {"city": "Bonn", "country": "DE"}),
        ({"asn": "AS15169", "as_name": "Google LLC", "country": "United States", "country_code": "US"},
         {"asn": 15169, "organisation": "Google LLC", "country": "US"}),  # ipinfo lite
        ({"country": "US", "country_name": "United States", "city": "Mountain View"}, {"country": "US", "city": "Mountain View"}),
        ({"country_code": "FR"}, {"country": "FR"}),
        ({"is_anonymous": True, "is_tor_exit_node": True, "traits": {"is_anycast": True}}, {"marks": ("Tor exit", "anycast")}),
        ({"hosting": "true", "vpn": "false", "tor": ""}, {"marks": ("hosting",)}),
        ({"asn": "ASx", "autonomous_system_organization": 7, "country": [1]}, {}),
        ({"asn": 1 << 40}, {}),
    ],
)  # fmt: skip
def test_fields_of_the_makers(tmp_path: Path, record: dict[str, Any], says: dict[str, Any]) -> None:
    network = "80.128.0.0/11"
    assert claimed(tmp_path, record) == Claim("Made-Up", "2026-10-01", network=network, **says)


def test_an_address_that_is_not_in_it_and_a_family_that_is_not(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mmdb", "Four", {"80.0.0.0/8": GERMANY}, version=4)
    found = Database(path)
    assert found.claim("9.9.9.9") == Claim("Four", "2026-10-01")
    assert found.claim("2a00::1") is None
    both = Database(write(tmp_path / "b.mmdb", "Six", {"80.0.0.0/8": GERMANY, "2a00::/12": {"country_code": "SE"}}))
    one, other = both.claim("2a00::1"), both.claim("80.1.1.1")
    assert one is not None and (one.network, one.country) == ("2a00::/12", "SE")
    assert other is not None and (other.network, other.asn) == ("80.0.0.0/8", 3320)


def test_its_texts_cannot_reach_a_terminal(tmp_path: Path) -> None:
    found = claimed(tmp_path, {"as_name": "\x1b]0;x\x07" + "A" * 260, "country_code": "\u202eDE"})
    assert found is not None and found.organisation.startswith("\\x1b]0;x\\x07A") and len(found.organisation) == 255
    assert found.country == "\\u202eDE"


@pytest.mark.parametrize("content", [b"", b"ts=1 src=2", b"\0" * 5000, database("X", {"80.0.0.0/8": {}})[:-20]])
def test_a_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mmdb"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.mmdb: no MaxMind database"):
        Database(str(path))


def test_files_that_are_not_there_or_no_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such file"):
        Database(str(tmp_path / "none"))
    with pytest.raises(ValueError, match="not a regular file"):
        Database(str(tmp_path))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1400), st.integers(0, 255)), min_size=1, max_size=8))
def test_damage_is_said_and_never_raised(tmp_path_factory: pytest.TempPathFactory, hits: list[tuple[int, int]]) -> None:
    data = bytearray(database("D", {"80.128.0.0/11": GERMANY | {"country": {"iso_code": "DE"}}}))
    for at, value in hits:
        data[at % len(data)] = value
    path = tmp_path_factory.getbasetemp() / "damaged.mmdb"
    path.unlink(missing_ok=True)
    path.write_bytes(data)
    try:
        found = Database(str(path))
    except ValueError as error:
        assert "\n" not in str(error)
        return
    claim = found.claim("80.128.3.4")
    assert claim is None or isinstance(claim, Claim)


@pytest.mark.parametrize(("kind", "tells"), [
    ("GeoLite2-ASN", {"as"}), ("GeoIP2-ISP", {"as"}), ("DBIP-Country-Lite", {"country"}), ("GeoLite2-City", {"country"}),
    ("ipinfo standard_location", {"country"}), ("ipinfo country_asn.mmdb", {"country", "as"}), ("GeoIP2-Anonymous-IP", set()),
    ("own inventory", {"country", "as"}),
])  # fmt: skip
def test_what_a_database_may_tell_is_in_its_type(tmp_path: Path, kind: str, tells: set[str]) -> None:
    assert Database(write(tmp_path / "made.mmdb", kind, {"80.0.0.0/8": GERMANY})).tells == tells
