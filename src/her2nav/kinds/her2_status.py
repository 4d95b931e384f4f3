"""HER2 status as a criterion defines it, judged on the raw results of one specimen at a time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, Drugs, KindParams
from her2nav.model.values import OneOrMany


class Definition(KindParams):
    """One sufficient definition; every key given holds of the same specimen."""

    ihc: OneOrMany[Literal["0", "1+", "2+", "3+"]] = ()
    """Any of these IHC scores."""
    ish: Literal["positive", "negative"] | None = None
    status: Literal["positive", "negative", "low", "ultralow", "zero", "expressing", "equivocal"] | None = None
    """A word used without numbers: judged by the rules of the patient's tumour. `negative` holds for IHC 0, ultralow
    and low alike; `expressing` is IHC 1+ or more."""
    amplified: bool | None = None
    """Gene amplification by ISH or tissue sequencing, by the assay's own call."""


class Params(KindParams):
    """P: a specimen that the policy selects satisfies one of the definitions."""

    any_of: Annotated[tuple[Definition, ...], Field(min_length=1)]
    scoring: Literal["breast", "gastric", "colorectal", "endometrial_serous", "lung"] | None = None
    """The scoring system the criterion names; absent: that of the patient's tumour."""
    laboratory: Literal["local", "central"] | None = None
    """`central`: a local result leaves confirmation pending."""
    specimens: Literal["unspecified", "current", "ever", "all"] = "unspecified"
    """`current`: the newest adequate specimen; `ever`: any specimen; `all`: every specimen; `unspecified`: the text does
    not say; definite only when current and ever agree."""
    site: Literal["primary", "metastasis"] | None = None
    after_drugs: Drugs = ()
    """Only specimens taken after treatment with one of these."""
    max_age_days: Days | None = None


KIND = Kind(id="her2_status", name="her2 status", taxonomy=(1,), params=Params)
