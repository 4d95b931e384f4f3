"""How many ERBB2 names of a public database are understood, and which are not, with the reason."""

import csv
from pathlib import Path

from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.read import read_variants

NOT_ONE_CHANGE = {
    "ERBB2 Activating Mutation": "exact_change_missing",
    "ERBB2 Amplification": "not_a_variant",
    "ERBB2 Exon 20 Insertion": "exact_change_missing",
    "ERBB2 Kinase Domain Mutation": "exact_change_missing",
    "ERBB2 Mutation": "exact_change_missing",
    "ERBB2 Overexpression": "not_a_variant",
    "ERBB2 SERUM LEVELS": "not_a_variant",
}
"""Names that are a class or no variant at all, with the code of the reason that the call gives."""


def profiles(shared: Path) -> list[str]:
    with (shared / "data" / "knowledge" / "civic_erbb2.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return sorted({row["molecular_profile"] for row in rows})


def names(profile: str) -> list[str]:
    return [name.strip() for part in profile.split(" OR ") for name in part.split(" AND ")]


def test_every_erbb2_name_is_normalised_or_says_why_not(shared: Path, variants: VariantKnowledge) -> None:
    erbb2 = sorted({name for profile in profiles(shared) for name in names(profile) if name.startswith("ERBB2 ")})
    normalised: dict[str, list[str]] = {}
    refused: dict[str, set[str]] = {}
    for name in erbb2:
        calls = read_variants(name, variants, gene=None)
        assert all(call.gene == "ERBB2" for call in calls), name
        if all(call.short and not call.needs_confirmation for call in calls):
            normalised[name] = [call.short or "" for call in calls]
        else:
            refused[name] = {item.code for call in calls for item in call.warnings}
    print(f"\nCIViC: {len(normalised)} of {len(erbb2)} ERBB2 names normalise")
    for name, reasons in refused.items():
        print(f"  {name}: {', '.join(sorted(reasons))}")
    assert len(normalised) + len(refused) == len(erbb2)
    assert set(refused) == set(NOT_ONE_CHANGE)
    assert all(reason in refused[name] for name, reason in NOT_ONE_CHANGE.items())
    assert normalised["ERBB2 S310F/Y"] == ["S310F", "S310Y"]
    assert normalised["ERBB2 A775_G776insYVMA"] == normalised["ERBB2 Y772_A775DUP"] == ["Y772_A775dup"]


def test_profiles_of_other_genes_are_never_erbb2(shared: Path, variants: VariantKnowledge) -> None:
    for profile in profiles(shared):
        for name in names(profile):
            if "ERBB2" not in name and "Kataegis" not in name:
                for call in read_variants(name, variants, gene=None):
                    assert call.effect == "other_gene", name
                    assert call.gene != "ERBB2", name


def test_a_compound_profile_gives_one_call_per_name(shared: Path, variants: VariantKnowledge) -> None:
    for profile in profiles(shared):
        calls = read_variants(profile, variants, gene=None)
        assert len(calls) >= len(set(names(profile))), profile
