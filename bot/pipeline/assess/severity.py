"""How much an assessed document matters: the table in `severity.toml`, the first row that fits."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.model import Kind, Severity, Stage, Trust


@dataclass(frozen=True, slots=True)
class _Row:
    severity: Severity
    kinds: frozenset[Kind] | None
    stages: frozenset[Stage] | None
    trusts: frozenset[Trust] | None
    flagship: bool
    major: bool


@cache
def _table() -> tuple[dict[Kind, list[_Row]], frozenset[str], frozenset[str]]:
    """The rows that fit each kind, in their order; the flagships and the major destinations."""
    table = tomllib.loads((files("bot.pipeline.assess") / "severity.toml").read_text(encoding="utf-8"))
    rows = [
        _Row(
            Severity(row["severity"]),
            frozenset(Kind(kind) for kind in row["kinds"]) if "kinds" in row else None,
            frozenset(Stage(stage) for stage in row["stages"]) if "stages" in row else None,
            frozenset(Trust(trust) for trust in row["trusts"]) if "trusts" in row else None,
            row.get("flagship", False),
            row.get("major", False),
        )
        for row in table["row"]
    ]
    by_kind = {kind: [row for row in rows if row.kinds is None or kind in row.kinds] for kind in Kind}
    return by_kind, frozenset(table["flagships"]), frozenset(table["majors"])


def severity_of(
    kind: Kind, stage: Stage | None, trust: Trust, chips: tuple[str, ...], destinations: tuple[str, ...]
) -> Severity:
    """The severity of an act of a kind and stage, as told by someone of a trust, on chips for destinations."""
    rows, flagships, majors = _table()
    flagship, major = not flagships.isdisjoint(chips), not majors.isdisjoint(destinations)
    for row in rows[kind]:
        if (
            (row.stages is None or stage in row.stages)
            and (row.trusts is None or trust in row.trusts)
            and (flagship or not row.flagship)
            and (major or not row.major)
        ):
            return row.severity
    return Severity.LOW
