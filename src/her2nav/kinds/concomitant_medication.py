"""Medicines taken now."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.medications import Taken, is_anticancer, is_judged, said, taken, widened
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.terms import Days, KindParams
from her2nav.kinds.treatment_gate import held, lists_of, told_by_drugs
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of these medicines or classes is taken (and cannot be stopped, where the text says so)."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Drug or class ids, or classes such as strong_cyp3a4_inhibitor, strong_cyp3a4_inducer, strong_cyp2c8_inhibitor,
    cyp2d6_inhibitor, p_gp_inhibitor, oatp_inhibitor, proton_pump_inhibitor, h2_blocker, anticoagulant, qt_prolonging,
    systemic_corticosteroid, hormone_replacement, investigational_agent, other_anticancer_therapy, herbal."""
    cannot_stop: bool = False
    within_days: Days | None = None
    """Taken within so many days; a list of medicines marked complete is taken to name those stopped within them too."""
    min_steroid_mg_prednisone: Decimal | None = None
    """Steroids count from this daily dose on, as prednisone."""
    steroid_dose_exclusive: bool = False
    """Steroids count only above that dose ("more than 10 mg")."""


_ANTICANCER = "other_anticancer_therapy"
_STEROID = "systemic_corticosteroid"


def _dose(mg: Decimal | None, params: Params) -> Truth:
    """Whether a steroid is taken at the dose that counts."""
    limit = params.min_steroid_mg_prednisone
    if limit is None:
        return Truth.MET
    if mg is None:
        return Truth.UNKNOWN
    return Truth.MET if mg > limit or (mg == limit and not params.steroid_dose_exclusive) else Truth.NOT_MET


def _matches(item: Taken, params: Params, case: Case) -> Truth:
    """Whether an entry of the record is a medicine that is meant and is taken now, at the dose that counts."""
    knowledge = case.knowledge
    answers = []
    for term in params.any_of:
        if term == _ANTICANCER:
            systemic = (knowledge.line_rules.systemic,)
            is_it = Truth.MET if item.anticancer else any_of(one.any_of(systemic) for one in item.terms)
        elif is_judged(term, knowledge):
            is_it = any_of(one.any_of(widened((term,), knowledge)) for one in item.terms)
            if item.anticancer and not item.known and is_it is Truth.UNKNOWN and not is_anticancer(term, knowledge):
                # A course of an unknown drug is anticancer therapy, not a medicine of this sort.
                is_it = Truth.NOT_MET
        else:
            # Nothing about a drug tells whether it is of this sort; anticancer drugs may be given in a study.
            is_it = any_of(one.any_of((term,)) for one in item.terms)
            told = item.known and not item.anticancer and knowledge.drugs.is_term(term)
            is_it = Truth.UNKNOWN if is_it is Truth.NOT_MET and not told else is_it
        if knowledge.medication_classes.find(term) == _STEROID:
            is_it = all_of((is_it, _dose(item.prednisone_mg, params)))
        answers.append(is_it)
    answer = any_of(answers)
    return answer if item.certain or answer is Truth.NOT_MET else Truth.UNKNOWN


def _brain_steroids(case: Case, params: Params) -> Truth:
    """Whether steroids are recorded with the brain disease; a "no" there says nothing of other reasons for them."""
    cns = case.patient.cancer.cns
    if cns is None or not cns.on_steroids:
        return Truth.NOT_MET
    if not any(case.knowledge.medication_classes.find(term) == _STEROID for term in params.any_of):
        return Truth.NOT_MET
    return _dose(cns.steroid_mg_prednisone, params)


def _closed(case: Case, params: Params) -> bool:
    """Whether the lists that would name the medicine are complete."""
    complete = case.patient.complete
    therapies = any(term == _ANTICANCER or is_anticancer(term, case.knowledge) for term in params.any_of)
    return complete.medications and (complete.therapies or not therapies)


def _taking(case: Case, params: Params) -> Truth:
    answers = [_matches(item, params, case) for item in taken(case)]
    answer = any_of([*answers, _brain_steroids(case, params)])
    return Truth.UNKNOWN if answer is Truth.NOT_MET and not _closed(case, params) else answer


def _judge(case: Case, params: Params) -> Truth:
    answer = _taking(case, params)
    # No record says whether a medicine can be stopped or replaced.
    return Truth.UNKNOWN if params.cannot_stop and answer is Truth.MET else answer


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    """Return the drugs asked for; None where anticancer therapy as such counts, or steroids with the brain disease."""
    steroid = any(knowledge.medication_classes.find(term) == _STEROID for term in params.any_of)
    return None if steroid or _ANTICANCER in params.any_of else told_by_drugs(params.any_of, knowledge)


def truth(params: Params, block: Block) -> Tri:
    """Look the medicines and the courses that still run up; only complete lists can say that none is taken."""
    return block.truths(("concomitant_medication", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the medicines that match, or say why none is known to."""
    wanted, plain = _phrase(params, case), _phrase(params, case, plain=True)
    judged = [(item, _matches(item, params, case)) for item in taken(case)]
    hits = [item for item, answer in judged if answer is Truth.MET]
    open_ = [item for item, answer in judged if answer is Truth.UNKNOWN]
    evidence = tuple(_evidence(item) for item in (hits if truth is Truth.MET else [*hits, *open_]))
    names = ", ".join(item.name for item in hits)
    if _brain_steroids(case, params) is not Truth.NOT_MET:
        cns = case.patient.cancer.cns
        mg = cns.steroid_mg_prednisone if cns else None
        evidence += (
            Evidence("/cancer/cns/on_steroids", f"yes, {mg} mg prednisone a day" if mg is not None else "yes"),
        )
        names = ", ".join(part for part in (names, "steroids for the brain disease") if part)
    if truth is Truth.MET:
        return finding(
            truth,
            "medicine_taken",
            f"Taken now: {names}. Asked: {wanted}.",
            f"You take {plain}.",
            evidence,
            change=Change(ChangeBy.TREATMENT, f"a change of {names} that the prescriber agrees to"),
        )
    if truth is Truth.NOT_MET:
        paths = ["/complete/medications"] + (["/complete/therapies"] if case.patient.complete.therapies else [])
        window = f"; confirm that none was stopped within {params.within_days} days" if params.within_days else ""
        return finding(
            truth,
            "medicine_not_taken",
            f"No record of {wanted} in a list of medicines marked complete{window}.",
            f"There is no record that you take {plain}.",
            tuple(Evidence(path, "true") for path in paths),
        )
    if _taking(case, params) is Truth.MET:
        return finding(
            truth,
            "stopping_unclear",
            f"Taken now: {names}. Asked: {wanted}; whether it can be stopped or replaced is for the prescriber.",
            f"You take {plain}. Your team needs to check if it can be changed.",
            evidence,
            change=ask(f"can {names} be stopped or replaced?", Effort.PERSON),
        )
    if evidence:
        shown = ", ".join(item.name for item in open_) or names
        return finding(
            truth,
            "medicine_unclear",
            f"May be meant: {shown} (name, form, dose or present use is not clear). Asked: {wanted}.",
            "Your team needs to check one of your medicines.",
            evidence,
            change=ask(f"is {shown} one of: {wanted}?", Effort.ASK),
        )
    return finding(
        truth,
        "medicines_not_complete",
        f"No record of {wanted}, but the list of medicines is not marked complete.",
        f"We need to know whether you take {plain}.",
        change=ask(f"complete list of medicines (any {wanted}?)", Effort.ASK),
    )


def _evidence(item: Taken) -> Evidence:
    return Evidence(item.path, item.name, str(item.since) if item.since else None)


def _phrase(params: Params, case: Case, *, plain: bool = False) -> str:
    text = " or ".join(dict.fromkeys(said(term, case.knowledge, plain=plain) for term in params.any_of))
    if params.min_steroid_mg_prednisone is not None:
        text += (
            f" ({'more than' if params.steroid_dose_exclusive else 'at least'} {params.min_steroid_mg_prednisone} mg "
        )
        text += "of prednisone a day, or as much of another steroid)"
    if params.within_days is not None:
        text += f" within {params.within_days} days"
    return text + (" that cannot be stopped" if params.cannot_stop and not plain else "")


_CLOSED = {"medications": True}
_STEROIDS = {"any_of": "systemic_corticosteroid", "min_steroid_mg_prednisone": 10}

KIND = Kind(
    id="concomitant_medication",
    name="medicines taken now",
    plain_name="your medicines",
    taxonomy=(41,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, held, lists_of),
    question="Which medicines are taken now?",
    effort=Effort.ASK,
    examples=(
        ({"any_of": "strong_cyp3a4_inhibitor"}, {"medications": ["clarithromycin"]}, "met"),
        ({"any_of": "strong_cyp3a_inhibitor"}, {"medications": ["Paxlovid"]}, "met"),
        ({"any_of": "strong_cyp3a4_inhibitor"}, {"medications": ["omeprazole"], "complete": _CLOSED}, "not_met"),
        ({"any_of": "strong_cyp3a4_inhibitor"}, {"medications": ["omeprazole"]}, "unknown"),
        ({"any_of": "strong_cyp3a4_inhibitor"}, {"medications": ["blue pills"], "complete": _CLOSED}, "unknown"),
        ({"any_of": "strong_cyp3a4_inhibitor"}, {}, "unknown"),
        ({"any_of": "proton_pump_inhibitor"}, {"medications": ["PPI"]}, "met"),
        (
            {"any_of": "proton_pump_inhibitor"},
            {"medications": [{"name": "omeprazole", "since": "2027-01-01"}]},
            "unknown",
        ),
        # a drug of uncertain risk, a drug that is seldom taken by mouth
        ({"any_of": "qt_prolonging"}, {"medications": ["ondansetron"]}, "met"),
        ({"any_of": "qt_prolonging"}, {"medications": ["famotidine"], "complete": _CLOSED}, "unknown"),
        ({"any_of": "systemic_corticosteroid"}, {"medications": ["hydrocortisone"], "complete": _CLOSED}, "unknown"),
        ({"any_of": "systemic_corticosteroid", "cannot_stop": True}, {"medications": ["prednisone"]}, "unknown"),
        ({"any_of": "systemic_corticosteroid", "cannot_stop": True}, {"complete": _CLOSED}, "not_met"),
        # dexamethasone 2 mg is about 13 mg of prednisone
        (_STEROIDS, {"medications": [{"name": "dexamethasone", "dose": "2 mg daily"}]}, "met"),
        (_STEROIDS, {"medications": [{"name": "prednisone", "dose": "10 mg daily"}]}, "met"),
        (
            {**_STEROIDS, "steroid_dose_exclusive": True},
            {"medications": [{"name": "prednisone", "dose": "5 mg twice daily"}], "complete": _CLOSED},
            "not_met",
        ),
        (_STEROIDS, {"medications": [{"name": "prednisone", "dose": "20 mg"}], "complete": _CLOSED}, "unknown"),
        ({"any_of": "systemic_corticosteroid"}, {"cancer": {"cns": {"on_steroids": True}}}, "met"),
        # anticancer therapy that runs, and the study it may belong to
        ({"any_of": "other_anticancer_therapy"}, {"therapies": [{"drugs": "capecitabine", "ongoing": True}]}, "met"),
        (
            {"any_of": "other_anticancer_therapy"},
            {"therapies": [{"drugs": "x", "end": "2025"}], "complete": {"therapies": True, "medications": True}},
            "not_met",
        ),
        ({"any_of": "investigational_agent"}, {"therapies": [{"drugs": "capecitabine", "ongoing": True}]}, "unknown"),
        ({"any_of": "herbal"}, {"medications": ["St John's wort"]}, "met"),
        # a class that the vocabulary lacks; a dose written with the name
        ({"any_of": "strange_class"}, {"medications": ["omeprazole"], "complete": _CLOSED}, "unknown"),
        (_STEROIDS, {"medications": ["dexamethasone 4 mg daily"]}, "met"),
        ({"any_of": "anticoagulant"}, {"medications": ["omeprazole 20 mg od"], "complete": _CLOSED}, "not_met"),
    ),
)
