"""What makes a chip a 3A090 chip: the test of October 2022, paragraphs .a and .b of November 2023, and Note 2."""

from __future__ import annotations

from enum import StrEnum
from math import inf

from bot.knowledge.performance import ESTIMATE, Performance

LINK_2022 = 600.0
"""GB/s over all inputs and outputs, both ways together, other than volatile memory (87 FR 62186)."""
TPP_2022 = 4800.0
TPP_A, TPP_B, TPP_FLOOR = 4800.0, 2400.0, 1600.0
PD_A, PD_B2, PD_B1 = 5.92, 3.2, 1.6
TPP_WINDOW, DRAM_WINDOW = 21_000.0, 6_500.0
"""The limits of 15 CFR 742.6(b)(10)(iii)(A)(1): TPP, and total DRAM bandwidth in GB/s (91 FR 1684)."""


class Paragraph(StrEnum):
    """Where in ECCN 3A090 a chip stands."""

    A1 = "3A090.a.1"
    A2 = "3A090.a.2"
    B1 = "3A090.b.1"
    B2 = "3A090.b.2"
    C = "3A090.c"
    RULE_2022 = "3A090 (2022)"

    @property
    def is_a(self) -> bool:
        """Whether it is .a.1 or .a.2."""
        return self in (Paragraph.A1, Paragraph.A2)

    @property
    def is_b(self) -> bool:
        """Whether it is .b.1 or .b.2."""
        return self in (Paragraph.B1, Paragraph.B2)


def paragraph_of_2023(tpp: float, density: float, *, data_centre: bool) -> Paragraph | None:
    """The first that applies of a.1, a.2, b.1, b.2, on unrounded numbers; None outside 3A090.a and .b.

    `tpp` is dense TOPS x bit length, `density` TPP per mm2. Note 2: outside when neither designed nor marketed for data
    centres and under 4,800. Source: ECCN 3A090 as revised by 88 FR 73458, in force from 2023-11-17.
    """
    if tpp >= TPP_A:
        return Paragraph.A1
    if not data_centre or tpp < TPP_FLOOR:
        return None
    if density >= PD_A:
        return Paragraph.A2
    if tpp >= TPP_B and density >= PD_B1:
        return Paragraph.B1
    return Paragraph.B2 if density >= PD_B2 else None


def paragraphs_of_2023(figures: Performance) -> tuple[Paragraph | None, ...]:
    """Every paragraph that the figures leave possible, the strictest first; more than one when the die area is open.

    Unpublished performance leaves all of them open that the die area and Note 2 do not shut out.
    """
    if figures.tpp is None:
        return _paragraphs_without_performance(figures)
    low, high = figures.density.low, figures.density.high
    steps = [low, *(limit for limit in (PD_B1, PD_B2, PD_A) if low < limit <= high)]
    found = {paragraph_of_2023(figures.tpp, step, data_centre=figures.data_centre) for step in steps}
    return tuple(p for p in (Paragraph.A1, Paragraph.A2, Paragraph.B1, Paragraph.B2, None) if p in found)


def _paragraphs_without_performance(figures: Performance) -> tuple[Paragraph | None, ...]:
    """Under a TPP of 4,800 no chip is denser than 4,800 over its die area, which may be estimated."""
    densest = inf if figures.die is None else TPP_A / (figures.die * (1 - ESTIMATE))
    dense = {Paragraph.A2: PD_A, Paragraph.B1: PD_B1, Paragraph.B2: PD_B2}
    reached = (paragraph for paragraph, limit in dense.items() if figures.data_centre and densest > limit)
    return (Paragraph.A1, *reached, None)


def meets_rule_of_2022(figures: Performance) -> tuple[bool, ...]:
    """Whether both limits of the first 3A090 are met: link of 600 GB/s and bit length x TOPS of 4,800.

    Two answers where a figure that would decide is unknown. Source: 87 FR 62186, 2022-10-21 to 2023-11-16.
    """
    link, tpp = figures.link, figures.tpp
    if (link is not None and link < LINK_2022) or (tpp is not None and tpp < TPP_2022):
        return (False,)
    if link is None or tpp is None:
        return (True, False)
    return (True,)


def within_january_window(figures: Performance) -> tuple[bool, ...]:
    """Whether TPP is under 21,000 and DRAM bandwidth under 6,500 GB/s; two answers where a figure is unknown.

    Source: 15 CFR 742.6(b)(10)(iii)(A)(1), 91 FR 1684, in force from 2026-01-15.
    """
    tpp = inf if figures.tpp is None else figures.tpp
    bandwidth = figures.dram_bandwidth
    if (figures.tpp is not None and tpp >= TPP_WINDOW) or (bandwidth is not None and bandwidth >= DRAM_WINDOW):
        return (False,)
    if figures.tpp is None or bandwidth is None:
        return (True, False)
    return (True,)
