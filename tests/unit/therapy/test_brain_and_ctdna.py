"""Brain metastases and dated plasma results."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.facts.case import Case
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth
from her2nav.report.ctdna_svg import ctdna_svg
from her2nav.therapy.options import Advice, advise

START = date(2026, 1, 1)


def advice(**record: Any) -> Advice:
    return advise(Case(Patient.model_validate(record), date(2026, 11, 20), load_knowledge()), "US")


def local(ecog: int | None = 1, **cns: Any) -> dict[str, Truth]:
    found = advice(
        cancer={
            "tumour_type": "NSCLC",
            "metastatic_sites": ["brain"],
            "cns": {"status": "active_or_progressing", **cns},
        },
        performance={"ecog": ecog} if ecog is not None else None,
    )
    return {one.rule.id: one.truth for one in found.brain.local}


@pytest.mark.parametrize(
    ("cns", "ecog", "expected"),
    [
        ({"lesions": 4, "largest_mm": 18, "mass_effect": False}, 1, {"B-srs": Truth.MET}),
        ({"lesions": 5, "largest_mm": 18, "mass_effect": False}, 1, {"B-wbrt": Truth.UNKNOWN}),
        ({"lesions": 1, "largest_mm": 41, "mass_effect": False}, 1, {"B-resection": Truth.MET}),
        ({"lesions": 1, "largest_mm": 15, "mass_effect": True}, 1, {"B-resection": Truth.MET}),
        ({"lesions": 1, "largest_mm": 35, "mass_effect": False}, 1, {"B-resection-3-4": Truth.UNKNOWN}),
        ({"lesions": 2, "largest_mm": 18, "mass_effect": False}, 2, {"B-srs": Truth.UNKNOWN}),
        ({"lesions": 2, "largest_mm": 18, "mass_effect": False}, 3, {}),
        ({"lesions": 2, "largest_mm": 18, "mass_effect": False}, None, {"B-srs": Truth.UNKNOWN}),
    ],
)
def test_local_options(cns: dict[str, Any], ecog: int | None, expected: dict[str, Truth]) -> None:
    assert local(ecog, **cns) == expected


def test_without_brain_metastases_nothing_local_is_offered_and_imaging_is_still_named() -> None:
    found = advice(
        cancer={
            "tumour_type": "NSCLC",
            "setting": "metastatic",
            "metastatic_sites": ["bone"],
            "cns": {"status": "none"},
        },
        specimens=[{"ngs": {"matrix": "tissue", "variants": ["ERBB2 Y772_A775dup"]}}],
    )
    assert found.brain.local == ()
    assert {"B-image-lung", "B-image-yvma"} <= {said.remark.id for said in found.brain.remarks}


def test_results_are_those_of_the_tumour() -> None:
    breast = advice(
        cancer={"tumour_type": "breast", "metastatic_sites": ["brain"], "cns": {"status": "treated_stable"}}
    )
    assert {one.study for one in breast.brain.intracranial} >= {"DESTINY-Breast03", "DEBBRAH", "TUXEDO-1"}
    assert "IC-beamion" not in {one.id for one in breast.brain.intracranial}
    assert "B-trial-stable" in {said.remark.id for said in breast.brain.remarks}


def series(*points: tuple[int, str | None], start: bool = True, **more: Any) -> Any:
    """One series; a point is (day after the start, allele frequency or None for not detected)."""
    found = advice(
        cancer={"tumour_type": "NSCLC", "setting": "metastatic"},
        therapies=[{"drugs": "pyrotinib", "setting": "metastatic", "start": START.isoformat(), "ongoing": True}]
        if start
        else [],
        ctdna=[
            {
                "gene": "ERBB2",
                "variant": "Y772_A775dup",
                "date": (START + timedelta(days=day)).isoformat(),
                **({"result": "not_detected"} if value is None else {"vaf_percent": value, "result": "detected"}),
                **more,
            }
            for day, value in points
        ],
    )
    (only,) = found.ctdna
    return only


@pytest.mark.parametrize(
    ("points", "clearance", "rise"),
    [
        ([(-3, "12"), (40, None), (90, None)], Truth.MET, Truth.NOT_MET),
        ([(-3, "12"), (41, None)], Truth.UNKNOWN, Truth.UNKNOWN),
        ([(-3, "12"), (30, "2"), (80, None)], Truth.NOT_MET, Truth.NOT_MET),
        ([(-3, "12"), (30, None), (80, "0.4")], Truth.MET, Truth.MET),
        ([(-3, "12"), (0, "11")], Truth.UNKNOWN, Truth.UNKNOWN),
        ([(-3, "12"), (20, "4"), (60, "6")], Truth.NOT_MET, Truth.MET),
    ],
)
def test_clearance_by_day_40_and_rise(points: list[tuple[int, str | None]], clearance: Truth, rise: Truth) -> None:
    found = series(*points)
    assert (found.clearance, found.rise) == (clearance, rise)


def test_without_a_start_clearance_is_not_dated() -> None:
    found = series((0, "12"), (30, None), start=False)
    assert found.clearance is Truth.UNKNOWN
    assert "cannot be dated" in found.reason


def test_undated_and_failed_results_are_left_out_and_counted() -> None:
    found = advice(
        cancer={"tumour_type": "NSCLC"},
        ctdna=[{"gene": "ERBB2", "result": "failed", "date": "2026-01-01"}, {"gene": "ERBB2", "vaf_percent": "3"}],
    ).ctdna
    assert [(len(one.points), one.left_out) for one in found] == [(0, 2)]
    assert "No dated result" in ctdna_svg(found[0])


@given(
    st.lists(
        st.tuples(st.integers(-30, 300), st.none() | st.decimals("0.01", "80", places=2).map(str)),
        min_size=1,
        max_size=8,
    )
)
def test_the_picture_shows_every_point(points: list[tuple[int, str | None]]) -> None:
    found = series(*points)
    picture = ET.fromstring(ctdna_svg(found))
    circles = picture.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(points)
    for circle in circles:
        assert 0 <= float(circle.attrib["cx"]) <= 720
        assert 0 <= float(circle.attrib["cy"]) <= 300


def test_several_assays_are_named() -> None:
    found = advice(
        cancer={"tumour_type": "NSCLC"},
        ctdna=[
            {"gene": "ERBB2", "vaf_percent": "3", "date": "2026-01-01", "assay": "A"},
            {"gene": "ERBB2", "vaf_percent": "2", "date": "2026-02-01", "assay": "B"},
        ],
    ).ctdna
    assert found[0].assays == ("A", "B")
