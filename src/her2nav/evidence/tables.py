"""The tables that can be asked for: apart, because the command line needs their names before anything is loaded."""

from enum import StrEnum


class Table(StrEnum):
    """What is shown."""

    RESULTS = "results"
    INTRACRANIAL = "intracranial"
    FIGURES = "figures"
    ASSAYS = "assays"
    REVIEWS = "reviews"
    DRUGS = "drugs"
