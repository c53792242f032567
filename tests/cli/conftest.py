"""Running the command line in this process: status, stdout and stderr of `main`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import referencing

from scantui.cli import main

DEMO = Path(__file__).parents[2] / "demo_logs"
_SCHEMAS = [json.loads(path.read_text()) for path in sorted((DEMO.parent / "docs").glob("*.schema.json"))]
_REGISTRY: Any = referencing.Registry().with_resources(
    (schema["$id"], referencing.Resource.from_contents(schema)) for schema in _SCHEMAS
)
SYNFIN, MIXED = str(DEMO / "synfin-burst.kv.log"), str(DEMO / "mixed.iptables.log")


class Result(NamedTuple):
    status: int
    out: str
    err: str

    def refused(self, status: int = 2) -> str:
        """The one line a refusal consists of."""
        assert self.status == status, self
        assert self.out == ""
        assert self.err.startswith("scantui: ")
        assert self.err.count("\n") == 1 and self.err.endswith("\n")
        assert self.err[:-1].isprintable()
        return self.err


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    def _run(*arguments: str) -> Result:
        status = main(arguments)
        return Result(status, *capfd.readouterr())

    return _run


def validate(data: dict[str, Any]) -> dict[str, Any]:
    """The data, which follows the schema it names."""
    schema = next(schema for schema in _SCHEMAS if schema["title"] == data["schema"])
    jsonschema.Draft202012Validator(schema, registry=_REGISTRY).validate(data)
    return data
