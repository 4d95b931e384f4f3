"""The extractors, one row each; to read another field, add a module and a row."""

from her2nav.intake.notes.fields.biomarkers import read_biomarkers
from her2nav.intake.notes.fields.disease import read_disease
from her2nav.intake.notes.fields.genes import read_genes
from her2nav.intake.notes.fields.health import read_health
from her2nav.intake.notes.fields.her2 import read_specimens
from her2nav.intake.notes.fields.imaged_lesions import read_imaged_lesions
from her2nav.intake.notes.fields.labs import read_labs
from her2nav.intake.notes.fields.person import read_person
from her2nav.intake.notes.fields.therapy import read_therapies
from her2nav.intake.notes.found import Extractor

EXTRACTORS: dict[str, Extractor] = {
    "person": read_person,
    "disease": read_disease,
    "specimens": read_specimens,
    "biomarkers": read_biomarkers,
    "genes": read_genes,
    "therapies": read_therapies,
    "health": read_health,
    "labs": read_labs,
    "lesions": read_imaged_lesions,
}
