"""How the nouns are written into JSON columns, and read back. What is read may be older than the code: extra keys are
ignored, missing ones get the noun's default."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.clock import iso, moment_of
from bot.model import (
    NOTHING_BINDING,
    Assessment,
    Binding,
    Direction,
    Document,
    FactChange,
    Kind,
    Member,
    Op,
    Reason,
    Revision,
    Severity,
    Stage,
    State,
    Story,
    Trust,
)

Record = dict[str, Any]


def document_record(document: Document) -> Record:
    """A document as JSON values."""
    return {
        "source": document.source,
        "key": document.key,
        "title": document.title,
        "url": document.url,
        "published": iso(document.published),
        "updated": iso(document.updated),
        "summary": document.summary,
        "language": document.language,
        "kind": document.kind,
        "state": document.state.value,
        "aliases": list(document.aliases),
        "details": dict(document.details),
    }


def document_of(record: Mapping[str, Any]) -> Document:
    """The inverse of `document_record`; a row of the table `documents` will do as well."""
    return Document(
        source=record["source"],
        key=record["key"],
        title=record["title"],
        url=record["url"],
        published=moment_of(record["published"]),
        updated=moment_of(record["updated"]),
        summary=record["summary"],
        language=record["language"],
        kind=record["kind"],
        state=State(record["state"]),
        aliases=tuple(record.get("aliases", ())),
        details=record["details"],
    )


def assessment_record(assessment: Assessment, *, reasons: bool = True) -> Record:
    """An assessment as JSON values; without its reasons where they are kept elsewhere."""
    record: Record = {
        "relevant": assessment.relevant,
        "score": round(assessment.score, 4),
        "chips": list(assessment.chips),
        "companies": list(assessment.companies),
        "origin": list(assessment.origin),
        "destinations": list(assessment.destinations),
        "kind": assessment.kind.value,
        "direction": assessment.direction.value,
        "trust": assessment.trust.value,
        "severity": assessment.severity.value,
        "stage": assessment.stage.value if assessment.stage else None,
    }
    if assessment.binding != NOTHING_BINDING:
        record["binding"] = {name: list(values) for name, values in _said(assessment.binding)}
    if reasons:
        record["reasons"] = [
            {"label": r.label, "rule": r.rule, "text": r.text, "span": list(r.span) if r.span else None}
            for r in assessment.reasons
        ]
    return record


def assessment_of(record: Mapping[str, Any]) -> Assessment:
    """The inverse of `assessment_record`."""
    return Assessment(
        relevant=record["relevant"],
        score=record["score"],
        chips=tuple(record["chips"]),
        companies=tuple(record["companies"]),
        origin=tuple(record["origin"]),
        destinations=tuple(record["destinations"]),
        kind=Kind(record["kind"]),
        direction=Direction(record["direction"]),
        trust=Trust(record["trust"]),
        severity=Severity(record["severity"]),
        stage=Stage(record["stage"]) if record.get("stage") else None,
        reasons=tuple(
            Reason(r["label"], r["rule"], r["text"], tuple(r["span"]) if r["span"] else None)
            for r in record.get("reasons", ())
        ),
        binding=Binding(**{name: tuple(values) for name, values in record.get("binding", {}).items()}),
    )


def _said(binding: Binding) -> list[tuple[str, tuple[str, ...]]]:
    """What a text says of what binds, without what it does not say."""
    found = [(name, getattr(binding, name)) for name in Binding.__slots__]
    return [(name, values) for name, values in found if values]


def member_record(member: Member) -> Record:
    """A story's member as JSON values."""
    return {
        "source": member.source,
        "source_name": member.source_name,
        "key": member.key,
        "title": member.title,
        "url": member.url,
        "published": iso(member.published),
        "language": member.language,
        "trust": member.trust.value,
        "joined_at": iso(member.joined_at),
    }


def member_of(record: Mapping[str, Any]) -> Member:
    """The inverse of `member_record`."""
    return Member(
        source=record["source"],
        source_name=record["source_name"],
        key=record["key"],
        title=record["title"],
        url=record["url"],
        published=moment_of(record["published"]),
        language=record["language"],
        trust=Trust(record["trust"]),
        joined_at=datetime.fromisoformat(record["joined_at"]),
    )


def revision_record(revision: Revision) -> Record:
    """A revision with its whole story, so that a card can be rendered from it later in any language."""
    story = revision.story
    return {
        "story": {
            "id": story.id,
            "began_at": iso(story.began_at),
            "grew_at": iso(story.grew_at),
            "facts": assessment_record(story.facts, reasons=False),
            "head": [story.head.source, story.head.key],
            "members": [member_record(member) for member in story.members],
            "archive": story.archive,
            "retracted": story.retracted,
        },
        "number": revision.number,
        "op": revision.op.value,
        "at": iso(revision.at),
        "rise": list(revision.rise),
        "changes": [[change.fact, list(change.before), list(change.after)] for change in revision.changes],
    }


def revision_of(record: Mapping[str, Any]) -> Revision:
    """The inverse of `revision_record`."""
    story = record["story"]
    members = tuple(member_of(member) for member in story["members"])
    head = tuple(story["head"])
    return Revision(
        story=Story(
            id=story["id"],
            began_at=datetime.fromisoformat(story["began_at"]),
            grew_at=datetime.fromisoformat(story["grew_at"]),
            facts=assessment_of(story["facts"]),
            head=next(member for member in members if (member.source, member.key) == head),
            members=members,
            archive=story.get("archive", False),
            retracted=story.get("retracted", False),
        ),
        number=record["number"],
        op=Op(record["op"]),
        at=datetime.fromisoformat(record["at"]),
        rise=tuple(record["rise"]),
        changes=tuple(
            FactChange(fact, tuple(before), tuple(after)) for fact, before, after in record.get("changes", ())
        ),
    )
