"""Any chip from its numbers: its paragraph, its distance from each limit, what would change it, usual mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import inf, isfinite
from types import MappingProxyType
from typing import Any

from bot.errors import UserError
from bot.knowledge.chips import Chip
from bot.knowledge.criteria import (
    DRAM_WINDOW,
    LINK_2022,
    PD_A,
    PD_B1,
    PD_B2,
    TPP_2022,
    TPP_A,
    TPP_B,
    TPP_FLOOR,
    TPP_WINDOW,
    Paragraph,
)
from bot.knowledge.performance import BITS, Performance, performance
from bot.knowledge.provision import JANUARY_2026, RULE_2022, RULE_2023, Standpoint
from bot.knowledge.spelling import nearest
from bot.knowledge.status import Classified, Status, classified, number
from bot.knowledge.wording import Said, say

SAME = 0.006
"""How near two figures count as the same (share)."""
SAME_DIE = 0.05


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit and where the chip stands to it: `distance` is value minus limit, None where the value is unknown.

    `measure` is `tpp`, `pd` (TPP per mm2), `link` or `dram_bandwidth` (GB/s); `paragraph` is what the limit belongs to.
    """

    paragraph: str
    measure: str
    limit: float
    value: float | None

    @property
    def distance(self) -> float | None:
        """Value minus limit, in the limit's own unit."""
        return None if self.value is None else self.value - self.limit

    @property
    def reached(self) -> bool | None:
        """Whether the value is at or over the limit."""
        return None if self.value is None else self.value >= self.limit


@dataclass(frozen=True, slots=True)
class Classification:
    """What the numbers of a chip make of it on a day. `status` is set when a destination was asked about."""

    ops: Mapping[str, float]
    figures: Performance
    on: date
    classified: Classified
    limits: tuple[Limit, ...]
    notes: tuple[Said, ...]
    status: Status | None = None

    @property
    def paragraph(self) -> Paragraph | None:
        """The paragraph met, None when none is or the figures leave it open."""
        return self.classified.paragraph

    def as_chip(self) -> Chip:
        """A chip with these numbers, designed in the US; whether it is on sale there is not known."""
        return Chip(
            name="The chip",
            vendor="",
            family="",
            origin="US",
            aliases=MappingProxyType({}),
            systems=(),
            dense_tops=self.ops,
            figures=self.figures,
            sources=(),
            confidence="confirmed",
            die_area_mm2=self.figures.die,
            bandwidth_gb_s=self.figures.dram_bandwidth,
            interconnect_gb_s=self.figures.link,
            data_centre=self.figures.data_centre,
        )

    def json(self) -> dict[str, Any]:
        """As the command line prints it."""
        known = self.classified.json()
        return {
            "tpp": number(self.figures.tpp),
            "tpp_basis": self.figures.basis,
            "pd": known["pd"],
            "paragraph": known["paragraph"],
            "layers": self.status.json()["layers"] if self.status else None,
            "notes": [said.text for said in self.notes],
        }


def classify(
    ops: Mapping[str, float],
    die: float | None,
    bandwidth: float | None,
    io: float | None,
    data_centre: bool,
    on: date,
    *,
    catalogue: Mapping[str, Chip],
) -> Classification:
    """Classifies a chip from dense TOPS (or TFLOPS) by precision, die area in mm2, DRAM bandwidth and link in GB/s.

    Every positive number is computed; implausible ones add a note. `catalogue` is what mistakes are recognised by.
    Raises UserError: `errors.no_ops`; `errors.unknown_precision` (precision, known, suggestion); `errors.not_positive`
    (field, value); `errors.too_large` (field, value) where a figure, or what follows from it, goes beyond 1e308.
    """
    clean = checked(ops, die=die, bandwidth=bandwidth, io=io)
    figures = performance(clean, die, link=io, dram_bandwidth=bandwidth, data_centre=data_centre)
    for field, result in (("TPP", figures.tpp), ("PD", figures.pd)):
        if result is not None and not isfinite(result):
            raise UserError("errors.too_large", field=field, value="∞")
    draft = Classification(clean, figures, on, Classified(None, None, None, None), (), ())
    view = Standpoint(on)
    found = classified(draft.as_chip(), view)
    notes = (
        *_mistakes(clean, figures, catalogue),
        *_what_decides(figures, found, view),
        *_what_would_change(figures, found, view),
    )
    return Classification(clean, figures, on, found, limits(figures, view), notes)


def figures_of(text: str) -> dict[str, float]:
    """`fp16=148,int8=296` as numbers. Raises UserError for what is none."""
    found = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise UserError("errors.no_figure", text=part.strip()) from None
    return found


def checked(ops: Mapping[str, float], **measures: float | None) -> dict[str, float]:
    """The figures by their known precision, every one a positive finite number. Raises UserError otherwise."""
    if not ops:
        raise UserError("errors.no_ops")
    clean: dict[str, float] = {}
    for name, value in ops.items():
        precision = name.strip().lower().replace("-", "_").replace(" ", "_")
        if precision not in BITS:
            near = nearest(precision, BITS, limit=1, cutoff=0.5)
            raise UserError(
                "errors.unknown_precision", precision=name, known=", ".join(BITS), suggestion=near[0] if near else ""
            )
        clean[precision] = _positive(name, value)
    for field, measure in measures.items():
        if measure is not None:
            _positive(field, measure)
    return clean


def _positive(field: str, value: float) -> float:
    if value == inf:
        raise UserError("errors.too_large", field=field, value="∞")
    if not value > 0:
        raise UserError("errors.not_positive", field=field, value=value)
    return float(value)


def limits(figures: Performance, view: Standpoint) -> tuple[Limit, ...]:
    """Every limit of the rule in force on the day, with the chip's distance from it."""
    tpp, pd = figures.tpp, figures.pd
    if not view.holds(RULE_2023):
        return (Limit("3A090 (2022)", "tpp", TPP_2022, tpp), Limit("3A090 (2022)", "link", LINK_2022, figures.link))
    found = [
        Limit("3A090.a.1", "tpp", TPP_A, tpp),
        Limit("3A090.a.2", "tpp", TPP_FLOOR, tpp),
        Limit("3A090.a.2", "pd", PD_A, pd),
        Limit("3A090.b.1", "tpp", TPP_B, tpp),
        Limit("3A090.b.1", "pd", PD_B1, pd),
        Limit("3A090.b.2", "tpp", TPP_FLOOR, tpp),
        Limit("3A090.b.2", "pd", PD_B2, pd),
    ]
    if view.holds(JANUARY_2026):
        found += [
            Limit("742.6(b)(10)(iii)", "tpp", TPP_WINDOW, tpp),
            Limit("742.6(b)(10)(iii)", "dram_bandwidth", DRAM_WINDOW, figures.dram_bandwidth),
        ]
    return tuple(found)


def _mistakes(ops: Mapping[str, float], figures: Performance, catalogue: Mapping[str, Chip]) -> Iterator[Said]:
    for precision, tops in ops.items():
        chip = sparse_twin(precision, tops, figures.die, catalogue)
        if chip:
            dense = chip.dense_tops[precision]
            yield say("classify.sparse", precision=precision, value=tops, chip=chip.name, dense=dense)
        if tops > 1_000_000:
            yield say("classify.unit_too_large", field=precision, value=tops, unit="TOPS")
    if max(ops.values()) < 1:
        precision = max(ops, key=lambda name: ops[name])
        yield say("classify.unit_too_small", field=precision, value=ops[precision], unit="TOPS")
    measures = (("die", figures.die, 20, 100_000, "mm2"), ("bandwidth", figures.dram_bandwidth, 20, 100_000, "GB/s"))
    for field, value, low, high, unit in (*measures, ("io", figures.link, 5, 100_000, "GB/s")):
        if value is not None and value < low:
            yield say("classify.unit_too_small", field=field, value=value, unit=unit)
        elif value is not None and value > high:
            yield say("classify.unit_too_large", field=field, value=value, unit=unit)
    if "tf32" in ops:
        yield say("classify.tf32_left_out" if len(ops) > 1 else "classify.tf32_alone")


def sparse_twin(precision: str, tops: float, die: float | None, catalogue: Mapping[str, Chip]) -> Chip | None:
    """The known chip of which the figure is twice the dense one at the same precision; None when it is a dense figure
    of some chip itself. Chips whose die area differs from the one given are left out."""

    def alike(value: float, other: float, share: float) -> bool:
        return abs(value - other) <= share * other

    fitting = [
        chip
        for chip in catalogue.values()
        if precision in chip.dense_tops
        and (die is None or chip.die_area_mm2 is None or alike(die, chip.die_area_mm2, SAME_DIE))
    ]
    if any(alike(tops, chip.dense_tops[precision], SAME) for chip in fitting):
        return None
    return next((chip for chip in fitting if alike(tops, 2 * chip.dense_tops[precision], SAME)), None)


def _what_decides(figures: Performance, found: Classified, view: Standpoint) -> Iterator[Said]:
    if not view.holds(RULE_2022):
        yield say("classify.no_rule_yet")
    elif found.open:
        if not view.holds(RULE_2023):
            yield say("classify.link_missing")
        else:
            yield say("classify.die_missing", tpp=figures.tpp)
    if view.holds(RULE_2023) and not figures.data_centre and figures.tpp is not None:
        yield say("classify.note_2" if figures.tpp < TPP_A else "classify.note_2_too_strong", tpp=figures.tpp)


def entry_points(die: float | None, *, data_centre: bool) -> tuple[float, ...]:
    """The TPP values from which a chip of this die area enters a paragraph of 3A090, in rising order.

    Without a die area the first is where it begins to decide (.a.2 and .b.2), the last where it no longer does.
    """
    if not data_centre:
        return (TPP_A,)
    if die is None:
        return (TPP_FLOOR, TPP_A)
    points = {TPP_A, max(TPP_FLOOR, PD_A * die), max(TPP_B, PD_B1 * die), max(TPP_FLOOR, PD_B2 * die)}
    return tuple(sorted(point for point in points if point <= TPP_A))


def _entry_words(figures: Performance) -> tuple[str, str]:
    """The sentences that tell an entry point to a chip outside and to one inside: with a die area, without one, and
    where Note 2 makes the die area count for nothing."""
    if not figures.data_centre:
        return "classify.room_tpp_note_2", "classify.over_tpp_note_2"
    if figures.die is None:
        return "classify.room_tpp_no_die", "classify.over_tpp_no_die"
    return "classify.room_tpp", "classify.over_tpp"


def _what_would_change(figures: Performance, found: Classified, view: Standpoint) -> Iterator[Said]:
    tpp, die = figures.tpp, figures.die
    if not view.holds(RULE_2023) or tpp is None or found.open:
        return
    points = entry_points(die, data_centre=figures.data_centre)
    room, over = _entry_words(figures)
    if found.paragraph is None:
        yield say(room, tpp=points[0], distance=points[0] - tpp)
        if figures.data_centre and TPP_FLOOR <= tpp < TPP_A and die is not None:
            edge = tpp / PD_B1 if tpp >= TPP_B else tpp / PD_B2
            yield say("classify.room_die", die=edge)
        return
    edge = points[0] if die is not None else TPP_A
    yield say(over, tpp=edge, distance=tpp - edge)
    if tpp >= TPP_A:
        yield say("classify.die_decides_nothing")
    elif figures.data_centre:
        yield say("classify.over_die", die=tpp / PD_B1 if tpp >= TPP_B else tpp / PD_B2)
        yield say("classify.if_not_data_centre")
    if view.holds(JANUARY_2026) and found.paragraph.is_a:
        yield from _january(figures, tpp)


def _january(figures: Performance, tpp: float) -> Iterator[Said]:
    bandwidth = figures.dram_bandwidth
    if tpp >= TPP_WINDOW or (bandwidth is not None and bandwidth >= DRAM_WINDOW):
        yield say("classify.january_over", tpp=tpp, bandwidth=bandwidth)
    elif bandwidth is None:
        yield say("classify.january_bandwidth_missing")
    else:
        yield say("classify.january_within", distance=TPP_WINDOW - tpp, bandwidth=DRAM_WINDOW - bandwidth)
