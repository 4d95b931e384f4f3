"""Another cancer, within a window, but for those that count as cured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.other_cancer import MEANT, NAMED, OF_THIS, leaves_out, of_another_cancer
from her2nav.kinds.reading.residual_cancer import or_residual
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_FRAME = (
    r"(?:[ ,;()/-]|\b(?:non|nonbreast|concurrently|concomitant|actively|being|another|past|additional|synchronous|history|known|prior|previous|of|active|concurrent|any|a|an|the|or|and|has|have|had|with|diagnosed|diagnosis|current|currently|invasive|progressing|systemic|different|at|sites|site|elsewhere|whose|completed|progressed|"
    r"that|is|are|was|were|required|requires|requiring|active|treatment|treated|for|to|patients|participants|subjects|who|evidence|malignant|solid|tumors?|tumours?|disease|cancers?|"
    r"malignanc(?:y|ies)|neoplasms?|primary|than|other|study|under|trial|being|studied|investigation|besides|in|addition|breast|gastric|indication)\b)*"
)
_EXCEPT = r"(?:\bexcept(?:ions?|ing)?\b|\bunless\b|\bother than\b|\bwith (?:the )?(?:following )?exceptions?\b|\bexcluding\b|\bapart from\b|\bexceptions include\b|\bexclusive of\b)"
_CURED = re.compile(
    r"\b(?:curatively|adequately|definitively|completely|successfully|appropriately|fully)\b[^.;]{0,20}\b(?:treated|resected|excised|cured|managed)\b|\btreated with curative intent\b|\bcured\b|\bcurative\b"
)
_FILL = re.compile(
    r"(?:[ ,;().:'*/≥>-]|\b(?:solid|for|of|the|a|an|and|or|if|with|any|that|has|have|had|been|is|are|was|were|no|not|which|who|who've|in|to|by|on|at|from|least|more|than|but|"
    r"adequately|curatively|definitively|successfully|appropriately|completely|fully|treated|resected|excised|cured|controlled|managed|effectively|previously|surgically|local|locally|"
    r"localized|localised|early|stage|stages|i|ii|patients?|participants?|subjects?|individuals?|history|therapy|treatment|surgery|surgical|resection|curative|intent|potentially|evidence|"
    r"recurrence|disease|free|progression|relapse|without|since|after|before|prior|within|years?|months?|time|such|as|including|include|limited|e\.?g|i\.?e|other|others|following|"
    r"undergone|therapies|considered|low|risk|very|skin|cancers?|carcinomas?|malignanc(?:y|ies)|tumou?rs?|lesions?|non|invasive|study|screening|enrollment|randomization|those|these|first|dose|drug|"
    r"day|cycle|known|active|required|requiring|apparent|current|currently|complete|remission|continuously|residual|metast\w+|five|three|two|exceptions?|allowed|permitted|eligible|only|also|"
    r"been|have|having|had|now|from|probability|likelihood|chance|appropriate|properly|effective|disease-free|tumor-free|lesion|minimum|period|duration|remain\w*|least|sign|signs|their|his|her|occurr\w+|diagnosis|diagnosed|believed|felt|deemed|judged|believes?|"
    r"cervix|cervical|breast|bladder|prostate|squamous|basal|cell|in|situ|uterine|superficial|consent|signing|informed|entry|start|initiation|interval|last|past|over)\b)*"
)
_TIME = re.compile(MACROS["time"])
_ANY_CURED = frozenset({"curatively_treated_any", "not_interfering"})
_ANY_OF_THEM = _ANY_CURED | {"malignancy"}
"""Conditions of the vocabulary that speak of any cancer."""


_CORE = Sought(
    r"\b(?:non-?[ ]?breast|other|another|second|secondary|additional|prior|previous|concurrent|concomitant|synchronous|any|active|past|multiple|history of|treatment for|invasive|presence of|evidence of|malignanc(?:y|ies)(?= (?:other than|\(other than)))"
    r"(?:[ ,/(-]+(?:or|and|and/or|known|primary|invasive|active|malignant|solid|concurrent|prior|previous|other|second|past|current|history of|history|progressing|additional|a|an|any|another|concomitant|secondary|hematologic|haematologic|non-?[ ]?breast|nonbreast|non-[a-z]+|different|invasive|multiple|hematological|systemic)\)?)*"
    r"[ ]*(?:malignanc(?:y|ies)|cancers?|neoplasms?|neoplasia|carcinomas?|malignant (?:tumou?rs?|neoplasms?|disease)|primary tumou?rs?|solid tumou?rs?)?\b"
)
_KIND = re.compile(
    r"(?:malignanc(?:y|ies)|cancers?|neoplasms?|neoplasia|carcinomas?|malignant (?:tumou?rs?|disease)|primary tumou?rs?|solid tumou?rs?)$"
)
_GOES_ON = re.compile(
    r"\s*(?:$|[.;,(:]|(?:which|that|unless|except\w*|other than|excluding|within|in the|during|over|requiring|diagnosed|active|with the exception|≤|<|and/or|or|apart from|besides|not|treated|currently|whose|at|from|for|but|has|have|had|who|history)\b)"
)
_OWN = re.compile(
    r"[ ,(]*\b(?:other than|besides|in addition to|aside from|apart from|distinct from|excluding|except(?: for)?) (?:the |their |that |this |current |primary |study |adenocarcinoma of (?:the )?)*(?P<what>[^,;.()]{2,60}?)\)?"
    r"(?= (?:within|in the|in \d|during|over|for|diagnosed|that|which|treated|requiring|active|less|≤|<|except|with the exception|unless|at)\b|[,;.()]|$)"
)


@lru_cache(maxsize=2)
def _start(knowledge: Knowledge) -> Sought:
    words = dictionary(knowledge)
    cancer, own = (f"[{words.marks(name)}]++" for name in ("other_cancer", "tumour"))
    return Sought(rf"{_FRAME}(?P<cancer>{cancer}|(?<=non-){own}|(?<=non ){own}){_FRAME}")


_ANY_CANCER = re.compile(r"(?:an? |any |those )?(?:malignanc(?:y|ies)|cancers?|tumou?rs?|neoplasms?|history)")
_AGAIN = re.compile(
    r"(?:[ ,]|\b(?:or|and|and/or|an?|any|prior|previous|invasive|active|history of|other|another|treatment for)\b)*\b(?:malignanc(?:y|ies)|cancers?)\b(?=[ ,]*(?:\b(?:within|in|during|over|for|that|which|whose|diagnosed|except|unless|at)\b|[<≤(]|$))"
)
"""A second word for another cancer: "concurrent malignancy or malignancy within three years"."""
_OTHER_THAN = re.compile(r"[ ,(]*\b(?:other than|in addition to|besides)\b[^.;]*$")
_BEFORE = re.compile(_FRAME + "$")
_BEHIND = re.compile(_FRAME)


_LET_IN = re.compile(
    r"basal|squamous|in[ -]situ|skin|curativ|treated|adequate|definitiv|successful|complete|appropriate|effective|proper|surgical|locali[sz]ed|early|stage|low[ -]|non-?invasive|non-?melanom|following|those|any|free|been|remission|\bcis\\b"
)
"""What shows that "except" names cancers that are let in, not the trial's own."""
_OTHER_NON = re.compile(r"\bnon[ -](?!breast)[^;.,()]*$")
"""Non-small cell, non-squamous: the name of a cancer, not what it is not."""
_ANY_CURED_OTHER = re.compile(
    r"\bany (?:other )?(?:prior |previous )?(?:malignanc(?:y|ies)|cancers?|tumou?rs?|neoplasms?)(?: (?:that|which))?(?: (?:has|have) been| was| were)? (?:(?:adequately|definitively|previously) )?(?:treated|resected)[^,;.]{0,30}\bcurative|\bany (?:other )?curatively[ -]treated\b"
)
"""The last of those let in: any cancer that was treated for good."""
_IN_CHECK = re.compile(
    r"\b(?:controlled|remission|inactive|not (?:active|requiring)|no (?:active|evidence|treatment))\b"
)
"""States in which another cancer is let in, without the time that it must last."""
_THERAPY = re.compile(
    r"[\s-]*(?:directed |specific |targeted )?(?:treatments?|tx\b|therap(?:y|ies)|chemotherap|surger|regimens?|drugs?|agents?|vaccin|medications?|genetic|testing|screening|clinical|studies|study|trials?|immunotherap|radi)"
)
"""What makes of "prior cancer" a word on treatment."""


def _opening(sentence: Sentence) -> tuple[int, int] | None:
    """Where another cancer is named, with the words around it, and that of the trial that it is not."""
    text = sentence.text
    start = _start(sentence.knowledge)
    found = start.search(sentence.masked)
    while found is not None and (
        _THERAPY.match(text, found.end("cancer")) or _OTHER_NON.search(text, 0, found.end("cancer"))
    ):
        found = start.search(sentence.masked, found.end("cancer"))
    place = found.span() if found else None
    if place is None:
        for core in _CORE.finditer(text):
            if _KIND.search(core[0]) and _GOES_ON.match(text, core.end()):
                before = _BEFORE.search(text, 0, core.start())
                behind = _BEHIND.match(text, core.end())
                place = (before.start() if before else core.start(), behind.end() if behind else core.end())
                # The own cancer of the trial stands behind "other than".
                place = (place[0], core.end()) if _OWN.match(text, core.end()) else place
                break
    if place is None:
        return None
    if (behind_other := _OTHER_THAN.search(text, *place)) is not None:
        place = (place[0], behind_other.start())
    own = _OWN.match(text, place[1])
    if own is None or _LET_IN.search(own["what"]) or _ANY_CANCER.fullmatch(own["what"].strip()):
        return place
    cured = (hit for hit in sentence.between(own.start(), len(text)) if hit.ids("cured_cancer"))
    return place if any(hit.start < own.end() for hit in cured) else (place[0], own.end())


_LEADS_ON = re.compile(
    r"(?:[ ,;(-]|\b(?:in|of|for|the|past|prior|previous|last|within|that|was|were|is|are|has|have|had|been|and|or|at|to|with|over|during)\b)*\Z"
)
"""Words at the end of a name that lead on to a time or an exception."""
_LET_IN_OR_NOT = re.compile(
    r"[ ,]*(?:\b(?:is|are|will be) (?:not )?(?:excluded|ineligible|allowed|permitted|eligible)\b|\((?!\s*(?:except|other than|excluding|unless|apart)|[^()]*breast)[^()]*\)(?= (?:within|in the|during)\b))"
)
"""Between a cancer and its exception or time: "… is allowed except for", "(including leukaemia) within"."""
_SINCE = re.compile(
    rf"(?:\b(?:at least|more than|greater than|a minimum of|minimum of)|[≥>])\s*(?P<time>{MACROS['time']}) (?:since|from) (?:the )?(?:last |end of )?(?:(?:diagnosis|treatment|therapy|completion) (?:of|for) )?(?:(?:treatment|therapy) (?:of|for) )?(?:any |an |a )?\Z"
)
"""A time that must have passed since another cancer."""


def _whole(sentence: Sentence) -> Iterator[Stretched]:
    """A sentence that tells of other cancers and of nothing else, where no parameters hold all that it says of them."""
    whole = of_another_cancer(sentence)
    if whole is not None:
        typed = list(_scan(sentence))
        # Stages and states of those cancers are not the trial's own.
        open_ = not typed or leaves_out(sentence, whole, typed)
        yield from [or_residual(sentence, whole) or _with_window(sentence, whole)] if open_ else typed


_BEYOND = re.compile(
    r"\b(?:residual|active|progress\w*|current\w*|ongoing|remission|evidence|free|since|untreated|requir\w+)\b"
)
"""Words of cancers that count whenever they were, or of a time that is no window."""
_IN_WINDOW = re.compile(
    r"(?:\b(?:within|less than|last|past|previous|in|during|over)|[≤<])(?: (?:the|last|past|previous|preceding))*\s*\Z"
)


def _with_window(sentence: Sentence, whole: Stretched) -> Stretched:
    """Return a sentence with its window and what it lets in by name, where both are plain; the rest stays open."""
    text, masked = sentence.text, sentence.masked
    excepted = re.compile(_EXCEPT).search(masked, whole.start)
    head = masked[: excepted.start() if excepted is not None else whole.end]
    times = list(_TIME.finditer(head))
    if (
        len(times) != 1
        or _BEYOND.search(text, whole.start, len(head))
        or not _IN_WINDOW.search(head, 0, times[0].start())
    ):
        return whole
    days = days_of(times[0][0])
    years = Decimal(days) / 365 if days else None
    exceptions = _exceptions(sentence, excepted.end(), whole.end, years)[0] if excepted is not None else []
    judged = [part for part in whole.node.parts if part.kind == "judgement"] if isinstance(whole.node, AllOf) else []  # type: ignore[union-attr]
    node: Node = leaf("second_malignancy", within_years=_years(years), exceptions=exceptions)
    return whole._replace(node=AllOf((node, *judged)) if judged else node)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    found = _opening(sentence)
    if found is None:
        return
    start, end = found
    if OF_THIS.search(sentence.text, 0, end):
        return
    if (again := _AGAIN.match(sentence.text, end)) is not None:
        end = again.end()
    named = sentence.masked[start:end]
    end = start + _LEADS_ON.search(named).start()  # type: ignore[union-attr]
    if (said := _LET_IN_OR_NOT.match(sentence.masked, end)) is not None:
        end = said.end()
    if (hinders := _HINDERS.match(sentence.text, len(sentence.masked[:end].rstrip(" ,")))) is not None:
        other = leaf("second_malignancy")
        yield Stretched(
            _BEGINS.match(sentence.masked, start, end).end(),  # type: ignore[union-attr]
            hinders.end(),
            AllOf((other, leaf("judgement", topic="whether the other cancer could interfere with the study"))),
        )
        return
    since = _SINCE.search(sentence.masked, 0, start + len(named) - len(named.lstrip(" ,;()")))
    window = re.compile(
        rf"[ ,]*(?:(?:\b(?:that|which|whose|was|were|has|have|had|been|is|are|or|and|diagnosed|treated|treatment|therapy|completed|active|progressed|progressing|required|requiring|received)\b ?)*(?:\b(?:within|in|during|over|less than|any time in|of|diagnosed within)\b|\bfor\b(?: ?[>≥])?|[≤<]|(?={MACROS['time']} (?:prior to|before|of)\b)) ?)+(?:the )?(?:last |past |previous |preceding |prior )?(?P<time>{MACROS['time']})(?P<since>(?:[ ,]|\b(?:prior|before|of|to|the|study|first|dose|drug|entry|screening|enrollment|enrolment|randomi[sz]ation|registration|consent|signing|informed|preceding|inclusion|treatment|start|clinical|trial|registration|for|this|date|on-study|index|anticipated|administration|initiation)\b|[\ue000-\uf8ff]+)*)"
    ).match(sentence.masked, end)
    years: Decimal | None = None
    if since is not None:
        days = days_of(since["time"])
        years = Decimal(days) / 365 if days else None
    elif window:
        days = days_of(window["time"])
        years = Decimal(days) / 365 if days else None
        end = window.end()
    excepted = re.compile(rf"[ ,;.()]*{_EXCEPT}").match(sentence.masked, end)
    exceptions: list[str] = []
    clear = True
    timed: list[str] = []
    if excepted:
        stop = re.compile(r"[.;](?=\s|$)").search(sentence.masked, excepted.end())
        last = stop.start() if stop else len(sentence.masked)
        of_stages = years is None and _STAGED.search(sentence.text, excepted.end(), last) is not None
        of_named: Decimal | None = None
        if years is None and not of_stages and (inner := _TIME.search(sentence.masked, excepted.end(), last)):
            free = days_of(inner[0])
            years = Decimal(free) / 365 if free and free >= 180 else None
            if years is not None and _of_those_named(sentence, excepted.end(), inner.start()):
                years, of_named = None, years
        exceptions, clear = _exceptions(sentence, excepted.end(), last, years or of_named)
        if of_named is not None and clear:
            timed, clear = exceptions, False
        # "Stage I or II cancer in remission for five years" lets in none of another stage.
        clear = clear and not of_stages
        end = last
        clear = clear and (
            bool(exceptions) or years is not None or _IN_CHECK.search(sentence.text, excepted.end(), last) is None
        )
    elif (inner := _TIME.search(sentence.masked, end)) is not None and years is None:
        return
    end = len(sentence.masked[:end].rstrip(" ,;("))
    active = (
        re.search(
            r"\bactive\b|\bprogressing\b|\bongoing\b|\bconcurrent\b|\bconcomitant\b|\bsynchronous\b",
            sentence.text[max(0, start - 9) : end],
        )
        is not None
    )
    past = (
        re.search(
            r"\bhistory\b|(?<!active )\bprior\b|\bprevious\b|(?<!active )(?<!concurrent )(?<!concomitant )(?<!ongoing )(?<!synchronous )(?<!active known )(?:\bsecond\b|\bother\b|\banother\b)(?! (?:than|current|currently|known|active|ongoing|concurrent|concomitant|synchronous|progressing)\b)",
            sentence.text[start:end],
        )
        is not None
    )
    exceptions = _with_in_situ(sentence.text[start : start + len(named)], exceptions)
    node: Node = leaf(
        "second_malignancy",
        within_years=_years(years),
        active_only=active and not past and years is None,
        exceptions=exceptions,
    )
    if timed:
        # Beyond those named nobody is let in; of one of them the time decides, which is its own.
        among = AllOf((leaf("second_malignancy", active_only=active and not past), leaf("judgement", topic=_AMONG)))
        yield Stretched(_BEGINS.match(sentence.masked, start, end).end(), end, AnyOf((node, among)))  # type: ignore[union-attr]
        return
    if since is not None:
        if end > start:
            yield Stretched(since.start(), end, Not(node if clear else AllOf((node, leaf("judgement", topic=_AMONG)))))
        return
    if not clear:
        node = AllOf((node, leaf("judgement", topic=_AMONG)))
    if end > start:
        yield Stretched(_BEGINS.match(sentence.masked, start, end).end(), end, node)  # type: ignore[union-attr]


def _of_those_named(sentence: Sentence, start: int, at: int) -> bool:
    """Whether a time behind "except" is that for which a cancer named there must be over, and not any cancer."""
    named = [
        hit.end
        for hit in sentence.between(start, at)
        if _OF_ANY.search(sentence.text, hit.start, hit.end) is None
        and _SET_APART.search(sentence.text, 0, hit.start) is None
        and (hit.ids("cured_cancer") or hit.ids("tumour") or (hit.id("condition") or "malignancy") not in _ANY_OF_THEM)
    ]
    if not named or (_OF_ANY.search(sentence.text, max(named), at) or _A_CANCER.search(sentence.text, max(named), at)):
        return False
    return _OVER.search(sentence.text, max(named), at) is not None


_OF_ANY = Sought(
    r"\b(?:any|others?|another|all|prior|previous|second|those|malignan\w*|cancers|carcinomas|neoplasms?|solid|tumou?rs|patients?|participants?|subjects?|history|if|unless|survivors?)\b"
)
"""Words of any cancer: a time behind them is not that of a cancer which is named in front."""
_A_CANCER = Sought(r"\b(?:cancer|carcinoma|tumou?r)\b")
_SET_APART = re.compile(r"\([^()]*\Z|\bother than (?:an? |the )?\Z|\bnon-? ?\Z")
"""Right in front of a name that only narrows what any cancer is: "any other (not of the breast)"."""
_OVER = re.compile(
    r"\b(?:free|recurrences?|relapses?|remission|no evidence)\b|\b(?:treated|resected|diagnosed|excised|removed|surgery|treatment|therapy)\b[^,;]{0,40}(?:[>≥]|\b(?:more than|at least|over|greater than)\b)"
)
"""Between a cancer and a time: so long it must be over."""


def _with_in_situ(named: str, exceptions: list[str]) -> list[str]:
    """Return what is let in where only invasive cancers are shut out."""
    only = _INVASIVE.search(named) is not None and _NOT_INVASIVE.search(named) is None
    return [*exceptions, "in_situ_any"] if only and "in_situ_any" not in exceptions else exceptions


_INVASIVE = re.compile(
    r"\A(?:(?!malignan|cancer|carcinom|neoplas|tumou?r).)*?(?<!non)(?<!non[ -])(?<!minimally )\binvasive\b"
)
_NOT_INVASIVE = re.compile(r"\bnon-? ?invasive\b|\bin[ -]situ\b(?=[^.;]{0,20}\bor\b)")
_STAGED = re.compile(r"\bstages? (?:[1-4]|i{1,3}v?|iv)\b")
_BEGINS = re.compile(r"(?:[ ,;)]|\b(?:of|or|and|to|for)\b)*")
_HINDERS = re.compile(
    r"[ ,]*(?:\bwhose\b|\bwhere the\b|\bwith\b|\bfor which the\b)?[ ,]*(?:a )?\bnatural history (?:or|and|/|and/or) (?:its |the )?(?:treatments?|therapy|treatment history)(?: \([^()]*\))?,?(?: in the opinion [\w ]{3,50},)?"
    r" (?:has|have|had|may|might|could|does|do|did|would|will|that|which)\b[^.;:()]{0,40}\b(?:interfer\w+|affect\w*|compromis\w+|confound\w*|influenc\w+)\b[^.;:()]*?(?=\s*(?:[.;:(]|$|\b(?:are|is|will be|may be) (?:not )?(?:eligible|allowed|excluded|permitted)))"
)
"""Of a cancer whose course could disturb the study."""
_AMONG = "whether the other cancer is among those let in"


def _years(years: Decimal | None) -> Decimal | int | None:
    return None if years is None else int(years) if years == int(years) else round(years, 2)


_MARKER = re.compile(r"(?<![\w.])\(?(?:\d{1,2}|[a-h])[.)](?=\s)")
_SITES = {
    "breast": "in_situ_breast",
    "cervix": "in_situ_cervix",
    "uterine cervix": "in_situ_cervix",
    "bladder": "superficial_bladder",
}
_MORE_SITES = re.compile(
    r"(?:[\s,/]*(?:\bor\b|\band\b|\band/or\b|,|/)\s*(?:of )?(?:the )?(?:uterine cervix|cervix|breast|bladder)\b)+"
)


def _exceptions(sentence: Sentence, start: int, end: int, years: Decimal | None) -> tuple[list[str], bool]:
    """Return the cancers that are let in, and whether every word was understood.

    A time for which one must be free of a cancer that is let in is understood where it is the window itself.
    """
    found: list[str] = []
    at, clear = start, True
    masked = _MARKER.sub(lambda m: " " * len(m[0]), sentence.masked)
    for inner in _TIME.finditer(masked, start, end):
        days = days_of(inner[0])
        if years is not None and days and Decimal(days) / 365 == years:
            masked = f"{masked[: inner.start()]}{' ' * len(inner[0])}{masked[inner.end() :]}"
    named = [
        hit for hit in sentence.between(start, end) if hit.ids("cured_cancer") or hit.id("condition") in _ANY_CURED
    ]
    for hit in named:
        if hit.ids("cured_cancer"):
            found += hit.ids("cured_cancer")
        elif len(named) == 1 or hit.id("condition") != "curatively_treated_any":
            found.append(str(hit.id("condition")))
        clear = clear and _filled(masked, at, hit.start)
        at = hit.end
        if any(item.startswith("in_situ") for item in hit.ids("cured_cancer")) and (
            more := _MORE_SITES.match(sentence.text, at, end)
        ):
            found += [name for site, name in _SITES.items() if re.search(rf"\b{site}\b", more[0])]
            at = more.end()
    clear = clear and _filled(masked, at, end)
    written = sentence.text[start:end]
    if (_CURED.search(written) and not found) or _ANY_CURED_OTHER.search(written):
        found.append("curatively_treated_any")
    return list(dict.fromkeys(found)), clear


def _filled(masked: str, start: int, end: int) -> bool:
    filled = _FILL.match(masked, start, end)
    return filled is not None and filled.end() >= end


_CUES = (
    "other_cancer",
    "non",
    "condition",
    "histology",
    "cancer",
    "cancers",
    "malignancy",
    "malignancies",
    "carcinomas",
    "neoplasm",
    "neoplasms",
)
_OPEN = {"all_of": [{"second_malignancy": {}}, {"judgement": {"topic": MEANT}}]}
SCANNERS = (
    Scanner(
        "second_malignancy.whole",
        _CUES,
        _whole,
        priority=8,
        sought=(NAMED,),
        texts=(
            ("No earlier cancer or second malignancy that has not been in remission for over 4 years", None),
            ("No second malignancy that has not been in remission for more than 4 years", _OPEN),
            (
                "No prior malignancy with residual disease or a relapse in the last 4 years that could affect the results",
                _OPEN,
            ),
        ),
    ),
    Scanner(
        "second_malignancy.window",
        _CUES,
        _scan,
        priority=3,
        texts=(
            (
                "Other malignancy within 5 years, except adequately treated basal cell carcinoma of the skin or carcinoma in situ of the cervix",
                {"second_malignancy": {"within_years": "5", "exceptions": ["basal_cell_skin", "in_situ_cervix"]}},
            ),
            (
                "Other malignancy in past 5 years except surgically cured nonmelanoma skin cancer",
                {"second_malignancy": {"within_years": "5", "exceptions": ["non_melanoma_skin"]}},
            ),
            (
                "At least 5 years since other malignancy except carcinoma in situ of the cervix",
                {"not": {"second_malignancy": {"within_years": "5", "exceptions": ["in_situ_cervix"]}}},
            ),
            (
                "Concurrent malignancy or malignancy within 3 years of entry",
                {"second_malignancy": {"within_years": "3"}},
            ),
            ("Malignancy other than breast cancer within 2 years", {"second_malignancy": {"within_years": "2"}}),
            ("Treatment for other carcinomas within the last 5 years", {"second_malignancy": {"within_years": "5"}}),
            (
                "Other cancer within 3 years, except carcinoma in situ of the cervix or breast",
                {"second_malignancy": {"within_years": "3", "exceptions": ["in_situ_cervix", "in_situ_breast"]}},
            ),
            (
                "Prior or concurrent malignancy whose natural history or treatment may interfere with the safety or efficacy assessment of the study",
                {
                    "all_of": [
                        {"second_malignancy": {}},
                        {"judgement": {"topic": "whether the other cancer could interfere with the study"}},
                    ]
                },
            ),
            ("toxicity of prior cancer treatment", None),
            ("No non-breast malignancy within 5 years", {"second_malignancy": {"within_years": "5"}}),
            ("Second malignancy within the last 3 years", {"second_malignancy": {"within_years": "3"}}),
        ),
    ),
)
