"""Explains the answers of a specimen in both registers, from the answers themselves and nothing else."""

from __future__ import annotations

from her2nav.interpret.calls import Call
from her2nav.interpret.ihc import written
from her2nav.interpret.results import Answer, Sentence
from her2nav.model.specimens import Specimen

_STATUS = {
    "positive": ("HER2-positive", "HER2-positive"),
    "negative": ("HER2-negative", "HER2-negative"),
    "equivocal": ("HER2 equivocal: not settled without ISH", "in between: a gene test must settle it"),
    "indeterminate": ("HER2 indeterminate", "not clear yet"),
    "unknown": ("HER2 status unknown", "not known"),
}
_EXPRESSION = {
    "positive": ("HER2-positive", "HER2-positive"),
    "low": ("HER2-low", "low"),
    "ultralow": ("HER2-ultralow", "very low (ultralow)"),
    "zero": ("IHC 0, no membrane staining", "none"),
    "zero_any": ("IHC 0", "none, or hardly any"),
    "zero_unspecified": ("IHC 0, not said whether faint staining was seen", "none or very low"),
    "unknown": ("expression category unknown", "not known"),
}
_WORD = {"equivocal": "in between"}
_AMPLIFICATION = {
    "amplified": ("ERBB2 amplified", "There are extra copies of the HER2 gene."),
    "not_amplified": ("ERBB2 not amplified", "No extra copies of the HER2 gene were found."),
}


def specimen_sentences(
    specimen: Specimen,
    scores: Call | None,
    status: Answer,
    expression: Answer,
    amplification: Answer,
    others: dict[str, tuple[str, Answer]],
) -> tuple[Sentence, ...]:
    """Return the explanation of a specimen.

    Args:
        specimen: What was measured.
        scores: The definition's reading; None where no definition was applied.
        status: The status.
        expression: The expression category.
        amplification: The amplification answer.
        others: Title and answer of further definitions.
    """
    if status.reason == "blood_sample":
        return _blood(specimen)
    result = [_status(specimen, scores, status)]
    if expression.value != "unknown" and expression.value != status.value:
        clinical, plain = _EXPRESSION[
            "zero_any" if expression.any_zero and expression.value == "zero" else expression.value
        ]
        hold = "" if expression.final or expression.value == "zero_unspecified" else " (not final)"
        result.append(
            Sentence(
                f"Expression category: {clinical}{hold}.",
                f"Amount of HER2 protein: {plain}{'' if not hold else ', but this is not final'}.",
                _ids(expression),
            )
        )
    for title, one in others.values():
        clinical = phrase(one)[0]
        result.append(Sentence(f"{title}: {clinical}.", f"By the rules named {title}: {phrase(one)[1]}.", _ids(one)))
    if amplification.value in _AMPLIFICATION:
        clinical, plain = _AMPLIFICATION[amplification.value]
        result.append(Sentence(f"{clinical}.", plain, _ids(amplification)))
    return tuple(result)


def phrase(answer: Answer) -> tuple[str, str]:
    """Return the words for a status answer in both registers; what is not final says so.

    >>> phrase(Answer("negative", frozenset({"negative"}), True))
    ('HER2-negative', 'HER2-negative')
    """
    clinical, plain = _STATUS.get(answer.value, (answer.value, answer.value))
    if answer.value in ("positive", "negative") and not answer.final:
        if answer.outcome.endswith("_if_recount_confirms"):
            return f"{clinical} if a blinded recount confirms the group", f"{plain}, but only if a second count agrees"
        return f"{clinical} on what is known; not final", f"{plain} on what is known, but this is not final"
    if answer.outcome == "adjudicate":
        return "HER2 to be settled by internal adjudication", "to be settled by the lab"
    return clinical, plain


def measured(specimen: Specimen, scores: Call | None) -> tuple[str, str]:
    """Return what was measured, in both registers."""
    clinical, plain = [], []
    ihc, ish = specimen.ihc, specimen.ish
    if ihc is not None and (ihc.score or ihc.zero_subtype):
        percent = f" in {ihc.percent_cells} % of cells" if ihc.percent_cells is not None else ""
        clinical.append(f"IHC {written(ihc)}{percent}")
        plain.append(f"the protein test was {written(ihc)}")
    elif ihc is not None and ihc.intensity is not None:
        percent = f" in {ihc.percent_cells} % of cells" if ihc.percent_cells is not None else ""
        clinical.append(f"IHC described as {ihc.intensity}{percent}")
        plain.append("the protein test was described but not scored")
    elif ihc is not None and ihc.percent_cells is not None:
        clinical.append(f"IHC staining in {ihc.percent_cells} % of cells, intensity and score not stated")
        plain.append("the protein test was described but not scored")
    if ish is not None and scores is not None and scores.ish.done:
        parts = []
        if ish.her2_cep17_ratio is not None:
            parts.append(f"ratio {ish.her2_cep17_ratio}")
        if ish.her2_copy_number is not None:
            parts.append(f"{ish.her2_copy_number} copies per cell")
        if ish.percent_cells_ratio_ge2 is not None:
            parts.append(f"ratio of two or more in {ish.percent_cells_ratio_ge2} % of cells")
        if ish.result is not None:
            failed = "gave no result, its numbers are not used" if parts else "gave no result"
            parts.append(failed if ish.result == "failed" else f"reported {ish.result}")
        group = f" group {scores.group}" if scores.group else ""
        clinical.append(f"ISH{group} ({', '.join(parts)})" if parts else f"ISH{group}")
        plain.append("a gene test (ISH) was done")
    elif ihc is not None:
        clinical.append("no usable ISH result")
    if not clinical and specimen.her2_reported:
        clinical.append(f"reported only as {specimen.her2_reported}")
        plain.append(f"the report only says HER2 is {_WORD.get(specimen.her2_reported, specimen.her2_reported)}")
    return "; ".join(clinical) or "no HER2 IHC or ISH result", " and ".join(plain) or "there is no HER2 tissue test"


def _status(specimen: Specimen, scores: Call | None, status: Answer) -> Sentence:
    clinical, plain = measured(specimen, scores)
    words = phrase(status)
    reason = f" ({status.reason.replace('_', ' ')})" if status.reason else ""
    return Sentence(
        f"{clinical[0].upper()}{clinical[1:]}: {words[0]}{reason}.",
        f"{plain[0].upper()}{plain[1:]}. HER2 result: {words[1]}.",
        _ids(status),
    )


def _blood(specimen: Specimen) -> tuple[Sentence, ...]:
    """Return what a blood sample says; it never gives a status."""
    ngs = specimen.ngs
    if ngs is None or ngs.amplification_call != "amplified":
        return (
            Sentence("Blood sample: no HER2 status from it.", "A blood sample. It cannot give the HER2 status.", ()),
        )
    assay = f" ({ngs.assay})" if ngs.assay else ""
    return (
        Sentence(
            f"ERBB2 amplified in plasma by the assay's own call{assay}; no HER2 status from it.",
            "The blood test found extra copies of the HER2 gene. It cannot give the HER2 status by itself.",
            ("8.1",),
        ),
    )


def _ids(answer: Answer) -> tuple[str, ...]:
    return tuple(ref.id for ref in answer.rules)
