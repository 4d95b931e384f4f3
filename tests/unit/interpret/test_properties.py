"""Properties that hold of any record: more doubt never makes an answer surer, and equal records give equal answers."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guidelines.cases import SCORING, TODAY, guideline
from her2nav.interpret import interpret_patient, interpret_specimen, to_json
from her2nav.interpret.results import ALL_SUBSCORES, ISH_CALLS, SpecimenHer2
from her2nav.model.patient import Patient
from her2nav.model.specimens import Specimen

FOLDERS = [
    "breast",
    "gastric",
    "colorectal",
    "lung",
    "biliary",
    "endometrial_serous",
    "urothelial",
    "salivary",
    "agnostic",
]
SCORES = ["0", "1+", "2+", "3+"]
edges = [
    Decimal(text)
    for text in ("0", "1.9", "1.99", "2.0", "2.01", "3.99", "4.0", "5.9", "6.0", "6.01", "9.9", "10", "10.1")
]
numbers = st.sampled_from(edges) | st.decimals(0, 20, places=2)
percents = st.sampled_from(
    [Decimal(text) for text in ("0", "5", "9.9", "10", "10.1", "30", "30.1", "49.9", "50", "100")]
)


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


ihcs = st.fixed_dictionaries(
    {},
    optional={
        "score": optional(st.sampled_from(SCORES) | st.lists(st.sampled_from(SCORES), min_size=1, max_size=2)),
        "percent_cells": optional(percents),
        "cluster_cells": optional(st.integers(0, 12)),
        "intensity": optional(st.sampled_from(["none", "faint", "weak", "moderate", "intense"])),
        "completeness": optional(st.sampled_from(["complete", "incomplete", "basolateral", "lateral"])),
        "zero_subtype": optional(st.sampled_from(["no_staining", "faint_le10"])),
        "scoring": optional(
            st.sampled_from(["breast", "gastric", "colorectal", "endometrial_serous", "lung", "other"])
        ),
    },
)
ishes = st.fixed_dictionaries(
    {},
    optional={
        "method": optional(st.sampled_from(["dual_probe", "single_probe"])),
        "her2_cep17_ratio": optional(numbers),
        "her2_copy_number": optional(numbers),
        "cep17_copy_number": optional(numbers),
        "percent_cells_ratio_ge2": optional(percents),
        "result": optional(st.sampled_from(["positive", "negative", "equivocal", "indeterminate", "failed"])),
        "recount": optional(
            st.fixed_dictionaries(
                {"group": st.integers(1, 5)},
                optional={"blinded": optional(st.booleans()), "cells": optional(st.integers(0, 60))},
            )
        ),
    },
)
ngs = st.fixed_dictionaries(
    {},
    optional={
        "matrix": optional(st.sampled_from(["tissue", "plasma"])),
        "erbb2_copy_number": optional(numbers),
        "amplification_call": optional(st.sampled_from(["amplified", "not_amplified", "equivocal", "failed"])),
        "genes_covered": st.just(["ERBB2"]) | st.just([]),
        "variants": st.lists(st.sampled_from(["ERBB2 p.S310F", "TP53 p.R175H", "p.V777L"]), max_size=2),
    },
)
records = st.fixed_dictionaries(
    {},
    optional={
        "kind": optional(st.sampled_from(["biopsy", "resection", "cytology", "cytology_block", "blood"])),
        "site": optional(st.sampled_from(["primary", "metastasis", "lymph_node"])),
        "collected": optional(st.sampled_from(["2016", "2018", "2018-06", "2020-05-01", "2025-01-01", "2030"])),
        "organ": optional(st.sampled_from(["bone", "liver"])),
        "preanalytics": optional(
            st.fixed_dictionaries(
                {},
                optional={
                    "decalcification": st.sampled_from(["none", "edta", "acid", "unknown"]),
                    "viable_tumour_cells": st.integers(0, 200),
                },
            )
        ),
        "ihc": optional(ihcs),
        "ish": optional(ishes),
        "ngs": optional(ngs),
        "her2_reported": optional(st.sampled_from(["positive", "negative", "equivocal", "low", "ultralow"])),
    },
)
folders = st.sampled_from(FOLDERS)


def read(folder: str, record: dict[str, Any]) -> SpecimenHer2:
    return interpret_specimen(
        Specimen.model_validate(record),
        0,
        scoring=SCORING.get(folder, "gastric"),
        guideline=guideline(folder),
        as_of=TODAY,
    )


@given(folders, records)
def test_every_record_has_a_sound_answer(folder: str, record: dict[str, Any]) -> None:
    result = read(folder, record)
    assert result.ihc
    assert result.ihc <= ALL_SUBSCORES
    assert result.ish
    assert result.ish <= ISH_CALLS
    for answer in (result.status, result.expression, result.amplification, *result.extra.values()):
        assert answer.possible
        if answer.final:
            assert len(answer.possible) == 1
            assert answer.value in answer.possible
            assert answer.rules
            assert not any(ref.confidence.unverified for ref in answer.rules[:1])
        elif answer.value in ("positive", "negative"):
            assert answer.value in answer.possible
    if not result.usable:
        assert result.status.value == "unknown"


@given(folders, records)
def test_equal_records_give_equal_answers(folder: str, record: dict[str, Any]) -> None:
    assert read(folder, record) == read(folder, record)


@given(folders, records, st.sampled_from(SCORES), st.sampled_from(SCORES))
def test_a_range_is_never_surer_than_its_scores(folder: str, record: dict[str, Any], low: str, high: str) -> None:
    """Adding a possible score never turns unknown into definite and never loses a truth."""
    ihc = {"scoring": guideline(folder).scores_definition.scoring[0]}
    several = SCORES[min(SCORES.index(low), SCORES.index(high)) : max(SCORES.index(low), SCORES.index(high)) + 1]
    wide = read(folder, {**record, "her2_reported": None, "ihc": {**ihc, "score": several}})
    for score in several:
        one = read(folder, {**record, "her2_reported": None, "ihc": {**ihc, "score": score}})
        assert one.ihc <= wide.ihc or not one.usable or not wide.usable
        if one.usable and wide.usable:
            assert one.status.possible <= wide.status.possible
            assert one.expression.possible <= wide.expression.possible
            assert one.ish <= wide.ish
        if wide.status.final:
            assert one.status.value == wide.status.value


@given(
    folders,
    st.sampled_from([None, *SCORES]),
    numbers,
    numbers,
    percents,
    st.sampled_from(["her2_cep17_ratio", "her2_copy_number", "percent_cells_ratio_ge2"]),
)
def test_taking_away_a_number_never_makes_ish_surer(
    folder: str, score: str | None, ratio: Decimal, copies: Decimal, percent: Decimal, gone: str
) -> None:
    ihc = {"score": score, "scoring": guideline(folder).scores_definition.scoring[0]} if score else None
    full = {
        "method": "dual_probe",
        "her2_cep17_ratio": ratio,
        "her2_copy_number": copies,
        "percent_cells_ratio_ge2": percent,
    }
    record = {"kind": "biopsy", "collected": "2025-01-01", "ihc": ihc}
    more = read(folder, {**record, "ish": full})
    less = read(folder, {**record, "ish": {name: value for name, value in full.items() if name != gone}})
    assert more.ish <= less.ish
    assert more.status.possible <= less.status.possible
    assert more.expression.possible <= less.expression.possible
    assert more.amplification.possible <= less.amplification.possible


@given(folders, st.sampled_from(SCORES), percents)
def test_taking_away_the_percentage_never_loses_a_truth(folder: str, score: str, percent: Decimal) -> None:
    ihc = {"score": score, "scoring": guideline(folder).scores_definition.scoring[0]}
    bare = read(folder, {"kind": "resection", "ihc": ihc})
    described = read(folder, {"kind": "resection", "ihc": {**ihc, "percent_cells": percent}})
    if "score_contradicts_description" in {flag.code for flag in described.flags} or folder == "endometrial_serous":
        return
    assert described.status.possible <= bare.status.possible


@given(folders, st.lists(records, max_size=4))
def test_any_patient_is_read_and_written(folder: str, specimens: list[dict[str, Any]]) -> None:
    patient = Patient.model_validate({"specimens": specimens})
    result = interpret_patient(
        patient, scoring=SCORING.get(folder, "gastric"), guideline=guideline(folder), as_of=TODAY
    )
    assert to_json(result) == to_json(
        interpret_patient(patient, scoring=SCORING.get(folder, "gastric"), guideline=guideline(folder), as_of=TODAY)
    )
    finals = {one.status.value for one in result.specimens if one.status.final}
    if result.overall.status.final:
        assert result.overall.status.value in finals
