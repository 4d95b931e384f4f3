"""The reference protein, its regions, the table of variants and the words around them, indexed for look-up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError
from her2nav.model.provenance import Provenance
from her2nav.variants.call import Actionability
from her2nav.variants.grammar import coding_key, identifier_key
from her2nav.variants.resolve import canonical
from her2nav.variants.schema import (
    ActionRow,
    Exon,
    NotationFile,
    ProteinFile,
    ProteinIsoform,
    RegionsFile,
    VariantClass,
    VariantRow,
)
from her2nav.variants.text import Phrases

FOLDER = "variants"
EXON20_CLASS = "exon20_insertion"
TKD_CLASS = "tkd_activating"
ACTIVATING_CLASS = "activating"
LABEL_CLASSES = (ACTIVATING_CLASS, TKD_CLASS, EXON20_CLASS)
"""Classes that drugs are given for: any activating variant, one of the kinase domain, an exon 20 insertion."""
_RESIDUE = re.compile(r"^[A-Z][0-9]+$")


class VariantKnowledge:
    """All that reading a variant needs.

    Raises:
        DataError: A name of the table is not canonical, its exon or domain is not where its residue lies, a name
            stands twice, or a drug is given for a variant or class that does not exist.
    """

    def __init__(
        self,
        protein: ProteinFile,
        regions: RegionsFile,
        notation: NotationFile,
        rows: Sequence[VariantRow],
        actions: Sequence[ActionRow],
    ) -> None:
        self.protein = protein
        self.regions = regions
        self.notation = notation
        self.reference = protein.residues
        self.gene = protein.gene
        self.rows = {row.variant: row for row in rows}
        self.classes = {item.id: item for item in notation.classes}
        self.by_coding = self._index((coding_key(c), row) for row in rows for c in row.hgvs_c)
        self.by_identifier = self._index((identifier_key(i), row) for row in rows for i in (*row.ids, *row.weak_ids))
        self.weak_identifiers = frozenset(identifier_key(i) for row in rows for i in row.weak_ids)
        self._actions: dict[str, list[Actionability]] = defaultdict(list)
        for action in actions:
            self._actions[action.applies_to].append(_actionability(action))
        self._check(rows)

    def actions(self, applies_to: str | None) -> tuple[Actionability, ...]:
        """Return the drugs of a variant, residue or class."""
        return tuple(self._actions.get(applies_to or "", ()))

    def domain_of(self, residue: int) -> str | None:
        """Return the domain of a residue."""
        return next((item.id for item in self.regions.domains if item.first <= residue <= item.last), None)

    def exon_of(self, residue: int) -> Exon | None:
        """Return the exon that codes a residue."""
        return next((item for item in self.regions.exons if item.first <= residue <= item.last), None)

    def in_kinase_domain(self, first: int, last: int) -> bool | None:
        """Say whether residues lie in the kinase domain; None when they straddle its edge."""
        inside = {self.domain_of(residue) == self.regions.kinase_domain for residue in (first, last)}
        return inside.pop() if len(inside) == 1 else None

    def provenance_of(self, field: str) -> tuple[Provenance, ...]:
        """Return the source of a part of the regions file, as a rule rests on it."""
        return tuple(item for item in self.regions.provenance if field in item.covers)

    def class_sources(self, item: VariantClass) -> tuple[Provenance, ...]:
        """Return the source of a class, with the place and confidence of its own entry."""
        listed = next(entry for entry in self.notation.provenance if "classes" in entry.covers)
        return (listed.model_copy(update={"locator": item.locator, "confidence": item.confidence, "covers": ()}),)

    @cached_property
    def class_rule(self) -> tuple[Provenance, ...]:
        """The source of the rules of place and kind."""
        return self.provenance_of("exon20_insertion_window")

    def isoform(self, text: str) -> ProteinIsoform | None:
        """Return the isoform whose accession or name a text holds."""
        lowered = text.lower()
        for item in self.protein.isoforms:
            if any(known.lower() in lowered for known in (*item.accessions, *item.names)):
                return item
        return None

    @cached_property
    def nicknames(self) -> Phrases[str]:
        """Phrases that stand for one variant, such as YVMA."""
        return Phrases({nickname: row.variant for row in self.rows.values() for nickname in row.nicknames})

    @cached_property
    def class_phrases(self) -> Phrases[VariantClass]:
        """Phrases that name a class."""
        return Phrases({phrase: item for item in self.notation.classes for phrase in item.names})

    def _index(self, pairs: Iterable[tuple[str, VariantRow]]) -> dict[str, VariantRow]:
        index: dict[str, VariantRow] = {}
        for key, row in pairs:
            if index.setdefault(key, row) is not row:
                raise DataError(f"'{key}' names two variants", file="data/variants/erbb2.csv")
        return index

    def _check(self, rows: Sequence[VariantRow]) -> None:
        def refuse(row: VariantRow, message: str) -> DataError:
            return DataError(f"{row.variant}: {message}", file="data/variants/erbb2.csv")

        if len(self.rows) != len(rows):
            raise DataError("a variant stands twice", file="data/variants/erbb2.csv")
        for row in rows:
            first = self._checked_place(row, refuse)
            exon = self.exon_of(first)
            if exon is None or exon.number != row.exon:
                raise refuse(row, f"residue {first} lies in exon {exon.number if exon else 'none'}, not {row.exon}")
            if self.domain_of(first) != row.domain:
                raise refuse(row, f"residue {first} lies in {self.domain_of(first)}, not {row.domain}")
        for target in self._actions:
            if target in self.rows or target in self.classes or target in LABEL_CLASSES:
                continue
            named = canonical(target, self.reference)
            if named is None or named.short != target:
                raise DataError(
                    f"'{target}' is neither a canonical variant nor a class", file="data/variants/actionability.csv"
                )

    def _checked_place(self, row: VariantRow, refuse: Callable[[VariantRow, str], DataError]) -> int:
        if _RESIDUE.match(row.variant):
            residue = int(row.variant[1:])
            if self.reference[residue - 1 : residue] != row.variant[0] or row.hgvs_p:
                raise refuse(row, "the residue differs from the reference, or a protein change is given for it")
            return residue
        named = canonical(row.variant, self.reference)
        if named is None or (named.short, named.hgvs_p) != (row.variant, row.hgvs_p):
            raise refuse(row, f"not canonical: {named and f'{named.short} {named.hgvs_p}'}")
        return named.first


def _actionability(row: ActionRow) -> Actionability:
    return Actionability(
        drug=row.drug,
        effect=row.effect,
        level=row.level,
        tumour=row.tumour,
        condition=row.condition,
        note=row.note,
        confidence=row.confidence,
        unverified=row.confidence.unverified,
        source=Provenance(source=row.source, locator=row.locator, checked_on=row.checked_on, confidence=row.confidence),
    )


@lru_cache(maxsize=4)
def load_variants(knowledge: Knowledge) -> VariantKnowledge:
    """Build the variant knowledge from the shipped facts, once for each.

    Raises:
        DataError: A file is absent or wrong.
    """
    return VariantKnowledge(
        knowledge.record(f"{FOLDER}/erbb2_protein.yaml", ProteinFile),
        knowledge.record(f"{FOLDER}/regions.yaml", RegionsFile),
        knowledge.record(f"{FOLDER}/notation.yaml", NotationFile),
        knowledge.table(f"{FOLDER}/erbb2.csv", VariantRow),
        knowledge.table(f"{FOLDER}/actionability.csv", ActionRow),
    )
