"""One topic of TREC Clinical Trials 2021 (a HER2-positive early breast cancer) through intake, reader and ranking.

    python benchmarks/trec.py [--details]

60 trials: eligible, excluded (only three: say so with every figure), not relevant. The records hold a title and a
text, no conditions and no ages. Prints counts, P@10, nDCG@10 (gain 2 for eligible, 1 for excluded, as TREC has it),
and the AUROC of eligible against all others with its bootstrap interval. Needs the shared test data (HER2NAV_SHARED,
default ../shared).
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from her2nav.app.intake import checked
from her2nav.app.session import Session
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import read_trial
from her2nav.facts.case import Case
from her2nav.intake.notes.read import read_notes
from her2nav.intake.notes.source import note_of
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.compiled import compile_trials
from her2nav.matching.rank_parts import rank
from her2nav.matching.rank_rules import rank_rules
from her2nav.matching.results import Match, match_patient
from her2nav.model.patient import Patient
from her2nav.model.registry_trial import Eligibility, RegistryTrial
from her2nav.model.truth import Truth

SHARED = Path(os.environ.get("HER2NAV_SHARED") or Path(__file__).resolve().parents[2] / "shared")
FILE = SHARED / "data/benchmarks/trec_ct_2021_topic25.jsonl.gz"
NAMES = {0: "not relevant", 1: "excluded", 2: "eligible"}
DAY = date(2021, 4, 27)
"""The registry snapshot of the track."""
DRAWS = 2000
Scored = tuple[int, float, Match]


def case_of(session: Session, note: str) -> Case:
    """Return the patient of a note."""
    found = checked(session, read_notes((note_of(note, "topic"),), session.knowledge))
    return Case(Patient.model_validate(found.patient), DAY, session.knowledge)


def matched(session: Session, rows: Sequence[dict[str, object]]) -> list[Scored]:
    """Return label, score and match of each trial; what does not fit scores by how little stands against it."""
    reads = reader(session.knowledge)
    trials = []
    for row in rows:
        record = RegistryTrial(
            nct_id=str(row["nct_id"]),
            shape="text",
            title=str(row["title"] or row["nct_id"]),
            eligibility=Eligibility(text=str(row["text"])),
        )
        trials.append(read_trial(record, reads, session.knowledge, DAY)[0])
    case = case_of(session, str(rows[0]["patient"]))
    rules = rank_rules(session.knowledge)
    limit = session.knowledge.words.status_age_limit_days
    found = []
    for row, one in zip(rows, match_patient(case, compile_trials(trials)), strict=True):
        placed = rank(one, case, rules, limit)
        score = placed.score if placed.parts else -float(one.count(Truth.NOT_MET))
        found.append((int(str(row["label"])), score, one))
    return found


def auroc(pairs: Sequence[tuple[bool, float]]) -> float:
    """Return the chance that a wanted trial stands before another; ties count half."""
    wanted = [score for is_wanted, score in pairs if is_wanted]
    others = [score for is_wanted, score in pairs if not is_wanted]
    wins = sum((one > other) + 0.5 * (one == other) for one in wanted for other in others)
    return wins / (len(wanted) * len(others)) if wanted and others else math.nan


def interval(pairs: Sequence[tuple[bool, float]], draws: int = DRAWS) -> tuple[float, float]:
    """Return the 95 % percentile interval over trials drawn again with replacement; the seed is fixed."""
    chance = random.Random(25)
    values = sorted(value for _ in range(draws) if not math.isnan(value := auroc(chance.choices(pairs, k=len(pairs)))))
    return values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1]


def ndcg(gains: Sequence[int], k: int = 10) -> float:
    """Return nDCG@k with linear gains."""

    def dcg(values: Sequence[int]) -> float:
        return sum(gain / math.log2(place + 2) for place, gain in enumerate(values[:k]))

    return dcg(gains) / dcg(sorted(gains, reverse=True))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--details", action="store_true", help="every trial with what decides")
    given = parser.parse_args()
    session = Session(load_knowledge(), today=lambda: date(2026, 11, 21))
    with gzip.open(FILE, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    found = sorted(matched(session, rows), key=lambda item: (-item[1], item[2].trial.record.nct_id))
    table = Counter((label, one.verdict.word) for label, _, one in found)
    for label in (2, 1, 0):
        told = ", ".join(f"{table[label, word]} {word}" for word in ("eligible", "possible", "ineligible"))
        print(f"{NAMES[label]:<13} {sum(table[label, w] for w in ('eligible', 'possible', 'ineligible')):>3}: {told}")
    labels = [label for label, _, _ in found]
    print(f"P@10 {sum(label == 2 for label in labels[:10]) / 10:.2f}   nDCG@10 {ndcg(labels):.2f}")
    pairs = [(label == 2, score) for label, score, _ in found]
    low, high = interval(pairs)
    print(f"AUROC eligible against the rest {auroc(pairs):.2f} (95 % bootstrap {low:.2f} to {high:.2f})")
    among = [(label == 2, score) for label, score, _ in found if label]
    low, high = interval(among)
    print(f"AUROC eligible against excluded {auroc(among):.2f} ({low:.2f} to {high:.2f}); three excluded only")
    if given.details:
        for label, score, one in found:
            print(
                f"\n{one.trial.record.nct_id} {NAMES[label]}: {one.verdict.word} {score:.3f} {one.trial.record.title}"
            )
            for truth in (Truth.NOT_MET, Truth.UNKNOWN):
                for item in one.with_truth(truth)[:6]:
                    print(f"    {truth.value}: {item.criterion.text[:110]} | {item.finding.reason[:140]}")


if __name__ == "__main__":
    main()
