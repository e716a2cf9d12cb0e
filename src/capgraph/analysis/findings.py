"""What `check` finds: the rows of its report, and how grave each kind of finding is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from capgraph.report import Fact, ReportRow

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The severities, the gravest first."""


SEVERITY: dict[str, Severity] = {
    "alignment-contradiction": "warning",
    "alignment-to-review": "info",
    "asset-without-alignment": "info",
    "behavior-without-level": "info",
    "challenge-without-chain": "warning",
    "decision-without-effect": "warning",
    "deprecated-in-use": "warning",
    "label-used-twice": "info",
    "level-off-scale": "error",
    "level-on-another-scale": "warning",
    "person-without-role": "info",
    "prerequisite-cycle": "warning",
    "reports-to-cycle": "warning",
    "required-without-indicator": "info",
    "role-without-requirements": "warning",
    "unresolved-reference": "warning",
}
"""How grave the findings of each rule are."""


@dataclass(frozen=True, kw_only=True)
class CheckRow(ReportRow):
    """One finding."""

    severity: Severity
    """*error*: an answer will be wrong or missing; *warning*: probably not meant; *info*: worth knowing."""
    rule: str
    """The name of the rule."""
    id: str
    """The entry it is about."""
    message: str
    """What is wrong, in one sentence."""
    hint: str
    """What to do about it."""

    def tone(self) -> str:
        """Color errors and warnings."""
        return {"error": "poor", "warning": "fair"}.get(self.severity, "")


def finding(rule: str, id_: str, message: str, hint: str, *, because: tuple[Fact, ...] = ()) -> CheckRow:
    """Return a finding with the severity of its rule."""
    return CheckRow(severity=SEVERITY[rule], rule=rule, id=id_, message=message, hint=hint, because=because)
