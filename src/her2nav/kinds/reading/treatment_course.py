"""How treatment went: recovery from it, no standard option left, no treatment before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from her2nav.kinds.reading.base import Found, Rule, Scanner, Sentence, Stretched, both_ways, leaf
from her2nav.kinds.reading.treatment_names import treatment_of
from her2nav.language.dictionary import Hit
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_EFFECTS = (
    r"(?:(?:clinically )?(?:significant|relevant|important)? ?(?:(?:(?:anti-?cancer )?(?:treatment|therapy|radiation)[- ]related |acute |toxic )*(?:side[- ]effects|toxicit(?:y(?! criteria| scale)|ies))|toxicit(?:y(?! criteria| scale)|ies)(?: ?\(?ies\)?)?|toxic effects?|(?:treatment[- ]related |drug[- ]related |immune[- ]related )?adverse (?:drug )?(?:events?|effects?|reactions?)"
    r"|side[- ]?effects?|\baes?\b|effects)(?: \(?(?:aes?|toxicities)\)?)?)"
)
_BY = (
    r"(?:[ ,]++|\b(?:clinically|significant|defined|having|existing|toxicities|from|of|due|to|related|associated|attributed|attributable|caused|by|resulting|secondary|that|which|are|is|were|was|all|any|the|their|each|prior|previous|previously|administered|"
    r"most|recent|last|preceding|earlier|anti-?cancer|anticancer|cytotoxic|systemic|cancer|antitumou?r|anti-?tumou?r|antineoplastic|chemo|hormone|immuno|radio|radiotherapies|treatments?|therap(?:y|ies|eutic)|regimens?|agents?|interventions?|drugs?|chemotherap(?:y|ies|eutic)|radiotherapy|radiation|surgery|"
    r"surgical|procedures?|immunotherapy|hormonal|endocrine|targeted|and|or|/|as|well|acute|reversible|clinical|non-?ha?ematologic(?:al)?|for (?:the |their )?(?:metastatic|advanced|recurrent|underlying|primary|breast) (?:disease|cancer)|must|should|have|has|be|been|not|yet|adequately|sufficiently|fully|present|before|enrolment|enrollment|study|in|ongoing|other)\b|/|-)"
)
_CTCAE = r"(?:[)\[\]-]|\b(?:per|according to|by|using|as defined by|as graded by|as per|the|nci|national|cancer|institute(?:'s)?|ctcae|ctc|common|terminology|toxicity criteria|criteria|for|adverse events?|version|v)\b\.?|\bv ?\.?\d(?:\.\d+)?\b|\b\d\.\d+\b|(?<=version )\d\b)"
"""A word of how side effects are graded."""
_UP_TO = r"(?:to|at|of|≤|<|=|a|at least|less than or equal to|less than|no (?:greater|more|higher) than|not (?:greater|more) than|or equal to|baseline|or|level|severity|levels|within|,|\(|/)"
_GRADE = rf"(?:{_CTCAE}|{_UP_TO}| )*\bgrades? ?(?:level )?(?:≤ ?|< ?|= ?|(?:less|no (?:more|greater|higher)) than (?:or equal to )?(?:\(≤\) ?)?)?(?P<grade>[0-3])\b(?: (?:severity|toxicit(?:y|ies)))?(?P<alt>(?: ?(?:or|/|and|to|-) ?(?:less|lower|better|below|baseline(?: levels?)?|grade 0|0|1|resolved)|,? (?:or )?to baseline)*)"
_RECOVERED = Sought(
    rf"(?:(?:{_EFFECTS}{_BY}{{0,40}}?)?\b(?:recover(?:ed|y|ing)?|resolv(?:ed|e|ing)|resolution|improved?|returned)\b(?:[ ,]|\b(?:adequately|fully|sufficiently|completely|from|of|all|any|the|acute|reversible|residual|clinically|significant|relevant|"
    rf"treatment[- ]related|drug[- ]related|toxic|non-?h[a]?ematologic(?:al)?|major|its|their|effects|must|have|be|to)\b)*(?:{_EFFECTS})?{_BY}{{0,40}}?(?:{_EFFECTS}{_BY}{{0,30}}?)?(?:\(?(?:i\.e\.|that is),? ?)?){_GRADE}"
    rf"(?:(?:[ ,(]|{_CTCAE})*?(?<=[ )\]])(?:from|of|for(?! adverse))\b{_BY}{{0,14}}?{_EFFECTS}{_BY}{{0,24}}\b)?"
)
_AT_MOST = Sought(
    rf"(?:\b(?:any|all|residual|remaining) )*{_EFFECTS}{_BY}{{0,40}}?\b(?:must|should|have to|has to|to) be (?:resolved |recovered )?(?:(?:{_CTCAE}|to|\(| )*)(?:(?:≤|less than or equal to|no (?:greater|more|higher) than|at most|up to) ?grade ?(?P<grade>[0-3])\b|grade ?(?:≤ ?(?P<most>[0-3])\b|(?P<less>[0-3]) or (?:less|lower|better|below)\b))"
)
"""What side effects must be, with no word of recovery."""
_ABOVE = Sought(
    rf"(?:\bnot (?:yet |fully |adequately |completely |sufficiently )?(?:recovered|resolved)(?: from)?(?: (?:all|any|the|acute))* )?(?P<lead>\b(?:(?:any|existing|presence of|persistent|persisting|residual|unresolved|ongoing|there remains?|current|clinically significant|non-?resolved|active|uncontrolled|(?:or|and) (?:unstable|persistent|ongoing|residual|unresolved)|unstable|serious|severe) ?)*)(?:(?P<early>(?:≥|>|greater than|grade ≥) ?(?:ctcae )?(?:grade )?\d) )?{_EFFECTS}{_BY}{{0,40}}?"
    rf"(?:[ ,]|\(?\bi\.e\.|\b(?:defined|as|having|that|are|is|with|of|at|have|not|been)\b|\(|{_CTCAE})*(?P<sign>>|≥|greater than(?: or equal to)?|more than|above|higher than|exceeding)? ?(?:a )?(?:{_CTCAE} ?)*\bgrades? ?(?P<sign2>>|≥|greater than(?: or equal to)?|above)? ?(?P<grade>[1-4])\b(?P<more> or (?:higher|greater|more|above|worse)| ?\+)?"
    rf"(?:\)?,? (?=(?:from|due to|related to|attribut\w+ to|caused by|associated with)\b)(?:{_BY}|effects\b){{1,25}}\b(?=[ ,(.;]|\Z))?"
)
_EXCEPTED = re.compile(
    r"[ ,;().]*(?:with the (?:only )?exceptions? (?:of|for|being)|(?:the (?:only )?)?except(?:ing|ions?)?(?: for| of| that| are| is| includes?| to this (?:are|include))?|excluding|other than|not including|apart from|unless)[ :(]*"
)
_EXCEPT_WORDS = re.compile(
    r"(?:[ ,;/().:]|\b(?:and|or|any|of|the|all|grades?|≤|<|stable|chronic|residual|controlled|on|replacement|therapy|grade [12]|[12]|less|than|equal|to|which|are|allowed|is|related|induced|by|prior|treatment|treatment-related|sensory|"
    r"chemotherapy-induced|hormone|well-controlled|asymptomatic|level|persistent|ongoing|such as|e\.g\.?|platinum|taxane|toxicity|cases|case|up|for|at|acceptable|permitted|as|other|a|which|that|must|should|may|have|be|resolved|recovered|to|safety|risk|not|considered|per|investigator|in|with)\b|≤|<|-)*"
)
_LIMITED = re.compile(
    r"(?:grades? ?(?:≤|<|=)?|≤ ?grades? ?|<= ?grade ?|grade ≤ ?|up to grade |no greater than grade ) ?(?P<grade>[0-4])"
)


_OF_GRADE = re.compile(
    r"[ ,(]*(?:of |\()?(?:(?:which|that) )?(?:(?:must|may|should|can) )?(?:(?:be|have) )?(?:(?:resolved|recovered|returned) )?(?:to )?(?:any grade|(?:≤|<|of|up to|less than or equal to|no (?:more|greater|higher) than) ?grades? ?(?P<a>\d)|grades? ?(?:≤ ?|less than or equal to )?(?P<b>\d)(?: or (?:less|lower|below))?)\)?"
)
"""Behind a side effect that is let in: up to which grade."""


def _exceptions(sentence: Sentence, at: int) -> tuple[list[dict[str, object]], int, bool]:
    """Return the side effects let in, where their list ends, and whether every word of it was understood."""
    start = _EXCEPTED.match(sentence.text, at)
    if start is None:
        return [], at, True
    found: list[dict[str, object]] = []
    end = start.end()
    closed = _closing(sentence, end)
    clear = True
    while True:
        filler = _EXCEPT_WORDS.match(sentence.text, end)
        words = sentence.text[end : filler.end()] if filler else ""
        here = filler.end() if filler else end
        hit = next(
            (
                hit
                for hit in sentence.hits
                # "Sensory" may be a word between and the first of the name.
                if end <= hit.start <= here < hit.end <= closed and (hit.ids("toxicity") or hit.ids("condition"))
            ),
            None,
        )
        if hit is None:
            break
        limited = _LIMITED.search(words)
        names = hit.ids("toxicity") or hit.ids("condition")
        behind = _OF_GRADE.match(sentence.text[hit.end :])
        grade = int(limited["grade"]) if limited else None
        end = hit.end
        if behind and not (behind[0].startswith(",") and _named_at(sentence, hit.end + behind.end()) is not None):
            end += behind.end()
            written = behind["a"] or behind["b"]
            grade = int(written) if written else grade
        if grade is not None or all(item["name"] != names[0] for item in found):
            # "Alopecia (hair loss)" names one thing.
            found.append({"name": names[0]} | ({"max_grade": grade} if grade is not None else {}))
    if not found:
        return [], at, False
    return found, end, clear


_ONE_MORE = re.compile(r"\)[ ,]*(?:or|and|except) (?:for )?(?:any )?")


def _closing(sentence: Sentence, at: int) -> int:
    """Return where the brackets close that are open at a place; without one the end of the text.

    "(Excluding alopecia), or for neuropathy to grade 2" goes on behind them.
    """
    text = sentence.text
    depth = text.count("(", 0, at) - text.count(")", 0, at)
    if depth <= 0:
        return len(text)
    for place in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            more = _ONE_MORE.match(text, place)
            named = _named_at(sentence, more.end()) if more is not None else None
            return len(text) if named is not None and _OF_GRADE.match(text[named.end :]) else place
    return len(text)


def _named_at(sentence: Sentence, place: int) -> Hit | None:
    """The name of a side effect that begins here: "alopecia, grade 2 neuropathy" tells the grade of the second."""
    begin = place + len(sentence.text[place:]) - len(sentence.text[place:].lstrip(" "))
    return next(
        (hit for hit in sentence.hits if hit.start == begin and (hit.ids("toxicity") or hit.ids("condition"))), None
    )


_EARLY = re.compile(
    r"(?<=[a-z])(?P<bracket> ?\((?:except(?:ing|ion of)?(?: for)?|excluding|other than|with the exception of|apart from|not including)\b[^()]{3,90}\))(?=.{0,160}?\b(?:resol|recover|improv|return|grade|related to|caused by))"
)
"""Side effects let in, in brackets in front of the grade that the others must have."""


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    early = _EARLY.search(sentence.text)
    allowed: list[dict[str, object]] = []
    text = sentence.text
    if early is not None and _EFFECT.search(text, 0, early.start()):
        allowed, end, clear = _exceptions(sentence, early.start())
        if not allowed or not clear or text[end : early.end()].strip(" )"):
            return
        text = text[: early.start()] + " " * len(early[0]) + text[early.end() :]
    for found in _RECOVERED.finditer(text):
        if "grade" not in found[0] or (_EFFECT.search(found[0]) is None and "recover" not in found[0]):
            continue
        if _OF_SURGERY.search(found[0]) is not None:
            continue
        if _EFFECT.search(found[0]) is None and _names_illness(sentence, found.start()):
            continue  # "any neuropathy must recover to grade 1" speaks of that alone
        grade = int(found["grade"])
        below = re.search(
            rf"(?P<sign><) ?(?:ctcae )?grade ?{grade}|less than grade ?{grade}|grade ?(?P<sign2><) ?{grade}", found[0]
        )
        lost = grade == 1 and below is not None and (below["sign"] or below["sign2"]) is not None
        if below is not None:
            grade -= 1
        if re.search(r"/ ?1|or 1|- ?1|to 1", found["alt"] or "") and grade == 0:
            grade = 1
        yield from _made(
            sentence,
            found.start(),
            found.end(),
            grade,
            denied=re.search(r"\bnot\b(?: yet)?(?: \w+)? (?:recover|resol|improv|return)", found[0]) is not None,
            or_equal_lost=lost,
            allowed=allowed,
        )
        return
    for found in _AT_MOST.finditer(text):
        if sentence.section == "inclusion":
            grade = int(found["grade"] or found["most"] or found["less"])
            yield from _made(sentence, found.start(), found.end(), grade, denied=False, allowed=allowed)
            return
    for found in _ABOVE.finditer(text):
        sign = found["sign"] or found["sign2"]
        if (
            sign is None
            and not found["more"]
            and not re.search(r"unresolved|residual|persist|ongoing", found["lead"] or "")
        ):
            continue
        grade = int(found["grade"])
        over = sign in (">", "greater than", "more than", "above", "higher than", "exceeding") and not found["more"]
        yield from _made(
            sentence, found.start(), found.end(), grade if over else grade - 1, denied=True, allowed=allowed
        )
        return


_EFFECT = re.compile(_EFFECTS)
_CLOSING = re.compile(rf"(?:[ ,(]|{_CTCAE})*(?=[ ,)(]*(?:with|except|other|exclud|apart))")
"""Behind the grade: how it is told, where side effects are let in behind that."""


def _made(
    sentence: Sentence,
    start: int,
    end: int,
    grade: int,
    *,
    denied: bool,
    or_equal_lost: bool = False,
    allowed: Sequence[dict[str, object]] = (),
) -> Iterator[Stretched]:
    if grade < 0:
        return
    closing = _CLOSING.match(sentence.text[end:])
    past = end + (closing.end() if closing else 0)
    exceptions, past, clear = _exceptions(sentence, past)
    if exceptions or not clear:
        end = past
    if (source := _SOURCE.match(sentence.text, end)) is not None:
        end = source.end()
    more = _MORE.match(sentence.text, end) if exceptions else None
    exceptions = [*allowed, *(item for item in exceptions if item not in allowed)]
    node: Node = leaf("toxicity_recovery", max_grade=grade, exceptions=exceptions)
    if or_equal_lost:
        # "Resolved to < grade 1": a record that lost its "or equal" lets grade 1 in.
        above = leaf("toxicity_recovery", max_grade=grade + 1, exceptions=exceptions)
        node = both_ways(node, above, "that grade itself, too")
    if not clear or _LISTED_BEHIND.match(sentence.text, end):
        return
    if more is not None:
        end = more.end()
        node = AnyOf((node, leaf("unread", note="which other side effects are let in is not read")))
    yield Stretched(start, end, Not(node) if denied else node)


_SOURCE = re.compile(
    rf"\)? (?=(?:of|from|due to|related to|attribut\w+ to|caused by|associated with)\b)(?:{_BY}|effects\b){{1,25}}\b(?=[ ,(.;]|\Z)"
)
"""Behind what is let in: which treatments brought it about; nobody is asked for them."""
_MORE = re.compile(
    r",? (?:and|or|and/or|as well as)\b(?![^.;:]*\b(?:must|should|ha(?:s|ve) (?:to|not)|patients?|participants?|subjects?|prior)\b)"
    r"(?=[^.;:]{0,160}\b(?:toxicit|adverse|aes?\b|grades?\b|effects?\b|symptoms?\b|abnormalit|endocrin|stable|controlled|insufficien|neuropath))[^.;:]{3,320}?(?=[.;:]|\Z)"
)
"""More side effects that are let in, which none of the names tells."""
_LISTED_BEHIND = re.compile(r"[ ,;()]*with the following exceptions?\b")
"""Side effects let in that a list names: what it names is not taken for an illness beside them."""


def _names_illness(sentence: Sentence, before: int) -> bool:
    return any(
        before - _NEAR <= hit.start < before and (hit.ids("condition") or hit.ids("toxicity")) for hit in sentence.hits
    )


_NEAR = 50
_OF_SURGERY = re.compile(
    r"\b(?:related to|of|from|due to|caused by) (?:any |the |all |prior |previous )*(?:surgical procedures?|surgery|surgeries)\b(?!,? (?:and|or|chemo|radi|hormon|immuno|treat|therap))"
)
"""Effects of an operation alone: what was left by drugs is not spoken of."""


_BINDS = re.compile(
    r"\s*(?:(?:patients?|participants?|subjects?|disease|tumou?rs?|cancers?)\s)?(?:cannot|can|must|should|may|are|is|will|who|:|-)(?=[\s:])"
)


def _resistant(found: Found) -> Node | None:
    """Read 'Platinum-resistant or refractory': the cancer grew on the drug or soon after it."""
    if _BINDS.match(found.sentence.text, found.match.end()):
        # "Platinum-resistant patients cannot have had more lines" binds those alone.
        return None
    drugs = found.ids("drug", "d")
    treatments = [treatment_of(hit, found.sentence) for hit in found.sentence.between(*found.match.span("d"))]
    if not drugs or any(item is None or item.medicine or not item.drugs for item in treatments):
        return None
    node: Node = leaf("prior_therapy", drugs=drugs, outcome="progression")
    if found.sentence.section == "exclusion":
        # A relapse long after the treatment is no resistance to it.
        node = AllOf((node, leaf("judgement", topic="whether the cancer counts as resistant to it")))
    return AllOf((node, leaf("tumour_type", types=found.ids("tumour", "t")))) if found.has("t") else node


def _never_had(found: Found) -> Node | None:
    """Read 'Chemotherapy-naive': never given; "naive patients must …" says of whom it speaks."""
    text, start, end = found.sentence.text, *found.match.span()
    if _BINDS.match(text, end) or _FOR_SOME.search(text, 0, start) or _IN_A_SETTING.match(text, end):
        return None
    treatments = [treatment_of(hit, found.sentence) for hit in found.sentence.between(*found.match.span("d"))]
    if any(item is None or item.medicine or not item.drugs for item in treatments) or not found.ids("drug", "d"):
        return None
    drugs = found.ids("drug", "d")
    late = Not(leaf("prior_therapy", drugs=drugs, settings="metastatic"))
    return both_ways(Not(leaf("prior_therapy", drugs=drugs)), late, "treatment around an operation, too")


_FOR_SOME = re.compile(r"\b(?:for|if|in|either|and|or|previously|of) (?:the |all )?\Z")
_IN_A_SETTING = re.compile(
    r"[- ]*(?:(?:patients?|participants?|subjects?|women|disease|tumou?rs?)\b|(?:for|in|to|or|and|with|of|as)\b|[,/(:])"
)
"""Behind "naive": whom or which setting it speaks of."""


_NAIVE_FOR = Sought(
    r"[- ]na[iï]ve(?: (?:patients?|participants?|subjects?|women))?,? ?\(?(?:for|of) (?:this|the present|the current|their) (?:malignancy|cancer|disease|tumou?r)\)?(?=\W*\Z)"
)


def _never_had_for_this(sentence: Sentence) -> Iterator[Stretched]:
    """Read "chemotherapy-naive (for this malignancy)": what was given for another one does not count."""
    for hit in sentence.hits:
        behind = _NAIVE_FOR.match(sentence.text, hit.end)
        drugs = hit.ids("drug")
        if behind is None or not drugs:
            continue
        ours = leaf("judgement", topic="whether it was for this disease")
        yield Stretched(hit.start, behind.end(), Not(AllOf((leaf("prior_therapy", drugs=drugs), ours))))


RULES = (
    Rule(
        "prior_therapy.naive",
        ("{drug:d} naive",),
        _never_had,
        priority=5,
        texts=(
            ("Taxane naive patients must have a normal echocardiogram", None),
            ("Taxane naive in the metastatic setting", None),
        ),
    ),
    Rule(
        "prior_therapy.resistant",
        (
            "{drug:d} (resistant|refractory) (or|and|and/or|/) [{drug}] (refractory|resistant) {tumour:t}",
            "{drug:d} (resistant|refractory) (or|and|and/or|/) [{drug}] (refractory|resistant) [disease]",
            "{drug:d} (resistant|refractory) {tumour:t}",
            "{drug:d} (resistant|refractory)",
        ),
        _resistant,
        priority=5,
        texts=(
            ("platinum-resistant or refractory ovarian cancer", {"all_of": [{"prior_therapy": {"drugs": ["platinum"], "outcome": "progression"}}, {"tumour_type": {"types": ["ovarian"]}}]}),
            ("Platinum-refractory or resistant disease", {"prior_therapy": {"drugs": ["platinum"], "outcome": "progression"}}),
            ("Resistant hypertension", None),
        ),
    ),
    Rule(
        "prior_therapy.stopped_for_intolerance",
        (
            "(discontinued|stopped|discontinuation of|withdrawn from) [(from|the|their|any|all|study)] [(prior|previous|last|most recent|that|this|standard|systemic)] [(systemic|standard|anti-cancer|anticancer)] (therapy|treatment|therapies|treatments) (due to|because of|for|owing to) [(unacceptable|intolerable|treatment related)] (intolerance|intolerability|toxicity|toxicities|side effects|adverse events)",
        ),
        lambda _: leaf("prior_therapy", outcome="intolerance"),
        priority=4,
        texts=(
            ("Treatment stopped early", None),
            ("or discontinued prior therapy because of unacceptable toxicity", {"prior_therapy": {"outcome": "intolerance"}}),
        ),
    ),
    Rule(
        "options_exhausted.none_left",
        (
            "[(for whom|for which|with|and|have|has|who have|having|there is|there are)] [there] [(is|are|exists)] (no|not any|no other|no further|no available|no satisfactory|no effective) [(remaining|available|satisfactory|effective|known|further|other|accepted|alternative|acceptable|appropriate|approved|existing|suitable|curative)] [(or curative|and effective|approved|alternative|effective|available|,)] (standard|standard of care|standard of care treatment|alternative|satisfactory|curative|effective|approved|available|established|conventional|proven|suitable|appropriate) [(of care|curative|effective|approved|available|or curative|alternative|life prolonging|or effective|care)] (therapy|therapies|treatment|treatments|option|options|therapeutic options|treatment options|treatment option|therapy options|{drug}) [(options|option)] [(is|are|exists|exist|available|remaining|known to confer clinical benefit|options)] [(available|exists|options|known|remaining)]",
            "(exhausted|failed|refractory to|received|progressed on|intolerant to|progressed after|exhausted all|used up) all [(available|approved|known|effective|standard|existing|established)] [(standard|approved|effective|conventional|,)] [(of care)] (therapies|treatments|treatment options|options|therapy|{drug}|treatment) [(options)] [(known to confer clinical benefit)]",
        ),
        lambda _: leaf("options_exhausted"),
        priority=2,
        texts=(
            ("for whom no standard therapy is available", {"options_exhausted": {}}),
            ("have exhausted all available standard therapies", {"options_exhausted": {}}),
        ),
    ),
)  # fmt: skip

_NAIVE = re.compile(
    r"(?:\b(?:previously |chemotherapy[- ]|treatment[- ]|therapy[- ]|systemic (?:therapy|treatment)[- ])?(?P<how>previously untreated|treatment[- ]na[iï]ve|therapy[- ]na[iï]ve|treatment[- ]free|first[- ]line (?:treatment|therapy|setting))\b)"
    r"(?: (?:for|of|in|with))?(?: (?:the|their))?[ ,]*(?:her2\S* |histologically confirmed |locally[- ]advanced(?:,? (?:or|and/or|and|/) ?|/|, )|unresectable(?:,? (?:or|and/or|and|/) ?|/|, )|recurrent(?:,? (?:or|and/or|and|/) ?|/|, )|inoperable(?:,? (?:or|and/or) ?|/|, )|unresectable )*"
    r"(?P<late>metastatic|advanced|unresectable|stage iv)\b(?: setting| disease| (?:breast )?cancer)?"
)


_DAY = re.compile(
    r"\b(?:before|prior to|start of|initiation of|during|after|until|since)(?: (?:the|their|start of|initiation of))* ?$"
)
_NOT_HEALED = re.compile(
    r"\b(?:not|failure to|failed to|without) (?:yet |adequately |fully |completely |sufficiently |having )*recover(?:ed|y|ing)?(?: adequately| fully| sufficiently| completely)?,? from (?:the |any |effects of |side effects of |complications of |prior |previous |recent |toxicity of |and/or complications from )*"
    r"(?P<major>major )?(?:surger(?:y|ies)|surgical procedures?)"
)


def _unhealed(sentence: Sentence) -> Iterator[Stretched]:
    """Read 'Not recovered from surgery': surgery was done, and a person says whether it has healed."""
    for found in _NOT_HEALED.finditer(sentence.text):
        done = leaf("procedure", kinds="surgery", major=True if found["major"] else None)
        yield Stretched(found.start(), found.end(), AllOf((done, leaf("judgement", topic="recovery from surgery"))))


def _naive(sentence: Sentence) -> Iterator[Stretched]:
    """Read 'Previously untreated metastatic disease': no line before in that setting."""
    for found in _NAIVE.finditer(sentence.text):
        if re.search(r"\b(?:brain|cns|central nervous)\b", sentence.text[found.end() : found.end() + 25]):
            continue
        if _DAY.search(sentence.text, max(0, found.start() - 40), found.start()):
            continue  # "tissue taken before the first-line treatment" says when
        how = found.start("how")
        # "Naive for metastatic cancer" names the cancer as what was not treated, and not as the patient's.
        end = found.end() if sentence.text.startswith((" for ", " in "), found.end("how")) else found.end("how")
        yield Stretched(how, end, leaf("lines_of_therapy", max=0, setting="metastatic"))


SCANNERS = (
    Scanner(
        "toxicity_recovery.grade",
        ("grade", "grades"),
        _scan,
        priority=4,
        texts=(
            ("recovered from all toxicities of prior therapy to grade ≤ 1, except alopecia", {"toxicity_recovery": {"max_grade": 1, "exceptions": [{"name": "alopecia"}]}}),
            ("Side effects of previous treatment must have resolved to grade 1 or less", {"toxicity_recovery": {"max_grade": 1}}),
            ("Any toxicity from prior treatment must be grade 1 or less", {"toxicity_recovery": {"max_grade": 1}}),
            ("Unresolved toxicity from prior therapy greater than grade 1, except alopecia", {"not": {"toxicity_recovery": {"max_grade": 1, "exceptions": [{"name": "alopecia"}]}}}),
        ),
    ),
    Scanner(
        "procedure.not_recovered",
        ("recovered", "recover", "recovery"),
        _unhealed,
        priority=4,
        texts=(
            ("not fully recovered from major surgery", {"all_of": [{"procedure": {"kinds": ["surgery"], "major": True}}, {"judgement": {"topic": "recovery from surgery"}}]}),
        ),
    ),
    Scanner(
        "prior_therapy.naive_for_this",
        ("naive",),
        _never_had_for_this,
        priority=6,
        sought=(_NAIVE_FOR,),
        texts=(
            ("Taxane-naive patients (for this malignancy)", {"not": {"all_of": [{"prior_therapy": {"drugs": ["taxane"]}}, {"judgement": {"topic": "whether it was for this disease"}}]}}),
        ),
    ),
    Scanner(
        "lines_of_therapy.naive",
        ("untreated", "naive", "first", "free"),
        _naive,
        priority=2,
        texts=(
            ("Previously untreated metastatic breast cancer", {"lines_of_therapy": {"max": 0}}),
        ),
    ),
)  # fmt: skip
