"""The words around brain metastases: how they are named, narrowed and excepted, and the limits on treated disease."""

from __future__ import annotations

import re
from decimal import Decimal

from her2nav.kinds.reading.base import days_of
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought

_PLACE = r"(?:brain|cns|central nervous system|cerebral|intracranial|intra-?cerebral)"
_SPREAD = r"(?:metasta(?:sis|ses|tic (?:disease|lesions?|involvement))|mets?\b|lesions?\b|involvement\b|disease\b(?! progression)|(?:tumou?r )?metasta\w+)"
MENTION = Sought(
    rf"(?<!non-)(?<!non )(?<!extra-)(?<!primary )(?<!primary malignant )(?:(?<!system )\({_PLACE}\) {_SPREAD}|\b{_PLACE}(?: ?\((?:cns|brain)\))?[ -]*(?:(?:tumou?rs?|parenchymal|parenchyma|{_PLACE}|leptomeningeal|meningeal|spinal(?: cord)?)"
    rf"[ -]*)?(?:\(?(?:and ?/ ?or|or|and|/|,|&) ?(?:the )?(?:leptomeningeal|leptomeninges|meningeal|meninges|spinal(?: cord)?|brain|cns)\)?[ -]*)?{_SPREAD}(?: ?\((?:bms?|cns|cnsm|brain(?: mets| metastases)?)\))?"
    rf"|\bmetastatic (?:brain|cns|cerebral) (?:cancers?|tumou?rs?|lesions?|disease)\b"
    rf"|\b(?:leptomeningeal|meningeal) (?:and/or|or|and|/) ?{_PLACE} {_SPREAD}"
    rf"|\bmetasta(?:sis|ses|tic (?:disease|cancer|spread|lesions?)) (?:to|in|of|involving|within) (?:the )?{_PLACE}(?: \(cns\))?)"
)
"""Metastases in the brain, by any of their names; primary tumours of the brain are none."""

LEFT = re.compile(
    r"(?:(?:\b(?:known|documented|any|history|of|or|and|current|currently|prior|previous|previously|evidence|presence|clinical(?:ly)?|radiographic(?:ally)?|radiologic(?:al|ally)?|"
    r"significant|new|newly|diagnosed|active|actively|symptomatic|asymptomatic|untreated|treated|unstable|uncontrolled|progressive|progressing|growing|stable|suspected|uncontrollable|"
    r"with|have|has|had|having|must|no|not|without|free|absence|a|an|the|to|be|is|are|if|central nervous system|cns|inactive|controlled|clinically|relevant|inadequately|symptoms|neurological|"
    r"suspicion|signs?|patients?|participants?|subjects?|who|individuals?|there|unequivocal|unresected|either|multiple)\b|and/or|[ ,/()-])+)$"
)
"""Words in front that narrow or frame the metastases."""

NEGATED = re.compile(r"\b(?:no|not|without|free of|absence of)\b")
SUBJECT = re.compile(
    r"(?:\A|[.;:(] ?)(?:note: )?(?:\W*\b(?:the|those|all|any|in|for|additionally|however)\b,? ?)?\b(?:patients?|participants?|subjects?|individuals?|those|women|men)\b (?:(?:who|that) (?:have|had|has)|with|having)\b[^.;:]*$"
)
RIGHT = re.compile(
    r"(?: ?\([^()]{0,80}\))?(?:,? ?(?:(?:that|which|who) (?:are|is|have|has|were|cause|require)|(?:requiring|needing|in need of|with|associated with|causing|defined as|i\.e\.,?)\b)[^.;]{0,200}?"
    r"(?=[.;]|$|,? (?:unless|except|other than|with the exception)))?"
    r"(?:,? (?:should|will|must|are|is)(?: be)? (?:excluded|ineligible|not (?:be )?(?:eligible|allowed|permitted))(?: from)?(?: (?:participation|enrollment|this|the|in|clinical|trial|study))*"
    r"(?:,? because [^.;]*)?)?"
)
EXCEPT = re.compile(
    r"[ ,;.()-]*\b(?:unless|except(?:ing|ions?)?(?: (?:for|of|in|if|when|those|patients|subjects|participants))*|other than|with the exception of|apart from|but (?:patients|subjects|participants) with|"
    r"(?:is|are) (?:not allowed|excluded|ineligible|not eligible|not permitted),? (?:unless|except(?: for| if)?))\b"
)
BESIDE = re.compile(
    r"\b(?:symptoms|management|managing|manage|treating|controlling|treatment|therap(?:y|ies)|control|due|because|prescribed|resection|progression|steroids?|dose|number|size|imaging|mri|evaluat\w+|prophyla\w+|autoimmune|"
    r"inflammatory|immunologic|demyelinating|degenerative|relevant|risk|permitted|allowed|used|suspicion of|free of|signs or symptoms|autoimmune|records of any|secondary|indications?|complications?|receiv\w+|surgery|"
    r"radiotherapy|radiation|outside|than)\b(?:[ /]+(?:of|for|to|in|from|by|at|the|any|with|known|subjects|patients|participants|all|treated|their|symptomatic|active|untreated|prior))*[ -]*$"
)
"""Words in front that speak of something beside the metastases: their treatment, their symptoms."""
ONLY_WBRT = re.compile(
    r"(?<!not )(?<!been )\btreated (?:by|with) (?:whole[- ]?brain (?:radiotherapy|radiation(?: therapy)?|irradiation)|wbrt)(?: \(wbrt\))?(?!\s*,? ?(?:or|and/or|/|with or))(?!, (?:stereotactic|surg|srs|gamma))"
)
"""One local treatment that is named, and no other beside it."""
NOT_SPREAD = re.compile(
    rf"{_PLACE}(?: ?\(cns\))?[ -]*(?:disease|involvement|lesions?)\b(?=,? ?\(?(?:such as|including|by |from |of lymphoma|with lymphoma|prophylaxis|that would|which would|like|specific|or (?:seizure|epilep|psychiatric)|and (?:seizure|epilep)))"
)
"""Disease of the brain that is no spread of the cancer."""
ASKED = re.compile(
    r"\b(?:must have|have|has|with|documented|confirmed|diagnos\w+|at least (?:one|1)|measurable|presence|evidence|newly)\b[^.;:]{0,40}$"
)
STEROID = re.compile(r"steroids?\b|dexamethasone|prednis\w+|glucocorticoids?")

CAPTURED = re.compile(
    r"[^.;,]{0,60}\b(?:(?:must|should|will|may|can) be (?:captured|recorded|listed|documented|followed|measured|selected|chosen|included as|considered)|(?:as|be) (?:non-?)?target lesions?)\b"
)
"""How lesions are counted, where there are any."""
LIST_AHEAD = re.compile(
    r"(?:\A|[.;:(] ?)\W*(?:(?:known|any|evidence|of|presence|with|patients|has|have|history|the|current) )*(?P<how>(?:active|untreated|symptomatic|uncontrolled|unstable|progressive|progressing)(?:[ ,]+(?:or |and |and/or )?(?:active|untreated|symptomatic|uncontrolled|unstable|progressive|progressing))*) [^.;:()]{3,90}?(?:,|\bor\b|\band\b|/)(?: (?:and|or|and/or|with|any|the|an?|known|presence of|evidence of))*[ ]*\Z"
)
LET_IN = re.compile(
    r"[(\[][^()\[\]]*\b(?:eligible|allowed|permitted|acceptable|accepted|may (?:participate|enroll?|enter|be included))\b"
)
OR_NEEDS = re.compile(
    r"(?:\bor|,) (?:(?:who|that|which|are|is|still|currently|those) )*requir(?:e|es|ing) [^.;]{0,60}(?:steroid|anti-?convulsant)"
)
"""What shuts out those whose metastases are quiet under drugs alone."""
_DURATION = re.compile(MACROS["time"])
_SINCE = re.compile(
    r"stabl|stabili|progress|controlled|radi(?:o|a)|surg|treat|therap|srs|wbrt|irradiat|resect|elapsed|free|complet|asymptomatic|symptom|imaging|mri|\bct\b"
)
_SITES_OF_TIME = re.compile(r"\bmri\b|\bct\b|imaging|scan")
_OFF = re.compile(
    r"\b(?:no|not|off|without|discontinued|stopped|free of|never|withdrawn|any)\b|\bdo(?:es)? not\b|un(?:treated|medicated)|not requir"
)
_KEPT = re.compile(
    r"\b(?:stable|unchanged|constant|same|decreas\w+|reduced|taper\w+) (?:or (?:stable|decreas\w+|taper\w+|reduced) )?(?:daily )?(?:dos(?:e|es|ing|age)|regimen)\b|\bdos(?:e|es|ing|age)\b[^,;]{0,30}\b(?:stable|unchanged|constant|same|decreas\w+|reduced)|\bstable (?:on )?(?:\w+ )?(?=(?:cortico)?steroid)(?! off)"
)
"""A dose of steroids that stays the same or falls."""
_DOSE = re.compile(
    r"(?P<n>\d+(?:\.\d+)?) ?mg(?: ?(?:/|per|a) ?(?:day|d)\b| daily)?(?:[^.;]{0,20}?(?P<dexamethasone>dexamethasone))?"
)


_LOCALLY = re.compile(
    r"\btreated|(?<!trial )(?<!study )(?<!protocol )(?<!investigational )\btreatment\b(?! (?:start|initiation|with study|in (?:the|this) (?:trial|study)))|\btherapy\b|radi(?:o|a)|surg|resect|srs\b|wbrt|irradiat|\bdirected\b|\bcomplet|\belapsed"
)
_TREATED = re.compile(
    r"\btreated|(?<!trial )(?<!study )(?<!protocol )(?<!investigational )\btreatment\b(?! (?:start|initiation|with study|in (?:the|this) (?:trial|study)))|\btherapy\b|radi(?:o|a)|surg|resect|srs\b|wbrt|irradiat|\bdirected\b|\bcomplet"
)
"""Words on a treatment of the metastases."""
_SYMPTOMS_ONLY = re.compile(r"\basymptomatic\b|\bsymptoms?\b|\bneurologic\w*\b(?! stab)")
_SEIZURE_DRUGS = re.compile(r"\banti-?(?:convuls\w+|epileptics?|seizure)\b")
_EVEN_IF = re.compile(rf"\beven (?:if|when|while) (?:still )?(?:on|taking|receiving) (?:\w+ )?{_SEIZURE_DRUGS.pattern}")
_LONG_OFF = re.compile(rf"{_SEIZURE_DRUGS.pattern}[^.;,]{{0,20}}{MACROS['time']}")
_TOGETHER = re.compile(
    rf"(?P<one>\b(?:cortico)?steroids?|{_SEIZURE_DRUGS.pattern}),? (?:and/or|and|or) (?P<two>(?:cortico)?steroids?|(?:enzyme[- ]inducing )?{_SEIZURE_DRUGS.pattern})"
)
"""Steroids and drugs against seizures, of which one time is said."""
_COUNTED = re.compile(
    r"\b(?:\d+|one|two|three|four|five|single|solitary)\)? (?:or (?:fewer|less|more) )?(?:measurable |known |active |untreated |brain |cns |intracranial |parenchymal |cerebral |metastatic )*(?:lesions?\b|metasta\w+|sites?\b)"
)
"""How many metastases there are: no limit holds it."""
_INDUCING = re.compile(r"\benzyme[- ]inducing\b")
_SOME_ALLOWED = re.compile(r"\b(?:allowed|permitted|acceptable|prophyla\w+|increas\w+|stable dose)")


_HOW_LONG_STABLE = re.compile(
    r"\((?P<said>(?![^()]*(?:steroid|dexamethasone|prednis))[^()]*\b(?:progress\w*|stable|stability|growth|unchanged)\b[^()]*)\)"
)
"""A remark in brackets whose time is of the metastases: "(not progressing for four weeks) not requiring steroids"."""


def conditions(words: str) -> tuple[dict[str, object], bool]:
    """Return limits on treated disease that these words state, and whether every number found its place.

    "Asymptomatic for at least two weeks" says nothing of the time since a treatment: it is how long nothing changed.
    """
    limits: dict[str, object] = {}
    clear = _COUNTED.search(words) is None
    words = _TOGETHER.sub(r"\g<one>/\g<two>", words)
    words = _HOW_LONG_STABLE.sub(r", \g<said>, ", words)
    since: set[int] = set()
    stable: set[int] = set()
    treated = _TREATED.search(words) is not None
    for clause in re.split(r"[,;.:]| and (?!/)|\bbut\b", words):
        times = [days for found in _DURATION.finditer(clause) if (days := days_of(found[0])) is not None]
        steroid = STEROID.search(clause)
        dose = _DOSE.search(clause)
        if steroid and dose:
            if "min_days_off_steroids" in limits or times or dose["dexamethasone"] or "dexamethasone" in clause:
                clear = False
            else:
                limits["max_steroid_mg_prednisone"] = Decimal(dose["n"])
        elif steroid and _KEPT.search(clause):
            clear = False  # how long a dose has been the same, not how long none was taken
        elif steroid and len(times) == 1:
            limits["min_days_off_steroids"] = times[0]
        elif steroid and not times and _OFF.search(clause):
            limits.setdefault("min_days_off_steroids", 0)
        elif steroid:
            clear = False
        elif times and _SINCE.search(clause):
            # "Treated and stable for four weeks": the treatment lies as long ago.
            own = _LOCALLY.search(clause) is not None or (treated and not _SYMPTOMS_ONLY.search(clause))
            (since if own else stable).update(times)
        elif times:
            clear = False
    if _SEIZURE_DRUGS.search(words) and not _EVEN_IF.search(words):
        if _SOME_ALLOWED.search(words) and "unless" not in words:
            clear = False
        elif _INDUCING.search(words):
            limits["anticonvulsants"] = "no_enzyme_inducing"
        else:
            limits["anticonvulsants"] = "none_lately" if _LONG_OFF.search(words) else "none"
    if len(since) == 1:
        limits["min_days_since_local_therapy"] = since.pop()
    elif since:
        clear = False
    if stable:
        limits["min_days_stable"] = max(stable)
    return limits, clear


_FILL = (
    "patients? participants? subjects? individuals? those who whom that which with have has had having been be being is are was were must should may can will shall do does did not no nor or and "
    "the a an of for in to at on by from if as per after before since following prior previous previously least more than within during without least minimum any all their its this these it they "
    "known documented history evidence presence clinical clinically radiographic radiographically radiologic radiologically radiological neurologic neurological neurologically adequately definitively "
    "appropriately successfully locally treated untreated treatment treatments therapy therapies local definitive directed specific radiotherapy radiation radiosurgery stereotactic whole surgery "
    "surgical surgically resection resected srs wbrt sbrt gamma knife irradiated brain cns central nervous system cranial metastases metastasis metastatic lesions? disease active actively inactive "
    "stable stability stabilized stabilised controlled asymptomatic symptomatic symptoms? signs? progression progressive progressing progressed new enlarging growing eligible allowed permitted acceptable "
    "included enrolled enrollment enrolment participate enroll enter excluded exclusion study trial entry screening baseline randomization randomisation registration first dose day drug treatment "
    "initiation start starting completed completion least weeks? months? days? years? four two one three six eight twelve hours? steroids? corticosteroids? corticosteroid glucocorticoids? systemic "
    "prednisone dexamethasone equivalent requirement requirements require requires required requiring requiring need needing use using off discontinued stopped receiving taking doses? daily mg imaging mri ct "
    "scan scans scanning magnetic resonance computed tomography confirmed shown showing shows demonstrated demonstrate documented repeat follow up followup contrast by last most recent both either "
    "provided only also considered deemed remain remained remains returned return anticonvulsants? anticonvulsive anti-convulsants antiepileptic management associated related control due "
    "has cycle c1d1 c1 d1 intervention investigational product ongoing current currently immediate immediately unless except these there such cases? long however note time state status defined meet meets "
    "following criteria none resolved continue continued continuing prevent parenchymal leptomeningeal lesion and/or e.g. i.e. adequate undergone received end done performed interim between diagnosis "
    "any recovered acute effects? toxicit(?:y|ies) brain whole-brain corticosteroid-free adverse must-have dosing decreasing tapering taper discretion investigator per opinion determined judged assessed longest additional clinically-stable documented evaluated screen protocol specified satisfy satisfied hemorrhage haemorrhage edema oedema parenchyma modality identical each assessment using same and/or deemed non-progressing believed well new-onset newly further anti-epileptic drugs? medications? for-that indication purpose resolved fully lapsed elapsed must period prednisolone hydrocortisone history-of currently longer no-longer discovered detected identified found consecutive two-consecutive previous-treatment cranial radiographically-stable dosage dose-free "
    "consent informed administration visit parenchyma tumou?rs? cancer leading up concurrent concomitant needed dosage low physiologic physiological levels above high higher dose-stable permitted considered greater whose completing referable free under toxic undergo exclude follows met able emerging improved recurrence interval irradiation change head duration course would bms? computerized computerised size number raditherapy eligibility determination discontinuation fulfil fulfill i e deterioration insignificant show participation including enzyme-inducing anti-seizure even non-progressive neurological fully usa that's it's s seizures?"
)
_MORE = (
    "but complete completely resolution managed surrounding tissues therapeutic ascertained examination examinations obtained treating physician physicians less equal oral chronic response responses responded responding "
    "responsive noted post-therapeutic demonstrates demonstrating mandatory treat treats already successful successfully excision craniotomy minimal decreases over institutional protocols routine finished recently anti-convulsant "
    "anti-convulsants rt removal resections radiographical recurrences plus intracranial eg providing incl respect absent initial clearly effectively judgement opinion given present based evaluation re-registration non-hemorrhagic"
)
"""Words that say no more of the metastases than the leaf does."""
_FURTHER = (
    "alone residual dysfunction indicated required measurable evaluable cm mm site sites sole outside other small smaller size number total fewer more greater diameter dimension axis measuring cord spinal compression involvement mass effect cannot feasible unlikely expected contraindication "
    "contraindications dose doses physiologic managed supportive support intravenous immunotherapy chemotherapy systemic determines determined believes neurosurgical surgical rule out rule-out reveals lack activity evident growth activity pet positron emission "
    "diagnosed incidentally exists incidental oligoprogression true washout hormone replacement leptomeningeal carcinomatous meningitis dural symptomatology significant abnormalities equivalents mg hydrocortisone equal than threatening non-threatening true"
)
"""Words of conditions that no parameter of the leaf holds: a person is asked."""


def _of(words: str) -> str:
    return "|".join(sorted(set(words.split()), key=len, reverse=True))


WHY = re.compile(
    r",? ?\b(?:because|since (?:the|these|they|such|this)|as (?:they|these|such|this)|given (?:the|their)|due to (?:the|their|a|an)? ?(?:poor|potential|high|increased|risk)) ?[^;]*"
)
"""Why the trial asks it: what stands there says nothing of the patient."""
_SIGNS = r"|\d+(?:\.\d+)?|[\s,;:.()\[\]/≥≤<>=%'\"*+-])*"
KNOWN = re.compile(rf"(?:(?:\b(?:{_of(_FILL + ' ' + _MORE)})\b){_SIGNS}")
"""Words that the leaf and its limits say, or that say nothing."""
TOLD = re.compile(rf"(?:(?:\b(?:{_of(_FILL + ' ' + _MORE + ' ' + _FURTHER)})\b){_SIGNS}")
"""The same, and words of conditions beside them."""


def narrowing_words(before: str, behind: str) -> str:
    """Return the words that narrow metastases: no reason why, and none where a history of them suffices.

    "No symptomatic evidence or history of brain metastases" shuts out those with any in the past.
    """
    entries = _EITHER.split(before)
    bare = [entry for entry in entries if _HISTORY.search(entry) and not _QUALIFIED.search(entry)]
    if len(entries) > 1 and any(entry is entries[-1] or entry.rstrip().endswith("of") for entry in bare):
        return ""
    return f"{before} {WHY.sub('', behind)}"


_EITHER = re.compile(r"\b(?:and/or|or)\b")
_HISTORY = re.compile(r"\bhistory\b")
_QUALIFIED = re.compile(
    r"\b(?:symptomatic|active|untreated|uncontrolled|unstable|progressi\w+|new|newly|growing|treated|stable|asymptomatic)\b"
)
