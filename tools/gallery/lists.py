"""What stands on lists and texts: a redline over a card of law, the rows of a list. with the acts' figures."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.card import Button, Card, Style, Tone
from bot.locale.rich import Rich, Span
from bot.redline.redline import redline

BEFORE = "License applications for items to Macau or a destination in D:5 are reviewed under a presumption of denial."
AFTER = "License applications for items to Macau or a destination in D:5 are reviewed under a case-by-case review."
PLACE = "§ 742.6(b)(10)(iii)"
_IF = {
    "en": ", if exported from the US, TPP < 21,000, DRAM bandwidth < 6,500 GB/s, sold commercially in the US",
    "de": ", wenn Ausfuhr aus den USA, TPP < 21.000, DRAM-Bandbreite < 6.500 GB/s, in den USA frei erhältlich",
}
_TERMS = {"presumption of denial": "Ablehnungsvermutung", "case-by-case review": "Einzelfallprüfung"}
_WORDS = {
    "en": ("● LAW · Entity List · in force 25 Mar 2025", "Entity List: +12, none removed, none changed",
           " (11 China, 1 Taiwan)", "AI-chip relevant:", " all 12. Six Inspur units, Nettrix, Suma and others",
           "Goods already under way:", " see savings clause, date as printed in the notice",
           "Your list (38 names): 1 close match.", " “Inspur (Beijing)…” 94 %, only you see this",
           "A companion notice lists 70 more for other reasons (2025-05426): not chips, kept below",
           "90 FR 14046 · 2025-05427 · published 28 Mar 2025", "Rows as CSV", "Redline"),
    "de": ("● GELTENDES RECHT · Entity List · in Kraft seit 25. März 2025",
           "Entity List: +12, keine Streichung, keine Änderung", " (11 China, 1 Taiwan)",
           "Für KI-Chips relevant:", " alle 12. Sechs Inspur-Gesellschaften, Nettrix, Suma u. a.",
           "Ware schon unterwegs:", " Übergangsregelung, Datum laut Bekanntmachung",
           "Ihre Liste (38 Namen): 1 naher Treffer.", " „Inspur (Beijing)…“ 94 %, nur für Sie sichtbar",
           "Eine zweite Bekanntmachung führt 70 weitere aus anderen Gründen (2025-05426): keine Chips, siehe unten",
           "90 FR 14046 · 2025-05427 · veröffentlicht am 28. März 2025", "Zeilen als CSV", "Redline"),
}  # fmt: skip


def with_redline(card: Card, language: str) -> Card:
    """A card of law with the words that the act replaced, before its Law line."""
    (hunk,) = redline(BEFORE, AFTER).hunks
    changed = [(operation, words.strip()) for operation, words in hunk.words if operation != "="]
    gone, come = (" ".join(words for operation, words in changed if operation == side) for side in "-+")
    if language == "de":
        gone, come = _TERMS[gone], _TERMS[come]
    line: Rich = (
        Span(f"{PLACE}: "), Span(gone, Style.STRIKE), Span(" → "), Span(come, Style.BOLD), Span(_IF[language]),
    )  # fmt: skip
    return replace(card, lines=(line, *card.lines))


def entity_list(language: str) -> Card:
    """The additions of 25 March 2025 (90 FR 14046), beside a watch list of 38 names that is made up."""
    marks, title, places, relevant, who, way, saved, mine, match, other, cited, rows, text = _WORDS[language]
    number = (("document", "2025-05427"),)
    return Card(
        title=(Span(title, Style.BOLD), Span(places)),
        tone=Tone.LAW,
        language=language,
        marks=(Span(marks, Style.BOLD),),
        lines=(
            (Span(relevant, Style.BOLD), Span(who)),
            (Span(way, Style.BOLD), Span(saved)),
            (Span(mine, Style.BOLD), Span(match)),
            (Span(other),),
        ),
        footer=((Span(cited, url="https://www.federalregister.gov/d/2025-05427"),),),
        buttons=(
            Button(rows, "menu", number),
            Button(text, "sources", number),
            Button("⋯", "menu", (("story", "s-list"),), menu=True),
        ),
    )
