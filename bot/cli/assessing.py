"""What a text is about: assess, for single items as JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, ConfigDir

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.model import Assessment


UNDATED = "9999"
"""Items without a date are placed last."""


def add_to(app: typer.Typer) -> None:
    """Put these commands into the command line."""
    app.command()(assess)


def assess(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON Lines of {id, title, lead, outlet, url, ...}.")],
    stories: Annotated[bool, typer.Option("--stories", help="Say which items tell the same story.")] = False,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Assess items: relevant or not, chips, places, kind, direction, trust, severity, and why."""
    wrong: list[int] = []
    items = _items(file, wrong)
    if stories:
        _with_stories(list(items), as_json=as_json)
    else:
        for item in items:
            _print(item, _judged(item), as_json=as_json)
    if wrong:
        raise typer.Exit(2)


def _items(file: str, wrong: list[int]) -> Iterator[dict[str, Any]]:
    """The lines as objects. The number of a line that is none goes into `wrong`, and what is wrong with it to standard
    error: the other lines lose nothing by it. Raises ConfigError for a file that cannot be read."""
    import json

    from bot.cli.output import remark
    from bot.errors import ConfigError

    name = "standard input" if file == "-" else file
    try:
        source = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115  closed below
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from None
    with source:
        for number, line in enumerate(source, 1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
                if not isinstance(item, dict) or "id" not in item or not isinstance(item.get("title"), str):
                    raise ValueError("an item is an object with `id` and `title`")
            except (ValueError, RecursionError) as error:
                wrong.append(number)
                remark(f"chipwatch: {ConfigError(f'is no item: {error}', file=name, line=number)}")
                continue
            yield item


def _judged(item: Mapping[str, Any]) -> Assessment:
    from bot.pipeline.assess import assess_text

    return assess_text(
        item["title"],
        _text(item, "lead"),
        _text(item, "outlet"),
        _text(item, "url") or None,
        _published(item),
        _text(item, "language") or None,
    )


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _published(item: Mapping[str, Any]) -> datetime | date | None:
    """When an item was published; a date that cannot be read is none."""
    from bot.clock import moment_of

    try:
        return moment_of(_text(item, "published"))
    except ValueError:
        return None


def _with_stories(items: list[dict[str, Any]], *, as_json: bool) -> None:
    """Items are placed in the order of their dates, as they would have been found, and printed in their own order."""
    from bot.clock import day_of
    from bot.model import Document
    from bot.pipeline.stories import TIMELESS, StoryIndex, fingerprint, story_id

    judged = [_judged(item) for item in items]
    days = [_published(item) for item in items]
    index = StoryIndex()
    told: list[str | None] = [None] * len(items)
    order = sorted(range(len(items)), key=lambda n: (str(day_of(day)) if (day := days[n]) else UNDATED, n))
    for n in order:
        if not judged[n].relevant:
            continue
        item = items[n]
        source = _text(item, "outlet") or "outlet"
        url, lead = _text(item, "url") or None, _text(item, "lead")
        document = Document(source, str(item["id"]), item["title"], url, days[n], summary=lead)
        print_ = fingerprint(document, judged[n])
        told[n] = index.place(print_, TIMELESS).story_id or story_id(source, str(item["id"]))
        index.add(str(told[n]), print_, TIMELESS)
    for item, assessment, story in zip(items, judged, told, strict=True):
        _print(item, assessment, as_json=as_json, story={"story": story})


def _print(
    item: Mapping[str, Any], assessment: Assessment, *, as_json: bool, story: Mapping[str, Any] | None = None
) -> None:
    from bot.cli.output import json_line, tell
    from bot.store.records import assessment_record

    if as_json:
        json_line({"id": item["id"], **assessment_record(assessment), **(story or {})})
        return
    from bot.pipeline.assess.explain import explain

    tell(explain(item["title"], _text(item, "lead"), assessment))
