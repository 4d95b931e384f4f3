"""Microsatellite instability and mismatch repair."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.kinds.reading.base import Scanner, Sentence, Stretched, leaf
from her2nav.language.sought import Sought

_HIGH = (
    r"(?:\bmsi-? ?h(?:igh|i)?\b|\bmicro-?satellite instab(?:ility|le)[ -]*(?:\(msi\))?[ -]*(?:high\b|\(msi-?h\)|h\b)(?: ?[(\[]msi-?h(?:igh)?[)\]])?|\bhigh(?:ly)? micro-?satellite instab(?:ility|le)(?: ?\(msi-?h\))?|"
    r"\bd-?mmr\b|\bmmr-?d\b|\b(?:dna )?mis-?match[ -]repair(?: protein)?[ -]*(?:\(mmr\))?[ -]*deficien(?:t|cy)(?: ?[(\[](?:dmmr|mmrd)[)\]])?|\bdeficient (?:dna )?mis-?match[ -]repair(?: ?[(\[]dmmr[)\]])?|\bdefective mis-?match[ -]repair|\bmmr[ -]deficien(?:t|cy)|\b(?:dna )?mis-?match[ -]repair ?[(\[]dmmr[)\]]|\bmicro-?satellite instab(?:ility|le) ?[(\[]msi-?h[)\]])"
)
_STABLE = (
    r"(?:\bmss\b|\bmicro-?satellite[ -]stab(?:le|ility)(?: ?[(\[]mss[)\]])?|\bp-?mmr\b|\bmmr-?p\b|\b(?:dna )?mis-?match[ -]repair[ -]*proficien(?:t|cy)(?: ?[(\[]pmmr[)\]])?|"
    r"\bproficient (?:dna )?mis-?match[ -]repair(?: ?[(\[]pmmr[)\]])?|\bmmr[ -]proficien(?:t|cy)|\bnon-? ?msi-?h(?:igh)?\b|\bmsi-?l(?:ow)?\b|\bintact mis-?match[ -]repair)"
)
_JOIN = r"(?:[ ,/()\[\]]|\b(?:or|and/or|and|status|known|either|tumou?rs?|disease|dna)\b)*"
_RUN = Sought(
    rf"(?:\beither )?(?:(?P<high>{_HIGH}(?:{_JOIN}{_HIGH})*)|(?P<stable>{_STABLE}(?:{_JOIN}{_STABLE})*))(?:[ -]*(?:status|phenotype)\b)?"
)


_TESTED = re.compile(
    r"[ -]*(?:status )?(?:confirmation|testing|test\b|tests\b|assessment|determination|analysis|evaluation|screening)"
)
_TO_TEST = re.compile(
    r"\b(?:(?:test(?:ed|ing)?|assess(?:ed|ment)?|confirm(?:ation)?|determin(?:e|ation)|evaluat(?:e|ion)|screen(?:ed|ing)?) (?:for|of))(?: (?:the|any|retrospective|known))* *\Z"
)
"""What a test looks for."""


_LAST_OF_CANCERS = re.compile(r",? and *\Z")
_A_CANCER = re.compile(r"[ -]*(?:solid )?(?:tumou?rs|cancers)\b")


def _ends_cancers(sentence: Sentence, found: re.Match[str]) -> bool:
    """Whether it ends a list of cancers that are alternatives: "melanoma, lung cancer, and MSI-H tumours"."""
    return (
        sentence.section == "inclusion"
        and _LAST_OF_CANCERS.search(sentence.text, 0, found.start()) is not None
        and _A_CANCER.match(sentence.text, found.end()) is not None
        and any(hit.end <= found.start() and hit.id("tumour") for hit in sentence.hits)
    )


def _scan(sentence: Sentence) -> Iterator[Stretched]:
    for found in _RUN.finditer(sentence.text):
        if _ends_cancers(sentence, found):
            continue
        if _TESTED.match(sentence.text, found.end()) or _TO_TEST.search(
            sentence.text, max(0, found.start() - 40), found.start()
        ):
            continue
        yield Stretched(*found.span(), leaf("msi_mmr", status="MSI-H" if found["high"] else "MSS"))


SCANNERS = (
    Scanner(
        "msi_mmr.status",
        ("msi", "mss", "dmmr", "pmmr", "mmr", "mmrd", "microsatellite", "mismatch", "gene", "variable", "condition", "marker"),
        _scan,
        priority=3,
        sought=(_RUN,),
        texts=(
            ("MSI-H or dMMR", {"msi_mmr": {"status": "MSI-H"}}),
            ("microsatellite stable (MSS) or mismatch repair proficient (pMMR)", {"msi_mmr": {"status": "MSS"}}),
            ("mismatch repair deficient", {"msi_mmr": {"status": "MSI-H"}}),
            ("microsatellite testing", None),
        ),
    ),
)  # fmt: skip
