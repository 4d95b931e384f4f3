"""Sentences about treatment cut into tokens: treatments, times, settings, outcomes and the small words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Sentence
from her2nav.kinds.reading.treatment_asides import (
    TRIAL,
    WIDENS,
    aside_at,
    dose_at,
    included_at,
    permits_another,
)
from her2nav.kinds.reading.treatment_names import (
    Treatment,
    adjective_in,
    by_effect,
    effects_in,
    enzyme_medicines,
    enzymes_in,
    heads_in,
    not_hormonal,
    procedure_begins,
    procedures,
    shared_head,
    spelled_out,
    targeted_at,
    targets_in,
    treatment_of,
    trial_product,
    unknown_in,
    unknown_name,
)
from her2nav.kinds.reading.treatment_narrowing import (
    BEGINNINGS,
    amount_at,
    course_at,
    indication_at,
    narrow_at,
    unchanged_at,
)
from her2nav.kinds.reading.treatment_times import (
    BARE_TIMES,
    BEFORE_TIME,
    WINDOWS,
    bare_window,
    window_token,
)
from her2nav.kinds.reading.treatment_words import (
    COUNT,
    COUNTED,
    NUMBER_OF,
    SETTING,
    TELLING,
    WORD,
    Token,
    counted_at,
    setting_at,
)
from her2nav.language.beginnings import SIGNS, starting

_OTHER = re.compile(r"\S[^\s,;:()\[\]]*")
_STOP = re.compile(r"[;]|[.:](?=\s|$)")
_UNIT = re.compile(r"% (?:or (?:less|more) )?of|\d ?(?:mg|mcg|µg|g|gm|iu|units)\b")
_AMOUNTS = frozenset("([>≥<≤0123456789amlugeitowrcdn")
_ADJECTIVES = (
    "ational",
    "xperimental",
    "otoxic",
    "apeutic",
    "hormonal",
    "endocrine",
    "biologic",
    "mmun",
    "targeted",
    "antineopl",
    "cancer",
    "systemic",
)
_FRAME_HITS = frozenset({"tumour", "histology", "her2", "anchor"})


def tells(text: str) -> bool:
    """Whether a text can say that, when or how often a treatment was given: without such words nothing is read."""
    return (
        any(sought.possible(text) for sought in TELLING)
        or any(sought.possible(text) for _, sought in WINDOWS)
        or (COUNTED.possible(text) and NUMBER_OF.search(text) is not None)
        or "complet" in text
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
        self._procedure = sought.expression.match if sought.possible(text) else None
        self._trial = TRIAL.possible(text)
        self._dose = "predniso" in text
        self._amounts = _UNIT.search(text) is not None
        self._spares = "(" in text and any(word in text for word in ("palliat", "analges", "pain", "symptom"))
        self._heads = heads_in(text)
        self._procedure_begins = procedure_begins(sentence.knowledge) if self._procedure is not None else None
        self._enzymes = enzymes_in(text)
        windows = WINDOWS if "elapse" in text or "passed" in text else WINDOWS[:2]
        self._windows = [
            (name, elapsed, sought)
            for name, (elapsed, sought) in zip(_WINDOWS, windows, strict=False)
            if sought.possible(text)
        ]
        self._unknown = unknown_in(text)
        self._effects = effects_in(text)
        self._nouns = any(word in text for word in _ADJECTIVES)
        self._settings = SETTING.possible(text)
        self._narrower = any(word in text for word in ("steroid", "nsai", "rank"))
        self._counts = COUNTED.possible(text)
        self._targets = targets_in(text)
        self._tried = "nvestigat" in text or "xperimental" in text or "approved" in text
        self._lasting = _LENGTH.search(text) is not None
        self._permits = any(word in text for word in ("allowed)", "permitted)", "acceptable)", "required)"))

    def token(self, at: int) -> Token:
        """Return the token that begins at a place."""
        text, sentence = self._text, self._sentence
        sign, signs = text[at], text[at : at + SIGNS]
        can = _CAN_BEGIN(signs)
        hit = self._hits.get(at)
        edge = at == 0 or not text[at - 1].isalnum()
        if edge and (found := self._named(at, sign)) is not None:
            return found
        measured = self._amounts or (sign == "(" and self._spares)
        if sign in _AMOUNTS and measured and (amount := amount_at(text, at)) is not None:
            return amount
        if hit is not None and self._narrower and _NARROWER.search(text, max(0, at - 14), hit.end):
            # A class within a class that the vocabulary does not part.
            wide = treatment_of(hit, sentence)
            if wide is None or "steroidal" not in text[at : hit.end]:
                return Token("word", at, hit.end)
            return Token(
                "item",
                at,
                hit.end,
                wide.model_copy(update={"narrow": (_STEROIDAL[text[at] == "n"],)}),
            )
        begins = edge and self._procedure_begins is not None and self._procedure_begins(signs)
        procedure = self._procedure(text, at) if begins and self._procedure is not None else None
        treatment = treatment_of(hit, sentence) if hit is not None else None
        enzyme = enzyme_medicines(sentence, at) if edge and self._enzymes else None
        if enzyme is not None:
            return Token("item", at, *enzyme)
        if self._targets and edge and sign.isalnum() and (aimed := targeted_at(sentence, at)) is not None:
            known = max(hit.end if hit is not None else 0, procedure.end() if procedure is not None else 0)
            if aimed[0] > known:
                return Token("item", at, *aimed)
        illness = hit is not None and treatment is None and (hit.ids("condition") or hit.ids("toxicity"))
        if illness and hit is not None and procedure is not None and hit.end > procedure.end():
            return Token("word", at, hit.end)  # "radiation pneumonitis"
        named = max(
            hit.end if treatment is not None and hit is not None else 0,
            procedure.end() if procedure else 0,
        )
        if named and _CAUSES.match(text, named):
            return Token("word", at, named)
        if hit is not None and treatment is not None and (procedure is None or hit.end > procedure.end()):
            extent = _EXTENT.match(text, at) if treatment.procedure is not None else None
            if extent is not None and extent[1] not in str(treatment.params) and not _ALIKE.search(text, at, hit.end):
                treatment = treatment.model_copy(update={"narrow": (*treatment.narrow, extent[1])})
            return Token("item", at, hit.end + 3 * text.startswith("(s)", hit.end), treatment)
        if procedure is not None:
            return Token("item", at, procedure.end(), self._known[procedure[0]])
        if sign == " ":
            return Token("frame", at, at + 1)
        harmless = indication_at(text, at) if edge and sign == "f" else None
        if harmless is not None:
            return harmless
        stop = _STOP.match(text, at) if sign in ";.:" else None
        if stop is not None and sign == ";" and _bracketed(text, at):
            return Token("comma", at, stop.end())
        if stop is not None and not _is_next(text, at) and not BEFORE_TIME.match(text, at):
            return Token("stop", at, stop.end())
        if edge and (found := self._qualifier(at, sign, can)) is not None:
            return self._with_name(found)
        if edge and hit is None and self._nouns and (adjective := adjective_in(sentence, at)) is not None:
            return Token("item", at, *adjective)
        if hit is not None and (sites := hit.ids("site")):
            return Token("site", at, hit.end, sites)
        may_end = "purpose" in can and (edge or sign == ",") and sign in "tawrnfoeu,"
        if may_end and (unchanged := unchanged_at(text, at)) is not None:
            return unchanged
        lasting = edge and self._lasting and "course" in can and sign in _LONG and not _how_long_ago(text, at)
        if lasting and (course := course_at(text, at)) is not None:
            return course
        if edge and sign == "a" and (least := self._one_of_a_sort(at)) is not None:
            return Token("frame", at, least)
        word = WORD.match(text, at)
        if word is not None and word.end() > at and (word.lastgroup != "frame" or hit is None or word.end() >= hit.end):
            return Token(str(word.lastgroup), at, word.end(), word)
        if hit is not None and hit.ids("her2") and _AIMED.match(text, hit.end):
            return Token("word", at, hit.end)
        if hit is not None and any(term.category in _FRAME_HITS for term in hit.terms):
            return Token("disease_name" if not hit.ids("anchor") else "anchor", at, hit.end)
        of_a_sort = hit is None or text.startswith("definitive ", at)
        narrow = narrow_at(text, at) if edge and of_a_sort and "narrow" in can else None
        if narrow is not None:
            return narrow
        if (
            self._unknown
            and edge
            and sign.isalpha()
            and text[at - 1 : at] != "-"
            and (unknown := unknown_name(sentence, at)) is not None
        ):
            return Token("item", at, *unknown)
        other = _OTHER.match(text, at)
        return Token(
            "word",
            at,
            max(at + 1, hit.end if hit is not None else other.end() if other else at + 1),
        )

    def _one_of_a_sort(self, at: int) -> int | None:
        """Where "at least one" ends in front of a medicine or a class: who had one had it, and no lines are counted."""
        least = _AT_LEAST_ONE.match(self._text, at)
        hit = self._hits.get(least.end()) if least is not None else None
        treatment = treatment_of(hit, self._sentence) if hit is not None else None
        if least is None or hit is None or treatment is None or not treatment.drugs or treatment.procedure is not None:
            return None
        return None if _PORTION.match(self._text, hit.end) else least.end("one")

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
        effect = by_effect(self._sentence, at) if self._effects and sign in "omdapt" else None
        if effect is not None:
            return Token("item", at, *effect)
        trial = TRIAL.match(self._text, at) if self._trial and sign in "pe" else None
        if trial is not None:
            return Token("item", at, trial.end(), Treatment(drugs=("investigational_agent",)))
        if self._dose and (dose := dose_at(self._text, at)) is not None:
            return dose
        if self._tried and sign in "nuieadpmtc" and (end := trial_product(self._text, at)) is not None:
            return Token("item", at, end, Treatment(drugs=("investigational_agent",)))
        if sign == "n" and (besides := not_hormonal(self._text, at)) is not None:
            return Token("item", at, *besides)
        if sign == "(" and (included := included_at(self._sentence, at)) is not None:
            return included
        if sign in "([i" and (widens := WIDENS.match(self._text, at)) is not None:
            return Token("aside", at, widens.end())
        beside = sign in "([" or (sign == "e" and "steroid" in self._text and self._text.startswith("exc", at))
        if beside and (aside := aside_at(self._text, at)) is not None:
            return aside
        if sign == "(" and self._permits and (aside := permits_another(self._sentence, at)) is not None:
            return aside
        several = shared_head(self._sentence, at) if self._heads else None
        if several is None and self._heads and sign.isalnum() and "(" in self._text:
            several = spelled_out(self._sentence, at)
        return Token("item", at, *several) if several is not None else None

    def _qualifier(self, at: int, sign: str, can: frozenset[str]) -> Token | None:
        """A time, a setting or a number of lines."""
        for name, elapsed, sought in self._windows:
            if name not in can:
                continue
            found = sought.expression.match(self._text, at)
            window = window_token(found, elapsed, self._sentence) if found is not None else None
            if window is not None:
                return window
        if "bare" in can and sign in _COUNTERS and (bare := bare_window(self._sentence, at)) is not None:
            return bare
        setting = setting_at(self._text, at) if self._settings and "setting" in can else None
        if setting is None and self._counts and "count" in can:
            return counted_at(self._text, at)
        return setting


_LABELLED = re.compile(r":\s*(?=[≥>]|at least|more than|(?:a )?minimum)")
_OFF = re.compile(
    r"\boff (?:of )?(?:(?:all|any|prior|previous|their) )*(?:[\w-]+ ){0,2}(?:\w*therap(?:y|ies)|treatments?|inhibitors?) $"
)
"""In front of a time: behind a label it may be how long ago, and need not be how long; "off A for 3 weeks" is how long ago."""


def _how_long_ago(text: str, at: int) -> bool:
    labelled = text.rfind(":", max(0, at - 3), at)
    return (labelled >= 0 and _LABELLED.match(text, labelled) is not None) or _OFF.search(text, 0, at) is not None


_LONG = frozenset("aflmnuo≥><≤wcr")
_WINDOWS = ("elapsed", "recent", "passed")
_CAN_BEGIN = starting(
    **{name: sought.pattern for name, (_, sought) in zip(_WINDOWS, WINDOWS, strict=True)},
    **BEGINNINGS,
    bare=tuple(one.pattern for one in BARE_TIMES),
    setting=SETTING.pattern,
    count=COUNT.pattern,
)
"""What can be read where three signs stand: at most words nothing can."""
_AT_LEAST_ONE = re.compile(
    r"(?P<one>at least (?:one|1)(?: ?\(1\))?) (?:(?:prior|previous|approved|available|standard|other) )*"
)
_PORTION = re.compile(r"(?:[ -](?:containing|based))?[ -](?:doses?|cycles?|courses?|infusions?|injections?|lines?)\b")
"""Behind a medicine: a part of its course is counted."""
_COUNTERS = frozenset("0123456789otfs")
"""Signs that a number begins with."""
_STEROIDAL = ("steroidal", "non-steroidal")
_AIMED = re.compile(r"[ -]*(?:inhibit\w*|targeted|directed|antagonists?|tyrosine|tki|antibod\w*|blocking|blockers?)\b")
"""What makes of HER2 the target of a drug: where the vocabulary does not know it, it is not therapy in general."""
_NARROWER = re.compile(r"\bnon-?\s?steroidal aromatase|\bsteroidal aromatase|\bnsais?\b|\brank-?l\b")


_LENGTH = re.compile(r"\b(?:cycles?|doses?|days?|weeks?|months?|years?)\b")
_BEGINS = re.compile(
    r"non-?physiolog\w+|supra-?physiolog\w+|intra-?ocular|otic|ophthalmic|low-potency|replacement|transdermal|vaginal"
)
_ALIKE = re.compile(r"oophorectomy|(?:total|radical|partial|complete) mastectomy")
"""Names of one operation, whatever they say of its extent."""
_EXTENT = re.compile(r"(total|subtotal|bilateral|partial|radical|complete) ")
"""How much was taken out, where the vocabulary does not tell it."""
_CAUSES = re.compile(r"[ -]?(?:related|induced|associated|mediated)\b")
"""Behind a treatment: what it brought about is meant."""
_IN_FRONT = re.compile(r"\b(?:following\b|wash-?out|elapsed|as follows)[^.;:]{0,80}$")


def _bracketed(text: str, at: int) -> bool:
    """Whether a place lies within a bracket that ends."""
    return text.rfind("(", 0, at) > text.rfind(")", 0, at) and -1 < text.find(")", at) < at + 160


def _is_next(text: str, at: int) -> bool:
    return text[at] == ":" and _IN_FRONT.search(text[max(0, at - 95) : at]) is not None
