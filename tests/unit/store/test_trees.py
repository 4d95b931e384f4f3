"""Trees that the reader made: kept by text and versions, whole or not at all, the same when they come back."""

import json
import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from her2nav.app import trees as building
from her2nav.app.leaf_notes import DAMAGED, StoreNotes
from her2nav.app.registry import import_records
from her2nav.app.trees import made_by, pack_trial, read_trees, text_digest
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import read_trial
from her2nav.facts.case import Case
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.matching.compiled import CompiledTrials, compile_trials
from her2nav.matching.packed import assemble
from her2nav.matching.packing import Body
from her2nav.matching.results import match_patient
from her2nav.model.errors import FileError, InputError
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.trial import Trial
from her2nav.store.reading import StoreReader
from her2nav.store.trees import FILE, MadeBy, TreeStore
from her2nav.store.writing import StoreWriter
from registry.records import v2

DAY = date(2026, 11, 20)
TEXTS = (
    """Inclusion Criteria:

* Age 18 years or older
* HER2-positive breast cancer
* ECOG 0 or 1
* LVEF of at least 50%

Exclusion Criteria:

* Pregnant women
* Active brain metastases
* The stars are against it""",
    """Inclusion Criteria:

* Any one of the following:
  * HER2-low breast cancer
  * HER2-positive breast cancer
* Male or female
* At least two of the following:
  * ECOG 0
  * Platelets of at least 100,000/mm3
  * Hemoglobin of at least 9 g/dL""",
    """Inclusion Criteria:

Cohort A:

* HER2-positive gastric cancer

Cohort B:

* HER2-low gastric cancer

Exclusion Criteria:

* History of interstitial lung disease""",
)
Add = Callable[..., None]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def add(tmp_path: Path, knowledge: Knowledge) -> Add:
    """Import records with these texts; the folder of the store is `tmp_path / "store"`."""

    def add_(*texts: str, day: int = 20, title: str = "Lapatinib in breast cancer") -> None:
        paths = []
        for number, text in enumerate(texts):
            paths.append(tmp_path / f"{number}.json")
            record = v2(
                f"NCT0000000{number}", text=text, title=title, update=f"2026-11-{day:02}", holder=f"2026-11-{day}"
            )
            paths[-1].write_text(json.dumps(record))
        with StoreWriter(tmp_path / "store") as store:
            import_records(store, knowledge, paths, now=lambda: datetime(2026, 11, day, tzinfo=UTC))

    return add_


def trials(folder: Path) -> list[RegistryTrial]:
    with StoreReader(folder) as store:
        return list(store.trials())


def as_read(folder: Path, knowledge: Knowledge) -> list[Trial]:
    return [read_trial(trial, reader(knowledge), knowledge, DAY)[0] for trial in trials(folder)]


def as_kept(folder: Path, knowledge: Knowledge, like: list[Trial]) -> CompiledTrials:
    records = {trial.record.nct_id: trial.record for trial in like}
    with TreeStore(folder) as kept:
        found = kept.trees(sorted(records), made_by(knowledge))
        return assemble(found, kept.leaves, lambda nct_id, _, arms: records[nct_id].model_copy(update={"arms": arms}))


def test_trees_come_back_as_they_were_read(tmp_path, knowledge, add):
    add(*TEXTS)
    folder = tmp_path / "store"
    assert read_trees(folder, knowledge).read == len(TEXTS)
    read = as_read(folder, knowledge)
    kept = as_kept(folder, knowledge, read)
    assert [tuple(item.trial.criteria) for item in kept.trials] == [item.criteria for item in read]
    assert [item.trial.record.arms for item in kept.trials] == [item.record.arms for item in read]
    assert [item.unread for item in kept.trials] == [item.unread for item in compile_trials(read).trials]


@pytest.mark.parametrize("name", ["breast-low", "breast-positive", "gastric-positive", "sparse"])
def test_kept_trees_judge_as_the_read_ones(tmp_path, knowledge, add, root, name):
    add(*TEXTS)
    folder = tmp_path / "store"
    read_trees(folder, knowledge)
    patient = read_patient(root / "examples" / f"{name}.yaml", knowledge, DAY)
    case = Case(patient.patient, patient.as_of, knowledge)
    read = as_read(folder, knowledge)
    direct, kept = match_patient(case, compile_trials(read)), match_patient(case, as_kept(folder, knowledge, read))
    for one, other in zip(direct, kept, strict=True):
        assert (one.verdict, one.best_arm, one.arms) == (other.verdict, other.best_arm, other.arms)
        assert [item.truth for item in one.criteria] == [item.truth for item in other.criteria]
        assert [item.finding for item in one.criteria] == [item.finding for item in other.criteria]
        assert one.eligible_from == other.eligible_from
        assert one.score == pytest.approx(other.score, abs=0.1)


def test_a_trial_with_a_criterion_that_was_not_read_never_fits(tmp_path, knowledge, add, root):
    add("Inclusion Criteria:\n\n* The stars are in favour", "Inclusion Criteria:\n\n")
    folder = tmp_path / "store"
    read_trees(folder, knowledge)
    read = as_read(folder, knowledge)
    patient = read_patient(root / "examples" / "breast-low.yaml", knowledge, DAY)
    found = match_patient(Case(patient.patient, patient.as_of, knowledge), as_kept(folder, knowledge, read))
    assert [match.verdict.word == "eligible" for match in found] == [False, False]
    assert all(match.unread for match in found)


def test_whoever_does_not_want_to_wait_says_so_before_anything_is_read(tmp_path, knowledge, add, monkeypatch):
    class NoTime(Exception):
        pass

    def stop(done, total):
        assert (done, total) == (0, len(TEXTS))
        raise NoTime

    def never(*_):
        raise AssertionError("a text was read")

    add(*TEXTS)
    folder = tmp_path / "store"
    monkeypatch.setattr(building, "_packed", never)
    with pytest.raises(NoTime):
        read_trees(folder, knowledge, progress=stop)
    monkeypatch.undo()
    assert read_trees(folder, knowledge).read == len(TEXTS)


def test_only_what_changed_is_read_again(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(*TEXTS)
    read_trees(folder, knowledge)
    assert read_trees(folder, knowledge).read == 0
    add(TEXTS[0].replace("ECOG 0 or 1", "ECOG 0 to 2"), *TEXTS[1:], day=21)
    done = read_trees(folder, knowledge)
    assert (done.read, done.kept) == (1, 2)
    kept = as_kept(folder, knowledge, as_read(folder, knowledge))
    assert any("0 to 2" in item.text for item in kept.trials[0].trial.criteria)


def test_another_title_alone_is_no_reason_to_read(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(*TEXTS)
    read_trees(folder, knowledge)
    before = TreeStore(folder).known(made_by(knowledge))
    add(*TEXTS, day=21, title="Lapatinib in breast cancers")
    assert read_trees(folder, knowledge).read == 0
    after = TreeStore(folder).known(made_by(knowledge))
    assert {name: state.text for name, state in before.items()} == {name: state.text for name, state in after.items()}
    assert all(before[name].record != after[name].record for name in before)


def test_another_reader_makes_all_anew_and_its_trees_alone_stay(tmp_path, knowledge, add, monkeypatch):
    folder = tmp_path / "store"
    add(*TEXTS)
    read_trees(folder, knowledge)
    old = made_by(knowledge)
    monkeypatch.setattr(building, "READER", "another")
    assert TreeStore(folder).known(made_by(knowledge)) == {}
    assert read_trees(folder, knowledge).read == len(TEXTS)
    assert TreeStore(folder).known(old) == {}
    assert len(TreeStore(folder).known(made_by(knowledge))) == len(TEXTS)


def test_a_crash_while_reading_leaves_the_old_state(tmp_path, knowledge, add, monkeypatch):
    folder = tmp_path / "store"
    add(*TEXTS)
    read_trees(folder, knowledge)
    before = TreeStore(folder).known(made_by(knowledge))
    add(*(text.replace("Age", "An age") for text in TEXTS), "Inclusion Criteria:\n\n* HER2-low", day=21)
    monkeypatch.setattr(building, "BATCH", 1)

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_trees(folder, knowledge, again=True, progress=stop)
    assert TreeStore(folder).known(made_by(knowledge)) == before
    read_trees(folder, knowledge)
    assert len(TreeStore(folder).known(made_by(knowledge))) == len(TEXTS) + 1


def test_who_reads_meanwhile_sees_the_old_state(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(TEXTS[0])
    read_trees(folder, knowledge)
    made = made_by(knowledge)
    packed = pack_trial(replace(trials(folder)[0], nct_id="NCT00000009"), knowledge)
    with TreeStore(folder) as writing, TreeStore(folder) as looking:
        state = writing.known(made)["NCT00000000"]
        with writing.writing(made) as writer:
            writer.put(packed, state)
            assert set(looking.known(made)) == {"NCT00000000"}
        assert set(looking.known(made)) == {"NCT00000000", "NCT00000009"}


def test_a_text_at_which_the_reader_stumbles_is_left_to_a_person(tmp_path, knowledge, add, monkeypatch):
    folder = tmp_path / "store"
    add(*TEXTS)
    real = building.pack_trial

    def stumbling(trial: RegistryTrial, with_knowledge: Knowledge) -> object:
        if trial.nct_id.endswith("1"):
            raise RecursionError
        return real(trial, with_knowledge)

    monkeypatch.setattr(building, "pack_trial", stumbling)
    done = read_trees(folder, knowledge)
    assert done.failed == ("NCT00000001",)
    kept = as_kept(folder, knowledge, as_read(folder, knowledge))
    (whole,) = kept.trials[1].trial.criteria
    assert whole.node.kind == "unread"
    assert kept.trials[1].unread == 1


def test_trials_of_other_diseases_wait_until_they_are_asked_for(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    record = v2("NCT00000005", text="Inclusion Criteria:\n\n* Hay fever", title="Steroids in hay fever")
    protocol = record["protocolSection"]
    protocol["conditionsModule"] = {"conditions": ["Hay fever"], "keywords": []}
    protocol["descriptionModule"] = {"briefSummary": "Sneezing."}
    protocol["armsInterventionsModule"] = {}
    path = tmp_path / "hay.json"
    path.write_text(json.dumps(record))
    with StoreWriter(folder) as store:
        import_records(store, knowledge, [path], now=lambda: datetime(2026, 11, 20, tzinfo=UTC))
    assert read_trees(folder, knowledge).read == 0
    assert read_trees(folder, knowledge, everything=True).read == 1
    assert read_trees(folder, knowledge).kept == 1
    assert read_trees(folder, knowledge, everything=False).dropped == 1


def test_a_file_that_is_no_database_is_made_anew(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(TEXTS[0])
    (folder / FILE).write_bytes(b"nothing of use" * 100)
    assert read_trees(folder, knowledge).read == 1
    assert len(TreeStore(folder).known(made_by(knowledge))) == 1


def test_a_file_whose_tables_are_damaged_is_made_anew(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(TEXTS[0])
    read_trees(folder, knowledge)
    whole = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(whole[:100] + b"\xff" * 2000 + whole[2100:])
    assert read_trees(folder, knowledge).read == 1
    assert len(TreeStore(folder).known(made_by(knowledge))) == 1


def test_a_file_that_cannot_be_read_now_is_not_taken_for_one_without_trees(tmp_path, knowledge, add, monkeypatch):
    folder = tmp_path / "store"
    add(TEXTS[0])
    read_trees(folder, knowledge)
    before = (folder / FILE).read_bytes()

    class Busy(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if sql.startswith("PRAGMA journal_mode"):
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise error
            return super().execute(sql, *values)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *names, **how: real(*names, **how, factory=Busy))
    with pytest.raises(FileError, match="cannot be opened: database is locked"):
        TreeStore(folder)
    monkeypatch.undo()
    assert (folder / FILE).read_bytes() == before
    assert len(TreeStore(folder).known(made_by(knowledge))) == 1


@pytest.fixture
def not_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which nothing may be written: there SQLite cannot begin a log."""

    class ReadOnly(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if sql.startswith("PRAGMA journal_mode"):
                error = sqlite3.OperationalError("attempt to write a readonly database")
                error.sqlite_errorcode = sqlite3.SQLITE_READONLY
                raise error
            return super().execute(sql, *values)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *names, **how: real(*names, **how, factory=ReadOnly))


def test_a_store_on_a_disk_that_may_not_be_written_is_read_as_it_lies(tmp_path, knowledge, add, request):
    folder = tmp_path / "store"
    add(*TEXTS)
    read_trees(folder, knowledge)
    request.getfixturevalue("not_to_be_written")
    assert {trial.nct_id for trial in trials(folder)} == {f"NCT0000000{i}" for i in range(len(TEXTS))}
    assert read_trees(folder, knowledge).kept == len(TEXTS)
    with pytest.raises(FileError, match=r"trees cannot be written.*a folder that may be written"):
        read_trees(folder, knowledge, again=True)
    assert len(TreeStore(folder).known(made_by(knowledge))) == len(TEXTS)


def test_what_only_the_log_holds_is_not_passed_over_on_such_a_disk(tmp_path, knowledge, add, request):
    folder = tmp_path / "store"
    add(TEXTS[0])
    read_trees(folder, knowledge)
    (folder / f"{FILE}-wal").write_bytes(b"something that was committed")
    request.getfixturevalue("not_to_be_written")
    with pytest.raises(FileError, match="trees cannot be opened"):
        TreeStore(folder)


def test_a_file_of_another_release_holds_nothing_and_is_made_anew(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(TEXTS[0])
    read_trees(folder, knowledge)
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert TreeStore(folder).known(made_by(knowledge)) == {}
    assert read_trees(folder, knowledge).read == 1


def test_leaves_that_no_longer_fit_their_kind_are_one_clear_line(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(TEXTS[0])
    read_trees(folder, knowledge)
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("UPDATE leaf SET kind = 'of_old'")
    with TreeStore(folder) as kept:
        (tree,) = kept.trees(["NCT00000000"], made_by(knowledge))
        with pytest.raises(InputError, match="registry read --again"):
            kept.leaves(np.frombuffer(tree.leaves, "<u4").tolist())


def noted(folder: Path, knowledge: Knowledge) -> tuple[StoreNotes, list[float]]:
    """Return the notes of a store's leaves as a match asks for them: who found them, and how hard each leaf is."""
    with TreeStore(folder) as kept:
        notes = StoreNotes(kept, made_by(knowledge), knowledge)
        with kept.one_state():
            found = notes.of(np.array(kept.every_leaf(), np.intp))
        notes.keep()
        return notes, found.efforts.tolist()


def test_what_is_noted_of_leaves_is_kept_and_made_anew_where_it_is_damaged_or_of_other_leaves(tmp_path, knowledge, add):
    folder = tmp_path / "store"
    add(TEXTS[0])
    read_trees(folder, knowledge)

    def kept() -> list[tuple[bytes]]:
        with sqlite3.connect(folder / FILE) as connection:
            return connection.execute("SELECT body FROM derived").fetchall()

    ((first,),) = kept()
    _, efforts = noted(folder, knowledge)
    assert efforts
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("UPDATE derived SET body = ?", (first[:-5],))
    notes, again = noted(folder, knowledge)
    assert (again, notes.warnings) == (efforts, [DAMAGED])
    assert kept() == [(first,)]
    notes, again = noted(folder, knowledge)
    assert (again, notes.warnings) == (efforts, [])
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("UPDATE derived SET made_by = 'another program'")
    assert noted(folder, knowledge)[1] == efforts
    add(*TEXTS, day=21)
    read_trees(folder, knowledge)
    assert kept() != [(first,)]
    assert len(noted(folder, knowledge)[1]) > len(efforts)


def test_one_criterion_is_unpacked_without_the_others_whatever_the_text_holds():
    text = 'Inclusion Criteria:\n\n* Age 18\r\n* \u2028"Quoted"\n\n'
    packed = zlib.compress(f'[["rule"],2]\n["a","\\n"]\n["b"]\n{text}'.encode())
    body = Body.of(packed)
    assert (body.rules, body.text) == (["rule"], text)
    assert [body.criterion(i) for i in range(2)] == [["a", "\n"], ["b"]]
    assert Body.of(zlib.compress(b"[[],0]\n")) == Body([], [], "")


def test_the_digest_covers_what_the_reader_sees(tmp_path, add):
    add(TEXTS[0])
    (trial,) = trials(tmp_path / "store")
    seen = text_digest(trial)
    assert text_digest(replace(trial, title="Another title")) == seen
    # A title may say that more cancers are taken than the record names; the kind of study is its purpose.
    assert text_digest(replace(trial, title="A drug in solid tumours")) != seen
    assert text_digest(replace(trial, study_type="OBSERVATIONAL")) != seen
    assert text_digest(replace(trial, conditions=("Breast Cancer",))) != seen
    assert text_digest(replace(trial, eligibility=replace(trial.eligibility, sex="female"))) != seen


def test_a_folder_without_trees_holds_none(tmp_path):
    with TreeStore(tmp_path) as kept, kept.one_state():
        assert kept.known(MadeBy("1", "1")) == {}
        assert kept.trees(["NCT00000000"], MadeBy("1", "1")) == []
