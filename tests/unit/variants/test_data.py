"""The fact files of the layer: proven sequence, coherent regions, resolved references."""

import hashlib

import pytest

from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import DataError
from her2nav.variants.coding import translate
from her2nav.variants.grammar import find_coding
from her2nav.variants.knowledge import FOLDER, VariantKnowledge
from her2nav.variants.protein import name
from her2nav.variants.schema import ActionRow, NotationFile, ProteinFile, RegionsFile, VariantRow


def parts(facts: Knowledge) -> tuple[ProteinFile, RegionsFile, NotationFile, list[VariantRow], list[ActionRow]]:
    return (
        facts.record(f"{FOLDER}/erbb2_protein.yaml", ProteinFile),
        facts.record(f"{FOLDER}/regions.yaml", RegionsFile),
        facts.record(f"{FOLDER}/notation.yaml", NotationFile),
        facts.table(f"{FOLDER}/erbb2.csv", VariantRow),
        facts.table(f"{FOLDER}/actionability.csv", ActionRow),
    )


def test_the_sequence_is_proven(variants: VariantKnowledge) -> None:
    assert len(variants.reference) == 1255
    assert hashlib.md5(variants.reference.encode()).hexdigest() == "d89a90920775435179a0d5281a800f78"


def test_one_wrong_letter_is_refused(facts: Knowledge) -> None:
    protein = parts(facts)[0]
    wrong = protein.model_dump() | {"sequence": "A" + protein.residues[1:]}
    with pytest.raises(ValueError, match="digest"):
        ProteinFile.model_validate(wrong)
    with pytest.raises(ValueError, match="1254 residues"):
        ProteinFile.model_validate(wrong | {"sequence": protein.residues[1:]})


def test_domains_and_exons_cover_the_protein_without_gap_or_overlap(variants: VariantKnowledge) -> None:
    for spans in (variants.regions.domains, variants.regions.exons):
        residues = [residue for span in spans for residue in range(span.first, span.last + 1)]
        assert residues == list(range(1, 1256))
    assert [exon.number for exon in variants.regions.exons] == list(range(1, 28))


def test_residues_that_the_domain_notes_name(variants: VariantKnowledge) -> None:
    named = "S310 I655 I654 L755 D769 Y772 A775 G776 V777 G778 P780 V842 L841 L866 L869 T862 H878 T798 C805 V659 G660"
    named += " R678 P122 P1170 G309 C311 C334 N319 E321 R896 T733 K753 I767 L726 L785 S783 M611 M687 A648"
    for residue in named.split():
        assert variants.reference[int(residue[1:]) - 1] == residue[0], residue


def test_coding_examples_give_their_protein_by_the_genetic_code(variants: VariantKnowledge) -> None:
    checked = 0
    for row in variants.rows.values():
        for example in row.hgvs_c:
            (written,) = find_coding(example)
            found = translate(variants.reference, written)
            assert not found.problem, example
            if written.size is None:
                assert row.variant in {name(variants.reference, change).short for change in found.proteins}, example
                checked += 1
    assert checked == 30


def test_drugs_and_tumour_types_exist(variants: VariantKnowledge, facts: Knowledge) -> None:
    for action in facts.table(f"{FOLDER}/actionability.csv", ActionRow):
        assert action.drug in facts.drugs.drugs, action.drug
        assert action.tumour in facts.tumours.types, action.tumour


def test_sources_exist(facts: Knowledge) -> None:
    protein, regions, notation, rows, actions = parts(facts)
    used = {item.source for item in (*rows, *actions)}
    used |= {item.source for file in (protein, regions, notation) for item in file.provenance}
    assert used <= set(facts.sources)


def test_faults_of_the_tables_are_refused(facts: Knowledge) -> None:
    protein, regions, notation, rows, actions = parts(facts)
    row = next(item for item in rows if item.variant == "S310F")

    def load(changed: VariantRow | None = None, action: ActionRow | None = None) -> None:
        table = [changed if changed and item is row else item for item in rows]
        VariantKnowledge(protein, regions, notation, table, [*actions, action] if action else actions)

    load()
    with pytest.raises(DataError, match="not canonical"):
        load(row.model_copy(update={"hgvs_p": "p.(Ser310Tyr)"}))
    with pytest.raises(DataError, match="not canonical"):
        load(row.model_copy(update={"variant": "A775_G776insYVMA"}))
    with pytest.raises(DataError, match="lies in exon 8"):
        load(row.model_copy(update={"exon": 9}))
    with pytest.raises(DataError, match="lies in ECD"):
        load(row.model_copy(update={"domain": "TKD"}))
    with pytest.raises(DataError, match="stands twice"):
        load(next(item for item in rows if item.variant == "V777L"))
    with pytest.raises(DataError, match="names two variants"):
        load(row.model_copy(update={"hgvs_c": ("c.2264T>C",)}))
    with pytest.raises(DataError, match="neither"):
        load(action=actions[0].model_copy(update={"applies_to": "V841I"}))
    with pytest.raises(ValueError, match="unverified"):
        VariantRow.model_validate(row.model_dump() | {"confidence": "K?"})
