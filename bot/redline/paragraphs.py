"""Paragraphs: how a plain text falls into the pieces that a redline counts."""

from __future__ import annotations

import re

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


class Lines:
    """The lines of a text, and which of them are blank."""

    def __init__(self, text: str) -> None:
        self.all = text.splitlines(keepends=True)
        self.blank = [line.isspace() for line in self.all]

    @property
    def leading(self) -> str:
        """The blank lines before the first that is not."""
        first = next((at for at, blank in enumerate(self.blank) if not blank), len(self.all))
        return "".join(self.all[:first])

    def counts(self) -> tuple[int, int]:
        """How many blocks between blank lines, and how many lines that are not blank."""
        flags = bytes(self.blank)
        return flags.count(b"\1\0") + flags.startswith(b"\0"), flags.count(0)


def parted_by_line(old: Lines, new: Lines) -> bool:
    """Whether each line of two texts is a paragraph; else blank lines part them. Decided on both, so that they are cut
    alike."""
    blocks, lines = (here + there for here, there in zip(old.counts(), new.counts(), strict=True))
    return lines > LINES_OF_A_PARAGRAPH * blocks or blocks <= 2 < lines


def paragraphs(lines: Lines, *, by_line: bool) -> list[str]:
    """A text as pieces, each with the white space that follows it. Joined they are the text without its leading blank
    lines; none is white space alone."""
    pieces: list[str] = []
    piece = ""
    closed = True
    for line, blank in zip(lines.all, lines.blank, strict=True):
        if blank:
            piece += line
            closed = True
        elif closed or by_line:
            pieces.append(piece)
            piece, closed = line, False
        else:
            piece += line
    pieces.append(piece)
    # Before the first paragraph stood nothing but blank lines.
    del pieces[0]
    if max(map(len, pieces), default=0) > LONGEST:
        return [part for piece in pieces for part in (_cut(piece) if len(piece) > LONGEST else (piece,))]
    return pieces


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
