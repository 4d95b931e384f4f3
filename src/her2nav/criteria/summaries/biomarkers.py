"""HER2, hormone receptors and other biomarkers."""

from __future__ import annotations

from typing import Any

from her2nav.criteria.attributes import Attributes, Seen, summary
from her2nav.criteria.summaries.history import of_kind


@summary("her2")
def her2(leaves: list[Seen], out: Attributes) -> None:
    """All alternatives that suffice; those that the text excludes apart."""
    wanted: list[dict[str, Any]] = []
    excluded: list[dict[str, Any]] = []
    for item in of_kind(leaves, "her2_status"):
        if item.guarded:
            continue
        into = wanted if item.wanted else excluded
        for definition in item.params.any_of:
            entry: dict[str, Any] = {}
            if definition.ihc:
                entry["ihc"] = list(definition.ihc)
            if definition.ish:
                entry["ish"] = definition.ish
            if definition.status:
                entry["status"] = definition.status
            if definition.amplified:
                entry["amplification"] = True
            if entry and entry not in into:
                into.append(entry)
    for item in of_kind(leaves, "her2_mutation"):
        into = wanted if item.wanted else excluded
        for group in item.params.any_of or ("any",):
            if not item.guarded and {"mutation": group} not in into:
                into.append({"mutation": group})
    for item in of_kind(leaves, "her2_amplification"):
        into = wanted if item.wanted else excluded
        if not item.guarded and {"amplification": True} not in into:
            into.append({"amplification": True})
    if wanted:
        out["her2"] = wanted
    if excluded:
        out["her2_excluded"] = excluded
