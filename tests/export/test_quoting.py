"""Texts quoted for a syntax: read back by what reads it, they are what was written, and nothing else."""

from __future__ import annotations

import shlex
import subprocess

from hypothesis import given, settings

from scantui.export.quoting import comment, ipset_string, iptables_string, nft_string, shell_word
from tests.export.hostile import texts


@given(texts)
def test_every_form_is_one_line_of_visible_ascii(text: str) -> None:
    for form in (comment, nft_string, iptables_string, ipset_string, shell_word):
        told = form(text)
        assert told.isascii()
        assert told.isprintable()


@given(texts)
def test_no_quote_ends_a_string_that_knows_no_escapes(text: str) -> None:
    for form, most in ((nft_string, 128), (ipset_string, 255)):
        told = form(text)
        assert told[0] == told[-1] == '"'
        assert '"' not in told[1:-1]
        assert len(told) - 2 <= most


@given(texts)
def test_iptables_reads_its_quotes_to_the_end(text: str) -> None:
    told = iptables_string(text)
    assert len(shlex.split(told)) == 1  # the escapes of a double-quoted word are a shell's
    assert len(told.replace("\\\\", "_").replace('\\"', "_")) - 2 <= 255


@given(texts)
def test_no_comment_goes_on(text: str) -> None:
    told = comment(text)
    assert told.startswith("#")
    assert not told.endswith("\\")


@settings(max_examples=30)
@given(texts)
def test_a_shell_takes_one_word(text: str) -> None:
    word = shell_word(text)
    said = subprocess.run(["sh", "-c", f"printf '%s\\0' {word}"], capture_output=True, check=True).stdout
    assert said.split(b"\0")[:-1] == [shlex.split(word)[0].encode()]
    assert said.count(b"\0") == 1
