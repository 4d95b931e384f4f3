"""Stage and setting of the disease."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Literal

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri, between
from her2nav.kinds.base import NOTHING, Gate, Kind, ask, beyond, finding
from her2nav.kinds.staging import (
    de_novo_of,
    inflammatory_of,
    setting_of,
    stage_fact,
    stage_of,
    tested_at,
    tnm_of,
    treated_soon,
)
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.stages import StageFact
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


def size_mm(case: Case) -> Interval:
    """Return the tumour size."""
    size = case.patient.cancer.tumour_size_mm
    return UNKNOWN_NUMBER if size is None else (float(size), float(size))


def _residual(case: Case, wanted: str) -> Truth:
    residual = case.patient.cancer.residual
    if residual is None or residual.status is None:
        return Truth.UNKNOWN
    return Truth.MET if residual.status == wanted else Truth.NOT_MET


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
        de_novo = block.truths("de_novo", de_novo_of)
        result = result & (de_novo if params.de_novo else ~de_novo)
    if params.inflammatory is not None:
        inflammatory = block.truths("inflammatory", inflammatory_of)
        result = result & (inflammatory if params.inflammatory else ~inflammatory)
    return result


_TOLD = frozenset({"settings", "stages", "t", "n", "residual", "de_novo", "inflammatory"})


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    return None if beyond(params, _TOLD) else NOTHING


def _stated(case: Case) -> Hashable:
    """Return what all of those fields rest on."""
    residual = case.patient.cancer.residual
    return (
        setting_of(case),
        stage_of(case),
        tnm_of(case, "t"),
        tnm_of(case, "n"),
        residual and residual.status,
        de_novo_of(case),
        inflammatory_of(case),
    )


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
        f"{shown}; wanted {wanted}; stage or setting is not fully recorded.{_hint(params, case)}",
        "Your team needs to check the stage of your cancer for this study.",
        evidence,
        change=ask(f"{_what(params)} ({wanted})", Effort.RECORD),
    )


def _by_stage(params: Params, case: Case) -> StageFact | None:
    """Return what the stage group says where T, N or inflammatory cancer is asked for."""
    return stage_fact(case) if params.t or params.n or params.inflammatory is not None else None


def _hint(params: Params, case: Case) -> str:
    """Tell what an unverified fact would say of the open question, with its source."""
    rule = case.knowledge.de_novo
    if params.de_novo is not None and rule.unverified and treated_soon(case):
        line = next(line for line in rule.provenance if line.confidence.unverified)
        return (
            f" Treated for metastases within {rule.first_treatment_within_days} days of the diagnosis, so probably no"
            f" relapse (unverified: {line.source}, {line.locator})."
        )
    fact = _by_stage(params, case)
    if fact is None or not fact.unverified:
        return ""
    left = [", ".join(sorted(fact.left(axis))) for axis in ("t", "n") if getattr(params, axis)]
    if params.inflammatory is not None and fact.inflammatory is False:
        left.append("no inflammatory cancer")
    line = next(line for line in fact.provenance if line.confidence.unverified)
    return f" The stage leaves {'; '.join(left)} (unverified: {line.source}, {line.locator})." if left else ""


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
    by_stage = _by_stage(params, case)
    if params.stages or by_stage is not None:
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
    closes = by_stage is not None and not by_stage.unverified
    for site, asked in (("primary", params.t and closes), ("lymph_node", params.n)):
        place = tested_at(case, site) if asked else None
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
    gate=Gate(_asks, lambda _: NOTHING, _stated),
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
        ({"t": ["T4"]}, {"cancer": {"setting": "early", "stage": "IIB", "tumour_type": "breast"}}, "unknown"),
        ({"t": ["T4"]}, {"cancer": {"setting": "early", "stage": "IIB", "tumour_type": "colorectal"}}, "unknown"),
        ({"t": ["T2"]}, {"cancer": {"setting": "early", "stage": "IIB", "tumour_type": "breast"}}, "unknown"),
        ({"inflammatory": True}, {"cancer": {"setting": "early", "stage": "II", "tumour_type": "breast"}}, "unknown"),
        ({"inflammatory": True}, {"cancer": {"setting": "early", "stage": "III", "tumour_type": "breast"}}, "unknown"),
        ({"min_tumour_size_mm": 20}, {"cancer": {"tumour_size_mm": 26}}, "met"),
        ({"residual": "residual"}, {"cancer": {"residual": {"status": "pcr"}}}, "not_met"),
    ),
)
