"""Immune system: autoimmune disease, immunosuppression, transplants, live vaccines."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import condition_rows
from her2nav.facts.medications import taken
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.condition_match import Query, asked_ids, held, lists_of, search
from her2nav.kinds.condition_words import tell
from her2nav.kinds.immune_entries import Params, immune_event, immunosuppression, inhibitor_given, vaccine
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Effort, Evidence, Finding
from her2nav.model.truth import Truth, any_of


def _query(params: Params, state: str, find: Callable[[str], str | None]) -> Query:
    transplant = state in ("organ_transplant", "stem_cell_transplant")
    # "Within two years" speaks of the treatment of an autoimmune disease, which no diagnosis dates.
    undated = Truth.UNKNOWN if state == "autoimmune_disease" else Truth.MET
    past = Truth.UNKNOWN if state == "autoimmune_disease" else Truth.NOT_MET
    exceptions = params.exceptions
    if "immunosuppression" in params.any_of:
        # Some of the exceptions speak of medicines.
        exceptions = tuple(item for item in exceptions if find(item) is not None)
    return Query((state,), exceptions, params.within_days, transplant, past_disease=past, undated=undated)


def _hiv(case: Case, params: Params, state: str) -> bool:
    """True when a positive HIV test leaves an immunodeficiency that is not excepted open."""
    tests, find = case.patient.serology, case.knowledge.conditions.find
    positive = state == "immunodeficiency" and tests is not None and tests.hiv == "positive"
    return positive and not any(find(item) == "hiv" for item in params.exceptions)


def _disease(case: Case, params: Params, state: str) -> Finding:
    """Judge what the list of diseases holds."""
    query = _query(params, state, case.knowledge.conditions.find)
    match = search(case, query)
    if match.truth is Truth.NOT_MET and _hiv(case, params, state):
        return finding(
            Truth.UNKNOWN,
            "immune_hiv",
            "HIV test positive; whether it has weakened the immune system is not on record. Asked: immunodeficiency.",
            "Your HIV test is positive; your team says whether your immune system is weak.",
            Evidence("/serology/hiv", "positive"),
            change=ask("CD4 count, or AIDS, of the HIV infection?", Effort.RECORD),
        )
    return tell(case, query, match, code=f"immune_{state}", plain="a disease of the immune system")


_JUDGES: dict[str, Callable[[Case, Params, str], Finding]] = {
    "immunosuppression": immunosuppression,
    "live_vaccine": vaccine,
    "immune_related_adverse_event": immune_event,
}


def _findings(case: Case, params: Params) -> list[Finding]:
    return [_JUDGES.get(state, _disease)(case, params, state) for state in params.any_of]


def _truth(case: Case, params: Params, state: str) -> Truth:
    if state in _JUDGES:
        return _JUDGES[state](case, params, state).truth
    found = search(case, _query(params, state, case.knowledge.conditions.find)).truth
    return Truth.UNKNOWN if found is Truth.NOT_MET and _hiv(case, params, state) else found


def truth(params: Params, block: Block) -> Tri:
    """Judge every state by its own part of the record."""
    return block.truths(("immune", params), lambda case: any_of(_truth(case, params, one) for one in params.any_of))


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    """Return the diseases asked for, and the states that are judged by entries of their own."""
    diseases = asked_ids([state for state in params.any_of if state not in _JUDGES], knowledge.conditions)
    return None if diseases is None else diseases | (_JUDGES.keys() & set(params.any_of))


def _held(case: Case) -> frozenset[str] | None:
    """Return the diseases of the record, and the states that one of its entries may speak of; None: any."""
    patient, diseases = case.patient, held(case)
    if diseases is None:
        return None
    cns = patient.cancer.cns
    steroids = cns is not None and bool(cns.on_steroids or cns.steroid_mg_prednisone)
    spoken_of = {
        "immunosuppression": steroids or not all(item.anticancer for item in taken(case)),
        "live_vaccine": patient.procedures or patient.medications,
        "immune_related_adverse_event": patient.toxicities or condition_rows(case),
    }
    return diseases | {state for state, entries in spoken_of.items() if entries}


def _rest(case: Case) -> Hashable:
    tests = case.patient.serology
    return lists_of(case), tests is not None and tests.hiv == "positive", inhibitor_given(case)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the finding of the state that decides, or of all together."""
    found = [one for one in _findings(case, params) if one.truth is truth]
    first = found[0]
    if len(found) == 1:
        return first
    evidence = tuple(dict.fromkeys(item for one in found for item in one.evidence))
    plain = " ".join(dict.fromkeys(one.plain for one in found))
    return replace(first, reason=" ".join(one.reason for one in found), plain=plain, evidence=evidence)


_CLOSED = {"complete": {"conditions": True, "procedures": True, "medications": True, "toxicities": True}}
_AUTOIMMUNE = {"any_of": "autoimmune_disease"}
_USUAL = ["vitiligo", "type_1_diabetes", "hypothyroidism_on_replacement", "psoriasis_without_systemic_treatment"]
_STEROID = {"any_of": "immunosuppression", "steroid_over_mg_prednisone": "10"}
_VACCINE = {"any_of": "live_vaccine", "within_days": 30}
_EVENT = {"any_of": "immune_related_adverse_event", "min_grade": 3}


def _shot(name: str, day: str) -> dict[str, object]:
    return {"as_of": "2026-01-31", "procedures": [{"kind": "vaccination", "name": name, "date": day}]}


KIND = Kind(
    id="immune",
    name="immune system",
    plain_name="immune system",
    taxonomy=(40,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, _held, _rest),
    question="Any autoimmune disease, transplant, steroid, medicine that calms the immune system, live vaccine?",
    effort=Effort.ASK,
    examples=(
        (_AUTOIMMUNE, {"conditions": [{"name": "SLE", "status": "active"}]}, "met"),
        (_AUTOIMMUNE, {}, "unknown"),
        (_AUTOIMMUNE, _CLOSED, "not_met"),
        (_AUTOIMMUNE, {"conditions": [{"name": "hypertension"}], **_CLOSED}, "not_met"),
        (_AUTOIMMUNE, {"conditions": [{"name": "rheumatoid arthritis", "status": "resolved"}], **_CLOSED}, "unknown"),
        (_AUTOIMMUNE, {"conditions": [{"name": "osteoarthritis"}], **_CLOSED}, "not_met"),
        (_AUTOIMMUNE, {"conditions": [{"name": "arthritis"}], **_CLOSED}, "unknown"),
        # mild autoimmune diseases: a person says, unless the text excepts them
        (_AUTOIMMUNE, {"conditions": [{"name": "vitiligo"}], **_CLOSED}, "unknown"),
        ({**_AUTOIMMUNE, "exceptions": _USUAL}, {"conditions": [{"name": "vitiligo"}], **_CLOSED}, "not_met"),
        ({**_AUTOIMMUNE, "exceptions": _USUAL}, {"conditions": [{"name": "T1DM"}], **_CLOSED}, "not_met"),
        ({**_AUTOIMMUNE, "exceptions": _USUAL}, {"conditions": [{"name": "diabetes"}], **_CLOSED}, "not_met"),
        ({**_AUTOIMMUNE, "exceptions": _USUAL}, {"conditions": [{"name": "psoriasis"}], **_CLOSED}, "unknown"),
        ({**_AUTOIMMUNE, "exceptions": _USUAL}, {"conditions": [{"name": "Crohn's disease"}]}, "met"),
        # low thyroid may be autoimmune; thyroid tablets make it the exception
        (_AUTOIMMUNE, {"conditions": [{"name": "hypothyroidism"}], **_CLOSED}, "unknown"),
        (
            {**_AUTOIMMUNE, "exceptions": _USUAL},
            {"conditions": [{"name": "hypothyroidism"}], "medications": ["levothyroxine"], **_CLOSED},
            "not_met",
        ),
        ({**_AUTOIMMUNE, "exceptions": _USUAL}, {"conditions": [{"name": "hypothyroidism"}], **_CLOSED}, "unknown"),
        (
            {**_AUTOIMMUNE, "within_days": 730},
            {"as_of": "2026-01-01", "conditions": [{"name": "lupus", "date": "2010"}], **_CLOSED},
            "unknown",
        ),
        ({"any_of": "immunodeficiency"}, {"serology": {"hiv": "positive"}, **_CLOSED}, "unknown"),
        (
            {"any_of": "immunodeficiency", "exceptions": "hiv"},
            {"conditions": [{"name": "HIV"}], **_CLOSED},
            "not_met",
        ),
        # steroids by dose, the limit itself allowed
        (_STEROID, {"medications": [{"name": "prednisone", "dose": "10 mg daily"}], **_CLOSED}, "not_met"),
        (_STEROID, {"medications": [{"name": "dexamethasone", "dose": "4 mg daily"}]}, "met"),
        (_STEROID, {"medications": [{"name": "prednisone"}], **_CLOSED}, "unknown"),
        (_STEROID, {"medications": [{"name": "tacrolimus"}], **_CLOSED}, "unknown"),
        (_STEROID, {"medications": [{"name": "levothyroxine"}], **_CLOSED}, "not_met"),
        (_STEROID, {"medications": [{"name": "levothyroxine"}]}, "unknown"),
        (_STEROID, {"medications": [{"name": "zorblin"}], **_CLOSED}, "unknown"),
        (_STEROID, {"cancer": {"cns": {"on_steroids": True, "steroid_mg_prednisone": 13}}}, "met"),
        # transplants
        (
            {"any_of": "organ_transplant"},
            {"procedures": [{"kind": "transplant", "site": "kidney", "date": "2010"}]},
            "met",
        ),
        ({"any_of": "organ_transplant"}, {"conditions": [{"name": "Liver transplant"}]}, "met"),
        ({"any_of": "organ_transplant"}, {"procedures": [{"kind": "transplant"}], **_CLOSED}, "unknown"),
        ({"any_of": "organ_transplant"}, {"conditions": [{"name": "corneal transplant"}], **_CLOSED}, "not_met"),
        (
            {"any_of": "organ_transplant"},
            {"procedures": [{"kind": "transplant", "technique": "autologous"}], **_CLOSED},
            "not_met",
        ),
        (
            {"any_of": "stem_cell_transplant"},
            {"procedures": [{"kind": "transplant", "technique": "allogeneic"}]},
            "met",
        ),
        # live vaccines: day 30 is inside, day 31 is not; inactivated ones are no live vaccines
        (_VACCINE, _shot("MMR", "2026-01-01"), "met"),
        (_VACCINE, {**_shot("MMR", "2025-12-31"), **_CLOSED}, "not_met"),
        (_VACCINE, {**_shot("flu shot", "2026-01-20"), **_CLOSED}, "not_met"),
        (_VACCINE, {**_shot("zorbl vaccine", "2026-01-20"), **_CLOSED}, "unknown"),
        (_VACCINE, {"complete": {"procedures": True}}, "unknown"),
        # side effects of checkpoint inhibitors
        (_EVENT, {"toxicities": [{"name": "colitis", "grade": 3, "due_to": "pembrolizumab"}]}, "met"),
        (_EVENT, {"toxicities": [{"name": "colitis", "grade": 2, "due_to": "pembrolizumab"}], **_CLOSED}, "not_met"),
        (
            _EVENT,
            {"therapies": [{"drugs": "pembrolizumab"}], "toxicities": [{"name": "colitis", "grade": 3}]},
            "unknown",
        ),
        (_EVENT, {"therapies": [{"drugs": "trastuzumab"}], "complete": {"therapies": True}}, "not_met"),
        (_EVENT, {}, "unknown"),
    ),
)
