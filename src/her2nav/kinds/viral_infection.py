"""HIV, hepatitis B and hepatitis C."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, condition_rows
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.condition_match import held, matches
from her2nav.kinds.condition_words import describe, evidence_of, lists_evidence
from her2nav.kinds.freshness import dated, fresh_until, within
from her2nav.kinds.terms import Days, KindParams
from her2nav.kinds.viral_tests import NAMES, Virus, positive, shows_infection, shows_virus
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.treatment import Serology
from her2nav.model.truth import Truth, all_of, any_of

_TESTS: dict[str, tuple[str, ...]] = {
    "hiv": ("hiv", "hiv_rna", "cd4", "on_antivirals"),
    "hbv": ("hbsag", "anti_hbc", "hbv_dna", "on_antivirals"),
    "hcv": ("anti_hcv", "hcv_rna"),
}


class Params(KindParams):
    """P: an infection of this sort is present."""

    virus: Virus
    state: Literal["known", "any", "active", "uncontrolled", "low_cd4"]
    """`known`: an infection on record; `any`: tested positive, testing required; `active`: detectable; `uncontrolled`:
    not suppressed by treatment; `low_cd4`: HIV with fewer CD4 cells than `cd4_min`, whatever the load."""
    cd4_min: Decimal | None = None
    """HIV counts as uncontrolled below this, cells per microlitre."""
    within_days: Days | None = None
    """Only tests no older than this count."""

    @model_validator(mode="after")
    def _has_its_limit(self) -> Self:
        if self.state == "low_cd4" and (self.virus != "hiv" or self.cd4_min is None):
            raise ValueError("low_cd4 is asked of hiv and needs cd4_min")
        return self


def _tests(case: Case, params: Params) -> Serology:
    tests = case.patient.serology
    if tests is None or (tests.date is not None and tests.date.certainly_after(case.as_of)):
        return Serology()
    return tests if within(tests.date, params.within_days, case.as_of) is Truth.MET else Serology()


def _by_tests(tests: Serology, params: Params) -> Truth:
    """Judge the test results alone."""
    infected, load = shows_infection(tests, params.virus), shows_virus(tests, params.virus)
    if params.state == "any":
        return infected
    if params.state == "known":
        contact = tests.anti_hbc if params.virus == "hbv" else tests.anti_hcv if params.virus == "hcv" else None
        past = infected is Truth.NOT_MET and positive(contact) is Truth.MET
        return Truth.UNKNOWN if past else infected
    if infected is Truth.NOT_MET:
        return Truth.NOT_MET
    if params.state == "low_cd4":
        return all_of((infected, _low_cd4(tests, params)))
    low_cd4 = Truth.NOT_MET
    if params.virus == "hiv" and params.cd4_min is not None and params.state == "uncontrolled":
        low_cd4 = Truth.UNKNOWN
        if tests.cd4 is not None:
            low_cd4 = Truth.MET if tests.cd4 < params.cd4_min else Truth.NOT_MET
    if load is Truth.NOT_MET and params.state == "active":
        # HBsAg that stays positive without DNA: some trials call it active, some do not.
        return Truth.UNKNOWN if params.virus == "hbv" else Truth.NOT_MET
    if params.state == "active" and params.virus == "hbv":
        return infected
    return all_of((Truth.UNKNOWN, any_of((load, low_cd4)))) if infected is Truth.UNKNOWN else any_of((load, low_cd4))


def _low_cd4(tests: Serology, params: Params) -> Truth:
    if tests.cd4 is None or params.cd4_min is None:
        return Truth.UNKNOWN
    return Truth.MET if tests.cd4 < params.cd4_min else Truth.NOT_MET


def _by_row(row: ConditionRow, params: Params) -> Truth:
    """Judge a diagnosis that is the infection for certain, without its tests."""
    if params.state == "low_cd4":
        return Truth.UNKNOWN
    if row.status == "resolved":
        return Truth.UNKNOWN if params.state == "known" else Truth.NOT_MET
    if params.state in ("known", "any"):
        return Truth.MET
    if row.status == "uncontrolled":
        return Truth.MET
    if params.state == "active":
        chronic = params.virus in ("hbv", "hcv")
        return Truth.MET if row.status == "active" and chronic else Truth.UNKNOWN
    if row.status == "controlled" and params.cd4_min is None:
        return Truth.NOT_MET
    return Truth.UNKNOWN


def _rows(case: Case, virus: Virus) -> list[ConditionRow]:
    """Return the diagnoses that are or may be the infection."""
    return [row for row in condition_rows(case) if matches(case, row, virus) is not Truth.NOT_MET]


def _judge(case: Case, params: Params, results: Serology | None = None) -> Truth:
    results = _tests(case, params) if results is None else results
    tests, infected = _by_tests(results, params), shows_infection(results, params.virus)
    rows = _rows(case, params.virus)
    listed = any_of(all_of((matches(case, row, params.virus), _by_row(row, params))) for row in rows)
    if params.state == "low_cd4" and infected is Truth.UNKNOWN:
        # The diagnosis says that there is HIV, the count how far it went.
        on_record = any_of(matches(case, row, params.virus) for row in rows if row.status != "resolved")
        tests = all_of((on_record if rows else Truth.UNKNOWN, _low_cd4(results, params)))
    if tests is Truth.MET:
        return Truth.MET
    if tests is Truth.NOT_MET:
        # A diagnosis beside a test that shows no infection: somebody has to say which one holds.
        return Truth.UNKNOWN if listed is Truth.MET and infected is Truth.NOT_MET else Truth.NOT_MET
    undecided = _contact(results, params.virus) or infected is Truth.MET
    if rows:
        suppressed = params.state == "active" and shows_virus(results, params.virus) is Truth.NOT_MET
        denied = listed is Truth.NOT_MET and (params.state == "any" or _contact(results, params.virus))
        return Truth.UNKNOWN if suppressed or denied else listed
    closed = params.state != "any" and case.patient.complete.conditions
    return Truth.NOT_MET if closed and not undecided else Truth.UNKNOWN


def _contact(tests: Serology, virus: Virus) -> bool:
    """True when antibodies tell of contact with the virus."""
    results = {"hbv": tests.anti_hbc, "hcv": tests.anti_hcv, "hiv": None}
    return positive(results[virus]) is Truth.MET


def truth(params: Params, block: Block) -> Tri:
    """Judge tests first, then diagnoses; a complete list closes all but the criteria that ask for a test."""
    return block.truths(("viral_infection", params), lambda case: _judge(case, params))


_SEROLOGY = "serology"


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str]:
    return frozenset({params.virus, _SEROLOGY})


def _held(case: Case) -> frozenset[str] | None:
    diseases = held(case)
    return diseases if diseases is None or case.patient.serology is None else diseases | {_SEROLOGY}


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the tests and diagnoses on record."""
    name = NAMES[params.virus]
    first = name[:1].upper() + name[1:]
    tests, rows = _tests(case, params), _rows(case, params.virus)
    given = [
        (field, "yes" if value is True else "no" if value is False else str(value))
        for field in _TESTS[params.virus]
        if (value := getattr(tests, field)) is not None and value not in ("unknown", "not_tested")
    ]
    when = dated(tests.date, case.as_of) if given else ""
    shown = "; ".join(
        [f"{field.replace('_', ' ')} {value.replace('_', ' ')}" for field, value in given]
        + list(dict.fromkeys(describe(row, case.as_of) for row in rows))
    )
    limit = f", CD4 below {params.cd4_min}/µL counts" if params.cd4_min is not None else ""
    asked = {
        "known": f"known {name}",
        "any": f"{name} by test",
        "active": f"active {name} (detectable)",
        "uncontrolled": f"{name} that is not suppressed{limit}",
        "low_cd4": f"{name} with CD4 below {params.cd4_min}/µL",
    }[params.state]
    asked += f", tests within {params.within_days} days" if params.within_days is not None else ""
    day = str(tests.date) if tests.date else None
    outlasts = _judge(case, params, Serology()) is truth
    until = fresh_until(tests.date, params.within_days) if given and not outlasts else None
    evidence = tuple(Evidence(f"/serology/{field}", value, day) for field, value in given) + evidence_of(rows)
    reason = f"{first}: {shown or 'no record of it'}{f' ({when})' if when else ''}. Asked: {asked}."
    test = {
        "hiv": "HIV test; with HIV: HIV RNA and CD4",
        "hbv": "HBsAg and anti-HBc; with either: HBV DNA",
        "hcv": "anti-HCV; if positive: HCV RNA",
    }[params.virus]
    if truth is Truth.MET:
        change = Change(ChangeBy.TEST, test, effort=Effort.ROUTINE)
        if params.state in ("known", "any"):
            change = Change(ChangeBy.NEVER, f"{name} on record")
        return finding(
            truth,
            f"{params.virus}_present",
            reason,
            f"{first} is on your record.",
            evidence,
            change=change,
            holds_until=until,
        )
    if truth is Truth.NOT_MET:
        closing = () if evidence else lists_evidence(("conditions",))
        code = f"{params.virus}_absent" if evidence else f"{params.virus}_no_record"
        carried = bool(rows) or shows_infection(tests, params.virus) is Truth.MET
        plainly = f"Your {name} does not count here." if carried else f"There is no sign of {name} on your record."
        return finding(truth, code, reason, plainly, (*evidence, *closing), holds_until=until)
    return finding(
        truth,
        f"{params.virus}_unclear" if evidence else f"{params.virus}_missing",
        reason,
        f"You need a blood test for {name}, or your team needs the result.",
        evidence,
        change=ask(test, Effort.ROUTINE),
    )


_CLOSED = {"complete": {"conditions": True}}
_HBV, _HIV = {"virus": "hbv"}, {"virus": "hiv"}
_LOW = {"virus": "hiv", "state": "low_cd4", "cd4_min": "350"}

KIND = Kind(
    id="viral_infection",
    name="HIV, hepatitis B or C",
    plain_name="HIV and hepatitis",
    taxonomy=(34,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, _held, lambda case: case.patient.complete.conditions),
    question="Are there results for HIV, hepatitis B and hepatitis C?",
    effort=Effort.ROUTINE,
    examples=(
        ({**_HBV, "state": "known"}, {"serology": {"hbsag": "positive"}}, "met"),
        ({**_HBV, "state": "known"}, {"conditions": [{"name": "chronic hepatitis B"}]}, "met"),
        ({**_HBV, "state": "known"}, {}, "unknown"),
        ({**_HBV, "state": "known"}, _CLOSED, "not_met"),
        ({**_HBV, "state": "known"}, {"serology": {"hbsag": "negative"}}, "not_met"),
        # healed hepatitis B: whether "known" means it depends on the text
        ({**_HBV, "state": "known"}, {"conditions": [{"name": "hepatitis B", "status": "resolved"}]}, "unknown"),
        (
            {**_HBV, "state": "known"},
            {"serology": {"hbsag": "negative", "anti_hbc": "positive", "hbv_dna": "undetectable"}},
            "unknown",
        ),
        # a test is required: a complete list is no test
        ({**_HBV, "state": "any"}, _CLOSED, "unknown"),
        ({**_HBV, "state": "any"}, {"serology": {"hbsag": "negative"}}, "not_met"),
        ({**_HBV, "state": "any"}, {"serology": {"hbsag": "not_tested"}}, "unknown"),
        # antibodies to the core: DNA decides
        ({**_HBV, "state": "active"}, {"serology": {"hbsag": "negative", "anti_hbc": "positive"}}, "unknown"),
        ({**_HBV, "state": "active"}, {"serology": {"anti_hbc": "positive"}, **_CLOSED}, "unknown"),
        (
            {**_HBV, "state": "active"},
            {"serology": {"hbsag": "negative", "anti_hbc": "positive", "hbv_dna": "undetectable"}},
            "not_met",
        ),
        (
            {**_HBV, "state": "active"},
            {"serology": {"hbsag": "negative", "anti_hbc": "positive", "hbv_dna": "detectable"}},
            "met",
        ),
        ({**_HBV, "state": "active"}, {"serology": {"hbsag": "positive"}}, "met"),
        ({**_HBV, "state": "active"}, {"serology": {"hbsag": "positive", "hbv_dna": "undetectable"}}, "unknown"),
        ({**_HBV, "state": "active"}, {"conditions": [{"name": "hep B", "status": "carrier"}], **_CLOSED}, "unknown"),
        ({**_HBV, "state": "active"}, {"conditions": [{"name": "hep B", "status": "resolved"}], **_CLOSED}, "not_met"),
        ({**_HBV, "state": "active"}, _CLOSED, "not_met"),
        ({**_HBV, "state": "uncontrolled"}, {"serology": {"hbsag": "positive", "hbv_dna": "undetectable"}}, "not_met"),
        ({**_HBV, "state": "uncontrolled"}, {"serology": {"hbsag": "positive", "hbv_dna": "detectable"}}, "met"),
        ({**_HBV, "state": "uncontrolled"}, {"serology": {"hbsag": "positive"}}, "unknown"),
        # hepatitis C: antibodies are contact, RNA is infection
        ({"virus": "hcv", "state": "active"}, {"serology": {"anti_hcv": "positive"}, **_CLOSED}, "unknown"),
        (
            {"virus": "hcv", "state": "active"},
            {"serology": {"anti_hcv": "positive", "hcv_rna": "undetectable"}},
            "not_met",
        ),
        ({"virus": "hcv", "state": "active"}, {"serology": {"hcv_rna": "detectable"}}, "met"),
        ({"virus": "hcv", "state": "any"}, {"serology": {"anti_hcv": "negative"}}, "not_met"),
        # "hepatitis" may be any of them
        ({"virus": "hcv", "state": "known"}, {"conditions": [{"name": "viral hepatitis"}], **_CLOSED}, "unknown"),
        ({"virus": "hcv", "state": "known"}, {"conditions": [{"name": "hepatitis B"}], **_CLOSED}, "not_met"),
        # HIV: allowed when suppressed with enough CD4 cells; exactly at the limit is enough
        ({**_HIV, "state": "known"}, {"serology": {"hiv": "positive"}}, "met"),
        ({**_HIV, "state": "known"}, {"serology": {"hiv": "negative"}}, "not_met"),
        (
            {**_HIV, "state": "uncontrolled", "cd4_min": "350"},
            {"serology": {"hiv": "positive", "hiv_rna": "undetectable", "cd4": "350"}},
            "not_met",
        ),
        (
            {**_HIV, "state": "uncontrolled", "cd4_min": "350"},
            {"serology": {"hiv": "positive", "hiv_rna": "undetectable", "cd4": "349"}},
            "met",
        ),
        (
            {**_HIV, "state": "uncontrolled", "cd4_min": "350"},
            {"serology": {"hiv": "positive", "cd4": "500", "on_antivirals": True}},
            "unknown",
        ),
        ({**_HIV, "state": "uncontrolled", "cd4_min": "350"}, _CLOSED, "not_met"),
        # the count alone
        (_LOW, {"serology": {"hiv": "positive", "hiv_rna": "detectable", "cd4": "350"}}, "not_met"),
        (_LOW, {"serology": {"hiv": "positive", "hiv_rna": "undetectable", "cd4": "349"}}, "met"),
        (_LOW, {"serology": {"hiv": "positive"}}, "unknown"),
        (_LOW, {"serology": {"hiv": "negative"}}, "not_met"),
        (_LOW, {"serology": {"cd4": "349"}, "conditions": [{"name": "HIV"}]}, "met"),
        (_LOW, {"serology": {"cd4": "349"}}, "unknown"),
        (_LOW, _CLOSED, "not_met"),
        # tests that are too old are none
        (
            {**_HIV, "state": "any", "within_days": 7},
            {"as_of": "2026-01-08", "serology": {"hiv": "negative", "date": "2026-01-01"}},
            "not_met",
        ),
        (
            {**_HIV, "state": "any", "within_days": 7},
            {"as_of": "2026-01-09", "serology": {"hiv": "negative", "date": "2026-01-01"}},
            "unknown",
        ),
        ({**_HIV, "state": "uncontrolled"}, {"conditions": [{"name": "HIV", "status": "controlled"}]}, "not_met"),
        ({**_HIV, "state": "uncontrolled"}, {"conditions": [{"name": "HIV", "status": "active"}]}, "unknown"),
        # a diagnosis beside a negative test
        (
            {**_HIV, "state": "known"},
            {"serology": {"hiv": "negative"}, "conditions": [{"name": "HIV"}]},
            "unknown",
        ),
        ({**_HIV, "state": "known"}, {"conditions": [{"name": "HTN"}], **_CLOSED}, "not_met"),
    ),
)
