"""Reports with several samples: each result goes to the sample that it names, or is asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.intake.note_helpers import patient, read
from unit.intake.test_notes_her2_fragments import phrase

PASSAGES = yaml.safe_load((Path(__file__).parent / "her2_specimens.yaml").read_text(encoding="utf-8"))


def line(sample: dict[str, Any]) -> str:
    """Return a sample as `her2_specimens.yaml` writes it."""
    return f"{sample.get('kind', '-')} {sample.get('site', '-')} {sample.get('collected', '-')}: {phrase(sample)}"


def fits(wanted: str, found: str) -> bool:
    """True for the same results on a sample of which nothing else is said than the passage says."""
    head, results = wanted.split(": ", 1)
    own, told = found.split(": ", 1)
    if sorted(results.split()) != sorted(told.split()):
        return False
    return all(one in ("?", two) for one, two in zip(head.split(), own.split(), strict=True))


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["id"])
def test_passage(passage):
    reading = read(passage["text"])
    found = [line(sample) for sample in reading.patient.get("specimens", []) if phrase(sample)]
    left = list(found)
    for wanted in passage["want"]:
        match = next((one for one in left if fits(wanted, one)), None)
        assert match is not None, (wanted, found)
        left.remove(match)
    assert not left
    for key, samples in passage.get("handling", {}).items():
        told = [one["preanalytics"] for one in reading.patient["specimens"] if "preanalytics" in one]
        assert sum(key in one for one in told) == samples
    if passage.get("asks"):
        assert reading.questions or reading.contradictions


SITES = {
    "Left breast": "primary",
    "Left axillary lymph node": "lymph_node",
    "Liver": "metastasis",
    "Skin": "metastasis",
}
SCORES = ("0", "1+", "2+", "3+")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(SITES)), min_size=2, max_size=4, unique=True),
    st.data(),
    st.sampled_from(["{}: {}", "Block {}1: {}", "Specimen {}: {}", "HER2 on part {}: {}"]),
)
def test_letters_carry_the_scores_in_any_order(sites, data, form):
    scores = {place: data.draw(st.sampled_from(SCORES)) for place in sites}
    order = data.draw(st.permutations(range(len(sites))))
    listed = "\n".join(f"{'ABCD'[i]}. {place}, core biopsy" for i, place in enumerate(sites))
    told = "; ".join(form.format("ABCD"[i], scores[sites[i]]) for i in order)
    text = f"Metastatic breast cancer, 3 March 2026.\nSPECIMENS\n{listed}\n\nHER2 IHC. {told}."
    found = {(one.get("site"), one.get("organ"), one["ihc"]["score"]) for one in patient(text)["specimens"]}
    organs = {"Liver": "liver", "Skin": "skin"}
    assert found == {(SITES[place], organs.get(place), score) for place, score in scores.items()}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(sorted(SITES)), min_size=2, max_size=4, unique=True), st.sampled_from(SCORES))
def test_a_result_that_two_listed_specimens_could_own_is_asked_about(sites, score):
    listed = "\n".join(f"{'ABCD'[i]}. {place}, core biopsy" for i, place in enumerate(sites))
    reading = read(f"Metastatic breast cancer, 3 March 2026.\n{listed}\n\nHER2 IHC: {score}.")
    assert not [one for one in reading.patient.get("specimens", []) if "ihc" in one]
    assert [one.code for one in reading.questions] == ["her2_sample"]
