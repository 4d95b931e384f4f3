"""Which names of organs say bone: decalcification matters for these samples, and a size alone does not measure them."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from pydantic import Field

from her2nav.model.base import Frozen


class BoneName(Frozen):
    """A row of `vocabularies/bones.csv`; a name that ends in `*` stands for every ending."""

    name: str = Field(pattern=r"^[a-z]+(?: [a-z]+)*\*?$")
    says: Literal["bone", "not_bone"]
    """`not_bone` outweighs `bone`: skeletal muscle, iliac lymph node."""


class BoneNames:
    """Names of bones, found as whole words of what is written.

    Raises:
        ValueError: A name stands twice, or no name says bone.
    """

    def __init__(self, rows: Sequence[BoneName]) -> None:
        names = [row.name for row in rows]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"the name '{min(twice)}' stands twice")
        bones = _pattern(row.name for row in rows if row.says == "bone")
        others = _pattern(row.name for row in rows if row.says == "not_bone")
        if bones is None:
            raise ValueError("no name says bone")

        @lru_cache(maxsize=4096)
        def named(text: str) -> bool:
            plain = text.replace("_", " ")
            return bool(bones.search(plain)) and not (others is not None and others.search(plain))

        self._named = named

    def named(self, text: str) -> bool:
        """True when a text names bone and nothing that only sounds like it."""
        return self._named(text)


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return the pattern of whole names; None where there are none."""
    parts = [
        re.escape(name.removesuffix("*")).replace(r"\ ", r"\s+") + (r"\w*" if name[-1] == "*" else "") for name in names
    ]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE) if parts else None
