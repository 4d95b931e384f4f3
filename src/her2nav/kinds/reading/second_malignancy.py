"""Another cancer, within a window, but for those that count as cured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, days_of, leaf
from her2nav.kinds.reading.other_cancer import MEANT, NAMED, OF_THIS, leaves_out, of_another_cancer
from her2nav.kinds.reading.residual_cancer import or_residual
from her2nav.kinds.reading.second_malignancy_let_in import EXCEPT, TIME, let_in, of_those_named, with_in_situ
from her2nav.kinds.reading.second_malignancy_named import opening
from her2nav.language.patterns import MACROS
from her2nav.model.tree import AllOf, AnyOf, Node, Not

_AGAIN = re.compile(
    r"(?:[ ,]|\b(?:or|and|and/or|an?|any|prior|previous|invasive|active|history of|other|another|treatment for)\b)*\b(?:malignanc(?:y|ies)|cancers?)\b(?=[ ,]*(?:\b(?:within|in|during|over|for|that|which|whose|diagnosed|except|unless|at)\b|[<≤(]|$))"
)
"""A second word for another cancer: "concurrent malignancy or malignancy within three years"."""
_IN_CHECK = re.compile(
    r"\b(?:controlled|remission|inactive|not (?:active|requiring)|no (?:active|evidence|treatment))\b"
)
"""States in which another cancer is let in, without the time that it must last."""
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
    excepted = re.compile(EXCEPT).search(masked, whole.start)
    head = masked[: excepted.start() if excepted is not None else whole.end]
    times = list(TIME.finditer(head))
    if (
        len(times) != 1
        or _BEYOND.search(text, whole.start, len(head))
        or not _IN_WINDOW.search(head, 0, times[0].start())
    ):
        return whole
    days = days_of(times[0][0])
    years = Decimal(days) / 365 if days else None
    exceptions = let_in(sentence, excepted.end(), whole.end, years)[0] if excepted is not None else []
    judged = [part for part in whole.node.parts if part.kind == "judgement"] if isinstance(whole.node, AllOf) else []  # type: ignore[union-attr]
    node: Node = leaf("second_malignancy", within_years=_years(years), exceptions=exceptions)
    return whole._replace(node=AllOf((node, *judged)) if judged else node)


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    found = opening(sentence)
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
        rf"[ ,]*(?:(?:\b(?:that|which|whose|was|were|has|have|had|been|is|are|or|and|diagnosed|treated|treatment|therapy|completed|active|progressed|progressing|required|requiring|received)\b ?)*(?:\b(?:within|in|during|over|less than|any time in|of|diagnosed within)\b|\bfor\b(?: ?[>≥])?|[≤<]|(?={MACROS['time']} (?:prior to|before|of)\b)) ?)+(?:the )?(?:last |past |previous |preceding |prior )?(?P<time>{MACROS['time']})(?P<since>(?:[ ,]|\b(?:prior|before|of|to|the|study|first|dose|drug|entry|screening|enrollment|enrolment|randomi[sz]ation|registration|consent|signing|informed|preceding|inclusion|treatment|start|clinical|trial|registration|for|this|date|on-study|index|anticipated|administration|initiation|indexed|current|primary|diagnosis|day -?[0-9]{{1,2}}|cycle [0-9])\b|[\ue000-\uf8ff]+)*)"
    ).match(sentence.masked, end)
    years: Decimal | None = None
    if since is not None:
        days = days_of(since["time"])
        years = Decimal(days) / 365 if days else None
    elif window:
        days = days_of(window["time"])
        years = Decimal(days) / 365 if days else None
        end = window.end()
    excepted = re.compile(rf"[ ,;.()]*{EXCEPT}").match(sentence.masked, end)
    exceptions: list[str] = []
    clear = True
    timed: list[str] = []
    if excepted:
        stop = re.compile(r"[.;](?=\s|$)").search(sentence.masked, excepted.end())
        last = _to_another_matter(sentence, excepted.end(), stop.start() if stop else len(sentence.masked))
        of_stages = years is None and _STAGED.search(sentence.text, excepted.end(), last) is not None
        of_named: Decimal | None = None
        if years is None and not of_stages and (inner := TIME.search(sentence.masked, excepted.end(), last)):
            free = days_of(inner[0])
            years = Decimal(free) / 365 if free and free >= 180 else None
            if years is not None and of_those_named(sentence, excepted.end(), inner.start()):
                years, of_named = None, years
        exceptions, clear = let_in(sentence, excepted.end(), last, years or of_named)
        if of_named is not None and clear:
            timed, clear = exceptions, False
        # "Stage I or II cancer in remission for five years" lets in none of another stage.
        clear = clear and not of_stages
        end = last
        clear = clear and (
            bool(exceptions) or years is not None or _IN_CHECK.search(sentence.text, excepted.end(), last) is None
        )
    elif (inner := TIME.search(sentence.masked, end)) is not None and years is None:
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
    exceptions = with_in_situ(sentence.text[start : start + len(named)], exceptions)
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


_OTHER_MATTERS = ("virus", "pregnant", "breastfeeding", "ild", "variable", "lvef", "qtc", "nyha")
_PARTS = re.compile(r"[,;]|\b(?:or|and|and/or)\b")
_TREATED_BEFORE = re.compile(
    r"(?:[,;]|\b(?:or|and|and/or)\b)\s*(?:any )?(?:prior|previous|concurrent|current|concomitant)\s(?:\w+\s){0,2}?(?:treatment|therapy|exposure|use|surgery|participation)\b"
)


_OF_A_CANCER = re.compile(r"cancer|carcinoma|tumou?r|malignan|neoplas|melanoma|in[ -]situ|dysplas|dcis|lcis|\bcis\b")


def _to_another_matter(sentence: Sentence, start: int, end: int) -> int:
    """Return where the cancers that are let in end: "except basal cell carcinoma, uncontrolled hypertension"."""
    conditions = sentence.knowledge.conditions.conditions
    strange = [
        hit.start
        for hit in sentence.between(start, end)
        if not hit.ids("cured_cancer")
        and (
            any(hit.ids(name) for name in _OTHER_MATTERS)
            or ((known := conditions.get(hit.id("condition") or "")) is not None and known.group != "malignancy")
        )
    ]
    treated = _TREATED_BEFORE.search(sentence.text, start, end)
    if treated is not None:
        strange.append(treated.start() + 1)
    if not strange:
        return end
    first = min(strange)
    low = max([hit.end for hit in sentence.between(start, first) if hit.ids("cured_cancer")], default=start)
    parted = [one.start() for one in _PARTS.finditer(sentence.text, low, first)]
    while len(parted) > 1 and not sentence.text[parted[-2] : parted[-1]].strip(" ,;"):
        parted.pop()  # ", or"
    cut = parted[-1] if parted else low
    # "resected prostate cancer with normal PSA" is one of those that are let in; a time behind them is that of all.
    of_them = _OF_A_CANCER.search(sentence.text, cut, first) or TIME.search(sentence.masked, cut, first)
    return end if cut == start or of_them else cut


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
    "neoplasias",
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
