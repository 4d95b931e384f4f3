"""Stage and setting of the disease."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.terms import ANYTHING, TermSet, exactly
from her2nav.facts.tri import Tri, between
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany

Setting = Literal["early", "locally_advanced_resectable", "locally_advanced_unresectable", "metastatic", "recurrent"]
Stage = Literal["0", "I", "II", "III", "IV", "IA", "IB", "IIA", "IIB", "IIIA", "IIIB", "IIIC", "IVA", "IVB"]


class Params(KindParams):
    """P: every group of conditions given holds."""

    settings: OneOrMany[Setting] = ()
    """Any of these; `recurrent` alone also holds for metastatic disease that relapsed."""
    stages: OneOrMany[Stage] = ()
    """Any of these; II stands for IIA and IIB."""
    t: OneOrMany[Literal["T0", "Tis", "T1", "T2", "T3", "T4"]] = ()
    n: OneOrMany[Literal["N0", "N1", "N2", "N3"]] = ()
    min_tumour_size_mm: Decimal | None = None
    max_tumour_size_mm: Decimal | None = None
    residual: Literal["pcr", "residual"] | None = None
    de_novo: bool | None = None
    """Metastatic at first diagnosis."""
    inflammatory: bool | None = None


_STAGE_WORDS = re.compile(
    r"\b(?:ajcc|figo|uicc|tnm|anatomic|clinical|pathologic(?:al)?|stage|group|v?[78](?:th)?)\b", re.I
)
_STAGE = re.compile(r"(0|IV|I{1,3}|[1-4])\s?([A-C])?\d?", re.IGNORECASE)
_ARABIC = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_TNM = re.compile(r"[cpyr]*([TN])\s*(is|[0-4X])", re.IGNORECASE)


_LOCAL = frozenset({"early", "locally_advanced_resectable", "locally_advanced_unresectable"})
_REGIONAL_SITES = frozenset({"lymph_node", "breast", "chest_wall", "skin"})
"""Sites that need not be distant metastases."""


def setting_of(case: Case) -> TermSet:
    """Return the setting as recorded, or what distant metastases, M1 and a relapse date prove.

    A local setting beside distant metastases, M1 or stage IV is a contradiction: either may be true.
    """
    cancer = case.patient.cancer
    m = cancer.tnm.m if cancer.tnm else None
    sites = case.metastatic_sites or ()
    distant = any(site not in _REGIONAL_SITES for site in sites) or (m is not None and "1" in m)
    stage_four = stage_of(case).any_of(("IV",)) is Truth.MET
    if cancer.setting is None:
        if not distant:
            return ANYTHING
        found = {"metastatic"}
    elif cancer.setting in _LOCAL:
        if distant or sites or (stage_four and cancer.setting != "locally_advanced_unresectable"):
            return TermSet(frozenset(), frozenset({cancer.setting, "metastatic", "recurrent"}))
        return exactly({cancer.setting})
    else:
        found = {cancer.setting}
        if distant:
            found.add("metastatic")
    if "metastatic" in found and cancer.relapse_date is not None:
        found.add("recurrent")
    if found == {"recurrent"}:
        # A recurrence may be local or distant, resectable or not; the record does not say which.
        return TermSet(frozenset(found), frozenset({*found, "metastatic", "locally_advanced_unresectable"}))
    if "metastatic" in found and "recurrent" not in found and _de_novo(case) is not Truth.MET:
        return TermSet(frozenset(found), frozenset({*found, "recurrent"}))
    return exactly(found)


def stage_of(case: Case) -> TermSet:
    """Return the stage with its wider stage; a stage without letter may be any of its letters.

    Anything beside the stage itself (a second stage, a word) leaves it unread.
    """
    written = case.patient.cancer.stage
    match = _STAGE.fullmatch(_STAGE_WORDS.sub(" ", written).strip(" ,:;.()")) if written else None
    if match is None:
        return ANYTHING
    main, letter = match.group(1).upper(), (match.group(2) or "").upper()
    main = _ARABIC.get(main, main)
    if letter:
        return exactly({main, main + letter})
    return TermSet(frozenset({main}), frozenset({main, *(main + item for item in "ABC")}))


def tnm_of(case: Case, axis: str) -> TermSet:
    """Return the T or N category without prefix and letter; X and absence are anything.

    In early disease a lymph node whose cancer was tested for HER2 holds cancer, so it is not N0. A stage group alone
    does not say which T or N it is: prognostic groups weigh grade and receptors as well. But early breast cancer of
    stage I or II is neither T4 nor N3, and with cancer proven in the breast it is not T0.

    Source: AJCC, breast, 6th to 8th edition: T4 and N3 are stage III or IV in anatomic and in prognostic groups.
    """
    tnm = case.patient.cancer.tnm
    written = getattr(tnm, axis) if tnm else None
    match = _TNM.search(written) if written else None
    if match is None or match.group(2).upper() == "X":
        if axis == "n":
            return _possible_n(case)
        return TermSet(frozenset(), _possible_t(case)) if _low_stage(case) else ANYTHING
    return exactly({match.group(1).upper() + match.group(2).replace("IS", "is")})


def _low_stage(case: Case) -> bool:
    """Return whether it is breast cancer of stage I or II and nothing in the record says that it went on."""
    if case.patient.cancer.setting != "early" or case.tumour.any_of(("breast",)) is not Truth.MET:
        return False
    return stage_of(case).any_of(("I", "II")) is Truth.MET


def _possible_t(case: Case) -> frozenset[str]:
    proven = _tested(case, "primary") is not None
    return frozenset({"T1", "T2", "T3"} if proven else {"T0", "T1", "T2", "T3"})


def _possible_n(case: Case) -> TermSet:
    could = {"N0", "N1", "N2"} if _low_stage(case) else {"N0", "N1", "N2", "N3"}
    if case.patient.cancer.setting == "early" and _tested(case, "lymph_node") is not None:
        could.discard("N0")
    return ANYTHING if len(could) == len({"N0", "N1", "N2", "N3"}) else TermSet(frozenset(), frozenset(could))


def _tested(case: Case, site: str) -> int | None:
    """Return the position of a specimen of a site that was tested for HER2; None when there is none."""
    for i, specimen in enumerate(case.patient.specimens):
        tested = specimen.ihc is not None and specimen.ihc.score
        dated = specimen.collected is None or not specimen.collected.certainly_after(case.as_of)
        if specimen.site == site and tested and dated:
            return i
    return None


def size_mm(case: Case) -> Interval:
    """Return the tumour size."""
    size = case.patient.cancer.tumour_size_mm
    return UNKNOWN_NUMBER if size is None else (float(size), float(size))


def _residual(case: Case, wanted: str) -> Truth:
    residual = case.patient.cancer.residual
    if residual is None or residual.status is None:
        return Truth.UNKNOWN
    return Truth.MET if residual.status == wanted else Truth.NOT_MET


def _de_novo(case: Case) -> Truth:
    """Metastatic within about three months of the diagnosis: no relapse, and stage IV or M1 from the start."""
    cancer = case.patient.cancer
    if cancer.relapse_date is not None:
        return Truth.NOT_MET
    if any(course.settings <= {"neoadjuvant", "adjuvant"} for course in case.courses):
        return Truth.NOT_MET
    first = next((c for c in case.courses if c.settings == {"metastatic"} and c.start[0] is not None), None)
    if first is not None and cancer.diagnosed is not None and case.patient.complete.therapies:
        start = first.start[1]
        assert start is not None
        if (start - cancer.diagnosed.low).days <= 120 and first.index == 0:
            return Truth.MET
    return Truth.UNKNOWN


def _inflammatory(case: Case) -> Truth:
    """The tumour type says inflammatory, or T4d does; T4 without letter and silence leave it open.

    Stage I or II rules it out, for T4d is stage III or IV (`tnm_of`).
    """
    tnm = case.patient.cancer.tnm
    if tnm is not None and tnm.t and "4d" in tnm.t.lower():
        return Truth.MET
    if tnm is not None and tnm.t and tnm_of(case, "t").any_of(("T4",)) is Truth.NOT_MET:
        return Truth.NOT_MET
    named = case.tumour.any_of(("inflammatory_breast",))
    return Truth.NOT_MET if named is Truth.UNKNOWN and _low_stage(case) else named


def truth(params: Params, block: Block) -> Tri:
    """Every group of conditions that the criterion names."""
    result = block.everybody(Truth.MET)
    if params.settings:
        result = result & block.terms("setting", setting_of, params.settings)
    if params.stages:
        result = result & block.terms("stage", stage_of, params.stages)
    if params.t:
        result = result & block.terms("tnm_t", lambda case: tnm_of(case, "t"), params.t)
    if params.n:
        result = result & block.terms("tnm_n", lambda case: tnm_of(case, "n"), params.n)
    if params.min_tumour_size_mm is not None or params.max_tumour_size_mm is not None:
        least = None if params.min_tumour_size_mm is None else float(params.min_tumour_size_mm)
        most = None if params.max_tumour_size_mm is None else float(params.max_tumour_size_mm)
        result = result & between(least, most, *block.numbers("tumour_size", size_mm))
    if params.residual is not None:
        wanted = params.residual
        result = result & block.truths(("residual", wanted), lambda case: _residual(case, wanted))
    if params.de_novo is not None:
        de_novo = block.truths("de_novo", _de_novo)
        result = result & (de_novo if params.de_novo else ~de_novo)
    if params.inflammatory is not None:
        inflammatory = block.truths("inflammatory", _inflammatory)
        result = result & (inflammatory if params.inflammatory else ~inflammatory)
    return result


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give stage and setting as recorded, and what is asked."""
    wanted = _wanted(params)
    evidence = _evidence(params, case)
    shown = (
        "; ".join(f"{e.path.rsplit('/', 1)[-1].replace('_', ' ')} {e.value}" for e in evidence) or "nothing recorded"
    )
    if truth is Truth.MET:
        return finding(truth, "setting_fits", f"{shown}; wanted {wanted}.", "The stage of your cancer fits.", evidence)
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "other_setting",
            f"{shown}; wanted {wanted}.",
            "The study is for another stage of the disease.",
            evidence,
            change=Change(ChangeBy.DATE, "only if the stage of the disease changes"),
        )
    return finding(
        truth,
        "setting_unclear",
        f"{shown}; wanted {wanted}; stage or setting is not fully recorded.",
        "Your team needs to check the stage of your cancer for this study.",
        evidence,
        change=ask(f"{_what(params)} ({wanted})", Effort.RECORD),
    )


_SIZE = frozenset({"min_tumour_size_mm", "max_tumour_size_mm"})


def _what(params: Params) -> str:
    """Return what to look up: the size alone where nothing else is asked."""
    asked = {name for name, value in params if value not in (None, ())}
    return "tumour size" if asked and asked <= _SIZE else "stage and setting"


def _evidence(params: Params, case: Case) -> tuple[Evidence, ...]:
    cancer = case.patient.cancer
    items: list[tuple[str, object]] = []
    if params.settings or params.de_novo is not None:
        items += [("setting", cancer.setting), ("relapse_date", cancer.relapse_date)]
        items += [("metastatic_sites", ", ".join(cancer.metastatic_sites or ()) or None)]
    if params.de_novo is not None:
        items.append(("diagnosed", cancer.diagnosed))
    by_stage = (params.t or params.n or params.inflammatory is not None) and _low_stage(case)
    if params.stages or by_stage:
        items.append(("stage", cancer.stage))
    if (params.t or params.n or params.settings) and cancer.tnm:
        items.append(("tnm", " ".join(part for part in (cancer.tnm.t, cancer.tnm.n, cancer.tnm.m) if part)))
    if params.min_tumour_size_mm is not None or params.max_tumour_size_mm is not None:
        items.append(("tumour_size_mm", cancer.tumour_size_mm))
    if params.residual is not None and cancer.residual:
        items.append(("residual", cancer.residual.status))
    if params.inflammatory is not None:
        items += [("tumour_type", cancer.tumour_type), ("tnm", cancer.tnm.t if cancer.tnm else None)]
    found = tuple(Evidence(f"/cancer/{name}", str(value)) for name, value in items if value is not None)
    for site, asked in (("primary", params.t and by_stage), ("lymph_node", params.n)):
        place = _tested(case, site) if asked else None
        if place is not None:
            found += (Evidence(f"/specimens/{place}/site", site),)
    return found


def _wanted(params: Params) -> str:
    parts = []
    if params.settings:
        parts.append(" or ".join(item.replace("_", " ") for item in params.settings))
    if params.stages:
        parts.append("stage " + " or ".join(params.stages))
    parts += [" or ".join(items) for items in (params.t, params.n) if items]
    if params.min_tumour_size_mm is not None:
        parts.append(f"at least {params.min_tumour_size_mm} mm")
    if params.max_tumour_size_mm is not None:
        parts.append(f"at most {params.max_tumour_size_mm} mm")
    if params.residual is not None:
        parts.append({"pcr": "complete response", "residual": "residual disease"}[params.residual])
    if params.de_novo is not None:
        parts.append("metastatic at first diagnosis" if params.de_novo else "not metastatic at first diagnosis")
    if params.inflammatory is not None:
        parts.append("inflammatory" if params.inflammatory else "not inflammatory")
    return ", ".join(parts) or "any stage"


KIND = Kind(
    id="disease_setting",
    name="stage and setting",
    plain_name="stage of the cancer",
    taxonomy=(11,),
    params=Params,
    truth=truth,
    explain=explain,
    cheap=True,
    question="Which stage, and is the disease early, unresectable or metastatic?",
    effort=Effort.RECORD,
    examples=(
        ({"settings": "metastatic"}, {"cancer": {"setting": "metastatic"}}, "met"),
        ({"settings": "metastatic"}, {"cancer": {"setting": "early"}}, "not_met"),
        ({"settings": "metastatic"}, {}, "unknown"),
        ({"settings": "metastatic"}, {"cancer": {"metastatic_sites": ["liver"]}}, "met"),
        ({"settings": "metastatic"}, {"cancer": {"metastatic_sites": []}}, "unknown"),
        ({"settings": "metastatic"}, {"cancer": {"setting": "recurrent"}}, "unknown"),
        ({"stages": ["II", "III"]}, {"cancer": {"stage": "IIB"}}, "met"),
        ({"stages": ["IIB"]}, {"cancer": {"stage": "II"}}, "unknown"),
        ({"stages": ["II"]}, {"cancer": {"stage": "stage IV"}}, "not_met"),
        ({"stages": ["IV"]}, {"cancer": {"stage": "Clinical stage IV"}}, "met"),
        ({"stages": ["I"]}, {"cancer": {"stage": "FIGO IVB"}}, "not_met"),
        ({"stages": ["I"]}, {"cancer": {"stage": "distant"}}, "unknown"),
        ({"stages": ["I", "II"]}, {"cancer": {"stage": "initially II, now IV"}}, "unknown"),
        ({"stages": ["IV"]}, {"cancer": {"stage": "Stage 4"}}, "met"),
        ({"stages": ["III"]}, {"cancer": {"stage": "III/IV"}}, "unknown"),
        ({"settings": "metastatic"}, {"cancer": {"tnm": {"m": "cM1"}}}, "met"),
        ({"settings": "early"}, {"cancer": {"setting": "early", "metastatic_sites": ["liver"]}}, "unknown"),
        ({"settings": "early"}, {"cancer": {"setting": "early", "stage": "IV"}}, "unknown"),
        ({"settings": "metastatic"}, {"cancer": {"setting": "early", "metastatic_sites": ["lymph node"]}}, "unknown"),
        ({"t": ["T2"]}, {"cancer": {"tnm": {"t": "cT2"}}}, "met"),
        (
            {"n": ["N0"]},
            {"cancer": {"setting": "early"}, "specimens": [{"site": "lymph_node", "ihc": {"score": "3+"}}]},
            "not_met",
        ),
        ({"n": ["N0"]}, {"cancer": {"setting": "early", "stage": "IIB"}}, "unknown"),
        ({"t": ["T4"]}, {"cancer": {"setting": "early", "stage": "IIB", "tumour_type": "breast"}}, "not_met"),
        ({"t": ["T4"]}, {"cancer": {"setting": "early", "stage": "IIB", "tumour_type": "colorectal"}}, "unknown"),
        ({"t": ["T2"]}, {"cancer": {"setting": "early", "stage": "IIB", "tumour_type": "breast"}}, "unknown"),
        ({"inflammatory": True}, {"cancer": {"setting": "early", "stage": "II", "tumour_type": "breast"}}, "not_met"),
        ({"inflammatory": True}, {"cancer": {"setting": "early", "stage": "III", "tumour_type": "breast"}}, "unknown"),
        ({"min_tumour_size_mm": 20}, {"cancer": {"tumour_size_mm": 26}}, "met"),
        ({"residual": "residual"}, {"cancer": {"residual": {"status": "pcr"}}}, "not_met"),
    ),
)
