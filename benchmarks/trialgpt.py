"""Single criteria of general medicine: notes through the intake, criteria through the reader, against experts.

    python benchmarks/trialgpt.py [--details]

1,015 pairs of a short synthetic note and one criterion. Reports how often the program answers, and of those how often
it is right; a silent note is UNKNOWN here, while the experts often take what is not mentioned as absent ("not
excluded"). The program knows cancer and its treatment, not all of medicine: most of these criteria are outside what
it reads. Needs the shared test data (HER2NAV_SHARED, default ../shared).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

from her2nav.app.intake import checked
from her2nav.app.session import Session
from her2nav.criteria.reader import reader
from her2nav.facts.case import Case
from her2nav.intake.notes.read import read_notes
from her2nav.intake.notes.source import note_of
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.explain import Explainer
from her2nav.model.errors import Her2NavError
from her2nav.model.patient import Patient
from her2nav.model.trial import Role
from her2nav.model.truth import Truth, all_of

SHARED = Path(os.environ.get("HER2NAV_SHARED") or Path(__file__).resolve().parents[2] / "shared")
FILE = SHARED / "data/benchmarks/trialgpt_criterion_annotations.json.gz"
DAY = date(2023, 1, 1)
MEANS = {
    "included": Truth.MET,
    "not excluded": Truth.MET,
    "not included": Truth.NOT_MET,
    "excluded": Truth.NOT_MET,
    "not enough information": Truth.UNKNOWN,
    "not applicable": Truth.MET,
}
"""What the experts' words say of the patient's standing; a criterion that does not apply is satisfied."""
HEADS = {"inclusion": "Inclusion Criteria:\n\n* ", "exclusion": "Exclusion Criteria:\n\n* "}
_SENTENCE_NUMBER = re.compile(r"^\d+\.\s+", re.MULTILINE)


def main() -> None:
    """Print accuracy where the program answers and how often it does not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--details", action="store_true", help="every wrong definite answer")
    given = parser.parse_args()
    session = Session(load_knowledge(), today=lambda: date(2026, 11, 21))
    reads = reader(session.knowledge)
    with gzip.open(FILE, "rt") as stream:
        rows = json.load(stream)
    explainers: dict[str, Explainer] = {}
    table: Counter[tuple[str, str]] = Counter()
    wrong = []
    for row in rows:
        name = row["patient_id"]
        if name not in explainers:
            note = note_of(_SENTENCE_NUMBER.sub("", row["note"]), name)
            found = checked(session, read_notes((note,), session.knowledge))
            try:
                patient = Patient.model_validate(found.patient)
            except (ValueError, Her2NavError):
                patient = Patient()
            explainers[name] = Explainer(Case(patient, DAY, session.knowledge))
        text = HEADS[row["criterion_type"]] + (row["criterion_text"] or "")
        deciding = [item for item in reads.read(text, ()).criteria if item.role is Role.DECIDES]
        findings = [explainers[name].explain(item.node) for item in deciding]
        ours = all_of(item.truth for item in findings) if findings else Truth.UNKNOWN
        gold = row["expert_eligibility"]
        table[gold, ours.value] += 1
        if ours is not Truth.UNKNOWN and ours is not MEANS[gold]:
            wrong.append((row, ours, " ".join(item.reason for item in findings if item.truth is ours)))
    answered = sum(count for (_, ours), count in table.items() if ours != "unknown")
    total = sum(table.values())
    right = sum(count for (gold, ours), count in table.items() if ours != "unknown" and ours == MEANS[gold].value)
    opposite = sum(
        count
        for (gold, ours), count in table.items()
        if ours != "unknown" and MEANS[gold] is not Truth.UNKNOWN and ours != MEANS[gold].value
    )
    print(f"{total} pairs; answered {answered} ({answered / total:.2f}), abstained {total - answered}")
    print(f"right where answered: {right} of {answered} ({right / max(1, answered):.2f}); opposite answers: {opposite}")
    print(f"{'expert':<24} {'met':>6} {'not met':>8} {'unknown':>8}")
    for gold in MEANS:
        print(f"{gold:<24} {table[gold, 'met']:>6} {table[gold, 'not_met']:>8} {table[gold, 'unknown']:>8}")
    if given.details:
        for row, ours, reason in wrong:
            print(
                f"\n{row['annotation_id']} {row['patient_id']} {row['criterion_type']}: expert "
                f"{row['expert_eligibility']}, program {ours.value}"
            )
            print(f"    {row['criterion_text'][:200]}\n    {reason[:220]}")


if __name__ == "__main__":
    main()
