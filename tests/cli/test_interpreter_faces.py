"""The faces of the interpreter: variant, tables and audits, the comment, the self-test, the generated docs."""

import csv
import importlib.util
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import date

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.audit import wilson
from her2nav.app.batch import Batch, row_values
from her2nav.app.interpret import typed_in
from her2nav.app.schemas import json_schema
from her2nav.app.selftest import selftest
from her2nav.app.session import Session
from her2nav.cli import main
from her2nav.knowledge.bundle import DATA, Bundle
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.model.errors import FileError

TODAY = date(2026, 11, 20)


def run(*arguments, stdin=""):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


def answer(*arguments, shape, stdin=""):
    """Return the JSON of a command that succeeds, held against its schema."""
    code, out, err = run(*arguments, "--format", "json", stdin=stdin)
    assert code == 0, err
    data = json.loads(out)
    jsonschema.validate(data, json_schema(shape))
    return data


# --- variant ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hgvs_p", "exon", "domain", "kind", "words"),
    [
        ("ERBB2 A775_G776insYVMA", "p.(Tyr772_Ala775dup)", 20, "TKD", "driver", "TKD-activating, exon 20 insertion"),
        ("YVMA", "p.(Tyr772_Ala775dup)", 20, "TKD", "driver", "TKD-activating, exon 20 insertion"),
        ("G776>VC", "p.(Gly776delinsValCys)", 20, "TKD", "driver", "TKD-activating, exon 20 insertion"),
        ("p.S310F", "p.(Ser310Phe)", 8, "ECD", "driver", "activating, ECD"),
        ("c.2264T>C", "p.(Leu755Ser)", 19, "TKD", "driver", "TKD-activating, also a resistance mutation"),
        ("I655V", "p.(Ile655Val)", 17, "TMD", "polymorphism", "benign polymorphism"),
    ],
)
def test_variant_gives_name_place_and_class(written, hgvs_p, exon, domain, kind, words):
    data = answer("variant", written, shape="variant")
    found = (data["hgvs_p"], data["exon"], data["domain"], data["class"], data["class_words"])
    assert found == (hgvs_p, exon, domain, kind, words)
    assert {"input", "hgvs_p", "hgvs_c", "exon", "domain", "class", "actionability", "warnings"} <= set(data)
    assert all(item["source"] and item["confidence"] for item in data["actionability"])


@pytest.mark.parametrize(
    ("written", "meant"), [("V841I", "V842I"), ("S280F", "S310F"), ("G778_P780insGSP", "G778_P780dup")]
)
def test_a_wrong_name_is_answered_with_what_was_perhaps_meant(written, meant):
    data = answer("variant", written, shape="variant")
    assert data["needs_confirmation"]
    assert meant in [item["suggestion"] for item in data["warnings"]]
    code, out, _ = run("variant", written)
    assert code == 0
    assert meant in out
    assert "NOT FINAL" in out


@pytest.mark.parametrize(
    "words", [["S310F", "L755S"], ["S310F, L755S"], ["S310F and L755S"], ["ERBB2 S310F", "ERBB2 L755S"]]
)
def test_several_names(words):
    data = answer("variant", *words, shape="variant")
    assert [item["short"] for item in data["variants"]] == ["S310F", "L755S"]
    assert "hgvs_p" not in data


def test_words_of_one_name_may_stand_apart():
    assert answer("variant", "HER2", "exon", "20", "insertion", shape="variant")["exon20_insertion"] == "met"


def test_nothing_to_read_and_a_wrong_tumour_are_mistakes():
    for words in ([""], ["  ", ""]):
        code, out, err = run("variant", *words)
        assert (code, out, err.count("\n")) == (2, "", 1)
    code, _, err = run("variant", "S310F", "--tumour", "lugn")
    assert code == 2
    assert "unknown tumour type" in err
    assert run("variant")[0] == 2


def test_drugs_of_one_tumour_type():
    every = answer("variant", "V777L", shape="variant")
    lung = answer("variant", "V777L", "--tumour", "NSCLC", shape="variant")
    assert len(every["actionability"]) == len(lung["actionability"])
    assert all(item["applies"] for item in every["actionability"])
    shown = [item for item in lung["actionability"] if item["applies"]]
    assert shown
    assert {item["tumour"] for item in shown} <= {"nsclc", "lung", "solid_tumour"}
    named = [item["drug"] for item in shown if item["tumour"] != "solid_tumour"]
    assert not set(named) & {item["drug"] for item in shown if item["tumour"] == "solid_tumour"}


def test_an_unverified_fact_is_marked():
    data = answer("variant", "H878Y", shape="variant")
    weak = [item for item in data["actionability"] if item["unverified"]]
    assert weak
    assert {item["confidence"] for item in weak} <= {"K?", "UNV"}
    assert "unverified" in run("variant", "H878Y")[1]


def test_interpretation_says_the_class_of_a_variant():
    data = answer("interpret", "--tumour", "NSCLC", "--variant", "p.A775_G776insYVMA", shape="interpret")
    assert [one["classification"] for one in data["mutation"]["variants"]] == ["TKD-activating, exon 20 insertion"]
    assert "TKD-activating" in run("interpret", "--tumour", "NSCLC", "--variant", "ERBB2 p.L755S")[1]


# --- tables ----------------------------------------------------------------------------------------------------------

TABLE = """id,tumour,ihc,ratio,copies,ish,percent,specimen,collected,her2_reported
a,breast,2+,1.9,5.2,,40,biopsy,2025-06-03,negative
b,breast,0,,,,,biopsy,2025-06-03,
c,brest,3+,,,,,,,
d,gastric,2+,,,amplified,,core biopsy,2025,HER2-positive
e,gastric,4+,,,,,,,
f,breast,3+,-1,2,,,,,
g,breast,3+
h,breast,1+,,,,0.4,,,
"i,breast,1+,,,,,,,
j,breast,1+ to 2+,,,,,,,
k,breast,ultralow,,,,,,2030-01-01,
l,melanoma,3+,,,,,,,
"""
BAD = {4: "breast", 6: "4+", 7: "ratio", 8: "3 cells", 9: "fraction", 10: "quotation mark", 12: "2030-01-01"}


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(TABLE)
    return path


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_every_row_of_a_table_has_its_answer(table, tmp_path):
    out = tmp_path / "result.csv"
    code, told, err = run("interpret", "--csv", table, "--out", out)
    assert code == 0
    assert told.startswith("12 rows, 5 interpreted, 7 not read")
    rows = rows_of(out.read_text())
    assert [int(row["line"]) for row in rows] == list(range(2, 14))
    for row in rows:
        line = int(row["line"])
        if line in BAD:
            assert BAD[line] in row["error"]
            assert row["status"] == ""
            assert f"line {line}: " in err
        else:
            assert row["error"] == ""
            assert row["status"]
    assert err.count("\n") == len(BAD)
    assert rows[0]["outcome"] == "negative_if_recount_confirms"
    assert (rows[0]["final"], rows[0]["ish_group"]) == ("no", "4")
    assert rows[2]["tumour"] == "brest"
    assert rows[3]["status"] == "positive"


def test_a_row_is_answered_as_the_same_values_typed_in(table):
    rows = answer("interpret", "--csv", table, shape="batch")["rows"]
    one = answer(
        *("interpret", "--tumour", "breast", "--ihc", "2+", "--ratio", "1.9", "--copies", "5.2", "--percent", "40"),
        *("--specimen", "biopsy", "--collected", "2025-06-03"),
        shape="interpret",
    )["specimens"][0]
    assert rows[0]["status"] == one["status"]
    assert rows[0]["rule"] == one["rule"]
    assert rows[0]["final"] is one["final"] is False
    assert set(one["flags"]) <= set(rows[0]["flags"])


@given(
    st.sampled_from(
        ["breast", "GEJ", "colorectal", "NSCLC", "endometrial serous carcinoma", "salivary duct carcinoma"]
    ),
    st.sampled_from(["", "0", "1+", "2+", "3+", "1+..2+"]),
    st.one_of(st.none(), st.decimals(0, 12, places=2)),
    st.one_of(st.none(), st.decimals(0, 20, places=2)),
    st.sampled_from(["", "positive", "negative", "failed"]),
    st.sampled_from(["", "2017-01-01", "2025-06"]),
)
def test_the_fast_way_of_a_table_gives_the_answer_of_a_patient_file(tumour, ihc, ratio, copies, ish, collected):
    session = Session(today=lambda: TODAY)
    shown = ["" if value is None else str(value) for value in (ratio, copies)]
    with pytest.MonkeyPatch.context() as patch:
        text = f"tumour,ihc,ratio,copies,ish,collected\n{tumour},{ihc},{shown[0]},{shown[1]},{ish},{collected}\n"
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        values = row_values(next(Batch(session, "-", None, None).rows()))
    numbers = {"her2_cep17_ratio": shown[0] or None, "her2_copy_number": shown[1] or None}
    method = "dual_probe" if any(numbers.values()) else None
    typed = {
        "tumour_type": tumour,
        "collected": collected or None,
        "ihc": {"score": ihc.split("..") if ihc else None},
        "ish": {**numbers, "method": method, "result": ish or None},
    }
    one = session.case(typed_in(session, typed, None)).her2.specimens[0]
    assert values["error"] == ""
    assert (values["status"], values["expression"]) == (one.status.value, one.expression.value)
    assert values["final"] == ("yes" if one.status.final else "no")
    assert values["rule"] == ", ".join(ref.id for ref in one.status.rules)
    assert values["says"] == " ".join(sentence.clinical for sentence in one.sentences)


@pytest.mark.parametrize("tumour", ["breast", "gastric"])
def test_rows_that_differ_by_their_date_only_are_told_apart_where_it_matters(tumour):
    """A row whose answer is taken from an earlier one has the very answer that it has alone."""
    session = Session(today=lambda: TODAY)
    dates = [
        "",
        "2017-03-01",
        "2018",
        "2018-05-31",
        "2018-06-01",
        "2025-01-01",
        "2024-02",
        "2031-01-01",
        "soon",
        "2018",
    ]
    for cells in ("2+,,positive", "3+,,positive", "0,,", "2+,1.95,"):
        header = "tumour,ihc,ratio,ish,collected"
        lines = [header, *(f"{tumour},{cells},{day}" for day in dates)]
        together = [row_values(row) for row in _batch(session, lines).rows()]
        alone = [row_values(next(_batch(session, [header, line]).rows())) for line in lines[1:]]
        for one, other in zip(together, alone, strict=True):
            assert {**one, "line": ""} == {**other, "line": ""}
        assert sum(bool(one["error"]) for one in together) == 2


def _batch(session, lines):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))
        return Batch(session, "-", None, None)


def test_semicolons_decimal_commas_and_other_names():
    text = "Case;Tumor Type;HER2 IHC;HER2/CEP17;remark\n1;breast;2+;2,4;x\n"
    code, out, err = run("interpret", "--csv", "-", stdin=text)
    assert code == 0
    row = rows_of(out)[0]
    assert row["id"] == "1"
    assert "ratio 2.4" in row["says"]
    assert "'remark' is not read" in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,tumour,ihc,rato\n1,breast,2+,2.4\n", "did you mean 'ratio'?"),
        ("id,ihc\n1,2+\n", "tumour type is needed"),
        ("a,b\n1,2\n", "no column is known"),
        ("tumour,ihc,ihc_score\nbreast,2+,1+\n", "stands twice"),
        ("tumour,ihc\n", "no rows"),
        ("tumour,ihc\nbrest,2+\n", "not one row"),
    ],
)
def test_a_table_that_cannot_be_used(text, message):
    code, _, err = run("interpret", "--csv", "-", stdin=text)
    assert code == 2
    assert message in err.splitlines()[-1]


def test_one_tumour_for_all_rows():
    code, out, _ = run("interpret", "--csv", "-", "--tumour", "gastric", stdin="id,ihc\n1,3+\n")
    assert code == 0
    assert rows_of(out)[0]["rule"] == "GA13"


def test_rows_with_the_same_fault_are_told_three_times_and_then_counted():
    rows = "".join(f"{number},glioma of nowhere,3+\n" for number in range(7))
    code, _, err = run("interpret", "--csv", "-", stdin=f"id,tumour,ihc\n{rows}8,breast,3+\n")
    told = [line for line in err.splitlines() if "glioma of nowhere" in line]
    assert code == 0
    assert ["line 2" in told[0], "line 3" in told[1], "line 4" in told[2]] == [True] * 3
    assert len(told) == 4
    assert "4 more rows with the same fault" in told[3]


def test_a_result_is_written_whole_or_not_at_all(table, tmp_path):
    assert run("interpret", "--csv", table, "--out", tmp_path / "absent" / "x.csv")[0] == 2
    assert run("interpret", "--csv", table, "--out", tmp_path)[0] == 2
    from her2nav.files.writing import write_whole

    kept = tmp_path / "kept.csv"
    kept.write_text("before")

    def parts():
        yield "half"
        raise FileError("the disk is full")

    with pytest.raises(FileError):
        write_whole(kept, parts())
    assert kept.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.csv", "kept.csv"]


def test_wrong_use_of_the_options(table):
    for words in (
        ["--csv", table, "--ihc", "2+"],
        ["--csv", table, "--comment"],
        ["--audit"],
        ["--tumour", "breast", "--out", "x"],
        ["examples/breast-low.yaml", "--ihc", "2+"],
    ):
        assert run("interpret", *words)[0] == 2


# --- audit -----------------------------------------------------------------------------------------------------------

EXPORT = """id,tumour,ihc,zero,ratio,copies,her2_reported
1,breast,0,,,,negative
2,breast,0,faint_le10,,,
3,breast,1+,,,,
4,breast,2+,,,,positive
5,breast,2+,,1.2,2.4,
6,breast,3+,,1.2,2.4,positive
7,breast,3+,,,,negative
8,breast,3+,,1.95,3.95,
9,breast,nonsense,,,,
10,gastric,3+,,,,
"""


def test_wilson_interval():
    # Wilson 1927; the example of Agresti and Coull 1998: 0 of 10 gives 0 to 27.8 %.
    assert [round(end, 1) for end in wilson(0, 10)] == [0.0, 27.8]
    assert [round(end, 1) for end in wilson(10, 10)] == [72.2, 100.0]
    assert [round(end, 2) for end in wilson(81, 263)] == [25.53, 36.62]


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share(pair):
    low, high = wilson(*pair)
    assert 0 <= low <= 100 * pair[0] / pair[1] <= high <= 100
    assert low < high


def test_audit_counts(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT)
    data = answer("interpret", "--csv", path, "--audit", shape="audit")
    assert (data["rows"], data["read"]) == (10, 9)
    assert [item["line"] for item in data["errors"]] == [10]
    breast = data["tumours"][0]
    assert {item["id"]: item["count"] for item in breast["ihc_mix"]} == {
        "ihc_0": 2,
        "ihc_1+": 1,
        "ihc_2+": 2,
        "ihc_3+": 3,
    }
    shares = {item["id"]: (item["count"], item["total"]) for item in breast["shares"]}
    assert shares["ihc2_without_ish"] == (1, 2)
    assert shares["zero_without_subscore"] == (1, 2)
    assert shares["ihc3_ish_negative"] == (2, 2)
    assert shares["near_cutoff"] == (1, 3)
    assert shares["word_differs"][0] == len(breast["word_differs"]) == 2
    assert [item["line"] for item in breast["word_differs"]] == [5, 8]
    assert [item["line"] for item in breast["discordant"]] == [7, 9]
    lacking = {item["id"]: (item["count"], item["total"]) for item in breast["lacking"]}
    assert lacking["antibody"] == (8, 8)
    assert lacking["zero_subtype"] == (1, 2)
    assert lacking["ish_for_2"] == (1, 2)
    assert all(item["source"] and item["locator"] for item in breast["published"])


def test_audit_never_judges(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT)
    code, out, _ = run("interpret", "--csv", path, "--audit")
    assert code == 0
    assert "no pass mark" in " ".join(out.split())
    assert "unverified" in out
    words = set(out.lower().replace(",", " ").replace(";", " ").split())
    assert not words & {"passed", "failed", "acceptable", "unacceptable", "compliant", "ok"}


def test_every_fact_of_an_audit_has_a_known_source_and_its_own_share():
    from her2nav.app.audit import SHARES, ExpectationFile
    from her2nav.app.required import FILE, RequiredFile

    knowledge = load_knowledge()
    published = knowledge.record("audit/expectations.yaml", ExpectationFile)
    folders = {name.split("/")[1] for name in knowledge.bundle.folder("guidelines/")}
    facts = [*published.expectations, *published.remarks, *knowledge.record(FILE, RequiredFile).items]
    for fact in facts:
        assert fact.source in knowledge.sources
        assert set(fact.folders) <= folders
    known = {*SHARES, "none", *(f"status_{word}" for word in ("positive", "negative"))}
    assert {one.measure for one in published.expectations} <= known


# --- comment ---------------------------------------------------------------------------------------------------------


def test_comment_says_result_edition_gaps_and_next_step():
    values = ["--tumour", "breast", "--ihc", "2+", "--ratio", "1.8", "--copies", "5.0"]
    data = answer("interpret", *values, "--comment", shape="comment")
    assert data["final"] is False
    assert "RESULT, NOT FINAL" in data["comment"]
    assert "breast_asco_cap_2018" in data["comment"]
    assert "number of cells counted in the ISH" in data["missing"]
    assert any("recount" in step for step in data["next"])
    assert any("BR046" in rule for rule in data["rules"])
    assert run("interpret", *values, "--comment")[1] == data["comment"] + "\n"


def test_comment_of_one_specimen(root):
    path = root / "examples" / "gastric-positive.yaml"
    assert "stomach-2025" in run("interpret", path, "--comment", "--of", "stomach-2025")[1]
    assert "stomach-2025" in run("interpret", path, "--comment", "--of", "1")[1]
    code, _, err = run("interpret", path, "--comment", "--of", "other")
    assert code == 2
    assert "stomach-2025" in err


# --- self-test -------------------------------------------------------------------------------------------------------


def test_golden_rows_in_the_package_are_those_of_the_tests(root):
    """`tests/guidelines` and `data/golden` hold the same rows: change both, and `sets.yaml` for a new file."""
    tests = {path.relative_to(root / "tests/guidelines"): path for path in (root / "tests/guidelines").glob("*/*.csv")}
    shipped = {path.relative_to(DATA / "golden"): path for path in (DATA / "golden").glob("*/*.csv")}
    assert set(tests) == set(shipped)
    for name, path in tests.items():
        assert path.read_text() == shipped[name].read_text(), name


def test_selftest_passes_and_writes_its_record(tmp_path):
    page = tmp_path / "record.html"
    data = answer("selftest", "--html", page, shape="selftest")
    assert data["passed"]
    assert data["rows"] == sum(len(one["rows"]) for one in data["sets"]) >= 445
    text = page.read_text()
    assert data["digest"] in text
    assert text.count("<td>pass</td>") == data["rows"] + len(data["tables"])
    assert "FAIL" not in text


def test_a_golden_row_that_fails_is_told_and_ends_in_exit_1(monkeypatch):
    files = {**load_knowledge().bundle.files}
    rows = [dict(row) for row in files["golden/breast/master.csv"]]
    rows[2]["asco_cap_status"], rows[3]["action"] = "NEGATIVE", "reflex_ISH"
    files["golden/breast/master.csv"] = rows
    result = selftest(Session(knowledge=Knowledge(Bundle(files, "changed"))))
    assert result.failed == 2
    faults = [row for one in result.sets for row in one.rows if not row.passed]
    assert [row.id for row in faults] == ["BR003", "BR004"]
    assert "status is positive, not negative" in faults[0].faults[0]
    assert result.digest != selftest(Session()).digest
    monkeypatch.setattr("her2nav.app.selftest.selftest", lambda session: result)
    code, out, _ = run("selftest")
    assert code == 1
    assert "BR003" in out


# --- docs ------------------------------------------------------------------------------------------------------------


def test_generated_pages_are_up_to_date(root):
    spec = importlib.util.spec_from_file_location("make_docs", root / "scripts" / "make_docs.py")
    make_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_docs)
    for name in ("tables.md", "batch.md"):
        assert (root / "docs" / name).read_text() == make_docs.PAGES[name](), f"{name}: run scripts/make_docs.py"


@pytest.mark.parametrize("name", ["variant", "batch", "audit", "comment", "selftest"])
def test_schemas_are_schemas(name):
    code, out, _ = run("schema", name)
    assert code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(out))


def test_lung_cancer_may_be_the_narrower_type_that_a_label_names():
    lung = answer("variant", "YVMA", "--tumour", "lung", shape="variant")
    shown = {(item["drug"], item["tumour"]) for item in lung["actionability"] if item["applies"]}
    assert {("zongertinib", "nsclc"), ("sevabertinib", "nsclc"), ("trastuzumab_deruxtecan", "nsclc")} <= shown
    small = answer("variant", "YVMA", "--tumour", "SCLC", shape="variant")
    assert not any(item["applies"] and item["tumour"] == "nsclc" for item in small["actionability"])
