"""JSON Schemas of what the program reads and answers, generated from its types."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from her2nav.app import (
    answers,
    ask_answers,
    evidence_answers,
    intake_answers,
    intake_profile,
    interpreter_answers,
    monitor_answers,
    options_answers,
    plan_answers,
    propose_answers,
    registry_answers,
    screen_answers,
)
from her2nav.kinds.registry import kinds
from her2nav.model.patient import Patient
from her2nav.model.trial import TrialRecord

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of `patient`, `trial` or of a command's answer."""
    if name == "patient":
        return {"$schema": _DRAFT, **Patient.model_json_schema()}
    if name == "trial":
        return _trial_schema()
    models: dict[str, type[BaseModel]] = {
        "match": answers.MatchAnswer,
        "interpret": answers.InterpretAnswer,
        "variant": interpreter_answers.variant_answer(),
        "batch": interpreter_answers.BatchAnswer,
        "audit": interpreter_answers.AuditAnswer,
        "comment": interpreter_answers.CommentAnswer,
        "selftest": interpreter_answers.SelftestAnswer,
        "tests": plan_answers.PlanAnswer,
        "intake": intake_answers.IntakeAnswer,
        "intake-profile": intake_profile.ProfileAnswer,
        "propose": propose_answers.ProposeAnswer,
        "monitor": monitor_answers.MonitorAnswer,
        "ask": ask_answers.AskAnswer,
        "ask-list": ask_answers.QuestionList,
        "evidence": evidence_answers.EvidenceAnswer,
        "options": options_answers.OptionsAnswer,
        "registry-import": registry_answers.ImportAnswer,
        "registry-sync": registry_answers.SyncAnswer,
        "registry-status": registry_answers.StatusAnswer,
        "registry-search": registry_answers.SearchAnswerShape,
        "registry-show": registry_answers.ShowAnswer,
        "registry-diff": registry_answers.DiffAnswer,
        "screen": screen_answers.ScreenAnswer,
        "screen-explain": screen_answers.ScreenExplainAnswer,
        "watch": registry_answers.WatchAnswerShape,
    }
    model = models[name]
    return {"$schema": _DRAFT, **model.model_json_schema()}


def _trial_schema() -> dict[str, Any]:
    """The record's fields, the criteria beside them, and a node that is any logic or any kind."""
    schema = TrialRecord.model_json_schema(ref_template="#/$defs/{model}")
    definitions = schema.setdefault("$defs", {})
    node = {"$ref": "#/$defs/Node"}
    beside = {
        "span": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        "text": {"type": "string"},
    }
    heads: dict[str, Any] = {
        "all_of": {"type": "array", "items": node, "minItems": 1},
        "any_of": {"type": "array", "items": node, "minItems": 1},
        "not": node,
        "at_least": {
            "type": "object",
            "properties": {"n": {"type": "integer", "minimum": 1}, "of": {"type": "array", "items": node}},
            "required": ["n", "of"],
            "additionalProperties": False,
        },
    }
    for kind in kinds().values():
        params = kind.params.model_json_schema(ref_template=f"#/$defs/{kind.id}_{{model}}")
        for inner, value in params.pop("$defs", {}).items():
            definitions[f"{kind.id}_{inner}"] = value
        definitions[f"{kind.id}_params"] = params
        heads[kind.id] = {"$ref": f"#/$defs/{kind.id}_params"}
    shapes = [_shape({head: value}, beside) for head, value in heads.items()]
    shapes.append(_shape({"when": node, "then": node}, beside))
    definitions["Node"] = {"oneOf": shapes}
    schema["properties"]["criteria"] = {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "role": {"enum": ["decides", "confirm", "permits"], "default": "decides"},
                "section": {"enum": ["inclusion", "exclusion", "registry"]},
                "text": {"type": "string"},
                "rule": node,
                "span": beside["span"],
                "scope": {"type": "array", "items": {"type": "string"}},
                "note": {"type": "string"},
            },
            "required": ["id", "section", "text", "rule"],
            "additionalProperties": False,
        },
    }
    schema["required"] = [*schema.get("required", []), "criteria"]
    return {"$schema": _DRAFT, **schema}


def _shape(heads: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**heads, **beside},
        "required": list(heads),
        "additionalProperties": False,
    }
