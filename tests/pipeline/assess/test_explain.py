"""An explanation shows the text, the words that decided, and a line for each label."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Assessment, Direction, Kind, Reason, Severity, Stage, Trust
from bot.pipeline.assess import assess_text
from bot.pipeline.assess.explain import explain, explanation, rule_in_words


def test_the_pieces_are_the_text_and_overlapping_spans_share_theirs():
    judged = Assessment(True, 0.9, reasons=(Reason("kind", "x", "abc", (0, 3)), Reason("direction", "y", "cd", (2, 4))))
    pieces = explanation("abcdef", "gh", judged).pieces
    assert "".join(piece.text for piece in pieces) == "abcdef\ngh"
    assert [(piece.text, piece.labels) for piece in pieces] == [
        ("ab", ("kind",)),
        ("c", ("kind", "direction")),
        ("d", ("direction",)),
        ("ef\ngh", ()),
    ]


def test_every_label_is_said_with_its_reason():
    title, lead = "China bans Nvidia H20 chips", "Regulators told firms to stop buying."
    text = explain(title, lead, assess_text(title, lead))
    assert "⟦H20⟧" in text
    for label in ("relevant", "chips", "kind", "direction", "trust", "severity"):
        assert label in text


def test_rules_are_said_in_words():
    assert rule_in_words("T.terms.issue_licence") == "issue licence, title"
    assert rule_in_words("+cn_acts_title") == "cn acts title"
    assert rule_in_words("source_record") == "source record"
    told = explain(title := "US approves Nvidia GB300 chips for G42", "", assess_text(title))
    assert "AE  (implied by name)" in told


def test_each_label_is_written_as_it_was_decided():
    found = Assessment(
        relevant=False, score=0.256, chips=("H20", "A800"), companies=("Nvidia", "AMD"), origin=("US", "NL"),
        destinations=("CN", "MY"), kind=Kind.RULE, direction=Direction.RELAXES, trust=Trust.PRESS,
        severity=Severity.HIGH, stage=Stage.ISSUED, reasons=(Reason("stale", "address", "2023-10-17"),),
    )  # fmt: skip
    assert [(line.label, line.value) for line in explanation("A", "b", found).lines] == [
        ("relevant", "no 0.26"), ("chips", "H20, A800"), ("companies", "Nvidia, AMD"), ("origin", "US, NL"),
        ("destinations", "CN, MY"), ("kind", "rule"), ("direction", "relaxes"), ("stage", "issued"),
        ("trust", "press"), ("severity", "high"), ("stale", ""),
    ]  # fmt: skip
    assert "stage" not in [line.label for line in explanation("A", "b", replace(found, stage=None)).lines]
    assert explanation("A", "b", replace(found, relevant=True, score=1.0)).lines[0].value == "yes 1.00"


def test_neighbours_that_decided_the_same_are_one_piece():
    spans = [(0, 2), (2, 4), (6, 8)]
    found = Assessment(relevant=True, score=1.0, reasons=tuple(Reason("kind", "named", "", span) for span in spans))
    pieces = explanation("abcdefgh", "", found).pieces
    assert [(piece.text, piece.labels) for piece in pieces] == [
        ("abcd", ("kind",)), ("ef", ()), ("gh", ("kind",)), ("\n", ())
    ]  # fmt: skip
