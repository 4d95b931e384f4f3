"""Sentences about treatment cut into tokens: treatments, times, settings, outcomes and the small words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from her2nav.kinds.reading.base import Sentence, days_of
from her2nav.kinds.reading.treatment_names import (
    Treatment,
    enzyme_medicines,
    enzymes_in,
    heads_in,
    procedures,
    shared_head,
    spelled_out,
    treatment_of,
)
from her2nav.language.numbers import number
from her2nav.language.patterns import MACROS
from her2nav.language.pieces import guarded
from her2nav.language.sought import Sought

Setting = Literal["neoadjuvant", "adjuvant", "metastatic", "maintenance", "local"]


@dataclass(frozen=True, slots=True)
class Window:
    """A length of time before the study.

    Attributes:
        elapsed: True: so much must have passed; False: it lies within.
        days: Days, None where only half-lives are given.
        unclear: The text does not say whether the days or the half-lives count.
        strict: "more than" or "less than", the bound itself not meant.
    """

    elapsed: bool
    days: int | None = None
    strict: bool = False
    half_lives: Decimal | None = None
    whichever: Literal["shorter", "longer"] | None = None
    unclear: bool = False
    anchor: str = "first_dose"


class Token(NamedTuple):
    """A stretch of a sentence about treatment and what it is."""

    kind: str
    start: int
    end: int
    value: Any = None


_TIME = MACROS["time"]
_N = MACROS["num"]
_ANCHOR = (
    r"(?:[ ,]|\b(?:must have|should have|have|has|prior to|before|preceding|of|from|to|until|since|after|the|their|planned|expected|first|initial|study|trial|protocol|treatment|drugs?|"
    r"dos(?:e|es|ing|age)|administration|start(?:ing)?|initiat(?:ion|ing)|beginning|begin|enrol+ment|enrol+ing|enrolled|entry|entering|entrance|randomi[sz]ation|"
    r"randomi[sz]ed|being randomi[sz]ed|being registered|registered|being enrolled|registration|registering|screening|baseline|inclusion|intervention|therapy|medication|agents?|products?|"
    r"investigational|experimental|ip|imp|c1d1|cycle (?:1|one),?(?: ?\(?c1\)?)?|day (?:-?[01]|one)|on|informed consent(?: form)?|icf|signing|signature|signed|consent|"
    r"visit|assessment|date|time|point|into|in|this|or|and|infusion|leukapheresis|apheresis|lymphodepletion|lymphodepleting|ago|earlier|elapsed|passed|"
    r"participation|admission|regimen|phase|commencement|commencing|commence|combination|part [a-z0-9])\b|\(|\)|-|/)"
)
_SINCE = r"(?:prior to|before|preceding|of|from|since|until|after|ago|earlier|previously|apart|prior|have elapsed|has elapsed|must have elapsed)"


def _half(name: str) -> str:
    return (
        rf"(?:(?:within|at least|or|and|a minimum of|by|more than)\b ?|, |[≥>] ?)*(?P<{name}>{_N})(?: \(\d+\))? ?(?:x|times)? ?(?:(?:the|its|their|of|elimination|"
        r"drug|terminal|plasma|serum|known|biological|effective|pharmacological|respective|medication|agent)[ -]*)*(?:t ?1/2s?|half[- ]?li(?:fe|ves|ve))"
        r"(?: \(t1/2\))?(?:,? of (?:the|that|its|their|each|any|this|such)? ?(?:respective |investigational |prior |previous |study |last |given |particular )?"
        r"(?:drugs?|agents?|medications?|products?|compounds?|treatments?|therap(?:y|ies)|components?|adc|antibod(?:y|ies)))?"
    )


_WHICH = (
    r"(?: \((?:if |when )?(?:known|applicable)\))?[ ,(]*(?:use |based on )?(?:whichever|which ever|whatever)(?: of (?:the )?(?:these|two))?(?: period| time| duration| interval| one| timeframe)?"
    r"(?: is| was| comes| occurs| occurred| has occurred| came| be| will be)?(?: the)? "
    r"(?P<which>shorter|longer|shortest|longest|greater|later|less|lesser|smaller|first|earlier|earliest|sooner|latest|last|more recent)(?: period| one| time| duration| interval)?\)?"
)


def _window(opening: str) -> Sought:
    return Sought(
        rf"{opening}(?:(?P<time>{_TIME})(?: \([^)]{{1,14}}\))?|{_half('half')})(?: of (?:washout|wash-out))?(?: period)?(?: or (?:less|fewer|more|longer)\b)?"
        r"(?: (?:must |should |has |have |had )*(?:elapsed|passed)\b)?"
        rf"(?:{_ANCHOR}{{0,30}}?[ ,(]*(?:or|and|/) ?(?:(?:within|at least|less than)\b ?|[≥≤<>] ?)?(?:{_half('halfb')}|(?P<timeb>{_TIME}))\)?)?"
        rf"(?:{_ANCHOR}{{0,30}}?{_WHICH})?"
    )


_RECENT = (
    r"(?:\b(?:with ?in|in|during|over|less than|fewer than|for|up to|no (?:more|longer) than)\b|=<|<=|[<≤]) ?(?:or equal to )?(?:approximately |about )?"
    r"(?:the )?(?:last |past |previous |preceding |prior |first |≤ ?|< ?|a period of |period of |a )*"
)
_ELAPSED = (
    r"(?:\bwash-?out(?: period| time| interval)?(?: of(?: at least)?| is| at least|:)?|\b(?:at least|more than|greater than|longer than|(?:a )?minimum(?: of)?|over|after|not less than|no less than|equal to or (?:more|greater) than|(?:more|greater) than or equal to|"
    r"not within|beyond|exceed(?:s|ing))\b|[>≥]) ?(?:or equal to )?(?:a period of |a )?"
)
_WINDOWS = (
    (True, _window(_ELAPSED)),
    (False, _window(_RECENT)),
    (
        True,
        _window(
            r"(?=[^.;,]{4,22} (?:or (?:more|longer|greater) )?(?:must |should |has |have |had )*(?:elapsed|passed)\b)"
        ),
    ),
)
_TAIL = re.compile(rf"{_ANCHOR}+")
_BARE_TIME = re.compile(
    rf"(?P<time>{_TIME})(?: \([^)]{{1,14}}\))? ?(?P<what>for|if|in the case of|in case of|washout|wash-out)\b"
)
_COUNT_OP = (
    r"≥|≤|>|<|at least|at most|no (?:more|less|greater|fewer) than|not more than|not less than|not exceeding|more than or equal to|(?:greater|less|more|fewer) than"
    r"(?: or equal(?: to)?)?|up to|a? ?minimum of|a? ?maximum of|maximum|minimum|exactly|only|more than|over|must not exceed"
)
_COUNT = Sought(
    rf"(?:(?P<op1>{_COUNT_OP}) ?(?:\([≥≤<>] ?\))? ?)?(?P<n1>\b\d\b|\b(?:one|two|three|four|five|six|single|a)\b)(?: ?\(\d\)| \(\d ?(?:to|-) ?\d\))?(?P<more1> or (?:more|greater)\b| or (?:fewer|less)\b|\+)?"
    rf"(?:,? ?\(?(?P<joint>-|to|or|but|and)?,? ?(?:(?P<op2>{_COUNT_OP}) ?(?:\([≥≤<>] ?\))? ?)?(?P<n2>\b\d\b|\b(?:one|two|three|four|five|six)\b)(?: ?\(\d\))?(?P<more2> or more\b| or fewer\b)?[,)]?)?"
    r"(?= )"
)
_SETTINGS: tuple[tuple[tuple[Setting, ...], str], ...] = (
    (("neoadjuvant", "adjuvant"), r"(?:\(neo[ -]?\)[ -]?|neo ?/ ?|neo[ -]*(?:and/or|or|and) |neo\()adjuvant\)?|neo-?adjuvant[ ,]*(?:/|and/or|or|and)[ ,]*adjuvant|adjuvant[ ,]*(?:/|and/or|or|and)[ ,]*neo-?adjuvant|neo-?adjuvant[ ,]*(?:/|and/or|or|and)[ ,]*adjuvant|peri-?operative"),
    (("neoadjuvant",), r"(?<!post-)(?<!post )(?<!post)neo[- ]?adjuvant|pre-?operative"),
    (("adjuvant",), r"post-?neo-?adjuvant|adjuvant|post-?operative"),
    (("metastatic",), r"(?:(?:locally[- ]advanced|unresectable|inoperable|recurrent|relapsed|incurable|advanced|metastatic|stage (?:iv|4)|non-?resectable|locally[- ]recurrent|un-?resectable locally[- ]advanced)(?: unresectable)?[ ,/()]*(?:and/or |or |and )?(?:surgically )?)*(?:metastatic|advanced|stage (?:iv|4)|unresectable|inoperable|palliative|incurable|(?:labc ?/ ?)?mbc)(?: \((?:mbc|stage iv|metastatic)\))?(?:[ ,/]*(?:and/or |or |and )?(?:recurrent|relapsed|locally[- ]advanced|metastatic|unresectable|inoperable))*"),
    (("maintenance",), r"maintenance"),
)  # fmt: skip
_WORDS: tuple[tuple[str, str], ...] = (
    ("allowed", r"(?:is |are |will be |were )?(?:also )?(?:allowed|permitted|acceptable|permissible)?,? ?(?:but|if|provided|as long as|when|so long as|and)(?: that)?(?: (?:it|they|the|this|last|final|most recent|dose|doses|treatment|therapy|regimen|administration|chemotherapy|these|which|any|such|surgery|radiotherapy|date))*(?: (?:was|were|is|are|has|have|been|had|must|should|be|occurred))* (?:completed|concluded|given|administered|finished|ended|discontinued|stopped|performed|done|occurred|received|should be|must be)"),
    ("outcome", r"(?P<pdint>(?:progress\w*|relaps\w*|fail\w*|recur\w*|refractory)[ ,/]*(?:disease )?(?:(?:on|to|after|during|following|with|upon|of)[ ,/]*(?:and|or)?[ ,/]*)*(?:or|and/or|/)[ ,]*(?:(?:were|was|are|is|been|have|be|being|an?|had|has|unable to|could not|who|who are)\s)*(?:intoleran\w+|intolerable|not tolerat\w+|unacceptable toxicity|tolerate))|(?P<intol>\bintoleran\w+|\bunable to tolerate)|(?P<pd>\b(?:(?:(?:documented|radiographic(?:ally)?|radiologic(?:al)?(?:ly)?|clinical|objective|tumou?r|disease|imaging|evidence of) )*progress(?:ed|ion|ing|ive)?(?: of (?:the |their )?disease)?(?: disease)?|relapsed?|recurr(?:ed|ence)|failed|failure(?: to respond)?|refractory|resistan(?:t|ce))\b)(?:[ ,/]*(?:\b(?:on|or|after|to|during|following|with|upon|and/or|and|while|under|from|despite|receiving|taking|within)\b(?! \d)|/)(?! progress| relaps| intoler))*"),
    ("together", r"(?:given |administered |used )?(?:either )?(?:as )?(?:a )?(?:in combination(?: or (?:separately|sequentially|as (?:a )?(?:single[- ]agents?|monotherapy)))?|separately(?:,? or in combination)?|together or separately|combined(?: or separately)?|concurrently or sequentially|sequentially or concurrently|sequentially or in combination|(?:as )?(?:a )?(?:monotherapy|single[- ]agents?|alone) or (?:in combination|as part of (?:a )?combination)(?: therapy)?(?: with (?:other (?:agents?|therap(?:y|ies)|drugs?)))?|administered in combination)(?! with)"),
    ("combined", r"in combination with|combined with|concurrent(?:ly)? with|together with|plus|\+|along with|concomitant(?:ly)? with"),
    ("with_or_without", r"with or without|with/without|± ?|\+/- ?|(?:either )?(?:alone|as (?:a )?(?:monotherapy|single[- ]agents?)) or (?:in combination|combined|together) with\b"),
    ("disease", r"(?:for |of |in )(?:the )?(?:treatment (?:of|for) |management of |therapy (?:of|for) )?(?:the |their |this |current |study |any |that |primary |index |under study |newly diagnosed )*(?:cancer|disease|malignanc(?:y|ies)|tumou?rs?|neoplasms?|current (?:cancer|malignancy)|condition)(?: under (?:study|investigation))?"),
    ("next", r"(?:any |one or more |one |either |all |some |at least one )?(?:of )?(?:the )?(?:following)(?: \w+){0,3}? ?[:.]|(?:any|either|one or more|at least one|one|both) of(?: the)?|as follows:?"),
    ("instead", rf"(?P<othertime>{_TIME})(?: \([^)]{{1,14}}\))? (?:for|if|in the case of|in case of|since|after|from)(?: (?:a|an|any|the|last|prior|treatment with|use of))*(?= )"),
    ("prior", r"\b(?:prior|previous(?:ly)?|past|earlier|pre-?treated|pre-?treatment)\b(?! to\b)(?:[ ,]*(?:or|and/or|/)[ ,]*(?:concurrent|current|concomitant|ongoing|planned))?"),
    ("plan", r"\b(?:intention to (?:initiate|treat with|start|use)|(?:is |are |have )?(?:planned|planning|scheduled|intended|about|due) to (?:receive|start|initiate|begin|undergo|be treated with)|plan(?:s|ned)? (?:for |to (?:receive|start|initiate|treat with))|planned (?:treatment|therapy|use)(?: with| of)?|(?:will|to) (?:be receiving|receive|be treated with|initiate|start)|(?:anticipated|expected)(?: need for| use of)?|anticipation of (?:need for|the need for)|who will receive)(?= )"),
    ("current", r"(?:\b(?:chronic(?:ally)?|long-?\s?term|regular(?:ly)?)[, ]+(?:daily )?(?:use of|treatment with|therapy with|systemic|administration of)?(?= ?))|\b(?:(?:any |has an? |have an? |an? )?(?:other )?(?:medical )?conditions? (?:that )?requir(?:ing|es?)|(?:be|are|is|currently|actively) (?:receiving|taking|on|using|undergoing)|receiving|current(?:ly)?|concurrent(?:ly)?|concomitant(?:ly)?|ongoing|simultaneous(?:ly)?)\b(?:[ ,]*(?:or|and/or|and|/)[ ,]*(?:concurrent|concomitant|ongoing|continued|current|planned|anticipated|simultaneous|has received|have received|previous|prior|previously))*"),
    ("expose", r"\b(?:either )?stable (?:disease )?or (?:disease )?progress(?:ion|ing|ive|ed)(?: disease)? (?:(?:on|or|after|during|following|with|and/or)[ /]+)+(?:therapy with |treatment with )?(?:at least )?(?=[a-z0-9\ue000-\uf8ff])|\b(?:received?|receives|receipt(?: of)?|treated|pretreated|undergone|underwent|administered|exposed to|exposures? (?:to|of)|exposure|history of|hav(?:e|ing) had|had|any (?:prior |previous )?lines? of)\b"),
    ("use", r"\b(?:undergoing|treatment with|therapy with|use of|usage of|used|taken|taking|takes|given|administration of|treatment using|on treatment with|start of|started|initiation of|initiated)\b"),
    ("given", r"\b(?:occurring|occurred|performed|discontinued|stopped|withheld|conducted|last (?:dose|doses|administration|treatment|infusion)(?: of)?)\b"),
    ("line", r"\b(?:lines?|regimens?|courses?|line-?s)\b(?: ?\(s\))?"),
    ("ordinal", r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|1l|2l|3l)[- ]?line\b"),
    ("noun", r"\b(?:therap(?:y|ies)|treatments?|agents?|drugs?|medications?|medicines?|inhibitors?|combinations?|products?|modalit(?:y|ies)|monotherapy|infusions?|doses?|setting|analogu?e?s?|derivatives?)\b(?: ?\(i?e?s\))?"),
    ("deny", r"\b(?:no|not|never|without|nor|neither|none|non)\b|\bn[o']t\b|na[iï]ve|untreated|\bcannot\b"),
    ("except", r"\bunless\b|\bexcept(?:ing|ions?)?(?: (?:for|of|in|if|when|that|to))*\b|\bwith (?:the )?exceptions? (?:of|for)\b|\bother than\b|\bapart from\b|\baside from\b|\bexcluding\b|\bnot including\b"),
    ("examples", r"\be\.? ?g\.?,?|\bsuch as\b|\bfor (?:example|instance)\b,?|\binclud(?:ing|es?)(?:,? but (?:is |are )?not limited to)?,?\b:?|\blike\b|\bi\.? ?e\.?,"),
    ("or_both", r",? (?:or|and/or) both\b|\bor both\b"),
    ("or", r"\band ?/ ?or\b|\bor\b|/"),
    ("and", r"\band\b|\bas well as\b|&"),
    ("comma", r","),
    ("open", r"[(\[]"),
    ("close", r"[)\]]"),
    ("gy", r"(?:(?:to |of |with |at )?(?:a )?(?:total |cumulative )?(?:doses? )?(?:of )?)?(?P<gyop>>|≥|more than|greater than|exceeding|at least|over) ?(?P<grays>\d+(?:\.\d+)?) ?(?:gy|grays?)\b(?: ?\(gy\))?"),
    ("to", r"\bto(?: the)?\b"),
    ("why", r"investigational (?:or|and|and/or|/) (?:commercial(?:ly available)?|approved|non-investigational|marketed|standard)(?: investigational)?\b|for any (?:other )?(?:indication|reason|malignancy|cancer|purpose)s?\b|(?:administered |given )?with (?:the )?(?:intention|intent) (?:to treat|of treating)(?: the| this)? (?:malignancy|cancer|disease|tumou?r)"),
    ("frame", r"\b(?:conventional|experienced|developed|whose|proved|injectable|commercial(?:ly)?|marketed|involving|the|an?|of|in|for|with|on|as|at|by|to|from|any|all|other|another|either|both|that|which|who|have|has|having|been|be|being|is|are|was|were|must|should|will|patients?|participants?|subjects?|women|men|individuals|those|their|his|her|this|these|based|containing|targeted|targeting|systemic|standard|approved|commercially available|completed|course|cycles?|last|most recent|final|part of|least|same|class|type|types?|kind|form|specific|directed|single|full|complete|intravenous|iv|oral|setting|documented|disease|documentation|evidence|radiographic|radiologic(?:al)?|objective|confirmed|recipients?|whose|it|time|also|experimental|following|up|complet(?:ing|ion)|finishing|discontinu(?:ing|ation)|stopping|end|after|on or after)\b|[ .:'\"*-]+|\bany time\b"),
)  # fmt: skip
_WORD = re.compile("|".join(guarded(f"(?P<{kind}>{pattern})") for kind, pattern in _WORDS))
_SETTING = Sought(
    "|".join(guarded(rf"(?P<s{i}>(?<!\w)(?:{pattern})(?!\w))") for i, (_, pattern) in enumerate(_SETTINGS))
)
_OTHER = re.compile(r"\S[^\s,;:()\[\]]*")
_STOP = re.compile(r"[;]|[.:](?=\s|$)")
_FRAME_HITS = frozenset({"tumour", "histology", "her2", "anchor"})


_ASIDE = re.compile(
    r"[(\[](?:(?:e\.? ?g\.?|such as|for example|like)[ ,:]|(?:excluding|except(?: for)?|other than|not including|does not include|with the exception of)\b(?=[^()]{0,80}\b(?:vascular access|port|biops|catheter|central venous|line placement|diagnos)))"
)
_EARLIER = re.compile(
    r"\((?:not including|excluding|not counting|does not include|except(?: for)?) (?:prior |previous |any )?(?:\(?neo\)?[ /-]?(?:and/or |or |/)?)?adjuvant (?:chemo)?(?:therap(?:y|ies)|treatments?|regimens?|setting)\)"
)
_LATE = re.compile(r"\b(?:metastatic|advanced|unresectable|recurrent)\b[\w ,/-]*$")
"""Of lines for metastatic disease, those before it are none: to leave them out says nothing."""
_WIDENS = re.compile(
    r"[(\[]?includ(?:ing|es) (?:(?:prior|previous|in|the|therapy|treatment|chemotherapy|systemic|and|or|/|,| )*\b(?:neo-?adjuvant|adjuvant|peri-?operative)\b)+(?: (?:therapy|treatment|setting|chemotherapy|regimens?)\b)*[)\]]?(?=\s*(?:[.,;)]|\Z))"
)
"""Settings that count too: they narrow nothing."""
_STEROID_DOSE = re.compile(
    r"[(\[]?(?:defined as |i\.e\.,? )?(?:(?:at|in|with)(?: an?| the)? (?:daily )?dos(?:e|es|ing|age)s? ?(?:of |level |equivalent )?)?(?:higher |greater |more )?(?P<op>>|≥|more than|greater than|exceeding|higher than|above|at least|than|equivalent to >|equal to or greater than|doses? (?:>|≥|greater than|more than|above|exceeding)) ?"
    r"(?:or equal to )?(?P<mg>\d+(?:\.\d)?) ?mg ?(?:/ ?day|/ ?d\b|per day|daily|a day|once daily|qd|/kg)?(?: of)?(?: oral)?,? ?(?:prednis(?:ol)?one|prednis(?:ol)?one[- /]?equivalents?)(?:[ /](?:per day|day|daily|d)\b)?,?"
    r"(?:[ ,]*\(?(?:or|or an|or its|or other|/|daily|or the)? ?\(?(?:corticosteroid )?(?:equivalents?|equivalent dose|bioequivalent|equivalent (?:steroid|corticosteroid|daily dose|drug|medication|per day)s?|steroid equivalent)\)?)?(?: ?(?:per day|/day|daily|a day|dose))?[)\]]?"
)
_TRIAL = Sought(
    r"(?:participat\w+|enrol\w+) in (?:an(?:other)?|any(?: other)?|other|a) (?:(?:[\w-]+ ){0,3}(?:trials?|stud(?:y|ies))(?: \w+){0,3}? (?:with|of|using|involving|evaluating|for) (?:an|any|a|another)? ?(?:[\w-]+ ){0,2}"
    r"(?:investigational|experimental)(?: [\w-]+){0,2}? (?:drugs?|agents?|products?|therap(?:y|ies)|devices?|treatments?|medications?)|(?:\w+ ){0,2}(?:investigational|experimental) (?:drug|agent|product|device|therapy|treatment|therapeutic)s? (?:trials?|stud(?:y|ies)))\b"
)


_NUMBER_OF = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|single)\b|(?:least|most|than|exceeding|exceed|to|of|maximum|minimum|exactly|only|over|[≥≤<>)]) ?a\b"
)
_TELLING = tuple(Sought(dict(_WORDS)[kind]) for kind in ("prior", "expose", "use", "plan", "current", "outcome"))


def tells(text: str) -> bool:
    """Whether a text can say that, when or how often a treatment was given: without such words nothing is read."""
    return (
        any(sought.possible(text) for sought in _TELLING)
        or any(sought.possible(text) for _, sought in _WINDOWS)
        or (_COUNTED.possible(text) and _NUMBER_OF.search(text) is not None)
    )


def tokens(sentence: Sentence) -> Iterator[Token]:
    """Yield the tokens of a sentence, none left out; what is not known has the kind `word`."""
    tokeniser = _Tokeniser(sentence)
    text, at, end = sentence.text, 0, len(sentence.text)
    spaces = not enzymes_in(text)
    """The name of an enzyme may begin with a space."""
    while at < end:
        token = Token("frame", at, at + 1) if spaces and text[at] == " " else tokeniser.token(at)
        yield token
        at = token.end


class _Tokeniser:
    """Tells what stands at a place of a sentence; what the sentence holds nowhere is not looked for."""

    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence
        self._text = text = sentence.text
        self._hits = {hit.start: hit for hit in sentence.hits}
        sought, self._known = procedures(sentence.knowledge)
        self._procedures = sought if sought.possible(text) else None
        self._trial = _TRIAL.possible(text)
        self._dose = "predniso" in text
        self._heads = heads_in(text)
        self._enzymes = enzymes_in(text)
        windows = _WINDOWS if "elapsed" in text or "passed" in text else _WINDOWS[:2]
        self._windows = [(elapsed, sought) for elapsed, sought in windows if sought.possible(text)]
        self._settings = _SETTING.possible(text)
        self._narrower = any(word in text for word in ("steroid", "nsai", "rank"))
        self._counts = _COUNTED.possible(text)

    def token(self, at: int) -> Token:
        """Return the token that begins at a place."""
        text, sentence = self._text, self._sentence
        sign = text[at]
        hit = self._hits.get(at)
        edge = at == 0 or not text[at - 1].isalnum()
        if edge and (found := self._named(at, sign)) is not None:
            return found
        if hit is not None and self._narrower and _NARROWER.search(text, max(0, at - 14), hit.end):
            # A class within a class that the vocabulary does not part.
            return Token("word", at, hit.end)
        procedure = self._procedures.match(text, at) if edge and self._procedures is not None else None
        treatment = treatment_of(hit, sentence) if hit is not None else None
        enzyme = enzyme_medicines(sentence, at) if edge and self._enzymes else None
        if enzyme is not None:
            return Token("item", at, *enzyme)
        if hit is not None and treatment is not None and (procedure is None or hit.end > procedure.end()):
            return Token("item", at, hit.end, treatment)
        if procedure is not None:
            return Token("item", at, procedure.end(), self._known[procedure[0]])
        if sign == " ":
            return Token("frame", at, at + 1)
        stop = _STOP.match(text, at) if sign in ";.:" else None
        if stop is not None and not _is_next(text, at) and not _BEFORE_TIME.match(text, at):
            return Token("stop", at, stop.end())
        if edge and (found := self._qualifier(at, sign)) is not None:
            return self._with_name(found)
        if hit is not None and (sites := hit.ids("site")):
            return Token("site", at, hit.end, sites)
        word = _WORD.match(text, at)
        if word is not None and word.end() > at and (word.lastgroup != "frame" or hit is None or word.end() >= hit.end):
            return Token(str(word.lastgroup), at, word.end(), word)
        if hit is not None and hit.ids("her2") and _AIMED.match(text, hit.end):
            return Token("word", at, hit.end)
        if hit is not None and any(term.category in _FRAME_HITS for term in hit.terms):
            return Token("disease_name" if not hit.ids("anchor") else "anchor", at, hit.end)
        other = _OTHER.match(text, at)
        return Token("word", at, max(at + 1, hit.end if hit is not None else other.end() if other else at + 1))

    def _with_name(self, token: Token) -> Token:
        """A setting that begins the name of a cancer ("metastatic breast cancer") takes the whole name in."""
        if token.kind != "setting":
            return token
        for hit in self._sentence.hits:
            if hit.start < token.end < hit.end and any(term.category == "tumour" for term in hit.terms):
                return token._replace(end=hit.end)
        return token

    def _named(self, at: int, sign: str) -> Token | None:
        """A treatment written in words of its own, a dose or an aside."""
        trial = _TRIAL.match(self._text, at) if self._trial and sign in "pe" else None
        if trial is not None:
            return Token("item", at, trial.end(), Treatment(drugs=("investigational_agent",)))
        if self._dose and (dose := _dose(self._text, at)) is not None:
            return dose
        if sign in "([i" and (widens := _WIDENS.match(self._text, at)) is not None:
            return Token("aside", at, widens.end())
        if sign in "([" and (aside := _aside(self._text, at)) is not None:
            return aside
        several = shared_head(self._sentence, at) if self._heads else None
        if several is None and self._heads and sign.isalnum() and "(" in self._text:
            several = spelled_out(self._sentence, at)
        return Token("item", at, *several) if several is not None else None

    def _qualifier(self, at: int, sign: str) -> Token | None:
        """A time, a setting or a number of lines."""
        for elapsed, sought in self._windows:
            if sought.first is not None and sign not in sought.first:
                continue
            found = sought.expression.match(self._text, at)
            window = _window_token(found, elapsed, self._sentence) if found is not None else None
            if window is not None:
                return window
        setting = _setting(self._text, at) if self._settings else None
        if setting is None and self._counts:
            return _counted(self._text, at)
        return setting


_AIMED = re.compile(r"[ -]*(?:inhibit\w*|targeted|directed|antagonists?|tyrosine|tki|antibod\w*|blocking|blockers?)\b")
"""What makes of HER2 the target of a drug: where the vocabulary does not know it, it is not therapy in general."""
_NARROWER = re.compile(r"\bnon-?\s?steroidal aromatase|\bsteroidal aromatase|\bnsais?\b|\brank-?l\b")


def _dose(text: str, at: int) -> Token | None:
    found = _STEROID_DOSE.match(text, at)
    if found is None or "/kg" in found[0]:
        return None
    whole = found[0]
    end = found.end() - (whole.endswith((")", "]")) and whole[0] not in "([" and whole.count(")") > whole.count("("))
    return Token("dose", at, end, found)


def _aside(text: str, at: int) -> Token | None:
    if not _ASIDE.match(text, at) and not (_EARLIER.match(text, at) and _LATE.search(text, max(0, at - 60), at)):
        return None
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([") - (text[i] in ")]")
        if depth == 0:
            return Token("aside", at, i + 1)
    return None


_BEFORE_TIME = re.compile(r": ?(?:≥|>|at least|within|minimum|\d)")


def _is_next(text: str, at: int) -> bool:
    return (
        text[at] == ":"
        and re.search(r"\b(?:following\b|wash-?out|elapsed|as follows)[^.;:]{0,80}$", text[max(0, at - 95) : at])
        is not None
    )


_STUDY_DRUGS = re.compile(
    r" ?(?:of )?(?:any (?:one )?of )?(?:the )?(?:investigational|study) (?:drugs?|products?|agents?|treatments?)(?: (?:described|used|given) in this (?:study|trial|protocol))?"
)
"""Behind "before the first dose"."""


def _window_token(found: re.Match[str], elapsed: bool, sentence: Sentence) -> Token | None:
    text, at = sentence.text, found.start()
    half = found["half"] or found["halfb"]
    times = [days_of(found[name]) for name in ("time", "timeb") if found[name]]
    if len(times) > 1 or (times and times[0] is None):
        return None
    tail = _TAIL.match(text, found.end())
    end = _behind_names(sentence, tail.end() if tail else found.end())
    if (drugs := _STUDY_DRUGS.match(text, end)) is not None and "dose" in text[at:end]:
        end = drugs.end()
    around = text[at:end]
    opening = text[at : found.start("time" if found["time"] else "half")]
    if not elapsed and re.match(r"(?:for|over|up to|in)\b", opening):
        past = re.search(r"last|past|previous|preceding|prior", opening) or _SINCE_RE.search(around)
        if opening.startswith("for") or not past:
            return None
    if elapsed and half is None and not (_SINCE_RE.search(text[at : end + 30]) or _HEADED.search(text, 0, at)):
        return None
    if re.match(r"[- ]*(?:of age|age\b|old\b|in age)", text[end:]) or "of age" in around:
        return None
    trimmed = _TRAIL.search(text[at:end])
    end -= len(trimmed[0]) if trimmed else 0
    if text[at:end].count(")") > text[at:end].count("("):
        end = at + text[at:end].rindex(")")
    if (
        not elapsed
        and re.match(r"[<≤]|less|fewer", opening)
        and not _SINCE_RE.search(around)
        and not re.match(r" *(?:[.,;)]|$)", text[end:])
    ):
        return None
    which = _WHICHEVER.get(found["which"]) if found["which"] else None
    strict = re.match(r"(?:more|greater than(?! or)|longer|less|fewer|over|[<>]|beyond|exceed|after)", opening)
    window = Window(
        elapsed,
        times[0] if times else None,
        strict is not None,
        number(half) if half else None,
        which,
        bool(half and times and which is None),
        _anchor(around),
    )
    return Token("window", at, end, window)


_WHICHEVER: dict[str, Literal["shorter", "longer"]] = {
    "shorter": "shorter", "shortest": "shorter", "less": "shorter", "lesser": "shorter", "smaller": "shorter", "sooner": "shorter",
    "longer": "longer", "longest": "longer", "greater": "longer", "later": "longer", "latest": "longer", "last": "longer",
    "first": "shorter", "earlier": "shorter", "earliest": "shorter", "more recent": "shorter",
}  # fmt: skip
_HEADED = re.compile(r"\bwash-?out|\belapsed|\bintervals?\b|\btime since\b|\btime from\b|\bdiscontinued\b|\bstopped\b")
_SINCE_RE = re.compile(rf"\b{_SINCE}\b|washout|wash-out")
_TRAIL = re.compile(r"(?:[ ,(/-]+(?:or|and|the|of|in|to|on|this|a|at|time|after|for|in combination)?(?![^ ,(/-]))+$")


def _behind_names(sentence: Sentence, end: int) -> int:
    """Take in a drug named as the study treatment: "before the first dose of NAME"."""
    if not re.search(
        r"(?:dose|doses|administration|start|initiation|infusion|treatment|starting|initiating|study drug) (?:of|with|on|the)? ?$|(?:starting|initiating|beginning) $",
        sentence.text[:end],
    ):
        return end
    for hit in sentence.hits:
        if hit.start == end:
            tail = _TAIL.match(sentence.text, hit.end)
            return _behind_names(sentence, tail.end()) if tail else hit.end
    return end


def _anchor(written: str) -> str:
    if re.search(r"randomi[sz]", written):
        return "randomisation"
    if re.search(r"enrol|registr|entry|entering|inclusion", written):
        return "enrolment"
    if re.search(r"screening|baseline|consent|icf", written) and "first dose" not in written:
        return "screening"
    return "first_dose"


def _setting(text: str, at: int) -> Token | None:
    found = _SETTING.match(text, at)
    if found is None:
        return None
    for i, (settings, _) in enumerate(_SETTINGS):
        if found[f"s{i}"]:
            return Token("setting", at, found.end(), settings)
    return None


_NO_COUNT = re.compile(
    r"\b(?:cycle|day|part|arm|phase|stage|cohort|step|grade|group|level|week|version|type|class|cohorts|stages|parts)s? ?$|[\d.]$|\b(?:counts?|counted|considered|regarded)(?: as)?(?: an?)? ?$"
)
_COUNTED = Sought(
    r"(?: (?:prior|previous|different|separate|distinct|additional|full|complete|consecutive|or more|or fewer|previously|such|systemic|standard|lines?|approved|types?|cytotoxic|palliative|single|oral|established|available|known|of|the|treatment|therapeutic|antineoplastic|[\w/()+-]+)){0,7}? (?:lines?|regimens?|courses?|therap(?:y|ies)|treatments?|chemotherap(?:y|ies))\b"
)
"""Nouns of what is counted."""


def _counted(text: str, at: int) -> Token | None:
    """A number of lines: the noun need not follow at once, the caller looks for it."""
    found = _COUNT.match(text, at)
    if found is None or (found["n1"] == "a" and not (found["op1"] or found["joint"])):
        return None
    if _NO_COUNT.search(text[max(0, at - 24) : at]):
        return None
    behind = text[found.end() : found.end() + 90]
    if not _COUNTED.expression.match(behind):
        return None
    if re.match(r" (?:day|week|month|year|hour|cycle|dose|lesion|of the following|measurable)", behind):
        return None
    return Token("count", at, found.end(), found)
