"""Made-up patients as columns and made-up trials, for `evaluation.py`; nothing here is about a real person or trial."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
from numpy.random import Generator

from her2nav.facts.case import Case
from her2nav.facts.columns import Columns, TermColumn
from her2nav.facts.specimens import SpecimenTable, result_of
from her2nav.facts.terms import ANYTHING, exactly
from her2nav.facts.therapies import SETTINGS, drug_terms
from her2nav.facts.therapy_table import TherapyTable, WordColumn
from her2nav.facts.tri import Tri, known
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.model.patient import Patient
from her2nav.model.tree import AnyOf, Leaf, Node, Not
from her2nav.model.trial import Criterion, Role, Status, Trial, TrialRecord

TODAY = date(2026, 11, 21)
TUMOURS = ("breast", "gastric", "colorectal", "lung_adenocarcinoma", "endometrial_serous")
# variable, unit, mean, spread, comparison, usual limits of trials
LABS = (
    ("anc", "10^9/L", 4.0, 1.2, ">=", (1.0, 1.2, 1.5)),
    ("platelets", "10^9/L", 250, 60, ">=", (75, 90, 100)),
    ("haemoglobin", "g/dL", 12.5, 1.3, ">=", (8, 8.5, 9)),
    ("wbc", "10^9/L", 6.5, 1.6, ">=", (2, 2.5, 3)),
    ("creatinine", "mg/dL", 0.8, 0.2, "<=", (1.5, 1.8, 2.0)),
    ("bilirubin", "mg/dL", 0.7, 0.25, "<=", (1.5, 2, 3)),
    ("ast", "U/L", 28, 12, "<=", (100, 120, 200)),
    ("alt", "U/L", 27, 12, "<=", (100, 120, 200)),
    ("albumin", "g/dL", 3.9, 0.4, ">=", (2.5, 2.8, 3.0)),
    ("inr", "ratio", 1.05, 0.12, "<=", (1.5, 1.6, 2.0)),
    ("potassium", "mmol/L", 4.2, 0.35, ">=", (3.0, 3.2, 3.3)),
    ("calcium", "mmol/L", 2.3, 0.12, "<=", (2.75, 2.8, 2.9)),
)
COURSES = ("trastuzumab", "paclitaxel", "trastuzumab deruxtecan", "capecitabine", "lapatinib", "letrozole", "THP")
DRUGS = (
    "trastuzumab_deruxtecan",
    "lapatinib",
    "taxane",
    "anti_her2",
    "topo1_adc",
    "endocrine",
    "trastuzumab_emtansine",
)


def usable_labs(knowledge: Knowledge) -> list[tuple[str, str, float, float, str, tuple[float, ...]]]:
    """Return the laboratory values whose variable and unit the knowledge has."""
    table = knowledge.variables
    return [row for row in LABS if row[0] in table.variables and table.convert(row[0], Decimal(1), row[1]) is not None]


def patients(size: int, knowledge: Knowledge, seed: int = 1) -> Columns:
    """Return made-up patients; about one value in twenty is not recorded."""
    rng = np.random.default_rng(seed)
    ages = (rng.integers(0, 40, size).astype(float),) * 2
    numbers = {
        "age": _gaps(rng, np.clip(rng.normal(60, 11, size), 18, 95).round()),
        "ecog": _gaps(rng, rng.choice([0.0, 1.0, 2.0, 3.0], size, p=[0.45, 0.42, 0.1, 0.03])),
        "performance_age": ages,
        ("lvef", ()): _gaps(rng, rng.normal(62, 5, size).round()),
        ("lvef_age", ()): ages,
        ("lines", "metastatic", (), (), "unstated"): _gaps(rng, rng.integers(0, 5, size).astype(float)),
        ("receptor", "er"): _gaps(rng, rng.choice([0.0, 5.0, 60.0, 95.0], size)),
    }
    for name, unit, mean, spread, *_ in usable_labs(knowledge):
        factor = float(knowledge.variables.convert(name, Decimal(1), unit).value)
        for derive in (True, False):
            numbers["lab", "absolute", name, derive] = _gaps(rng, rng.normal(mean, spread, size).round(2) * factor)
            numbers["lab_age", "absolute", name, derive] = ages
    recorded = ~np.isinf(numbers["ecog"][0])
    tumours = tuple(_case(knowledge, tumour).tumour for tumour in TUMOURS)
    settings = (exactly({"metastatic", "recurrent"}), exactly({"metastatic"}), exactly({"early"}), ANYTHING)
    return Columns(
        size,
        knowledge,
        numbers,
        {("recorded", "ecog"): known(recorded)},
        {
            "tumour": TermColumn(rng.choice(len(tumours), size, p=[0.6, 0.15, 0.1, 0.1, 0.05]), tumours),
            "sex": TermColumn(
                rng.choice(3, size, p=[0.8, 0.18, 0.02]), (exactly({"female"}), exactly({"male"}), ANYTHING)
            ),
            "setting": TermColumn(rng.choice(4, size, p=[0.5, 0.3, 0.15, 0.05]), settings),
        },
        _therapies(rng, size, knowledge),
        _specimens(rng, size, knowledge),
    )


def _gaps(rng: Generator, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    unknown = rng.random(len(values)) < 0.05
    return np.where(unknown, -np.inf, values), np.where(unknown, np.inf, values)


def _case(knowledge: Knowledge, tumour: str, **more: object) -> Case:
    return Case(Patient.model_validate({"cancer": {"tumour_type": tumour}, **more}), TODAY, knowledge)


def _specimens(rng: Generator, size: int, knowledge: Knowledge) -> SpecimenTable:
    found = []
    for more in (
        {"score": "3+"},
        {"score": "3+"},
        {"score": "2+", "ish": "positive"},
        {"score": "2+"},
        {"score": "1+"},
    ):
        specimen = {"kind": "resection", "collected": "2026-01-01", "ihc": {"score": more["score"]}}
        if "ish" in more:
            specimen["ish"] = {"result": more["ish"]}
        her2 = _case(knowledge, "breast", specimens=[specimen]).her2
        assert her2 is not None
        found.append(result_of(her2.specimens[0], None))
    patient = np.sort(np.concatenate([np.arange(size), rng.integers(0, size, size // 3)]))
    first = np.r_[True, patient[1:] != patient[:-1]]
    every = np.ones(len(patient), bool)
    return SpecimenTable(
        patient, size, every, first, ~every, {None: (rng.integers(0, len(found), len(patient)), tuple(found))}
    )


def _therapies(rng: Generator, size: int, knowledge: Knowledge) -> TherapyTable:
    sets = tuple(
        tuple(terms for terms in drug_terms(knowledge.drugs.resolve(name), knowledge.drugs)) for name in COURSES
    )
    patient = np.sort(rng.integers(0, size, 2 * size))
    count = len(patient)
    end = TODAY.toordinal() - rng.integers(5, 1500, count).astype(float)
    start = end - rng.integers(20, 300, count)
    progressed = rng.random(count) < 0.4
    return TherapyTable(
        patient=patient,
        closed=rng.random(size) < 0.8,
        as_of=np.full(count, float(TODAY.toordinal())),
        start_low=start,
        end_low=end,
        end_high=end,
        progression_low=np.where(progressed, end, -np.inf),
        progression_high=np.where(progressed, end, np.inf),
        progressed=Tri(progressed, np.zeros(count, bool)),
        setting_bits=(1 << rng.integers(0, len(SETTINGS) - 1, count)).astype(np.uint8),
        maintenance=np.zeros(count, bool),
        drug_ids=rng.integers(0, len(sets), count),
        drug_sets=sets,
        stopped_for=WordColumn(rng.integers(-1, 3, count).astype(np.int16), ("progression", "toxicity", "completed")),
        response=WordColumn(rng.integers(-1, 3, count).astype(np.int16), ("PR", "SD", "PD")),
        cycles=rng.integers(-1, 12, count),
        doubtful=rng.random(count) < 0.01,
    )


def trials(count: int, criteria: int, knowledge: Knowledge, *, shared: bool, seed: int = 2) -> list[Trial]:
    """Return made-up trials: thresholds from the usual ones, or each its own."""
    rng = np.random.default_rng(seed)
    labs = usable_labs(knowledge)
    found = []
    for number in range(count):
        nodes = _few(rng, shared=shared)
        while len(nodes) < criteria:
            nodes.append(_many(rng, len(nodes), labs, shared=shared))
        items = tuple(
            Criterion(f"i{i}", Role.DECIDES, "inclusion", "made up", node) for i, node in enumerate(nodes[:criteria])
        )
        found.append(Trial(_record(number), items, "curated"))
    return found


def _few(rng: Generator, *, shared: bool) -> list[Node]:
    """Criteria that stand once in a trial."""
    tumours = [t for t in TUMOURS if rng.random() < 0.2] or ["breast"]
    positive = [{"ihc": "3+"}, {"ihc": "2+", "ish": "positive"}]
    definitions = [positive, positive, [{"ihc": ["1+", "2+", "3+"]}], [{"status": "expressing"}]]
    limit = int(rng.choice([1, 2, 2])) if shared else 2
    lvef = rng.choice([45, 50, 50]) if shared else round(40 + 10 * rng.random(), 3)
    days = int(rng.choice([28, 35, 42])) if shared else int(rng.integers(28, 400))
    return [
        leaf("tumour_type", types=["breast", *tumours]),
        leaf("disease_setting", settings=["metastatic", "recurrent"]),
        leaf("her2_status", any_of=definitions[rng.integers(0, len(definitions))], specimens="ever"),
        leaf(
            "age", min=18 if shared else int(rng.integers(16, 30)), max=None if shared else int(rng.integers(80, 100))
        ),
        leaf("performance_status", ecog_max=limit, within_days=None if shared else days),
        leaf("lvef", percent=str(lvef), within_days=days),
        leaf("lines_of_therapy", min=0, max=int(rng.integers(3, 9))),
        AnyOf((leaf("sex", any_of="female"), leaf("lines_of_therapy", min=1))),
    ]


def _many(rng: Generator, i: int, labs: list[tuple], *, shared: bool) -> Node:
    """A criterion of a kind that stands often: mostly laboratory values, one in eight about earlier treatment."""
    if i % 8 == 0:
        days = int(rng.choice([7, 14, 21, 28, 42])) if shared else int(rng.integers(3, 400))
        drugs = [str(drug) for drug in rng.choice(DRUGS, 1 if shared else 2, replace=False)]
        return Not(leaf("prior_therapy", drugs=drugs, ended_within_days=days, min_count=1))
    name, unit, _, _, op, usual = labs[i % len(labs)]
    value = float(rng.choice(usual)) if shared else round(min(usual) + (max(usual) - min(usual)) * rng.random(), 6)
    within = int(rng.choice([28, 30, 35, 42, 60])) if shared else 42
    return leaf("lab_value", variable=name, op=op, value=str(value), unit=unit, within_days=within, reported_only=False)


def leaf(kind: str, **params: object) -> Leaf:
    """Return a leaf of checked parameters."""
    return Leaf(kind, kinds()[kind].params.model_validate({k: v for k, v in params.items() if v is not None}))


def _record(number: int) -> TrialRecord:
    return TrialRecord(
        nct_id=f"NCT{90000000 + number}",
        title=f"a made-up trial, number {number}",
        status=Status(value="RECRUITING", date=TODAY, source="made up"),
        curation="full",
        text_sha256="0" * 64,
        review={"state": "draft", "date": TODAY},
    )
