"""Notes to a reading: the entrance to this package."""

from __future__ import annotations

from collections.abc import Sequence

from her2nav.intake.notes.assemble import assemble, used_spans
from her2nav.intake.notes.dates import Order
from her2nav.intake.notes.found import Item, origin
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.language import readable, warning
from her2nav.intake.notes.left_over import left_over
from her2nav.intake.notes.note import Note
from her2nav.intake.notes.registry import EXTRACTORS
from her2nav.intake.notes.source import NoteText
from her2nav.intake.notes.vocabulary import vocabulary
from her2nav.intake.reading import Question, Reading, Unused
from her2nav.knowledge.load import Knowledge


def read_notes(sources: Sequence[NoteText], knowledge: Knowledge, *, order: Order | None = None) -> Reading:
    """Read notes of one patient into a patient file with the place behind every value.

    Args:
        sources: The notes, in any order.
        knowledge: Vocabularies.
        order: Day first or month first, where the user said so; else each note's own dates decide.

    Returns:
        What was read; what contradicts, is older, or must be asked; and the lines, or parts of lines, without any value.
    """
    words = vocabulary(knowledge)
    notes = [Note(source, words, order) for source in sources]
    items: list[tuple[int, Item]] = []
    unused: list[Unused] = []
    for index, note in enumerate(notes):
        Gated.scan(note.plain)
        found = [item for extractor in EXTRACTORS.values() for item in readable(note, extractor(note))]
        unused += left_over(note, used_spans(found))
        items += [(index, item) for item in found]
    Gated.forget()
    draft = assemble(notes, items, words.rules)
    for note in notes:
        draft.questions[:0] = _date_questions(note)
    partial = [f"{note.name}: {reason}" for note in notes for reason in (note.partial, warning(note)) if reason]
    return Reading(
        patient=draft.patient,
        provenance=tuple(draft.provenance),
        contradictions=tuple(draft.contradictions),
        questions=tuple(draft.questions),
        older=tuple(draft.older),
        unused=tuple(unused),
        partial="; ".join(partial) or None,
        lines=sum(1 for note in notes for line in note.original.split("\n") if line.strip()),
    )


def _date_questions(note: Note) -> list[Question]:
    """Ask for the order of day and month where dates wait for it."""
    if not note.dates.open:
        return []
    first = note.dates.open[0]
    shown = note.text[first.start : first.end]
    reason = "both orders occur in the note" if note.order_conflict else "no date of the note settles it"
    message = f"'{shown}' and {len(note.dates.open) - 1} more: day or month first? ({reason}); only years were taken"
    if len(note.dates.open) == 1:
        message = f"'{shown}': day or month first? ({reason}); only the year was taken"
    return [Question("date_order", message, origin(note, (first.start, first.end)))]
