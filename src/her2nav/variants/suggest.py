"""What was perhaps meant where a change does not fit the reference: a neighbour residue, an isoform, another gene."""

from __future__ import annotations

from her2nav.variants.grammar import Written
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.protein import Change, name
from her2nav.variants.resolve import mismatches, resolve

_NEIGHBOURS = (1, -1)


def suggestions(written: Written, knowledge: VariantKnowledge) -> list[str]:
    """Return names that were perhaps meant, known variants first; never more than one per kind of slip."""
    offsets = [*_NEIGHBOURS, *(isoform.offset for isoform in knowledge.protein.isoforms)]
    found = [short for offset in offsets if (short := shifted(written, offset, knowledge))]
    found.sort(key=lambda short: short not in knowledge.rows)
    spelled = _spelled(written)
    found += [f"{item.gene} {item.name}" for item in knowledge.notation.look_alikes if item.name == spelled]
    return found


def shifted(written: Written, offset: int, knowledge: VariantKnowledge) -> str | None:
    """Return the canonical name of a change moved by some residues, when every residue named then fits."""
    if mismatches(written, knowledge.reference, offset):
        return None
    if written.operation == "frameshift":
        return None
    change = resolve(written, knowledge.reference, offset)
    return name(knowledge.reference, change).short if isinstance(change, Change) else None


def isoform_reading(written: Written, short: str, knowledge: VariantKnowledge) -> str | None:
    """Return the known variant that a valid but unknown change would be in the numbering of an isoform."""
    if short in knowledge.rows:
        return None
    moved = [shifted(written, isoform.offset, knowledge) for isoform in knowledge.protein.isoforms]
    return next((other for other in moved if other in knowledge.rows), None)


def _spelled(written: Written) -> str:
    ends = f"{written.first_residue}{written.first}"
    if written.two_ends:
        ends += f"_{written.last_residue or ''}{written.last}"
    words = {"insertion": "ins", "duplication": "dup", "deletion": "del", "delins": "delins"}
    return ends + words.get(written.operation, "") + (written.new or "")
