"""How alike two documents are: do they tell the same act or claim at the same moment?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.model import Stage
from bot.pipeline.assess.evidence import terms
from bot.pipeline.stories.fingerprint import Fingerprint

_PERMISSIONS = frozenset(("licence_granted", "tariff_or_revenue_share", "rescission"))
_GROUPS = {
    **dict.fromkeys(("licence_requirement", "rule", "entity_list", "guidance"), "us_restricts"),
    **dict.fromkeys(_PERMISSIONS, "us_relaxes"),
    "foreign_measure": "foreign",
    "enforcement": "enforcement",
    "bill": "bill",
}
"""Kinds that a headline writer may take for one another; every other kind is talk."""
_BODIES = frozenset(
    f"agencies.{body}"
    for body in (
        "cac",
        "samr",
        "ndrc",
        "gacc",
        "mofcom",
        "cn_mfa",
        "doj",
        "congress",
        "nl_gov",
        "tw_gov",
        "sg_gov",
        "miti",
    )
)
"""Public bodies that act on few matters: who acts tells what is told."""
_COMMON = frozenset(("Nvidia", "AMD"))
_EVERYWHERE = frozenset(("persons.trump", "persons.biden", "persons.huang"))
_ACTS = terms(
    "ban", "restrict", "relax", "allow", "resume", "issue_licence", "assured", "require_licence", "rescind", "smuggle",
    "charge", "probe", "bill", "entity_list", "revenue_share", "tariff", "rule", "guidance", "summon", "antitrust",
    "deny", "diffusion", "loophole", "backdoor", "import", "veu", "stockpile", "consider",
)  # fmt: skip

Rarity = Mapping[str, int]
"""How much a shared concept tells: 100 times the logarithm of one over its share of documents, as a whole number, so
that no order of adding matters."""
RAREST = 500


def likeness_features(a: Fingerprint, b: Fingerprint, gap: int | None, rarity: Rarity) -> dict[str, float]:
    """What speaks for and against two documents telling the same. `gap` is in days; None where a date is missing."""
    found: dict[str, float] = {"base": 1.0}
    found |= _of_kinds(a, b)
    found["direction_same"] = float(a.direction == b.direction)
    found["direction_against"] = float({a.direction, b.direction} == {"restricts", "relaxes"})
    found["chips_share"] = _overlap(a.chips, b.chips)
    found["chips_differ"] = float(bool(a.chips) and bool(b.chips) and a.chips.isdisjoint(b.chips))
    found["chips_one_side"] = float(bool(a.chips) != bool(b.chips))
    rare_a, rare_b = a.companies - _COMMON, b.companies - _COMMON
    found["companies_rare"] = min(2.0, float(len(rare_a & rare_b)))
    found["companies_differ"] = float(bool(a.companies) and bool(b.companies) and a.companies.isdisjoint(b.companies))
    found["companies_same"] = float(bool(a.companies) and a.companies == b.companies)
    found["ways_rare"] = float(a.origin == b.origin and a.destinations == b.destinations and not _usual(a))
    found["ways_differ"] = float(a.origin != b.origin) + float(a.destinations != b.destinations)
    found["subject_same"] = float(a.subject is not None and a.subject == b.subject)
    found["subject_differs"] = float({a.subject, b.subject} == {"US", "CN"})
    found["concepts"] = _weighed(a.concepts, b.concepts, rarity)
    found["acts"] = _weighed(a.concepts & _ACTS, b.concepts & _ACTS, rarity)
    found |= _of_names(a, b)
    found["numbers"] = min(2.0, float(len(a.numbers & b.numbers)))
    found["numbers_differ"] = float(bool(a.numbers) and bool(b.numbers) and a.numbers.isdisjoint(b.numbers))
    found["spots"] = min(3.0, float(len((a.spots & b.spots) - _EVERYWHERE)))
    found["other_language"] = float(a.script != b.script)
    found["dates"] = float(not a.dates.isdisjoint(b.dates))
    found["names"] = min(6.0, float(len(a.names & b.names)))
    found["words"] = _overlap(a.words, b.words)
    found["title"] = _jaccard(a.title, b.title)
    found["same_source"] = float(a.source == b.source)
    found["link"] = float(bool(a.link) and a.link == b.link)
    found |= _time(a, b, gap)
    found["talk_that_day"] = found.get("day_same", 0.0) * found["talk_both"]
    return {name: value for name, value in found.items() if value}


def _of_kinds(a: Fingerprint, b: Fingerprint) -> dict[str, float]:
    mine, theirs = _GROUPS.get(a.kind), _GROUPS.get(b.kind)
    permission = a.kind in _PERMISSIONS and b.kind in _PERMISSIONS
    return {
        "kind_same": float(a.kind == b.kind),
        "group_same": float(mine is not None and mine == theirs and a.kind != b.kind),
        "group_far": float(mine is not None and theirs is not None and mine != theirs),
        "talk_and_act": float((mine is None) != (theirs is None)),
        "talk_both": float(mine is None and theirs is None),
        "stage_far": float(a.kind == b.kind and abs(_rank(a) - _rank(b)) >= 2),
        "issued_or_not": float(permission and a.stage != b.stage and "issued" in (a.stage, b.stage)),
        "issued_both": float(permission and a.stage == b.stage == "issued"),
    }


def _rank(a: Fingerprint) -> int:
    return Stage(a.stage).rank if a.stage else 1


def _of_names(a: Fingerprint, b: Fingerprint) -> dict[str, float]:
    bodies_a, bodies_b = a.concepts & _BODIES, b.concepts & _BODIES
    return {
        "body_same": float(not bodies_a.isdisjoint(bodies_b)),
        "body_differs": float(bool(bodies_a) and bool(bodies_b) and bodies_a.isdisjoint(bodies_b)),
        "named_same": float(not a.named.isdisjoint(b.named)),
        "named_differs": float(bool(a.named) and bool(b.named) and a.named.isdisjoint(b.named)),
        "named_one_side": float(bool(a.named) != bool(b.named)),
        "numbers_one_side": float(bool(a.numbers) != bool(b.numbers)),
    }


def _usual(a: Fingerprint) -> bool:
    return a.origin == {"US"} and a.destinations == {"CN"}


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
        "days_fortnight": float(11 <= gap <= 18),
        "days_month": float(19 <= gap <= 35),
        "days_many": float(gap > 35),
    }


def _weighed(a: frozenset[str], b: frozenset[str], rarity: Rarity) -> float:
    """The share of what is common in all that either names, rare concepts counting more."""
    shared = a & b
    if not shared:
        return 0.0
    common = sum([rarity.get(name, RAREST) for name in shared])
    return common / sum([rarity.get(name, RAREST) for name in a | b])


def _jaccard(a: frozenset[str] | frozenset[int], b: frozenset[str] | frozenset[int]) -> float:
    if not a or not b:
        return 0.0
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def _overlap(a: frozenset[str] | frozenset[int], b: frozenset[str] | frozenset[int]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """Weights of `likeness_features` and the rarity of concepts."""

    weights: Mapping[str, float]
    rarity: Rarity

    def score(self, a: Fingerprint, b: Fingerprint, gap: int | None) -> float:
        """The sum of weights: above 0 rather the same story, below rather not."""
        features = likeness_features(a, b, gap, self.rarity)
        return sum(self.weights.get(name, 0.0) * value for name, value in features.items())


@cache
def shipped() -> Likeness:
    """What `weights.toml` holds."""
    table = tomllib.loads((files("bot.pipeline.stories") / "weights.toml").read_text(encoding="utf-8"))
    return Likeness(table["likeness"], table["rarity"])
