"""What is known of an address besides the log: each claim with its claimant, and no more than an address can carry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scantui.detect.detection import detect
from scantui.detect.scan import Cluster
from scantui.events import FIN, SYN, Events, events
from scantui.explain.case import Case
from scantui.explain.coverage import Coverage
from scantui.explain.dynamic import looks_dynamic
from scantui.explain.explanation import Explanation, explain
from scantui.explain.feed import FeedReport
from scantui.explain.origin import LIKELY, PROVEN, SPOOFABLE
from scantui.explain.place import Claim, Listed, Name, Names, Own, Place, Registered, Registration, own_network
from scantui.explain.place_lines import place_lines
from scantui.explain.place_story import misfit, place_steps, place_stories
from scantui.explain.surveys import survey_of, surveys
from tests.explain.senders import SOURCE, nmap, zmap

PUBLIC = "84.131.171.18"
NIGHT = 1_790_812_800_000_000  # 2026-10-01


@pytest.mark.parametrize(
    ("name", "address", "dynamic", "reason"),
    [
        # names as providers make them
        ("p5483ab12.dip0.t-ipconnect.de", PUBLIC, True, "contains its own address in hexadecimal and 'dip'"),
        ("pool-84-131-171-18.nycmny.fios.verizon.net", PUBLIC, True, "contains its own address and 'pool'"),
        ("18.171.131.84.dynamic.example.co.uk", PUBLIC, True, "contains its own address, reversed and 'dynamic'"),
        ("084131171018.adsl.provider.com.br", PUBLIC, True, "contains its own address and 'adsl'"),
        ("cpe-131-171-18.nyc.res.rr.com", PUBLIC, True, "contains the last three numbers of its address and 'cpe'"),
        ("cable-171-18.zone.bluewin.ch", PUBLIC, True, "contains the last two numbers of its address and 'cable'"),
        ("user1417915154.wireless.example.net", PUBLIC, True, "contains its own address as one number and 'user'"),
        ("dhcp12.lab.example.edu", PUBLIC, True, "says 'dhcp'"),
        ("host-2a02-908-1-2-3-4-5-6.dyn.example.de", "2a02:908:1:2:3:4:5:6", True, "contains its own address and 'dyn'"),
        # fixed lines and servers
        ("static-84-131-171-18.dsl.example.de", PUBLIC, False, "says 'static' beside 'dsl'"),
        ("static.18.171.131.84.clients.your-server.de", PUBLIC, False, "says 'static' beside 'clients'"),
        ("ec2-84-131-171-18.compute-1.amazonaws.com", PUBLIC, False, "says 'compute'"),
        ("vps-1a2b.example.net", PUBLIC, False, "says 'vps'"),
        # nothing to go by
        ("84-131-171-18.example.net", PUBLIC, False,
         "contains its own address, as names made for whole networks do, but no word for a customer's line"),
        ("relay.generaldynamics.com", PUBLIC, False, ""),
        ("gate.dynamic.com", PUBLIC, False, ""),  # the owner's name is not the line's
        ("home.example.com", PUBLIC, False, ""),
        ("cable.example.com", PUBLIC, False, ""),  # no address in it
        ("x184-131-171-189.cable.example.com", PUBLIC, False, ""),  # another address
        ("", PUBLIC, False, ""),
        ("dyn.a.b.c", "nonsense", True, "says 'dyn'"),
    ],
)  # fmt: skip
def test_dynamic_looking_names_and_why(name: str, address: str, dynamic: bool, reason: str) -> None:
    assert looks_dynamic(name, address) == (dynamic, reason)
    assert looks_dynamic(name.upper() + ".", address) == (dynamic, reason)


def test_surveys_are_known_by_whole_labels_and_every_one_has_a_source() -> None:
    assert all(one.operator and one.names and one.sources for one in surveys())
    for name, operator in (
        ("census7.shodan.io", "Shodan"),
        ("Scanner-05.ch1.CENSYS-SCANNER.com.", "Censys"),
        ("scan-09g.shadowserver.org", "The Shadowserver Foundation"),
        ("researchscan236.eecs.umich.edu", "University of Michigan"),
    ):
        survey = survey_of(name)
        assert survey is not None and survey.operator == operator
    for name in ("shodan.io.evil.example", "notshodan.io", "www.eecs.umich.edu", "evil-censys-scanner.com", ""):
        assert survey_of(name) is None


def known(*names: Name, **more: object) -> Place:
    return replace(Place(PUBLIC, names=Names("2026-10-02T00:00Z", names)), **more)  # type: ignore[arg-type]


SHODAN = known(Name("census7.shodan.io", True))
FORGED = known(Name("census7.shodan.io", False))
HOME = known(Name("p5483ab12.dip0.t-ipconnect.de", True))
ON_LIST = Place(PUBLIC, listed=(Listed("Shodan", "84.131.0.0/16", "scanners.txt", 12),))


def told(place: Place, grade: str = SPOOFABLE) -> str:
    return " | ".join(place_lines(place, grade, NIGHT))


def test_every_claim_has_its_claimant_and_its_limit() -> None:
    asn = Claim("GeoLite2-ASN", "2026-10-01", "84.128.0.0/10", 3320, "Deutsche Telekom AG", "DE", "NL")
    line = told(Place(PUBLIC, claims=(asn,)))
    assert line.startswith(
        "GeoLite2-ASN of 2026-10-01: AS3320 Deutsche Telekom AG; DE, registered in NL (84.128.0.0/10): "
        "where a database puts the address, not where a sender sits"
    )
    old = told(Place(PUBLIC, claims=(replace(asn, built="2020-01-01"),)))
    assert "built 2,465 days before these packets" in old and "built" not in line
    assert "Geo of 2026-10-01: nothing on this address | " in told(Place(PUBLIC, claims=(Claim("Geo", "2026-10-01"),)))
    assert "scanners.txt, line 12 (84.131.0.0/16): a list names an address, and a forged packet" in told(ON_LIST)
    assert "forged" not in told(ON_LIST, PROVEN)
    assert "Shodan gives its scanners such names" in told(SHODAN)
    assert "does not resolve back" in told(FORGED) and "nothing confirms it" in told(FORGED)
    assert "the name looks dynamic (contains its own address in hexadecimal and 'dip')" in told(HOME)
    assert "may have another holder tomorrow" in told(HOME)
    assert "rDNS: no PTR record (asked now)" in told(Place(PUBLIC, names=Names("now", failure="no PTR record")))
    answer = Registration("ARIN", "84.0.0.0", "84.255.255.255", "NET-84", "EXAMPLE", abuse="abuse@example.net")
    line = told(Place(PUBLIC, registered=Registered("now", answer)))
    assert (
        "RDAP, ARIN: 84.0.0.0 - 84.255.255.255, EXAMPLE (NET-84), abuse mailbox abuse@example.net (asked now)" in line
    )


def test_facts_about_an_unproven_source_are_about_its_address_only() -> None:
    for place in (ON_LIST, SHODAN, HOME):
        for grade in (SPOOFABLE, LIKELY):
            assert told(place, grade).endswith("that its holder sent the packets, no finished handshake proves")
        assert "no finished handshake" not in told(place, PROVEN)
    assert place_lines(Place(PUBLIC), SPOOFABLE, NIGHT) == ()


def test_own_networks_the_smallest_and_whether_it_was_guessed() -> None:
    home = ("84.0.0.0/8", "84.131.171.0/24", "2001:db8::/32")
    assert own_network(PUBLIC, home, guessed=False) == Own("84.131.171.0/24", False)
    assert own_network("9.9.9.9", home, guessed=True) is None and own_network("x", home, guessed=True) is None
    assert "inside your own networks (84.0.0.0/8, given by --home)" in told(Place(PUBLIC, own=Own("84.0.0.0/8", False)))
    assert "guessed" in told(Place(PUBLIC, own=Own("84.0.0.0/8", True)))


def sweep() -> Events:
    """Many hosts, one port, so slowly that it may be a part of a sweep of the whole Internet."""
    batch = zmap(new=False)(np.random.default_rng(1), 9, 1)
    return replace(batch, ts=batch.ts[0] + (batch.ts - batch.ts[0]) * 1000)


def explained(batch: Events, place: Place, relation: str = "") -> Explanation:
    scan = max(detect(batch).scans, key=lambda one: one.score)
    cluster = None
    if relation:
        cluster = Cluster("c", (scan.id,), (scan.source, 1, 2), relation, {}, scan.first, scan.last, "they share much")
    return explain(scan, batch, events(batch.tables, 0, {}), cluster, FeedReport(), place=place)


def grade_of(why: Explanation, title: str) -> str:
    return next((story.grade for story in why.story if story.title == title), "")


def case_of(batch: Events, grade: str, relation: str = "") -> Case:
    scan = max(detect(batch).scans, key=lambda one: one.score)
    group = Cluster("c", (scan.id,), (scan.source, 1, 2), relation, {}, scan.first, scan.last) if relation else None
    return Case(scan, PUBLIC, group, "", grade, {}, 0, batch)


KNOWN = "a scanner that is known by name"


def test_a_confirmed_name_whose_probes_fit_makes_a_known_scanner_likely() -> None:
    assert grade_of(explained(sweep(), SHODAN), KNOWN) == "likely"
    assert grade_of(explained(sweep(), ON_LIST), KNOWN) == "possible"  # a list and no proof of the source
    assert grade_of(explained(sweep(), FORGED), KNOWN) == ""  # anyone can write a name
    assert grade_of(explained(sweep(), Place(PUBLIC)), KNOWN) == ""
    assert grade_of(explained(sweep(), SHODAN, "decoy"), KNOWN) == "unlikely"
    odd = explained(nmap(SYN | FIN, order="ascending", fixed=True)(np.random.default_rng(1), 9, 1), SHODAN)
    assert grade_of(odd, KNOWN) == "unlikely"
    story = next(story for story in odd.story if story.title == KNOWN)
    assert "against it: surveys send what every system answers, and this is syn-fin" in story.rests_on


def test_a_proven_source_on_a_list_is_likely() -> None:
    [story] = place_stories(ON_LIST, case_of(sweep(), PROVEN))
    assert story.grade == "likely" and "forged" not in story.text and story.rests_on.startswith("scanners.txt, line 12")


def test_a_customers_line_is_possible_and_blames_nobody() -> None:
    why = explained(sweep(), HOME)
    assert grade_of(why, "a customer's line") == "possible"
    text = next(story.text for story in why.story if story.title == "a customer's line")
    assert text.startswith("If the source is real, it is the line of a provider's customer") and "does not tell" in text


def test_a_public_address_of_ones_own_is_a_host_of_ones_own() -> None:
    assert (
        grade_of(explained(sweep(), Place(PUBLIC, own=Own("84.0.0.0/8", False))), "a host of your own, scanning")
        == "likely"
    )
    assert (
        grade_of(explained(sweep(), Place(PUBLIC, own=Own("84.0.0.0/8", True))), "a host of your own, scanning")
        == "possible"
    )


def test_the_abuse_mailbox_is_for_senders_who_are_proven() -> None:
    place = known(registered=Registered("now", Registration("ARIN", "84.0.0.0", "84.9.9.9", abuse="abuse@example.net")))
    proven, unproven, decoys = (case_of(sweep(), *how) for how in ((PROVEN,), (SPOOFABLE,), (SPOOFABLE, "decoy")))
    assert place_steps(place, proven)[0].startswith("report it to abuse@example.net")
    assert "no handshake proves the source" in place_steps(place, unproven)[0]
    assert place_steps(place, decoys)[0].startswith("do not write to abuse@example.net")
    assert place_steps(Place(PUBLIC), proven) == ()


def test_stories_stay_likeliest_first_and_say_what_overturns_them() -> None:
    for place in (SHODAN, ON_LIST, HOME, Place(SOURCE, own=Own("0.0.0.0/0", False))):
        story = explained(sweep(), place).story
        grades = [("likely", "possible", "unlikely").index(one.grade) for one in story]
        assert grades == sorted(grades) and all(one.rests_on and one.overturned_by for one in story)


def test_many_ports_of_one_host_at_once_are_no_survey() -> None:
    case = case_of(nmap(SYN)(np.random.default_rng(1), 9, 1), SPOOFABLE)

    def against(ports: int, seconds: int) -> str:
        return misfit(replace(case, scan=replace(case.scan, ports=ports, last=case.scan.first + seconds * 1_000_000)))

    assert against(100, 10) == "surveys spread their probes, and here 100 ports of one host were tried within a minute"
    assert against(99, 10) == against(100, 90) == ""


def test_a_network_swept_faster_than_the_internet_could_be_is_no_survey() -> None:
    case = replace(case_of(sweep(), SPOOFABLE), covers=Coverage("192.0.2.0/24", 250, 1.0, 4e9))
    [story] = place_stories(SHODAN, case)
    assert story.grade == "unlikely" and "surveys go through the whole Internet, and here 250 probes" in story.rests_on


def test_a_list_is_outdone_by_the_name_the_address_has_now() -> None:
    place = replace(ON_LIST, names=HOME.names)
    grades = {story.title: story.grade for story in place_stories(place, case_of(sweep(), PROVEN))}
    assert grades == {KNOWN: "unlikely", "a customer's line": "possible"}


def test_facts_are_harmless_however_they_are_made() -> None:
    evil = "\x1b[2J\u202e"
    place = Place(evil, claims=(Claim(evil, evil, organisation=evil),), listed=(Listed(evil, evil, evil, 1),),
                  names=Names(evil, (Name(evil, True),), evil), registered=Registered(evil, Registration(evil, evil, evil, abuse=evil)))  # fmt: skip
    assert all(line.isprintable() for line in place_lines(place, SPOOFABLE, 0))
