"""What the rules cannot tell apart is found once: the memory must never change an answer."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guidelines.cases import SCORING, TODAY, all_guidelines
from her2nav.interpret import GuidelineSet, interpret_specimen
from her2nav.interpret.results import SpecimenHer2
from her2nav.model.specimens import Specimen

FOLDERS = ("breast", "gastric", "colorectal", "endometrial_serous", "lung", "urothelial", "agnostic")
SHARED = GuidelineSet(all_guidelines())
NUMBERS = st.sampled_from(
    ["0", "0.5", "1.9", "1.95", "1.99", "2.0", "2.01", "2.2", "3.95", "4.0", "5.99", "6.0", "6.01"]
)
PERCENT = st.sampled_from(["0", "0.1 %", "5", "9", "9.9", "10", "10.1", "11", "30", "30.1", "49.9", "50", "80", "100"])


def some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=parts)


SPECIMENS = some(
    kind=st.sampled_from(["biopsy", "resection", "cytology", "blood"]),
    organ=st.sampled_from(["liver", "bone"]),
    collected=st.sampled_from(["2016-01-01", "2018", "2025-05-05"]),
    her2_reported=st.sampled_from(["positive", "negative", "low"]),
    ihc=some(
        score=st.sampled_from(["0", "1+", "2+", "3+"]),
        percent_cells=PERCENT,
        intensity=st.sampled_from(["none", "faint", "moderate", "intense"]),
        completeness=st.sampled_from(["complete", "incomplete"]),
        cluster_cells=st.sampled_from([0, 4, 5, 6]),
        scoring=st.sampled_from(["breast", "gastric"]),
        assay=st.sampled_from(["4B5"]),
    ),
    ish=some(
        method=st.sampled_from(["dual_probe", "single_probe"]),
        her2_cep17_ratio=NUMBERS,
        her2_copy_number=NUMBERS,
        cep17_copy_number=st.sampled_from(["1.5", "2.0", "3.1"]),
        percent_cells_ratio_ge2=PERCENT,
        result=st.sampled_from(["positive", "negative", "equivocal", "failed"]),
    ),
)


def answer(specimen: Specimen, folder: str, guidelines: GuidelineSet) -> SpecimenHer2:
    return interpret_specimen(
        specimen,
        0,
        scoring=SCORING.get(folder, "gastric"),
        guideline=guidelines.on(folder, TODAY),
        as_of=TODAY,
    )


@given(record=SPECIMENS, folder=st.sampled_from(FOLDERS))
def test_a_remembered_answer_is_the_answer_of_a_first_time(record: dict[str, Any], folder: str) -> None:
    specimen = Specimen.model_validate(record)
    remembered = answer(specimen, folder, SHARED)
    SHARED.on(folder, TODAY).memory.clear()
    fresh = answer(specimen, folder, SHARED)
    assert remembered == fresh
    assert remembered.sentences == fresh.sentences


def test_numbers_between_the_same_cut_offs_are_found_once_and_shown_each() -> None:
    def specimen(ratio: str) -> Specimen:
        ish = {"method": "dual_probe", "her2_cep17_ratio": ratio, "her2_copy_number": "7.5"}
        return Specimen.model_validate({"ihc": {"score": "2+", "scoring": "breast"}, "ish": ish})

    rules = SHARED.on("breast", TODAY)
    rules.memory.clear()
    first, second, near = (answer(specimen(ratio), "breast", SHARED) for ratio in ("3.1", "4.7", "2.05"))
    assert len(rules.memory) == 1
    assert first.status is second.status
    assert "ratio 3.1" in first.sentences[0].clinical
    assert "ratio 4.7" in second.sentences[0].clinical
    assert not first.has_flag("near_cutoff")
    assert [flag.clinical for flag in near.flags if flag.code == "near_cutoff"] == [
        "HER2/CEP17 ratio 2.05 lies within reporting precision of the cut-off 2.0."
    ]


def test_every_number_near_a_cut_off_is_named() -> None:
    ish = {"method": "dual_probe", "her2_cep17_ratio": "1.95", "her2_copy_number": "5.95"}
    record = {"ihc": {"score": "2+", "scoring": "breast", "percent_cells": "11"}, "ish": ish}
    found = answer(Specimen.model_validate(record), "breast", SHARED)
    said = [flag.clinical for flag in found.flags if flag.code.startswith("near_cutoff")]
    assert len(said) == 3
    assert any("11 %" in text and "cut-off 10" in text for text in said)


def test_numbers_beside_a_failed_assay_decide_nothing() -> None:
    for ratio, copies in ((Decimal("5"), Decimal("12")), (Decimal("1"), Decimal("2"))):
        ish = {"method": "dual_probe", "her2_cep17_ratio": ratio, "her2_copy_number": copies, "result": "failed"}
        found = answer(
            Specimen.model_validate({"ihc": {"score": "2+", "scoring": "breast"}, "ish": ish}), "breast", SHARED
        )
        assert found.status.value == "equivocal"
        assert found.amplification.value == "unknown"
        assert found.ish_group is None
        assert found.has_flag("failed_ish_has_numbers")
        assert f"ratio {ratio}" in found.sentences[0].clinical
    alone = answer(Specimen.model_validate({"ish": ish}), "breast", SHARED)
    assert not alone.informative


def test_only_rules_that_fired_are_cited() -> None:
    cited = answer(
        Specimen.model_validate({"ihc": {"score": "1+", "scoring": "breast", "percent_cells": 30}}), "breast", SHARED
    )
    assert [ref.id for ref in cited.status.rules] == ["BR031"]
    record = {
        "score": "1+",
        "scoring": "breast",
        "percent_cells": 30,
        "intensity": "faint",
        "completeness": "incomplete",
    }
    described = answer(Specimen.model_validate({"ihc": record}), "breast", SHARED)
    assert [ref.id for ref in described.status.rules] == ["BR031", "BI-faint-gt10"]


def test_the_purity_adjusted_estimate_is_shown_and_decides_nothing() -> None:
    ngs = {
        "matrix": "plasma",
        "erbb2_copy_number": "2.6",
        "tumour_fraction": "0.06",
        "amplification_call": "not_amplified",
    }
    found = answer(Specimen.model_validate({"kind": "blood", "ngs": ngs}), "gastric", SHARED)
    said = next(flag.clinical for flag in found.flags if flag.code == "purity_adjusted")
    assert "about 12.0 copies" in said
    assert found.extra["plasma"].value == "unknown"
