"""From what people have to a confirmed record: the box, the upload, six questions, what was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData, UploadFile

from her2nav.app import reference
from her2nav.app.form import Asked, questions_at
from her2nav.app.intake import Intake, added_to, corrected
from her2nav.app.patient_source import Given, given, of_intake
from her2nav.app.session import Session
from her2nav.app.six_questions import QUESTIONS, answer, joined
from her2nav.intake.adding.values import shown
from her2nav.intake.reading import Reading, Sourced
from her2nav.model.errors import Her2NavError, InputError, ValueProblem
from her2nav.model.patient import to_record
from her2nav.report.phrases import Register
from her2nav.report.phrases import day as day_of
from her2nav.web.api.common import Current
from her2nav.web.forms import OldForm, check
from her2nav.web.pages.result import show_result
from her2nav.web.pages.state import MAX_FIELDS, Form, checked_fields, form_of, is_form, label_of, state_of, values_of
from her2nav.web.pages.view import page
from her2nav.web.settings import MIB

router = APIRouter(include_in_schema=False)
_UPLOAD = 8 * MIB
_NAME = "your text"
_BEFORE = "what you entered before"
_PARTS = {
    "cancer": "The cancer",
    "specimens": "Samples and HER2 tests",
    "biomarkers": "Other markers",
    "therapies": "Treatments given",
    "planned": "Treatments planned",
    "labs": "Laboratory values",
    "demographics": "The person",
    "performance": "Daily life",
}
_DAY = "/as_of"
_SETTING = "setting"
_TUMOUR = "tumour_type"
_SPREAD = "spread"
"""Field of the form for how far the cancer has spread."""
_FIRST = ("cancer", "specimens", "biomarkers", "therapies", "planned")


@router.get("/")
def start(request: Request, session: Current) -> HTMLResponse:
    """The start page."""
    return show_start(request, session)


def show_start(
    request: Request,
    session: Session,
    *,
    status: int = 200,
    alert: str | None = None,
    text: str = "",
    answers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return the start page with what was entered so far."""
    return page(
        request,
        "start",
        status=status,
        alert=alert,
        text=text,
        tumours=reference.tumours(session),
        questions=QUESTIONS,
        answers=answers or {},
    )


@router.post("/read")
async def read(request: Request, session: Current) -> HTMLResponse:
    """Read what was pasted or uploaded and show it for confirmation."""
    from starlette.concurrency import run_in_threadpool

    is_form(request)
    async with request.form(max_files=1, max_fields=20, max_part_size=_UPLOAD) as form:
        written = _written(form, "text")
        try:
            check(request.app.state.settings, str(form.get("csrf", "")))
        except OldForm:
            raise OldForm({"text": written}) from None
        raw, name = await _document(form, "text", "file")
    try:
        found = await run_in_threadpool(_given, session, raw, name)
    except Her2NavError as error:
        return show_start(request, session, status=400, alert=str(error), text=written)
    return show_confirm(request, session, found)


def _written(form: FormData, field: str) -> str:
    text = form.get(field)
    return text.strip() if isinstance(text, str) else ""


async def _document(form: FormData, text: str, file: str) -> tuple[bytes, str]:
    """Return the content and the name of what was uploaded, else of what was pasted."""
    upload = form.get(file)
    if isinstance(upload, UploadFile) and (content := await upload.read()).strip():
        return content, (upload.filename or "file")[-80:]
    return _written(form, text).encode(), _NAME


def _given(session: Session, raw: bytes, name: str) -> Given:
    if not raw.strip():
        raise InputError("nothing was pasted and no file was chosen", allowed="paste a report, or choose a file")
    return given(session, raw, name)


@router.post("/questions")
def questions(request: Request, session: Current, form: Form) -> HTMLResponse:
    """Read the answers to the six questions."""
    answers = {question.id: form.get(f"q_{question.id}", "").strip()[:500] for question in QUESTIONS}
    readings, lost = [], []
    for question in QUESTIONS:
        if not answers[question.id]:
            continue
        one = answer(session, question, answers[question.id])
        readings.append(one.reading)
        if not one.understood:
            lost.append(question.text)
    reading = joined(readings)
    if not reading.patient or lost:
        told = f"Not understood: {'; '.join(lost)}. Try other words." if lost else "Please answer a question."
        return show_start(request, session, status=400, alert=told, answers=answers)
    found = of_intake(session, Intake((), Reading(reading.patient)), "note", "your answers")
    return show_confirm(request, session, found)


@router.post("/values")
def values(request: Request, session: Current, form: Form) -> HTMLResponse:
    """What was entered, to be changed once more."""
    state = state_of(session, form)
    return show_confirm(request, session, Given(state.read, "patient_file"), register=state.register)


@router.post("/confirm")
async def confirm(request: Request, session: Current) -> HTMLResponse:
    """Apply the corrections of the confirmation page and show the result; a wrong one is shown again."""
    from starlette.concurrency import run_in_threadpool

    fields = await form_of(request)
    return await run_in_threadpool(_confirmed, request, session, fields)


@router.post("/add")
async def add(request: Request, session: Current) -> HTMLResponse:
    """Add another document of the same person to what was entered; corrections made so far are kept."""
    from starlette.concurrency import run_in_threadpool

    is_form(request)
    async with request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=_UPLOAD) as form:
        fields = checked_fields(request, form)
        raw, name = await _document(form, "another", "another_file")
    return await run_in_threadpool(_added, request, session, fields, raw, name)


def _added(request: Request, session: Session, fields: dict[str, str], raw: bytes, name: str) -> HTMLResponse:
    state = state_of(session, fields)
    # The day to judge on is not the day of what was entered: which value is later goes by the documents.
    fields = {name: value for name, value in fields.items() if name not in ("today", f"v{_DAY}")}
    record, wrong = _corrected(session, state.record, fields)
    read = state_of(session, {**fields, "record": json.dumps(record, ensure_ascii=False)}).read
    known, register = Given(read, "patient_file"), state.register
    if wrong:
        return show_confirm(request, session, known, alert=". ".join(wrong), register=register)
    try:
        found = _given(session, raw, name)
        intake = found.intake or Intake((), Reading(to_record(found.read.patient)))
        reading = added_to(session, read, _BEFORE, intake.reading)
        both = of_intake(session, Intake(intake.notes, reading), found.shape, name)
    except Her2NavError as error:
        return show_confirm(request, session, known, alert=str(error), register=register)
    return show_confirm(request, session, both, register=register)


def _confirmed(request: Request, session: Session, fields: dict[str, str]) -> HTMLResponse:
    state = state_of(session, fields)
    record, wrong = _corrected(session, state.record, fields)
    if not record.get("cancer", {}).get(_TUMOUR):
        wrong.append("Choose which cancer it is: the same HER2 result means different things in different cancers")
    changed = {**fields, "record": json.dumps(record, ensure_ascii=False)}
    if wrong:
        read = state_of(session, changed).read
        return show_confirm(
            request, session, Given(read, "patient_file"), alert=". ".join(wrong), register=state.register
        )
    return show_result(request, session, state_of(session, changed))


def _corrected(session: Session, written: str, fields: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return a record with the corrections of the confirmation page, and what is wrong with them."""
    record = json.loads(written)
    reading, wrong = Reading(record), []
    if fields.get("today"):
        fields = {**fields, f"v{_DAY}": session.today().isoformat()}
    before = dict(values_of(record))
    for pointer, old in sorted(before.items(), reverse=True):
        new = fields.get(f"v{pointer}", old).strip()
        path = pointer.strip("/").replace("/", ".")
        if new == old:
            continue
        try:
            reading = corrected(session, reading, f"- {path}" if not new else f"{path} = {_yaml(new, old)}")
        except ValueProblem as problem:
            wrong.append(f"{label_of(pointer, session.knowledge)}: {problem}")
    asked = {f"/cancer/{_SETTING}": fields.get(_SPREAD, ""), f"/cancer/{_TUMOUR}": fields.get("tumour", "")}
    added = [f"{path[1:].replace('/', '.')} = {value}" for path, value in asked.items() if value and path not in before]
    for line in (*added, *fields.get("more", "").splitlines()):
        if line.strip():
            try:
                reading = corrected(session, reading, line)
            except ValueProblem as problem:
                wrong.append(f"{line.strip()}: {problem}")
    return reading.patient, wrong


def _yaml(new: str, old: str) -> str:
    """A list stays a list."""
    return f"[{new}]" if ", " in old and not new.startswith("[") else json.dumps(new, ensure_ascii=False)


def show_confirm(
    request: Request, session: Session, found: Given, alert: str | None = None, register: Register = "plain"
) -> HTMLResponse:
    """Return what was read, to be confirmed before it is used; text and values side by side where there is a text."""
    record = found.read.patient.model_dump(mode="json", exclude_defaults=True)
    record["as_of"] = found.read.as_of.isoformat()
    reading = found.intake.reading if found.intake else Reading(record)
    origins = {one.path: one for one in reading.provenance}
    values = [
        {"path": path, "label": label_of(path, session.knowledge), "value": value, "place": _place(origins.get(path))}
        for path, value in values_of(record)
    ]
    stated = record.get("cancer", {})
    groups = _grouped([one for one in values if one["path"] != _DAY], session)
    notes = found.intake.notes if found.intake else ()
    return page(
        request,
        "confirm",
        alert=alert,
        register=register,
        summary=summary(session, found),
        record=json.dumps(record, ensure_ascii=False),
        count=len(values) - 1,
        groups=groups,
        # What decides most, and what a report often leaves out: asked for here where it was not read.
        spread=_spread(session) if "setting" not in stated else None,
        tumours=reference.tumours(session) if _TUMOUR not in stated else (),
        tnm_m=str(stated.get("tnm", {}).get("m", "")),
        day=found.read.as_of.isoformat(),
        day_said=day_of(found.read.as_of),
        today=session.today().isoformat(),
        today_said=day_of(session.today()),
        later=[label_of(path, session.knowledge) for path in found.read.set_aside],
        texts=[{"name": note.name, "pieces": _pieces(note.text, note.name, reading)} for note in notes],
        doubts=_doubts(found, session),
        contradictions=reading.contradictions,
        replaced=[
            {"label": label_of(one.path, session.knowledge), "value": shown(one.value), "source": one.origin.source}
            for one in reading.older
        ],
        asked=reading.questions,
        unused=reading.unused,
    )


def _spread(session: Session) -> Asked:
    """Return the question how far the cancer has spread."""
    (found,) = questions_at(session.knowledge, "cancer.", (_SETTING,))
    return found


def _doubts(found: Given, session: Session) -> list[str]:
    """Return the warnings about single values, each with its place in words."""
    told = [line.partition(": ") for line in found.read.warnings if line.startswith("/") and "set aside" not in line]
    return [f"{label_of(place, session.knowledge)}: {said}" for place, _, said in told]


def _grouped(values: list[dict[str, Any]], session: Session) -> list[tuple[str, bool, list[dict[str, Any]]]]:
    """Return the values by part of the record with its name and whether it is shown open: what decides comes first."""
    by_part: dict[str, list[dict[str, Any]]] = {}
    for value in values:
        by_part.setdefault(value["path"].split("/")[1], []).append(value)
    first = [part for part in _FIRST if part in by_part]
    rest = [part for part in by_part if part not in first]
    return [
        (_PARTS.get(part, label_of(part, session.knowledge)), part in first, by_part[part]) for part in (*first, *rest)
    ]


def summary(session: Session, found: Given) -> str:
    """Return what was read in one sentence, as a question: stomach cancer, HER2 score 1+, is that right."""
    patient, knowledge = found.read.patient, session.knowledge
    told = []
    tumour = knowledge.tumours.find(patient.cancer.tumour_type) if patient.cancer.tumour_type else None
    told.append(knowledge.tumours.types[tumour].plain_name if tumour else "no kind of cancer")
    for specimen in patient.specimens:
        if specimen.ihc is not None and specimen.ihc.score:
            told.append(f"HER2 score {' or '.join(specimen.ihc.score)}")
        if specimen.ish is not None and specimen.ish.result is not None:
            told.append(f"gene test (ISH) {specimen.ish.result}")
        if specimen.her2_reported is not None:
            told.append(f"HER2 {specimen.her2_reported}")
    if len(told) == 1:
        told.append("no HER2 result")
    medicines = [item.name for course in patient.therapies for item in course.drugs]
    if medicines:
        told.append(f"medicines: {', '.join(dict.fromkeys(medicines))}")
    return f"We read: {', '.join(told)}. Is that right?"


def _place(one: Sourced | None) -> dict[str, Any] | None:
    if one is None:
        return None
    origin = one.origin
    return {
        "line": origin.line,
        "quote": origin.quote,
        "anchor": f"at-{origin.start}" if origin.start is not None else "",
    }


def _pieces(text: str, name: str, reading: Reading) -> list[tuple[str, str]]:
    """Cut a note into pieces: the words, and the anchor of those that gave a value."""
    spans = sorted(
        {
            (one.origin.start, one.origin.end)
            for one in reading.provenance
            if one.origin.source == name and one.origin.start is not None and one.origin.end is not None
        }
    )
    pieces: list[tuple[str, str]] = []
    at = 0
    for first, end in spans:
        if first < at:
            continue
        pieces += [(text[at:first], ""), (text[first:end], f"at-{first}")]
        at = end
    return [piece for piece in (*pieces, (text[at:], "")) if piece[0]]
