"""Consent, willingness, ability to comply, logistics: what only the person and the team can confirm."""

from __future__ import annotations

from typing import Literal

from her2nav.facts.case import Case
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Finding, UnknownKind
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: the participation requirement is fulfilled."""

    what: Literal[
        "consent",
        "compliance",
        "follow_up",
        "biopsy_on_study",
        "procedures",
        "insurance",
        "distance",
        "language",
        "device",
        "questionnaires",
        "other_trial",
        "donation",
        "slot",
    ]


_SAID: dict[str, tuple[str, str]] = {
    "consent": ("informed consent", "You decide if you want to take part and sign the consent form."),
    "compliance": ("ability to follow the study plan", "The study team talks through the study plan with you."),
    "follow_up": ("availability for follow-up", "The study team asks if you can come to the later visits."),
    "biopsy_on_study": ("agreement to biopsies during the study", "The study team asks if you agree to more biopsies."),
    "procedures": ("agreement to the study procedures", "The study team explains the tests and asks if you agree."),
    "insurance": ("health insurance", "The study team asks about your health insurance."),
    "distance": ("distance to the study site", "The study team asks if you can reach the study site."),
    "language": ("language", "The study team asks which languages you speak."),
    "device": ("use of a device", "The study team asks if you can use a device that the study needs."),
    "questionnaires": ("answering of questionnaires", "The study team asks if you can fill in forms."),
    "other_trial": ("no part in another trial", "The study team asks if you take part in another study."),
    "donation": ("no donation of blood, eggs or sperm", "The study team asks you not to donate blood, eggs or sperm."),
    "slot": ("a free place in the study", "The study team checks if the study has a free place."),
}


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Say what the trial team confirms with the participant."""
    clinical, plain = _SAID[params.what]
    return finding(
        truth,
        "participation_to_confirm",
        f"{clinical[0].upper()}{clinical[1:]}: confirmed by the trial team with the participant.",
        plain,
        unknown_kind=UnknownKind.PENDING,
        change=Change(ChangeBy.PERSON, f"the trial team confirms: {clinical}", effort=Effort.ASK),
    )


KIND = Kind(
    id="participation",
    name="participation",
    plain_name="taking part",
    taxonomy=(42,),
    params=Params,
    explain=explain,
    question="Is the participant willing and able to take part?",
    effort=Effort.ASK,
    examples=(
        ({"what": "consent"}, {}, "unknown"),
        ({"what": "other_trial"}, {}, "unknown"),
    ),
)
