"""Cards as Discord shows them: the message that the adapter would send, drawn as a page and photographed."""

from __future__ import annotations

import html
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.custom_id import pack
from bot.knowledge.library import Knowledge
from bot.platforms.discord.render import message_of
from tools.gallery.cards import cards
from tools.gallery.samples import DISCORD_SAMPLES, LANGUAGES, SAMPLES
from tools.gallery.slack import browser

WIDTH = 640
SHARP = 1.5
"""Pixels of the picture for one of the page."""
STYLE = """
body{margin:0;padding:16px;background:#313338;color:#dbdee1;font:15px/1.4 'Noto Sans','DejaVu Sans',sans-serif}
.head{color:#f2f3f5;font-weight:600;margin-bottom:6px}.head i{background:#5865f2;border-radius:3px;padding:0 4px;
font:600 10px sans-serif;color:#fff;font-style:normal;margin-left:6px}
.card{background:#2b2d31;border-left:4px solid;border-radius:6px;padding:12px 14px;max-width:560px}
h3{font-size:17px;margin:4px 0;color:#f2f3f5}small{color:#949ba4;font-size:12.5px;display:block}
a{color:#00a8fc;text-decoration:none}code,pre{background:#1e1f22;border-radius:4px;padding:1px 4px}
.reply{color:#949ba4;font-size:12.5px;margin:14px 0 2px}
time{background:#3f4147;border-radius:3px;padding:0 2px}.text{margin:6px 0}
button{background:#4e5058;color:#fff;border:0;border-radius:6px;padding:7px 14px;margin:6px 8px 0 0;
font:14px sans-serif}
.list{background:#1e1f22;border:1px solid #3f4147;border-radius:6px;padding:7px 12px;margin-top:6px;color:#949ba4}
.list span{float:right}.list b{color:#dbdee1;font-weight:400}
.list i{background:#3f4147;color:#dbdee1;border-radius:4px;padding:1px 6px;margin-right:6px;font-style:normal}
"""
_MARK = re.compile(
    r"\\(?P<literal>.)|(?P<bold>\*\*)|(?P<strike>~~)|(?P<italic>\*)|`(?P<code>[^`]*)`"
    r"|<t:(?P<moment>-?\d+):(?P<style>\w)>|\[(?P<label>(?:\\.|[^\]\\])*)\]\((?P<url>[^)\s]*)\)"
)
_TAGS = {"bold": "b", "strike": "s", "italic": "i"}


def photographs(known: Knowledge, folder: Path) -> list[str]:
    """Write `discord-*.png` into a folder; the names of the files. Nothing where there is no browser."""
    command = browser()
    if command is None:
        return []
    made = []
    for name, language, text in pages(known):
        file = folder / f"discord-{name}.{language}.png"
        photograph(command, text, file)
        made.append(file.name)
    return made


def pages(known: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Every picture as a page: its name, its language, its HTML."""
    shown = cards(known)
    for name, titles in (SAMPLES | DISCORD_SAMPLES).items():
        for language in LANGUAGES:
            yield name, language, page([message_of(shown[title][1](language), pack).body for title in titles])


def photograph(chromium: str, text: str, file: Path) -> None:
    """A page as a picture of its own height, which a first visit measures."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "page.html"
        source.write_text(text, encoding="utf-8")
        words = [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--force-device-scale-factor={SHARP}",
            f"--user-data-dir={scratch}/p",
        ]
        small = subprocess.run(  # noqa: S603  # our own page
            [*words, f"--window-size={WIDTH},100", "--dump-dom", source.as_uri()],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        found = re.search(r'data-height="(\d+)"', small.stdout)
        height = int(found.group(1)) if found else 800
        subprocess.run(  # noqa: S603
            [*words, f"--window-size={WIDTH},{height}", f"--screenshot={file}", source.as_uri()],
            capture_output=True, check=True, timeout=60,
        )  # fmt: skip


def page(bodies: Sequence[dict[str, Any]]) -> str:
    """Messages as HTML, the second a reply to the first; the page notes its own height."""
    head = "<div class=head>Chipwatch<i>APP</i></div>"
    shown = ["".join(component(each) for each in body["components"]) for body in bodies]
    inside = f"<div class=reply>↱ Chipwatch</div>{head}".join(shown)
    measure = "document.body.dataset.height=Math.ceil(document.documentElement.getBoundingClientRect().height)"
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body>{head}{inside}<script>{measure}</script>"


def component(each: dict[str, Any]) -> str:
    """One component; what Chipwatch does not send is not drawn."""
    match each["type"]:
        case 17:
            inside = "".join(map(component, each["components"]))
            return f'<div class=card style="border-color:#{each["accent_color"]:06x}">{inside}</div>'
        case 10:
            return f"<div class=text>{''.join(lines(each['content']))}</div>"
        case 1:
            return "<div>" + "".join(map(component, each["components"])) + "</div>"
        case 2:
            return f"<button>{html.escape(each['label'])}</button>"
        case 3:
            return f"<div class=list>{chosen(each)}<span>⌄</span></div>"
    return ""


def chosen(each: dict[str, Any]) -> str:
    """What a closed list shows: its choices, else what it is for."""
    labels = [option["label"] for option in each["options"] if option.get("default")]
    if not labels:
        return html.escape(each.get("placeholder", ""))
    if each["max_values"] == 1:
        return f"<b>{html.escape(labels[0])}</b>"
    return "".join(f"<i>{html.escape(label)}</i>" for label in labels)


def lines(content: str) -> Iterator[str]:
    """Markdown by lines, as far as the adapter writes it."""
    blocks = re.split(r"```\n(.*?)\n```", content, flags=re.DOTALL)
    for number, block in enumerate(blocks):
        if number % 2:
            yield f"<pre>{html.escape(block)}</pre>"
            continue
        for line in filter(None, block.split("\n")):
            if line.startswith("### "):
                yield f"<h3>{inline(line[4:])}</h3>"
            elif line.startswith("-# "):
                yield f"<small>{inline(line[3:])}</small>"
            else:
                yield f"<div>{inline(line)}</div>"


def inline(text: str) -> str:
    """Styles, links and moments of one line."""
    found, at, opened = [], 0, set[str]()
    for mark in _MARK.finditer(text):
        found.append(html.escape(text[at : mark.start()]))
        at = mark.end()
        tag = next((each for each in _TAGS if mark[each]), None)
        if tag is not None:
            found.append(f"</{_TAGS[tag]}>" if tag in opened else f"<{_TAGS[tag]}>")
            opened ^= {tag}
        elif mark["literal"]:
            found.append(html.escape(mark["literal"]))
        elif mark["moment"]:
            shape = "%H:%M" if mark["style"] == "t" else "%d.%m.%Y %H:%M"
            found.append(f"<time>{datetime.fromtimestamp(int(mark['moment']), UTC):{shape}}</time>")
        elif mark["url"] is not None:
            found.append(f"<a>{inline(mark['label'])}</a>")
        else:
            found.append(f"<code>{html.escape(mark['code'])}</code>")
    return "".join(found) + html.escape(text[at:])
