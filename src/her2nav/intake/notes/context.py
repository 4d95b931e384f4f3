"""What the words around a name say of it: denied, doubted, of a relative, planned, past, or only explained."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import CueHit, Note, Sentence
from her2nav.intake.notes.phrases import Phrases

_CLAUSE = Phrases(
    (";", ".", "but", "however", "except", "although", "though", "apart from", "who", "→", "->", "then"), borders=False
)
_HERSELF = re.compile(r"\s*(?:she|he|the patient|pt)\b")
_VERDICTS = frozenset({"negative", "negative for", "nil", "none", "absent"})
_VERDICT = Gated(r"\b(?:positive|pos|negative|neg|low|equivocal|overexpress\w*|amplified)\b|[0-3]\+|\+$")
_NAME_BETWEEN = re.compile(r"\w")
_LIST_ONLY = re.compile(r"^(?:[\s,/]|\bor\b|\bnor\b|\band\b|[a-z-]+)*$")
_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|on|since|stable|new|with|now|still|started|showed|shows|positive|present)\b|\d"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What holds of a name at its place."""

    negated: bool = False
    unsure: bool = False
    family: bool = False
    planned: bool = False
    hypothetical: bool = False
    resolved: bool = False
    template: bool = False

    @property
    def stated(self) -> bool:
        """True when it is said of this patient, as a fact."""
        return not (self.negated or self.unsure or self.family or self.template or self.hypothetical)


def clause(note: Note, sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """Return the clause around a stretch of a sentence."""
    marks = note.memory.get("clauses")
    if marks is None:
        marks = note.memory["clauses"] = _clauses(note.plain)
    lows, highs = marks
    first, last = sentence.start, sentence.end
    before = bisect_right(highs, start) - 1
    if before >= 0 and lows[before] >= first:
        first = highs[before]
    behind = bisect_left(lows, end)
    if behind < len(lows) and highs[behind] <= last:
        last = lows[behind]
    return first, last


def _clauses(plain: str) -> tuple[list[int], list[int]]:
    """Return where the words and signs that part clauses begin, and where they end."""
    lows: list[int] = []
    highs: list[int] = []
    for low, high, phrase in _CLAUSE.find(plain):
        if phrase == ".":
            if not plain[high : high + 1].isspace():
                continue
            high += 1
        lows.append(low)
        highs.append(high)
    return lows, highs


def part(note: Note, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Return the stretch between commas around a place, brackets kept whole."""
    places = note.signs
    plain = note.plain
    low, high, depth = first, last, 0
    for index in range(bisect_left(places, start) - 1, -1, -1):
        i = places[index]
        if i < first:
            break
        sign = plain[i]
        if sign == ")":
            depth += 1
        elif sign == "(":
            depth -= 1
        elif depth == 0:
            low = i + 1
            break
    depth = 0
    for index in range(bisect_left(places, end), len(places)):
        i = places[index]
        if i >= last:
            break
        sign = plain[i]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif depth <= 0:
            high = i
            break
    return low, high


def set_aside(note: Note, sentence: Sentence) -> bool:
    """True for sentences that speak of no result of this patient: method, criteria of a trial, explanations."""
    return sentence.start in _aside(note)


def _aside(note: Note) -> set[int]:
    """Return the sentences, by their starts, that are set aside."""
    found: set[int] | None = note.memory.get("aside")
    if found is None:
        template, plain = note.cued_by("template"), note.plain
        found = note.memory["aside"] = {
            one.start for one in note.sentences if one.section in ("method", "trial") or one.start in template
        }
        if _OTHER_PATIENT.search(plain):
            found.update([one.start for one in note.sentences if _OPENS_OTHER.match(plain, one.start, one.end)])
        for rule in _RULES:
            cued = note.cued(rule)
            found.update(
                [
                    one.start
                    for one in note.sentences
                    if one.start in cued and rule.search(plain, one.start, one.end) is not None
                ]
            )
    return found


def told_sentences(note: Note) -> list[Sentence]:
    """Return the sentences that may speak of a result of this patient."""
    found: list[Sentence] | None = note.memory.get("told")
    if found is None:
        aside = _aside(note)
        found = note.memory["told"] = [one for one in note.sentences if one.start not in aside]
    return found


def own_sentences(note: Note) -> list[Sentence]:
    """Return the sentences that may speak of a result of this patient and do not open with a relative."""
    found: list[Sentence] | None = note.memory.get("own")
    if found is None:
        relatives = note.cued_by("family")
        found = note.memory["own"] = [
            one
            for one in told_sentences(note)
            if not (one.start in relatives or one.section == "family")
            or not of_family(note, one, one.start)
            or _LED_TO.search(note.plain, one.start, one.end) is not None
        ]
    return found


def own_starts(note: Note) -> frozenset[int]:
    """Return the starts of the sentences that `own_sentences` gives."""
    found: frozenset[int] | None = note.memory.get("own starts")
    if found is None:
        found = note.memory["own starts"] = frozenset([one.start for one in own_sentences(note)])
    return found


_LED_TO = Gated(
    r"\b(?:led to|prompted|resulted in|(?:was|is) why|because of which|for which) (?:her|him|she|he|the|an?|this)\b"
)
"""From a relative to the patient: "a strong family history led to a mammogram"."""


def of_family(note: Note, sentence: Sentence, start: int) -> bool:
    """True when a place speaks of a relative."""
    relatives = note.cued_by("family").get(sentence.start)
    if relatives is None:
        if sentence.section != "family":
            return False
        relatives = []
    if sentence.section == "family":
        return bool(relatives) or not _HERSELF.match(note.plain, sentence.start)
    first, last = clause(note, sentence, start, start)
    led = _LED_TO.search(note.plain, sentence.start, start)
    if led is not None and all(one.start < led.start() for one in relatives):
        return False
    if any(first <= one.start < last for one in relatives):
        return True
    # "mother breast ca; uncle gastric ca": a relative named before governs until the sentence ends.
    return any(one.start < start for one in relatives)


_OTHER_PATIENT = Gated(r"\b(?:previous|other|next|last|similar|recent|another) patient\b")
_OPENS_OTHER = re.compile(
    r"[\W\d]*(?:in |from |with |of |for )?(?:the |an? |my |our )?(?:previous|other|next|last|similar|recent|another) patient\b"
)
"""A sentence about somebody else: "In the previous patient of the list HER2 was 3+"."""
_RULES = tuple(Gated(one) for one in (
    r"\b(?:excl|incl)(?:usion)?\.?\s(?:criterion |crit\. |no\.? )?\d{1,2}\s?[:.)]",
    r"(?:\b[0-3]\s?\+|\bscore [0-3]|\bratio|\bcopies|\bsignals|\bihc|\bfish|\bish)\)?\s(?:\w+\s){0,2}?(?:requires?|denotes?|means|corresponds? to|is (?:assigned|given|called|scored|negative|positive|equivocal|non-?amplified|amplified) (?:when|if|where|only))\b",
    r"\b(?:an average of|a ratio of|copies of|signals of) (?:at least|more than|less than|≥|>|<|≤)(?:[^.;]|\.\d){0,120}\b(?:is|are) (?:negative|positive|equivocal|amplified|group)\b",
    r"\bher-?2[^.;]{0,60}\b(?:is|are) (?:required|needed|necessary|mandatory) (?:for|to) (?!confirm|further|definit|classif|clarif|establish)",
    r"\b(?:approved|licen[cs]ed|reimbursed|funded) (?:for|in)\b[^.;]{0,40}\bher-?2",
    r"(?:\b[0-3]\s?\+|\bscores? (?:of )?[0-3]|\bratios?[^.;]{0,24}|\bcopies[^.;]{0,16}|\bher-?2[ -](?:low|ultralow|zero|null)|\bstaining[^.;]{0,40})\)?\s(?:is|are) considered\b",
    r"\b(?:ratios?|copies|signals|scores?)\b(?:[^.;]|\.\d){0,24}\bor (?:more|higher|greater|above|less|lower|fewer)\b[^.;]{0,30}\b(?:is|are|means|indicates?|defines?)\b",
    r"\b(?:is|are) considered (?:her-?2[ -])?(?:positive|negative|equivocal|low|ultralow) (?:if|when|where|only)\b",
    r"\b(?:is|are) seen in [^.;]{0,48}\b(?:cancers|carcinomas|adenocarcinomas|patients|cases|tumou?rs|women|biopsies)\b",
    r"\b(?:occurs?|found|seen|present|reported|detected|observed) in (?:about |approximately |around |up to |roughly |~)?\d{1,2}(?:\s?[-–]\s?\d{1,2})?\s?% of (?:[^.;]{0,40}\b(?:cancers|carcinomas|adenocarcinomas|patients|cases|tumou?rs|women)\b|m?(?:crc|nsclc|bc|gc|btc|tnbc)s?\b)",
    r"\b(?:is|are|will be|should be) (?:\w+ )?(?:performed|done|reflexed|tested|sent|required|recommended|indicated)\b[^.;]{0,24}\b(?:when|if|whenever|for all|in all)\b",
    r"\b(?:cases|tumou?rs|samples|specimens|results|scores) (?:are|will be|should be) (?:\w+ )?(?:reflexed|sent|tested|referred|confirmed|repeated)\b",
    r"\b3\s?\+[\s,(]{1,3}or (?:her-?2 )?(?:ihc )?2\s?\+[\s,/(]{0,3}(?:with|and|plus|/|fish|ish)\b",
    r"\bper (?:the )?(?:asco|cap|asco/?cap|guidelines?)\b[^.;]{0,30}\b(?:the (?:tumou?r|case|sample)|such (?:tumou?rs|cases)|cases|these|they|it)\b[^.;]{0,12}\b(?:is|are) (?:reported|considered|called|classified|regarded)\b",
    r"(?:\b(?:mutated|mutant|positive|negative|low|high|amplified|deficient|stable|msi-?h|dmmr|pmmr)|[0-3]\s?\+)\s(?:(?:breast|gastric|lung|colorectal|biliary|endometrial)\s)?(?:tumou?rs|cancers|patients|cases|carcinomas|adenocarcinomas|women|people)\s(?:do|does|respond\w*|benefit\w*|may|are|have|tend|would|can|could|will|usually|often|rarely|seldom|live)\b",
    r"\b(?:trial|series|registry|paper|meta-?analysis)\s(?:\w{1,12}\s)?(?:saw|had|reported|recorded|noted)\b",
    r"\b(?:trial|study|protocol)\s(?:\w{1,12}\s)?(?:forbids?|prohibits?|bans?|excludes?|does not (?:allow|permit))\b",
    r"\b(?:trial|study|protocol|cohort|arm)\s(?:\w{1,12}\s)?(?:needs?|requires?|asks for|wants|takes|accepts|allows|looks for)\s(?:[a-z-]+\s){0,3}(?:her-?2|ihc|er|pr|hr|[0-3]\s?\+)",
    r"\b(?:calls?|reports?|defines?|scores?)\s(?:it|this|them|a case|a tumou?r|tumou?rs|cases)\s[^.;]{0,40}\b(?:when|if|where|as soon as)\b",
    r"\bdr\.?\s+(?:[a-z]+['’]s\s)?(?:patient|lady|man|woman|case)\b",
    r"\b(?:insertions|mutations|amplifications|fusions|variants|alterations)\s(?:(?:are|can be|may be|is) (?:treated|targetable|targeted|sensitive|resistant|common|rare|known|seen in|found in)|respond|confer|predict|occur)\b",
    r"\b(?:trial|study|protocol|cohort|arm|label|drug)\s(?:is|was|are|would be)\s(?:only\s|meant\s|open\s|restricted\s|limited\s|reserved\s){0,2}(?:for|to)\s",
    r"\b(?:cps|tps|tmb|ki-?67|pd-?l1)\b[^.;]{0,16}\bor (?:more|higher|greater|above|less|lower)\b[^.;]{0,30}\b(?:is|are|may|can|must|needed|required)\b",
    r"\b(?:is|are) (?:very |rather |quite |extremely )?(?:rare|common|uncommon|frequent|infrequent|unusual|seldom) in (?:this|these|such|breast|gastric|lung|colorectal|biliary)\b",
    r"\b(?:woman|man|lady|patient|someone)s? in (?:the|that|this|another) (?:trial|study)\b",
    r"\b(?:is|are) (?:only |now |also )?(?:approved |licen[cs]ed |meant |indicated |intended |reserved )?for (?:patients with |women with |people with |adults with |use in )?(?:her-?2|er|hr|pr)[\s+-]",
    r"\b(?:auto-?populated|auto-?filled|smart-?link|does not reflect|not updated since)\b",
    r"\bcontrols?(?: slides?| tissue)?\s?:\s?(?:er|pr|pgr|her-?2)\b",
    r"\b(?:enrol(?:l)?ed|included|recruited|randomi[sz]ed|accepts|admits)\s(?:only\s|women\s|patients\s|with\s|those\s){0,3}(?:her-?2|ihc)\b",
))  # fmt: skip
"""What a score or a ratio is by rule, said of no sample: "score 3+ requires intense staining"."""


def context(note: Note, start: int, end: int) -> Context:
    """Return what the words around a stretch say of it."""
    known = note.contexts.get((start, end))
    if known is None:
        known = note.contexts[start, end] = _context(note, start, end)
    answer: Context = known
    return answer


def _context(note: Note, start: int, end: int) -> Context:
    sentence = note.sentence(start)
    plain = note.plain
    sign = plain[end : end + 1]
    if sign.isspace():
        sign = plain[end + 1 : end + 2]
    if sign == "n" and (
        plain.startswith((" no - ", " no, sorry", " no – "), end) or _BARE_N.match(note.text, end) is not None
    ):
        return _DENIED
    asked = plain.find("?", end, end + _TAIL) if sign.isalpha() else -1
    if asked > 0 and _TAIL_OF_QUESTION.fullmatch(plain, end, asked):
        end, sign = asked, "?"  # "brain metastases known? No."
    answered = sign in _ANSWERS
    if not answered and sentence.start in _quiet(note) and not note.tabbed:
        return _NOTHING
    negated = unsure = planned = hypothetical = resolved = False
    cues: list[CueHit] = []
    if sentence.start in _turned(note):
        first, last = clause(note, sentence, start, end)
        cues = note.cues_in(first, last, *_TURNS)
        low, high = part(note, first, last, start, end) if cues else (first, last)
    for cue in cues:
        before = cue.end <= start
        after = cue.start >= end
        if not (before or after):
            if "negation" in cue.kinds and cue.start >= start and cue.end <= end:
                continue
            before = True
        for kind in cue.kinds:
            if (kind == "negation" and before and _reaches(note, cue, start, low)) or (
                kind == "negation_after" and after and cue.start < high and _follows(note, start, end, cue)
            ):
                negated = True
            elif kind == "unsure" and (
                (before and (cue.start >= low or cue.end - cue.start > 1)) or (after and cue.start < high)
            ):
                unsure = True
            elif kind == "planned":
                planned = True
            elif kind == "hypothetical":
                hypothetical = True
            elif kind == "resolved" and ((before and cue.start >= low) or (after and cue.start < high + 24)):
                resolved = True
    if answered:
        negated = negated or _SAID_NO.match(plain, end) is not None
        unsure = unsure or _ASKED.match(plain, end) is not None
    if not negated and note.tabbed and note.text.find("\t", end, end + _ROW) >= 0:
        negated = _ANSWERED_NO.match(note.text, end) is not None
    family = of_family(note, sentence, start)
    return _made(negated, unsure, family, planned, hypothetical, resolved, set_aside(note, sentence))


_TURNS = ("negation", "negation_after", "unsure", "planned", "hypothetical", "resolved")


def _turned(note: Note) -> Container[int]:
    """Return the sentences, by their starts, with a word that denies, doubts or plans."""
    found: Container[int] | None = note.memory.get("turned")
    if found is None:
        found = note.memory["turned"] = frozenset([start for kind in _TURNS for start in note.cued_by(kind)])
    return found


_made = lru_cache(maxsize=256)(Context)
"""Contexts are few and asked for often."""
_DENIED = _made(True, False, False, False, False, False, False)
"""What is taken back at once: "the cisplatin no - the oxaliplatin"."""
_NOTHING = _made(False, False, False, False, False, False, False)


def _quiet(note: Note) -> frozenset[int]:
    """Return the sentences, by their starts, that hold no word by which anything is denied, doubted, planned or set aside."""
    found: frozenset[int] | None = note.memory.get("quiet")
    if found is None:
        loud = {start for kind in (*_TURNS, "family") for start in note.cued_by(kind)}
        found = note.memory["quiet"] = frozenset(
            [one.start for one in told_sentences(note) if one.start not in loud and one.section != "family"]
        )
    return found


_TAIL = 40
_TAIL_OF_QUESTION = re.compile(
    r"(?:\s(?:known|ever|present|suspected|diagnosed|currently|now|today|confirmed|active|documented|had|or|in the past|previously|before|at baseline)){1,4}\s?"
)
"""What may stand between a name and the question mark of a form."""
_BARE_N = re.compile(r"\sN(?=[.;,\n]|\s{2}|\t|$)")
"""The answer of a form: "Diabetes N. Heart disease N."."""
_ROW = 82
_ANSWERED_NO = re.compile(r"[^\t\n]{0,80}\t[\t ]*(?:N|No|NO)(?=[\t ]*(?:\t|\n|$))")
"""The next cell of a row of questions says no."""
_ANSWERS = "?(-–:="
"""The signs with one of which a question or its answer begins."""
_ASKED = re.compile(r"\s?\?")
_SAID_NO = re.compile(
    r"\s?(?:\([^()\n]{0,24}\)\s?)?(?:\?\s?[-–:]?\s?(?:no|none|nil|n)\b(?=\s*(?:[-–,.;:(\n|]|$|excluded|not\b|ruled))"
    r"|[-–]\s?(?:no|none|nil)\b(?=\s*(?:[,.;:(\n|]|$|excluded|this|that|it|not)\b)|(?<=\s)[-–]\s?(?:no|none|nil)(?=\s*(?:[,.;:(\n|]|$))"
    r"|[:=]\s?(?:no|none|nil|n)(?=\s*(?:[,.;(\n|\t]|$)|\s+[a-z][a-z /-]{1,30}[:=?]))"
)
"""A question that is answered no: "cirrhosis? - no", "ILD: no", "hepatitis B - no, this was an error"."""


_ANSWER = re.compile(r"[-–:=?]\s?$")
_SINCE = re.compile(r"\w\s(?:since|apart from|other than|beyond|except(?: for)?)\s(?:the|her|his|that|an?)\s")
_HABIT = re.compile(r"[\s-](?:smok\w+|tobacco|drink\w*|drank|alcohol|etoh|married)\b")
"""What a denial before a comma says of habits ends there: "never smoker, lung adenocarcinoma"."""


def _reaches(note: Note, cue: CueHit, start: int, low: int) -> bool:
    """True when a denial before a name reaches it: over "or" lists, not over a comma that opens a statement."""
    between = note.plain[cue.end : start]
    if _SINCE.search(between):
        return False  # "no fevers since the pneumonia": what went before it was there
    if note.text[cue.end : cue.end + 1] == "\t" and _ANSWER.search(note.plain, max(0, cue.start - 4), cue.start):
        return False  # a cell that answers the question before it
    if (
        cue.end - cue.start < 5
        and _ANSWER.search(note.plain, max(0, cue.start - 4), cue.start)
        and between[:1] in ",;.("
    ):
        return False  # "diabetes - no, hypertension": an answer to the name before it
    if ("(" in between) != (")" in between):
        return False  # what is denied within brackets is not denied outside, nor the other way round
    if cue.start >= low:
        return len(between) < 60
    if _HABIT.match(between):
        return False
    parts = between.split(",")
    return len(between) < 90 and all(not _STATES.search(one) and len(one.split()) <= 4 for one in parts)


def _follows(note: Note, start: int, end: int, cue: CueHit) -> bool:
    """True when a denial behind a name is about it: a short way off, and not the verdict of the next name.

    "HER2-positive and ER negative": what has its own verdict is not denied by the word behind another name.
    """
    if cue.start - end > 24 or "(" in note.plain[end : cue.start]:
        return False
    verdict = note.plain[cue.start : cue.end] in _VERDICTS and _VERDICT.search(note.plain, start, end)
    return not (verdict and _NAME_BETWEEN.search(note.plain, end, cue.start))
