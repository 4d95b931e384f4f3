"""A trial that was read, written as a trial file for a curator to correct."""

from __future__ import annotations

from typing import Any

import yaml

from her2nav.catalogue.text import text_sha256
from her2nav.catalogue.trialfile import to_record
from her2nav.model.tree import Leaf, leaves
from her2nav.model.trial import Trial

_WIDTH = 118
_ORDER = ("id", "role", "section", "scope", "span", "text", "rule", "note")
_HEAD = """\
# A draft made by the reader, not yet curated. For every criterion: compare `text` with the registry's own words,
# say it in your own words, correct `rule`, and account for every stretch named under `note: not read`.
# Then set tumours, her2, setting, arms, countries and notes. `her2nav validate FILE` checks the result.
"""
_SOURCE = "registry_record"
_UNREAD = "not read: "


def draft_yaml(trial: Trial, text: str) -> str:
    """Return a trial file in YAML: the record's fields, one entry per criterion, unread stretches named in notes.

    Args:
        trial: The trial with its criteria read; spans point into `text`.
        text: The registry's eligibility text; its digest is written, so that a change of the text is noticed.
    """
    data = to_record(trial)
    review = data.pop("review")
    criteria = data.pop("criteria")
    data["curation"] = "full" if text else "partial"
    if text:
        data["text_sha256"] = text_sha256(text)
        data["text_source"] = _SOURCE
    data["review"] = {"state": "draft", "date": review["date"]}
    data["criteria"] = [
        _criterion(item, _unread(criterion.node, text))
        for item, criterion in zip(criteria, trial.criteria, strict=True)
    ]
    return _HEAD + yaml.safe_dump(
        data, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None, indent=2
    )


def _criterion(item: dict[str, Any], unread: list[str]) -> dict[str, Any]:
    if unread:
        item["note"] = _UNREAD + " | ".join(unread)
    if item["role"] == "decides":
        del item["role"]
    return {key: item[key] for key in _ORDER if key in item}


def _unread(node: Any, text: str) -> list[str]:
    """Return the words of the stretches that no rule read."""
    return [_words(leaf, text) for leaf in leaves(node) if leaf.kind == "unread"]


def _words(leaf: Leaf, text: str) -> str:
    if leaf.span is None:
        return leaf.text or "(no place)"
    return " ".join(text[leaf.span[0] : leaf.span[1]].split())
