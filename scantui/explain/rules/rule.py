"""A rule as read, whatever language it was written in."""

from __future__ import annotations

from dataclasses import dataclass, field

from scantui.explain.rules.clauses import Clause
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.flags import FlagTest
from scantui.explain.rules.limits import Limit
from scantui.explain.rules.members import Members


@dataclass(frozen=True, slots=True)
class Finding:
    """What lint has to say. `error`: the engine refuses the rule or it can never fire; `warning`; `note`."""

    level: str
    code: str
    text: str


@dataclass(frozen=True, eq=False)
class Rule:
    """`header` are the clauses on addresses and ports, `back` the same for a rule that reads both ways (else empty), `rest` all
    other clauses. All must hold. `silent`: it alerts never (`noalert`). Text is harmless to show."""

    path: str
    line: int
    text: str
    dialect: Dialect
    action: str
    proto: str
    header: tuple[Clause, ...]
    back: tuple[Clause, ...]
    rest: tuple[Clause, ...]
    enabled: bool = True
    message: str = ""
    sid: int | None = None
    gid: int = 1
    limits: tuple[Limit, ...] = ()
    silent: bool = False
    flags: FlagTest | None = None
    flags_text: str = ""
    flow: tuple[str, ...] = ()
    payload: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    header_members: dict[str, Members] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return (*self.header, *self.rest)

    @property
    def name(self) -> str:
        """How a person refers to it."""
        if self.dialect in (Dialect.IPTABLES, Dialect.NFT):
            return f"{self.dialect.value} line {self.line}"
        number = f"{self.gid}:{self.sid}" if self.gid != 1 else str(self.sid)
        return f"sid {number}" if self.sid is not None else f"line {self.line}"

    @property
    def loads(self) -> bool:
        """Whether no finding says that the engine refuses it."""
        return not any(found.level == "error" and found.code.startswith("load") for found in self.findings)

    @property
    def firewall(self) -> bool:
        return self.dialect in (Dialect.IPTABLES, Dialect.NFT)
