"""The words in which texts write HER2 results, each as an atom; what they add up to is `her2_definitions`'s."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.variables import IshLimits
from her2nav.language.pieces import guarded

SCORES = ("0", "1+", "2+", "3+")

_WORD_AHEAD = r"(?![ -]*(?:pos|neg|low\b|over|amp|non|ultra|express|zero|null|equiv|\d|mut|alter|aberr|target|direct|tyros|kinase|therap|inhib|dc))"
"""After a minus that could be a dash: what would make it one."""

_FRAME = (
    r"status|tumou?rs?|tumou?r'?s|disease|testing|tested|tests?|assays?|results?|guidelines?|recommendations?|criteria|score[ds]?|scoring|staining|stain(?:ed)?|"
    r"intensity|expressions?|levels?|protein|genes?|the|an?|is|are|be|being|was|were|must|should|have|has|had|of|by|on|per|as|in|to|at(?! (?:least|most))|using|via|from|than|"
    r"according|based|upon|defined(?! as| by)|definition|determined|assessed|confirmed|evaluated|measured|demonstrated|documented|considered|either|any|most|recent|"
    r"current|latest|available|tissue|sample|specimen|biopsy|archival|fresh|primary|metastatic|metastasis|lesion|locally(?![ -]advanced)|local|central|centrally|laboratory|lab|"
    r"institutional|approved|validated|fda|standard|prevailing|cells?|invasive|histologically|pathologically|cytologically|immunohistochemically|"
    r"known|prior|previous|previously|history|following|that(?! is)|which(?! (?:is|are)\b)|result|dual|single|probe|category|categories|both|"
    r"will|requiring|required|requires?|method|analysis|technology|platform|evidence|"
    r"uniform|intense|strong|weak|weakly|moderate|moderately|complete|incomplete|membran\w+|circumferential|faint|up|"
    r"then|neu|"
    r"asco|cap|college|american|pathologists|society|clinical|oncology|staining|immunostaining|hercept|reflex|"
    r"with(?= (?:an? )?(?:positive|negative|reflex|score|[\ue000-\uf8ff]|[0-3] ?\+))"
)

TAIL = (
    r"status|tumou?rs?(?= (?:tissue|sample|biopsy))|testing|tests?|tested|assays?|laborator(?:y|ies)|lab|confirmed|confirmation|determined|determination|assessed|assessment|documented|evaluated|"
    r"evaluation|defined(?! as:)|guidelines?|recommendations?|criteria|results?|standards?|standard|institutional|institution|approved|validated|fda|most|recent|latest|current|available|"
    r"tissue|samples?|biopsy|biopsies|archival|fresh|expression|protein|(?:and/or|or|and)(?= (?:central|local|by|per|fresh|archiv|biops|(?:the |any )?(?:metasta|primary)|in situ|[\ue000-\uf8ff]|an? (?:equivalent|equally)))|panel|equivalent|equally|central|centrally|local|locally(?![ -]advanced)|at|in|on|by|as|per|using|via|the|an?|is|was|of|from|to|"
    r"according|based|upon|primary|metastas[ie]s\b|metastatic(?= (?:site|tissue|tumou?r|lesion|sample|biopsy))|site|investigational|clia|accredited|certified|designated|reference|prospective(?:ly)?|retrospective(?:ly)?|determined|verified|review(?:ed)?|pathologist|clinical(?= assay)|standard|sponsor[- ](?:identified|designated)|genes?(?= (?:amplif|by|in|on|as|per|test|$))|asco|cap|college|american|pathologists|society|clinical(?= oncology)|oncology|"
    r"method|methodology|\d{4}|latest|updated|international|national|immunohistochemical|either(?= the)|any(?= (?:metasta|site|tumou?r|local))|invasive(?= (?:component|part|portion|tumou?r|cells?|cancer cells?))|component|portion|part(?= of the (?:primary|tumou?r))|cells?|tumou?rs?(?=$|[ ]*(?:[.,;)]|and\b|or\b))|measured|version|hospital|practice|staining|immunostaining|analysis|analyses|recommended|performed|pathology|report"
)
"""How and where the status was found, behind it."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a definition.

    Attributes:
        kind: status, word (bare positive or negative), ihc, ish, amp, method, any, untested, confirmed (by in situ
            hybridisation, of the score before it).
        value: Scores, or one word.
        start: First character in the sentence.
        end: One past the last.
    """

    kind: str
    value: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """Expressions over the marks of one dictionary."""

    token: re.Pattern[str]
    tail: re.Pattern[str]
    her2: str
    """Marks that mean HER2."""
    ish: IshLimits


OPENERS = frozenset(
    {
        "her2any",
        "her2pos",
        "her2neg",
        "her2",
        "ihc",
        "ishres",
        "ishlost",
        "signish",
        "ish",
        "before",
        "score",
        "range",
        "ratio",
        "copies",
        "amp",
        "nonamp",
    }
)


@lru_cache(maxsize=2)
def grammar(knowledge: Knowledge) -> Grammar:
    """Return the expressions for the vocabularies of a version of the knowledge."""
    words = dictionary(knowledge)
    h, i, s, n, g = (f"[{words.marks(name)}]++" for name in ("her2", "ihc", "ish", "ngs", "guideline"))
    one = rf"{s}(?: ?\({s}\))?"
    some = rf"{one}(?:(?: ?/ ?|,? or |,? and/or |, ){one})*+"
    own = rf"(?=(?:the )?{h}(?![ -]*(?:\+|-(?=[\s,;./)])|neg|pos|low\b|over|amp|non|ultra|target|direct|mut|inhib|ther|antib)))"
    denied = r"(?:do(?:es)? not |did not |not |no |non-?|without |lack(?:s|ing)? (?:of )?|absence of )"
    token = re.compile(
        "|".join(
            guarded(alternative)
            for alternative in (
                rf"(?P<her2any>{h}[ -]*(?:\+ ?/ ?-|- ?/ ?\+|±)|(?:any|regardless of|irrespective of|independent of) (?:the )?{h}(?: (?:expression|receptor))?(?: status| expression| level)|{h} (?:status )?(?:is |of )?(?:any|regardless|unselected)\b(?: status)?|\b(?:both|either) {h}[ -]*pos\w*(?: (?:disease|tumou?rs?|patients|cancers?))? (?:and|or|and/or) (?:{h}[ -]*)?neg\w*)",
                rf"(?P<her2pos>{h}(?:-? ?\+(?: ?ve\b)?(?![/\w+])|[ -]*pos\b| ?\(\+\)|-?\+ve\b))",
                rf"(?P<her2neg>{h}(?:-(?:ve\b|(?=[\s,.;()/\]]|$)(?! ?/ ?\+)(?! (?:or|and) \S+-)(?! ?\([^()]{{1,20}}-\) ?(?:over|posit|amplif))(?!\) ?(?:over-?expr|posit|amplif)){_WORD_AHEAD})| -(?=\s*[,.;)/]|\s*$)|[ -]*neg\b| ?\(-\)))",
                rf"(?P<before>(?P<denied>{denied})?\b(?P<bword>over-? ?express\w*|amplif\w*|positiv\w*|negativ\w*|equivocal|express(?:ion|ing|es|ed)?)(?: of| for| in)?(?: the)? {own})",
                rf"(?P<her2>{h}(?: ?/[\ue000-\uf8ff]{{3}}(?![\ue000-\uf8ff]))?)",
                r"(?P<range>(?:≥|>|at least)? ?(?P<low>(?:\b|(?<=ihc))[0-3])\+? ?(?:-|to|through) ?(?P<high>[1-3]) ?\+)",
                r"(?P<score>(?P<op>≥|≤|>|<|at least|less (?:than )?or equal to|less than|greater than)? ?(?:(?P<n>(?:(?<![a-zα-ω\d.])|(?<=ihc)|(?<=score)|(?<=neu)|(?<=her)|(?<=is)|(?<=to)|(?<=or)|(?<=and))(?<!\b[nt])(?<!\b[cpy][nt])[0-3]) ?\+(?!\d)|(?P<pluses>\+{2,3}|(?<=\s)\+(?=\s|/)))(?P<after> or (?:greater|higher|more|less|lower)| and (?:above|over|below))?)",
                r"(?P<bare>(?<![\w.+≥≤<>])(?P<bare_low>[0-3])\+? ?(?:-|to|/) ?(?P<bare_high>[1-3])(?![\d.+]|\w|[ -]*(?:%|prior|previous|lines?|regimens?|weeks?|months?|years?|/)))",
                r"(?P<plain>(?<![\w.+≥≤<>])(?<![≥≤<>] )(?P<plain_n>[1-3])(?=\s*(?:[),;/\]]|$|\.(?!\d)|\b(?:or|and|by)\b)))",
                r"(?P<zero>(?:(?<=[^\w.≥≤<>])|(?<=ihc))(?<![≥≤<>] )0(?![\d.%]))",
                rf"(?P<ihc>{i}|\bihc-?(?=[0-3]))",
                rf"(?P<ishconf>(?:(?<=[23]\+)|(?<=[23] \+))(?<!≥2\+)(?<!≥ 2\+)(?<!>2\+)(?<!> 2\+)(?<!least 2\+)(?: (?:by|on|with|in) {i}| staining| score)?[ ,)(;]*(?:(?:and|which|that|must|should|has to|have to|needs to|is|be|also|as|then|subsequently|further|additionally) )*(?:(?:(?:centrally|locally) )?confirmed (?:to be )?(?:as )?(?:her2 )?(?:positive |amplified )?(?:by|with|on|via|using|through|in) (?:(?:an?|the|reflex|local|central) )*{some}|(?:with|and|plus|requires?|requiring|by) (?:(?:an?|positive|further|reflex|subsequent) )*{some}[ -]?confirmation|(?:with|and|requires?|requiring|by) (?:(?:an?|positive|further) )*confirmat(?:ion (?:by|with|on|via|of|using|in) (?:(?:an?|the) )?|ory ){some}|{some}[ -]confirmed)(?: (?:analysis|testing|test|assay))?(?: (?:as )?(?:positive|amplified|amplification|positivity)\b)?(?P<two> (?:for|if|in case of|in) (?:ihc )?(?:score )?(?:of )?2 ?\+)?(?![ :(,]*(?:to be |as |is |results? )*(?:neg|non|not|un-?ampl)|-(?![a-z])))",
                rf"(?P<ishres>{some}[ -]*(?:(?:is |result |results |gene |test |testing |assay |must be |ratio )*)(?P<ishsign>\+(?:ve\b)?|-(?![a-z0-9\ue000-\uf8ff])|\([+-]\)|pos(?:itiv\w*)?\b|neg(?:ativ\w*)?\b|non-? ?amplif\w+|not amplif\w+|unamplified|amplif\w+))",
                rf"(?P<ishlost>{s} ?(?:ratio )?[(\[] ?(?:ratio )?(?:of )?2(?:\.[02])? ?[)\]])",
                rf"(?P<signish>\b(?P<signword>positive|negative|amplified|non-?amplified) {s})",
                rf"(?P<ish>{s})",
                rf"(?P<ngs>{n})",
                rf"(?P<guide>{g})",
                r"(?P<ultralow>\bultra[ -]?low\b)",
                r"(?P<low_word>\blow(?:[ -](?:express\w+|positiv\w+))?\b)",
                r"(?P<null>\bnull\b|\bzero\b)",
                rf"(?P<nonamp>\b(?:non-? ?amplified|not (?:be )?(?:gene )?amplified|un-?amplified|(?:no|non|not|without|lack of|absence of)-? ?(?:evidence of |evidence for )?(?:{h} ?)?(?:gene )?amplif\w+))",
                r"(?P<amp>\bamplif\w+\b(?! (?:of|in) (?:the )?(?:centromer|chromosome|cep)))",
                r"(?P<nonover>\b(?:non-? ?over-? ?express\w*|not over-? ?express\w*|non-? ?express\w*|not express\w*|normal\b))",
                r"(?P<over>\bover-? ?express\w*\b)",
                r"(?P<expressing>\bexpress(?:ing|es|ed|or)\b)",
                rf"(?P<pos>\bpositiv\w*\b(?! for (?!the |either |both )(?!{h})[\ue000-\uf8ff]| (?:for|in) (?:the )?(?:er|pr|pgr|o?estrogen|progesterone|hormone)\b))",
                rf"(?P<neg>\bnegativ\w*\b(?! for (?!the |either |both )(?!{h})[\ue000-\uf8ff]| (?:for|in) (?:the )?(?:er|pr|pgr|o?estrogen|progesterone|hormone)\b))",
                r"(?P<equivocal>\bequivocal\b|\bborderline\b|\bindeterminate\b)",
                r"(?P<untested>\b(?:un-?tested|not (?:been )?(?:tested|performed|done|available)|unknown)\b)",
                r"(?P<ratio>(?P<ratio_named>\bratio\b[^.;,()]{0,40}?)?(?P<ratio_op>≥|>|<|≤|at least|greater than or equal to|less than|greater than|equal to or greater than)[ ]*(?P<ratio_n>(?(ratio_named)[12](?:\.\d+)?|[12]\.\d+)(?![\d+%]))(?! ?\+)(?! ?(?:cm|mm|mg|ml|g\b|gm|kg|x\b|\*|times|uln|years?|weeks?|months?|days?|m2)))",
                rf"(?P<copies>(?:\baverage )?(?:{h} )?(?:gene )?\bcop(?:y|ies)(?: numbers?| per (?:cell|nucleus))?[^.;,()≥><≤]{{0,20}}(?P<copies_op>≥|>|<|≤|at least|less than|greater than)[ ]*(?P<copies_n>[456](?:\.\d+)?)(?: signals?)?(?:(?: ?/ ?| per )(?:cell|nucleus))?|(?P<copies_op2>≥|>|<|≤|at least|less than|more than)[ ]*(?P<copies_n2>[456](?:\.\d+)?) (?:{h} )?(?:gene )?(?:copies|signals)(?:(?: ?/ ?| per )(?:cell|nucleus))?)",
                r"(?P<ratioword>\bratio\b|\bcep ?-?17\b|/ ?chromosome 17|\bchromosome 17\b|\bcop(?:y|ies)\b|\bnumbers?\b|\bsignals?\b)",
                r"(?P<given>\b(?:if|when|where|in (?:the )?case of)(?= (?:the )?(?:[\ue000-\uf8ff]|equivocal|2 ?\+|score|expression)))",
                r"(?P<which>\b(?:which|who) (?:is|are)\b)",
                r"(?P<pct>[><≥≤]? ?\d+ ?(?:%|percent)(?= of\b| ?(?:invasive|tumou?r|cells|\)))|\d{4}\b)",
                r"(?P<or>\band ?/ ?or\b|\bor\b|\bor(?=[0-3] ?\+)|\bnor\b|,(?! ?the latter\b)|;)",
                r"(?P<and>(?:, ?)?\bthe latter (?:(?:in combination|combined|together) )?with\b|\b(?:in combination|combined|together) with\b|\band\b|/|\+|&|\bwith\b|\bplus\b)",
                r"(?P<opens>[(\[:]|\bdefined (?:as|by)\b|\bi\.e\.?|\be\.g\.?|\bthat is\b|\bmeaning\b)",
                r"(?P<closes>[)\]])",
                rf"(?P<frame>(?:\b(?!in combination with\b)(?:{_FRAME})\b|[ .'\"=-])+)",
            )
        )
    )  # fmt: skip
    elsewhere = f"[{words.marks('spread')}]++"
    tail = re.compile(
        rf"(?:[ ,]|\bprimary(?: (?:tumou?rs?|lesions?|site))? ?(?:and/or|or) (?:the |an? )?{elsewhere}|\bfor (?:{h} ?)?(?:gene )?amplification\b|\bfor {h}|(?:\b(?:{TAIL})\b)|{g}|{i}|{s}|{n}|/|-(?= ))+"
    )
    return Grammar(token, tail, words.marks("her2"), knowledge.numeric_rules.usual_ish)


_STATUS = {
    "her2pos": ("status", "positive"),
    "over": ("status", "positive"),
    "pos": ("word", "positive"),
    "her2neg": ("status", "negative"),
    "nonover": ("status", "negative"),
    "neg": ("word", "negative"),
    "ultralow": ("status", "ultralow"),
    "low_word": ("status", "low"),
    "null": ("status", "zero"),
    "expressing": ("status", "expressing"),
    "equivocal": ("status", "equivocal"),
    "zero": ("ihc", "0"),
    "ihc": ("method", "ihc"),
    "ish": ("method", "ish"),
    "ngs": ("method", "ngs"),
    "amp": ("amp", "positive"),
    "nonamp": ("amp", "negative"),
    "untested": ("untested", ""),
    "her2any": ("any", ""),
}
_BELOW = frozenset("<≤l")
_AT_LEAST = frozenset({"≥", "at least", " or greater", " or higher", " or more", " and above", " and over"})
_AT_MOST = frozenset({"≤", " or less", " or lower", " and below", "less or equal to", "less than or equal to"})


def atom(name: str, found: re.Match[str], ish: IshLimits) -> Atom | None:
    """Return what a token means; None for words that only frame."""
    start, end = found.span()
    if name in _STATUS:
        kind, value = _STATUS[name]
        return Atom(kind, (value,), start, end)
    match name:
        case "score":
            return Atom("ihc", _scores(found), start, end)
        case "range":
            return Atom("ihc", SCORES[int(found["low"]) : int(found["high"]) + 1], start, end)
        case "bare":
            return Atom("ihc", SCORES[int(found["bare_low"]) : int(found["bare_high"]) + 1], start, end)
        case "plain":
            return Atom("ihc", (SCORES[int(found["plain_n"])],), start, end)
        case "ishres":
            negative = found["ishsign"].strip("(")[0] in "-nu"
            return Atom("ish", ("negative" if negative else "positive",), start, end)
        case "ishconf":
            return Atom("confirmed", ("2+",) if found["two"] else (), start, end)
        case "ishlost":
            # The record lost the sign of "FISH (≥ 2.0)".
            return Atom("ish", ("positive",), start, end)
        case "signish":
            return Atom("ish", ("negative" if found["signword"].startswith("n") else "positive",), start, end)
        case "ratio":
            kept = None if Decimal(found["ratio_n"]) == ish.ratio else "ratio"
            return _cut(kept, found["ratio_op"], found["ratio_n"], start, end, ish.step)
        case "copies":
            operator, number = found["copies_op"] or found["copies_op2"], found["copies_n"] or found["copies_n2"]
            kept = None if operator[0] in _BELOW and Decimal(number) == ish.few_copies else "copies"
            return _cut(kept, operator, number, start, end, ish.step)
        case "before":
            return _before(found, start, end)
    return None


def _cut(kept: str | None, operator: str, number: str, start: int, end: int, step: Decimal) -> Atom:
    """Return the ISH result of a limit, with the number where one is kept: that of a limit that is not the usual one."""
    below = operator[0] in _BELOW
    exact = "at least" in operator or "equal" in operator or operator in ("≥", "<") or operator == "less than"
    limit = () if kept is None else (kept, number if exact else f"{float(Decimal(number) + step):g}")
    return Atom("ish", ("negative" if below else "positive", *limit), start, end)


def _before(found: re.Match[str], start: int, end: int) -> Atom:
    word, denied = found["bword"], found["denied"] is not None
    if word.startswith("amplif"):
        return Atom("amp", ("negative" if denied else "positive",), start, end)
    if word.startswith("equivocal"):
        return Atom("status", ("equivocal",), start, end)
    if word.startswith("express"):
        return Atom("status", ("zero" if denied else "expressing",), start, end)
    negative = word.startswith("negativ") != denied
    return Atom("status", ("negative" if negative else "positive",), start, end)


def _scores(found: re.Match[str]) -> tuple[str, ...]:
    score = int(found["n"]) if found["n"] else len(found["pluses"])
    sign, after = found["op"] or "", found["after"] or ""
    if sign in _AT_LEAST or after in _AT_LEAST:
        return SCORES[score:]
    if sign in (">", "greater than"):
        return SCORES[score + 1 :]
    if sign in _AT_MOST or after in _AT_MOST:
        return SCORES[: score + 1]
    if sign in ("<", "less than"):
        return SCORES[:score]
    return SCORES[score : score + 1]
