"""Mails to abuse desks, one a network operator, as drafts in one mbox file: nothing is sent, and what is not known is left open.

Each is a feedback report (RFC 5965 in RFC 6522) with an XARF 4 report for each source, as xarf.org sends them by mail.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime

import msgspec

from scantui import __version__
from scantui.export.abuse_letter import FILL_IN, letter, quoted, subject
from scantui.export.handover import Export, Handover, Needs
from scantui.export.mbox import mbox
from scantui.export.operators import Operator, mailbox_of, operators
from scantui.export.standing import Standing, standings
from scantui.export.xarf import xarf
from scantui.safe_text import harmless

_POLICY = policy.default.clone(cte_type="7bit", max_line_length=78)
_NOBODY = "fill.in@example.invalid"  # RFC 2606 §2: goes nowhere
_MOST_HEADER, _MOST_NAME = 300, 60  # characters
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "scantui:abuse")


def render(handover: Handover) -> Iterator[bytes]:
    """The file, mail by mail. Raises ValueError when nobody can be written to, or the contact is no mail address."""
    contact = handover.wishes.contact.strip()
    if contact and not mailbox_of(contact):
        raise ValueError(f"{harmless(contact, 60)!r} is no mail address to answer to; give one such as soc@example.com")
    told = standings(handover)
    reported = [one for one in told if not one.excused]
    if not reported:
        why = "; ".join(f"{one.address}: {one.excused}" for one in told[:3])
        raise ValueError(f"there is nobody to write to{f' ({why})' if why else ''}: choose sources that scanned")
    yield from mbox((mail(handover, one) for one in operators(handover, reported)), handover.made_at)


def mail(handover: Handover, operator: Operator) -> MIMEPart:
    """One mail; From and To are left open where they are not known."""
    wishes = handover.wishes
    org = wishes.organisation or wishes.reporter or FILL_IN
    mailbox = mailbox_of(wishes.contact) or _NOBODY
    first = operator.standings[0]
    key = uuid.uuid5(_NAMESPACE, f"{handover.made_at} {operator.name} {first.address} {mailbox}")
    message: MIMEPart = EmailMessage(_POLICY)
    message["Subject"] = _header(subject(operator))
    message["From"] = _address(wishes.reporter or wishes.organisation or FILL_IN, mailbox)
    if operator.mailbox:
        message["To"] = _address("", operator.mailbox)
        message["Comments"] = _header(f"To: was named {operator.told}; see that it is right before you send this")
    else:
        message["Comments"] = _header(f"To: is left to you: {operator.told}")
    message["Date"] = format_datetime(datetime.fromtimestamp(handover.made_at // 1_000_000, UTC))
    message["Message-ID"] = f"<{key}@{mailbox.rpartition('@')[2]}>"
    message["User-Agent"] = f"scantui/{__version__}"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/report"
    message.set_param("report-type", "feedback-report")
    message.set_boundary(f"=_{key.hex}")
    message.attach(_text(letter(handover, operator)))
    message.attach(_feedback(operator))
    reports = [_xarf(handover, operator, one, (org, mailbox)) for one in operator.standings]
    message.attach(reports[0] if len(reports) == 1 else _together(reports, key.hex))
    return message


def _header(text: str, most: int = _MOST_HEADER) -> str:
    """A text as a header's value: no line ends, no control bytes, not endless, and nothing that quotes: the standard library
    loses its way in quotes and backslashes of names that it has to fold."""
    return harmless(text, most).replace('"', "'").replace("\\", "/")


def _address(name: str, mailbox: str) -> Address:
    return Address(_header(name, _MOST_NAME), addr_spec=mailbox)


def _text(text: str) -> MIMEPart:
    part = MIMEPart(_POLICY)
    part.set_content(text, cte="quoted-printable")
    return part


def _feedback(operator: Operator) -> MIMEPart:
    """The machine-readable part (RFC 5965 §3.1, §3.2); the feedback type is XARF's own."""
    fields = MIMEPart(_POLICY)
    fields["Feedback-Type"] = "xarf"
    fields["User-Agent"] = f"scantui/{__version__}"
    fields["Version"] = "1"
    if len(operator.standings) == 1:
        fields["Source-IP"] = operator.standings[0].address
    fields["Incidents"] = str(sum(len(one.scans) for one in operator.standings))
    fields.set_payload("")
    part = MIMEPart(_POLICY)
    part["Content-Type"] = "message/feedback-report"
    part["Content-Disposition"] = "inline"
    part.set_payload([fields])
    return part


def _xarf(handover: Handover, operator: Operator, one: Standing, contact: tuple[str, str]) -> MIMEPart:
    report = xarf(handover, one, one.scans[0], quoted(handover, operator, one), contact)
    part = MIMEPart(_POLICY)
    name = f"xarf-{one.address.replace(':', '-')}.json"
    data = msgspec.json.format(msgspec.json.encode(report), indent=1)
    part.set_content(data + b"\n", maintype="application", subtype="json", filename=name, cte="base64")
    return part


def _together(parts: list[MIMEPart], key: str) -> MIMEPart:
    whole = MIMEPart(_POLICY)
    whole["Content-Type"] = "multipart/mixed"
    whole.set_boundary(f"=_{key}-x")
    for part in parts:
        whole.attach(part)
    return whole


EXPORT = Export(
    name="abuse",
    suffix=".mbox",
    description="mails to abuse desks, one a network operator, as drafts: letter, log lines, XARF",
    render=render,
    needs=Needs.DOSSIERS | Needs.EVENTS,
    acts=True,
)
