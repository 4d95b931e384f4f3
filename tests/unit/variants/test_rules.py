"""The rules V1 to V9 of the domain notes, and what the laboratory says beside the name."""

from decimal import Decimal

import pytest

from her2nav.model.truth import Truth
from her2nav.variants.call import Report, VariantCall
from her2nav.variants.grammar import find_protein
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.match import matches
from her2nav.variants.protein import mutate
from her2nav.variants.read import canonical_name, read_variants
from her2nav.variants.resolve import Change, canonical, resolve


def read(text: str, variants: VariantKnowledge, gene: str | None = "ERBB2", **said: object) -> list[VariantCall]:
    report = Report.model_validate(said) if said else None
    return list(read_variants(text, variants, gene=gene, report=report))


def codes(call: VariantCall) -> set[str]:
    return {item.code for item in call.warnings}


def test_v1_the_protein_decides_not_the_text(variants: VariantKnowledge) -> None:
    reference = variants.reference

    def protein(text: str) -> str:
        change = resolve(find_protein(text)[0], reference)
        assert isinstance(change, Change)
        return mutate(reference, change)

    assert protein("A775_G776insYVMA") == protein("A771_M774dup") == protein("Y772_A775dup")
    assert protein("G778_P780dup") != protein("V777_S779dup")
    assert len({protein(text) for text in ("G776delinsVC", "G776_V777insVC", "G776_V777delinsVC")}) == 3


def test_v1_duplication_over_insertion_and_last_place(variants: VariantKnowledge) -> None:
    named = canonical("E770_A771insAYVM", variants.reference)
    assert named is not None
    assert (named.kind, named.earliest, named.last) == ("duplication", 770, 775)


@pytest.mark.parametrize(
    ("text", "effect", "truth"),
    [
        ("D769_E770insQQ", "vus", Truth.UNKNOWN),
        ("E770_A771insQQ", "likely_driver", Truth.MET),
        ("G778_S779insLPS", "likely_driver", Truth.MET),
        ("R784_L785insQQ", "vus", Truth.UNKNOWN),
        ("S310_F311insQQ", "wrong_residue", Truth.UNKNOWN),
        ("L755_E757delinsS", "vus", Truth.UNKNOWN),
        ("L755_R756del", "vus", Truth.UNKNOWN),
        ("L755_T759del", "driver", Truth.MET),
        ("R100fs", "not_activating", Truth.NOT_MET),
        ("W9*", "not_activating", Truth.NOT_MET),
    ],
)
def test_v3_class_by_place_and_kind(text: str, effect: str, truth: Truth, variants: VariantKnowledge) -> None:
    (call,) = read(text, variants)
    assert (call.effect, call.activating) == (effect, truth)


def test_v3_exons_of_the_trial_wording(variants: VariantKnowledge) -> None:
    expected = {"D769Y": 19, "V777L": 20, "T798I": 20, "V842I": 21, "L869R": 21, "S310F": 8, "V659E": 17, "R678Q": 17}
    assert {text: read(text, variants)[0].exon for text in expected} == expected


def test_v4_malformed_insertion_needs_confirmation(variants: VariantKnowledge) -> None:
    (call,) = read("G778_P780insGSP", variants)
    assert call.needs_confirmation
    assert call.suggestions == ("G778_P780dup",)
    assert matches(call, "activating", variants) is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("V841I", "V842I"),
        ("S280F", "S310F"),
        ("L858R", "EGFR L858R"),
        ("A767_V769dup", "EGFR A767_V769dup"),
        ("V841fs", None),
        ("Y742_A745dup", "Y772_A775dup"),
    ],
)
def test_v5_wrong_residue_is_refused_with_a_suggestion(
    text: str, first: str | None, variants: VariantKnowledge
) -> None:
    (call,) = read(text, variants)
    assert call.effect == "wrong_residue"
    assert call.hgvs_p is None
    assert (call.suggestions[0] if call.suggestions else None) == first


def test_v5_the_message_names_both_residues(variants: VariantKnowledge) -> None:
    (call,) = read("V841I", variants)
    assert "residue 841 is Leu (L), not Val; did you mean V842I?" in call.warnings[0].message


def test_v6_lists(variants: VariantKnowledge) -> None:
    def shorts(text: str) -> list[str | None]:
        return [call.short for call in read(text, variants)]

    assert shorts("S310F, L755S") == ["S310F", "L755S"]
    assert shorts("S310F; L755S and V777L") == ["S310F", "L755S", "V777L"]
    assert shorts("S310F\nL755S") == ["S310F", "L755S"]
    assert shorts("S310F / L755S + V777L & D769Y") == ["S310F", "L755S", "V777L", "D769Y"]
    assert shorts("S310F/L755S") == ["S310F", "L755S"]
    assert shorts("p.V777L/p.L755S") == ["V777L", "L755S"]
    assert shorts("S310F/Y") == ["S310F", "S310Y"]
    assert shorts("p.(Asp769Tyr/His/Asn)") == ["D769Y", "D769H", "D769N"]
    assert shorts("L755S (L755P)") == ["L755S", "L755P"]
    assert shorts("S310F, S310F, p.Ser310Phe") == ["S310F"]


def test_v6_a_gene_holds_until_the_next_one(variants: VariantKnowledge) -> None:
    calls = read("ERBB2 S310F, V777L; TP53 p.R175H, R248Q; HER2 amplification", variants, None)
    assert [(call.gene, call.short) for call in calls] == [
        ("ERBB2", "S310F"),
        ("ERBB2", "V777L"),
        ("TP53", None),
        ("TP53", None),
        ("ERBB2", None),
    ]


def test_v7_what_the_report_says_travels_with_the_call(variants: VariantKnowledge) -> None:
    (call,) = read("S310F", variants, vaf_percent=Decimal("22"), origin="somatic", tumour_fraction=Decimal("0.4"))
    assert (call.report.vaf_percent, call.report.origin) == (Decimal("22"), "somatic")
    (call,) = read("ERBB2 S310F (somatic, VAF 12,5 %)", variants)
    assert (call.report.vaf_percent, call.report.origin) == (Decimal("12.5"), "somatic")


def test_v7_subclonal_resistance_is_not_the_trunk_driver(variants: VariantKnowledge) -> None:
    (call,) = read("L755S", variants, vaf_percent=Decimal("0.8"))
    assert "subclonal" in codes(call)
    assert call.activating is Truth.UNKNOWN
    assert any(item.effect == "resistant" for item in call.actionability)
    assert read("L755S", variants, vaf_percent=Decimal("12"))[0].activating is Truth.MET
    assert read("Y772_A775dup", variants, vaf_percent=Decimal("1.8"))[0].activating is Truth.MET


def test_v7_germline_and_population_frequency(variants: VariantKnowledge) -> None:
    assert read("R143Q", variants, origin="germline")[0].activating is Truth.NOT_MET
    assert read("R143Q", variants, population_percent=Decimal("0.5"))[0].activating is Truth.NOT_MET
    assert read("R143Q", variants, population_percent=Decimal("0.1"))[0].activating is Truth.UNKNOWN
    driver = read("G660D", variants, origin="germline")[0]
    assert (driver.activating, driver.needs_confirmation) == (Truth.UNKNOWN, True)
    assert "perhaps_germline" in codes(read("R143Q", variants, vaf_percent=Decimal("49.8"))[0])
    assert "perhaps_germline" not in codes(read("R143Q", variants, vaf_percent=Decimal("30"))[0])


def test_v8_nucleotide_changes_of_one_protein_are_one_biomarker(variants: VariantKnowledge) -> None:
    (call,) = read("c.2313_2324dup, c.2314_2325dup", variants)
    assert call.short == "Y772_A775dup"
    assert call.hgvs_c == "c.2313_2324dup, c.2314_2325dup"


def test_v9_a_mutation_criterion(variants: VariantKnowledge) -> None:
    truth = {text: matches(read(text, variants)[0], "any", variants) for text in ("V777L", "V773A", "I655V")}
    assert truth == {"V777L": Truth.MET, "V773A": Truth.UNKNOWN, "I655V": Truth.NOT_MET}


def test_the_laboratory_may_settle_what_the_table_leaves_open(variants: VariantKnowledge) -> None:
    (call,) = read("T862A", variants, classification="Likely pathogenic")
    assert (call.activating, matches(call, "tkd_activating", variants)) == (Truth.MET, Truth.MET)
    labels = {item.drug for item in call.actionability if item.level == "L1" and not item.unverified}
    assert labels == {"trastuzumab_deruxtecan", "zongertinib", "sevabertinib"}
    (call,) = read("N319D", variants, classification="activating")
    labels = {item.drug for item in call.actionability if item.level == "L1"}
    assert labels == {"trastuzumab_deruxtecan"}, "outside the kinase domain"


def test_the_laboratory_and_the_table_may_differ(variants: VariantKnowledge) -> None:
    (call,) = read("I655V", variants, classification="pathogenic")
    assert (call.activating, call.needs_confirmation) == (Truth.UNKNOWN, True)
    (call,) = read("S310F", variants, classification="variant of uncertain significance")
    assert (call.activating, call.needs_confirmation) == (Truth.UNKNOWN, True)
    (call,) = read("V773A", variants, classification="benign")
    assert call.activating is Truth.NOT_MET
    assert read("V773A", variants, classification="VUS")[0].activating is Truth.UNKNOWN
    assert read("non-activating mutation", variants)[0].activating is Truth.NOT_MET


def test_an_unverified_fact_decides_nothing(variants: VariantKnowledge) -> None:
    for row in variants.rows.values():
        if row.confidence.unverified:
            assert row.activating is Truth.UNKNOWN, row.variant
    call = read("COSM20959", variants)[0]
    assert (call.short, call.activating, call.exon20_insertion) == ("Y772_A775dup", Truth.UNKNOWN, Truth.UNKNOWN)
    call = read("P122L", variants)[0]
    assert call.exon_unverified
    assert matches(call, 3, variants) is Truth.UNKNOWN


def test_a_bare_class_without_a_gene_stays_unknown(variants: VariantKnowledge) -> None:
    (call,) = read("exon 20 insertion", variants, None)
    assert call.gene is None
    assert (call.activating, call.exon20_insertion, call.needs_confirmation) == (Truth.UNKNOWN, Truth.UNKNOWN, True)
    (call,) = read("ERBB2 exon 20 insertion", variants, None)
    assert (call.activating, call.exon20_insertion) == (Truth.MET, Truth.MET)


def test_a_judgement_does_not_settle_what_must_be_confirmed_first(variants: VariantKnowledge) -> None:
    for text, gene in (("exon 20 mutation, pathogenic", None), ("possible V773A pathogenic", "ERBB2")):
        (call,) = read(text, variants, gene, classification="pathogenic")
        assert (call.activating, call.needs_confirmation) == (Truth.UNKNOWN, True), text
    (call,) = read("exon 20 mutation", variants, None, origin="germline")
    assert call.activating is Truth.UNKNOWN


def test_odd_wishes(variants: VariantKnowledge) -> None:
    (call,) = read("S310F", variants)
    for wanted in ("8", " 8 ", "8\x1f", 8):
        assert matches(call, wanted, variants) is Truth.MET
    for wanted in ("", "9" * 5000, "\u0661", "-1"):
        assert matches(call, wanted, variants) is Truth.UNKNOWN


def test_other_genes_are_never_read_as_erbb2(variants: VariantKnowledge) -> None:
    for text in (
        "TP53 p.R175H",
        "EGFR L858R",
        "EGFR S310F",
        "PIK3CA H1047R",
        "KRAS G12C",
        "MET amplification",
        "RET S310F",
    ):
        for gene in (None, "ERBB2"):
            (call,) = read(text, variants, gene)
            assert call.effect == "other_gene", text
            assert call.gene not in (None, "ERBB2")
            assert matches(call, "any", variants) is Truth.NOT_MET
    for gene in ("EGFR", "tp53", "HER3"):
        assert read("S310F", variants, gene)[0].effect == "other_gene"
    for gene in ("HER2", "erbb2", "HER-2/neu", "ERBB2 (HER2)"):
        assert read("S310F", variants, gene)[0].gene == "ERBB2"


def test_coding_changes(variants: VariantKnowledge) -> None:
    (call,) = read("c.2264T>G", variants)
    assert call.candidates == ("L755*", "L755R", "L755W")
    assert "needs protein change" in call.warnings[0].message
    assert (call.exon, call.in_tkd, call.activating) == (19, True, Truth.UNKNOWN)
    (call,) = read("c.2305G>T", variants)
    assert (call.short, call.hgvs_c) == ("D769Y", "c.2305G>T")
    (call,) = read("c.2264A>C", variants)
    assert call.effect == "wrong_residue"


def test_a_coding_insertion_of_unnamed_bases_keeps_its_class_but_not_its_name(variants: VariantKnowledge) -> None:
    (call,) = read("c.2324_2325ins12", variants)
    assert (call.short, call.needs_confirmation, call.exon20_insertion) == ("Y772_A775dup", True, Truth.MET)
    assert matches(call, "YVMA", variants) is Truth.UNKNOWN


def test_amplification_beside_a_variant_is_a_call_of_its_own(variants: VariantKnowledge) -> None:
    calls = read("ERBB2 amplification with S310F", variants)
    assert {(call.short, call.effect) for call in calls} == {("S310F", "driver"), (None, "not_a_variant")}


def test_canonical_name(variants: VariantKnowledge) -> None:
    assert canonical_name("HER2 A775_G776insYVMA", variants) == "Y772_A775dup"
    assert canonical_name("G778_P780insGSP", variants) is None
    assert canonical_name("S310F, L755S", variants) is None


def test_an_empty_list_of_wishes_is_unknown(variants: VariantKnowledge) -> None:
    assert matches(read("S310F", variants)[0], [], variants) is Truth.UNKNOWN
    assert matches(read("S310F", variants)[0], [8, "V777L"], variants) is Truth.MET
