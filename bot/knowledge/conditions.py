"""What must be said beside a status: at most three conditions, chosen by the question, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.knowledge.countries import Country
from bot.knowledge.country_groups import CONTROLLED
from bot.knowledge.event import Event
from bot.knowledge.provision import (
    DATA_CENTRE_VEU,
    DIFFUSION,
    HBM_2024,
    JANUARY_2026,
    LETTER_H20,
    MALAYSIA,
    NOT_ENFORCED,
    RULE_2022,
    RULE_2023,
    Standpoint,
)
from bot.knowledge.question import Decision, Question, readings
from bot.knowledge.review import JANUARY_PLACES
from bot.knowledge.statuses import StatusName
from bot.knowledge.wording import Said, say

LIMIT = 3
AFFILIATES = date(2025, 9, 29)
AFFILIATES_SUSPENDED = date(2025, 11, 10)
AFFILIATES_DUE = date(2026, 11, 10)
"""The first days of the 50 percent rule, of its suspension, and of its return (90 FR 47201, 90 FR 50857)."""

GUIDANCE = date(2026, 5, 31)
REVENUE_SHARE = date(2025, 8, 11)
TARIFF_PUBLIC = date(2026, 1, 14)
"""The day of Proclamation 11002, which binds from the next day on."""

LETTER_2022 = (date(2022, 8, 26), date(2022, 10, 21))
LETTER_2022_PUBLIC = date(2022, 8, 31)
MIDDLE_EAST = (date(2023, 7, 1), date(2023, 11, 17))
MIDDLE_EAST_PUBLIC = date(2023, 8, 28)
MIDDLE_EAST_PLACES = frozenset({"AE", "SA", "QA", "KW", "BH", "OM", "JO", "EG", "YE"})
EUROPEAN_UNION = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
    ]
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what was decided: the material that conditions and notes are chosen from."""

    question: Question
    view: Standpoint
    place: Country
    export: Decision | None
    destination: Decision | None
    events: Sequence[Event]
    as_of: date
    system: bool = False

    @property
    def in_3a090(self) -> bool:
        """Whether the figures meet, or may meet, 3A090.a or .b."""
        chip = self.question.chip
        return chip.kind == "chip" and any(reading.paragraph for reading in readings(chip))

    @property
    def in_3a090_a(self) -> bool:
        """Whether the figures meet 3A090.a on every reading."""
        chip = self.question.chip
        published = chip.kind == "chip" and chip.figures.published
        return published and all(r.paragraph and r.paragraph.is_a for r in readings(chip))


def conditions(answered: Answered) -> tuple[Said, ...]:
    """At most three conditions: the lists of named parties always, before them what the question makes pressing."""
    chosen: list[Said] = []
    for said in _pressing(answered):
        if said not in chosen:
            chosen.append(said)
        if len(chosen) == LIMIT - 1:
            break
    return (*chosen, party_lists(answered))


def _pressing(answered: Answered) -> Iterator[Said]:
    """Every condition but the party lists, the most pressing first."""
    yield from not_yet_public(answered)
    chip = answered.question.chip
    if chip.origin != "US":
        warned = answered.view.holds(NOT_ENFORCED)
        yield say("condition.prohibition_ten" if warned else "condition.made_in_china")
        return
    if answered.export is None:
        return
    yield from _on_headquarters(answered)
    yield from _on_review(answered)
    yield from _on_letters(answered)
    if answered.system:
        yield _on_systems(answered.view)
    if chip.kind == "memory":
        controlled = answered.view.holds(HBM_2024)
        yield say("condition.memory" if controlled else "condition.memory_before")
        if controlled and answered.export.status is StatusName.DENIAL:
            yield say("condition.memory_exception")
    if answered.export.status is StatusName.NO_LICENCE and _is_controlled(answered):
        yield say("condition.end_use")


def _on_systems(view: Standpoint) -> Said:
    """Boards and servers, with the paragraphs that name them on the day: 4A090 from 2022, .z from 2023."""
    if view.holds(RULE_2023):
        return say("condition.system")
    return say("condition.system_2022" if view.holds(RULE_2022) else "condition.system_before")


def not_yet_public(answered: Answered) -> Iterator[Said]:
    """That a status binds before anyone outside could know it; silent when the question names what was known."""
    if answered.view.known_on is not None:
        return
    for decision in (answered.export, answered.destination):
        if decision and decision.begins <= answered.view.day < decision.stands_on[0].public_from:
            law = decision.stands_on[0]
            yield say("condition.not_yet_public", begins=law.begins, public=law.public_from)


def _on_review(answered: Answered) -> Iterator[Said]:
    export, chip = answered.export, answered.question.chip
    if export is None:
        return
    if export.status is StatusName.CASE_BY_CASE and answered.view.holds(JANUARY_2026):
        yield say("condition.from_us_only")
        open_sale = chip.us_sale is None
        yield say("condition.availability_open", chip=chip.name) if open_sale else say("condition.certifications")
    if export.status in (StatusName.NAC, StatusName.ACA):
        with_notice = export.status is StatusName.NAC and export.reason != "reason.nac_without_notice"
        noticed = with_notice and answered.question.shipped_from is None
        yield say("condition.reexport_exception" if noticed else "condition.exception_limits")
    if export.status is StatusName.APPROVAL and answered.view.holds(DIFFUSION):
        unenforced = answered.view.holds(NOT_ENFORCED)
        yield say("condition.approval_text" if unenforced else "condition.approval_text_before")
    if export.status is StatusName.APPROVAL and answered.view.holds(DATA_CENTRE_VEU):
        yield say("condition.data_centre_veu")
    if answered.question.shipped_from == "MY" and answered.in_3a090 and answered.view.holds(MALAYSIA):
        yield say("condition.malaysia_reexport")
    data_centre = answered.in_3a090_a and chip.data_centre
    if answered.question.destination == "MY" and data_centre and answered.view.holds(RULE_2023):
        yield say("condition.from_malaysia_on")


def _on_headquarters(answered: Answered) -> Iterator[Said]:
    """The headquarters rule: whenever the destination is not D:5 and the chip is, or may be, in 3A090."""
    question, view = answered.question, answered.view
    if question.buyer_hq is not None or not view.holds(RULE_2023) or not answered.in_3a090:
        return
    if answered.export and answered.export.status is StatusName.EMBARGOED:
        return
    if not question.groups.is_strict(question.destination, view):
        guided = view.day >= GUIDANCE and view.could_know(GUIDANCE)
        yield say("condition.headquarters" if guided else "condition.headquarters_before_guidance")


def _on_letters(answered: Answered) -> Iterator[Said]:
    """Letters whose open wording makes no status."""
    question, view, export = answered.question, answered.view, answered.export
    chip, day = question.chip, view.day
    if chip.vendor != "Nvidia" or export is None or export.status is not StatusName.NO_LICENCE:
        return
    told = view.could_know(LETTER_2022_PUBLIC)
    if told and LETTER_2022[0] <= day < LETTER_2022[1] and question.destination in ("CN", "HK"):
        tpp = chip.figures.tpp or 0.0
        if tpp >= 4992 and (chip.interconnect_gb_s or 0.0) >= 600:
            yield say("condition.open_letter_2022")
    known = view.could_know(MIDDLE_EAST_PUBLIC)
    named = question.destination in MIDDLE_EAST_PLACES and {"A100", "H100"} & set(chip.names_in_events)
    if known and named and MIDDLE_EAST[0] <= day < MIDDLE_EAST[1]:
        yield say("condition.middle_east_2023")
    strict = question.groups.is_strict(question.destination, view)
    if strict and chip.name != "H20" and view.holds(LETTER_H20):
        yield say("condition.open_letter_h20")


def _codified_text(answered: Answered) -> Iterator[Said]:
    """The worldwide requirement of the diffusion rule, where the applied law asks for nothing."""
    export, view = answered.export, answered.view
    if export is None or export.status is not StatusName.NO_LICENCE or not answered.in_3a090_a:
        return
    if view.holds(NOT_ENFORCED):
        yield say("note.diffusion")
    elif view.holds(DIFFUSION):
        yield say("note.diffusion_coming")


def _is_controlled(answered: Answered) -> bool:
    return bool(answered.question.groups.of(answered.question.destination, answered.view) & CONTROLLED)


def outcome_of(scheduled: Event, events: Sequence[Event], view: Standpoint) -> Event | None:
    """The recorded event that says what became of a scheduled one, None while nothing is recorded."""
    for event in events:
        if (
            view.could_know(event.public_from)
            and not event.scheduled
            and any(link.event == scheduled.id for link in event.links)
        ):
            return event
    return None


def party_lists(answered: Answered) -> Said:
    """The lists of named buyers, with the state of the 50 percent affiliates rule on the day."""
    view = answered.view
    day = view.day if view.known_on is None else min(view.day, view.known_on)
    if day < AFFILIATES:
        return say("condition.party_lists")
    if day < AFFILIATES_SUSPENDED:
        return say("condition.party_lists_affiliates")
    if view.day < AFFILIATES_DUE:
        return say("condition.party_lists_suspended")
    due = next((e for e in answered.events if e.scheduled and e.effective == AFFILIATES_DUE), None)
    recorded = outcome_of(due, answered.events, view) if due else None
    if recorded:
        return say("condition.party_lists_extended", event=recorded.title)
    return say("condition.party_lists_open")


def notes(answered: Answered) -> tuple[Said, ...]:
    """What else belongs to the answer: the ledger's end, open outcomes, costs, releases, what was learnt later."""
    return tuple(_notes(answered))


def _notes(answered: Answered) -> Iterator[Said]:
    question, view, chip = answered.question, answered.view, answered.question.chip
    if view.day > answered.as_of and (view.known_on is None or view.known_on > answered.as_of):
        yield say("note.beyond_ledger", as_of=answered.as_of)
    if question.end_user and answered.export:
        yield say("note.end_user", end_user=question.end_user)  # Source: 15 CFR 744.11
    yield from _open_outcomes(answered)
    yield from _codified_text(answered)
    if chip.origin == "US" and answered.export is None:
        yield say("note.domestic", place=answered.place)
    sold = chip.first_sold
    if sold and view.day < sold:
        if view.could_know(sold):
            whole = chip.released is not None and len(chip.released) == len("2026-01-15")
            yield say("note.not_yet_sold", chip=chip.name, released=sold if whole else chip.released)
        else:
            yield say("note.not_on_sale", chip=chip.name)
    if answered.export and question.groups.confidence(question.destination, view) == "uncertain":
        yield say("note.groups_uncertain", place=answered.place)
    taxed = view.holds(JANUARY_2026) and view.could_know(TARIFF_PUBLIC)
    if question.destination in ("CN", "HK", "MO") and taxed and pays_tariff(question):
        yield say("note.tariff")
    shared = view.day >= REVENUE_SHARE and view.could_know(REVENUE_SHARE)
    if question.destination in ("CN", "HK") and shared and chip.name in ("H20", "MI308X"):
        yield say("note.revenue_share")
    over = answered.export is not None and answered.export.reason in ("reason.denial", "reason.denial_ahead")
    if over and view.holds(JANUARY_2026) and question.destination in JANUARY_PLACES:
        yield say("note.january_over")
    if question.shipped_from in EUROPEAN_UNION:
        yield say("note.european_law")
    if view.known_on is not None:
        yield from _learnt_later(answered, view.known_on)


def pays_tariff(question: Question) -> bool:
    """Whether TPP and DRAM bandwidth fall into the bands of Proclamation 11002 (section 232, from 2026-01-15)."""
    tpp, bandwidth = question.chip.figures.tpp, question.chip.bandwidth_gb_s
    if tpp is None or bandwidth is None:
        return False
    return (14_000 < tpp < 17_500 and 4_500 < bandwidth < 5_000) or (
        20_800 < tpp < 21_100 and 5_800 < bandwidth < 6_200
    )


def _open_outcomes(answered: Answered) -> Iterator[Said]:
    """Scheduled events of this destination whose day has passed without a recorded outcome, as far as anyone could know
    that they were scheduled; the affiliates rule stands with the party lists."""
    places = {answered.question.destination, "CN" if answered.question.destination == "HK" else ""}
    for event in answered.events:
        day = event.effective or event.announced
        if not event.scheduled or day > answered.view.day or day == AFFILIATES_DUE:
            continue
        if not answered.view.could_know(event.public_from):
            continue
        if places & set(event.destinations) and outcome_of(event, answered.events, answered.view) is None:
            yield say("note.outcome_open", event=event.title, day=day)


def _learnt_later(answered: Answered, known_on: date) -> Iterator[Said]:
    effects = (*answered.question.letters, *answered.question.measures)
    later = {event.id: event for event, _ in effects if event.public_from > known_on}
    for event in sorted(later.values(), key=lambda e: e.public_from)[:LIMIT]:
        yield say("note.learnt_later", known_on=known_on, event=event.title, day=event.public_from)
