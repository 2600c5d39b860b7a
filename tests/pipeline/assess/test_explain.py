"""An explanation shows the text, the words that decided, and a line for each label."""

from __future__ import annotations

from bot.model import Assessment, Reason
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
