"""Letters, minutes, patients' accounts and sequencing reports: every result at its own sample, or asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.intake.note_helpers import patient, read
from unit.intake.test_notes_her2_fragments import phrase
from unit.intake.test_notes_her2_specimens import fits, line

PASSAGES = yaml.safe_load((Path(__file__).parent / "her2_histories.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["id"])
def test_passage(passage):
    reading = read(passage["text"])
    left = [line(sample) for sample in reading.patient.get("specimens", []) if phrase(sample)]
    found = list(left)
    for wanted in passage["want"]:
        match = next((one for one in left if fits(wanted, one)), None)
        assert match is not None, (wanted, found)
        left.remove(match)
    assert not left
    if passage.get("asks"):
        assert reading.questions or reading.contradictions


EVENTS = (
    "Relapsed in the liver in {month} 2026.",
    "In {month} 2026 new metastases in the lung were found.",
    "It came back in her bones in {month} 2026.",
    "{month} 2026: progression in the liver, new lesions.",
)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(EVENTS),
    st.sampled_from(("January", "March", "June")),
    st.sampled_from(("mastectomy", "core biopsy", "lumpectomy")),
    st.sampled_from(("HER2 is {}.", "HER2 came back as {}.", "They found HER2 {}.", "The letter says HER2 {}.")),
    st.sampled_from(("0", "1+", "2+", "3+")),
)
def test_a_result_behind_a_relapse_is_not_that_of_the_sample_before_it(event, month, sample, told, score):
    story = f"{sample} 4 March 2019. {event.format(month=month)} {told.format(score)}"
    reading = read(f"Clinic 3 September 2026. Breast cancer, {story}")
    for one in reading.patient.get("specimens", []):
        assert "score" not in one.get("ihc", {}) or "collected" not in one


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(("0", "1+", "2+", "3+")), min_size=4, max_size=4), st.permutations(range(4)))
def test_a_history_in_any_order(scores, order):
    said = (
        "core biopsy of the breast 3 May 2019: {}.",
        "Lumpectomy 4 November 2019: {}.",
        "Liver biopsy 5 June 2023: {}.",
        "Skin biopsy 6 July 2026: {}.",
    )
    days = ("2019-05-03", "2019-11-04", "2023-06-05", "2026-07-06")
    told = " ".join(said[i].format(scores[i])[0].upper() + said[i].format(scores[i])[1:] for i in order)
    text = f"Clinic 1 September 2026. Metastatic breast cancer.\nHER2 IHC over time. {told}"
    found = {one["collected"]: one["ihc"]["score"] for one in patient(text)["specimens"]}
    assert found == dict(zip(days, scores, strict=True))


def _variants(text):
    return {
        one["hgvs"]: one
        for sample in patient(text)["specimens"]
        for one in sample.get("ngs", {}).get("variants", [])
        if isinstance(one, dict) and "hgvs" in one
    }


@pytest.mark.parametrize(
    ("row", "origin"),
    [
        ("ERBB2 p.I655V 49% germline polymorphism", "germline"),
        ("ERBB2 p.I655V 49% (inherited)", "germline"),
        ("ERBB2 p.I655V 49%, not germline", None),
        ("ERBB2 p.I655V 49%, somatic or germline cannot be told", None),
        ("ERBB2 p.I655V 49%, germline testing advised", None),
        ("ERBB2 p.I655V 49%\nThe I655V change is a common inherited polymorphism.", "germline"),
    ],
)
def test_the_origin_of_a_variant_is_taken_where_it_is_said(row, origin):
    found = _variants(
        f"NGS report 5 May 2026. Lung adenocarcinoma. Bronchial biopsy 3 April 2026.\n{row}\nKRAS p.G12C 22%"
    )
    assert found["p.I655V"].get("origin") == origin
    assert "origin" not in found["p.G12C"]


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(("core biopsy", "mastectomy", "lymph node biopsy")),
    st.sampled_from(("liver biopsy", "skin biopsy", "lung biopsy")),
    st.sampled_from(("HER2 was {}.", "HER2 IHC {}.", "The HER2 score was {}.")),
    st.sampled_from(("1+", "2+", "3+")),
)
def test_a_result_behind_two_samples_of_other_years_is_asked_about(first, second, told, score):
    story = f"She had a {first} in 2019 and a {second} in 2026. {told.format(score)}"
    reading = read(f"Clinic 14 July 2026. Metastatic breast cancer. {story}")
    assert not [one for one in reading.patient.get("specimens", []) if "ihc" in one and "collected" in one]
    assert reading.questions
