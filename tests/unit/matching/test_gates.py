"""Criteria that the record does not touch are told by what others' were: the same truths as judged one by one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.evaluate import codes_of
from her2nav.matching.gates import Gates
from her2nav.matching.plan import plan
from her2nav.model.patient import Patient

DAY = date(2026, 11, 21)
EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))
DRUGS = ("trastuzumab", "paclitaxel", "trastuzumab deruxtecan", "capecitabine", "warfarin", "zorbl", "prednisone")
DISEASES = (
    "hypothyroidism",
    "heart failure",
    "asthma",
    "hepatitis B",
    "myocardial infarction",
    "liver disease",
    "keratitis",
    "basal cell carcinoma",
    "zorbl syndrome",
)
LISTS = ("therapies", "procedures", "conditions", "toxicities", "medications", "allergies")


def plainly(program, case):
    """Return the codes with every leaf judged, whatever is known of others."""
    codes = single.blank(program)
    how = plan(program, case.knowledge)
    single.put(codes, how.limits.nodes, how.limits.of_one(case.alone))
    single.fill(program, (*how.cheap, *how.others), codes, case.alone)
    single.run(program, codes)
    return codes


def differing(program, case):
    """Return the leaves of which the two ways say different things."""
    found, expected = codes_of(program, Case(case.patient, case.as_of, case.knowledge).alone), plainly(program, case)
    nodes = np.flatnonzero(found[::2] != expected[::2])
    return [program.leaves[node - 1] for node in nodes if 0 < node <= len(program.leaves)]


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: DAY)


def test_the_kinds_with_most_criteria_have_a_gate(session):
    how = plan(session.compiled.program, session.knowledge)
    behind = {one.kind.id for one in how.gated.kinds}
    assert behind >= {"prior_therapy", "washout", "comorbidity", "cardiac_history", "concomitant_medication"}
    assert {name for name, kind in kinds().items() if kind.gate is not None} >= behind
    gated = sum(len(one.nodes) for one in how.gated.kinds)
    assert gated + len(how.ungated) == len(how.cheap) + len(how.others)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(session, path):
    case = session.case(read_patient(path, session.knowledge, session.today()))
    # The second time most is known from the first.
    for _ in range(2):
        assert differing(session.compiled.program, case) == []


def test_leaves_that_are_told_are_not_judged_again_and_are_remembered(session):
    program = session.compiled.program
    case = session.case(read_patient(EXAMPLES[0], session.knowledge, session.today()))
    expected = codes_of(program, case.alone)
    gates = Gates.of([replace(kind, known={}) for kind in plan(program, session.knowledge).gated.kinds])
    found, told = expected.copy(), np.zeros(1 + len(program.leaves), np.bool_)
    told[gates.nodes] = True
    # A block without columns: whatever is judged would fail.
    gates.fill(found, Unjudged(case), told)
    assert np.array_equal(found, expected)
    again = single.blank(program)
    gates.fill(again, case.alone)
    assert np.array_equal(again[2 * gates.nodes], expected[2 * gates.nodes])


class Unjudged:
    """Holds a patient of whom nothing may be asked."""

    def __init__(self, case):
        self.cases = [case]


def some(items, most=3):
    return st.lists(items, max_size=most)


BRAIN = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(("none", "treated_stable", "active_or_progressing", "unknown")),
        "largest_mm": st.sampled_from((8, 30)),
        "last_local_therapy": st.sampled_from(("2026-01", "2026-11-10")),
        "last_imaging": st.sampled_from(("2025-01", "2026-11-10")),
        "on_steroids": st.booleans(),
        "steroid_mg_prednisone": st.sampled_from((0, 20)),
        "steroid_free_since": st.just("2026-09-01"),
        "symptomatic": st.booleans(),
    },
)
GENES = ("kras", "egfr", "alk", "pik3ca", "brca1")
SPECIMENS = st.fixed_dictionaries(
    {"kind": st.sampled_from(("biopsy", "resection", "blood")), "site": st.sampled_from(("primary", "metastasis"))},
    optional={
        "collected": st.sampled_from(("2024", "2026-05-01", "2026-12")),
        "ihc": st.fixed_dictionaries(
            {"score": st.sampled_from(("0", "1+", "2+", "3+"))},
            optional={"laboratory": st.sampled_from(("local", "central"))},
        ),
        "ish": st.fixed_dictionaries({"result": st.sampled_from(("positive", "negative"))}),
        "tissue_available": st.booleans(),
        "ngs": st.fixed_dictionaries(
            {"genes_covered": some(st.sampled_from(("EGFR", "KRAS", "ERBB2")))},
            optional={
                "amplification_call": st.sampled_from(("amplified", "not_amplified")),
                "variants": some(
                    st.fixed_dictionaries(
                        {"gene": st.sampled_from(("ERBB2", "KRAS")), "name": st.sampled_from(("G12C", "S310F"))}
                    ),
                    1,
                ),
            },
        ),
    },
)
DATES = st.sampled_from(("2025", "2026-03", "2026-11-01", "2027-01-01"))
STATES = st.sampled_from(("active", "resolved", "controlled", "uncontrolled"))
RECORDS = st.fixed_dictionaries(
    {
        "demographics": st.fixed_dictionaries(
            {"age": st.just(50), "sex": st.just("female")},
            optional={
                "pregnancy": st.sampled_from(("pregnant", "not_pregnant")),
                "weight_kg": st.sampled_from((45, 80)),
                "height_cm": st.just(170),
            },
        ),
        "complete": st.fixed_dictionaries({name: st.booleans() for name in LISTS}),
    },
    optional={
        "cancer": st.fixed_dictionaries(
            {"tumour_type": st.sampled_from(("breast", "gastric", "colorectal", "zorbl"))},
            optional={
                "metastatic_sites": some(st.sampled_from(("liver", "brain", "bone"))),
                "setting": st.sampled_from(("early", "metastatic", "recurrent", "locally_advanced_unresectable")),
                "stage": st.sampled_from(("IIB", "III", "IV")),
                "tnm": st.fixed_dictionaries({}, optional={"t": st.sampled_from(("T2", "T4d")), "n": st.just("N1")}),
                "tumour_size_mm": st.sampled_from((12, 40)),
                "relapse_date": st.just("2024-03"),
                "residual": st.fixed_dictionaries({"status": st.sampled_from(("pcr", "residual"))}),
                "cns": BRAIN,
            },
        ),
        "therapies": some(
            st.fixed_dictionaries(
                {"drugs": st.lists(st.sampled_from(DRUGS), min_size=1, max_size=2)},
                optional={
                    "setting": st.sampled_from(("metastatic", "adjuvant", "neoadjuvant")),
                    "start": st.sampled_from(("2024", "2025-02")),
                    "end": DATES,
                    "reason_stopped": st.sampled_from(("progression", "toxicity", "completed")),
                },
            )
        ),
        "planned": some(st.fixed_dictionaries({"drugs": st.sampled_from(DRUGS)}, optional={"start": DATES}), 1),
        "medications": some(st.fixed_dictionaries({"name": st.sampled_from(DRUGS)}, optional={"since": DATES}), 2),
        "conditions": some(
            st.fixed_dictionaries({"name": st.sampled_from(DISEASES)}, optional={"status": STATES, "date": DATES})
        ),
        "toxicities": some(
            st.fixed_dictionaries(
                {"name": st.sampled_from(("diarrhoea", "pneumonitis", "keratitis")), "grade": st.sampled_from((1, 3))}
            ),
            1,
        ),
        "allergies": some(st.fixed_dictionaries({"substance": st.sampled_from(("none", "paclitaxel", "latex"))}), 1),
        "procedures": some(
            st.fixed_dictionaries({"kind": st.sampled_from(("radiotherapy", "surgery"))}, optional={"date": DATES}), 1
        ),
        "cardiac": st.fixed_dictionaries(
            {},
            optional={
                "nyha": st.sampled_from(("none", "II", "III")),
                "history": some(st.sampled_from((*DISEASES, "heart failure NYHA III")), 1),
                "lvef": some(st.fixed_dictionaries({"percent": st.sampled_from((45, 60)), "date": DATES}), 1),
                "qtcf_ms": st.sampled_from((430, 490)),
            },
        ),
        "vitals": some(
            st.fixed_dictionaries({"blood_pressure": st.sampled_from(("120/70", "180/100"))}, optional={"date": DATES}),
            1,
        ),
        "lung": st.fixed_dictionaries(
            {},
            optional={
                "oxygen": st.booleans(),
                "ild_history": st.sampled_from(("none", "history_no_steroids", "current", "unknown")),
                "grade": st.sampled_from((1, 3)),
                "cause": st.sampled_from(("radiation", "drug")),
            },
        ),
        "performance": st.fixed_dictionaries(
            {},
            optional={
                "ecog": st.sampled_from((0, 1, 2)),
                "karnofsky": st.sampled_from((50, 90)),
                "date": st.sampled_from(("2025-01", "2026-11-20")),
            },
        ),
        "serology": st.fixed_dictionaries(
            {},
            optional={
                "hiv": st.sampled_from(("positive", "negative")),
                "hbsag": st.sampled_from(("positive", "negative")),
                "hcv_rna": st.sampled_from(("detectable", "undetectable")),
                "date": st.sampled_from(("2025-01", "2026-11-20")),
            },
        ),
        "biomarkers": st.fixed_dictionaries(
            {},
            optional={
                **{name: st.sampled_from(("wild_type", "mutated", "amplified", "not_tested")) for name in GENES},
                "tmb_per_mb": st.sampled_from((4, 12)),
                "cldn18_2": st.sampled_from(("positive", "negative")),
            },
        ),
        "specimens": some(SPECIMENS, 2),
    },
)


@given(RECORDS)
def test_made_up_records(session, record):
    case = Case(Patient.model_validate(record), DAY, session.knowledge)
    assert differing(session.compiled.program, case) == []


@settings(max_examples=4)
@given(st.permutations(range(6)))
def test_what_is_kept_of_others_does_not_depend_on_their_order(order):
    records = (
        {},
        {"complete": {"therapies": True, "conditions": True}},
        {"therapies": [{"drugs": "trastuzumab"}], "complete": {"therapies": True, "conditions": True}},
        {"conditions": [{"name": "heart failure"}], "complete": {"therapies": True, "conditions": True}},
        {"demographics": {"pregnancy": "pregnant"}},
        {"cancer": {"tumour_type": "gastric"}},
    )
    session = Session(today=lambda: DAY)
    program = session.compiled.program
    for one in plan(program, session.knowledge).gated.kinds:
        one.known.clear()
    for i in order:
        case = Case(Patient.model_validate(records[i]), DAY, session.knowledge)
        assert differing(program, case) == []
