"""What blood tests say of HIV, hepatitis B and hepatitis C, whichever kind asks."""

from __future__ import annotations

from typing import Literal

from her2nav.model.treatment import Serology
from her2nav.model.truth import Truth

Virus = Literal["hiv", "hbv", "hcv"]
NAMES: dict[Virus, str] = {"hiv": "HIV", "hbv": "hepatitis B", "hcv": "hepatitis C"}


def positive(result: str | None) -> Truth:
    """Return whether a result is positive; unknown where there is none or it is not clear."""
    if result in ("positive", "detectable"):
        return Truth.MET
    return Truth.NOT_MET if result in ("negative", "undetectable") else Truth.UNKNOWN


def shows_infection(tests: Serology, virus: Virus) -> Truth:
    """Whether the tests show an infection now.

    Hepatitis B: HBsAg or DNA; antibodies to the core alone tell of contact, and only DNA then says that it is over.
    Hepatitis C: RNA; antibodies alone tell of contact.
    """
    if virus == "hiv":
        return Truth.MET if positive(tests.hiv_rna) is Truth.MET else positive(tests.hiv)
    if virus == "hcv":
        rna = positive(tests.hcv_rna)
        return Truth.NOT_MET if rna is Truth.UNKNOWN and positive(tests.anti_hcv) is Truth.NOT_MET else rna
    surface, dna = positive(tests.hbsag), positive(tests.hbv_dna)
    if Truth.MET in (surface, dna):
        return Truth.MET
    contact = positive(tests.anti_hbc) is Truth.MET
    if surface is Truth.NOT_MET and (dna is Truth.NOT_MET or not contact):
        return Truth.NOT_MET
    return Truth.UNKNOWN


def shows_virus(tests: Serology, virus: Virus) -> Truth:
    """Whether the virus itself is detectable in blood."""
    return positive({"hiv": tests.hiv_rna, "hbv": tests.hbv_dna, "hcv": tests.hcv_rna}[virus])


def unsuppressed(tests: Serology) -> list[Virus]:
    """Return the infections that the tests show, or leave open, and that no test shows to be suppressed.

    Antibodies against hepatitis C without a test of its RNA leave it open; those against hepatitis B tell of the past.
    """
    contact = positive(tests.anti_hcv) is Truth.MET
    shown = [one for one in NAMES if shows_infection(tests, one) is Truth.MET or (one == "hcv" and contact)]
    return [one for one in shown if shows_virus(tests, one) is not Truth.NOT_MET]
