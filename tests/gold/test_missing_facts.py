"""Taking a fact away from a gold patient can only make an answer unknown, never turn it round."""

import copy
import os
from datetime import date

import pytest

from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.files.yamlfile import parse_yaml
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.evaluate import LeafTruths, evaluate_trial
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

CLOSED_BY = {
    "therapies": ("therapies",),
    "procedures": ("procedures",),
    "conditions": ("conditions",),
    "toxicities": ("toxicities", "conditions"),
    "medications": ("medications",),
}
"""Taking an entry out of a list that is marked complete would state that it is absent; so the mark goes too."""


STEP = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 4
"""Every fact in the long run; every fourth, from another one for each patient, in the short."""


def truths(record):
    session = Session(today=lambda: date(2026, 11, 21))
    case = Case(Patient.model_validate(record), date(2026, 1, 15), load_knowledge())
    leaves = LeafTruths(session.compiled, case.alone)
    return {
        (trial.trial.record.nct_id, item.criterion.id): truth.at(0)
        for trial in session.compiled.trials
        for item, truth in zip(trial.criteria, evaluate_trial(trial, leaves).criteria, strict=True)
    }


def removals(record):
    """Yield (name, record without one fact)."""

    def walk(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                if path == () and key in ("id", "as_of", "complete"):
                    continue
                yield (*path, key)
                yield from walk(inner, (*path, key))
        elif isinstance(value, list):
            for i, inner in enumerate(value):
                yield (*path, i)
                yield from walk(inner, (*path, i))

    for path in walk(record, ()):
        changed = copy.deepcopy(record)
        here = changed
        for part in path[:-1]:
            here = here[part]
        del here[path[-1]]
        if "variants" in path:
            # A panel that covered a gene and reports nothing states that nothing is there: its list of genes goes too.
            changed["specimens"][path[1]]["ngs"].pop("genes_covered", None)
        for flag in CLOSED_BY.get(path[0], ()):
            changed.get("complete", {}).pop(flag, None)
        yield "/".join(map(str, path)), changed


@pytest.mark.parametrize("patient", ["D1", "D2", "D3", "D4", "D5", "D6"])
def test_without_a_fact_no_answer_turns_round(patient, shared):
    record = parse_yaml((shared / f"data/gold/patients/{patient}.yaml").read_text(), patient).data
    before = truths(record)
    turned = []
    for name, changed in list(removals(record))[int(patient[1:]) % STEP :: STEP]:
        try:
            after = truths(changed)
        except ValueError:
            continue  # what is left is no patient file, for example an LVEF date without its value
        for place, truth in after.items():
            pair = {before[place], truth}
            if pair == {Truth.MET, Truth.NOT_MET}:
                turned.append((name, place, before[place].value, truth.value))
    assert not turned, turned[:20]
