"""The dated facts on treatments, read, cross-linked and compiled once per knowledge version."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from her2nav.kinds.forms import TreeReader
from her2nav.knowledge.approvals import (
    Approval,
    ApprovalFile,
    Authority,
    BrainFile,
    CtDnaRules,
    Gate,
    GateFile,
    Jurisdictions,
    Remark,
    RemarkFile,
)
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError
from her2nav.model.provenance import Provenance
from her2nav.model.tree import Leaf, Node, leaves

LABELS = "approvals/labels/"
GUIDELINES = "approvals/guidelines.yaml"
BRAIN = "brain/brain.yaml"
CTDNA = "resistance/ctdna.yaml"
REMARKS: dict[str, str] = {
    "contraindications": "approvals/contraindications.yaml",
    "gaps": "approvals/evidence_gaps.yaml",
    "mechanisms": "resistance/mechanisms.yaml",
    "her2_as_cause": "resistance/her2_as_cause.yaml",
    "at_progression": "resistance/at_progression.yaml",
    "markers": "co_biomarkers/markers.yaml",
    "routes": "co_biomarkers/routes.yaml",
}
"""Files of remarks by topic."""


@dataclass(frozen=True, eq=False)
class TherapyBook:
    """Everything that options are made from.

    Attributes:
        gates: By id.
        gate_trees: Their criterion trees.
        approvals: Labels and recommendations, in the order of the files.
        remarks: By topic.
        trees: Criterion trees of the remarks that have one, by id.
        authorities: By id.
        home: The jurisdiction where neither the record nor the user names a country.
        brain: Local options, intracranial results, rules.
        ctdna: How a series is read.
    """

    gates: dict[str, Gate]
    gate_trees: dict[str, Node]
    approvals: tuple[Approval, ...]
    remarks: dict[str, tuple[Remark, ...]]
    trees: dict[str, Node]
    authorities: dict[str, Authority]
    home: str
    brain: BrainFile
    ctdna: CtDnaRules

    def jurisdiction_of(self, country: str) -> str | None:
        """Return the jurisdiction whose labels count in a country (two-letter code); None: none is held for it."""
        return next((one.id for one in self.authorities.values() if country in one.countries), None)

    def every_remark(self) -> Iterator[Remark]:
        """Yield the remarks of every topic, brain and ctDNA included."""
        for group in self.remarks.values():
            yield from group
        yield from self.brain.remarks
        yield from self.ctdna.caveats

    def leaves(self) -> Iterator[tuple[str, Leaf]]:
        """Yield every leaf of every tree with the id of its gate or remark."""
        for name, tree in (*self.gate_trees.items(), *self.trees.items()):
            for leaf in leaves(tree):
                yield name, leaf

    def sources(self) -> Iterator[tuple[str, Provenance]]:
        """Yield every provenance line with the id of what it supports."""
        for approval in self.approvals:
            yield from ((approval.id, line) for line in approval.provenance)
        for remark in self.every_remark():
            yield from ((remark.id, line) for line in remark.provenance)
        for rule in self.brain.local:
            yield from ((rule.id, line) for line in rule.provenance)
        for result in self.brain.intracranial:
            yield from ((result.id, line) for line in result.provenance)
        yield from (("ctdna", line) for line in self.ctdna.provenance)


@lru_cache(maxsize=4)
def therapy_book(knowledge: Knowledge) -> TherapyBook:
    """Return the facts on treatments of a knowledge version.

    Raises:
        DataError: A file does not have its form, an id stands twice, or a gate or drug is not known.
    """
    name = "approvals/gates.yaml"
    reader = TreeReader(knowledge.bundle.document(name), DataError)
    gates: dict[str, Gate] = {}
    gate_trees: dict[str, Node] = {}
    for index, gate in enumerate(knowledge.record(name, GateFile).gates):
        _once(gate.id, gates, name)
        gates[gate.id] = gate
        gate_trees[gate.id] = reader.read(gate.rule, ("gates", index, "rule"))
    approvals = _approvals(knowledge, gates)
    remarks: dict[str, tuple[Remark, ...]] = {}
    trees: dict[str, Node] = {}
    seen: set[str] = set()
    for topic, file in REMARKS.items():
        remarks[topic] = knowledge.record(file, RemarkFile).remarks
        _compile(remarks[topic], "remarks", file, knowledge, trees, seen)
    brain, ctdna = knowledge.record(BRAIN, BrainFile), knowledge.record(CTDNA, CtDnaRules)
    _compile(brain.remarks, "remarks", BRAIN, knowledge, trees, seen)
    _compile(ctdna.caveats, "caveats", CTDNA, knowledge, trees, seen)
    places = knowledge.record("approvals/jurisdictions.yaml", Jurisdictions)
    return TherapyBook(
        gates,
        gate_trees,
        approvals,
        remarks,
        trees,
        {one.id: one for one in places.jurisdictions},
        places.default,
        brain,
        ctdna,
    )


def _approvals(knowledge: Knowledge, gates: dict[str, Gate]) -> tuple[Approval, ...]:
    found: dict[str, Approval] = {}
    for file in (*knowledge.bundle.folder(LABELS), GUIDELINES):
        for item in knowledge.record(file, ApprovalFile).approvals:
            _once(item.id, found, file)
            found[item.id] = item
            unknown = [use.gate for use in item.gates if use.gate not in gates]
            unknown += [term for term in item.drugs if not knowledge.drugs.is_term(term)]
            if unknown:
                raise DataError(f"{item.id}: unknown gate or drug '{unknown[0]}'", file=f"data/{file}")
            if not any(gates[use.gate].about == "tumour" for use in item.gates):
                raise DataError(f"{item.id}: no gate names the tumour", file=f"data/{file}")
    return tuple(found.values())


def _compile(
    items: tuple[Remark, ...], key: str, file: str, knowledge: Knowledge, trees: dict[str, Node], seen: set[str]
) -> None:
    """Read the trees of remarks and check that what they name exists."""
    reader = TreeReader(knowledge.bundle.document(file), DataError)
    for index, item in enumerate(items):
        _once(item.id, seen, file)
        seen.add(item.id)
        if item.tree is not None:
            trees[item.id] = reader.read(item.tree, (key, index, "if"))
        unknown = [term for term in item.drugs if not knowledge.drugs.is_term(term)]
        unknown += [term for term in item.tumours if term not in knowledge.tumours.types]
        if unknown:
            raise DataError(f"{item.id}: unknown drug or tumour '{unknown[0]}'", file=f"data/{file}")


def _once(identifier: str, seen: Container[str], file: str) -> None:
    if identifier in seen:
        raise DataError(f"the id '{identifier}' stands twice", file=f"data/{file}")
