"""The redline in a terminal: removed words struck, added ones underlined, and both in brackets that need no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.redline.callouts import callouts
from bot.redline.redline import Hunk, HunkKind, Redline

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MARKS = {HunkKind.ADDED: "+", HunkKind.REMOVED: "-", HunkKind.CHANGED: "~", HunkKind.MOVED: "→"}
CONTEXT = 160
"""Characters of a kept run that are shown at either side of a change."""


def print_redline(redline: Redline, console: Console) -> None:
    """Print the counts, and each paragraph that changed with its place.

    Removed words stand as [-words-], added ones as {+words+}; a moved paragraph is only begun. Long kept stretches are
    cut in their middle. Text of the documents is never read as markup, and its control characters are dropped.
    """
    from rich.text import Text

    counts = ", ".join(f"{redline.count(kind)} {kind}" for kind in HunkKind)
    console.print(Text(counts, style="bold"))
    for hunk in redline.hunks:
        console.print()
        console.print(_heading(hunk), soft_wrap=True)
        console.print(_words(hunk))


def _heading(hunk: Hunk) -> Text:
    from rich.text import Text

    heading = Text(f"{MARKS[hunk.kind]} {_printable(hunk.where)}", style="bold cyan")
    heading.append(f"  {hunk.kind}", style="not bold dim")
    for found in callouts(hunk):
        heading.append(f"  {_printable(str(found))}", style="not bold yellow")
    return heading


def _words(hunk: Hunk) -> Text:
    from rich.text import Text

    text = Text()
    if hunk.kind is HunkKind.MOVED:
        return text.append(_printable(_shortened(hunk.new, first=True, last=True)))
    for at, (operation, words) in enumerate(hunk.words):
        if operation == "-":
            text.append(f"[-{_printable(words)}-]", style="red strike")
        elif operation == "+":
            text.append(f"{{+{_printable(words)}+}}", style="green underline")
        else:
            text.append(_printable(_shortened(words, first=at == 0, last=at == len(hunk.words) - 1)))
    return text


def _shortened(words: str, *, first: bool, last: bool) -> str:
    """A kept run: of the first one its end, of the last one its beginning, of those between both."""
    before, after = ("" if first and not last else words[:CONTEXT]), ("" if last else words[-CONTEXT:])
    return words if len(words) <= len(before) + len(after) + CONTEXT // 2 else f"{before} … {after}".strip(" ")


def _printable(text: str) -> str:
    """The text without control characters, which could move a terminal's cursor."""
    return "".join(letter for letter in text if letter.isprintable() or letter == " ")
