"""Does one call fulfil what a criterion asks for?

The answer is about this call alone. That a patient has no other variant is for the caller to say, who knows what the
test covered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from her2nav.model.truth import Truth, all_of, any_of
from her2nav.variants.call import VariantCall
from her2nav.variants.knowledge import EXON20_CLASS, TKD_CLASS, VariantKnowledge
from her2nav.variants.read import read_variants
from her2nav.variants.schema import Effect, Kind

Wanted = str | int | Sequence[str | int]
"""`activating`, `any`, `exon20_insertion`, `tkd_activating`, exon numbers, names of variants, or a list of these."""

_EXON_NUMBER = re.compile("[0-9]{1,3}")
_ABSENT = (Effect.OTHER_GENE, Effect.NOT_A_VARIANT)
_UNSURE = (
    Effect.MALFORMED,
    Effect.WRONG_RESIDUE,
    Effect.UNREADABLE,
    Effect.NOT_FOUND,
)


def matches(call: VariantCall, wanted: Wanted, knowledge: VariantKnowledge) -> Truth:
    """Return whether a call fulfils what is wanted.

    | wanted | MET | NOT_MET | UNKNOWN |
    |---|---|---|---|
    | `activating` | known to activate | benign, synonymous, not activating | uncertain |
    | `any` | activates, or a verified resistance mutation | benign, synonymous | uncertain; lost frame |
    | `exon20_insertion` | of the class | not of it | not told |
    | `tkd_activating` | activates and lies in the kinase domain | one of the two is not so | else |
    | exon numbers | `any`, in one of the exons | benign, or in another exon | uncertain, or the exon unverified |
    | names | the same protein | another protein | the call or the name is a class |

    Another gene, or what is no variant at all (amplification), is NOT_MET.

    Args:
        call: From `read_variants`.
        wanted: One item, or a list of which one is enough. A number, also as text, is an exon.
        knowledge: To bring the names wanted to canonical form.
    """
    if not isinstance(wanted, (str, int)):
        return any_of(matches(call, item, knowledge) for item in wanted) if wanted else Truth.UNKNOWN
    if call.effect in _ABSENT:
        return Truth.UNKNOWN if call.needs_confirmation else Truth.NOT_MET
    if call.effect in _UNSURE:
        return Truth.UNKNOWN
    wanted = wanted.strip() if isinstance(wanted, str) else wanted
    if isinstance(wanted, int) or _EXON_NUMBER.fullmatch(wanted):
        return _in_exon(call, int(wanted))
    match wanted:
        case "activating":
            return call.activating
        case "any":
            return _any(call)
        case "exon20_insertion":
            return call.exon20_insertion
        case "tkd_activating":
            return _tkd_activating(call)
        case name:
            return _is_named(call, name, knowledge)


def _any(call: VariantCall) -> Truth:
    if call.activating is Truth.MET:
        return Truth.MET
    verified = call.confidence is not None and not call.confidence.unverified and not call.needs_confirmation
    if call.acquired_resistance and verified and call.activating is Truth.UNKNOWN:
        return Truth.MET
    if call.effect is Effect.NOT_ACTIVATING:
        return Truth.UNKNOWN
    return call.activating


def _tkd_activating(call: VariantCall) -> Truth:
    inside = {True: Truth.MET, False: Truth.NOT_MET, None: Truth.UNKNOWN}[call.in_tkd]
    if call.class_id == TKD_CLASS:
        inside = Truth.MET
    return all_of((call.activating, inside))


def _in_exon(call: VariantCall, number: int) -> Truth:
    if not call.exons or call.exon_unverified:
        where = Truth.UNKNOWN
    elif number not in call.exons:
        where = Truth.NOT_MET
    else:
        where = Truth.MET if len(call.exons) == 1 else Truth.UNKNOWN
    return all_of((where, _any(call)))


def _is_named(call: VariantCall, name: str, knowledge: VariantKnowledge) -> Truth:
    targets = _targets(name, knowledge)
    return any_of(_same(call, target) for target in targets)


@lru_cache(maxsize=4096)
def _targets(name: str, knowledge: VariantKnowledge) -> tuple[VariantCall, ...]:
    return read_variants(name, knowledge, gene=knowledge.gene)


def _same(call: VariantCall, target: VariantCall) -> Truth:
    if target.short is None or target.needs_confirmation:
        return _of_class(call, target)
    if call.short is not None:
        if call.needs_confirmation:
            return Truth.UNKNOWN
        return Truth.MET if call.short == target.short else Truth.NOT_MET
    if call.candidates:
        return Truth.UNKNOWN if target.short in call.candidates else Truth.NOT_MET
    if call.kind in (Kind.FRAMESHIFT, Kind.SPLICE, Kind.FUSION):
        return Truth.NOT_MET
    if call.class_id == EXON20_CLASS and target.exon20_insertion is Truth.NOT_MET:
        return Truth.NOT_MET
    apart = call.exons and target.exons and not set(call.exons) & set(target.exons)
    return Truth.NOT_MET if apart and not (call.exon_unverified or target.exon_unverified) else Truth.UNKNOWN


def _of_class(call: VariantCall, target: VariantCall) -> Truth:
    """Compare with a class that a list names among its variants."""
    if target.class_id == EXON20_CLASS and target.kind is Kind.CLASS_ONLY:
        return call.exon20_insertion
    if target.class_id == TKD_CLASS:
        return _tkd_activating(call)
    if target.class_id == "activating_mutation":
        return call.activating
    return Truth.UNKNOWN
