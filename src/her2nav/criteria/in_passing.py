"""Stretches of a criterion that name something in passing: they ask nobody for it, or not everybody.

A definition, what somebody had or had not, the time between two treatments: what was read there stays open, or binds
those alone of whom the stretch speaks. The rest of the criterion stands as it was read.
"""

from __future__ import annotations

from dataclasses import replace

from her2nav.criteria.illness import ILLNESS
from her2nav.criteria.logic import left_unread
from her2nav.criteria.stretches import Row, Table, mended
from her2nav.kinds.reading.base import doubt_on, leaf
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When
from her2nav.model.trial import Criterion

_TREATMENTS = frozenset({"prior_therapy", "procedure", "washout", "lines_of_therapy", "disease_progression"})
_DEFINED = r"(?:is|are|will be|was) defined (?:as|by)\b"


def opened(criterion: Criterion, plain: str) -> Criterion:
    """Return a criterion without what it names in passing.

    Args:
        criterion: As it was read.
        plain: Its plain text.
    """
    return mended(criterion, plain, _TABLE)


def _asks_nobody(item: Leaf, _denied: bool, _said: str) -> Node:
    return left_unread(item)


def _defines_it(item: Leaf, denied: bool, _said: str) -> Node:
    if denied:
        return item
    return AnyOf((item, leaf("unread", note="whether the status is asked for or only defined is not read")), item.span)


def _binds_that_status(item: Leaf, denied: bool, said: str) -> Node:
    status = "positive" if _POSITIVE.match(said) else "negative"
    if denied:
        return left_unread(item)
    return When(replace(item, params=leaf("her2_status", any_of=[{"status": status}]).params), item)


_POSITIVE = Sought(r"her-?2(?:/neu)?[ -]*(?:over-?express\w+|positiv\w+|\+)")


def _binds_those_treated(item: Leaf, denied: bool, _said: str) -> Node:
    times = {name: None for name in ("ended_within_days", "within_days") if getattr(item.params, name, None)}
    if denied or not times:
        return item
    ever = replace(item, params=item.params.model_copy(update=times))
    untreated = AllOf((Not(ever), leaf("unread", note="whether those without this treatment are bound is not read")))
    return AnyOf((item, untreated), item.span)


def _one_of_two(item: Leaf, denied: bool, _said: str) -> Node:
    if denied or not getattr(item.params, "progressed_within_months", None) or len(item.params.settings) <= 1:
        return item
    return AnyOf((item, leaf("unread", note="to which treatment the time belongs is not read")), item.span)


def _of_that_time(item: Leaf, denied: bool, _said: str) -> Node:
    if not denied or getattr(item.params, "within_days", 0) is not None:
        return item
    return AllOf((item, doubt_on("it whenever it was, too")), item.span)


def _of_that_sort(item: Leaf, denied: bool, _said: str) -> Node:
    types = item.params.types if denied else ()
    sarcomas = [name for name in types if "sarcoma" in name]
    if not sarcomas or len(sarcomas) == len(types):
        return item
    return AllOf((item, leaf("unread", note="whether other cancers of this organ are meant is not read")), item.span)


def _of_other_stages(item: Leaf, denied: bool, _said: str) -> Node:
    if denied or not item.params.stages:
        return item
    return AnyOf((item, leaf("unread", note="what is asked of those with another stage is not read")), item.span)


def _of_that_alone(item: Leaf, denied: bool, _said: str) -> Node:
    if not denied:
        return item
    if item.kind == "metastatic_site":
        return replace(item, params=item.params.model_copy(update={"only": True}))
    return AllOf((item, doubt_on("it beside other signs of the disease, too")), item.span)


def _of_any_time(item: Leaf, denied: bool, _said: str) -> Node:
    if denied or not getattr(item.params, "settings", ()):
        return item
    ever = replace(item, params=item.params.model_copy(update={"settings": ()}))
    return AnyOf((item, AllOf((ever, doubt_on("this treatment in earlier disease, too")))), item.span)


def _as_it_is_called(item: Leaf, denied: bool, _said: str) -> Node:
    doubt = doubt_on("every cancer of this group, or only the one that it names")
    return item if denied else AllOf((item, doubt), item.span)


def _under_the_lead(item: Leaf, denied: bool, _said: str) -> Node:
    return (
        AllOf((item, doubt_on("it at any time, or only as the words in front of the list have it")), item.span)
        if denied
        else item
    )


def _as_a_cause(item: Leaf, denied: bool, _said: str) -> Node:
    return (
        AllOf((item, doubt_on("it by itself, or only as the cause of what stands in front")), item.span)
        if denied
        else item
    )


def _of_what_came_after(item: Leaf, denied: bool, said: str) -> Node:
    named = getattr(item.params, "any_of", ())
    over = tuple(name for name in named if str(name).replace("_", " ") in said)
    if not denied or not over:
        return item
    rest = tuple(name for name in named if name not in over)
    past = replace(item, params=item.params.model_copy(update={"any_of": over}))
    open_ = AllOf((past, doubt_on("the illness itself, too")), item.span)
    if not rest:
        return open_
    return AnyOf((replace(item, params=item.params.model_copy(update={"any_of": rest})), open_), item.span)


_ROWS = (
    Row(
        Sought(r"(?P<what>\beither (?:(?:have|has) )?(?:received|had|been treated)\b[^.;]{3,160}\bor not\b[^.;]*)"),
        _asks_nobody,
    ),
    Row(
        Sought(
            rf"(?<![\w-])(?P<what>(?:peri|post|pre)[- ]?menopaus(?:al|e)(?: (?:status|state|wom[ae]n|females?|patients?))? {_DEFINED}[^.]*)"
        ),
        _defines_it,
        frozenset({"menopausal_status"}),
    ),
    # Two statuses are defined, so that neither definition is asked of those with the other.
    Row(
        Sought(
            rf"(?P<what>\bher-?2(?:/neu)?[ -]*(?:over-?expressing|positiv(?:e|ity)|negativ(?:e|ity)|[+-])(?: (?:disease|status|tumou?rs?|breast|cancer|expression))* {_DEFINED}(?:[^.;]|\.(?=\d))*)"
        ),
        _binds_that_status,
        frozenset({"her2_status"}),
        fewest=2,
    ),
    # Which test a result calls for.
    Row(
        Sought(
            r"(?P<what>\bher-?2(?:/neu)? (?:results?|scores?)\b[^.;:]{0,30}?\b(?:needs?|requires?)\b[^.;:]{0,30}\bconfirmation)"
        ),
        _asks_nobody,
        frozenset({"her2_status"}),
    ),
    # From one treatment to another, neither of which is the trial's.
    Row(
        Sought(
            r"(?P<what>\b(?:time|interval|period|delay|gap) between\b(?![^.;:]*\b(?:stud(?:y|ies)|trials?|protocol|enrol\w*|registration|randomi[sz]\w+|entry|screening|inclusion|consent|first (?:dose|day|infusion)|day|start|initiation|beginning|cycle|accrual|treatment start)\b)[^.;:]{3,80}\band\b[^.;:]{3,120})"
        ),
        _asks_nobody,
        _TREATMENTS,
        None,
    ),
    # A longest time since a treatment binds those who had it.
    Row(
        Sought(
            r"(?P<what>\b(?:no|not) more than (?:[\w.-]+ ){1,3}(?:days?|weeks?|months?|years?) (?:since|from|after) (?:the )?(?:any )?(?:prior|previous|last|most recent)\b[^.;:]*)"
        ),
        _binds_those_treated,
        frozenset({"prior_therapy", "procedure"}),
    ),
    Row(
        Sought(
            r"(?P<what>(?<!\w)(?:\w+ )?within \d+ (?:months|years)\b[^.;]{3,120}\bor (?:(?:has|have|had|who|that) ){0,2}(?:progressed|relapsed|progression|relapse)\b[^.;]*)"
        ),
        _one_of_two,
        frozenset({"prior_therapy"}),
    ),
    # "Sarcoma of the breast" by its adjective is no other cancer of the breast.
    Row(
        Sought(
            r"(?P<what>\b(?:breast|mammary|bladder|prostat\w+|gastric|ovarian|endometrial|uterine|cervical|pulmonary|lung|renal|thyroid|pancreatic|hepatic|colorectal) (?:[\w-]+ )?\w*sarcomas?\b)"
        ),
        _of_that_sort,
        frozenset({"tumour_type"}),
        None,
    ),
    # A time in front of a list binds each of its entries, whether or not it was read with all of them.
    Row(
        Sought(
            r"\b(?:in|within|during|over) the (?:preceding|last|past|previous|prior) (?:\w+ ){0,2}(?:days?|weeks?|months?|years?)\b[^.;:]{0,40}:(?P<what>(?:[^.:]|\.(?=\d))*)"
        ),
        _of_that_time,
        section="exclusion",
    ),
    # What a treatment does not count, or what one that is counted may have been.
    Row(
        Sought(
            r"(?:\b(?:no more than|at most|up to|at least|fewer than|less than|maximum of|one|two|three|four|\d)\b|[≤<≥>])[^.;:()]{0,80}\b(?:regimens?|lines?|therap(?:y|ies)|treatments?)\b,? ?\(?(?:excluding|not including|not counting|exclusive of)(?P<what>[^.;()]*)"
        ),
        _asks_nobody,
        frozenset({"prior_therapy"}),
        begins=True,
    ),
    Row(
        Sought(r"\b(?:regimens?|lines?|therap(?:y|ies)|treatments?|agents?|inhibitors?) \(including(?P<what>[^()]*)\)"),
        _asks_nobody,
        frozenset({"prior_therapy"}),
        begins=True,
    ),
    # Those of either result are taken.
    Row(
        Sought(
            r"\(including(?P<what>[^()]{0,80}(?:\([^()]*\)|\[[^\[\]]*\])?[^()]{0,40}\band\b[^()]{3,80}(?:\([^()]*\))?[^()]*)\)"
        ),
        _asks_nobody,
        frozenset({"msi_mmr", "her2_status", "hormone_receptor", "gene_status", "pd_l1"}),
    ),
    Row(
        Sought(r"\((?P<what>[^()]*\b(?:do|does|need|will|did) not (?:require|need|have to|necessitate)\b[^()]*)\)"),
        _asks_nobody,
    ),
    # A treatment of its own, and a number of courses "for advanced disease".
    Row(
        Sought(
            r"(?P<what>\b(?:prior|previous|received) (?:[\w-]+ ){1,4}(?:therapy|treatment|chemotherapy)) and (?:at least )?(?:one|two|1|2) (?:or more )?(?:prior|previous)\b[^.;]*\bfor (?:advanced|metastatic|recurrent)\b"
        ),
        _of_any_time,
        frozenset({"prior_therapy"}),
    ),
    Row(
        Sought(
            r"\A\W*(?:no|not|without|absence of)\b(?P<what>[^.;:(]{3,160})\bas (?:the |an? |their )?(?:sole|only|single|exclusive)\b(?! or)"
        ),
        _of_that_alone,
    ),
    # Who has nothing but disease that can be seen, but not measured, is left out; who has both is not.
    Row(
        Sought(
            r"(?P<what>\b(?:only )?(?:evaluable|assessable|non-?\s?measurable)(?: disease)? (?:only|alone))\b[^.;]{0,20}\bnot (?:allowed|eligible|permitted|acceptable)\b"
        ),
        _asks_nobody,
        frozenset({"measurable_disease"}),
    ),
    # "Malabsorption due to an operation, a disease of the bowel, or an unknown cause": the list names causes.
    Row(
        Sought(
            r"\b(?:due to|caused by|secondary to|resulting from|because of)\b(?P<what>[^.;:]{3,160}?),? or (?:an? |any |some )?(?:other |another |unknown |unclear |unexplained |unidentified )+(?:reasons?|causes?|a?etiolog(?:y|ies))\b"
        ),
        _as_a_cause,
        ILLNESS,
        None,
        begins=True,
    ),
    # "Any of the following during treatment with A: B; C": each happened under A.
    Row(
        Sought(
            r"\b(?:any|one|either)(?: or more)? of (?:the )?following\b[^.;:]{0,40}?\b(?:during|while|after|following|upon|under|as a result of|due to|related to|attributed to)\b[^.;:]{4,120}:(?P<what>(?:[^.:]|\.(?=\d))*)"
        ),
        _under_the_lead,
        ILLNESS,
        "exclusion",
    ),
    # "Brain cancer or tumour called A".
    Row(
        Sought(r"(?P<what>[^.;:,()]{3,80}?)\b(?:called|known as|termed|namely)\b(?= \w)"),
        _as_it_is_called,
        frozenset({"tumour_type"}),
        begins=True,
    ),
    # What may not be given while the study goes on says nothing of the time before it.
    Row(
        Sought(
            r"(?P<what>[^.;:]{3,160}?\b(?:during|in|for|throughout|within) the (?:first|initial) (?:\w+ )?(?:days?|weeks?|months?|cycles?|years?) (?:of|on|after (?:the )?(?:start|random|first|beginning))\b)"
        ),
        _asks_nobody,
        frozenset({"concomitant_medication", "washout"}),
        None,
    ),
    # Who may not enter one part of the trial may enter another.
    Row(
        Sought(
            r"(?:\A|(?<=[.;]))\W*(?P<what>[^.;]{3,200}?) (?:is|are|will be) (?:not eligible|ineligible) (?:for|to) (?!(?:th(?:is|e) )?(?:study|trial|protocol)\b)"
            r"[^.;]{0,60}\b(?:portion|parts?|arms?|cohorts?|phase|stage|groups?|component|sub-?study|expansion|escalation)\b"
        ),
        _asks_nobody,
    ),
    # What an earlier treatment was for.
    Row(
        Sought(
            r"\b(?:since|from|after|following)\b[^.;:]{0,60}\b(?:\w*therapy|radiation|treatment|surgery) for (?P<what>(?:[\w-]+ ){0,2}[\w-]+)"
        ),
        _asks_nobody,
        frozenset({"leptomeningeal_disease", "cns_metastases", "infection", "comorbidity"}),
        begins=True,
    ),
    Row(
        Sought(
            r"\b(?:wom[ae]n|females?|patients?|participants?|subjects?) defined as (?P<what>(?:peri|post|pre)[- ]?menopaus\w+)"
        ),
        _defines_it,
        frozenset({"menopausal_status"}),
    ),
    # For which line of treatment the drug of the trial is meant.
    Row(
        Sought(
            r"(?P<what>(?<!\w)as (?:an? )?(?:non[- ]?\s?)?(?:1st|first|second|2nd|third|3rd|later)[ -]line (?:treatment|therapy)\b[^:]*?\bas (?:an? )?(?:non[- ]?\s?)?(?:1st|first|second|2nd|third|3rd|later)[ -]line\b.*)"
        ),
        _asks_nobody,
    ),
    # Two lines that lost the sign between them name two sorts of patients.
    Row(
        Sought(
            r"(?P<what>\A\W*(?:patients|participants|subjects) with\b[^.;:]{3,160}(?<!\band)(?<!\bor)(?<!\bfor)(?<!\bin)(?<!\bof)(?<!\bonly)(?<![,:-]) (?:patients|participants|subjects) with\b[^.;:]*)"
        ),
        _asks_nobody,
    ),
    # "Carcinoma of A, metastases in B, or carcinoma of C": three sorts of patients.
    Row(
        Sought(
            r"(?P<what>\b[\w ]{3,60}carcinomas?, (?:[\w-]+ ){1,2}(?:mets|metastas[ei]s)\b[^.;]*?,? or [\w ]{0,30}(?:cancer|carcinoma)s?\b)"
        ),
        _asks_nobody,
        frozenset({"tumour_type", "disease_setting", "metastatic_site", "comorbidity"}),
    ),
    # "Patients with stage IV disease must have …": of the other stages the trial may ask something else.
    Row(
        Sought(
            r"\A\W*(?:all |any )?(?:(?:patients|participants|subjects) with )?(?P<what>[^.;:]{0,60}?\bstages? (?:i{1,3}|iv|[1-4])[abc]?\b[^.;:]{0,80}?) must\b"
        ),
        _of_other_stages,
        frozenset({"disease_setting"}),
    ),
    # The cancer of a relative.
    Row(
        Sought(
            r"(?<!\bor )(?<!\band )(?<!\bpersonal )\b(?:relatives?|family members?|siblings?|mother|father|sister|brother|family history)\b[^.;:()]{0,40}?\b(?:with|affected|diagnosed|having|has|have|had|of)\b(?P<what>[^.;:]*)"
        ),
        _asks_nobody,
        frozenset({"tumour_type", "disease_setting", "gene_status"}),
        None,
        begins=True,
    ),
    # Examples parted by semicolons.
    Row(
        Sought(r"\bsuch as\b(?P<what>(?:[^.:;,()]{3,40};)+[^.:;,()]{3,40})"),
        _asks_nobody,
        frozenset({"tumour_type"}),
    ),
    # What is over is no illness: "return of the rhythm after …".
    Row(
        Sought(
            r"\b(?:restor\w+|recover\w+|conversion|reversion|return)\b[^.;,()]{0,30}\b(?:after|from|following) (?P<what>[^.;,()]*)"
        ),
        _of_what_came_after,
        section="exclusion",
    ),
)
_TABLE = Table(_ROWS)
