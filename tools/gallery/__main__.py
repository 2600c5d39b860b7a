"""`python -m tools.gallery [FOLDER]`: writes FOLDER/gallery.md and FOLDER/gallery/*.png (default: docs)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bot.cards.charts.painter import paint_now
from bot.knowledge.library import Knowledge
from tools.gallery import discord, slack
from tools.gallery.cards import TODAY, cards, text_of
from tools.gallery.pictures import pictures

LANGUAGES = {"en": "English", "de": "Deutsch", "zh": "中文"}
HEAD = f"""# Gallery

What Chipwatch says and shows, in English and German, as `make docs` renders it from the shipped ledger, asked on
{TODAY:%d %B %Y}. Cards are shown as a terminal has them; Discord and Slack get the same words. The outlets in alerts
are made up, and so are the correction and the outage. German and Chinese have not been read by native speakers yet.
"""


def page(known: Knowledge, folder: Path) -> Iterator[str]:
    """The parts of the page, in order; writes each picture into `folder` as it comes."""
    yield HEAD
    yield "## Cards\n"
    for title, (op, card) in cards(known).items():
        yield f"### {title}\n"
        for language in ("en", "de"):
            yield f"```text\n{text_of(card(language), op)}\n```\n"
    yield "## Pictures\n"
    for name, shown in pictures(known).items():
        yield f"### {shown.title}\n"
        for language in shown.languages:
            spec = shown.draw(language)
            file = folder / f"{name}.{language}.png"
            file.write_bytes(paint_now(spec))
            yield f"{LANGUAGES[language]}:\n\n![{described(spec['description'])}](gallery/{file.name})\n"


def photographed(known: Knowledge, folder: Path) -> Iterator[str]:
    """The pictures of the platforms; where there is no browser those that are there stay."""
    for platform, photograph in (("discord", discord.photographs), ("slack", slack.photograph)):
        made = photograph(known, folder)
        if not made:
            print(f"no Chromium on this machine: the pictures of {platform} stay as they are")
            made = sorted(file.name for file in folder.glob(f"{platform}-*.png"))
        shown = platform.capitalize()
        yield f"## In {shown}\n"
        yield f"The payload that is sent, drawn as a page: {shown}'s own fonts and colours differ a little.\n"
        for name in made:
            title, language = name.removesuffix(".png").removeprefix(f"{platform}-").rsplit(".", 1)
            yield f"![In {shown}: {title.replace('-', ' ')} ({LANGUAGES[language]})](gallery/{name})\n"


def described(words: str) -> str:
    """The picture in words as the alternative text of a page: one line, no bracket that would end it."""
    return " ".join(words.split()).replace("[", "(").replace("]", ")")


def main(docs: Path) -> None:
    """Write the page and its pictures; pictures that are no longer shown are removed."""
    folder = docs / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    known = Knowledge.load()
    text = "\n".join([*page(known, folder), *photographed(known, folder)])
    for file in folder.glob("*.png"):
        if f"gallery/{file.name})" not in text:
            file.unlink()
    (docs / "gallery.md").write_text(text, encoding="utf-8")
    print(docs / "gallery.md")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "docs")
