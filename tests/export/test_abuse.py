"""Mails to abuse desks: well-formed, readable by machine, accusing nobody without grounds, and nothing gets into a header."""

from __future__ import annotations

import base64
import email
import json
import mailbox
import shutil
import subprocess
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import xarf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scantui.explain.place import Claim, Place
from scantui.export import abuse
from scantui.export.handover import Handover, Wishes
from scantui.export.operators import mailbox_of
from scantui.safe_text import harmless
from tests.export.handing import MIXED, SYNFIN, demo, handing, noted, syn_lines, wishing
from tests.export.hostile import texts
from tests.export.poisoned import placed, poisoned, registered

_HEADERS = {"Subject", "From", "To", "Comments", "Date", "Message-ID", "User-Agent", "MIME-Version", "Content-Type"}
_CONTACT = "soc@example.com"


def _bytes(handover: Handover) -> bytes:
    return b"".join(abuse.render(handover))


def _mails(handover: Handover, folder: Path) -> list[EmailMessage]:
    path = folder / "drafts.mbox"
    path.write_bytes(_bytes(handover))
    box = mailbox.mbox(
        path, factory=lambda file: email.message_from_binary_file(file, policy=policy.strict), create=False
    )  # type: ignore[arg-type,return-value]
    return list(box)  # type: ignore[arg-type]


def _letter(message: EmailMessage) -> str:
    return next(iter(message.iter_parts())).get_content()


def _reports(message: EmailMessage) -> list[dict[str, object]]:
    return [json.loads(part.get_content()) for part in message.walk() if part.get_content_type() == "application/json"]


def _checked(message: EmailMessage) -> None:
    """RFC 6522: three parts, of which the second is of the report's type; the strict policy found nothing amiss."""
    assert set(message.keys()) <= _HEADERS
    assert all(len(message.get_all(name, [])) <= 1 for name in _HEADERS)
    assert all(not part.defects for part in message.walk())
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "feedback-report"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts[:2]] == ["text/plain", "message/feedback-report"]
    assert len(parts) == 3


def test_a_mail_of_one_source_says_all_there_is(tmp_path: Path) -> None:
    handover = wishing(demo(SYNFIN), reporter="A. Analyst", organisation="Exämple Corp", contact=_CONTACT)
    (message,) = _mails(handover, tmp_path)
    _checked(message)
    assert message["Subject"] == "Port scan packets from 203.0.113.7, 2000-01-25 (sender not proven)"
    assert message["From"] == '"A. Analyst" <soc@example.com>'
    assert message["Date"] == "Fri, 15 Jan 2027 08:00:00 +0000"
    assert message["To"] is None
    assert "is left to you" in message["Comments"]
    text = _letter(message)
    for said in (
        "first packet  2000-01-25 03:14:01 UTC",
        "this accuses\nnobody",
        "not proven.",
        "All times are UTC, to the second.",
        "Exämple Corp",
        "src=203.0.113.7:53",
    ):
        assert said in text
    feedback = list(message.iter_parts())[1].get_payload()[0]  # type: ignore[union-attr,index]
    assert (feedback["Feedback-Type"], feedback["Version"], feedback["Source-IP"]) == ("xarf", "1", "203.0.113.7")  # type: ignore[index,call-overload]
    (report,) = _reports(message)
    assert report["source_port"] == 53
    assert report["destination_ip"] == "192.0.2.10"
    assert report["type"] == "port_scan"
    payload = base64.b64decode(report["evidence"][0]["payload"]).decode()  # type: ignore[index]
    assert payload.splitlines() == [line for line in text.splitlines() if line.startswith("ts=")]
    assert len(payload.splitlines()) == handover.wishes.excerpt


@pytest.mark.parametrize("name", [SYNFIN, MIXED, "distributed.kv.log", "ssh-sweep.iptables.log"])
def test_every_mail_and_report_is_valid(name: str, tmp_path: Path) -> None:
    handover = wishing(demo(name), contact=_CONTACT)
    messages = _mails(handover, tmp_path)
    told = []
    for message in messages:
        _checked(message)
        for report in _reports(message):
            found = xarf.parse(report)
            assert not found.errors
            told.append(report["source_identifier"])
    assert sorted(told) == sorted({handover.snapshot.address(code) for code in handover.marks})


def test_what_is_empty_is_marked_to_be_filled_in(tmp_path: Path) -> None:
    (message,) = _mails(demo(SYNFIN), tmp_path)
    assert message["From"] == '"[fill in]" <fill.in@example.invalid>'
    for name in ("name", "organisation", "contact"):
        assert f"[fill in]: your {name}" in _letter(message)


def test_one_mail_an_operator(tmp_path: Path) -> None:
    log = tmp_path / "kern.log"
    sources = [
        "203.0.113.9",
        "203.0.113.10",
        "198.51.100.7",
        "198.18.5.5",
        "198.18.7.7",
        "2001:db8:1:2::5",
        "2001:db8:1:2::6",
    ]
    log.write_text(syn_lines(sources, range(20, 80)))
    handover = handing([log], sources, Wishes(contact=_CONTACT))
    by_name = {handover.snapshot.address(code): code for code in handover.marks}
    handover = placed(handover, by_name["203.0.113.9"], registered("203.0.113.9", "Abuse@example.net"))
    handover = placed(handover, by_name["198.51.100.7"], registered("198.51.100.7", "abuse@example.net"))
    database = (Claim("db", "2027-01-01", asn=64496, organisation="Example Net"),)
    for name in ("198.18.5.5", "198.18.7.7"):
        handover = placed(handover, by_name[name], Place(name, claims=database))
    messages = {_letter(message).splitlines()[0]: message for message in _mails(handover, tmp_path)}
    named = {
        first: sorted(str(report["source_identifier"]) for report in _reports(one)) for first, one in messages.items()
    }
    assert named == {
        "To the abuse desk of Example Net,": ["198.51.100.7", "203.0.113.9"],
        "To the abuse desk of the network 203.0.113.0/24,": ["203.0.113.10"],
        "To the abuse desk of AS64496 Example Net,": ["198.18.5.5", "198.18.7.7"],
        "To the abuse desk of the network 2001:db8:1:2::/64,": ["2001:db8:1:2::5", "2001:db8:1:2::6"],
    }
    known = messages["To the abuse desk of Example Net,"]
    assert str(known["To"]).lower() == "abuse@example.net"
    assert "by RDAP of RIPE NCC, asked 2027-01-15T07:00:00Z" in known["Comments"]
    assert all(one["To"] is None for first, one in messages.items() if first != "To the abuse desk of Example Net,")
    for message in messages.values():
        _checked(message)


def test_who_is_excused_is_not_written_about() -> None:
    handover = demo(SYNFIN)
    for verdict in ("mine", "benign"):
        with pytest.raises(ValueError, match=rf"203\.0\.113\.7: you marked it as {verdict}"):
            _bytes(noted(handover, "", verdict))
    with pytest.raises(ValueError, match="it was not judged a scan"):
        _bytes(replace(handover, snapshot=replace(handover.snapshot, scans=())))


def test_a_decoy_is_not_accused(tmp_path: Path) -> None:
    handover = wishing(demo(MIXED), contact=_CONTACT)
    code = next(iter(handover.marks))
    group = replace(handover.snapshot.clusters[0], relation="decoy", sources=(code,))
    handover = replace(
        handover, marks={code: handover.marks[code]}, snapshot=replace(handover.snapshot, clusters=(group,))
    )
    (message,) = _mails(handover, tmp_path)
    assert "is a decoy, and its user has no part in it" in _letter(message).replace("\n                ", " ")
    assert "(sender not proven)" in message["Subject"]
    assert _reports(message)[0]["confidence"] == 0.15


def test_a_contact_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="is no mail address to answer to"):
        _bytes(wishing(demo(SYNFIN), contact="soc@example.com\r\nBcc: all@example.net"))


_PARTS = st.sampled_from(
    ("a", "abuse", "@", "example.net", ".", "..", "\r\n", "\n", ",", ";", " ", "<", ">", '"', "(x)", "é", ":", "\0")
)


@given(st.lists(_PARTS, max_size=6).map("".join) | texts)
def test_only_one_plain_address_is_a_mailbox(text: str) -> None:
    found = mailbox_of(text)
    if found:
        assert found == text.strip()
        name, at, domain = found.partition("@")
        assert name and at and domain and "@" not in domain
        assert not set(found) & set(' \r\n\t,;:<>()"\\\0[]')
        assert found.isascii()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts)
def test_no_text_gets_into_a_header_or_ends_a_part(tmp_path: Path, text: str) -> None:
    handover = poisoned(wishing(demo(SYNFIN), contact=_CONTACT), text)
    (message,) = _mails(handover, tmp_path)
    _checked(message)
    assert message["To"] is None or mailbox_of(str(message["To"]))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/report", "text/plain", "message/feedback-report", "text/plain", "application/json",
    ]  # fmt: skip
    (report,) = _reports(message)
    assert not xarf.parse(report).errors
    lines = base64.b64decode(report["evidence"][0]["payload"]).decode()  # type: ignore[index]
    assert lines.split("\n") == [harmless(text)] * 4
    if text.strip():
        assert [one.addr_spec for one in message["From"].addresses] == [_CONTACT]
        assert harmless(text) in _letter(message)


_PERL = """
use Email::MIME; local $/; my $m = Email::MIME->new(<STDIN>);
print join(" ", map { $_->content_type =~ s/;.*//sr } $m, $m->parts), "\n", $m->header("Subject"), "\n", $m->header_names;
print "\n", ($m->parts)[0]->body_str;
"""


@pytest.mark.skipif(
    shutil.which("perl") is None
    or subprocess.run(["perl", "-MEmail::MIME", "-e1"], capture_output=True).returncode != 0,
    reason="needs Perl's Email::MIME (libemail-mime-perl)",
)
def test_another_parser_reads_the_same(tmp_path: Path) -> None:
    handover = poisoned(wishing(demo(SYNFIN), contact=_CONTACT), 'x\r\nBcc: a@b.example\r\n\r\n--=_x "<y>')
    (message,) = _mails(handover, tmp_path)
    first, _, rest = _bytes(handover).partition(b"\n")
    assert first.startswith(b"From scantui ")
    run = subprocess.run(["perl", "-CO", "-e", _PERL], input=rest, capture_output=True, check=True)
    kinds, subject, names, *body = run.stdout.decode().split("\n")
    assert kinds == "multipart/report text/plain message/feedback-report application/json"
    assert subject == message["Subject"]
    assert "Bcc" not in names
    assert "\n".join(body).replace("\r\n", "\n").strip() == _letter(message).strip()
