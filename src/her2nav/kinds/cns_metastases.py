"""Brain metastases: which states of the brain a trial accepts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.medications import Taken, taken
from her2nav.facts.procedures import procedures
from her2nav.facts.tri import Tri
from her2nav.kinds.base import NOTHING, Gate, Kind, ask, beyond, finding
from her2nav.kinds.freshness import dated, fresh_until, within
from her2nav.kinds.leptomeningeal_disease import signs as leptomeningeal_signs
from her2nav.kinds.metastatic_site import naming
from her2nav.kinds.terms import Days, KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate, plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, from_bounds
from her2nav.model.values import OneOrMany

State = Literal["none", "untreated_asymptomatic", "treated_stable", "active_or_progressing"]


class Params(KindParams):
    """P: the state of the brain is one of those accepted, with the conditions on treated disease kept."""

    accepted: Annotated[OneOrMany[State], Field(min_length=1)]
    """Every state that is let in; a trial that requires brain metastases leaves out `none`."""
    min_days_since_local_therapy: Days | None = None
    max_steroid_mg_prednisone: Decimal | None = None
    """Highest daily dose accepted, prednisone equivalent (dexamethasone 2 mg is about 13 mg)."""
    min_days_off_steroids: Days | None = None
    min_days_stable: Days | None = None
    """Days without symptoms, progress or change; the record does not hold since when."""
    anticonvulsants: Literal["none", "none_lately", "no_enzyme_inducing"] | None = None
    """Drugs against seizures that are not accepted: any now, any for some time, those that induce enzymes."""
    max_lesion_mm: Decimal | None = None
    imaging_within_days: Days | None = None
    """Imaging of the brain is required, no older than this."""


_ALL = frozenset({"none", "untreated_asymptomatic", "treated_stable", "active_or_progressing"})
_PRESENT = _ALL - {"none"}


_LOCAL = frozenset({"radiotherapy", "surgery"})
_STEROID = "systemic_corticosteroid"
_TOPICAL = re.compile(
    r"inhal|spray|cream|ointment|topical|nasal|eye|drops|lotion|enema|intra-?articular", re.IGNORECASE
)


def _signs(case: Case) -> tuple[Evidence, ...]:
    """Return every place of the record that speaks for disease of the brain or its lining."""
    cns = case.patient.cancer.cns
    found: list[Evidence] = []
    if "brain" in (case.metastatic_sites or ()):
        found.append(Evidence("/cancer/metastatic_sites", "brain"))
    if cns is not None:
        given = (
            ("lesions", cns.lesions or None),
            ("largest_mm", cns.largest_mm or None),
            ("mass_effect", cns.mass_effect or None),
            ("symptomatic", cns.symptomatic or None),
            ("last_local_therapy", cns.last_local_therapy),
        )
        found += [
            Evidence(f"/cancer/cns/{name}", "yes" if value is True else str(value))
            for name, value in given
            if value is not None
        ]
    found += naming(case, ("brain",))
    found += leptomeningeal_signs(case)
    return tuple(dict.fromkeys(found))


def _disputed(case: Case) -> tuple[Evidence, ...]:
    """Return the places that stand against the recorded state of the brain."""
    cns = case.patient.cancer.cns
    if cns is None:
        return ()
    if cns.status == "none":
        return _signs(case)
    if cns.status in ("treated_stable", "untreated_asymptomatic") and cns.symptomatic:
        return (Evidence("/cancer/cns/symptomatic", "yes"),)
    return ()


def _possible(case: Case) -> frozenset[str]:
    """Return the states the brain can be in: brain among the sites rules out `none`, silence rules out nothing.

    A state that another place of the record stands against settles nothing.
    """
    cns = case.patient.cancer.cns
    if _disputed(case):
        return _ALL if cns is not None and cns.status == "none" else _PRESENT
    if cns is not None and cns.status not in (None, "unknown"):
        return frozenset({str(cns.status)})
    return _PRESENT if "brain" in (case.metastatic_sites or ()) else _ALL


def _since(day: PartialDate | None, days: int, case: Case) -> Truth:
    if day is None:
        return Truth.UNKNOWN
    least, most = day.days_before(case.as_of)
    return from_bounds(least >= days, most < days)


def _local_days(case: Case) -> list[PartialDate | None]:
    """Return the days that may be the last local therapy of the brain: the field, and procedures it may not know."""
    cns = case.patient.cancer.cns
    field = cns.last_local_therapy if cns else None
    days: list[PartialDate | None] = [field] if field is not None else []
    for one in procedures(case):
        if not one.kinds & _LOCAL or one.site != "brain" or not one.path.startswith("/procedures"):
            continue
        same = field is not None and (one.day is None or (one.day.low <= field.low and field.high <= one.day.high))
        if not same:
            days.append(one.day)
    return days


def _steroids(case: Case) -> list[Taken]:
    """Return the systemic corticosteroids among the medicines taken now."""
    found = []
    for item in taken(case):
        certain = any(_STEROID in terms.has for terms in item.terms)
        dosed = item.prednisone_mg is not None
        if not item.anticancer and (certain or dosed) and not _TOPICAL.search(item.name):
            found.append(item)
    return found


def _steroid_signs(case: Case) -> tuple[Evidence, ...]:
    """Return every place that says steroids are taken now, beside `on_steroids` itself."""
    cns = case.patient.cancer.cns
    found = [Evidence(item.path, item.name) for item in _steroids(case)]
    if cns is not None and cns.steroid_mg_prednisone:
        found.append(Evidence("/cancer/cns/steroid_mg_prednisone", str(cns.steroid_mg_prednisone)))
    return tuple(found)


def _dose(case: Case, limit: Decimal) -> Truth:
    """Return whether the steroid dose keeps the limit; the larger counts where two places give one."""
    cns = case.patient.cancer.cns
    if cns is not None and cns.on_steroids is False:
        return Truth.UNKNOWN if _steroid_signs(case) else Truth.MET
    medicines = _steroids(case)
    least = sum((item.prednisone_mg or Decimal(0) for item in medicines), Decimal(0))
    field = cns.steroid_mg_prednisone if cns else None
    dose = max(least, field) if field is not None else least
    if cns is not None and cns.on_steroids and field is not None and not dose:
        return Truth.UNKNOWN
    if field is None and (not medicines or any(item.prednisone_mg is None for item in medicines)):
        return from_bounds(False, dose > limit)
    if field == 0 and any(item.prednisone_mg is None for item in medicines):
        return from_bounds(False, dose > limit)
    return from_bounds(dose <= limit, dose > limit)


def _free(case: Case, days: int) -> Truth:
    """Return whether steroids have been stopped long enough."""
    cns = case.patient.cancer.cns
    since = cns.steroid_free_since if cns else None
    taking = cns is not None and bool(cns.on_steroids)
    off = cns is not None and cns.on_steroids is False
    if (taking or _steroid_signs(case)) and (since is not None or off):
        return Truth.UNKNOWN
    if taking:
        return Truth.NOT_MET
    if since is None and off and not days:
        return Truth.MET
    return _since(since, days, case)


def _seizure_drugs(case: Case, asked: str) -> Truth:
    """Return whether no drug against seizures is taken: which one it is, and since when none is, no record says."""
    cns = case.patient.cancer.cns
    taken_now = None if cns is None else cns.anticonvulsants
    if taken_now is None:
        return Truth.UNKNOWN
    if taken_now:
        return Truth.UNKNOWN if asked == "no_enzyme_inducing" else Truth.NOT_MET
    return Truth.UNKNOWN if asked == "none_lately" else Truth.MET


def conditions(case: Case, params: Params) -> dict[str, Truth]:
    """Judge each condition on brain disease that is present."""
    cns = case.patient.cancer.cns
    found: dict[str, Truth] = {}
    if params.min_days_since_local_therapy is not None:
        days = _local_days(case) or [None]
        found["local therapy"] = all_of(_since(day, params.min_days_since_local_therapy, case) for day in days)
    if params.max_steroid_mg_prednisone is not None:
        found["steroid dose"] = _dose(case, params.max_steroid_mg_prednisone)
    if params.min_days_off_steroids is not None:
        found["time off steroids"] = _free(case, params.min_days_off_steroids)
    if params.min_days_stable is not None:
        found[f"stable for {params.min_days_stable} days"] = Truth.UNKNOWN
    if params.anticonvulsants is not None:
        found["drugs against seizures"] = _seizure_drugs(case, params.anticonvulsants)
    if params.max_lesion_mm is not None:
        size = cns.largest_mm if cns else None
        found["lesion size"] = (
            Truth.UNKNOWN if size is None else from_bounds(size <= params.max_lesion_mm, size > params.max_lesion_mm)
        )
    return found


def _judge(case: Case, params: Params) -> Truth:
    possible, accepted = _possible(case), frozenset(params.accepted)
    state = from_bounds(possible <= accepted, not possible & accepted)
    if state is Truth.NOT_MET:
        return state
    kept = Truth.MET if possible == {"none"} else all_of(conditions(case, params).values())
    if possible - {"none"} != possible and kept is Truth.NOT_MET:
        kept = Truth.UNKNOWN
    cns = case.patient.cancer.cns
    imaging = within(cns.last_imaging if cns else None, params.imaging_within_days, case.as_of)
    return all_of((state, kept, imaging if imaging is Truth.MET else Truth.UNKNOWN))


def truth(params: Params, block: Block) -> Tri:
    """Judge the recorded state; no statement about the brain is always UNKNOWN."""
    return block.truths(("cns", params), lambda case: _judge(case, params))


_SHOWN = {
    "none": "no brain metastases",
    "untreated_asymptomatic": "untreated brain metastases without symptoms",
    "treated_stable": "treated and stable brain metastases",
    "active_or_progressing": "active or progressing brain metastases",
}


_DETAIL = frozenset({"detail"})
_STATE = frozenset({"accepted"})


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str]:
    """Return whether more is asked than the state."""
    return _DETAIL if beyond(params, _STATE) else NOTHING


def _held(case: Case) -> frozenset[str]:
    """Return whether the record says more of the brain than the state."""
    cns = case.patient.cancer.cns
    stated = cns is not None and any(value is not None for name, value in cns if name != "status")
    return _DETAIL if stated or _local_days(case) or _steroid_signs(case) else NOTHING


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded state of the brain, the states accepted, and any condition that is open or broken."""
    cns = case.patient.cancer.cns
    possible = _possible(case)
    accepted = ", or ".join(_SHOWN[item] for item in params.accepted)
    state = _SHOWN[next(iter(possible))] if len(possible) == 1 else "state of the brain not recorded"
    if possible == _PRESENT:
        state = "brain metastases, treatment and stability not recorded"
    when = f" (imaging {dated(cns.last_imaging, case.as_of)})" if cns and cns.last_imaging else ""
    disputed, evidence = _disputed(case), _evidence(case)
    if disputed and cns is not None:
        shown = "; ".join(f"{item.path}: {item.value}" for item in disputed)
        state = f"the record does not agree on the brain (/cancer/cns/status: {cns.status}; {shown})"
    reason = f"{state[0].upper()}{state[1:]}{when}. Asked for: {accepted}."
    evidence += tuple(item for item in disputed if item not in evidence)
    if params.max_steroid_mg_prednisone is not None or params.min_days_off_steroids is not None:
        steroids = _steroid_signs(case)
        evidence += steroids
        if steroids:
            stated = "" if cns is None or cns.on_steroids is not False else "/cancer/cns/on_steroids: no; "
            stated += f"free since {cns.steroid_free_since}; " if cns and cns.steroid_free_since else ""
            reason += f" Steroids ({stated}{'; '.join(f'{item.path}: {item.value}' for item in steroids)})."
    if truth is Truth.MET:
        return finding(
            truth,
            "brain_fits",
            reason,
            "What is known about the brain fits.",
            evidence,
            holds_until=fresh_until(cns.last_imaging if cns else None, params.imaging_within_days),
        )
    checks = conditions(case, params) if possible != {"none"} else {}
    broken = [name for name, value in checks.items() if value is Truth.NOT_MET]
    if truth is Truth.NOT_MET:
        change = Change(ChangeBy.TREATMENT, "treatment of the brain metastases, then stable imaging")
        waits = _waits(case, params, broken) if possible & frozenset(params.accepted) else None
        if waits:
            last = max(plus_days(day.high, days) for day, days in waits)
            change = Change(ChangeBy.DATE, f"time since {' and '.join(broken)} of the brain", date=last)
        elif possible == {"none"}:
            change = Change(ChangeBy.NEVER, "the trial is for people with brain metastases")
        more = f" Not kept: {', '.join(broken)}." if broken else ""
        return finding(
            truth,
            "brain_state",
            reason + more,
            "The study asks for another state of the brain.",
            evidence,
            change=change,
            holds_until=max((plus_days(day.low, days - 1) for day, days in waits), default=None) if waits else None,
        )
    opened = [name for name, value in checks.items() if value is Truth.UNKNOWN]
    if params.imaging_within_days is not None and not opened:
        opened = [f"brain imaging within {params.imaging_within_days} days"]
    more = f" Open: {', '.join(opened)}." if opened else ""
    what = (
        "known or symptomatic brain metastases?" if possible == _ALL else "state and treatment of the brain metastases"
    )
    imaging = params.imaging_within_days is not None
    return finding(
        truth,
        "brain_unclear",
        reason + more,
        "Your team needs to check if the cancer has spread to the brain, and how it is now.",
        evidence,
        change=ask("brain imaging" if imaging else what, Effort.ORDINARY if imaging else Effort.RECORD),
    )


def _waits(case: Case, params: Params, broken: Sequence[str]) -> list[tuple[PartialDate, int]] | None:
    """Return the days from which a wait is too short, with its length; None where more than time must pass."""
    cns = case.patient.cancer.cns
    waits = {
        "local therapy": (_local_days(case), params.min_days_since_local_therapy or 0),
        "time off steroids": ([cns.steroid_free_since if cns else None], params.min_days_off_steroids or 0),
    }
    if not broken or any(name not in waits for name in broken):
        return None
    found = [(day, waits[name][1]) for name in broken for day in waits[name][0] if day is not None]
    return [(day, wait) for day, wait in found if _since(day, wait, case) is Truth.NOT_MET] or None


def _evidence(case: Case) -> tuple[Evidence, ...]:
    cns = case.patient.cancer.cns
    items: list[Evidence] = []
    if cns is not None and cns.status is not None:
        items.append(Evidence("/cancer/cns/status", cns.status, str(cns.last_imaging) if cns.last_imaging else None))
    if cns is not None and cns.last_local_therapy is not None:
        items.append(Evidence("/cancer/cns/last_local_therapy", str(cns.last_local_therapy)))
    if cns is not None and cns.on_steroids is not None:
        items.append(Evidence("/cancer/cns/on_steroids", "yes" if cns.on_steroids else "no"))
    if cns is None and "brain" in (case.metastatic_sites or ()):
        items.append(Evidence("/cancer/metastatic_sites", "brain"))
    items += [
        Evidence(one.path, one.label, str(one.day) if one.day else None)
        for one in procedures(case)
        if one.kinds & _LOCAL and one.site == "brain" and one.path.startswith("/procedures")
    ]
    if not items and cns is None:
        items.append(Evidence("/cancer/cns", "not stated"))
    return tuple(items)


_STABLE = ["none", "treated_stable"]

KIND = Kind(
    id="cns_metastases",
    name="brain metastases",
    plain_name="spread to the brain",
    taxonomy=(13,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, _held, _possible),
    question="Any brain metastases; treated, stable, on steroids?",
    effort=Effort.RECORD,
    examples=(
        ({"accepted": _STABLE}, {"cancer": {"cns": {"status": "none"}}}, "met"),
        ({"accepted": _STABLE}, {"cancer": {"cns": {"status": "treated_stable"}}}, "met"),
        ({"accepted": _STABLE}, {"cancer": {"cns": {"status": "active_or_progressing"}}}, "not_met"),
        ({"accepted": _STABLE}, {"cancer": {"cns": {"status": "unknown"}}}, "unknown"),
        ({"accepted": _STABLE}, {"cancer": {"metastatic_sites": ["liver"]}}, "unknown"),
        ({"accepted": ["none"]}, {"cancer": {"metastatic_sites": ["brain"]}}, "not_met"),
        ({"accepted": list(_ALL)}, {}, "met"),
        (
            {"accepted": _STABLE, "min_days_since_local_therapy": 28},
            {
                "as_of": "2026-01-29",
                "cancer": {"cns": {"status": "treated_stable", "last_local_therapy": "2026-01-01"}},
            },
            "met",
        ),
        (
            {"accepted": _STABLE, "min_days_since_local_therapy": 28},
            {
                "as_of": "2026-01-28",
                "cancer": {"cns": {"status": "treated_stable", "last_local_therapy": "2026-01-01"}},
            },
            "not_met",
        ),
        (
            {"accepted": _STABLE, "max_steroid_mg_prednisone": 10},
            {"cancer": {"cns": {"status": "treated_stable", "on_steroids": True}}},
            "unknown",
        ),
        (
            {"accepted": _STABLE, "max_steroid_mg_prednisone": 10},
            {"cancer": {"cns": {"status": "treated_stable", "on_steroids": False}}},
            "met",
        ),
        ({"accepted": _STABLE, "min_days_stable": 28}, {"cancer": {"cns": {"status": "none"}}}, "met"),
        ({"accepted": _STABLE, "min_days_stable": 28}, {"cancer": {"cns": {"status": "treated_stable"}}}, "unknown"),
        (
            {"accepted": _STABLE, "anticonvulsants": "none"},
            {"cancer": {"cns": {"status": "treated_stable", "anticonvulsants": True}}},
            "not_met",
        ),
        (
            {"accepted": _STABLE, "anticonvulsants": "no_enzyme_inducing"},
            {"cancer": {"cns": {"status": "treated_stable", "anticonvulsants": True}}},
            "unknown",
        ),
        ({"accepted": ["treated_stable"]}, {"cancer": {"cns": {"status": "none"}}}, "not_met"),
        ({"accepted": _STABLE}, {"cancer": {"cns": {"status": "treated_stable", "symptomatic": True}}}, "unknown"),
        ({"accepted": ["none"]}, {"cancer": {"cns": {"status": "none"}, "metastatic_sites": ["brain"]}}, "unknown"),
    ),
)
