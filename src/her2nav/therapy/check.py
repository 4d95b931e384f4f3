"""Cross-checks of the dated facts on treatments: every id resolves, every fact has a known source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.knowledge.approvals import Approval
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError
from her2nav.model.tree import Leaf, leaves
from her2nav.therapy.book import TherapyBook, therapy_book

_DRUG_FIELDS = ("drugs", "except_drugs", "together_with", "of", "except_of", "after_drugs")


def therapy_faults(knowledge: Knowledge) -> list[str]:
    """Return one line per fault of the approvals and remarks; nothing when all is well."""
    try:
        return list(_faults(knowledge))
    except DataError as error:
        return [str(error)]


def _faults(knowledge: Knowledge) -> Iterator[str]:
    book = therapy_book(knowledge)
    for name, line in book.sources():
        if line.source not in knowledge.sources:
            yield f"{name}: unknown source '{line.source}'"
    for approval in book.approvals:
        yield from (
            f"{approval.id}: unknown source '{one}'" for one in approval.pivotal if one not in knowledge.sources
        )
        for before, after in zip(approval.periods, approval.periods[1:], strict=False):
            if before.valid_to != after.valid_from:
                yield f"{approval.id}: the periods leave a gap or overlap"
    held = {one.id: one for one in book.approvals if one.standing == "approved"}
    for approval in book.approvals:
        for name in approval.labels.covered_by if approval.labels else ():
            if name not in held:
                yield f"{approval.id}: covered by '{name}', which is no label"
            elif not set(approval.key_drugs) & set(held[name].drugs):
                yield f"{approval.id}: '{name}' holds none of its key drugs"
    for result in book.brain.intracranial:
        if result.drug not in knowledge.drugs.drugs:
            yield f"{result.id}: unknown drug '{result.drug}'"
        yield from (f"{result.id}: unknown tumour '{t}'" for t in result.tumours if t not in knowledge.tumours.types)
    yield from _ungated(book)
    yield from _never_said(book)
    asked = {use.gate for approval in book.approvals for use in approval.gates}
    yield from (f"gate {name}: no approval asks for it" for name in book.gates if name not in asked)
    for name, leaf in book.leaves():
        yield from (f"{name}: {fault}" for fault in _leaf(leaf, knowledge))
    yield from _contraindications(knowledge, book)


def _ungated(book: TherapyBook) -> Iterator[str]:
    """An entry that says "before surgery", "first line" and the like asks for it in a gate."""
    phrases = {phrase for gate in book.gates.values() for phrase in gate.said_by}
    for approval in book.approvals:
        text = f"{approval.regimen} {approval.plain}"
        held = {phrase for use in approval.gates for phrase in book.gates[use.gate].said_by}
        for phrase in sorted(phrases):
            if re.search(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE) and phrase not in held:
                yield f"{approval.id}: its words say '{phrase}' and no gate asks for it"


def _never_said(book: TherapyBook) -> Iterator[str]:
    """A mechanism that is said beside open options names a drug of an entry for one of its tumours."""
    for remark in book.remarks["mechanisms"]:
        if remark.beside == "tumour" or not remark.tumours:
            continue
        named = [one for one in book.approvals if _of_tumour(one, remark.tumours, book)]
        if named and not any(set(remark.drugs) & set(one.drugs) for one in named):
            yield f"{remark.id}: no entry for {', '.join(remark.tumours)} holds {', '.join(remark.drugs)}: never said"


def _of_tumour(approval: Approval, tumours: tuple[str, ...], book: TherapyBook) -> bool:
    """Return whether a gate of an entry names one of the tumours itself."""
    trees = [book.gate_trees[use.gate] for use in approval.gates if book.gates[use.gate].about == "tumour"]
    return any(set(leaf.params.types) & set(tumours) for tree in trees for leaf in leaves(tree))


def _contraindications(knowledge: Knowledge, book: TherapyBook) -> Iterator[str]:
    """The safety sheets say what the remarks decide: same drug, same jurisdiction, same trust, none left out."""
    deciding = {one.id: one for one in book.remarks["contraindications"] if one.jurisdictions}
    said: dict[str, set[str]] = {name: set() for name in deciding}
    for sheet in knowledge.monitoring.sheets:
        for line in sheet.contraindications:
            for name in line.remarks:
                remark = deciding.get(name)
                if remark is None:
                    yield f"{sheet.id}: no contraindication '{name}'"
                    continue
                said[name].add(sheet.id)
                if line.jurisdiction not in remark.jurisdictions:
                    yield f"{sheet.id}: '{name}' is not of {line.jurisdiction}"
                if not set(sheet.applies_to) & set(remark.drugs):
                    yield f"{sheet.id}: '{name}' is about {', '.join(remark.drugs)}"
                if line.confidence not in {source.confidence for source in remark.provenance}:
                    yield f"{sheet.id}: '{name}' has another confidence there"
    for name, remark in deciding.items():
        yield from (f"{name}: the safety sheet of {drug} does not say it" for drug in set(remark.drugs) - said[name])


def _leaf(leaf: Leaf, knowledge: Knowledge) -> Iterator[str]:
    for field in _DRUG_FIELDS:
        for term in getattr(leaf.params, field, ()):
            if not knowledge.drugs.is_term(term):
                yield f"unknown drug or class '{term}'"
    if leaf.kind == "tumour_type":
        params = leaf.params
        yield from (
            f"unknown tumour type '{t}'"
            for t in (*params.types, *params.except_types)
            if t not in knowledge.tumours.types
        )
        yield from (
            f"unknown histology '{h}'"
            for h in (*params.histologies, *params.except_histologies)
            if h not in knowledge.histologies.histologies
        )
    if leaf.kind == "gene_status":
        yield from (f"unknown gene '{g}'" for g in leaf.params.genes if not knowledge.genes.symbols(g))
