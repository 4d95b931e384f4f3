"""The patient file: every key of the contract, one line for each mistake, round trips without loss."""

from datetime import date
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from her2nav.files.jsonfile import parse_record
from her2nav.files.validation import build
from her2nav.model.dates import PartialDate
from her2nav.model.errors import ValueProblem
from her2nav.model.patient import Patient, to_record


def read(text: str, name: str = "p.yaml") -> Patient:
    return build(Patient, parse_record(text, name))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spcimens: []", "line 1, key 'spcimens': unknown key 'spcimens'; did you mean 'specimens'?"),
        ("specimens: [{ihc: {score: 4+}}]", "IHC score '4+' does not exist; write 0, 1+, 2+, 3+"),
        ("specimens:\n - ish: {her2_cep17_ratio: -1}", "line 2, key 'specimens/0/ish/her2_cep17_ratio': '-1'"),
        ("specimens: [{ihc: {percent_cells: 0.3}}]", "is it a fraction? Write 30.0 for 30.0 %"),
        ("specimens: [{ihc: {percent_cells: 101}}]", "out of range (allowed: at most 100)"),
        ("specimens: [{ngs: {tumour_fraction: 40}}]", "out of range (allowed: at most 1)"),
        ("demographics: {birth_date: 2025-02-30}", "'2025-02-30' does not exist; 2025-02 has 28 days"),
        ("demographics: {birth_date: 03/04/1970}", "is not a date; write 2025, 2025-06 or 2025-06-03"),
        ("demographics: {sex: F}", "'F' is not allowed (allowed: male or female)"),
        ("cancer: {measurable_disease: maybe}", "is not yes or no"),
        ("performance: {ecog: 7}", "out of range (allowed: at most 5)"),
        ("biomarkers: {pd_l1: 5}", "names no scale"),
        ("biomarkers: {erbb2: mutated}", "stand under specimens"),
        ("biomarkers: {pdl1: {cps: 5}}", "unknown key 'pdl1'; did you mean 'pd_l1'?"),
        ("therapies: [{drugs: x, start: 2025, end: 2024}]", "the end 2024 lies before the start 2025"),
        ("therapies: [{drugs: x, ongoing: true, end: 2024}]", "has no end"),
        ("cardiac: {lvef_percent: 0.6}", "is it a fraction?"),
        ("cardiac: {lvef_date: 2025-01-01}", "need lvef_percent"),
        ("labs: [{name: anc, value: many}]", "'many' is not a number"),
        ("labs: [{name: anc, value: NaN}]", "is not a number"),
        ("just words", "holds no record"),
    ],
)
def test_mistake_gives_one_line(text, message):
    with pytest.raises(ValueProblem) as caught:
        read(text)
    line = str(caught.value)
    assert message in line
    assert line.startswith("p.yaml, line")
    assert "\n" not in line


def test_yaml_traps_do_not_change_values():
    patient = read("complete: {therapies: no}\nspecimens: [{ihc: {score: 0}}]\ncancer: {stage: IV}\n")
    assert patient.complete.therapies is False
    assert patient.specimens[0].ihc.score == ("0",)


def test_synonyms_and_ranges():
    patient = read("specimens: {ihc: {score: [1+, 3+], intensity: strong}}")
    assert patient.specimens[0].ihc.score == ("1+", "2+", "3+")
    assert patient.specimens[0].ihc.intensity == "intense"
    assert read('{"specimens": [{"ihc": {"score": 3}}]}', "p.json").specimens[0].ihc.score == ("3+",)


def test_numbers_keep_their_precision():
    patient = read("specimens: [{ish: {her2_cep17_ratio: 2.00, her2_copy_number: 3.9}}]")
    assert str(patient.specimens[0].ish.her2_cep17_ratio) == "2.00"
    assert patient.specimens[0].ish.her2_copy_number == Decimal("3.9")


def test_lvef_forms_are_the_same():
    flat = read("cardiac: {lvef_percent: 55, lvef_date: 2025-01-02, lvef_method: echo}")
    listed = read("cardiac: {lvef: [{percent: 55, date: 2025-01-02, method: echo}]}")
    assert flat == listed


def test_empty_and_absent_lists_differ_only_where_they_mean_different_things():
    assert read("cancer: {metastatic_sites: []}").cancer.metastatic_sites == ()
    assert read("cancer: {}").cancer.metastatic_sites is None


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_examples_round_trip(root, suffix):
    import json

    paths = sorted((root / "examples").glob("*.yaml"))
    assert len(paths) >= 9
    for path in paths:
        patient = read(path.read_text(), path.name)
        data = to_record(patient)
        text = yaml.safe_dump(data) if suffix == "yaml" else json.dumps(data)
        assert read(text, f"p.{suffix}") == patient


def test_gold_patients_round_trip(shared):
    paths = sorted((shared / "data/gold/patients").glob("*.yaml"))
    assert len(paths) == 6
    for path in paths:
        patient = read(path.read_text(), path.name)
        assert read(yaml.safe_dump(to_record(patient)), "again.yaml") == patient


def test_every_key_of_the_contract_is_read(shared):
    """The example in the contract is itself a patient file."""
    text = (shared / "contracts/patient.md").read_text()
    block = text.split("```yaml")[1].split("```")[0]
    block = block.replace("status: active | resolved | carrier", "status: active")
    patient = read(block, "contract.yaml")
    assert patient.cancer.cns.lesions == 3
    assert patient.biomarkers.genes["egfr"].status == "not_tested"
    assert read(yaml.safe_dump(to_record(patient)), "again.yaml") == patient


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_partial_dates_hold_the_day_they_abbreviate(day):
    for text in (f"{day.year}", f"{day:%Y-%m}", day.isoformat()):
        partial = PartialDate.parse(text)
        assert partial.low <= day <= partial.high
        assert PartialDate.parse(str(partial)) == partial
