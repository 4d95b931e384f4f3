"""`her2nav evidence` as a person calls it."""

import csv
import io
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from contextlib import redirect_stderr, redirect_stdout

import jsonschema
import pytest

from cli.page_faults import page_faults
from her2nav.app.schemas import json_schema
from her2nav.cli import main
from her2nav.evidence import extra
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError


def run(*arguments):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", "evidence", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


def flat(text):
    return " ".join(text.split())


TABLES = ("results", "intracranial", "figures", "assays", "reviews", "drugs")


@pytest.mark.parametrize("arguments", [*(("--table", table) for table in TABLES), ("--all",), ("--conflicts",)])
def test_json_fits_its_schema(arguments):
    schema = json_schema("evidence")
    jsonschema.Draft202012Validator.check_schema(schema)
    code, out, err = run(*arguments, "--format", "json")
    assert (code, err) == (0, "")
    jsonschema.validate(json.loads(out), schema)


def test_a_table_by_tumour_with_sources_warnings_and_conflicts():
    code, out, err = run("--tumour", "colorectal")
    assert (code, err) == (0, "")
    text = flat(out)
    assert "MOUNTAINEER" in text
    assert "DESTINY-Lung" not in out.partition("Where the sources disagree")[0]
    assert "side by side is not a comparison" in text
    assert "D01 Size of the MOUNTAINEER combination arm · high" in text
    assert "- 84 [seed_004, line 107; seed_003, line 23]" in text
    assert "- 86 [seed_004, line 204]" in text
    assert "used: 84 for the response rate" in text
    assert "Pooled response rate" not in text


def test_weeks_are_shown_as_months_beside_what_is_printed():
    code, out, _ = run("--study", "tapur", "--format", "json")
    assert code == 0
    (study,) = json.loads(out)["studies"]
    pfs = next(one for one in study["arms"][0]["results"] if one["measure"] == "pfs")
    assert (pfs["value"], pfs["unit"], pfs["months"]) == ("17.2", "weeks", "4.0")
    assert "17.2 weeks" in run("--study", "TAPUR")[1]


def test_filters_narrow():
    def names(*arguments):
        code, out, _ = run(*arguments, "--format", "json")
        assert code == 0
        return {study["study"] for study in json.loads(out)["studies"]}

    everything, crc = names(), names("--tumour", "bowel cancer")
    adc = names("--tumour", "colorectal", "--drug-class", "anti_her2_adc")
    assert adc < crc < everything
    assert adc >= {"destiny_crc01", "destiny_crc02", "heracles_b", "shr_a1811_crc"}
    assert "mypathway" not in adc
    first = names("--tumour", "lung", "--setting", "first-line")
    assert {"zenith20_c4", "saalfeld", "pyrotinib_78"} <= first
    assert "zenith20" not in first
    assert names("--study", "NCT04886804") == {"beamion_lung1"}
    assert "drup" in names("--tumour", "colorectal", "--all") - crc


def test_an_arm_of_another_setting_is_not_shown():
    _, out, _ = run("--study", "pyrotinib_inetetamab", "--format", "json")
    whole = json.loads(out)["studies"][0]["arms"]
    _, out, _ = run("--tumour", "lung", "--setting", "first_line", "--format", "json")
    (study,) = [one for one in json.loads(out)["studies"] if one["study"] == "pyrotinib_inetetamab"]
    shown = {arm["arm"] for arm in study["arms"]}
    assert "dose_320_later" in {arm["arm"] for arm in whole}
    assert "dose_320_later" not in shown
    assert "dose_320_first" in shown


def test_a_status_has_its_day_and_age():
    _, out, _ = run("--study", "drup")
    assert re.search(r"status: Recruiting \(on 2024-11-18, \d+ days ago: ask the registry\)", flat(out))


def test_csv_has_one_result_in_a_row():
    code, out, _ = run("--tumour", "colorectal", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    (one,) = [row for row in rows if (row["study"], row["arm"], row["measure"]) == ("destiny_crc01", "cohort_a", "orr")]
    assert (one["value"], one["low"], one["high"], one["n"], one["dose"]) == (
        "45.3",
        "31.6",
        "59.6",
        "53",
        "6.4 mg/kg every 3 weeks",
    )
    assert "line 101" in one["source"]
    conflicts = list(csv.DictReader(io.StringIO(run("--conflicts", "--format", "csv")[1])))
    assert len(conflicts) == 146
    assert all(row["claims"].count("[") >= 2 for row in conflicts)


def test_conflicts_by_tumour_and_in_plain_words():
    code, out, _ = run("--conflicts", "--tumour", "colorectal", "--format", "json")
    assert code == 0
    found = json.loads(out)["conflicts"]
    ids = {one["conflict"] for one in found}
    assert {"D01", "D04", "A15", "C24"} <= ids
    assert not {"D27", "C01"} & ids
    plain = flat(run("--conflicts", "--tumour", "colorectal", "--plain")[1])
    for one in found:
        assert (one["plain"] is None) == (not one["changes_answer"])
        if one["plain"]:
            assert one["plain"] in plain
        assert one["used"] not in plain or len(one["used"]) < 12
    assert "seed_" not in plain


def test_conflicts_of_one_study():
    _, out, _ = run("--conflicts", "--study", "TAPUR", "--format", "json")
    assert [one["conflict"] for one in json.loads(out)["conflicts"]] == ["D07", "C07"]


def test_an_unverified_choice_says_so():
    text = flat(run("--conflicts", "--tumour", "lung")[1])
    assert re.search(r"C12 A TROP2 conjugate.*?used: TROP2; it is no HER2 therapy \(unverified\)", text)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("intracranial", ("TUXEDO-1", "63.8 %", "DEBBRAH")),
        ("figures", ("6–8 %", "37 of 99", "Prevalence", "Prognosis", "~2.84 times", "[B02]")),
        ("assays", ("FISH", "A09")),
        ("reviews", ("PubMed, Scopus, Web of Science", "2013-01 to 2023-12")),
        ("drugs", ("pyrotinib", "Under Research", "E01")),
    ],
)
def test_the_other_tables(table, words):
    code, out, err = run("--table", table)
    assert (code, err) == (0, "")
    for word in words:
        assert word in flat(out), word


def test_figures_of_one_tumour():
    _, out, _ = run("--table", "figures", "--tumour", "breast", "--format", "json")
    answer = json.loads(out)
    assert answer["figures"]
    assert all("breast" in one["tumours"] for one in answer["figures"])
    assert {"B05"} <= {one["conflict"] for one in answer["conflicts"]}
    assert "B01" not in {one["conflict"] for one in answer["conflicts"]}


def test_intervals_are_compared():
    pytest.importorskip("statsmodels")
    text = flat(run("--study", "heracles_b", "--intervals")[1])
    assert "orr: 9.7 % (0–28), 3/31; exact 2.0–25.8, Wilson 3.3–24.9: PRINTED DIFFERS" in text


def test_pooling_is_asked_for_and_says_its_caveat():
    pytest.importorskip("statsmodels")
    arguments = ("--tumour", "lung", "--drug-class", "T-DXd", "--format", "json")
    assert json.loads(run(*arguments)[1])["pooled"] == []
    (one,) = json.loads(run(*arguments, "--pool")[1])["pooled"]
    assert one["dose"] == "6.4 mg/kg every 3 weeks"
    assert len(one["arms"]) == 3
    assert one["low"] < one["share"] < one["high"]
    assert "not designed to be compared" in one["caveat"]
    nothing = json.loads(run("--tumour", "colorectal", "--pool", "--format", "json")[1])
    assert nothing["pooled"] == []
    assert any("MyPathway" in left["trials"] for left in nothing["not_pooled"])


def test_a_forest_plot_holds_its_words_and_is_the_same_twice(tmp_path):
    pytest.importorskip("statsmodels")
    first, again = tmp_path / "one.svg", tmp_path / "two.svg"
    for path in (first, again):
        code, _, err = run("--tumour", "lung", "--drug-class", "T-DXd", "--pool", "--plot", path)
        assert code == 0
        assert "6 groups of patients drawn" in err
    assert first.read_bytes() == again.read_bytes()
    words = " ".join("".join(node.itertext()) for node in ElementTree.parse(first).iter() if node.tag.endswith("text"))
    for part in ("DESTINY-Lung01: mutated", "50/91", "Pooled", "I² =", "not designed to be compared", "side by side"):
        assert part in words, part
    plain = tmp_path / "three.svg"
    run("--tumour", "lung", "--drug-class", "T-DXd", "--plot", plain)
    assert "Nothing is pooled in this picture" in plain.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tumour", "colorektal"), "no tumour type is called"),
        (("--drug-class", "zzzz"), "no drug or class is called"),
        (("--setting", "soon"), "no setting is called"),
        (("--study", "zzzz"), "no study is called"),
        (("--plain",), "no plain form"),
        (("--conflicts", "--pool"), "--pool: it has no meaning with --conflicts"),
        (("--conflicts", "--table", "figures"), "--table"),
        (("--conflicts", "--study", "zzzz"), "no study is called"),
        (("--plot", "picture.png"), ".svg"),
        (("--tumour", "melanoma", "--plot", "picture.svg"), "nothing to draw"),
        (("--study", "tapur", "--plot", "/nowhere/at/all/picture.svg"), "cannot be written"),
        (("--table", "chairs"), "chairs"),
    ],
)
def test_a_slip_is_one_line_and_exit_2(arguments, message):
    code, _, err = run(*arguments)
    assert code == 2
    assert message in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [("--pool", "--tumour", "lung"), ("--pool", "--tumour", "lung", "--drug-class", "T-DXd", "--plot", "p.svg")],
)
def test_without_the_extra_it_says_what_to_install(arguments, monkeypatch):
    def absent(module, what):
        raise InputError(f"{what} needs {module}", allowed="pip install 'her2nav[evidence]'", code="missing_extra")

    monkeypatch.setattr("her2nav.evidence.pooling.need", absent)
    code, _, err = run(*arguments)
    assert code == 2
    assert f"her2nav[{extra.EXTRA}]" in err


def test_a_tumour_without_studies_says_so():
    code, out, _ = run("--tumour", "melanoma")
    assert code == 0
    assert "No study is held for this." in out


def test_no_table_needs_the_extra(monkeypatch):
    def absent(module, what):
        raise AssertionError(f"{what} asked for {module}")

    monkeypatch.setattr("her2nav.evidence.pooling.need", absent)
    for table in TABLES:
        assert run("--table", table)[0] == 0


def test_the_sources_named_are_known():
    known = load_knowledge().sources
    for one in json.loads(run("--all", "--format", "json")[1])["studies"]:
        assert all(part.split(",")[0] in known for part in one["source"].split("; ")), one["source"]


def test_a_page_holds_tables_plot_cautions_and_conflicts(tmp_path):
    file = tmp_path / "evidence.html"
    code, _, err = run("--tumour", "colorectal", "--html", file)
    assert code == 0
    assert "page written" in err
    page = file.read_text(encoding="utf-8")
    assert page_faults(page) == []
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page) == [
        "Before you compare",
        "Results",
        "Forest plot of response rates",
        "Where the sources disagree",
        "Sources",
    ]
    assert page.count("MOUNTAINEER") > 2
    assert "Size of the MOUNTAINEER combination arm (high)" in page
    assert "This page holds nothing about a patient" in page


def test_a_page_of_figures_and_one_of_nothing(tmp_path):
    file = tmp_path / "evidence.html"
    run("--table", "figures", "--tumour", "gastric", "--html", file)
    page = file.read_text(encoding="utf-8")
    assert page_faults(page) == []
    assert "15 to 22 %" in page
    run("--tumour", "merkel_cell", "--html", file)
    assert "Nothing is held for this question" in file.read_text(encoding="utf-8")
