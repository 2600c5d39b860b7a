"""Cards as Slack shows them: the payload that is sent, drawn as a page and photographed in a headless Chromium."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.cards.card import Card
from bot.knowledge.library import Knowledge
from bot.platforms.slack.render import message
from bot.platforms.slack.triaging import dressed
from bot.store.triage import Item
from tools.gallery.cards import cards
from tools.gallery.samples import LANGUAGES, SAMPLES

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH = 960
LOWEST = 260
"""A window cannot be lower than this."""
MORE = {"promises": ("Promises",), "triage": ("Alert: said, not law",)}
"""What only Slack shows, or shows otherwise; in English."""

STYLE = """
body{margin:0;background:#fff;font:15px/1.47 Lato,"Helvetica Neue",Helvetica,"Liberation Sans",Arial,"Noto Sans CJK SC",
sans-serif;color:#1d1c1d}
.m{display:flex;padding:14px 20px 10px;gap:10px}.t{margin-left:46px;border-left:3px solid #ddd}
.a{flex:none;width:36px;height:36px;border-radius:6px;background:#1d2733;color:#fff;text-align:center;line-height:36px;
font-weight:700}
.n{font-weight:900}.app{font-size:10px;background:#e8e8e8;padding:1px 3px;border-radius:2px;font-weight:400;
color:#616061}.w{color:#616061;font-size:12px;font-weight:400;margin-left:4px}
h3{font-size:18px;line-height:1.33;margin:8px 0;font-weight:900}.s{margin:8px 0;white-space:pre-wrap}
.c{margin:8px 0;color:#616061;font-size:13px}.c>span{margin-right:8px}
.b{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:4px 12px;margin:2px 8px 2px 0;font-weight:700;
font-size:13px}
.p{font-weight:400;color:#616061}.p:after{content:" \\25BE"}
a{color:#1264a3;text-decoration:none}code{background:#f6f6f6;border:1px solid #ddd;border-radius:3px;padding:0 3px;
color:#c01343;font-size:12px}.u{background:#e8f5fa;color:#1264a3;border-radius:3px;padding:0 2px}
table{border-collapse:collapse;font-size:13px;margin:8px 0}td{border:1px solid #ddd;padding:4px 8px;vertical-align:top}
tr:first-child td{font-weight:700;background:#f8f8f8}
"""
_TOKEN = re.compile(r"<(?P<inner>[^<>]*)>|(?P<mark>[*_~`])(?P<words>[^\u200b]+?)(?P=mark)(?=\u200b|\W|$)")


def browser() -> str | None:
    """The Chromium of this machine; None where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def photograph(known: Knowledge, folder: Path) -> list[str]:
    """Write `slack-*.png` into a folder; the names of the files. Nothing where there is no browser."""
    command = browser()
    if command is None:
        return []
    made = []
    for name, language, page in pages(known):
        file = folder / f"slack-{name}.{language}.png"
        _shoot(command, page, file)
        made.append(file.name)
    return made


def pages(known: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Every picture as a page: its name, its language, its HTML."""
    shown = cards(known)
    for name, titles in (SAMPLES | MORE).items():
        for language in LANGUAGES if name in SAMPLES else ("en",):
            made = [payload(name, shown[title][1](language)) for title in titles]
            yield name, language, page(made)


def payload(name: str, card: Card) -> dict[str, Any]:
    """What is sent, as it is sent."""
    made = message(card)
    if name != "triage":
        return made
    at = datetime(2025, 7, 15, 4, 12, tzinfo=UTC)
    item = Item(
        "slack", "C1", "s-1", "T1", "1.1", "", "high", at, "reviewed", "U1", at.replace(hour=9), "U2", "2025-07-18"
    )
    return dressed(made, item, card.language)


def page(payloads: Sequence[Mapping[str, Any]]) -> str:
    """Messages as a page: the first in the channel, the others in its thread."""
    body = "".join(_message(made, " t" if number else "") for number, made in enumerate(payloads))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{body}</body>'


def _message(made: Mapping[str, Any], place: str) -> str:
    head = '<div class="n">Chipwatch <span class="app">APP</span><span class="w">6:12</span></div>'
    inside = "".join(map(block, made["blocks"]))
    return f'<div class="m{place}"><div class="a">C</div><div>{head}{inside}</div></div>'


def block(made: Mapping[str, Any]) -> str:
    """A block as Slack draws it."""
    match made["type"]:
        case "header":
            return f"<h3>{made['text']['text']}</h3>"
        case "section":
            beside = element(made["accessory"]) if "accessory" in made else ""
            return f'<div class="s">{written(made["text"]["text"])} {beside}</div>'
        case "context":
            inside = "".join(f"<span>{written(each['text'])}</span><br>" for each in made["elements"])
            return f'<div class="c">{inside.removesuffix("<br>")}</div>'
        case "actions":
            return f'<div class="s">{"".join(map(element, made["elements"]))}</div>'
        case "table":
            rows = ("".join(f"<td>{cell['text']}</td>" for cell in row) for row in made["rows"])
            return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    return ""


def element(made: Mapping[str, Any]) -> str:
    """Something to press or to choose from."""
    if made["type"] == "button":
        return f'<span class="b">{made["text"]["text"]}</span>'
    words = made.get("placeholder", {}).get("text", "")
    words = {"users_select": "@grace", "datepicker": "18 Jul 2025"}.get(made["type"], words)
    return f'<span class="b p">{words}</span>'


def written(text: str) -> str:
    """Mrkdwn as HTML. What is escaped for Slack is escaped for a page."""
    return _TOKEN.sub(_token, text).replace("\u200b", "")


def _token(found: re.Match[str]) -> str:
    if found["mark"]:
        tag = {"*": "b", "_": "i", "~": "s", "`": "code"}[found["mark"]]
        return f"<{tag}>{_TOKEN.sub(_token, found['words'])}</{tag}>"
    inner, _, words = found["inner"].partition("|")
    if inner.startswith("!date"):
        return words
    if inner.startswith(("@", "#", "!")):
        return f'<span class="u">{html.escape({"@U1": "@ada", "@U2": "@grace"}.get(inner, inner))}</span>'
    return f"<a>{words or inner}</a>"


def _shoot(command: str, text: str, file: Path) -> None:
    """Photograph a page as high as it is."""
    measure = "<script>document.title='h'+Math.ceil(document.body.getBoundingClientRect().height)</script>"
    with tempfile.TemporaryDirectory(prefix="chipwatch-slack-") as folder:
        source = Path(folder) / "page.html"
        source.write_text(text + measure, encoding="utf-8")
        common = [
            command,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/p",
        ]
        dom = subprocess.run(  # noqa: S603
            [*common, f"--window-size={WIDTH},2000", "--dump-dom", source.as_uri()], capture_output=True, check=True
        ).stdout.decode()
        height = max(int(next(iter(re.findall(r"<title>h(\d+)", dom)), "800")), LOWEST)
        subprocess.run(  # noqa: S603
            [*common, f"--window-size={WIDTH},{height}", f"--screenshot={file}", source.as_uri()],
            capture_output=True, check=True,
        )  # fmt: skip
