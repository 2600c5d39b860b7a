"""Following X gives X and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.delivery.order import EVERYTHING, Order
from bot.model import Assessment, Direction, Kind, Member, Op, Revision, Severity, Story, Trust
from bot.pipeline.match import op_for, refusal

AT = datetime(2025, 7, 15, 4, tzinfo=UTC)


def story(title="H20 licences promised", **facts) -> Story:
    told = Assessment(
        relevant=True,
        score=1.0,
        **{
            "chips": ("H20",),
            "companies": ("Nvidia",),
            "origin": ("US",),
            "destinations": ("CN",),
            "kind": Kind.LICENCE_GRANTED,
            "direction": Direction.RELAXES,
            "severity": Severity.HIGH,
            "trust": Trust.PRESS,
        }
        | facts,
    )
    member = Member("wire", "Wire", "1", title, "https://w.example/1", AT, "en", told.trust, AT)
    return Story("s-1", AT, AT, told, member, (member,))


@pytest.mark.parametrize(
    ("order", "clause"),
    [
        ({}, None),
        ({"chips": ["H20", "H200"]}, None),
        ({"chips": ["MI308"]}, "chips"),
        ({"chips": ["H20"], "destinations": ["MY"]}, "destinations"),
        ({"companies": ["AMD"]}, "companies"),
        ({"kinds": ["rule"]}, "kinds"),
        ({"without_kinds": ["licence_granted"]}, "without_kinds"),
        ({"directions": ["restricts"]}, "directions"),
        ({"severity": "critical"}, "severity"),
        ({"severity": "high"}, None),
        ({"trust": "official"}, "trust"),
        ({"sources": ["desk"]}, "sources"),
        ({"words": ["Promised"]}, None),
        ({"words": ["malaysia"]}, "words"),
        ({"words": ["malaysia", "h20"]}, None),
        ({"all_words": ["H20", "Promised"]}, None),
        ({"all_words": ["h20", "malaysia"]}, "all_words"),
        ({"without_words": ["PROMISED"]}, "without_words"),
        ({"without_words": ["malaysia", "promised"]}, "without_words"),
        ({"without_words": ["malaysia"]}, None),
        ({"without_kinds": ["rule"]}, None),
        ({"trust": "press"}, None),
        ({"sources": ["desk", "wire"]}, None),
        ({"directions": ["relaxes"]}, None),
    ],
)
def test_each_clause_of_an_order_is_met_or_named(order, clause):
    assert refusal(Order.of(order), story()) == clause


def test_the_best_of_its_documents_counts_and_the_words_of_any():
    first = story()
    second = replace(first.head, source="bis", key="2", title="BIS notice", trust=Trust.OFFICIAL)
    both = replace(first, members=(*first.members, second))
    assert refusal(Order.of({"trust": "official", "sources": ["bis"], "all_words": ["h20", "notice"]}), both) is None
    assert refusal(Order.of({"without_words": ["notice"]}), both) == "without_words"


@pytest.mark.parametrize(
    ("order", "clause"),
    [({}, "analyses"), ({"analyses": True}, None), ({"kinds": ["analysis"]}, None), ({"kinds": ["rule"]}, "kinds")],
)
def test_an_analysis_begins_no_message_but_where_it_was_asked_for(order, clause):
    opinion = story("What the H20 promise means", kind=Kind.ANALYSIS)
    assert refusal(Order.of(order), opinion) == clause
    assert op_for(Order.of(order), Revision(opinion, 2, Op.EDIT, AT), told=True) is Op.EDIT


@pytest.mark.parametrize("order", [{"severity": "huge"}, {"trust": "hearsay"}, {"growth": "sideways"}])
def test_an_order_with_a_value_that_does_not_exist_is_refused(order):
    with pytest.raises(ValueError, match=r"huge|hearsay|sideways"):
        Order.of(order)


@pytest.mark.parametrize("rise", ["corrected", "merged"])
def test_a_correction_and_a_pointer_go_where_the_message_stands_and_nowhere_else(rise):
    for growth in ("edit", "reply", "new"):
        order = Order.of({"growth": growth, "chips": ["MI308"]})
        revisions = [Revision(story(), 2, op, AT, (rise,)) for op in (Op.EDIT, Op.REPLY)]
        assert [op_for(order, revision, told=True) for revision in revisions] == [Op.EDIT, Op.REPLY]
        assert [op_for(order, revision, told=False) for revision in revisions] == [None, None]


@pytest.mark.parametrize(
    ("growth", "op", "told", "expected"),
    [
        ("reply", Op.POST, False, Op.POST),
        ("reply", Op.EDIT, True, Op.EDIT),
        ("reply", Op.REPLY, True, Op.REPLY),
        ("edit", Op.REPLY, True, None),
        ("new", Op.REPLY, True, Op.POST),
        ("reply", Op.EDIT, False, Op.POST),  # the story grew into what the channel wants
        ("reply", Op.REPLY, False, None),  # its edit posts it already
    ],
)
def test_what_a_revision_does_depends_on_what_the_channel_has(growth, op, told, expected):
    order = Order.of(dict(EVERYTHING) | {"growth": growth})
    assert op_for(order, Revision(story(), 2, op, AT), told) == expected
