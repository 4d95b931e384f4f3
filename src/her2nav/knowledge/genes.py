"""Cancer genes: symbols and aliases, groups such as RAS, and which alterations are drivers with a therapy."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from her2nav.knowledge.names import NameIndex, key
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence


class Gene(Frozen):
    """A row of `vocabularies/genes.csv`: a gene, or a group of genes that is named as one."""

    symbol: str
    names: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Symbols of the group's genes; empty: one gene."""
    usual: Literal["mutation", "fusion", "amplification"] | None = None
    """What a laboratory means when it reports the gene as altered or not, without more words."""
    driver: Literal["yes", "listed"] | None = None
    """`yes`: altered means a driver with an approved therapy; `listed`: only with one of `driver_events`."""
    driver_events: tuple[str, ...] = ()
    note: str | None = None
    confidence: Confidence | None = None
    """Of `driver` and its events, with their source."""
    source: str | None = None
    locator: str | None = None
    checked_on: date | None = None

    @model_validator(mode="after")
    def _driver_has_a_source(self) -> Self:
        if self.driver is not None and None in (self.confidence, self.source, self.checked_on):
            raise ValueError(f"the driver '{self.symbol}' names no source")
        return self


class GeneIndex:
    """Genes by symbol and alias."""

    def __init__(self, rows: Sequence[Gene]) -> None:
        self.genes = {row.symbol: row for row in rows}
        entries = [(row.symbol, row.symbol) for row in rows]
        self._index = NameIndex([*entries, *((name, row.symbol) for row in rows for name in row.names)])
        for row in rows:
            for member in row.members:
                if member not in self.genes:
                    raise ValueError(f"the group '{row.symbol}' names an unknown gene '{member}'")

    def find(self, name: str) -> str | None:
        """Return the symbol of a gene or group, or None."""
        return self._index.find(name)

    def nearest(self, name: str) -> list[str]:
        """Return symbols that look like a name, best first."""
        return self._index.nearest(name)

    def symbols(self, name: str) -> tuple[str, ...]:
        """Return the gene, or the genes of a group; a name that is not known stands for itself, in capitals."""
        found = self.find(name)
        if found is None:
            return (name.strip().upper(),)
        return self.genes[found].members or (found,)

    @property
    def drivers(self) -> tuple[str, ...]:
        """Symbols of the genes whose alterations can be drivers with an approved therapy."""
        return tuple(row.symbol for row in self.genes.values() if row.driver is not None)

    def is_driver_event(self, symbol: str, event: str) -> bool:
        """True when the words name one of the gene's driver events."""
        row = self.genes.get(symbol)
        if row is None or row.confidence is None or row.confidence.unverified:
            return False
        return key(event) in {key(item) for item in row.driver_events}
