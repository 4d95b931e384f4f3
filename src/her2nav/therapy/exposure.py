"""What speaks against a regimen in the patient's own history and tumour: earlier failure, resistance variants."""

from __future__ import annotations

from dataclasses import dataclass

from her2nav.facts.case import Case
from her2nav.facts.variants import reported_variants
from her2nav.kinds.prior_therapy import Params as PriorTherapy
from her2nav.knowledge.approvals import Approval
from her2nav.matching.explain import Explainer
from her2nav.model.finding import Evidence
from her2nav.model.tree import Leaf
from her2nav.model.truth import Truth
from her2nav.therapy.monitoring_treatment import one_treatment

_RESISTANT = ("resistant", "reduced")
_SUBCLONAL = "subclonal"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for or against an option, in both registers; `decides` makes the option not suitable."""

    kind: str
    clinical: str
    plain: str
    decides: bool
    evidence: tuple[Evidence, ...] = ()
    source: str = ""
    unverified: bool = False


def earlier_use(approval: Approval, case: Case, explainer: Explainer) -> list[Reason]:
    """Return what the treatment list says of the drugs that carry the regimen."""
    found = []
    for drug in approval.key_drugs:
        name = case.knowledge.drugs.name(drug)
        grew = explainer.explain(Leaf("prior_therapy", PriorTherapy(drugs=(drug,), outcome="progression")))
        if grew.truth is Truth.MET:
            found.append(
                Reason(
                    "prior_exposure",
                    f"Progression on {name} is on record.",
                    f"The cancer grew while you had {name}.",
                    True,
                    grew.evidence,
                )
            )
            continue
        given = explainer.explain(Leaf("prior_therapy", PriorTherapy(drugs=(drug,))))
        if given.truth is Truth.MET and not given_now(approval, case):
            found.append(
                Reason(
                    "prior_exposure",
                    f"{name[:1].upper()}{name[1:]} was given before; the record does not show that it stopped working.",
                    f"You have had {name} before.",
                    False,
                    given.evidence,
                )
            )
    return found


def given_now(approval: Approval, case: Case) -> bool:
    """True when a running course holds every drug that carries the regimen."""
    return any(
        course.ongoing is True
        and all(any(terms.any_of((drug,)) is Truth.MET for terms in course.drugs) for drug in approval.key_drugs)
        for course in case.courses
    )


def before_running(approval: Approval, case: Case) -> Case | None:
    """Return the case without the treatment that runs; None where the regimen is not given now.

    What a label asks of earlier treatment is asked of the days before its own first dose.
    """
    if not given_now(approval, case):
        return None
    mine = [
        course
        for course in case.courses
        if all(any(terms.any_of((drug,)) is Truth.MET for terms in course.drugs) for drug in approval.key_drugs)
    ]
    own = {course.index for course in one_treatment(mine, case.knowledge.monitoring.general.same_treatment_gap)}
    earlier = tuple(one for i, one in enumerate(case.patient.therapies) if i not in own)
    return Case(case.patient.model_copy(update={"therapies": earlier}), case.as_of, case.knowledge)


def resistance_variants(approval: Approval, case: Case) -> list[Reason]:
    """Return the reported ERBB2 variants that a drug of the regimen does not work on, by the table of variants."""
    found: dict[tuple[str, str], Reason] = {}
    for item in reported_variants(case):
        subclonal = any(caution.code == _SUBCLONAL for caution in item.call.warnings)
        for action in item.call.actionability:
            if action.drug not in approval.drugs or action.effect not in _RESISTANT:
                continue
            if case.tumour.any_of((action.tumour,)) is not Truth.MET:
                continue
            drug, variant = case.knowledge.drugs.name(action.drug), item.call.short or item.text
            weak = action.unverified
            word = "is resistant to" if action.effect == "resistant" else "may respond less to"
            said = f"ERBB2 {variant} {word} {drug}"
            said += f" ({action.note})" if action.note else ""
            found[action.drug, item.text] = Reason(
                "resistance",
                f"{said}.",
                f"A change in the HER2 gene makes {drug} work less well.",
                action.effect == "resistant" and action.drug in approval.key_drugs and not weak and not subclonal,
                (Evidence(item.path, item.text, str(item.date) if item.date else None),),
                f"{action.source.source}, {action.source.locator}",
                weak,
            )
    return list(found.values())
