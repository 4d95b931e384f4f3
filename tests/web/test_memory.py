"""Answers are kept for half an hour, in memory, for the record that was sent and no other."""

import gc
import json
from dataclasses import replace
from threading import Event

import pytest

from her2nav.app.patient_source import given
from her2nav.web import run
from her2nav.web.collecting import THRESHOLDS, tend_memory
from her2nav.web.memory import KEPT, WHOLE, Memory
from her2nav.web.pages.pieces import pieces_of
from her2nav.web.pages.state import Filters, State
from her2nav.web.settings import Settings


@pytest.fixture
def state(web_session, patient):
    return State(given(web_session, patient.encode(), "p").read, "plain", Filters(), {})


def test_answers_of_the_same_record_are_found_until_they_are_old(web_session, state):
    memory = Memory(Settings())
    first = memory.derived(web_session, state, now=0.0)
    case = first.case
    memory.keep(state, first, now=0.0)
    assert memory.derived(web_session, state, now=10.0).case is case
    memory.keep(state, first, now=1000.0)
    again = memory.derived(web_session, state, now=31 * 60.0)
    assert "case" not in again.__dict__
    assert len(memory) == 0


def test_another_record_finds_nothing(web_session, state):
    memory = Memory(Settings())
    first = memory.derived(web_session, state)
    assert first.case
    memory.keep(state, first)
    other = replace(state.read, patient=state.read.patient.model_copy(update={"id": "other"}))
    assert "case" not in memory.derived(web_session, replace(state, read=other)).__dict__


def test_few_are_kept_and_no_connection_is_shared(web_session, state):
    memory = Memory(Settings())
    for number in range(KEPT + 5):
        patient = state.read.patient.model_copy(update={"id": str(number)})
        one = replace(state, read=replace(state.read, patient=patient))
        derived = memory.derived(web_session, one)
        derived.__dict__["sites"] = object()
        memory.keep(one, derived)
        assert "sites" not in memory.derived(web_session, one).__dict__
    assert len(memory) == KEPT


def test_parts_of_a_page_are_written_once_and_reasons_kept_of_the_last_few_patients(web_session, state):
    memory = Memory(Settings())
    seen = memory.derived(web_session, state)
    pieces = pieces_of(seen, "plain")
    assert "options" in pieces
    assert "trials" not in pieces, "the page lists trials in a form of its own"
    memory.keep(state, seen)
    again = memory.derived(web_session, state)
    assert pieces_of(again, "plain") is pieces
    found = next(one for one in again.matched.matches if one.criteria)
    reason = found.criteria[0].finding.reason
    reasons = found.judged.reasons
    assert reasons._findings
    for number in range(WHOLE):
        patient = state.read.patient.model_copy(update={"id": str(number)})
        other = replace(state, read=replace(state.read, patient=patient))
        memory.keep(other, memory.derived(web_session, other))
    assert not reasons._findings
    assert found.criteria[0].finding.reason == reason
    texts = {name: one.html for name, one in pieces.items()}
    again.pieces.clear()
    again.__dict__.pop("options")
    assert {name: one.html for name, one in pieces_of(again, "plain").items()} == texts


def test_the_record_of_a_state_is_whole(state, web_session):
    record = json.loads(state.record)
    again = given(web_session, state.record.encode(), "p.json").read
    assert again.patient.model_dump(exclude={"as_of"}) == state.read.patient.model_dump(exclude={"as_of"})
    assert record["as_of"] == state.read.as_of.isoformat()


def test_a_process_that_runs_long_collects_though_the_command_line_does_not():
    before = gc.get_threshold()
    gc.set_threshold(1_000_000)
    try:
        tend_memory()
        assert gc.get_threshold() == THRESHOLDS
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_a_worker_tends_its_memory_when_all_is_read(monkeypatch):
    told = []
    monkeypatch.delenv(run._HANDED, raising=False)
    warmed = Event()
    monkeypatch.setattr(run, "tend_memory", lambda: told.append(gc.get_count()))
    monkeypatch.setattr("her2nav.web.warm.warm", lambda session, settings: warmed.set())
    assert run.application() is not None
    assert told
    assert warmed.wait(60), "what all patients share is worked out beside"
