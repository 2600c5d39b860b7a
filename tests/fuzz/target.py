"""What is fuzzed: an input that strangers fill, and the promise that holds for every value of it.

A target says once what is promised; hypothesis tries it in every run of the tests, and `tests.fuzz.guided` lets atheris
look for inputs that reach new lines (`make fuzz`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import PIECES, mutated

EXAMPLES = int(os.environ.get("CHIPWATCH_TEST_MUTATIONS", "0"))
"""How many inputs each target gets from hypothesis; 0: as many as the target has for a quick run."""


@dataclass(frozen=True, slots=True)
class Target:
    """`holds` raises for a promise that is broken: an assertion, or any error without a name of its own.

    `inputs` makes values for it. Where it takes bytes, `seeds` are good ones, which a guided run begins with.
    `examples` is how many are tried in a quick run, fewer where each is dear.
    """

    holds: Callable[[Any], None]
    inputs: st.SearchStrategy[Any]
    seeds: Sequence[bytes] = ()
    examples: int = 40


def bodies(
    holds: Callable[[bytes], None], seeds: Sequence[bytes], pieces: Sequence[bytes] = PIECES, examples: int = 40
) -> Target:
    """A target that takes bytes: `seeds`, damaged."""
    return Target(holds, mutated(seeds, pieces), tuple(seeds), examples)


def texts(holds: Callable[[str], None], seeds: Sequence[str], examples: int = 40) -> Target:
    """A target that takes text, whole texts of any characters among them."""
    raw = [seed.encode("utf-8", "surrogatepass") for seed in seeds]
    damaged = mutated(raw).map(_text)
    return Target(_of_bytes(holds), (damaged | st.text(max_size=300)).map(_raw), raw, examples)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _of_bytes(holds: Callable[[str], None]) -> Callable[[bytes], None]:
    def check(body: bytes) -> None:
        holds(_text(body))

    return check


def examine(target: Target) -> None:
    """Let hypothesis try a target."""

    @given(target.inputs)
    @settings(
        max_examples=EXAMPLES or target.examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def holds(value: Any) -> None:
        target.holds(value)

    holds()
