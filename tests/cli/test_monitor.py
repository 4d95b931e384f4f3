"""`her2nav monitor` as a person calls it."""

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout

import jsonschema
import pytest

from her2nav.app.schemas import json_schema
from her2nav.cli import main
from her2nav.knowledge.load import load_knowledge

LUNG = "New cough, breathlessness or fever: call your cancer team now, day or night"
RECORD = """
id: odd
as_of: 2026-11-20
demographics: {age: 71, sex: female, menopausal_status: premenopausal, location: {country: DE}}
cancer: {tumour_type: breast, setting: metastatic}
therapies: [{drugs: [{name: T-DXd, dose: 6.4, unit: mg/kg}], setting: metastatic, start: 2026-05-01, ongoing: true}]
cardiac: {nyha: none, lvef: [{percent: 60, date: 2026-04-20}, {percent: 44, date: 2026-11-10}]}
lung: {ild_history: current, grade: 2}
medications: [amiodarone, weirdpill]
"""


def run(*arguments, stdin=""):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", "monitor", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "patient.yaml"
    path.write_text(RECORD)
    return path


DRUGS = ["Enhertu", "T-DM1", "Phesgo", "tucatinib + trastuzumab + capecitabine", "zongertinib", "zanidatamab"]


@pytest.mark.parametrize("drug", DRUGS)
def test_json_fits_its_schema(root, drug):
    schema = json_schema("monitor")
    jsonschema.Draft202012Validator.check_schema(schema)
    for name in ("breast-positive", "gastric-positive", "lung-mutated", "sparse"):
        code, out, err = run(root / "examples" / f"{name}.yaml", "--drug", drug, "--format", "json")
        assert code == 0, err
        answer = json.loads(out)
        jsonschema.validate(answer, schema)
        assert set(answer["versions"]) == {"her2nav", "knowledge", "reader", "snapshot"}


def test_boxed_warnings_come_first_then_holds_with_values_and_dates(record):
    code, out, _ = run(record, "--drug", "Enhertu")
    text = " ".join(out.split())
    assert code == 0
    assert text.index("Boxed warnings") < text.index("Contraindications (EU)") < text.index("Hold and stop rules")
    assert "STOP · ILD or pneumonitis on T-DXd" in text
    assert "HOLD · LVEF on T-DXd" in text
    assert "LVEF now 44 % (2026-11-10); LVEF before the first dose 60 % (2026-04-20)" in text
    assert "amiodarone with trastuzumab deruxtecan" in text
    assert "weirdpill: not a name that is known" in text
    assert "on record 6.4 mg/kg: not one of these levels" in text
    assert "find out: platelet count" in text


@pytest.mark.parametrize("drug", [*DRUGS, "lapatinib", "neratinib", "sevabertinib", "margetuximab", "pembrolizumab"])
def test_plain_words(record, drug):
    code, out, _ = run(record, "--drug", drug, "--plain")
    assert code == 0
    text = " ".join(out.split())
    words = load_knowledge().words
    found = [
        word
        for word in (*words.banned_plain, "hold", "stop", "continue", "interrupt", "LVEF", "mg")
        if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    ]
    assert found == []
    assert words.safety_lines["not_only_marker"].plain in text


@pytest.mark.parametrize(
    "drug", ["Enhertu", "T-DM1", "Herceptin", "Phesgo", "zongertinib", "sevabertinib", "lapatinib"]
)
def test_drugs_with_lung_risk_always_say_whom_to_call(record, root, drug):
    for path in (record, root / "examples" / "sparse.yaml"):
        _, out, _ = run(path, "--drug", drug, "--plain")
        assert LUNG in " ".join(out.split())


def test_the_patient_reads_tell_your_team_today(record):
    _, out, _ = run(record, "--drug", "Enhertu", "--plain")
    text = " ".join(out.split())
    assert "Your record shows something about your lungs: tell your team today." in text
    assert "Your record shows something about your heart (2026-11-10): tell your team today." in text


def test_an_unverified_hold_is_a_possible_hold(record):
    _, out, _ = run(record, "--drug", "zongertinib")
    text = " ".join(out.split())
    assert "possible hold: check the label · ILD on zongertinib UNVERIFIED:" in text
    assert not re.search(r"\b(HOLD|STOP)\b", text)


def test_calendar_file_is_neutral_unless_asked(record, tmp_path):
    path = tmp_path / "dates.ics"
    code, out, _ = run(record, "--drug", "Enhertu", "--ics", path)
    assert code == 0
    assert "dates written to" in out
    text = path.read_bytes().decode()
    assert "\r\nSUMMARY:Appointment\r\n" in text
    assert set(re.findall(r"SUMMARY:(.*)\r", text)) == {"Appointment"}
    assert not re.search("heart|scan|cancer|HER2|deruxtecan|odd", text.replace("her2nav", ""), re.IGNORECASE)
    days = re.findall(r"DTSTART;VALUE=DATE:(\d+)", text)
    assert days == sorted(set(days))
    assert days[0] >= "20261120"
    run(record, "--drug", "Enhertu", "--ics", path, "--titles", "full")
    assert "Heart scan" in path.read_text()


def test_unverified_dates_stay_out_of_the_calendar_file(root, tmp_path):
    path = tmp_path / "dates.ics"
    patient = root / "examples" / "lung-mutated.yaml"
    options = ("--drug", "zongertinib", "--start", "2026-01-26")
    _, out, _ = run(patient, *options, "--ics", path, "--titles", "full", "--plain")
    assert "Heart scan: ask your team how often" in out
    assert "Liver blood test" in path.read_text()
    assert "Heart scan" not in path.read_text()
    answer = json.loads(run(patient, *options, "--format", "json")[1])
    assert any(event["item"] == "lvef" for event in answer["events"])


def test_no_first_dose_no_dates(root, tmp_path):
    path = tmp_path / "dates.ics"
    _, out, _ = run(root / "examples" / "sparse.yaml", "--drug", "Enhertu", "--ics", path)
    assert "0 dates written" in out
    assert "--start" in out
    assert "VEVENT" not in path.read_text()


def test_on_an_earlier_day(record):
    _, out, _ = run(record, "--drug", "Enhertu", "--as-of", "2026-06-01", "--format", "json")
    answer = json.loads(out)
    found = next(rule for rule in answer["rules"] if rule["rule"] == "tdxd_lvef")
    assert found["code"] == "UNKNOWN_LVEF"


def test_a_drug_nobody_holds_facts_for(record):
    code, out, _ = run(record, "--drug", "pyrotinib")
    assert code == 0
    assert "No safety facts are held for pyrotinib" in out
    _, out, _ = run(record, "--drug", "pyrotinib", "--plain")
    assert "Ask your team" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--drug", "enhetru"], "the drug 'enhetru' is not known"),
        (["--drug", "Enhertu", "--start", "soon"], "--start"),
        (["--drug", "Enhertu", "--country", "Narnia"], "the country 'Narnia' is not known"),
        (["--drug", "Enhertu", "--months", "0"], "--months"),
        (["--drug", "Enhertu", "--lvef-lln", "abc"], "--lvef-lln"),
        (["--drug", "Enhertu", "--lvef-lln", "NaN"], "--lvef-lln"),
        (["--drug", "Enhertu", "--lvef-lln", "150"], "--lvef-lln"),
        (["--drug", "Enhertu", "--ics", "/nowhere/at/all.ics"], "cannot be written"),
        ([], "--drug"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(record, options, message):
    code, out, err = run(record, *options)
    assert (code, out) == (2, "")
    assert err.strip().splitlines()[-1].count(message) == 1
    assert "Traceback" not in err


def test_radiotherapy_of_the_chest_is_a_reminder_and_no_alarm(tmp_path):
    path = tmp_path / "patient.yaml"
    path.write_text(
        "as_of: 2026-11-20\ncancer: {tumour_type: breast, setting: metastatic}\n"
        "procedures: [{kind: radiotherapy, site: breast, date: 2017-06-20}]\n"
    )
    text = " ".join(run(path, "--drug", "enhertu", "--plain")[1].split())
    assert "You had radiation to the chest. Remind your team" in text
    assert "something about your lungs" not in text
