"""Contraception and fertility: what the participant must agree to."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.facts.case import Case
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding, UnknownKind
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: contraception as required is used or agreed to."""

    who: Literal["female", "male", "all"] = "all"
    months_after: Decimal | None = None
    """How long after the last dose it must go on."""


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Say what must be agreed to and whom the rule concerns; the trial team confirms it in every case."""
    who = case.patient.demographics
    until = f" until {params.months_after} months after the last dose" if params.months_after is not None else ""
    whom = {"female": "women who can become pregnant", "male": "men", "all": "women who can become pregnant and men"}
    notes, evidence = [], []
    if who.sex is not None:
        evidence.append(Evidence("/demographics/sex", who.sex))
        if params.who not in ("all", who.sex):
            notes.append(f"the record says {who.sex}, so it may not apply")
    menopause = who.menopausal_status
    if who.sex == "female" and menopause is not None and menopause != "unknown":
        evidence.append(Evidence("/demographics/menopausal_status", menopause))
        if menopause == "postmenopausal":
            notes.append("the record says postmenopausal, so it may not apply")
    note = f" ({'; '.join(notes)})" if notes else ""
    return finding(
        truth,
        "contraception_to_confirm",
        f"Contraception for {whom[params.who]}{until}: the trial team confirms it{note}.",
        "The study team will ask about birth control and whether this rule is meant for you.",
        tuple(evidence),
        unknown_kind=UnknownKind.PENDING,
        change=Change(ChangeBy.PERSON, f"agreement to contraception{until}, if it applies", effort=Effort.ASK),
    )


KIND = Kind(
    id="contraception",
    name="contraception",
    plain_name="birth control",
    taxonomy=(33,),
    params=Params,
    explain=explain,
    question="Is contraception used or agreed to, where it applies?",
    effort=Effort.ASK,
    examples=(
        ({"who": "all", "months_after": 7}, {}, "unknown"),
        ({"who": "female"}, {"demographics": {"sex": "male"}}, "unknown"),
        ({"who": "all"}, {"demographics": {"sex": "female", "menopausal_status": "postmenopausal"}}, "unknown"),
    ),
)
