"""The JSON form of a plan, as `her2nav tests` prints it; the shape is described in docs/testing.md."""

from __future__ import annotations

from typing import Any

from her2nav.interpret.tables import Phrase
from her2nav.testing.results import Item, Plan, Reason, SourceLine, Target


def to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain data."""
    order = plan.tissue_order
    return {
        "done": [
            {"clinical": one.clinical, "plain": one.plain, "path": one.path, "date": one.date, "group": one.group}
            for one in plan.done
        ],
        "now": [{"order": number, **_item(item)} for number, item in enumerate(plan.now, start=1)],
        "later": [_item(item) for item in plan.later],
        "notes": [_reason(note) for note in plan.notes],
        "tissue_order": None
        if order is None
        else {"little_tissue": order.little, "tests": list(order.tests), "reason": _reason(order.reason)},
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "test": item.test,
        "group": item.group,
        "clinical": item.clinical,
        "plain": item.plain,
        "burden": item.burden,
        "effort": str(item.effort),
        "strength": item.strength,
        "certain": item.certain,
        "depends_on": [_phrase(one) for one in item.depends_on],
        "trigger": None if item.trigger is None else _phrase(item.trigger),
        "open": list(item.open),
        "specimens": [_target(one) for one in item.targets],
        "reasons": [_reason(one) for one in item.reasons],
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "path": target.path,
        "clinical": target.clinical,
        "plain": target.plain,
        "cautions": [_phrase(one) for one in target.cautions],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "rules": list(reason.rules),
        "clinical": reason.clinical,
        "plain": reason.plain,
        "sources": [_source(line) for line in reason.sources],
        "unverified": reason.unverified,
        "depends_on": [_phrase(one) for one in reason.depends_on],
    }


def _source(line: SourceLine) -> dict[str, Any]:
    return {
        "source": line.source,
        "locator": line.locator,
        "confidence": str(line.confidence),
        "unverified": line.unverified,
    }


def _phrase(phrase: Phrase) -> dict[str, str]:
    return {"clinical": phrase.clinical, "plain": phrase.plain}
