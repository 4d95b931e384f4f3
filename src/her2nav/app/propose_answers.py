"""The shape of the answer of `propose`."""

from __future__ import annotations

from typing import Any, Literal

from her2nav.model.base import Frozen


class Request(Frozen):
    """All that is sent, or would be."""

    instructions: str
    text: str


class ProposalAnswer(Frozen):
    """A proposal that stands the checks: machine-read, and of no effect until a person accepts it."""

    path: str
    value: Any
    quote: str
    source: str
    start: int
    end: int
    machine_read: Literal[True]
    decides: Literal[False]


class RefusedAnswer(Frozen):
    """A proposal that was thrown away."""

    path: str
    value: Any
    quote: str
    code: str
    reason: str


class ProposeAnswer(Frozen):
    """Answer of `her2nav propose values|readings --format json`."""

    kind: Literal["notes", "criteria"]
    endpoint: str
    model: str
    digest: str
    sent: bool
    from_kept: bool
    request: Request
    proposals: tuple[ProposalAnswer, ...]
    refused: tuple[RefusedAnswer, ...]
    versions: dict[str, str | None]
