"""`her2nav board` as a person calls it: the pack, and the decisions that go from meeting to meeting."""

import io
import re
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import date

import pytest

from cli.page_faults import page_faults
from her2nav.app.board_decisions import add_cases, read_decisions
from her2nav.cli import main
from her2nav.model.errors import Her2NavError


def run(*arguments):
    """Call the command in this process; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["her2nav", "board", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main.run()
    return left.value.code or 0, out.getvalue(), err.getvalue()


@pytest.fixture
def cases(root, tmp_path):
    folder = tmp_path / "cases"
    folder.mkdir()
    for name in ("gej-equivocal", "colorectal-positive"):
        shutil.copy(root / f"examples/{name}.yaml", folder)
    return folder


def rows(page, section):
    part = page[page.index(f'id="{section}"') :]
    body = re.search(r"<tbody>(.*?)</tbody>", part, re.DOTALL)[1]
    return [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def test_the_agenda_comes_first_then_a_sheet_for_each_case_with_a_box(cases, tmp_path):
    pack = tmp_path / "pack.html"
    code, out, err = run(cases, "--meeting", "2026-11-20", "-o", pack)
    assert (code, err) == (0, "")
    assert "2 cases, 0 outstanding" in out
    page = pack.read_text(encoding="utf-8")
    assert page_faults(page) == []
    agenda = rows(page, "agenda")
    assert [row[0] for row in agenda] == ["1. gej-equivocal", "2. colorectal-positive"]
    assert agenda[0][2] == "HER2 equivocal"
    assert agenda[0][3].startswith("HER2 ISH on the same tissue on junction-2026")
    assert "decides between positive and negative" in agenda[0][4]
    assert re.search(r"\d+ labels? and \d+ trials? wait for HER2", agenda[0][4])
    assert agenda[1][3] == "nothing is due"
    sheets = page.split('class="fresh"')[1:-1]
    assert len(sheets) == 2
    for sheet in sheets:
        assert [cells[0] for cells in re.findall(r'<th scope="row">([^<]+)</th>(<td>[^<]*</td>)', sheet)] == [
            "Asked", "Decision", "Owner", "Date",
        ]  # fmt: skip
    assert "outstanding" not in page.split("</style>")[1]


def test_the_next_pack_lists_first_what_is_outstanding(cases, tmp_path):
    pack, file = tmp_path / "pack.html", tmp_path / "decisions.yaml"
    run(cases, "--meeting", "2026-11-13", "-o", pack)
    text = file.read_text(encoding="utf-8")
    assert text.count('meeting: "2026-11-13"') == 2
    first, second = text.split('  - case: "colorectal-positive"')
    filled = first.replace('decision: ""', 'decision: "Order ISH"').replace('owner: ""', 'owner: "Dr A"')
    filled = filled.replace('due: ""', 'due: "2026-11-16"')
    done = second.replace('decision: ""', 'decision: "Tucatinib"').replace('done: ""', 'done: "2026-11-17"')
    mine = f'# kept\n{filled}  - case: "colorectal-positive"{done}'
    file.write_text(mine, encoding="utf-8")
    code, out, _ = run(cases, "--meeting", "2026-11-20", "-o", pack)
    assert code == 0
    assert "1 outstanding" in out
    page = pack.read_text(encoding="utf-8")
    assert page.index('id="outstanding"') < page.index('id="agenda"')
    assert rows(page, "outstanding") == [
        [
            "gej-equivocal",
            "13 Nov 2026",
            "HER2 ISH on the same tissue",
            "decided: Order ISH",
            "Dr A",
            "16 Nov 2026 (overdue)",
        ]
    ]
    assert "13 Nov 2026: HER2 ISH on the same tissue: Order ISH; Dr A; not done" in page
    assert "Tucatinib; done 17 Nov 2026" in page
    assert file.read_text(encoding="utf-8").startswith(mine)
    assert file.read_text(encoding="utf-8").count('meeting: "2026-11-20"') == 2


def test_a_second_run_adds_nothing_and_shows_what_was_filled_in(cases, tmp_path):
    pack, file = tmp_path / "pack.html", tmp_path / "decisions.yaml"
    run(cases, "--meeting", "2026-11-20", "-o", pack)
    text = file.read_text(encoding="utf-8").replace('decision: ""', 'decision: "Wait for ISH"', 1)
    file.write_text(text, encoding="utf-8")
    out = run(cases, "--meeting", "2026-11-20", "-o", pack)[1]
    assert "0 cases added" in out
    assert file.read_text(encoding="utf-8") == text
    assert "<td>Wait for ISH</td>" in pack.read_text(encoding="utf-8")


def test_a_damaged_case_stands_on_the_agenda_and_stops_nothing(cases, tmp_path):
    (cases / "broken.yaml").write_text("id: [", encoding="utf-8")
    (cases / "no-tumour.yaml").write_text("id: x\n", encoding="utf-8")
    pack = tmp_path / "pack.html"
    code, out, err = run(cases, "--meeting", "2026-11-20", "-o", pack)
    assert code == 0
    assert "2 cases" in out
    assert err.count("not in the pack") == 2
    page = pack.read_text(encoding="utf-8")
    assert "Not in the pack: broken.yaml." in page
    assert "Not in the pack: no-tumour.yaml." in page


def test_two_files_of_one_id_are_two_cases(cases, tmp_path):
    shutil.copy(cases / "gej-equivocal.yaml", cases / "second.yaml")
    pack = tmp_path / "pack.html"
    run(cases, "--meeting", "2026-11-20", "-o", pack)
    names = [row[0] for row in rows(pack.read_text(encoding="utf-8"), "agenda")]
    assert "1. gej-equivocal" in names
    assert "2. gej-equivocal (second)" in names


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere", "--meeting", "2026-11-20", "-o", "x.html"], "no such file"),
        (["CASES", "--meeting", "tomorrow", "-o", "x.html"], "--meeting"),
        (["CASES", "--meeting", "2026-11", "-o", "x.html"], "is not a day"),
        (["EMPTY", "--meeting", "2026-11-20", "-o", "x.html"], "no patient file is found"),
        (["CASES", "-o", "x.html"], "--meeting"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments, says, cases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    places = {"CASES": str(cases), "EMPTY": str(tmp_path / "empty")}
    code, _, err = run(*[places.get(one, one) for one in arguments])
    assert code == 2
    assert says in err
    assert err.count("\n") == 1
    assert not (tmp_path / "x.html").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('decisions:\n  - {case: a, meeting: "2026-13-01"}\n', "line 2"),
        ("decisions:\n  - {case: a, meeting: 2026-11-01, desicion: x}\n", "desicion"),
        ("decisions:\n  - {case: a, meeting: 2026-11-01}\n  - {case: a, meeting: 2026-11-01}\n", "stands twice"),
        ("[", "not valid YAML"),
    ],
)
def test_a_damaged_file_of_decisions_is_named_with_its_place(text, says, tmp_path):
    path = tmp_path / "decisions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Her2NavError) as caught:
        read_decisions(path)
    assert says in str(caught.value)
    assert "decisions.yaml" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "decisions:\n",
        "decisions: []\n",
        'decisions:\n- case: "a"\n  meeting: 2026-11-01\n',
        'decisions:\n  - case: "a"\n    meeting: 2026-11-01',
        "decisions:\n  - {case: a, meeting: 2026-11-01, decision: 'x: \"y\"'}\n",
    ],
)
def test_cases_are_added_to_a_file_however_it_is_laid_out(text, tmp_path):
    path = tmp_path / "decisions.yaml"
    path.write_text(text, encoding="utf-8") if text else None
    before = read_decisions(path)
    if text == "decisions: []\n":
        with pytest.raises(Her2NavError, match="cannot be added"):
            add_cases(before, date(2026, 11, 20), [("b", "x")])
        assert path.read_text(encoding="utf-8") == text
        return
    assert add_cases(before, date(2026, 11, 20), [('b: "c" \\', "ask\nthis"), ("a", "x")]) == 2
    after = read_decisions(path)
    assert after.items[: len(before.items)] == before.items
    assert [(one.case, one.asked, one.decision) for one in after.items[len(before.items) :]] == [
        ('b: "c" \\', "ask this", None), ("a", "x", None),
    ]  # fmt: skip
    assert add_cases(after, date(2026, 11, 20), [("a", "x")]) == 0
