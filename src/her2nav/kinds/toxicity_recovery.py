"""Recovery from the toxicity of earlier treatment."""

from __future__ import annotations

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.toxicities import Effect, effects
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.names import key
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of
from her2nav.model.values import Grade, OneOrMany


class Allowance(KindParams):
    """A side effect for which another grade is accepted; without a grade, any."""

    name: str
    """Id or name of `vocabularies/toxicities.csv`; a wider term takes in the narrower ones."""
    max_grade: Grade | None = None


class Params(KindParams):
    """P: every ongoing side effect has at most this grade, exceptions apart."""

    max_grade: Grade
    exceptions: OneOrMany[Allowance] = ()


def _recovered(effect: Effect, case: Case, params: Params) -> Truth:
    """Return whether one side effect has come down to the grade allowed for it."""
    over = effect.at_least(params.max_grade + 1)
    if over is Truth.NOT_MET or not params.exceptions:
        return over.negated()
    allowed = []
    for item in params.exceptions:
        covered = _covered(effect, item.name, case)
        kept = Truth.MET if item.max_grade is None else effect.at_least(item.max_grade + 1).negated()
        allowed.append(all_of((covered, kept)))
    return any_of((over.negated(), *allowed))


def _covered(effect: Effect, name: str, case: Case) -> Truth:
    """Return whether an exception names the side effect; a name that the vocabulary does not hold may."""
    if key(name) == key(effect.name):
        return Truth.MET
    term = case.knowledge.toxicities.find(name)
    return Truth.UNKNOWN if term is None else effect.terms.any_of((term,))


def _judge(case: Case, params: Params) -> Truth:
    listed = all_of(_recovered(effect, case, params) for effect in effects(case))
    complete = Truth.MET if case.patient.complete.toxicities else Truth.UNKNOWN
    return all_of((listed, complete))


def truth(params: Params, block: Block) -> Tri:
    """One side effect above its grade breaks it; only a list marked complete can say that there is none."""
    return block.truths(("toxicity_recovery", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the side effects that are above the grade, or that are not clear."""
    wanted = f"grade {params.max_grade} or less"
    if params.exceptions:
        wanted += " (exceptions: " + ", ".join(_shown(item) for item in params.exceptions) + ")"
    judged = [(_recovered(effect, case, params), effect) for effect in effects(case)]
    if truth is Truth.MET:
        shown = "; ".join(effect.text for _, effect in judged) or "no record of any, in a list marked complete"
        return finding(
            truth,
            "toxicity_recovered",
            f"Side effects of earlier treatment: {shown}; wanted {wanted}.",
            "Side effects of earlier treatment have settled enough.",
            (*(effect.evidence for _, effect in judged), Evidence("/complete/toxicities", "true")),
        )
    deciding = [effect for answer, effect in judged if answer is truth]
    shown = "; ".join(effect.text for effect in deciding)
    evidence = tuple(effect.evidence for effect in deciding)
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "toxicity_ongoing",
            f"Side effects not recovered: {shown}; wanted {wanted}.",
            "A side effect of earlier treatment has not settled enough yet.",
            evidence,
            change=Change(ChangeBy.TEST, f"grade again after recovery: {shown}", effort=Effort.ASK),
        )
    if deciding:
        return finding(
            truth,
            "toxicity_unclear",
            f"Grade, state or kind not clear: {shown}; wanted {wanted}.",
            "Your team needs to check how strong one of your side effects is now.",
            evidence,
            change=ask(f"grade now: {', '.join(effect.name for effect in deciding)}", Effort.ASK),
        )
    listed = "; ".join(effect.text for _, effect in judged) or "none"
    return finding(
        truth,
        "toxicity_list_open",
        f"The list of side effects is not marked complete (recorded: {listed}); wanted {wanted}.",
        "We need to know which side effects of earlier treatment you still have.",
        tuple(effect.evidence for _, effect in judged),
        change=ask("any side effect of earlier treatment that is left, with its grade?", Effort.ASK),
    )


def _shown(item: Allowance) -> str:
    name = item.name.replace("_", " ")
    return f"{name} any grade" if item.max_grade is None else f"{name} grade {item.max_grade} or less"


_EXCEPT = [{"name": "alopecia"}, {"name": "peripheral_neuropathy", "max_grade": 2}, {"name": "endocrinopathy"}]


def _with(*items: dict[str, object], complete: bool = True) -> dict[str, object]:
    return {"toxicities": list(items), "complete": {"toxicities": complete}}


KIND = Kind(
    id="toxicity_recovery",
    name="recovery from side effects",
    plain_name="side effects of earlier treatment",
    taxonomy=(22,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(effects, lambda case: case.patient.complete.toxicities),
    question="Which side effects of earlier treatment are left, and of which grade?",
    effort=Effort.ASK,
    examples=(
        ({"max_grade": 1}, _with(), "met"),
        ({"max_grade": 1}, {}, "unknown"),
        ({"max_grade": 1}, {"complete": {"conditions": True}}, "unknown"),
        ({"max_grade": 1}, _with({"name": "nausea", "grade": 1, "ongoing": True}), "met"),
        ({"max_grade": 1}, _with({"name": "nausea", "grade": 1, "ongoing": True}, complete=False), "unknown"),
        ({"max_grade": 1}, _with({"name": "nausea", "grade": 2, "ongoing": True}, complete=False), "not_met"),
        ({"max_grade": 1}, _with({"name": "nausea", "grade": 2, "ongoing": False}), "met"),
        ({"max_grade": 1}, _with({"name": "nausea", "grade": 2}), "unknown"),
        ({"max_grade": 1}, _with({"name": "nausea", "grade": 1}), "met"),
        ({"max_grade": 1}, _with({"name": "nausea", "ongoing": True}), "unknown"),
        ({"max_grade": 0}, _with({"name": "nausea", "ongoing": True}), "not_met"),
        # an unknown name breaks it where nothing is excepted, else it may be what is excepted
        ({"max_grade": 1}, _with({"name": "odd thing", "grade": 3, "ongoing": True}), "not_met"),
        ({"max_grade": 1, "exceptions": _EXCEPT}, _with({"name": "odd thing", "grade": 3, "ongoing": True}), "unknown"),
        ({"max_grade": 1, "exceptions": _EXCEPT}, _with({"name": "hair loss", "ongoing": True}), "met"),
        ({"max_grade": 1, "exceptions": _EXCEPT}, _with({"name": "CIPN", "grade": 2, "ongoing": True}), "met"),
        ({"max_grade": 1, "exceptions": _EXCEPT}, _with({"name": "CIPN", "grade": 3, "ongoing": True}), "not_met"),
        ({"max_grade": 1, "exceptions": _EXCEPT}, _with({"name": "tingling", "grade": 2, "ongoing": True}), "unknown"),
        (
            {"max_grade": 1, "exceptions": _EXCEPT},
            _with({"name": "hypothyroidism", "grade": 2, "ongoing": True}),
            "met",
        ),
        # an exception that no vocabulary knows may cover anything
        (
            {"max_grade": 1, "exceptions": [{"name": "what the team calls harmless"}]},
            _with({"name": "nausea", "grade": 2, "ongoing": True}),
            "unknown",
        ),
        # a later entry of the same side effect counts; one dated after the patient's day does not
        (
            {"max_grade": 1},
            {
                "as_of": "2026-01-31",
                **_with(
                    {"name": "neuropathy", "grade": 3, "ongoing": True, "date": "2025-06"},
                    {"name": "CIPN", "grade": 1, "ongoing": True, "date": "2026-01-10"},
                    {"name": "rash", "grade": 3, "ongoing": True, "date": "2026-02-10"},
                ),
            },
            "met",
        ),
    ),
)
