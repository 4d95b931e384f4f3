"""Kinds of criteria on illnesses: what somebody who is well has not, and what no trial demands."""

ILLNESS = frozenset(
    {"allergy", "comorbidity", "cardiac_history", "lung_disease", "infection", "bleeding_thrombosis", "eye_disease", "immune", "gastrointestinal", "pregnancy",
     "second_malignancy", "viral_infection", "ild", "peripheral_neuropathy"}
)  # fmt: skip
NEVER_DEMANDED = ILLNESS | {"concomitant_medication"}
"""Read as a demand, a header that turned it round was not seen."""
