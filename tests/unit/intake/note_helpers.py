"""Reading a text in a test."""

from her2nav.intake.notes.read import read_notes
from her2nav.intake.notes.source import note_of
from her2nav.knowledge.load import load_knowledge


def read(*texts, order=None):
    """Read texts as notes of one patient."""
    sources = [note_of(text, f"note{i}") for i, text in enumerate(texts, start=1)]
    return read_notes(sources, load_knowledge(), order=order)


def patient(*texts, order=None):
    """Return the patient file of texts."""
    return read(*texts, order=order).patient


def at(record, path):
    """Return the value at a dotted path, None where there is none."""
    for part in path.split("."):
        key = int(part) if part.isdigit() else part
        try:
            record = record[key]
        except (KeyError, IndexError, TypeError):
            return None
    return record
