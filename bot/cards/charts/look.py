"""The look of the pictures: colours that colour-blind eyes tell apart, marks beside them, type, the common frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from bot.cards.charts.labels import SHADES, Labels

Spec = dict[str, Any]
"""A Vega-Lite specification, of JSON values only."""

WIDTH = 480
"""Logical pixels over all. At scale 2 that is 960 pixels: one to one in a Discord message, and type of 13 stays
readable on a phone that shows it 390 points wide."""

FONT = "Chipwatch Sans"
FONTS = f"{FONT}, Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, system-ui, sans-serif"
SMALL, NORMAL, LARGE = 13, 14, 18

INK, MUTED, RULE, PAPER = "#1A1D21", "#555C66", "#D5D8DC", "#FFFFFF"
UNKNOWN = "none_known"

# From dark to light and from purple over orange to blue: apart in lightness or hue for every common colour blindness.
COLOURS: Mapping[str, str] = {
    "barred": "#3F1D4B",
    "licence_denial_expected": "#C4441C",
    "licence_open": "#F0B429",
    "own_measure": "#0F766E",
    "none_for_chip_and_country": "#4A90C2",
    "unclear": "#AEB4BC",
    UNKNOWN: "#EEF0F2",
}
MARKS: Mapping[str, str] = {
    "barred": "×",
    "licence_denial_expected": "▼",
    "licence_open": "◐",
    "own_measure": "◆",
    "none_for_chip_and_country": "○",
    "unclear": "?",
    UNKNOWN: "–",
}
INK_ON: Mapping[str, str] = {
    "barred": "#FFFFFF",
    "licence_denial_expected": "#FFFFFF",
    "licence_open": INK,
    "own_measure": "#FFFFFF",
    "none_for_chip_and_country": INK,
    "unclear": INK,
    UNKNOWN: MUTED,
}


def framed(
    title: str, notes: Sequence[str], parts: Sequence[Spec], *, alt: str, labels: Labels, spacing: int = 10
) -> Spec:
    """Parts under one another beneath a title and its notes (units, ledger date), each note wrapped to the width."""
    lines = [line for note in notes for line in wrapped(note, WIDTH - 32, SMALL)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": alt,
        "usermeta": {"language": labels.language},
        "background": PAPER,
        "padding": {"left": 16, "right": 16, "top": 14, "bottom": 14},
        "title": {
            "text": wrapped(title, WIDTH - 32, LARGE),
            "subtitle": lines,
            "anchor": "start",
            "frame": "bounds",
            "offset": 12,
        },
        "vconcat": list(parts),
        "spacing": spacing,
        "config": _config(),
    }


def _config() -> Spec:
    return {
        "font": FONTS,
        "view": {"stroke": None},
        "title": {
            "fontSize": LARGE,
            "fontWeight": "normal",
            "color": INK,
            "subtitleFontSize": SMALL,
            "subtitleColor": MUTED,
            "subtitlePadding": 5,
            "subtitleLineHeight": 18,
            "lineHeight": 23,
        },
        "axis": {
            "labelFontSize": SMALL,
            "titleFontSize": SMALL,
            "titleFontWeight": "normal",
            "labelColor": INK,
            "titleColor": MUTED,
            "gridColor": "#E8EAED",
            "domainColor": RULE,
            "tickColor": RULE,
        },
        "text": {"font": FONTS, "fontSize": SMALL, "color": INK},
        "concat": {"spacing": 10},
    }


def text_width(text: str, size: float) -> float:
    """How many logical pixels a line of text takes: exact for ASCII, 0.6 of the size for other narrow letters."""
    return size * sum(_advance(letter) for letter in text)


def _advance(letter: str) -> float:
    if " " <= letter <= "~":
        return _ADVANCES[ord(letter) - 32] / 1000
    return 1.0 if letter in "→×" or east_asian_width(letter) in "WF" or "\u2500" <= letter <= "\u27ff" else 0.6


# Of the shipped font, from the blank to the tilde, in thousandths of the size.
_ADVANCES = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392,
    555, 555, 555, 555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474,
    946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742,
    633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559,
    606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606,
    620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip


def wrapped(text: str, width: float, size: float) -> list[str]:
    """A text in lines that fit. Scripts without blanks break between any two characters, never before punctuation."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """Where a text may be broken: after blanks and after wide characters that no closing mark follows."""
    pieces: list[str] = []
    piece = ""
    for at, letter in enumerate(text):
        piece += letter
        after = text[at + 1 : at + 2]
        wide = east_asian_width(letter) in "WF" and after not in "，。、；：！？）」』》%"
        if letter == " " or (wide and after):
            pieces.append(piece)
            piece = ""
    return [*pieces, piece] if piece else pieces


def legend(shades: Sequence[str], labels: Labels, extra: Sequence[tuple[str, str]] = (), *, indent: float = 0) -> Spec:
    """The shades that a picture uses, each a swatch with its mark and its word; `extra` adds marks with words.

    It flows over as many lines as it needs, so that long words of any language fit. `indent` are the pixels that the
    axis of the part above takes on the left: the legend begins so much before its own view.
    """
    entries = [(MARKS[shade], labels.text(f"status.{shade}"), COLOURS[shade], INK_ON[shade]) for shade in shades]
    entries += [(mark, word, PAPER, INK) for mark, word in extra]
    rows, x, y = [], -indent, 0
    for mark, word, colour, ink in entries:
        needed = 26 + text_width(word, SMALL) + 18
        if x > -indent and x + needed - 18 > WIDTH - 32 - indent:
            x, y = -indent, y + 24
        rows.append({"x": round(x, 1), "x2": round(x + 20, 1), "y": y, "y2": y + 18, "mark": mark, "word": word,
                     "colour": colour, "ink": ink, "middle": round(x + 10, 1), "text": round(x + 26, 1)})  # fmt: skip
        x += needed
    return {
        "width": WIDTH - 32 - indent,
        "height": y + 18,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "rect", "cornerRadius": 3},
                "encoding": {
                    **at_pixels("x", "y"),
                    "x2": {"field": "x2"},
                    "y2": {"field": "y2"},
                    **raw_colour("colour"),
                },
            },
            {
                "mark": {"type": "text", "yOffset": 9, "baseline": "middle", "fontSize": SMALL},
                "encoding": {**at_pixels("middle", "y"), "text": {"field": "mark"}, **raw_colour("ink")},
            },
            {
                "mark": {"type": "text", "yOffset": 9, "baseline": "middle", "align": "left", "fontSize": SMALL},
                "encoding": {**at_pixels("text", "y"), "text": {"field": "word"}},
            },
        ],
    }


def at_pixels(x: str, y: str) -> Spec:
    """Encodings that place a mark by fields that count pixels."""
    return {
        "x": {"field": x, "type": "quantitative", "scale": None, "axis": None},
        "y": {"field": y, "type": "quantitative", "scale": None, "axis": None},
    }


def raw_colour(field: str) -> Spec:
    """The encoding of a colour that a field names itself."""
    return {"color": {"field": field, "type": "nominal", "scale": None, "legend": None}}


def used_shades(shades: Sequence[str]) -> list[str]:
    """The shades that occur, in the order of strictness."""
    return [shade for shade in SHADES if shade in shades]
