"""Paragraphs: how a plain text falls into the pieces that a redline counts."""

from __future__ import annotations

import re
from itertools import pairwise

LINES_OF_A_PARAGRAPH = 12
"""Lines that a block between blank lines holds on average, up to which it is a paragraph; else each line is one."""

SPACED = 100
"""A long line with more blanks than this near its beginning is prose and is cut at the ends of sentences."""

LONGEST = 8_192
"""Characters of a paragraph. A longer one is cut at line ends, then at sentence ends, then where its letters say."""

# Cuts depend on the letters around them and not on their distance from the beginning: after an insertion in a line of
# two million characters the cuts fall where they fell before.
_SENTENCES = re.compile(r".{256,4096}?(?:[.;:!?。！？；]\s*|(?<=[aeo][lnrst])\s+|\Z)|.{1,4096}", re.DOTALL)
_LETTERS = re.compile(r".{256,2048}?(?:[aeiKQ37][hmsw59B]|\Z)|.{1,2048}", re.DOTALL)


def parted_by_line(old: str, new: str) -> bool:
    """Whether each line of two texts is a paragraph; else blank lines part them. Decided on both, so that they are cut
    alike."""
    counts = [_count(text) for text in (old, new)]
    blocks, lines = sum(count[0] for count in counts), sum(count[1] for count in counts)
    return lines > LINES_OF_A_PARAGRAPH * blocks or blocks <= len(counts) < lines


def paragraphs(text: str, *, by_line: bool) -> list[str]:
    """A text as pieces, each with the white space that follows it. Joined they are the text, without what
    `leading_space` finds before the first; none is white space alone."""
    pieces: list[str] = []
    piece = ""
    closed = False
    for line in text[len(leading_space(text)) :].splitlines(keepends=True):
        if line.isspace():
            piece += line
            closed = True
        elif closed or by_line:
            pieces.append(piece)
            piece, closed = line, False
        else:
            piece += line
    pieces.append(piece)
    if not pieces[0]:
        del pieces[0]
    if max(map(len, pieces), default=0) > LONGEST:
        return [part for piece in pieces for part in (_cut(piece) if len(piece) > LONGEST else (piece,))]
    return pieces


def leading_space(text: str) -> str:
    """The white space before the first paragraph."""
    return text[: len(text) - len(text.lstrip())]


def _count(text: str) -> tuple[int, int]:
    """How many blocks between blank lines, and how many lines that are not blank."""
    blank = [line.isspace() for line in text.splitlines(keepends=True)]
    full = len(blank) - sum(blank)
    inside = sum(1 for before, here in pairwise(blank) if not (before or here))
    return full - inside, full


def _cut(piece: str) -> list[str]:
    """A piece that is too long, in shorter ones that end where a line, a sentence or a chance of letters ends."""
    parts = piece.splitlines(keepends=True)
    if len(parts) > 1:
        return _joined([short for part in parts for short in (_cut(part) if len(part) > LONGEST else (part,))])
    rule = _SENTENCES if len(piece.split(None, 200)) > SPACED else _LETTERS
    return _joined(rule.findall(piece))


def _joined(parts: list[str]) -> list[str]:
    """The parts, each that is white space alone joined to the one before it (or after it, at the beginning)."""
    joined: list[str] = []
    for part in parts:
        if joined and (part.isspace() or joined[-1].isspace()):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
