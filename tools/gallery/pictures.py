"""The pictures of the gallery: each by its name, and in which languages it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.cards.charts.look import Spec
from bot.commands.pictures import clocks_picture, limits_picture, matrix_picture, timeline_picture
from bot.knowledge.library import Knowledge
from tools.gallery.cards import TODAY


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture: its heading, the languages, and how it is made."""

    title: str
    languages: tuple[str, ...]
    draw: Callable[[str], Spec]


def pictures(known: Knowledge) -> Mapping[str, Shown]:
    """Every picture by the beginning of its file's name."""
    both = ("en", "de")
    return {
        "timeline-h20": Shown(
            "Timeline: H20 to China",
            both,
            lambda language: timeline_picture(known, "H20", ("CN",), language, ends=TODAY),
        ),
        "timeline-h200": Shown(
            "Timeline: H200 to China and Malaysia",
            (*both, "zh"),
            lambda language: timeline_picture(known, "H200", ("CN", "MY"), language, ends=TODAY),
        ),
        "clocks-h20": Shown(
            "Two clocks: H20 to China, asked for 20 May 2025",
            both,
            lambda language: clocks_picture(known, "H20", "CN", language, asked=date(2025, 5, 20)),
        ),
        "limits": Shown("Limits of 3A090", both, lambda language: limits_picture(known, language, asked="H20")),
        "matrix": Shown("Matrix", both, lambda language: matrix_picture(known, TODAY, language, asked="H200")),
    }
