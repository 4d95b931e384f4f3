"""Use cases about a patient, each with the JSON of its command."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from her2nav.app import answers, monitor_answers, options_answers, plan_answers
from her2nav.app.intake_answers import IntakeAnswer
from her2nav.web.api.common import Answer, Current, json_answer
from her2nav.web.bodies import IntakeBody, MatchBody, MonitorBody, OptionsBody, PatientBody

router = APIRouter(prefix="/api", tags=["patient"])


def _as(model: type[Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model}}


@router.post("/interpret", summary="HER2 status", responses=_as(answers.InterpretAnswer))
def interpret(body: PatientBody, session: Current) -> Answer:
    """Status of every specimen and of the patient, with reasons and the next test."""
    from her2nav.app.interpret import interpret as run
    from her2nav.app.interpret import interpret_json

    read = body.given(session).read
    return json_answer(interpret_json(session, run(session, read), read.warnings))


@router.post("/tests", summary="What to test", responses=_as(plan_answers.PlanAnswer))
def tests(body: PatientBody, session: Current) -> Answer:
    """What to test, on what tissue, in what order, and why."""
    from her2nav.app.tests_plan import plan_json, plan_tests

    read = body.given(session).read
    case, plan = plan_tests(session, read)
    return json_answer(plan_json(session, case, plan, read.warnings))


@router.post("/match", summary="Trials that may fit", responses=_as(answers.MatchAnswer))
def match(body: MatchBody, session: Current) -> Answer:
    """Every trial judged criterion by criterion, ranked, with what to find out next."""
    from her2nav.app.match import match as run
    from her2nav.app.match import match_json

    answer = run(session, body.given(session).read, body.choice)
    return json_answer(match_json(session, answer, top=body.top, full=body.full))


@router.post("/options", summary="Treatment options", responses=_as(options_answers.OptionsAnswer))
def options(body: OptionsBody, session: Current) -> Answer:
    """Labels, recommendations and trials as of the day, with what each would close."""
    from her2nav.app.options import options as run
    from her2nav.app.options_json import options_json

    return json_answer(options_json(session, run(session, body.given(session).read, body.country)))


@router.post("/monitor", summary="Safety and monitoring", responses=_as(monitor_answers.MonitorAnswer))
def monitor(body: MonitorBody, session: Current) -> Answer:
    """Baseline tests, calendar, and hold rules judged on the patient's values."""
    from her2nav.app.monitor import monitor as run
    from her2nav.app.monitor import monitor_json

    read = body.given(session).read
    case, found = run(session, read, body.drug, start=body.start, country=body.country, months=body.months)
    return json_answer(monitor_json(session, case, found, read.warnings))


@router.post("/intake", summary="Read a report, a letter or a bundle", responses=_as(IntakeAnswer))
def intake(body: IntakeBody, session: Current) -> Answer:
    """The patient file that was read, with the place behind every value, contradictions and what was not used."""
    from her2nav.app.intake import Intake, added_to, to_json
    from her2nav.intake.reading import Reading
    from her2nav.model.patient import to_record

    found, known = body.given(session), body.known(session)
    read = found.intake or Intake((), Reading(to_record(found.read.patient)))
    if known is not None:
        read = Intake(read.notes, added_to(session, known, "into", read.reading))
    return json_answer(to_json(session, read))
