"""The base of every record: frozen, and closed to unknown keys."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A record that cannot be changed after it is made and that refuses keys it does not know."""

    # Schemas are built when first used: a start that reads one patient needs few of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
