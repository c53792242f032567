"""How the screen was left: what is written is read again, and what is damaged is one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.state.directory import Directory
from scantui.state.screen import Choices, Kept, ScreenFile, fingerprint

texts = st.text(max_size=30)
choices = st.builds(
    Choices, theme=st.none() | texts, mouse=st.none() | st.booleans(), columns=st.none() | st.lists(texts).map(tuple),
    order=st.none() | st.tuples(texts, st.booleans()), clusters=st.none() | st.booleans(),
    view=st.sampled_from([None, "ports", "matrix", "map"]), bucket=st.none() | st.integers(0, 86_400),
    heat=st.none() | st.booleans(), time=st.none() | st.booleans(), detail=st.none() | st.booleans(),
)  # fmt: skip
kept = st.builds(Kept, choices, choices, texts, texts, texts)


@given(kept)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, left: Kept) -> None:
    file = ScreenFile(Directory(tmp_path_factory.getbasetemp() / "screen"))
    file.save(left)
    assert file.load() == left
    path = tmp_path_factory.getbasetemp() / "screen" / "screen.json"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_directory_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert ScreenFile(Directory(tmp_path / "none")).load() == Kept() and not (tmp_path / "none").exists()


@pytest.mark.parametrize("data", [
    b"{", b"[]", b"\xff", b'{"chosen": 1}', b'{"chosen": {"thema": "dark"}}', b'{"later": 1}', b'{"chosen": {"bucket": -1}}',
    b'{"chosen": {"view": "space"}}', b'{"chosen": {"order": ["ports"]}}', b'{"source": "' + b"9" * 3000 + b'"}', b"[" * 100_000,
    b'{"chosen": {"\x1b]0;x\x07": 1}}',
])  # fmt: skip
def test_what_is_damaged_is_one_line_that_names_the_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "screen.json").write_bytes(data)
    with pytest.raises(ValueError, match=r"^screen\.json: ") as error:
        ScreenFile(Directory(tmp_path)).load()
    assert str(error.value).isprintable()


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.booleans() | texts, lambda x: st.dictionaries(texts, x)).map(msgspec.json.encode)
)
def test_no_content_is_an_obstacle(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "screen.json").write_bytes(data)
    try:
        assert isinstance(ScreenFile(Directory(folder)).load(), Kept)
    except ValueError as error:
        assert str(error).startswith("screen.json: ")


def test_inputs_of_any_name_and_number_have_a_fingerprint() -> None:
    names = (
        ["/var/log/kern.log"],
        ["/var/log/kern", ".log"],
        ["/x\udc9b"],
        ["/x\udc9c"],
        [str(i) for i in range(5000)],
        [],
    )
    assert len({fingerprint(one) for one in names}) == len(names) and all(len(fingerprint(one)) == 32 for one in names)
