"""Side effects of treatment: with a grade anywhere, without one under a heading of them or named with their drug."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, of_family
from her2nav.intake.notes.dates import Mention
from her2nav.intake.notes.fields.graded_rows import Row, graded_row, put_row
from her2nav.intake.notes.fields.ticked_grades import ticked_grades
from her2nav.intake.notes.fields.told_effects import EFFECTS, told_effects
from her2nav.intake.notes.found import Entry, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

GRADE = r"(?:(?:nci[- ])?(?:ctcae |ctc )?grade|grado|ctc(?:ae)?|gr\.?|g)\s?[-:]?\s?(?P<g>[1-5]|i{1,3}\b|iv\b)(?![\d/%+]|\.\d|\s?(?:or|and) (?:more|higher|above|worse|greater)|\s?(?:≥|/\d))"
GRADE_BEFORE = re.compile(
    rf"\b{GRADE}(?:\s?[-/]\s?[1-5])?[\s,:()-]*(?:(?:residual|persistent|ongoing|mild|chronic|sensory|peripheral|periph\.?|intermittent|chemotherapy[- ]induced|immune[- ]related|treatment[- ]related|docetaxel|paclitaxel|oxaliplatin|taxane|of|the|transient)[\s-]*){{0,3}}$"
)
GRADE_AFTER = re.compile(
    rf"^(?:\s(?:of|in) (?:the |her |his |both )?(?:feet|toes|hands|fingers|fingertips|legs))?(?:\s(?:left )?(?:from|after|due to) (?:the )?[a-z-]+\s(?=\())?[\s,:(–-]*(?:ctcae |was |of |is |remains |now |at |currently )*{GRADE}"
)
_PARTED = re.compile(r"[,;:]")
_STOPPED_FOR = Gated(
    r"\b(?:stopped|discontinued|ceased|dc'?d|held|dropped|withdrawn|d/c|interrupted)\b[^.;]{0,40}?\b(?:for|due to|because of|owing to|after|secondary to)\b[^.;]{0,40}$"
    r"|\b(?:delayed|postponed|deferred|held|skipped|omitted)\b[^.;()]{0,24}\([\w ,]{0,16}$"
)
"""A side effect as the reason of an end: whether it lasts is not said."""
_GRADE_NOW = re.compile(
    rf"(?:\s?(?:->|→|=>)\s?|[\s,;(–-]{{1,3}}(?:but )?(?:still|now|currently|remains|today|improved to|down to)|[^.;]{{0,40}}?\b(?:improved|settled|recovered|reduced|down|fallen|resolved|back) to)\s?(?:at |a )?{GRADE}"
)
"""The grade that it has now, behind the one that it had: "grade 2 neuropathy, still grade 1"."""
_GRADE_LATER = re.compile(
    rf"[.;\s]{{0,4}}(?:it|this|that|these|which)\s(?:has |have |is |are |was |were )?(?:now |since |slowly |gradually |partly |meanwhile )?(?:come down|gone down|improved|settled|fallen|reduced|eased|recovered|dropped|down)\sto\s(?:a )?{GRADE}"
)
"""The grade that it has now, told as the beginning of the next sentence: "This has come down to grade 1"."""
_LASTING = Gated(
    r"\b(?:residual|persist\w+|ongoing|still|remains|current(?:ly)?|continu\w+|mild ongoing|chronic|persistente|now g\d)\b"
)
OVER = Gated(
    r"\b(?:resolved|recovered|settled|healed|subsided|disappeared|abated|(?<=diarrhoea )stopped|(?<=, )stopped within|resuelt\w|none ongoing|now gone|(?:has|have|had) gone(?! on)|(?:is|are) (?:now |all |completely )?gone\b|gone now|recoverd|(?:has|have|had) not (?:come back|returned|recurred|been back)|did not (?:come back|return|recur)|(?:is |are |was |were |now |[(,] ?)over(?= (?:since|now|by|in)\b|\s*(?:[.;,)]|$))|went away|cleared up|improved to (?:grade|g) ?0|completely|none (?:this (?:time|cycle|week|visit)|now|since|today))\b"
)


def grade_of(written: str) -> int:
    """Return a CTCAE grade of a digit or a Roman number."""
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(written) or int(written)


_ALLERGIC = re.compile(
    r"\b(?:urticaria|hives|wheez\w+|anaphyla\w+|allerg\w+|hypersensitiv\w+|infusion reactions?|itch\w*|rigors?|chills|chlorphen\w+|diphenhydr\w+)\b|\b(?:first|slower|stopp\w+ the|during the) (?:infusion|rate)\b"
)
_VERB = 16
"""So far before it may stand the verb of an effect that is told in plain words: "I feel sick and tired"."""
_PRESENT = re.compile(r"\b(?:is|are|still|feels?|get|gets|remains?|always|often)\b")
_EVER_SINCE = re.compile(r",?\s(?:ever )?since\b")
_ALL_OVER = re.compile(
    r"[^.;]{0,70}?(?:[,;]\s\(?(?:which\s|they\s|these\s)?(?P<n>both|all)(?:\sof\s(?:which|them|these))?(?:\s(?:now|have|has|since|had|are|is|fully|completely)){0,4}|\s(?:have|are|had)\s(?:now\s|since\s)?(?P<m>both|all)(?:\s(?:now|since|fully|completely)){0,2})\s(?:resolved|settled|recovered|gone|healed|disappeared|cleared|subsided|better)\b"
)
_OVER_NEXT = re.compile(
    r"[.;\s]{0,4}(?:(?:it|this|these|they|both|all|that)\s)?(?:(?:has|have|had|was|were|now|since|all|completely|fully)\s){0,3}(?:settled|resolved|recovered|cleared|went away|gone|healed)\b"
)
"""That side effects are over, told at the end of their list, or as the beginning of the next sentence."""
_LASTS = re.compile(r"(?:\s(?:from|due to|after)\s(?:(?:the|my|her|his)\s)?[\w-]+)?\s(?:persists|ongoing|remains)")
_OF_LUNG = re.compile(r"(?:ild|pneumonitis|lung_inflammation)")
_BUT_OVER = re.compile(
    r"[^.;,]{0,16}\bbut (?:has |have |had |is |are )?(?:now |since |all )?(?:healed|resolved|settled|recovered|gone|better)\b"
)
_PAST = re.compile(r"\b(?:previous(?:ly)?|past|resolved)\s(?:\w+\s){0,2}$")


def read_toxicities(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read side effects: with a grade anywhere; without one under a heading of them, or named with their drug."""
    if sentence.section in ("allergies", "medications"):
        return
    ontology = note.words.knowledge.toxicities
    drugs = note.words.knowledge.drugs
    if _OF_OTHERS.search(note.plain, sentence.start, sentence.end):
        return
    hits = note.hits_in(sentence.start, sentence.end, "toxicity")
    told_so = list(told_effects(note, sentence)) if sentence.start in note.cued(EFFECTS) else []
    if told_so:
        named = [one for one in hits if not any(other.start < one.end and one.start < other.end for other in told_so)]
        hits = sorted([*named, *told_so], key=lambda one: one.start)
    ticked = ticked_grades(note)
    for i, hit in enumerate(hits):
        if any(one.start <= hit.start < one.end for one in hits[:i]):
            continue
        identifier = str(hit.id("toxicity"))
        span = (hit.start, hit.end)
        said = context(note, *span)
        if said.family or said.negated or said.unsure or said.template or of_family(note, sentence, hit.start):
            continue
        if _TO_HOLD.search(note.plain[max(sentence.start - 1, 0) : hit.start]):
            continue
        flushing = identifier == "hot_flushes" and note.plain[hit.start : hit.end] == "flushing"
        if flushing and _ALLERGIC.search(note.plain, sentence.start, sentence.end):
            continue  # "flushing and urticaria on carboplatin"
        first, last = clause(note, sentence, *span)
        before = GRADE_BEFORE.search(note.plain[max(sentence.start, hit.start - 60) : hit.start])
        after = GRADE_AFTER.match(note.plain[hit.end : hit.end + 64])
        if before and _graded_before(note, sentence, hit, before):
            before = None
        reach = hits[i + 1].start if i + 1 < len(hits) else sentence.end
        if after and i + 1 < len(hits) and _of_next(note, hit, hits[i + 1], hit.end + after.end("g")):
            after = None
        row = graded_row(note, sentence, hit, reach) if not (before or after) else None
        if (line := note.line(hit.start)) in ticked:
            grade_ticked = ticked[line] if not i or note.line(hits[i - 1].start) != line else None
            if grade_ticked is None:
                continue
            row = Row(grade_ticked, span, None, None)
        if row is not None and row.grade == 0:
            continue
        far = None if before or after or row else _grade_apart(note, hit, reach, last=i + 1 == len(hits))
        cause = cause_beside(note, sentence, hit) or cause_apart(note, sentence, hit, reach)
        grade = before or after or far
        cause = cause or (cause_of_line(note, sentence, hit) if grade else None)
        lasting = _LASTING.search(note.plain, max(first, hit.start - 24), hit.start) or _LASTS.match(
            note.plain[hit.end : hit.end + 40]
        )
        told_there = lasting or ((before or after) and (cause or _heads_item(note, sentence, hit)))
        if sentence.section == "plan" and not (grade and told_there and not (said.planned or said.hypothetical)):
            continue
        stop = _next_toxicity(note, hit, last)
        over = (
            OVER.search(note.plain, hit.end, stop)
            or _BUT_OVER.match(note.plain, hit.end, sentence.end)
            or _PAST.search(note.plain[first : hit.start])
        )
        over = over or _over_together(note, sentence, hits, hit)
        if not over and i + 1 == len(hits):
            over = (stop == last and _OVER_NEXT.match(note.plain, last)) or _OVER_NEXT.match(note.plain, sentence.end)
        if hit in told_so and not over:
            lasting = (
                lasting
                or _PRESENT.search(note.plain, max(sentence.start, hit.start - _VERB), hit.end)
                or _EVER_SINCE.match(note.plain, hit.end)
            )
        since = hit in told_so and bool(_EVER_SINCE.match(note.plain, hit.end))
        told = bool((cause or since) and (lasting or over or _HAS.search(note.plain, first, hit.start)))
        told = told or (cause is not None and _REPLACED.match(note.plain, cause[1][1], sentence.end) is not None)
        told = told and not any(one is not hit and one.id("toxicity") == identifier for one in hits)
        if (_OF_LUNG.search(identifier) and not (grade and cause)) or (
            grade is None and row is None and not (sentence.section == "toxicity" or told)
        ):
            continue
        if sentence.section == "history" and grade is None:
            continue
        entry = Entry("toxicities")
        term = ontology.terms[identifier]
        entry.put("name", term.name.lower(), span)
        if grade:
            where = max(sentence.start, hit.start - 60) + grade.start() if before else hit.end + grade.start()
            where = far.start() if far else where
            now = _GRADE_NOW.match(note.plain, max(hit.end, where + grade.end() - grade.start()))
            if now:
                entry.put("grade", grade_of(now["g"]), now.span("g"))
                lasting = now
            entry.put("grade", grade_of(grade["g"]), (where, where + grade.end() - grade.start()))
            later = _GRADE_LATER.match(note.plain, last) if i + 1 == len(hits) and last >= sentence.end - 1 else None
            if later is not None and not now:
                entry.values["grade"], entry.spans["grade"] = grade_of(later["g"]), later.span("g")
                lasting = later
        if row is not None:
            put_row(entry, row, span)
        elif not (over or lasting) and _of_ended_course(note, sentence, hit):
            pass
        elif over or lasting or not _STOPPED_FOR.search(note.plain, first, hit.start):
            entry.put("ongoing", not over, span)
        if cause:
            entry.put("due_to", drugs.drugs[cause[0]].name, cause[1])
        when = _day(note, hit, min(reach, stop))
        if when is not None:
            entry.put("date", str(when.value), (when.start, when.end))
        yield entry


def _over_together(note: Note, sentence: Sentence, hits: list[Hit], hit: Hit) -> re.Match[str] | None:
    """Return the words where both of the last two, or all, are said to be over behind the last of them."""
    match = _ALL_OVER.match(note.plain, hit.end, sentence.end)
    if match is None:
        return None
    named = [one for one in hits if one.end <= match.start("n" if match["n"] else "m")]
    return match if hit in (named[-2:] if "both" in (match["n"], match["m"]) else named) else None


_ITEM = re.compile(rf"[\W\d]*(?:{GRADE}[\s:]*)?")
_ADVICE = re.compile(
    rf"[\s,(]*(?:{GRADE}\s?\)?)?\s?(?::|->|→|=|\b(?:hold|stop|reduce|give|start|call|interrupt|delay|discontinue)\b)"
)
"""What is to be done should it happen: "diarrhoea grade 2: loperamide"."""


def _heads_item(note: Note, sentence: Sentence, hit: Hit) -> bool:
    """True for a problem that opens its line in a plan: "2. Thrombocytopenia gr 1", "Grade 3 neutropenia, uncomplicated"."""
    return (
        _ITEM.fullmatch(note.plain, sentence.start, hit.start) is not None
        and _ADVICE.match(note.plain, hit.end, sentence.end) is None
    )


def _of_next(note: Note, hit: Hit, following: Hit, end: int) -> bool:
    """True for the grade of what follows: "nausea, grade 2 fatigue"; a name with a grade behind it has its own."""
    if note.plain[end : following.start].strip() or not _PARTED.search(note.plain, hit.end, end):
        return False
    return GRADE_AFTER.match(note.plain[following.end : following.end + 64]) is None


def _of_ended_course(note: Note, sentence: Sentence, hit: Hit) -> bool:
    """True in the row of a course that ended: "17.11.2025 - 02.03.2026 docetaxel, 6 cycles, diarrhoea grade 2"."""
    told = [one.value for one in note.dates.within(sentence.start, hit.start) if one.value]
    ended = len(told) > 1 and note.day is not None and told[-1].high < note.day.low
    return ended and told[-2].low < told[-1].low


_OF_OTHERS = Gated(
    r"\bof patients\b|\bin the (?:study|trial)\b|\bdose (?:reduction|modification|adjustment)s? (?:table|rules?|schedule|criteria|levels?)\b"
)
"""Sentences that tell what others had, or what is to be done should it happen."""
_REPLACED = re.compile(
    r"(?:\s?\([^()\n]{0,30}\))?,?\s(?:now )?(?:on|treated with|replaced with|requiring|managed with)\s(?:levo)?(?:thyroxine|hydrocortisone|insulin|replacement)\b"
)
"""What follows a gland that a drug has put out of work: "hypothyroidism from pembrolizumab, now on thyroxine"."""
_HAS = re.compile(r"\b(?:has|have|having|gets|getting|developed|had|left with|ongoing)\b[^.;,]{0,24}$")
_FAR = 70
_APART = re.compile(rf"(?<![\w]){GRADE}")
_BROKEN = re.compile(r";|\.\s|\b(?:nyha|if|unless|hold|omit|reduce|reduction|no|not|nil|none|denies|without)\b")
_NEXT_IS = re.compile(r"[\s)]{0,2}(?:of |sensory |residual |peripheral )?$")


def _grade_apart(note: Note, hit: Hit, reach: int, *, last: bool) -> re.Match[str] | None:
    """Return a grade further behind a name, with no other name between: "Diarrhoea max 3/day above baseline (G1)"."""
    found = _APART.search(note.plain, hit.end, min(reach, hit.end + _FAR))
    if found is None or _BROKEN.search(note.plain, hit.end, found.start()):
        return None
    of_next = not last and found.end() > reach - 4 and _NEXT_IS.match(note.plain, found.end(), reach)
    if of_next and ("(" in note.plain[hit.end : found.start()] or _PARTED.search(note.plain, hit.end, found.start())):
        return None  # "nausea, grade 2 fatigue": the grade of what follows
    return found


_CAUSE_LED = re.compile(
    r"(?:\b(?:from|under|due to|secondary to|after|during|attributed to|caused by|related to|on|with)\s(?:the |prior |previous |her |his )?|[(\[])$"
)
_MANAGED = re.compile(
    r"\b(?:managed|treated|controlled|settled|resolved|improved|started|replaced|helped) (?:with|on|by)\s$"
)


def cause_apart(note: Note, sentence: Sentence, hit: Hit, reach: int) -> tuple[str, Span] | None:
    """Return the anticancer drug further behind a side effect, with a word that makes it the cause."""
    ontology = note.words.knowledge.drugs
    for drug in note.hits_in(hit.end, min(reach, sentence.end, hit.end + _FAR), "drug"):
        name = str(drug.id("drug"))
        called = _IS_CAUSE.match(note.plain, drug.end)
        if _PARTED_CAUSE.search(note.plain, hit.end, drug.start) and not (
            called and not _PARTED_FAR.search(note.plain, hit.end, drug.start)
        ):
            return None
        led = called or _CAUSE_LED.search(note.plain, hit.end, drug.start)
        if led is None or _MANAGED.search(note.plain, hit.end, drug.start) or name not in ontology.drugs:
            continue
        if "systemic_therapy" in ontology.possible_terms_of(name):
            return name, (drug.start, drug.end)
    return None


_IS_CAUSE = re.compile(
    r"\s(?:is |was |as |being |likely |probably |presumed )*(?:the )?(?:most likely |likely |probable )?(?:cause\b|culprit\b|responsible\b|to blame\b)"
)
"""A drug that is called the cause: "ILD, grade 2, T-DXd the cause"."""
_PARTED_CAUSE = re.compile(
    r";|,(?!\s(?:from|due to|caused by|which|that|(?:grade|gr|g)\s?\d)\b)|\.\s|\b(?:and|but|so|then)\b"
)
_PARTED_FAR = re.compile(r";|\.\s|\bno\b|\bnot\b")
_DAY_LED = re.compile(r"(?:\b(?:in|on|from|since|of)\s(?:early |late |mid )?|\()$")
_DAY_OF_END = re.compile(r"\b(?:resolved|recovered|settled|improved|stopped|until|held|treated)\b")


def _day(note: Note, hit: Hit, stop: int) -> Mention | None:
    """Return the day on which a side effect is said to have come."""
    for one in note.dates.within(hit.end, stop)[:1]:
        led = _DAY_LED.search(note.plain, hit.end, one.start)
        if one.value and one.exact_order and led and not _DAY_OF_END.search(note.plain, hit.end, one.start):
            return one
    return None


def _graded_before(note: Note, sentence: Sentence, hit: Hit, before: re.Match[str]) -> bool:
    """True where the grade before a name belongs to the name before it: "neuropathy G2, alopecia"."""
    low = max(sentence.start, hit.start - 60)
    start, end = low + before.start(), low + before.end("g")
    if not _PARTED.search(note.plain, end, hit.start):
        return False
    earlier = note.hits_in(max(sentence.start, start - 40), start, "toxicity")
    return bool(earlier) and not _PARTED.search(note.plain, earlier[-1].end, start)


def _next_toxicity(note: Note, hit: Hit, last: int) -> int:
    later = note.hits_in(hit.end, last, "toxicity")
    return later[0].start if later else last


_ACUTE = frozenset({"diarrhoea", "nausea", "vomiting", "neutropenia", "thrombocytopenia", "febrile_neutropenia", "mucositis", "fatigue", "anaemia", "rash", "hand_foot_syndrome", "infusion_reaction", "liver_enzymes"})  # fmt: skip
"""What comes with the cycles of a drug and goes with them; what stays for long may be of an earlier drug."""
_COURSE_TOLD = re.compile(r"\b(?:cycles?|courses?|c\d{1,2}|reduc\w+|dose|best response|pr|sd|cr|response)\b")


def cause_of_line(note: Note, sentence: Sentence, hit: Hit) -> tuple[str, Span] | None:
    """Return the one drug whose course the line, or the sentence, tells before a side effect that came in a cycle of it."""
    if hit.id("toxicity") not in _ACUTE:
        return None
    ontology = note.words.knowledge.drugs
    first = min(sentence.start, note.line_starts[note.line(hit.start) - 1])
    drugs = note.hits_in(first, hit.start, "drug", "regimen")
    named = {one.id("drug") or one.id("regimen") for one in drugs}
    name = str(drugs[0].id("drug")) if len(named) == 1 else ""
    if name not in ontology.drugs or "systemic_therapy" not in ontology.possible_terms_of(name):
        return None
    end = drugs[-1].end
    told = [one for one in note.dates.within(end, hit.start) if one.value]
    later = note.hits_in(hit.end, min(sentence.end, hit.end + _FAR), "drug", "regimen")
    between = note.plain[end : hit.start]
    if not told or later or not _COURSE_TOLD.search(between) or _OTHER_COURSE.search(between):
        return None
    return name, (drugs[0].start, drugs[0].end)


_OTHER_COURSE = re.compile(
    r"\b(?:then|followed by|before that|previously|prior|earlier|chemo\w*|radio\w*|since)\b[^.;]{0,30}$|\n"
)


_BESIDE = 60
_CAUSE_BEFORE = re.compile(r"(?:[\s-]|induced|related|associated|sensory|peripheral|grade|g\d|\d|:|\()*")
_BROUGHT = re.compile(
    r"\s(?:has |have |had )?(?:also )?(?:left (?:her|him|me|them) with|gave (?:her|him|me)|given (?:her|him|me)|caused|brought(?: on)?|led to|resulted in|produced|triggered)\s(?:(?:a|an|some|bad|severe|mild|nasty|troublesome|persistent|permanent|her|his|my|the|(?:ctcae )?(?:grade|gr|g)\s?[1-4])\s){0,3}$"
)
"""What a drug did, before the side effect: "cisplatin left her with hearing loss"."""
_AFTER_EACH = re.compile(r"\b(?:after|with|on|following|since)\s(?:each|every|the|my|her|his|starting)?\s?$")
_THEN_I = re.compile(r"\s?(?:infusion|dose|cycle|treatment|round|drip)?,?\s(?:i|she|he|we)\s[a-z\s]{0,40}$")
"""A drug before what it brings each time: "After each Enhertu I feel sick"."""
_CAUSE_BEHIND = re.compile(
    r"[\s,(]*(?:(?:in|of) (?:the |her |his |both )?(?:feet|toes|hands|fingers|toes|fingertips|hands and feet|fingers and toes|feet and hands)[\s,]*)?(?:(?:grade|g|gr) ?\d\s?\)?[\s,]*\(?)?(?:left\s|persist\w*,?\s|ongoing,?\s|remain\w*\s)?(?:(?:(?:that |which )?(?:she|he) (?:has )?had )?(?:from|(?:ever )?since|on|under|during|due to|with|secondary to|after|to|por|(?:uncomplicated, |probably |likely |clearly |thought )*(?:attributed to|in relation (?:with|to)|related to))\s(?:prior |the |my |her |his )?|(?<=\())"
)


_TO_HOLD = re.compile(
    r"(?:^\s*|[.:;,\n-]\s?|\b(?:to|please|would|will|must|then)\s)(?:with)?(?:hold|stop|delay|reduce|pause|discontinue|interrupt|admit)\s(?:it |treatment |the drug |chemo\w* |the dose )?(?:for|at|on|if|with|in case of)\s(?:any |a )?$"
)
"""What is to be done if it comes: "hold for neutropenia grade 4"."""
_RELIEVED = re.compile(r"[\s,]*(?:with|on)\s(?:prn |regular |occasional |oral )?")
"""A medicine that is taken for it: "migraine, with sumatriptan when needed"."""
_GRADED_COMMA = re.compile(rf"[\s(]*{GRADE}\s?\)?,\s")
_CLOSES = re.compile(r"\s?(?:[.,;)\n]|$)")
"""A drug between commas behind the grade: "thrombocytopenia gr 1, T-DM1, follow"."""


def cause_beside(note: Note, sentence: Sentence, hit: Hit) -> tuple[str, Span] | None:
    """Return the drug right before a side effect, or behind "from", "on", "due to"."""
    ontology = note.words.knowledge.drugs
    for drug in reversed(note.hits_in(max(sentence.start, hit.start - _BESIDE), hit.start, "drug")):
        between = note.plain[drug.end : hit.start]
        brought = _BROUGHT.match(between) is not None
        if (brought or _CAUSE_BEFORE.fullmatch(between)) and drug.id("drug") in ontology.drugs:
            return str(drug.id("drug")), (drug.start, drug.end)
    for drug in reversed(note.hits_in(max(sentence.start, hit.start - _FAR), hit.start, "drug")):
        led = _AFTER_EACH.search(note.plain, max(sentence.start, drug.start - 16), drug.start)
        if led and _THEN_I.match(note.plain, drug.end, hit.start) and drug.id("drug") in ontology.drugs:
            return str(drug.id("drug")), (drug.start, drug.end)
    for drug in note.hits_in(hit.end, min(sentence.end, hit.end + _BESIDE), "drug"):
        between = note.plain[hit.end : drug.start]
        if _RELIEVED.fullmatch(between) and "systemic_therapy" not in ontology.possible_terms_of(str(drug.id("drug"))):
            continue
        if (
            _CAUSE_BEHIND.fullmatch(
                between,
            )
            and drug.id("drug") in ontology.drugs
        ):
            return str(drug.id("drug")), (drug.start, drug.end)
        if (
            _GRADED_COMMA.fullmatch(between)
            and _CLOSES.match(note.plain, drug.end)
            and "systemic_therapy" in ontology.possible_terms_of(str(drug.id("drug")))
        ):
            return str(drug.id("drug")), (drug.start, drug.end)
    return None
