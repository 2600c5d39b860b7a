"""Why a document was judged as it was: its text with the deciding words marked, and each label's reasons."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bot.model import Assessment, Reason

OPEN, CLOSE = "⟦", "⟧"
"""What stands around a deciding word in plain text."""

_PLACES = {"T": "title", "L": "first sentence", "M": "further on", "A": "anywhere", "B": "recalled", "N": "denied"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: `labels` are those that it decided, in order; none for a stretch that decided nothing."""

    text: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One label, its value, and why: each reason as (rule, words); words are empty where no single place decided."""

    label: str
    value: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that `chipwatch assess` and `/chip why` show."""

    pieces: tuple[Piece, ...]
    lines: tuple[Line, ...]


def explanation(title: str, lead: str, assessment: Assessment) -> Explanation:
    """The marked text and the reasons. `title` and `lead` are those that were assessed."""
    return Explanation(_pieces(f"{title}\n{lead}", assessment.reasons), _lines(assessment))


def explain(title: str, lead: str, assessment: Assessment) -> str:
    """The same as plain text: marked words in ⟦ ⟧, then one line a label."""
    found = explanation(title, lead, assessment)
    marked = "".join(f"{OPEN}{piece.text}{CLOSE}" if piece.labels else piece.text for piece in found.pieces)
    width = max((len(line.label) for line in found.lines), default=0)
    lines = []
    for line in found.lines:
        why = "; ".join(f'{rule} "{words}"' if words else rule for rule, words in line.reasons)
        lines.append(f"  {line.label:<{width}}  {line.value}" + (f"  ({why})" if why else ""))
    return "\n".join([marked.strip(), *lines, ""])


def _pieces(text: str, reasons: tuple[Reason, ...]) -> tuple[Piece, ...]:
    """The text cut at every edge of a deciding span; overlapping spans share their common stretch."""
    spans = [
        (max(0, reason.span[0]), min(len(text), reason.span[1]), reason.label)
        for reason in reasons
        if reason.span and reason.span[0] < reason.span[1]
    ]
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        labels = tuple(dict.fromkeys(label for first, last, label in spans if first <= start and end <= last))
        if pieces and pieces[-1].labels == labels:
            pieces[-1] = Piece(pieces[-1].text + text[start:end], labels)
        else:
            pieces.append(Piece(text[start:end], labels))
    return tuple(pieces)


def _lines(assessment: Assessment) -> tuple[Line, ...]:
    values = {
        "relevant": f"{'yes' if assessment.relevant else 'no'} {assessment.score:.2f}",
        "chips": ", ".join(assessment.chips),
        "companies": ", ".join(assessment.companies),
        "origin": ", ".join(assessment.origin),
        "destinations": ", ".join(assessment.destinations),
        "kind": assessment.kind.value,
        "direction": assessment.direction.value,
        "stage": assessment.stage.value if assessment.stage else "",
        "trust": assessment.trust.value,
        "severity": assessment.severity.value,
        "stale": "",
        "text": "",
    }
    why: dict[str, list[tuple[str, str]]] = {}
    for reason in assessment.reasons:
        why.setdefault(reason.label, []).append((rule_in_words(reason.rule), reason.text))
    return tuple(
        Line(label, value, tuple(why.get(label, ()))) for label, value in values.items() if value or label in why
    )


def rule_in_words(rule: str) -> str:
    """`T.terms.ban` is "ban in the title"; a rule with a name of its own keeps it."""
    if rule.startswith("+"):
        return rule[1:].replace("_", " ").replace(".", " ")
    place, dot, concept = rule.partition(".")
    if not dot or place not in _PLACES:
        return rule.replace("_", " ")
    name = concept.partition(".")[2] or concept
    return f"{name.replace('_', ' ')}, {_PLACES[place]}"
