"""A contradiction of the sources as an item of an answer; many answers hold some, and little else of the evidence."""

from __future__ import annotations

from her2nav.app.answers import ClaimItem, ConflictItem
from her2nav.knowledge.citations import cited
from her2nav.knowledge.conflicts import BASES, Conflict


def conflict(one: Conflict) -> ConflictItem:
    """Return a contradiction."""
    return ConflictItem(
        conflict=one.id,
        title=one.title,
        severity=one.severity,
        facts=list(one.facts),
        tumours=list(one.tumours),
        claims=[ClaimItem(says=claim.says, source=cited(claim.cite)) for claim in one.claims],
        used=one.used,
        why=one.why,
        basis=[BASES[basis] for basis in one.basis],
        unverified=one.unverified,
        changes_answer=one.changes_answer,
        plain=one.plain,
    )
