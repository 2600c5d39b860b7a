"""The places that a text names as where goods go or must not go: "exports to X and Y", "nach X", 对X出口.

Only grammar is read here, clause by clause: a preposition of direction counts where the nearest word before it that can
take one is about goods and their trade (sales, shipments, a chip), not about a journey, a letter or a factory.
"""

from __future__ import annotations

import re

from bot.knowledge.folding import CJK_FROM
from bot.knowledge.vocabulary import Match
from bot.pipeline.assess.evidence import Evidence, sentence_ends, terms

REACH = 100
"""How far before a preposition, in characters, the word that takes it may stand."""
GAP = 40
"""The most characters between two places of one list."""

_GOODS = terms("ai_chip", "semi", "server")
_ARTICLES = frozenset(["the", "both", "die", "den", "das", "dem", "der", "la", "le", "les", "el"])
_FORMS = frozenset(["republic", "kingdom", "sultanate", "state", "states", "republik", "königreich", "sultanat"])
"""Forms of state between a preposition and a name, with an "of" behind them."""
_OF_STATE = tuple(f"{form} " for form in sorted(_FORMS))
_ARTICLE = rf"(?:(?:{'|'.join(sorted(_ARTICLES))}) )?"
_TOWARDS = frozenset(["to", "into", "toward", "towards", "nach", "an", "richtung", "vers", "hacia"])
_GERMAN = frozenset(["nach", "an", "in", "auf", "richtung"])
_THROUGH = frozenset(["via", "through", "über", "durch"])
_TAKES = re.compile(
    r"\b(?:(?P<goods>(?:re-?)?export\w*|\w+-exporte?\w*|ship(?:s|ped|ping|ments?)?|sell(?:s|ing)?|sold|sales?|resale|"
    r"resell\w*|suppl(?:y|ies|ied|ying)|deliver\w*|sen[dt](?:s|ing)?|transfer\w*|divert\w*|diver(?:sion|sions)|"
    r"smuggl\w*|trans-?ship\w*|re-?rout\w*|funnel\w*|flow(?:s|ed|ing)?|offer(?:s|ed|ing)?|provid\w*|lieferung\w*|"
    r"liefer\w*|beliefer\w*|belieferung|geliefert|ausfuhr\w*|ausf[üu]hr\w*|verk[äa]uf\w*|verschiff\w*|schmuggel\w*|"
    r"geschmuggelt|chips?|gpus?|(?:[\w-]*)-chips?|halbleiter\w*|processors?|accelerators?|semiconductors?|servers?)|"
    r"(?P<else>visit\w*|trips?|travel\w*|fl(?:y|ies|ew|ights?)|according|respon\w*|react\w*|answer\w*|letters?|wr[io]t\w*|"
    r"t[eo]l(?:d|ls?)|sa(?:y|ys|id)|warn\w*|messages?|appeal\w*|mov(?:e|es|ed|ing)|relocat\w*|produ\w*|plants?|fabs?|"
    r"factor(?:y|ies)|manufactur\w*|packaging|assembly|testing|capacity|output|design|offices?|headquarters|staff|workers|"
    r"invest\w*|ambassador\w*|envoy\w*|due|thanks|similar\w*|compar\w*|next|relat\w*|"
    r"ties?|tied|link\w*|loans?|pa(?:y|ys|id|yments?)|tariffs?|expan[ds]\w*|extradit\w*|deport\w*|return\w*|fled|flee\w*|"
    r"subject|expos\w*|oppos\w*|objec\w*|key|crucial|vital|critical|essential|important|belong\w*|"
    r"speech|threats?|rivals?|alternatives?|close|owed?|reis\w*|besuch\w*|flieg\w*|flog|werk\w*|fabrik\w*|fertigung\w*|"
    r"verlager\w*|verleg\w*|umzug|angaben?|brief\w*|blick))\b"
)
_FOLLOWS = re.compile(
    r"^[^.;:!?,]{0,60}?\b(?:(?:aus|ein)?(?:ge)?liefer\w*|(?:re-?)?export\w*|ausf[üu]hr\w*|ausgef[üu]hr\w*|"
    r"verk[äa]uf\w*|geschickt|verschick\w*|verschiff\w*|gebracht|geschmuggel\w*|schmuggel\w*|gelang\w*|gehen)"
)
_FOR = re.compile(
    r"\b(?:chips?|gpus?|processors?|accelerators?|semiconductors?|servers?|exports?|shipments?|sales|licens(?:es?|ing)|"
    r"permits?|[\w-]*-chips?|exporte?|lieferungen|\w*(?:lizenz|genehmigung)(?:en)?|\w*verbote?|\w*embargos?|"
    r"\w*(?:beschränkung|kontrolle|auflage|sperre|regel)n?(?:en)?|bans?|curbs?|controls?|restrictions?|limits?|caps?|"
    r"rules?|waivers?|exemptions?|embargo(?:es)?|requirements?|access|bound|destined|headed) $"
)
_ON = re.compile(
    r"\b(?:bans?|curbs?|controls?|restrictions?|limits?|caps?|embargo(?:es)?|blockade|"
    r"(?:chips?|exports?|tech|technology|semiconductor|gpu)(?: \w+)? (?:sanctions|crackdown|rules?|requirements?)) $"
)
_AGAINST = re.compile(
    r"\b\w*(?:bans?|curbs?|controls?|restrictions?|embargos?|verbote?|sperren?|beschränkungen|kontrollen)\b"
    r"[^.;:!?]{0,40} $"
)
_MARKET = re.compile(
    r"\b(?:sell|sells|selling|sold|sales?|resale|verkauf|verkäufe|verkaufen|customers?|buyers?|clients?|kunden|käufer)"
    r"(?: [^.;:!?]{0,40})? $"
)
_AT = re.compile(
    r"\b(?:to|for|by|an|für) (?:[\w'-]+ ){0,4}?(?:customers?|buyers?|clients?|users?|firms|companies|"
    r"entities|subsidiar(?:y|ies)|distributors?|data cent(?:er|re)s?|universit(?:y|ies)|"
    r"kunden|firmen|rechenzentren|unternehmen) $"
)
_BEFORE = {
    **dict.fromkeys(("for", "für", "by"), (_FOR,)),
    "on": (_ON,),
    **dict.fromkeys(("against", "gegen", "gegenüber"), (_AGAINST,)),
    "in": (_MARKET, _AT),
}
"""What must stand right before each of these prepositions."""
_GIVEN = re.compile(
    r"\b(?:sell(?:s|ing)?|sold|den(?:y|ies|ied|ying)|grant(?:s|ed|ing)?|giv(?:e|es|en|ing)|gave|offer(?:s|ed)?|"
    r"refus(?:e|es|ed)|suppl(?:y|ies|ied)|ship(?:s|ped)?|send(?:s|ing)?|sent|"
    r"verbiet\w*|erlaub\w*|untersag\w*|gestatt\w*|lassen|lässt|verweiger\w*|gewähr\w*|genehmig\w*) (?:the |der |den )?$"
)
_SPARED = re.compile(
    r"\b(?:bans?|banned|banning|bars?|barred|barring|block(?:s|ed|ing)?|stop(?:s|ped|ping)?|prevent(?:s|ed|ing)?|"
    r"prohibit(?:s|ed|ing)?|keep(?:s|ing)?|kept|exempt(?:s|ed|ing)?|cut(?:s|ting)? off|exclud(?:e|es|ed|ing)|"
    r"restrict(?:s|ed|ing)?) (?:the )?$"
)
_NOT_BUYING = re.compile(
    r"\b(?<!firms )(?<!companies )(?<!buyers )(?<!customers )(?:in|of|from|by|with|at|von|aus|bei) (?:the )?$"
)
_BUYS = re.compile(
    r"^(?:'s?)?(?: [\w'.-]+){0,4}? (?:from|to|will|would|may|can|could) (?:buy|purchas|import|access|"
    r"(?:receiv|obtain|acquir|get\b|gett)(?!\w* (?:\w+ ){0,2}(?:permi|licens)))"
    r"|^ (?:gets?|receives?|imports?|buys?|obtains?|acquires?)\b"
    r"|^(?:'s?)?(?: \w+){0,2} access to\b"
    r"|^(?: (?:is|was|are|were|be|been))? (?:barred|banned|blocked|cut off|prohibited|excluded) from\b"
    r"|^ (?:wins?|won|gets?|secures?|receives?|gains?|obtains?|loses?) (?:[\w.-]+ ){0,3}"
    r"(?:licens|permi|access|approv|waiver|exempt|chips?\b)"
    r"|^-(?:bound|exporte?|lieferung|geschäft|ausfuhr|verk[äa]uf)"
    r"|^ (?:darf|dürfen|will|wollen|soll|kann|möchte) [^.;:!?,]{0,40}?\b(?:kaufen|beziehen|importieren|einführen)\b"
    r"|^(?:[ ]?(?:向け|への(?:輸出|販売|出荷|供給))|(?:으로의?|로의?|에 대한|향)? ?(?:수출|판매))"
    r"|^(?:将|拟|获准|获批|获许可|计划|被允许|已|可|或|欲|不得|被禁止?)?(?:从\w{1,6})?(?:购买|采购|进口|购入|买入|订购)"
)
_HANS_TO = re.compile(
    r"(?:(?:出口|输出|运送?|销售?|输|发货?|流|卖|售|供应|供货|转运|走私|偷运|交付|转售|转口|出货|提供|出售|转移|放行)"
    r"(?:到|至|往|向|给|入|予|去)|运抵|进入|出口)(?:了)?$"
)
_HANS_TOWARD = re.compile(r"(?:对|向|往|给|至|面向|針對|针对)$")
_HANS_TRADE = re.compile(
    r"^[^，。；：！？,;:!?]{0,30}?(?:(?P<goods>出口|销售|出售|售卖|供应|提供|供货|发货|交付|运|输出|输送|禁运|禁售|断供|"
    r"转运|走私|卖|禁令|限制|管制|封锁|解禁|放行)|(?P<else>调查|访问|投资|警告|表示|施压|加征|关税|呼吁|敦促|承诺|解释))"
)
_HANS_VIA = re.compile(r"(?:经由?|通过|取道|借道|绕道|经过|途经|利用)$")
_HANS_LETS = re.compile(r"(?:允许|准许|批准|禁止|阻止|不准|不许|让|同意|限制|防止|避免)$")
_HANS_BUYS = re.compile(r"^[^，。；：！？,;:!?]{0,12}?(?:购买|采购|进口|获得|买入|购入|取得|获取|订购|使用)")
_LISTED = re.compile(
    rf"^(?:(?:'s)?(?:[- ](?:based )?(?:firms|companies|buyers|customers))?)?"
    rf"(?:(?:,? (?:and|or|und|oder|sowie|et|y|e|&|as well as) |, )(?:(?:to|nach) |in (?=die |das ))?|/|[、和及与或以]+)"
    rf"{_ARTICLE}$"
)
_SPEAKS = re.compile(r"^ (?:says?|said|warns?|tells?|urges?|calls|sagt|warnt|fordert)\b|^(?:称|表示|警告|回应)")
_PLURALS = frozenset(("AE", "NL", "PH", "MV", "US", "BS", "SC", "KM"))
"""States whose German name is a plural: "in den" stands for rest."""
_ACCUSATIVE = frozenset(("die", "das", "den"))
"""With "in" and "auf" they stand for a way, with other cases for rest."""
_BEFORE_IT, _BUYER = "before", "buyer"
_AT_HOME = frozenset(("places.US", "places.CN", "places.HK", "places.MO"))
"""Places for which other rules hold: a text that names no others need not be looked at."""


def bound_for(evidence: Evidence) -> dict[str, Match]:
    """The code of each place that the text names as where goods go or must not go, transit included, with its match.

    Areas are among them (EU, `middle east`); the United States are not: what goes to them in these texts is money, and
    "subject to US rules" is no way of goods. A name that may stand for something else counts here, and only here. Empty
    where no place but China and the United States is named so.
    """
    places = _widest(evidence)
    found: dict[str, Match] = {}
    if all(match.concept in _AT_HOME for match in places):
        return found
    ways = _Ways(evidence, places)
    for number, match in enumerate(places):
        if match.concept not in _AT_HOME and (way := ways.of(number)):
            found.setdefault(match.concept.partition(".")[2], match)
            if way == _BUYER and number and _listed(evidence, places[number - 1], match):
                before = places[number - 1]  # lets X and Y buy
                found.setdefault(before.concept.partition(".")[2], before)
    if found:
        for number, match in enumerate(places):
            if match.concept in _AT_HOME and match.concept != "places.US" and ways.of(number):
                found.setdefault(match.concept.partition(".")[2], match)
    found.pop("US", None)
    return found


class _Ways:
    """How each place of a text is named, found out when it is asked: most are asked for nothing."""

    def __init__(self, evidence: Evidence, places: list[Match]) -> None:
        self._evidence, self._places = evidence, places
        self._known: dict[int, str] = {}

    def of(self, number: int) -> str:
        """How a place is named as one where goods go; empty if it is not. In a list the place before it decides."""
        first = number
        while first not in self._known and first and _listed(self._evidence, *self._places[first - 1 : first + 1]):
            first -= 1
        way = self._known.get(first) or ""
        for each in range(first, number + 1):
            if each not in self._known:
                self._known[each] = way or _named(self._evidence, self._places[each])
            way = self._known[each]
        return way


def _widest(evidence: Evidence) -> list[Match]:
    """The places in the order of the text, none over another: of several stems the longest."""
    more = (*evidence.named("doubted"), *evidence.named("areas"))
    matches = sorted((*evidence.named("places"), *more)) if more else evidence.named("places")
    kept: list[Match] = []
    for match in {match.start: match for match in matches}.values():
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept


def _word_end(text: str, match: Match) -> int:
    """Where the word ends whose stem was found: Thai|land, Malaysia|n."""
    end = match.end
    while end < len(text) and text[end] < CJK_FROM and text[end].isalpha() and text[end - 1] < CJK_FROM:
        end += 1
    return end


def _listed(evidence: Evidence, before: Match, match: Match) -> bool:
    """Whether a place stands in one list with the one before it."""
    text = evidence.folded.text
    if not 0 < match.start - before.end <= GAP or before.end <= evidence.border <= match.start:
        return False
    end = _word_end(text, match)
    if _SPEAKS.match(text[end : end + 12]):
        return False
    return _LISTED.match(text[_word_end(text, before) : match.start]) is not None


def _named(evidence: Evidence, match: Match) -> str:
    """How a place is named as one where goods go, apart from lists: by what stands before it, or as a buyer."""
    text = evidence.folded.text
    first, last = (0, evidence.border) if evidence.in_title(match) else (evidence.border + 1, len(text))
    first = max(first, match.start - REACH)
    before = text[first : match.start]
    end = _word_end(text, match)
    after = text[end : min(last, end + REACH)]
    if before[-1:] >= CJK_FROM:
        if _in_signs(before, after):
            return _BEFORE_IT
    elif _in_words(evidence, match, before, after, end > match.end or after[:1] == "-"):
        return _BEFORE_IT
    return _BUYER if after and _BUYS.match(after) and not _NOT_BUYING.search(before[-16:]) else ""


def _in_words(evidence: Evidence, match: Match, before: str, after: str, goes_on: bool) -> bool:
    """English and German, where prepositions and word order tell. `goes_on`: the name is only the head of a word."""
    word, article, place = _preposition(before)
    if word in _TOWARDS or (word in ("in", "auf") and article in _ACCUSATIVE and not _rests(match, article)):
        if word in _GERMAN and goes_on:
            return False  # nach Malaysias Angaben, nach China-Reise
        taken = _taken(evidence, match.start - len(before), before, place)
        return taken or (taken is None and word in _GERMAN and _FOLLOWS.match(after) is not None)
    if word in _THROUGH:
        return _taken(evidence, match.start - len(before), before, place) is True
    if word in _BEFORE:
        at = match.start - len(before) + place
        of_chip = word != "in" and any(at - chip.end in (1, 2) for chip in evidence.named("chips"))
        return of_chip or any(pattern.search(before, 0, place) for pattern in _BEFORE[word])
    if after[:1] != " ":
        return False
    near = before[-20:]
    return _GIVEN.search(near) is not None or (" from " in after[:12] and _SPARED.search(near) is not None)


def _preposition(before: str) -> tuple[str, str, int]:
    """The last word before a name but for articles and forms of state, the article, and where the word begins."""
    article = ""
    end = len(before)
    while end > 1 and before[end - 1] == " ":
        start = before.rfind(" ", 0, end - 1) + 1
        word = before[start : end - 1]
        if word in _ARTICLES:
            article = word
        elif word not in _FORMS and not (word == "of" and before[:start].endswith(_OF_STATE)):
            return word, article, start
        end = start
    return "", article, end


def _rests(match: Match, article: str) -> bool:
    """Whether "in den" stands for rest: before names that are plurals (in den Niederlanden)."""
    return article == "den" and match.concept.partition(".")[2] in _PLURALS


def _taken(evidence: Evidence, begins: int, before: str, place: int) -> bool | None:
    """Whether the last word before a preposition at `place` that can take one is about goods; None where there is none.

    `before` begins at the character `begins` of the text.
    """
    nearest, about = -1, None
    for end in sentence_ends(before, 0, place):
        nearest = end - 1
    for found in _TAKES.finditer(before, nearest + 1, place):
        nearest, about = found.start(), found["goods"] is not None
    ends = begins + place
    for goods in (*evidence.named("chips"), *(m for m in evidence.named("terms") if m.concept in _GOODS)):
        if begins + nearest < goods.start and goods.end <= ends:
            nearest, about = goods.start - begins, True
    return about


def _in_signs(before: str, after: str) -> bool:
    """Chinese, where the verb follows or precedes: 对X出口, 出口到X, 允许X购买."""
    if _HANS_TO.search(before) or _HANS_VIA.search(before):
        return True
    if _HANS_TOWARD.search(before):
        found = _HANS_TRADE.match(after)
        return found is not None and found["goods"] is not None
    return _HANS_LETS.search(before) is not None and _HANS_BUYS.match(after) is not None
