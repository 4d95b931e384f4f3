"""The file form of a trial: `data/trials/NCT########.yaml` to a `Trial` and back to plain data."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from her2nav.files.places import Document, Path
from her2nav.files.validation import explain
from her2nav.kinds.forms import TreeReader
from her2nav.model.errors import Her2NavError, ValueProblem
from her2nav.model.tree import Leaf, leaves
from her2nav.model.trial import Criterion, Role, Trial, TrialRecord

_KEYS = ("id", "role", "section", "text", "rule", "span", "scope", "note")


def read_trial(document: Document, error: type[Her2NavError] = ValueProblem) -> Trial:
    """Build a trial from a parsed trial file.

    Raises:
        error: The first thing wrong, with file, place and what is allowed.
    """
    if not isinstance(document.data, dict):
        raise error("the file holds no trial", file=document.name, allowed="nct_id, title, status, criteria, …")
    data = dict(document.data)
    criteria = data.pop("criteria", None)
    try:
        record = TrialRecord.model_validate(data)
    except ValidationError as problem:
        raise explain(problem, TrialRecord, document, error) from None
    if not isinstance(criteria, list) or not criteria:
        raise error("a trial has criteria", file=document.name, place=document.place(("criteria",)))
    reader = _CriterionReader(document, record, error)
    trial = Trial(record, tuple(reader.read(item, i) for i, item in enumerate(criteria)), "curated")
    reader.check(trial)
    return trial


class _CriterionReader:
    def __init__(self, document: Document, record: TrialRecord, error: type[Her2NavError]) -> None:
        self._document = document
        self._trees = TreeReader(document, error)
        self._arms = {arm.id for arm in record.arms}
        self._error = error

    def read(self, item: object, index: int) -> Criterion:
        path: Path = ("criteria", index)
        if not isinstance(item, dict):
            raise self._wrong(path, "a criterion is a group of keys", ", ".join(_KEYS))
        for key in item:
            if key not in _KEYS:
                raise self._wrong((*path, key), f"unknown key '{key}'", ", ".join(_KEYS))
        for key in ("id", "section", "text", "rule"):
            if not item.get(key):
                raise self._wrong(path, f"the key '{key}' is absent", ", ".join(_KEYS))
        if item["section"] not in ("inclusion", "exclusion", "registry"):
            raise self._wrong(
                (*path, "section"), f"'{item['section']}' is no section", "inclusion, exclusion, registry"
            )
        role = item.get("role", "decides")
        if role not in set(Role):
            raise self._wrong((*path, "role"), f"'{role}' is no role", ", ".join(Role))
        span = item.get("span")
        scope = item.get("scope") or []
        unknown = [arm for arm in scope if arm not in self._arms]
        if unknown:
            raise self._wrong((*path, "scope"), f"no arm '{unknown[0]}'", ", ".join(sorted(self._arms)) or "no arms")
        return Criterion(
            id=item["id"],
            role=Role(role),
            section=item["section"],
            text=item["text"],
            node=self._trees.read(item["rule"], (*path, "rule")),
            span=(int(span[0]), int(span[1])) if span else None,
            scope=tuple(scope),
            note=item.get("note"),
        )

    def check(self, trial: Trial) -> None:
        """Ids are unique; a partial curation admits it with an unread node, a full one names its text."""
        seen: set[str] = set()
        for index, criterion in enumerate(trial.criteria):
            if criterion.id in seen:
                raise self._wrong(("criteria", index, "id"), f"the id '{criterion.id}' stands twice", "unique ids")
            seen.add(criterion.id)
        unread = any(leaf.kind == "unread" for leaf in trial_leaves(trial))
        if trial.record.curation == "partial" and not unread:
            raise self._wrong(("curation",), "a partial curation holds an unread criterion", "unread: {}")
        if trial.record.curation == "full" and trial.record.text_sha256 is None:
            raise self._wrong(("text_sha256",), "a full curation names the digest of its text", "64 hex digits")

    def _wrong(self, path: Path, message: str, allowed: str | None) -> Her2NavError:
        return self._error(message, file=self._document.name, place=self._document.place(path), allowed=allowed)


def trial_leaves(trial: Trial) -> list[Leaf]:
    """Return every leaf of every criterion."""
    return [leaf for criterion in trial.criteria for leaf in leaves(criterion.node)]


def to_record(trial: Trial) -> dict[str, Any]:
    """Return the trial as plain data in the form of the trial file."""
    from her2nav.kinds.forms import write

    data: dict[str, Any] = trial.record.model_dump(mode="json", exclude_defaults=True)
    data["criteria"] = []
    for criterion in trial.criteria:
        item: dict[str, Any] = {"id": criterion.id, "role": criterion.role.value, "section": criterion.section}
        item |= {"text": criterion.text, "rule": write(criterion.node)}
        if criterion.span:
            item["span"] = list(criterion.span)
        if criterion.scope:
            item["scope"] = list(criterion.scope)
        if criterion.note:
            item["note"] = criterion.note
        data["criteria"].append(item)
    return data
