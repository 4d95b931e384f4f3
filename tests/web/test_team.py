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


def test_a_board_pack(team):
    text = team.get("/team").text
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
