"""How alike two documents are: do they tell the same act or claim at the same moment?"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files

from bot.pipeline.stories.fingerprint import Fingerprint

_PERMISSIONS = frozenset(("licence_granted", "tariff_or_revenue_share", "rescission"))
_TALK = frozenset(("statement", "rumour", "report", "analysis", "other"))
_LAW = frozenset(("rule", "guidance", "rescission", "entity_list"))
_BACKGROUND = frozenset(
    ("companies.Nvidia", "places.CN", "places.US", "terms.semi", "terms.ai_chip", "terms.export", "terms.sell")
)
_ACTS = frozenset(
    "terms." + name
    for name in ["ban", "restrict", "relax", "allow", "resume", "issue_licence", "assured", "require_licence", "rescind", "smuggle", "charge", "probe", "bill", "entity_list", "revenue_share", "tariff", "rule", "guidance", "summon", "antitrust", "deny", "diffusion", "loophole", "backdoor", "import", "veu", "stockpile", "consider"]
)


def likeness_features(a: Fingerprint, b: Fingerprint, gap: int | None) -> dict[str, float]:
    """What speaks for and against two documents telling the same. `gap` is in days; None where a date is missing."""
    found: dict[str, float] = {"base": 1.0}
    found["kind_same"] = float(a.kind == b.kind)
    found["kind_near"] = float(a.kind != b.kind and _near_kinds(a.kind, b.kind))
    found["direction_same"] = float(a.direction == b.direction)
    found["direction_against"] = float({a.direction, b.direction} == {"restricts", "relaxes"})
    if a.kind == b.kind and a.kind in _PERMISSIONS and a.stage != b.stage:
        found["issued_or_not"] = float("issued" in (a.stage, b.stage))
    found["chips_share"] = _overlap(a.chips, b.chips)
    found["chips_differ"] = float(bool(a.chips) and bool(b.chips) and a.chips.isdisjoint(b.chips))
    found["chips_one_side"] = float(bool(a.chips) != bool(b.chips))
    found["companies_share"] = _jaccard(a.companies, b.companies)
    found["companies_differ"] = float(bool(a.companies) and bool(b.companies) and a.companies.isdisjoint(b.companies))
    found["rare_companies"] = min(2.0, float(len((a.companies & b.companies) - {"Nvidia", "AMD", "Huawei"})))
    found["origin_same"] = float(a.origin == b.origin)
    found["destinations_same"] = float(a.destinations == b.destinations)
    found["subject_same"] = float(a.subject is not None and a.subject == b.subject)
    found["concepts"] = _jaccard(a.concepts - _BACKGROUND, b.concepts - _BACKGROUND)
    found["acts"] = _jaccard(a.concepts & _ACTS, b.concepts & _ACTS)
    found["numbers"] = min(2.0, float(len(a.numbers & b.numbers)))
    found["dates"] = float(not a.dates.isdisjoint(b.dates))
    found["names"] = min(6.0, float(len(a.names & b.names)))
    found["words"] = _overlap(a.words, b.words)
    found["title"] = _jaccard(a.title, b.title)
    if a.link and a.link == b.link:
        found["link"] = 1.0
    found |= _time(a, b, gap)
    return {name: value for name, value in found.items() if value}


def _time(a: Fingerprint, b: Fingerprint, gap: int | None) -> dict[str, float]:
    if gap is None:
        near = min((abs(x - y) for x, ds in ((a.day, b.dates), (b.day, a.dates)) if x for y in ds), default=None)
        if near is None:
            return {"time_unknown": 1.0}
        gap = near
    return {
        "day_same": float(gap <= 1),
        "days_few": float(2 <= gap <= 4),
        "days_week": float(5 <= gap <= 10),
        "days_month": float(11 <= gap <= 35),
        "days_many": float(gap > 35),
        "days": min(4.0, math.log1p(gap)),
    }


def _near_kinds(a: str, b: str) -> bool:
    return any(a in group and b in group for group in (_PERMISSIONS, _TALK, _LAW)) or a in _TALK or b in _TALK


def _jaccard(a: frozenset[str] | frozenset[int], b: frozenset[str] | frozenset[int]) -> float:
    if not a or not b:
        return 0.0
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def _overlap(a: frozenset[str] | frozenset[int], b: frozenset[str] | frozenset[int]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


@cache
def weights() -> dict[str, float]:
    """The shipped weights of `likeness_features`."""
    text = (files("bot.pipeline.stories") / "weights.toml").read_text(encoding="utf-8")
    return {name: float(weight) for name, weight in tomllib.loads(text)["likeness"].items()}


def likeness(a: Fingerprint, b: Fingerprint, gap: int | None, table: dict[str, float]) -> float:
    """The sum of weights: above 0 rather the same story, below rather not."""
    return sum(table.get(name, 0.0) * value for name, value in likeness_features(a, b, gap).items())
