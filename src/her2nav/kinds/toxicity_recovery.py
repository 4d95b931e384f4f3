"""Recovery from the toxicity of earlier treatment."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import Grade, OneOrMany


class Allowance(KindParams):
    """A side effect for which another grade is accepted; without a grade, any."""

    name: str
    max_grade: Grade | None = None


class Params(KindParams):
    """P: every ongoing side effect has at most this grade, exceptions apart."""

    max_grade: Grade
    exceptions: OneOrMany[Allowance] = ()


KIND = Kind(id="toxicity_recovery", name="toxicity recovery", taxonomy=(22,), params=Params)
