"""The forms in which a language model answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

_LONGEST = 2_000


class NoteProposal(BaseModel):
    """A value for one path, with the words that prove it."""

    model_config = ConfigDict(extra="ignore")
    path: str = Field(max_length=200)
    value: JsonValue
    quote: str = Field(max_length=_LONGEST)


class NoteProposals(BaseModel):
    """Values that the notes state."""

    proposals: list[NoteProposal] = Field(max_length=200)


class CriterionProposal(BaseModel):
    """A tree for one numbered stretch, with the words that prove it."""

    model_config = ConfigDict(extra="ignore")
    number: int
    tree: dict[str, Any]
    quote: str = Field(max_length=_LONGEST)


class CriterionProposals(BaseModel):
    """Trees that state stretches completely."""

    proposals: list[CriterionProposal] = Field(max_length=500)
