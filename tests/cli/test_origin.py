"""`--mmdb`, `--known` and `--lookup`: what they add to an explanation, and that nothing leaves the machine without the last."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import DEMO, SYNFIN, Result
from tests.places.databases import GERMANY, write
from tests.places.servers import CONFIRMED, SOURCE, name_server, registry

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def log(tmp_path: Path) -> str:
    """The demo's burst, from a public address."""
    path = tmp_path / "public.log"
    path.write_text(Path(SYNFIN).read_text().replace("203.0.113.7:", f"{SOURCE}:"))
    return str(path)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_files_tell_of_the_address(run: Run, log: str, tmp_path: Path) -> None:
    asn = write(tmp_path / "asn.mmdb", "GeoLite2-ASN", {"45.33.0.0/17": GERMANY})
    country = write(tmp_path / "country.mmdb", "GeoLite2-Country", {"45.0.0.0/8": {"country": {"iso_code": "DE"}}})
    listed = tmp_path / "scanners.txt"
    listed.write_text(f"# Shodan\n{SOURCE}\n")
    files = ("--mmdb", asn, "--mmdb", country, "--known", str(listed), "--home", "45.33.32.0/24")
    got = run("explain", log, "--source", SOURCE, *files)
    assert got.status == 0 and got.err == "" and got.out.isascii()
    for part in (
        "inside your own networks (45.33.32.0/24, given by --home)",
        "GeoLite2-ASN of 2026-10-01: AS3320 Deutsche Telekom AG (45.33.0.0/17), built",
        "GeoLite2-Country of 2026-10-01: DE (45.0.0.0/8)",
        f"listed as Shodan by {listed}, line 2 ({SOURCE}/32)",
    ):
        assert part in flat(got.out)
    place = json.loads(run("explain", log, "--source", SOURCE, "--format", "json", *files).out)["place"]
    assert place["claims"][0]["asn"] == 3320 and place["listed"][0]["name"] == "Shodan"
    assert place["own"] == {"network": "45.33.32.0/24", "guessed": False}
    assert place["names"] is None and place["registered"] is None and place["abuse"] is None


def test_a_source_of_one_packet_has_a_place_too(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    log.write_text(f"ts=2000-01-25T03:14:01Z event=fw_drop src={SOURCE}:5 dst=192.0.2.10:21 proto=tcp flags=SYN\n")
    asn = write(tmp_path / "asn.mmdb", "GeoLite2-ASN", {"45.33.0.0/17": GERMANY})
    got = run("explain", str(log), "--source", SOURCE, "--mmdb", asn)
    assert got.status == 0 and "too little to judge" in got.out and "AS3320" in got.out


def test_a_look_up_is_announced_and_told(run: Run, log: str, tmp_path: Path) -> None:
    with name_server(CONFIRMED) as dns, registry() as web:
        ask = ("--lookup", "--resolver", f"127.0.0.1:{dns.port}", "--rdap-bootstrap", web.url)
        got = run("explain", log, "--source", SOURCE, *ask)
        again = run("explain", log, "--source", SOURCE, "--format", "json", *ask)
        asked = len(dns.asked), len(web.asked)
    assert got.status == 0 and got.err.count("\n") == 1
    assert got.err.startswith(
        f"scantui: look-up of {SOURCE}: asking 127.0.0.1 for its names and their addresses (DNS), and "
    )
    told = flat(got.out)
    assert f"rDNS: census7.shodan.io, which resolves back to {SOURCE}" in told and "Shodan gives its scanners" in told
    assert "LINODE-US (NET-45-33-0-0-1)" in told and "write to abuse@linode.example" in told
    assert "unlikely: a scanner that is known by name" in told  # SYN-FIN is nothing a survey sends
    assert "answers of an earlier run are used, nobody is asked" in again.err and asked == (2, 2)
    place = json.loads(again.out)["place"]
    assert place["abuse"] == "abuse@linode.example" and place["registered"]["registration"]["first"] == "45.33.0.0"
    assert place["names"]["names"] == [
        {"name": "census7.shodan.io", "resolves_back": True, "looks_dynamic": False, "because": "", "form_of": "Shodan"}
    ]


def test_a_look_up_that_fails_is_a_fact_and_no_error(run: Run, log: str) -> None:
    with name_server({}) as dns:
        ask = ("--lookup", "--resolver", f"127.0.0.1:{dns.port}", "--rdap-bootstrap", "http://127.0.0.1:9/")
        got = run("explain", log, "--source", SOURCE, *ask)
    assert got.status == 0
    assert "rDNS: no PTR record (NXDOMAIN)" in flat(got.out) and "RDAP: 127.0.0.1 cannot be reached" in flat(got.out)


def test_nobody_is_asked_about_a_special_address_or_a_source_that_is_not_there(run: Run, log: str) -> None:
    with name_server(CONFIRMED) as dns, registry() as web:
        ask = ("--lookup", "--resolver", f"127.0.0.1:{dns.port}", "--rdap-bootstrap", web.url)
        got = run("explain", SYNFIN, "--source", "203.0.113.7", *ask)
        assert "203.0.113.7 is a documentation address: nobody is asked about it" in got.err and got.status == 0
        run("explain", SYNFIN, "--source", SOURCE, *ask).refused()
    assert not dns.asked and not web.asked


HOOK = """
import os, sys
def hook(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind"):
        os.write(2, f"{event} {arguments}".encode())
        os._exit(9)
sys.addaudithook(hook)
from scantui.cli import main
status = main(sys.argv[1:])
loaded = [name for name in ("dns", "httpx", "httpcore", "maxminddb", "asyncio") if name in sys.modules]
print(*loaded, file=sys.stderr)
sys.exit(status)
"""


def hooked(*arguments: str, log: str) -> subprocess.CompletedProcess[str]:
    """The command in an interpreter that ends at the first use of a socket."""
    command = [sys.executable, "-c", HOOK, "explain", log, "--source", SOURCE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=DEMO.parent, check=False)


def test_without_lookup_no_socket_is_used_and_no_network_library_loaded(log: str, tmp_path: Path) -> None:
    asn = write(tmp_path / "asn.mmdb", "GeoLite2-ASN", {"45.33.0.0/17": GERMANY})
    plain, with_files = hooked(log=log), hooked("--mmdb", asn, log=log)
    assert plain.returncode == 0 and plain.stderr.split() == []
    assert with_files.returncode == 0 and with_files.stderr.split() == ["maxminddb"]
    assert "AS3320" in with_files.stdout
    asking = hooked("--lookup", "--resolver", "127.0.0.1:9", "--rdap-bootstrap", "http://127.0.0.1:9/", log=log)
    assert asking.returncode == 9 and "socket." in asking.stderr  # the hook does bite


def test_without_the_libraries_one_line_says_what_to_install(log: str) -> None:
    code = f"""
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in ("dns", "httpx"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in ("dns", "httpx") else find(name, *rest)
from scantui.cli import main
sys.exit(main(["explain", {log!r}, "--source", {SOURCE!r}, "--lookup"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=DEMO.parent, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == "scantui: --lookup needs dnspython and httpx: pip install 'scantui[lookup]'\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--mmdb", "none.mmdb"), "none.mmdb: no such file"),
        (("--mmdb", SYNFIN), "no MaxMind database (mmdb), or a damaged one"),
        (("--mmdb", str(DEMO)), "not a regular file"),
        (("--known", "none.txt"), "none.txt: no such file"),
        (("--known", SYNFIN), ":1: "),
        (("--resolver", "127.0.0.1"), "--resolver is of use with --lookup only"),
        (("--lookup", "--resolver", "one.one"), "'one.one' is no name server; write it as 192.0.2.53"),
        (("--lookup", "--resolver", "127.0.0.1:0"), "is no name server"),
        (("--lookup", "--resolver", "[::1]:99999"), "is no name server"),
    ],
)
def test_bad_files_and_servers_are_one_line(run: Run, arguments: tuple[str, ...], why: str) -> None:
    assert why in run("explain", SYNFIN, "--source", "203.0.113.7", *arguments).refused()
