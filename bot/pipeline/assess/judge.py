"""Puts the judges together: evidence, weights, then the labels that rest on them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import Moment
from bot.knowledge.vocabulary import Match, Vocabulary, vocabulary
from bot.model import INFERRED, Assessment, Direction, Kind, Reason, Severity, Trust
from bot.pipeline.assess.age import stale
from bot.pipeline.assess.binding import binding_of
from bot.pipeline.assess.evidence import Evidence, read
from bot.pipeline.assess.features import acting_state, add_form, derive, tells_america
from bot.pipeline.assess.model import Model, shipped
from bot.pipeline.assess.severity import severity_of
from bot.pipeline.assess.stage import stage_of
from bot.pipeline.assess.things import chips_of, companies_of
from bot.pipeline.assess.trust import passed_on, publisher_trust
from bot.pipeline.assess.ways import destinations_of, origin_of

_AMERICAN_ACTS = (Kind.LICENCE_REQUIREMENT, Kind.RULE, Kind.GUIDANCE)

_ACTS = (*_AMERICAN_ACTS, Kind.RESCISSION, Kind.FOREIGN_MEASURE)

BY_NAME = "implied_by_name"
"""The rule of a destination that the name of a buyer tells: G42 is at home in the Emirates."""
SPEAKERS = 2
"""How many features are named as the reason of one label."""
NOT_OF_TRADE = 0.4
"""The most that a text can reach which names no chip nor its maker: controls on other goods sound the same."""
FAR_OFF = 0.03
"""Below this score a text is nowhere near the subject and gets no labels; a near miss is labelled, to be explained."""


def judge(
    title: str, lead: str, outlet: str, url: str | None, published: Moment | None, source_trust: Trust | None,
    form: str | None = None, model: Model | None = None, words: Vocabulary | None = None,
) -> Assessment:  # fmt: skip
    """The assessment of one text. `form` is the publisher's own type ("Rule", "8-K").

    `model` and `words` stand in for the shipped ones when weights are tried out.
    """
    model, words = model or shipped(), words or vocabulary()
    evidence = read(title, lead, words)
    if not evidence.folded.text.strip():
        return Assessment(False, 0.0, trust=source_trust or Trust.PRESS, reasons=(Reason("relevant", "empty"),))
    derive(evidence)
    if form:
        add_form(evidence, form)
    added = model.added(evidence.features)
    totals = model.totals(added)
    score = round(model.probability("relevant", "yes", totals), 4)
    trust, trust_reason = _trust(evidence, model, totals, source_trust, outlet, url, lead)
    reasons = _spoken(evidence, model, "relevant", "yes" if score > 0.5 else "no")
    if score > NOT_OF_TRADE and not (evidence.of_trade or chips_of(evidence)):
        score = NOT_OF_TRADE
        reasons = [Reason("relevant", "no_word_of_the_goods")]
    if evidence.cut:
        reasons.append(Reason("text", "cut"))
    if score < FAR_OFF:
        return Assessment(False, score, trust=trust, reasons=(*reasons, trust_reason))
    return _labelled(
        evidence, model, added, totals, score, trust, [*reasons, trust_reason, *stale(lead, url, published)]
    )


def _labelled(
    evidence: Evidence,
    model: Model,
    added: int,
    totals: Sequence[int],
    score: float,
    trust: Trust,
    reasons: list[Reason],
) -> Assessment:
    never = _never(evidence)
    kind = Kind(model.best("kind", totals, never))
    actor = acting_state(evidence)
    abroad = evidence.subject not in (None, "company", "US")
    if kind in _AMERICAN_ACTS and (actor or (abroad and "+other_state_acts" in evidence.features)):
        kind = Kind.FOREIGN_MEASURE  # by the label rules these kinds are acts of the United States
    chip_matches, company_matches = chips_of(evidence), companies_of(evidence)
    chips, companies = _names(chip_matches), _names(company_matches)
    origin, destinations = origin_of(evidence, chips, companies, kind), destinations_of(evidence, kind)
    if kind is Kind.FOREIGN_MEASURE and actor and destinations and actor not in destinations:
        origin = tuple(sorted({*origin, actor}))  # a state that acts on what goes elsewhere is the exporter
    if kind is Kind.FOREIGN_MEASURE and not _has_actor(evidence, origin, destinations):
        kind = Kind(model.best("kind", totals, (kind, *never, *(_AMERICAN_ACTS if abroad else ()))))
        origin, destinations = origin_of(evidence, chips, companies, kind), destinations_of(evidence, kind)
    reasons += _spoken(evidence, model, "kind", kind.value)
    leaning = model.totals(added + model.added((f"kind.{kind.value}",)))
    direction = Direction(model.best("direction", leaning))
    reasons += _spoken(evidence, model, "direction", direction.value)
    if direction is Direction.RELAXES and "+only_tightens" in evidence.features:
        # Whatever the weights say: a title that only demands, forbids or restricts eases nothing.
        direction = Direction.RESTRICTS
        reasons.append(Reason("direction", "title_only_tightens"))
    if kind in (Kind.ENTITY_LIST, Kind.FOREIGN_MEASURE) and (off := _takes_off_a_list(evidence)):
        direction = Direction.RELAXES  # most that is said of lists is that names are added, and so learnt
        reasons.append(_reason(evidence, "direction", "taken_off_a_list", off))
    reasons += [_reason(evidence, "chips", "named", match) for match in chip_matches]
    reasons += [_reason(evidence, "companies", "named", match) for match in company_matches]
    reasons += _places(evidence, "origin", origin) + _places(evidence, "destinations", destinations)
    stage, rule, match = stage_of(evidence, kind, direction)
    if stage:
        reasons.append(_reason(evidence, "stage", rule, match))
    severity = severity_of(kind, stage, trust, chips, destinations) if score > 0.5 else Severity.LOW
    return Assessment(
        score > 0.5,
        score,
        chips,
        companies,
        origin,
        destinations,
        kind,
        direction,
        trust,
        severity,
        stage,
        tuple(reasons),
        binding_of(evidence, kind, chip_matches),
    )


def _takes_off_a_list(evidence: Evidence) -> Match | None:
    """The words of a title that takes names off a list and adds none."""
    features = evidence.features
    if "T.terms.entity_list" not in features or "T.terms.add_list" in features:
        return None
    return features.get("T.terms.remove_list")


def _never(evidence: Evidence) -> tuple[Kind, ...]:
    """The kinds that a title rules out, whatever the weights say."""
    if tells_america(evidence):
        return _ACTS
    if "+only_tightens" in evidence.features:
        return (Kind.LICENCE_GRANTED,)
    if "+only_eases" in evidence.features and "T.terms.freed" in evidence.features:
        return (Kind.LICENCE_REQUIREMENT,)
    return ()


def _has_actor(evidence: Evidence, origin: Sequence[str], destinations: Sequence[str]) -> bool:
    """Whether it can be told whose a measure is that is not the United States': the exporter's, or the buyers' own.

    Who is only named as where goods go has taken none: China that speaks of exports to Malaysia makes no Malaysian law.
    """
    exporter = any(code != "US" and code not in destinations for code in origin)
    return exporter or not destinations or destinations[0] == "CN" or evidence.subject in destinations


def _trust(
    evidence: Evidence, model: Model, totals: Sequence[int], source_trust: Trust | None, outlet: str,
    url: str | None, lead: str,
) -> tuple[Trust, Reason]:  # fmt: skip
    trust, rule = publisher_trust(source_trust, outlet, url)
    if trust:
        return trust, Reason("trust", rule, outlet[:80])
    if passed_on(lead):
        return Trust.COMPANY, Reason("trust", "statement_passed_on")
    rumour = model.best("trust", totals) == Trust.RUMOUR.value
    trust = Trust.RUMOUR if rumour else Trust.PRESS
    found = _spoken(evidence, model, "trust", trust.value, 1)
    return trust, found[0] if found else Reason("trust", "press")


def _names(matches: Sequence[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.concept.partition(".")[2] for match in matches))


def _places(evidence: Evidence, label: str, codes: Sequence[str]) -> list[Reason]:
    """Where each place stands; one that no word names was inferred, or is told by a buyer's name."""
    reasons = []
    for code in codes:
        written = (*evidence.named("places"), *evidence.named("doubted"))
        match = next((match for match in written if match.concept.partition(".")[2] == code), None)
        reasons.append(_reason(evidence, label, "named" if match else _unwritten(label, code), match))
    return reasons


def _unwritten(label: str, code: str) -> str:
    """The rule of a place that no word names. Only China is a destination that texts imply (`INFERRED`)."""
    return BY_NAME if label == INFERRED.label and code != "CN" else INFERRED.rule


def _spoken(evidence: Evidence, model: Model, task: str, label: str, most: int = SPEAKERS) -> list[Reason]:
    """The features that spoke loudest for a label, each with its words."""
    loudest = model.speakers(task, label, evidence.features, most)
    return [_reason(evidence, task, feature, evidence.features[feature]) for feature in loudest]


def _reason(evidence: Evidence, label: str, rule: str, match: Match | None) -> Reason:
    if match is None:
        return Reason(label, rule)
    folded = evidence.folded
    span = folded.span(match[0], match[1])
    return Reason(label, rule, folded.given[span[0] : span[1]], span)
