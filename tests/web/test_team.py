"""Pages for teams read the run, the rulings and the cases that the server was given, and nothing else."""

import html
import json
import re
import shutil
import subprocess
import sys

import pytest
from starlette.testclient import TestClient

from her2nav.web.run import _read, _written
from her2nav.web.server import guarded
from her2nav.web.settings import Settings
from web.conftest import EXAMPLES, HOST


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two patients, screened."""
    root = tmp_path_factory.mktemp("team")
    (root / "cases").mkdir()
    for name in ("gastric-low.yaml", "breast-positive.yaml"):
        shutil.copy(EXAMPLES / name, root / "cases")
    command = [sys.executable, "-m", "her2nav", "screen", str(root / "cases"), "--trials", "catalogue"]
    done = subprocess.run([*command, "--out", str(root / "run")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def team(folder, web_session):
    settings = Settings(run=folder / "run", reviews=folder / "reviews.jsonl", cases=folder / "cases")
    return TestClient(guarded(web_session, settings), base_url=HOST)


def token(text):
    return html.unescape(re.search(r'name="csrf" value="([^"]*)"', text)[1])


def test_the_worklist(team):
    text = team.get("/team").text
    assert re.search(r'name="pair" value="P-[a-z0-9]+ NCT\d{8}"', text)
    assert "gastric-low" not in re.sub(r"<section aria-labelledby=\"cases\".*", "", text, flags=re.S)


def test_a_pair_and_a_ruling(team, folder):
    text = team.get("/team").text
    pair = re.search(r'name="pair" value="([^"]+)"', text)[1]
    shown = team.post("/team/pair", data={"csrf": token(text), "pair": pair}).text
    patient, nct = pair.split()
    assert "What would change it" in shown
    criterion = re.search(r'<option value="([^"]+)">', shown)[1]
    given = {"csrf": token(shown), "patient": patient, "nct": nct, "criterion": criterion, "ruling": "met"}
    refused = team.post("/team/rule", data={**given, "person": "", "reason": ""})
    assert refused.status_code == 400
    assert not (folder / "reviews.jsonl").exists()
    written = team.post("/team/rule", data={**given, "person": "Dr A", "reason": "seen on the film"})
    assert written.status_code == 200
    (line,) = (folder / "reviews.jsonl").read_text().splitlines()
    assert json.loads(line)["person"] == "Dr A"


def test_the_worklist_is_filtered_by_address(team):
    every = team.get("/team").text
    trial = re.search(r'<option value="(NCT\d{8})"', every)[1]
    one = team.get(f"/team?trial={trial}&new=&question=&page=9")
    assert one.status_code == 200
    assert set(re.findall(r'name="pair" value="P-[a-z0-9]+ (NCT\d{8})"', one.text)) == {trial}
    assert "that pass the filter" in one.text
    assert "No patient passes this filter" in team.get("/team?group=lost").text
    assert team.get("/team?page=x").status_code == 422


def test_rulings_name_patients_as_the_run_does(team, folder):
    (folder / "reviews.jsonl").unlink(missing_ok=True)
    assert "Nobody has ruled yet" in team.get("/team/rulings").text
    text = team.get("/team").text
    patient, nct = re.search(r'name="pair" value="([^"]+)"', text)[1].split()
    shown = team.post("/team/pair", data={"csrf": token(text), "pair": f"{patient} {nct}", "at": "group=fits"}).text
    assert 'href="/team?group=fits#' in shown
    criterion = re.search(r'<option value="([^"]+)">', shown)[1]
    given = {"csrf": token(shown), "patient": patient, "nct": nct, "criterion": criterion, "ruling": "not_met"}
    assert team.post("/team/rule", data={**given, "person": "Dr B", "reason": "seen"}).status_code == 200
    listed = team.get("/team/rulings?ruling=not_met").text
    assert patient in listed
    assert json.loads((folder / "reviews.jsonl").read_text())["patient"] not in listed
    assert "No ruling passes this filter" in team.get("/team/rulings?ruling=met").text
    (folder / "reviews.jsonl").unlink()


def test_ticks_are_kept_from_page_to_page(team, folder, web_session):
    many = folder / "many"
    many.mkdir()
    for number in range(60):
        shutil.copy(EXAMPLES / "gastric-low.yaml", many / f"case-{number:02}.yaml")
    board = TestClient(guarded(web_session, Settings(cases=many)), base_url=HOST)
    first = board.get("/team/cases").text
    assert "rows 1–50 of 60" in first
    assert " checked" not in first, "nobody means all of a long list"
    second = board.post("/team/cases", data={"csrf": token(first), "page": "2", "case-3": "on", "case-4": "on"}).text
    assert "2 ticked, 2 of them on other pages" in second
    assert re.findall(r'type="hidden" name="(case-\d+)"', second) == ["case-3", "case-4"]
    assert "case-59.yaml" in board.get("/team?page=2").text
    assert team.get("/team/cases").text.count(" checked") == 2


def test_a_board_pack(team):
    text = team.get("/team/cases").text
    answer = team.post("/team/board", data={"csrf": token(text), "case-0": "on", "meeting": "2026-11-25"})
    assert answer.status_code == 200
    assert "25 Nov 2026" in answer.text
    assert team.post("/team/board", data={"csrf": token(text), "meeting": "2026-11-25"}).status_code == 400
    assert team.post("/team/board", data={"csrf": token(text), "case-0": "on", "meeting": "soon"}).status_code == 400


def test_without_files_there_is_nothing(client):
    assert client.get("/team").status_code == 404
    text = client.get("/").text
    assert "/team" not in text
    assert client.post("/team/pair", data={"csrf": token(text), "pair": "a b"}).status_code == 404


def test_no_path_comes_from_a_request(team):
    text = team.get("/team").text
    for pair in ("../../etc/passwd NCT06439693", "P-x ../../x", ""):
        answer = team.post("/team/pair", data={"csrf": token(text), "pair": pair})
        assert answer.status_code in (400, 404)


def test_settings_reach_the_workers(tmp_path):
    settings = Settings(run=tmp_path, hosts=frozenset({"a"}), token="t" * 20)
    assert _read(_written(settings)) == settings
