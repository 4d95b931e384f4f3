"""`registry sync`, `diff` and `watch` as a user runs them, against a registry on this machine."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

from her2nav.app.schemas import json_schema
from her2nav.cli import main
from registry.records import v2
from registry.server import Registry, serving

Run = Callable[..., tuple[int, str, str]]
TRIAL = "NCT06253871"
"""A trial of the catalogue that may fit the example patient."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HER2NAV_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def registry(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setattr("time.sleep", lambda _: None)
    studies = {
        TRIAL: v2(TRIAL, status="NOT_YET_RECRUITING"),
        "NCT00000002": v2("NCT00000002"),
        "NCT00000003": v2("NCT00000003", title="Lapatinib in breast cancer"),
    }
    with serving(Registry(studies)) as running:
        monkeypatch.setenv("HER2NAV_REGISTRY_URL", running.url)
        yield running


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    def run_(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["her2nav", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.run()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run_


@pytest.fixture
def patient(root: Path, tmp_path: Path) -> Path:
    path = tmp_path / "patient.yaml"
    path.write_bytes((root / "examples" / "breast-low.yaml").read_bytes())
    return path


def change(registry: Registry) -> None:
    registry.studies[TRIAL] = v2(TRIAL, status="RECRUITING", update="2026-11-20", text="Inclusion:\n\n* Another text")
    registry.studies["NCT00000009"] = v2("NCT00000009", update="2026-11-20")
    del registry.studies["NCT00000003"]
    registry.changes += 1


def test_sync_then_diff(run: Run, registry: Registry) -> None:
    status, out, _ = run("registry", "sync")
    assert status == 0
    assert "HER2: 3 trials in the registry; 3 records read (all records)" in out
    change(registry)
    status, out, _ = run("registry", "sync", "--format", "json")
    answer = json.loads(out)
    assert (answer["added"], answer["updated"], answer["gone"]) == (1, 1, ["NCT00000003"])
    assert answer["versions"]["snapshot"] == answer["snapshot"]
    status, out, _ = run("registry", "diff")
    assert "1 new trial, 1 no longer in the registry, 1 changed its status, 1 changed its criteria" in out
    assert "Status: Recruiting on 20 Nov 2026; before: Not yet recruiting" in out
    assert "Criterion added (inclusion): “Another text”" in out or "Criterion changed (inclusion)" in out
    status, out, _ = run("registry", "diff", "--format", "json")
    assert json.loads(out)["counts"]["new"] == 1
    status, out, _ = run("registry", "show", "NCT00000003")
    assert "No longer in the registry" in out
    status, out, _ = run("registry", "search", "lapatinib")
    assert "no longer in the registry" in out
    status, out, _ = run("registry", "status")
    assert "No longer in the registry" in out
    assert "Kept by sync: her2, in step with the registry of 2026-11-20" in out


def test_answers_fit_their_schemas(run: Run, registry: Registry, patient: Path, tmp_path: Path) -> None:
    def checked(shape: str, *arguments: str) -> None:
        status, out, err = run(*arguments, "--format", "json")
        assert status == 0, err
        jsonschema.validate(json.loads(out), json_schema(shape))

    checked("registry-sync", "registry", "sync")
    change(registry)
    checked("registry-sync", "registry", "sync")
    checked("registry-diff", "registry", "diff")
    checked("registry-status", "registry", "status")
    checked("registry-search", "registry", "search", "HER2", "--near", "48.85,2.35")
    checked("registry-show", "registry", "show", TRIAL, "--near", "48.85,2.35")
    checked("registry-show", "registry", "show", "NCT00000003")
    checked("watch", "watch", str(patient))
    records = tmp_path / "records.jsonl"
    records.write_text(json.dumps(v2("NCT00000077")) + "\n{}\n")
    checked("registry-import", "registry", "import", str(records))


def test_a_page_is_written(run: Run, registry: Registry, tmp_path: Path) -> None:
    run("registry", "sync")
    target = tmp_path / "page.html"
    status, out, _ = run("registry", "page", "--tumour", "stomach cancer", "--html", str(target))
    assert status == 0
    assert f"Written to {target}" in out
    assert "HER2 and stomach cancer" in target.read_text()
    assert run("registry", "page", "--tumour", "nonsense")[0] == 2


def test_a_registry_that_is_not_there(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("HER2NAV_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    status, _, err = run("registry", "sync")
    assert status == 1
    assert "Traceback" not in err
    assert err.count("\n") == 1
    assert "no usable answer after 7 tries" in err
    assert "run the same command again" in err
    monkeypatch.setenv("HER2NAV_REGISTRY_URL", "http://example.org")
    assert run("registry", "sync")[0] == 2
    assert run("registry", "sync", "--condition", "()")[0] == 2
    assert run("registry", "diff")[0] == 2


def test_watch_reports_and_keeps_only_on_request(run: Run, registry: Registry, home: Path, patient: Path) -> None:
    run("registry", "sync")
    status, out, _ = run("watch", str(patient), "--as-of", "2026-11-21")
    assert status == 0
    assert not (home / "watch.json").exists(), "nothing is kept unless asked"
    assert run("watch")[0] == 2
    status, out, _ = run("watch", str(patient), "--keep", "--as-of", "2026-11-21")
    assert status == 0
    assert f"in {home / 'watch.json'}" in out
    kept = json.loads((home / "watch.json").read_text())
    assert [set(item) for item in kept["watched"]] == [{"path", "reported"}], "a path, and nothing of the patient"
    if os.name != "nt":
        assert (home / "watch.json").stat().st_mode & 0o077 == 0
    change(registry)
    status, out, _ = run("registry", "sync")
    assert str(patient) in out, "after the sync it reports on those that are kept"
    assert "New or open now; may fit (1)" in out
    assert TRIAL in out
    assert "The registry's criteria differ from the text that was curated" in out
    assert "Verdicts rest on the trials whose criteria were curated" in out
    assert "HER2 is one of several markers" in out
    status, out, _ = run("watch")
    assert "Nothing changed in the trials that may fit" in out, "what was reported is not reported again"
    status, out, _ = run("watch", str(patient), "--format", "json")
    answer = json.loads(out)
    assert [item["nct_id"] for item in answer["new_fits"]] == [TRIAL]
    assert answer["new_fits"][0]["criteria_outdated"] is True
    assert answer["kept"] is True
    assert [item["nct_id"] for item in answer["unread"]] == []
    assert str(patient) in run("watch", "--list")[1]
    assert run("watch", str(patient), "--forget")[0] == 0
    assert not (home / "watch.json").exists()
    assert run("watch", str(patient), "--forget")[0] == 2


def test_a_kept_file_that_is_gone_is_named(run: Run, registry: Registry, home: Path, patient: Path) -> None:
    run("registry", "sync")
    run("watch", str(patient), "--keep")
    patient.unlink()
    status, _, err = run("watch")
    assert status == 0
    assert "--forget removes it from the list" in err
    (home / "watch.json").write_text("{")
    status, _, err = run("watch", "--list")
    assert status == 2
    assert "cannot be read" in err


@pytest.mark.parametrize("arguments", [("--keep",), ("-", "--keep"), ("x.yaml", "--keep", "--forget")])
def test_wrong_use_of_keep(run: Run, home: Path, arguments: tuple[str, ...]) -> None:
    assert run("watch", *arguments)[0] == 2
