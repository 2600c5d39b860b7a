"""What other words make of an act: a permission that ends forbids, a demand that ends eases, a lifted ban bans nothing.

The vocabulary finds words one by one: "darf" permits, 许可 licenses. Here the acts of one clause are read together with
the words that turn them, whatever the language, and stand afterwards for what the clause says. All words are the
vocabulary's; docs/understanding.md says what each of its tables does here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from bot.knowledge.folding import CJK_FROM
from bot.knowledge.vocabulary import Match, Vocabulary

NEAR = 12
"""How far, in characters, a word may stand from what it turns where only a small word is between."""
WITHIN = 60
"""How far it may stand where no other act is between, in the same clause."""
NEAR_SIGNS, WITHIN_SIGNS = 6, 30
"""The same between Chinese signs."""
TOUCHING = 4
"""How far a verb of trade stands behind its negation: "may no longer be sold"."""

_BREAK = re.compile(r"[;:!?。，；：！？()\n]|,(?!\d)|(?<![ .][a-z])\.(?!\w)")
"""What ends a clause: neither the points of "U.S." nor the comma of 1,000."""

_PERMIT, _ISSUE, _RESUME, _LICENCE, _FORBID, _DEMAND, _NEED, _NEEDED = (1 << n for n in range(8))
_EASE, _RESCIND, _END, _EXEMPTION, _REFUSE, _REPLY, _NOT, _NOT_YET = (1 << n for n in range(8, 16))
_NO_LONGER, _MAY, _GIVE, _PLAN, _TRADE, _ASIDE, _NOTHING, _LOSE = (1 << n for n in range(16, 24))
"""What a word does in its clause; several together are a sum."""
_ROLES = {
    "terms.allow": _PERMIT,
    "terms.issue_licence": _ISSUE,
    "terms.resume": _RESUME,
    "terms.licence": _LICENCE,
    "terms.ban": _FORBID,
    "terms.restrict": _FORBID,
    "terms.require_licence": _DEMAND,
    "terms.need": _NEED,
    "terms.needed": _NEEDED,
    "terms.relax": _EASE,
    "terms.rescind": _RESCIND,
    "terms.end": _END,
    "terms.lose": _LOSE,
    "terms.exemption": _EXEMPTION,
    "terms.deny": _REFUSE,
    "terms.respond": _REPLY,
    "terms.negation": _NOT,
    "terms.not_yet": _NOT_YET,
    "terms.no_longer": _NO_LONGER,
    "terms.may": _MAY,
    "terms.give": _GIVE,
    "terms.consider": _PLAN,
    "terms.export": _TRADE,
    "terms.sell": _TRADE,
    "terms.import": _TRADE,
    "terms.aside": _ASIDE,
    "terms.nothing": _NOTHING,
}
_EACH_NEGATION = (_NOT, _NOT_YET, _NO_LONGER)
_NEGATIONS = _NOT | _NOT_YET | _NO_LONGER
_GRANTS = _PERMIT | _ISSUE | _RESUME
_HARD = _FORBID | _DEMAND
_ENDERS = _EASE | _RESCIND | _END
_ACTS = _GRANTS | _HARD | _ENDERS
_SILENT = _NOT_YET | _NO_LONGER | _NEED | _NEEDED | _END | _LOSE | _EXEMPTION | _MAY | _GIVE | _ASIDE | _NOTHING
"""Words that only turn others, and are not passed on."""
_PARTS = {_FORBID: _GRANTS | _ENDERS | _PLAN, _RESCIND: _EASE, _DEMAND: _GRANTS}
"""What is no act of its own inside a phrase of each of these: "allowed" in "not allowed", 许可 in 许可要求."""


class _Clause:
    """The words of one clause; what no longer stands for itself leaves it, and what it has become joins it."""

    def __init__(self, words: list[tuple[Match, int]], roles: int, text: str, grammar: Vocabulary) -> None:
        self.words, self.roles, self.text, self.grammar = words, roles, text, grammar
        self.gone: set[Match] = set()
        self.made: set[Match] = set()

    def of(self, roles: int) -> list[Match]:
        """The words with these roles, in the order of the text."""
        return [word for word, role in self.words if role & roles] if self.roles & roles else []

    def after(self, word: Match, reach: int, roles: int) -> Match | None:
        """The nearest of these behind a word; of those that begin together the longest."""
        found = [m for m in self.of(roles) if 0 <= m.start - word.end <= reach]
        return min(found, key=lambda m: (m.start, -m.end), default=None)

    def before(self, word: Match, reach: int, roles: int) -> Match | None:
        """The nearest of these before a word; of those that end together the longest."""
        found = [m for m in self.of(roles) if 0 <= word.start - m.end <= reach]
        return max(found, key=lambda m: (m.end, -m.start), default=None)

    def drop(self, words: list[Match]) -> None:
        """Let these stand for nothing."""
        if words:
            self.gone.update(words)
            self.words = [(word, role) for word, role in self.words if word not in self.gone]

    def drop_in(self, span: Match, roles: int) -> None:
        """Let the words with these roles inside a span stand for nothing."""
        self.drop([m for m in self.of(roles) if _holds(span, m)])

    def add(self, concept: str, *of: Match) -> Match:
        """Let an act be told by these words together."""
        made = Match(min(m.start for m in of), max(m.end for m in of), concept)
        if made not in self.made:
            self.made.add(made)
            self.words = sorted([*self.words, (made, _ROLES[concept])])
            self.roles |= _ROLES[concept]
        return made

    def become(self, concept: str, *of: Match) -> Match:
        """Let these words stand together for an act, and no longer for themselves nor for what else they mean."""
        made = self.add(concept, *of)
        for each in of:
            self.drop([m for m in self.of(_ROLES[each.concept]) if _holds(each, m) and m != made])
        return made

    def withheld(self, act: Match, *words: Match) -> None:
        """Let a permission be one that is denied or has ended, by these words."""
        self.drop_in(self.become("terms.ban", act, *words), _GRANTS | _EASE)
        self.made.add(Match(act.start, act.end, "terms.withheld"))

    def freed(self, hard: Match) -> None:
        """Let a demand or a ban be one that is over; it stays in the text, since that is what the text is about."""
        self.drop_in(hard, _LICENCE | _GRANTS)
        over = [m for m in self.of(_HARD) if _holds(hard, m)]
        self.made.update([Match(m.start, m.end, "terms.freed") for m in over])
        self.words = [(word, role) for word, role in self.words if word not in over]

    def within_act(self, word: Match) -> bool:
        return any(_holds(act, word) and act[:2] != word[:2] for act in self.of(_ACTS))

    def near(self, word: Match) -> int:
        """How near to a word is near, in its script; a single sign turns only what it touches."""
        if self.text[word.start] < CJK_FROM:
            return NEAR
        return 1 if word.end - word.start == 1 else NEAR_SIGNS

    def within(self, word: Match) -> int:
        return WITHIN if self.text[word.start] < CJK_FROM else WITHIN_SIGNS


def turned(terms: list[Match], text: str, border: int, grammar: Vocabulary) -> list[Match]:
    """The terms of a text, in their order, with each act as the other words of its clause make it.

    `border` is where the title ends, `grammar` knows the words between two others. An act that was turned spans what
    turned it, so that a reason shows both. Where nothing is turned the same list comes back.
    """
    words = [(match, _ROLES[match[2]]) for match in terms if match[2] in _ROLES]
    roles = 0
    for _, role in words:
        roles |= role
    gone: set[Match] = set()
    made: set[Match] = set()
    if _rules_for(roles):
        for clause, rules in _clauses(words, text, border, grammar):
            for rule in rules:
                rule(clause)
            gone.update([match for match in clause.gone if match[2] != "terms.negation"])  # it also tells a tone
            made |= clause.made - clause.gone
    if roles & _SILENT:
        gone.update([match for match, role in words if role & _SILENT])
    kept = [match for match in terms if match not in gone] if gone else terms
    return sorted(made.union(kept)) if made else kept


def _clauses(
    words: list[tuple[Match, int]], text: str, border: int, grammar: Vocabulary
) -> Iterator[tuple[_Clause, tuple[_Rule, ...]]]:
    """The clauses in which one word may turn another, each with the rules that may do it."""
    clause: list[tuple[Match, int]] = []
    roles = end = last = 0
    for word, role in words:
        start = word.start
        if clause and (role == _ASIDE or last < border < start or (start > end and _BREAK.search(text, end, start))):
            if rules := _rules_for(roles):
                yield _Clause(clause, roles, text, grammar), rules
            clause, roles = [], 0
        if role != _ASIDE:
            clause.append((word, role))
            roles |= role
        last, end = start, max(end, word.end)
    if rules := _rules_for(roles):
        yield _Clause(clause, roles, text, grammar), rules


def _holds(phrase: Match, word: Match) -> bool:
    return phrase.start <= word.start and word.end <= phrase.end


def _read_phrases(clause: _Clause) -> None:
    """A phrase says what it says, whatever its parts would say alone."""
    for phrase, role in clause.words:
        if phrase in clause.gone:
            continue
        if role == _NOTHING:
            clause.drop_in(phrase, ~0)
        elif role & _NEGATIONS:
            inner = [(m, its) for m, its in clause.words if its & _NEGATIONS and _holds(phrase, m) and m is not phrase]
            clause.drop([m for m, its in inner if m[:2] != phrase[:2] or its < role])
        elif role in _PARTS:
            clause.drop([m for m in clause.of(_PARTS[role]) if _holds(phrase, m) and m[:2] != phrase[:2]])


def _demand(clause: _Clause) -> None:
    """Who needs a licence has none: "needs a US licence", "a licence is required", 须经美国许可."""
    for need in clause.of(_NEED | _NEEDED):
        if any(_holds(known, need) for known in clause.of(_DEMAND)):
            continue
        reach = clause.within(need)
        behind = clause.after(need, reach, _LICENCE | _PERMIT)
        paper = clause.before(need, reach, _LICENCE | _PERMIT) if need.concept == "terms.needed" else None
        for each in (paper, behind):
            if each and not clause.text[: each.start].endswith("to ") and not _acts_between(clause, need, each):
                clause.drop_in(clause.become("terms.require_licence", need, each), _GRANTS)
                clause.add("terms.licence", each)
                break


def _acts_between(clause: _Clause, one: Match, other: Match) -> bool:
    first, last = sorted((one, other))
    return any(first.end <= m.start and m.end <= last.start for m in clause.of(_ACTS))


def _give(clause: _Clause) -> None:
    """Who gives a licence permits; read only where something is denied, since whoever hopes for one has none."""
    for word in clause.of(_GIVE):
        reach = clause.within(word)
        for paper in (clause.after(word, reach, _LICENCE), clause.before(word, reach, _LICENCE)):
            if paper and not _acts_between(clause, word, paper) and not clause.within_act(paper):
                clause.add("terms.issue_licence", word, paper)
                break


def _deny(clause: _Clause) -> None:
    """A permission denied or ended forbids; a demand denied or ended eases, and so does a ban that ends."""
    for word in clause.of(_NEGATIONS):
        act = _denied(clause, word)
        if act is None:
            if word.concept == "terms.no_longer" and _trades(clause, word):
                clause.become("terms.ban", word)
            continue
        role, negation = _ROLES[act.concept], _ROLES[word.concept]
        if negation == _NOT_YET:
            clause.drop_in(act, _ACTS)
        elif role == _MAY:
            clause.drop_in(act, _PLAN)
            clause.withheld(act, word)
        elif role == _DEMAND or (negation == _NO_LONGER and role == _FORBID):
            clause.add("terms.relax", act, word)
            clause.freed(act)
        elif role & (_PERMIT | _ISSUE) or (negation == _NO_LONGER and role & (_RESUME | _EASE)):
            clause.withheld(act, word)
        else:
            clause.drop_in(act, _ENDERS if role & _ENDERS else _ACTS)  # a ban that is not lifted stands


def _trades(clause: _Clause, word: Match) -> bool:
    """Whether it is the trade itself that ends: "keine Exporte mehr", "no more sales"."""
    inside = any(_holds(word, m) for m in clause.of(_TRADE))
    return inside or clause.after(word, clause.near(word), _TRADE) is not None


def _denied(clause: _Clause, word: Match) -> Match | None:
    """What a negation denies: what it is in or touches, the permission before it (darf ... nicht), what ends by it."""
    acts = clause.of(_ACTS)
    over = next((act for act in acts if act.start < word.end and word.start < act.end), None)
    said = over is not None and (over.concept in _FORBIDS or (over.start == word.start and over.end > word.end))
    if over and not said:
        return over
    if not over and (touched := clause.after(word, clause.near(word), _ACTS)):
        return touched
    may = clause.before(word, clause.within(word), _MAY)
    if may and (any(m[:2] == may[:2] for m in clause.of(_PERMIT)) or clause.after(word, TOUCHING, _TRADE)):
        return may
    if said or word.concept != "terms.no_longer" or clause.after(word, TOUCHING, _TRADE):
        return None
    reach = clause.within(word)
    before = clause.before(word, reach, _ACTS) if clause.text[word.start] < CJK_FROM else None
    act = before or clause.after(word, reach, _ACTS)
    return None if act is None or _is_cause(clause, act) else act


_FORBIDS = frozenset(("terms.ban", "terms.restrict"))


def _end(clause: _Clause) -> None:
    """Who lifts a ban or a demand eases; who takes back or loses a permission or an exemption does not."""
    for word in clause.of(_ENDERS | _LOSE):
        if word in clause.made:
            continue
        role = _ROLES[word.concept]
        found = _ended(clause, word, role)
        if found is None:
            continue
        if _ROLES[found.concept] & _HARD:
            if role != _EASE:
                clause.add("terms.relax", word, found)
            clause.freed(found)
        else:
            clause.drop_in(found, _EASE | _GRANTS)
            clause.add("terms.licence", found)
            clause.add("terms.rescind", word)


def _ended(clause: _Clause, word: Match, role: int) -> Match | None:
    """What a word ends: the nearest behind it, else before it.

    Nothing where that is only the cause ("drops H20 over ban", 因禁令取消), where trade ends (cancels orders), where it
    acts itself (a ban that ends a business), or where another act joins it (bans this and eases that).
    """
    papers = _GRANTS | _LICENCE | _EXEMPTION
    if role == _LOSE:
        return clause.after(word, 2 * clause.near(word), papers)
    objects = _HARD if role == _EASE else _HARD | papers
    if inside := [m for m in clause.of(_HARD) if _holds(word, m)]:
        return inside[0]  # "hebt das Verbot auf"
    text, grammar = clause.text, clause.grammar
    if found := clause.after(word, clause.within(word), objects):
        return None if grammar.cause.search(text, word.end, found.start) else found
    if clause.after(word, 1, _TRADE) or _LOOKS_AHEAD.match(text, word.end - 1):
        return None
    found = clause.before(word, clause.within(word), objects)
    if found is None or grammar.joint.search(text, found.end, word.start) or _is_cause(clause, found):
        return None
    return found


_LOOKS_AHEAD = re.compile(r"\w*(?<=[a-z])s\b")
"""The end of an English verb in the present: it acts on what follows."""


def _is_cause(clause: _Clause, word: Match) -> bool:
    """Whether a word is told only as the cause or circumstance of something: "over the ban", 因禁令."""
    start = max(0, word.start - (NEAR if clause.text[word.start] < CJK_FROM else NEAR_SIGNS))
    return clause.grammar.cause.search(clause.text, start, word.start) is not None


def _refuse(clause: _Clause) -> None:
    """Who refuses a licence forbids, and who halts approvals approves of nothing."""
    papers = _LICENCE | _GRANTS
    for word in clause.of(_REFUSE):
        near = clause.near(word)
        paper = clause.after(word, near, papers) or clause.before(word, near, papers)
        if paper:
            clause.drop_in(paper, _GRANTS)
            clause.withheld(word)
            clause.drop_in(word, _REPLY)
    for word in clause.of(_FORBID):
        paper = clause.after(word, NEAR if clause.text[word.start] < CJK_FROM else 0, _PERMIT | _ISSUE)
        if paper and word not in clause.made:
            clause.become("terms.licence", paper)
            clause.drop_in(paper, _GRANTS)


def _resume(clause: _Clause) -> None:
    """What is banned again is not resumed."""
    for word in clause.of(_RESUME):
        found = clause.after(word, clause.within(word), _HARD | _TRADE | _PERMIT)
        if found and (_ROLES[found.concept] & _HARD or clause.after(found, 1, _HARD)):  # an export ban is a ban
            clause.drop([word])


def _settle(clause: _Clause) -> None:
    """Where a permission is denied or taken back, what may mean "to license" or "licence" (许可) is the licence."""
    if any(m.concept in ("terms.ban", "terms.rescind", "terms.licence") for m in clause.made):
        papers = {m[:2] for m in clause.of(_LICENCE)}
        clause.drop([m for m in clause.of(_PERMIT) if m[:2] in papers])


_Rule = Callable[[_Clause], None]
_RULES: tuple[tuple[_Rule, tuple[tuple[int, int], ...]], ...] = (
    (_read_phrases, ((_NOTHING, ~_NOTHING), *_PARTS.items(), *((each, _NEGATIONS - each) for each in _EACH_NEGATION))),
    (_demand, ((_NEED | _NEEDED, _LICENCE | _PERMIT),)),
    (_give, ((_NEGATIONS | _REFUSE, _GIVE),)),
    (_deny, ((_NEGATIONS, _ACTS | _MAY | _NEED | _NEEDED | _GIVE | _TRADE),)),
    (_end, ((_ENDERS | _LOSE, _HARD | _GRANTS | _LICENCE | _EXEMPTION | _NEED | _NEEDED),)),
    (_refuse, ((_REFUSE, _LICENCE | _GRANTS | _GIVE), (_FORBID, _PERMIT | _ISSUE))),
    (_resume, ((_RESUME, _HARD),)),
)
"""The rules in their order, each with what a clause must have for it: a word of the one and a word of the other."""


@cache
def _rules_for(roles: int) -> tuple[_Rule, ...]:
    """The rules that may change something in a clause with these roles."""
    found = tuple(rule for rule, pairs in _RULES if any(roles & one and roles & other for one, other in pairs))
    return (*found, _settle) if found else ()
