"""What a chip can do, in the measures of the rules: total processing performance (TPP) and performance density (PD)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

BITS: Mapping[str, int] = {
    "fp64": 64,
    "fp64_matrix": 64,
    "fp32": 32,
    "tf32": 32,
    "fp16": 16,
    "bf16": 16,
    "int16": 16,
    "fp8": 8,
    "int8": 8,
    "fp6": 6,
    "fp4": 4,
    "int4": 4,
}
"""Bit length of the widest multiply input, by precision."""

UNCOUNTED = frozenset({"tf32"})
"""Left out of the maximum while another precision is known: sources disagree on its bit length."""

ESTIMATE = 0.10
"""How far an estimated die area may be off, as a share, where no range is published."""


@dataclass(frozen=True, slots=True)
class Span:
    """A closed interval of what a figure can be; `high` may be infinite."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether only one value is possible."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Performance:
    """The figures that the criteria ask for.

    `tpp` is None where no performance is published. `density` is TPP per mm2 of applicable die area, as an interval:
    an unknown area leaves anything above zero. `link` and `dram_bandwidth` are GB/s, None where unknown.
    """

    tpp: float | None
    basis: str | None
    density: Span
    link: float | None = None
    dram_bandwidth: float | None = None
    data_centre: bool = True
    die: float | None = None

    @property
    def published(self) -> bool:
        """Whether any dense performance figure is known at all."""
        return self.tpp is not None

    @property
    def pd(self) -> float | None:
        """TPP / die area with the area as given (TPP per mm2), None where either is unknown."""
        return self.tpp / self.die if self.tpp is not None and self.die else None


def total_processing_performance(dense_tops: Mapping[str, float]) -> tuple[float | None, str | None]:
    """TPP and the precision it rests on: the highest product of dense TOPS and bit length, the first of equals.

    That is 2 x MacTOPS x bit length of 3A090's technical note: 600 TOPS at 8 bit are 4,800, as 300 TFLOPS at 16 bit.
    """
    counted = {p: tops for p, tops in dense_tops.items() if p not in UNCOUNTED} or dict(dense_tops)
    if not counted:
        return None, None
    basis = max(counted, key=lambda precision: counted[precision] * BITS[precision])
    return counted[basis] * BITS[basis], basis


def performance(
    dense_tops: Mapping[str, float],
    die: float | None,
    *,
    die_estimated: bool = False,
    link: float | None = None,
    dram_bandwidth: float | None = None,
    data_centre: bool = True,
) -> Performance:
    """The figures of a chip from its dense TOPS by precision and its logic die area in mm2."""
    tpp, basis = total_processing_performance(dense_tops)
    if tpp is None or die is None:
        density = Span(0.0, inf)
    elif die_estimated:
        density = Span(tpp / (die * (1 + ESTIMATE)), tpp / (die * (1 - ESTIMATE)))
    else:
        density = Span(tpp / die, tpp / die)
    return Performance(tpp, basis, density, link, dram_bandwidth, data_centre, die)
