"""Surgery, radiotherapy and other procedures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.procedures import Done, procedures
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.freshness import inside_until, within
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.dates import plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of, from_bounds
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: a procedure of these sorts was done, within the window when one is given."""

    kinds: Annotated[
        OneOrMany[
            Literal["radiotherapy", "surgery", "transfusion", "transplant", "biopsy", "vaccination", "embolisation"]
        ],
        Field(min_length=1),
    ]
    major: bool | None = None
    sites: OneOrMany[str] = ()
    except_sites: OneOrMany[str] = ()
    techniques: OneOrMany[str] = ()
    """For example srs, wbrt, palliative, live_vaccine, allogeneic."""
    min_dose_gy: Decimal | None = None
    within_days: Days | None = None
    """The last day of the window counts as inside."""
    except_techniques: OneOrMany[str] = ()
    """Procedures done by one of these do not count, for example corneal transplants, palliative radiotherapy."""
    dose_exclusive: bool = False
    """Only a dose above `min_dose_gy` counts ("more than 30 Gy")."""


def _sort(item: Done, params: Params, case: Case) -> Truth:
    """Whether a procedure is of the sort that is meant, whenever it was done."""
    answers = [item.is_kind(params.kinds)]
    if params.major is not None:
        answers.append(
            Truth.UNKNOWN
            if item.major is None
            else from_bounds(item.major is params.major, item.major is not params.major)
        )
    if params.sites:
        answers.append(_at(item, params.sites, case))
    if params.except_sites:
        answers.append(_at(item, params.except_sites, case).negated())
    if params.techniques:
        answers.append(_by(item, params.techniques, case))
    if params.except_techniques:
        answers.append(_by(item, params.except_techniques, case).negated())
    if params.min_dose_gy is not None:
        answers.append(_dose(item.dose_gy, params))
    return all_of(answers)


def _dose(dose: Decimal | None, params: Params) -> Truth:
    limit = params.min_dose_gy
    if dose is None or limit is None:
        return Truth.UNKNOWN
    return Truth.MET if dose > limit or (dose == limit and not params.dose_exclusive) else Truth.NOT_MET


def _at(item: Done, names: tuple[str, ...], case: Case) -> Truth:
    """Whether it was done at one of the sites; a site that the vocabulary lacks may be any."""
    sites = [case.knowledge.sites.find(name) for name in names]
    return any_of(Truth.UNKNOWN if site is None else item.at((site,)) for site in sites)


def _by(item: Done, names: tuple[str, ...], case: Case) -> Truth:
    """Whether it was done by one of the techniques; a technique that the vocabulary lacks may be any."""
    known = [case.knowledge.techniques.find(name) for name in names]
    return any_of(Truth.UNKNOWN if one is None else item.by((one,)) for one in known)


def _matches(item: Done, params: Params, case: Case) -> Truth:
    return all_of((_sort(item, params, case), within(item.day, params.within_days, case.as_of)))


def _judge(case: Case, params: Params) -> Truth:
    answer = any_of(_matches(item, params, case) for item in procedures(case))
    if answer is Truth.NOT_MET and not case.patient.complete.procedures:
        return Truth.UNKNOWN
    return answer


def truth(params: Params, block: Block) -> Tri:
    """Look for a procedure that matches; only a list marked complete can say that there is none."""
    return block.truths(("procedure", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the procedures that match and the first day on which none does."""
    wanted, plain = _phrase(params, case), _phrase(params, case, plain=True)
    judged = [(item, _matches(item, params, case)) for item in procedures(case)]
    if truth is Truth.MET:
        hits = [item for item, answer in judged if answer is Truth.MET]
        shown = "; ".join(item.label for item in hits)
        change = _change(params, [item for item, answer in judged if answer is not Truth.NOT_MET])
        found = finding(
            truth,
            "procedure_done",
            f"Done: {shown}. Asked: {wanted}.",
            f"You have had {plain}.",
            tuple(_evidence(item) for item in hits),
            change=change,
        )
        return replace(found, holds_until=inside_until((item.day for item in hits), params.within_days))
    if truth is Truth.NOT_MET:
        passed = [item for item, _ in judged if _sort(item, params, case) is Truth.MET]
        listed = "none of the recorded procedures matches" if judged else "no record of any"
        listed = f"last: {passed[-1].label}" if passed else listed
        return finding(
            truth,
            "procedure_not_done",
            f"No record of {wanted} in a list of procedures marked complete ({listed}).",
            f"There is no record that you had {plain}.",
            (Evidence("/complete/procedures", "true"), *(_evidence(item) for item in passed)),
        )
    open_ = [item for item, answer in judged if answer is Truth.UNKNOWN]
    if open_:
        shown = "; ".join(item.label for item in open_)
        return finding(
            truth,
            "procedure_unclear",
            f"May match, details are missing: {shown}. Asked: {wanted}.",
            f"Your team needs to check the details of an earlier procedure ({plain}).",
            tuple(_evidence(item) for item in open_),
            change=ask(f"kind, site, extent, dose and date of {open_[0].label}", Effort.RECORD),
        )
    return finding(
        truth,
        "procedures_not_complete",
        f"No record of {wanted}, but the list of procedures is not marked complete.",
        f"We need to know whether you had {plain}.",
        change=ask(f"complete list of procedures (any {wanted}?)", Effort.ASK),
    )


def _change(params: Params, items: list[Done]) -> Change:
    """Return the first day on which every procedure that matches lies before the window."""
    if params.within_days is None or not items or any(item.day is None for item in items):
        return Change(ChangeBy.NEVER, "done in the past")
    last = max(item.day.high for item in items if item.day is not None)
    return Change(
        ChangeBy.DATE, f"{params.within_days} days since the procedure", date=plus_days(last, params.within_days + 1)
    )


def _evidence(item: Done) -> Evidence:
    return Evidence(item.path, item.label, str(item.day) if item.day else None)


def _phrase(params: Params, case: Case, *, plain: bool = False) -> str:
    known = case.knowledge.techniques

    def named(items: tuple[str, ...]) -> str:
        rows = [known.techniques.get(known.find(item) or "") for item in items]
        shown = [(row.plain_name if plain else row.name) if row else "" for row in rows]
        return " or ".join(text or item.replace("_", " ") for text, item in zip(shown, items, strict=True))

    kinds = " or ".join(("radiation" if kind == "radiotherapy" else kind) if plain else kind for kind in params.kinds)
    text = f"{named(params.techniques)}" if params.techniques else kinds
    if params.major is not None:
        text = f"{'major' if params.major else 'minor'} {text}"
    sites = [item.replace("_", " ") for item in params.sites]
    if not all(site in text.lower() for site in sites):
        # "Radiation to the whole brain" names its site.
        text += " of " + " or ".join(sites)
    if params.except_sites:
        text += " other than of " + " or ".join(item.replace("_", " ") for item in params.except_sites)
    if params.except_techniques:
        text += f" other than {named(params.except_techniques)}"
    if params.min_dose_gy is not None:
        text += f", {'more than' if params.dose_exclusive else 'at least'} {params.min_dose_gy} Gy"
    return text + (f" within the last {params.within_days} days" if params.within_days is not None else "")


def _rt(**more: object) -> dict[str, object]:
    return {"kind": "radiotherapy", "date": "2026-01-01", **more}


_CLOSED = {"procedures": True}

KIND = Kind(
    id="procedure",
    name="procedures",
    plain_name="operations, radiation and other procedures",
    taxonomy=(21,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(procedures, lambda case: case.patient.complete.procedures),
    question="Which operations, radiotherapy, transfusions and vaccinations, and when?",
    effort=Effort.RECORD,
    examples=(
        ({"kinds": "radiotherapy", "within_days": 14}, {"as_of": "2026-01-15", "procedures": [_rt()]}, "met"),
        (
            {"kinds": "radiotherapy", "within_days": 14},
            {"as_of": "2026-01-16", "procedures": [_rt()], "complete": _CLOSED},
            "not_met",
        ),
        ({"kinds": "radiotherapy", "within_days": 14}, {"as_of": "2026-01-16", "procedures": [_rt()]}, "unknown"),
        ({"kinds": "radiotherapy"}, {}, "unknown"),
        ({"kinds": "radiotherapy"}, {"complete": _CLOSED}, "not_met"),
        # the last fraction counts; a date that is only a month may lie on either side
        (
            {"kinds": "radiotherapy", "within_days": 14},
            {"as_of": "2026-01-29", "procedures": [_rt(end="2026-01-15")]},
            "met",
        ),
        (
            {"kinds": "radiotherapy", "within_days": 14},
            {"as_of": "2026-02-10", "procedures": [_rt(date="2026-01")], "complete": _CLOSED},
            "unknown",
        ),
        (
            {"kinds": "radiotherapy", "within_days": 14},
            {"procedures": [_rt(date="2027-01-01")], "complete": _CLOSED},
            "not_met",
        ),
        # sites
        ({"kinds": "radiotherapy", "sites": "brain"}, {"procedures": [_rt(site="brain")]}, "met"),
        ({"kinds": "radiotherapy", "sites": "brain"}, {"procedures": [_rt()], "complete": _CLOSED}, "unknown"),
        (
            {"kinds": "radiotherapy", "except_sites": "brain"},
            {"procedures": [_rt(site="brain")], "complete": _CLOSED},
            "not_met",
        ),
        ({"kinds": "radiotherapy", "except_sites": "brain"}, {"procedures": [_rt(site="left thing")]}, "unknown"),
        # techniques: radiosurgery is not whole-brain radiotherapy; external beam of the brain may be
        (
            {"kinds": "radiotherapy", "techniques": "wbrt"},
            {"procedures": [_rt(technique="SRS")], "complete": _CLOSED},
            "not_met",
        ),
        (
            {"kinds": "radiotherapy", "techniques": "wbrt"},
            {"procedures": [_rt(technique="EBRT", site="brain")]},
            "unknown",
        ),
        (
            {"kinds": "radiotherapy", "techniques": "wbrt"},
            {"procedures": [_rt(site="bone")], "complete": _CLOSED},
            "not_met",
        ),
        (
            {"kinds": "radiotherapy", "techniques": "palliative"},
            {"procedures": [_rt(technique="palliative EBRT")]},
            "met",
        ),
        ({"kinds": "radiotherapy", "techniques": "thoracic"}, {"procedures": [_rt(site="lung")]}, "met"),
        # dose
        ({"kinds": "radiotherapy", "min_dose_gy": 30}, {"procedures": [_rt(dose_gy=30)]}, "met"),
        (
            {"kinds": "radiotherapy", "min_dose_gy": 30, "dose_exclusive": True},
            {"procedures": [_rt(dose_gy=30)], "complete": _CLOSED},
            "not_met",
        ),
        ({"kinds": "radiotherapy", "min_dose_gy": 30}, {"procedures": [_rt()]}, "unknown"),
        # major
        ({"kinds": "surgery", "major": True}, {"procedures": [{"kind": "surgery", "technique": "hepatectomy"}]}, "met"),
        ({"kinds": "surgery", "major": True}, {"procedures": [{"kind": "surgery"}], "complete": _CLOSED}, "unknown"),
        (
            {"kinds": "surgery", "major": True},
            {"procedures": [{"kind": "surgery", "name": "port placement"}], "complete": _CLOSED},
            "not_met",
        ),
        (
            {"kinds": "transplant", "techniques": "allogeneic"},
            {"procedures": [{"kind": "transplant", "name": "kidney transplant"}]},
            "met",
        ),
        (
            {"kinds": "transplant", "techniques": "allogeneic"},
            {"procedures": [{"kind": "transplant", "technique": "ASCT"}], "complete": _CLOSED},
            "not_met",
        ),
        # local therapy of the brain may have been radiotherapy
        (
            {"kinds": "radiotherapy", "within_days": 14},
            {"as_of": "2026-01-10", "cancer": {"cns": {"last_local_therapy": "2026-01-02"}}, "complete": _CLOSED},
            "unknown",
        ),
    ),
)
