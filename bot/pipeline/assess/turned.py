"""What other words make of an act: a permission that ends forbids, a demand that ends eases, a lifted ban bans nothing.

The vocabulary finds words one by one: "darf" permits, 许可 licenses. Here the acts of one clause are read together with
the words that turn them, whatever the language, and stand afterwards for what the clause says. The words are the
vocabulary's: `negation`, `no_longer`, `not_yet`, `need`, `needed`, `end`, `exemption`, `may`, `joint`, `aside`, `nothing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum, auto

from bot.knowledge.folding import CJK_FROM
from bot.knowledge.vocabulary import Match

NEAR = 12
"""How far, in characters, a word may stand from what it turns where only a small word is between."""
WITHIN = 60
"""How far it may stand where no other act is between, in the same clause."""
NEAR_SIGNS, WITHIN_SIGNS = 6, 30
"""The same between Chinese signs."""

_BREAK = re.compile(r"[;:!?。，；：！？()\n]|,(?!\d)|(?<![ .][a-z])\.(?!\w)")
"""What ends a clause: neither the points of "U.S." nor the comma of 1,000."""


class _Role(IntEnum):
    """What a word does in its clause."""

    PERMIT = auto()
    ISSUE = auto()
    RESUME = auto()
    LICENCE = auto()
    FORBID = auto()
    DEMAND = auto()
    NEED = auto()
    NEEDED = auto()
    EASE = auto()
    RESCIND = auto()
    END = auto()
    EXEMPTION = auto()
    REFUSE = auto()
    REPLY = auto()
    NOT = auto()
    NOT_YET = auto()
    NO_LONGER = auto()
    MAY = auto()
    PLAN = auto()
    TRADE = auto()
    JOINT = auto()
    ASIDE = auto()
    NOTHING = auto()


_ROLES = {
    "terms.allow": _Role.PERMIT,
    "terms.issue_licence": _Role.ISSUE,
    "terms.resume": _Role.RESUME,
    "terms.licence": _Role.LICENCE,
    "terms.ban": _Role.FORBID,
    "terms.restrict": _Role.FORBID,
    "terms.require_licence": _Role.DEMAND,
    "terms.need": _Role.NEED,
    "terms.needed": _Role.NEEDED,
    "terms.relax": _Role.EASE,
    "terms.rescind": _Role.RESCIND,
    "terms.end": _Role.END,
    "terms.exemption": _Role.EXEMPTION,
    "terms.deny": _Role.REFUSE,
    "terms.respond": _Role.REPLY,
    "terms.negation": _Role.NOT,
    "terms.not_yet": _Role.NOT_YET,
    "terms.no_longer": _Role.NO_LONGER,
    "terms.may": _Role.MAY,
    "terms.consider": _Role.PLAN,
    "terms.export": _Role.TRADE,
    "terms.sell": _Role.TRADE,
    "terms.import": _Role.TRADE,
    "terms.joint": _Role.JOINT,
    "terms.aside": _Role.ASIDE,
    "terms.nothing": _Role.NOTHING,
}
_ONLY_TURN = frozenset(f"terms.{name}" for name in ("need", "needed", "end", "exemption", "may", "joint", "aside", "nothing"))
"""Words that say nothing by themselves and are not passed on."""
_NEGATIONS = (_Role.NOT, _Role.NOT_YET, _Role.NO_LONGER)
_GRANTS = (_Role.PERMIT, _Role.ISSUE, _Role.RESUME)
_HARD = (_Role.FORBID, _Role.DEMAND)
_ENDERS = (_Role.EASE, _Role.RESCIND, _Role.END)
_ACTS = (*_GRANTS, *_HARD, *_ENDERS)
_TURNING = frozenset(
    (*_NEGATIONS, *_ENDERS, _Role.NEED, _Role.NEEDED, _Role.REFUSE, _Role.NOTHING, _Role.RESUME, _Role.FORBID)
)
_PARTS = {
    _Role.FORBID: (*_GRANTS, *_ENDERS, _Role.PLAN),
    _Role.EASE: _HARD,
    _Role.RESCIND: (*_HARD, _Role.EASE),
    _Role.DEMAND: _GRANTS,
}
"""What is no act of its own inside a phrase of each of these: "allowed" in "not allowed", the ban in "hebt Verbot auf"."""


class _Clause:
    """The words of one clause; what no longer stands for itself leaves it, and what it has become joins it."""

    def __init__(self, words: list[tuple[Match, _Role]], text: str) -> None:
        self.words, self.text = words, text
        self.gone: set[Match] = set()
        self.made: set[Match] = set()

    def of(self, *roles: _Role) -> list[Match]:
        """The words with these roles, in the order of the text."""
        return [word for word, role in self.words if role in roles]

    def role(self, word: Match) -> _Role:
        return _ROLES[word.concept]

    def after(self, word: Match, reach: int, *roles: _Role) -> Match | None:
        """The nearest of these behind a word; of those that begin together the longest."""
        found = [m for m in self.of(*roles) if 0 <= m.start - word.end <= reach]
        return min(found, key=lambda m: (m.start, -m.end), default=None)

    def before(self, word: Match, reach: int, *roles: _Role) -> Match | None:
        """The nearest of these before a word; of those that end together the longest."""
        found = [m for m in self.of(*roles) if 0 <= word.start - m.end <= reach]
        return max(found, key=lambda m: (m.end, -m.start), default=None)

    def between(self, first: Match, last: Match, *roles: _Role) -> bool:
        """Whether a word with one of these roles stands between two."""
        return any(first.end <= m.start and m.end <= last.start for m in self.of(*roles))

    def drop(self, words: list[Match]) -> None:
        """Let these stand for nothing."""
        if words:
            self.gone.update(words)
            self.words = [(word, role) for word, role in self.words if word not in self.gone]

    def drop_in(self, span: Match, *roles: _Role) -> None:
        """Let the words with these roles inside a span stand for nothing."""
        self.drop([m for m in self.of(*roles) if _holds(span, m)])

    def become(self, concept: str, *of: Match) -> Match:
        """Let these words stand for one act together."""
        made = Match(min(m.start for m in of), max(m.end for m in of), concept)
        self.drop([m for m in of if m != made])
        for each in of:
            self.drop([m for m in self.of(_ROLES[each.concept]) if _holds(each, m) and m != made])
        if made not in self.made:
            self.made.add(made)
            self.words = sorted([*self.words, (made, _ROLES[concept])])
        return made

    def freed(self, hard: Match, *enders: Match, keep: bool = False) -> None:
        """Let a demand or a ban be one that has ended, by these words; one that is to be kept says more than that."""
        self.drop_in(hard, _Role.LICENCE, *_GRANTS)
        self.made.add(Match(hard.start, hard.end, "terms.freed"))
        if enders:
            made = Match(min(hard.start, *(m.start for m in enders)), max(hard.end, *(m.end for m in enders)), "terms.relax")
            self.made.add(made)
            self.words = sorted([*self.words, (made, _Role.EASE)])
        self.drop_in(hard, *_HARD)
        if not keep:
            self.drop(list(enders))

    def near(self, word: Match) -> int:
        """How near to a word is near, in its script; a single sign turns only what it touches."""
        if self.text[word.start] < CJK_FROM:
            return NEAR
        return 1 if word.end - word.start == 1 else NEAR_SIGNS

    def within(self, word: Match) -> int:
        return WITHIN if self.text[word.start] < CJK_FROM else WITHIN_SIGNS


def turned(matches: list[Match], text: str, border: int) -> list[Match]:
    """The matches of a text, in order, with each act as the other words of its clause make it.

    `border` is where the title ends. An act that was turned spans what turned it, so that a reason shows both.
    """
    words = [(match, _ROLES[match.concept]) for match in matches if match.concept in _ROLES]
    gone: set[Match] = set()
    made: set[Match] = set()
    for clause in _clauses(words, text, border):
        for rule in (_read_phrases, _demand, _deny, _end, _refuse, _resume, _settle):
            rule(clause)
        gone |= clause.gone
        made |= clause.made
    made -= gone
    if not gone and not made and not any(word.concept in _ONLY_TURN for word, _ in words):
        return matches
    kept = [m for m in matches if m not in gone and m.concept not in _ONLY_TURN]
    return sorted({*kept, *made}) if made else kept


def _clauses(words: list[tuple[Match, _Role]], text: str, border: int) -> Iterator[_Clause]:
    """The clauses in which one word may turn another."""
    clause: list[tuple[Match, _Role]] = []
    end = 0
    for word, role in words:
        apart = end <= border < word.start or (word.start > end and _BREAK.search(text, end, word.start))
        if clause and (apart or role is _Role.ASIDE):
            if len(clause) > 1 and not _TURNING.isdisjoint([each for _, each in clause]):
                yield _Clause(clause, text)
            clause = []
        if role is not _Role.ASIDE:
            clause.append((word, role))
        end = max(end, word.end)
    if len(clause) > 1 and not _TURNING.isdisjoint([each for _, each in clause]):
        yield _Clause(clause, text)


def _holds(phrase: Match, word: Match) -> bool:
    return phrase.start <= word.start and word.end <= phrase.end


def _read_phrases(clause: _Clause) -> None:
    """A phrase says what it says, whatever its parts would say alone."""
    for phrase, role in clause.words:
        if phrase in clause.gone:
            continue
        if role is _Role.NOTHING:
            clause.drop_in(phrase, *_Role)
        elif role in _NEGATIONS:
            inner = [m for m in clause.of(*_NEGATIONS) if _holds(phrase, m) and m is not phrase]
            clause.drop([m for m in inner if m[:2] != phrase[:2] or clause.role(m) < role])
        elif role in _PARTS:
            clause.drop([m for m in clause.of(*_PARTS[role]) if _holds(phrase, m) and m[:2] != phrase[:2]])


def _demand(clause: _Clause) -> None:
    """Who needs a licence has none: "needs a US licence", "a licence is required", 须经美国许可."""
    for need in clause.of(_Role.NEED, _Role.NEEDED):
        if any(_holds(known, need) for known in clause.of(_Role.DEMAND)):
            continue
        papers = (_Role.LICENCE, _Role.PERMIT)
        after = clause.after(need, clause.within(need), *papers)
        paper = clause.before(need, clause.within(need), *papers) if clause.role(need) is _Role.NEEDED else None
        for each in (paper, after):
            if each and not clause.text[: each.start].endswith("to ") and not clause.between(*sorted((need, each)), *_ACTS):
                made = clause.become("terms.require_licence", need, each)
                clause.drop_in(made, *_GRANTS)
                break


def _deny(clause: _Clause) -> None:
    """A permission that is denied or ends forbids, a demand that is denied or ends eases, and so does a ban that ends."""
    for word in clause.of(*_NEGATIONS):
        act = _denied(clause, word)
        if act is None:
            continue
        role, ends = clause.role(act), clause.role(word) is _Role.NO_LONGER
        if clause.role(word) is _Role.NOT_YET:
            clause.drop([act])
        elif role is _Role.MAY:
            made = clause.become("terms.ban", act, word)
            clause.drop_in(Match(act.start, act.end, ""), _Role.PERMIT, _Role.PLAN)
            clause.drop_in(made, _Role.PERMIT)
        elif role is _Role.DEMAND or (ends and role is _Role.FORBID):
            clause.freed(act, word)
        elif role in (_Role.PERMIT, _Role.ISSUE) or (ends and role in (_Role.RESUME, _Role.EASE)):
            clause.drop_in(clause.become("terms.ban", act, word), *_GRANTS, _Role.EASE)
        else:
            clause.drop_in(act, *_ACTS)


def _denied(clause: _Clause, word: Match) -> Match | None:
    """What a negation denies: what it touches, then the permission before it (darf ... nicht), then what ends by it."""
    acts = clause.of(*_ACTS)
    for act in acts:
        if act.start < word.end and word.start < act.end:
            if clause.role(act) is _Role.FORBID or (act.start == word.start and act.end > word.end):
                break  # the phrase says it: "not allowed"
            return act
    else:
        if act_after := clause.after(word, clause.near(word), *_ACTS):
            return act_after
    may = clause.before(word, clause.within(word), _Role.MAY)
    if may and (
        any(m[:2] == may[:2] for m in clause.of(_Role.PERMIT)) or clause.after(word, 4, _Role.TRADE) is not None
    ):
        return may
    if clause.role(word) is not _Role.NO_LONGER or any(_holds(act, word) for act in acts):
        return None
    reach = clause.within(word)
    if clause.text[word.start] >= CJK_FROM:
        return clause.after(word, reach, *_ACTS)
    return clause.before(word, reach, *_ACTS) or clause.after(word, reach, *_ACTS)


def _end(clause: _Clause) -> None:
    """Who lifts a ban or a demand eases; who takes back a permission or an exemption does not."""
    for word in clause.of(*_ENDERS):
        if word in clause.made or word in clause.gone:
            continue
        role, reach = clause.role(word), clause.within(word)
        objects = _HARD if role is _Role.EASE else (*_HARD, *_GRANTS, _Role.LICENCE, _Role.EXEMPTION)
        found = clause.after(word, reach, *objects)
        if found is None and clause.after(word, 1, _Role.TRADE) is None:  # who cancels orders lifts nothing
            found = clause.before(word, reach, *objects)
            if found and clause.between(found, word, _Role.JOINT):
                found = None
        if found is None:
            continue
        if clause.role(found) in _HARD:
            clause.freed(found, *(() if role is _Role.EASE else (word,)), keep=role is _Role.RESCIND)
        else:
            clause.drop_in(found, _Role.EASE, *_GRANTS)
            clause.become("terms.licence", found)
            if role is _Role.END:
                clause.become("terms.rescind", word)


def _refuse(clause: _Clause) -> None:
    """Who refuses a licence forbids, and who halts approvals approves of nothing."""
    papers = (_Role.LICENCE, *_GRANTS)
    for word in clause.of(_Role.REFUSE):
        paper = clause.after(word, clause.near(word), *papers) or clause.before(word, clause.near(word), *papers)
        if paper:
            made = clause.become("terms.ban", word)
            clause.drop_in(made, _Role.REPLY)
            clause.drop_in(paper, *_GRANTS)
    for word in clause.of(_Role.FORBID):
        reach = NEAR if clause.near(word) == NEAR else 1
        paper = clause.after(word, reach, _Role.PERMIT, _Role.ISSUE)
        if paper and word not in clause.made:
            clause.drop_in(paper, *_GRANTS)
            clause.become("terms.licence", paper)


def _resume(clause: _Clause) -> None:
    """What is banned again is not resumed."""
    for word in clause.of(_Role.RESUME):
        found = clause.after(word, clause.within(word), *_HARD, _Role.TRADE, _Role.PERMIT)
        if found and clause.role(found) in _HARD:
            clause.drop([word])


def _settle(clause: _Clause) -> None:
    """Where a permission is denied or taken back, a word that may be "to license" or "licence" (许可) is the licence."""
    if any(m.concept in ("terms.ban", "terms.rescind", "terms.licence") for m in clause.made):
        papers = {m[:2] for m in clause.of(_Role.LICENCE)}
        clause.drop([m for m in clause.of(_Role.PERMIT) if m[:2] in papers])
