"""Shipped data is found in a checkout and in an installed package, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scantui import resources


def test_a_checkout_has_its_themes_beside_the_package() -> None:
    assert (resources.folder("themes") / "dark.toml").is_file()


def test_an_installed_copy_carries_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "scantui"
    (package / "data" / "themes").mkdir(parents=True)
    (package.parent / "demo_logs").mkdir()  # another package's
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.folder("themes") == package / "data" / "themes"
    with pytest.raises(FileNotFoundError, match="demo_logs/ is missing"):
        resources.folder("demo_logs")
