"""Use cases without a patient: variants, evidence, the catalogue, criteria of a trial, schemas."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from her2nav.app import evidence_answers, interpreter_answers
from her2nav.model.errors import InputError
from her2nav.web.api.common import Answer, Current, json_answer
from her2nav.web.bodies import TextBody

router = APIRouter(prefix="/api", tags=["reference"])
_Name = Annotated[str | None, Query(max_length=200)]
_Names = Annotated[list[str] | None, Query(max_length=20)]


@router.get("/variant", summary="An ERBB2 variant", responses={200: {"model": interpreter_answers.variant_answer()}})
def variant(
    text: Annotated[str, Query(min_length=1, max_length=300)], session: Current, tumour: _Name = None
) -> Answer:
    """Names, exon, domain, class and what it means for treatment."""
    from her2nav.app.variant import variant as run
    from her2nav.app.variant import variant_json

    return json_answer(variant_json(session, run(session, [text], tumour)))


@router.get("/evidence", summary="Studies", responses={200: {"model": evidence_answers.EvidenceAnswer}})
def evidence(
    session: Current,
    tumour: _Name = None,
    drug: _Name = None,
    setting: _Name = None,
    study: _Name = None,
    pool: bool = False,
) -> Answer:
    """Study rows with intervals and sources."""
    from her2nav.app.evidence import Query as Asked
    from her2nav.app.evidence import evidence as run
    from her2nav.app.evidence import read_setting, read_terms, read_tumour

    asked = Asked(
        tumour=read_tumour(session, tumour),
        terms=read_terms(session, drug),
        setting=read_setting(setting),
        study=study,
        pool=pool,
    )
    return json_answer(run(session, asked).model_dump(mode="json"))


@router.get("/conflicts", summary="Where sources disagree", responses={200: {"model": evidence_answers.EvidenceAnswer}})
def conflicts(session: Current, tumour: _Name = None) -> Answer:
    """Contradictions of the sources, both values, and which one is used and why."""
    from her2nav.app.evidence import conflicts_answer, read_tumour

    return json_answer(conflicts_answer(session, read_tumour(session, tumour)).model_dump(mode="json"))


@router.get("/catalogue", summary="Curated trials")
def catalogue(
    session: Current,
    tumour: _Names = None,
    her2: _Names = None,
    setting: _Names = None,
    drug: _Names = None,
    open: bool = False,  # noqa: A002 - the name in the address
) -> Answer:
    """Trials of the catalogue without a patient, with counts."""
    from her2nav.app.catalogue import question_of, trials_json

    knowledge = session.knowledge
    question = question_of(knowledge, tumour or (), her2 or (), setting or (), drug or (), open)
    return json_answer(trials_json(knowledge, question, session.today()))


@router.get("/criteria/{nct_id}", summary="Criteria of a trial of the store")
def criteria_of(nct_id: str, session: Current) -> Answer:
    """The tree that was read of a trial's text, and the flat attributes."""
    from her2nav.app.criteria import criteria_json, read_criteria, stored

    trial = stored(session.folder, nct_id)
    return json_answer(criteria_json(session.knowledge, read_criteria(session.knowledge, trial)))


@router.post("/criteria", summary="Criteria of a text")
def criteria(body: TextBody, session: Current) -> Answer:
    """The tree that is read of an eligibility text, and the flat attributes."""
    from her2nav.app.criteria import criteria_json, read_criteria, text_record

    if not body.text.strip():
        raise InputError("the text is empty", place="text", allowed="eligibility criteria")
    return json_answer(criteria_json(session.knowledge, read_criteria(session.knowledge, text_record(body.text))))


@router.get("/schema/{name}", summary="JSON Schema of a record or an answer")
def schema(name: str) -> Answer:
    """The JSON Schema of `patient`, `trial` or a command's answer."""
    from her2nav.app.schemas import json_schema

    try:
        found: dict[str, Any] = json_schema(name)
    except KeyError:
        raise InputError(f"no schema '{name}'", allowed="patient, trial, match, …", code="not_found") from None
    return json_answer(found, media="application/schema+json")


@router.get("/health", summary="Is it up, and with which versions")
def health(session: Current) -> Answer:
    """Versions of program, knowledge, reader and catalogue."""
    return json_answer({"status": "ok", "versions": session.versions()})
