"""The class of an ERBB2 variant in a few words, as an interpretation quotes it."""

from __future__ import annotations

from functools import lru_cache

from her2nav.interpret.patient import Classify
from her2nav.knowledge.load import Knowledge
from her2nav.model.truth import Truth
from her2nav.variants.call import VariantCall
from her2nav.variants.knowledge import load_variants
from her2nav.variants.read import read_variants
from her2nav.variants.schema import Effect

_WORDS = {
    Effect.DRIVER: "driver",
    Effect.LIKELY_DRIVER: "likely driver",
    Effect.WEAK_DRIVER: "weak driver",
    Effect.CONFLICTING: "conflicting reports",
    Effect.RESISTANCE: "resistance mutation",
    Effect.POLYMORPHISM: "benign polymorphism",
    Effect.VUS: "uncertain significance",
    Effect.SYNONYMOUS: "synonymous, no change of the protein",
    Effect.NOT_ACTIVATING: "not activating",
    Effect.MALFORMED: "malformed name",
    Effect.WRONG_RESIDUE: "wrong residue",
    Effect.NEEDS_PROTEIN_CHANGE: "needs the protein change",
    Effect.OTHER_GENE: "another gene",
    Effect.NOT_A_VARIANT: "not a sequence variant",
    Effect.NOT_FOUND: "looked for and not found",
    Effect.UNREADABLE: "cannot be read",
}


def class_words(call: VariantCall) -> str:
    """Say what a variant is: whether it activates and where, else its class; what is not sure says so."""
    if call.activating is Truth.MET:
        where = {True: "TKD-activating", False: f"activating, {call.domain}", None: "activating"}[call.in_tkd]
        words = f"{where}, exon 20 insertion" if call.exon20_insertion is Truth.MET else where
    else:
        words = _WORDS[call.effect]
    if call.acquired_resistance and call.effect is not Effect.RESISTANCE:
        words += ", also a resistance mutation"
    if call.confidence is not None and call.confidence.unverified:
        words += " (unverified)"
    readable = call.short is not None or call.effect not in (Effect.MALFORMED, Effect.WRONG_RESIDUE, Effect.UNREADABLE)
    return f"{words}, to be confirmed" if call.needs_confirmation and readable else words


@lru_cache(maxsize=4)
def classifier(knowledge: Knowledge) -> Classify:
    """Return the function that names the class of an ERBB2 variant as written."""

    @lru_cache(maxsize=4096)
    def classify(text: str) -> str | None:
        known = load_variants(knowledge)
        calls = read_variants(text, known, gene=known.gene)
        return "; ".join(dict.fromkeys(class_words(call) for call in calls)) or None

    return classify
