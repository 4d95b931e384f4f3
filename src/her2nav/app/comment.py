"""`interpret --comment`: a comment for the report of one specimen, to be pasted, in words of our own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from her2nav.app.required import asked_items, missing_items, required_items
from her2nav.facts.case import Case
from her2nav.interpret.guidelines import guideline_for
from her2nav.interpret.results import RuleRef, SpecimenHer2
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import InputError


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in its parts.

    Attributes:
        specimen: Name, kind, site and day.
        edition: The rules.
        final: False where the result may still change.
        result: Sentences.
        notes: What to point out.
        missing: What the report lacks.
        next: Next steps.
        rules: Row, source, place and confidence, one line each.
    """

    specimen: str
    edition: str
    final: bool
    result: tuple[str, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    next: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def text(self) -> str:
        """The comment as plain text of short lines."""
        lines = [f"HER2 ({self.specimen})"]
        lines += [f"{'RESULT' if self.final else 'RESULT, NOT FINAL'}: {' '.join(self.result)}"]
        lines.append(f"Rules: {self.edition}.")
        lines += [f"Note: {note}" for note in self.notes]
        missing = "; ".join(self.missing) if self.missing else "nothing that these rules ask for"
        lines.append(f"Missing from this report: {missing}.")
        steps = " ".join(self.next) if self.next else "none that these rules ask for."
        lines.append(f"Next step: {steps}")
        lines += [f"Source: {rule}" for rule in self.rules]
        return "\n".join(lines)


def comment(case: Case, identity: str | None = None) -> Comment:
    """Return the comment for one specimen.

    Args:
        case: The patient, the interpretation computed.
        identity: Id of the specimen, or its number in the record; the governing one when None.

    Raises:
        InputError: No rule is known for the tumour type, there is no specimen, none has this id, or rivals disagree.
    """
    her2 = case.her2
    if her2 is None or case.tumour_id is None:
        raise InputError("no rule is known for this tumour type", code="no_rule")
    if identity is None and her2.overall.rivals:
        rivals = [one.id or str(one.index + 1) for one in her2.specimens if one.path in her2.overall.rivals]
        raise InputError(
            "specimens of one rank disagree, so that none governs: name the one to comment on",
            place="--of",
            allowed=", ".join(rivals),
            code="rivals",
        )
    one = _chosen(her2.specimens, identity, her2.overall.specimen)
    guideline = guideline_for(case.tumour_id, case.knowledge, case.as_of)
    assert guideline is not None
    specimen = case.patient.specimens[one.index]
    asked = asked_items(specimen, required_items(case.knowledge, guideline.folder))
    named = [one.id or "", one.kind or "", one.site or "", one.organ or ""]
    named.append(f"collected {one.collected}" if one.collected else "no date")
    flags = [*one.flags, *(flag for flag in her2.flags if flag.code not in {own.code for own in one.flags})]
    own = [step for step in her2.next_tests if not step.specimens or one.path in step.specimens]
    title = "none, for no HER2 scoring is validated for this tumour" if her2.scoring == "none" else guideline.title
    return Comment(
        specimen=", ".join(part.replace("_", " ") for part in named if part),
        edition=f"{title} [{guideline.id}, knowledge {case.knowledge.version}, as of {case.as_of}]",
        final=one.status.final,
        result=tuple(sentence.clinical for sentence in one.sentences),
        notes=tuple(flag.clinical for flag in flags),
        missing=tuple(item.says for item in missing_items(specimen, asked)),
        next=tuple(step.clinical for step in own),
        rules=tuple(_rule(ref, case.knowledge) for ref in one.status.rules),
    )


def comment_json(told: Comment) -> dict[str, Any]:
    """Return a comment as plain data, the text to paste beside its parts."""
    return {"comment": told.text, **{name: _plain(value) for name, value in asdict(told).items()}}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _rule(ref: RuleRef, knowledge: Knowledge) -> str:
    title = knowledge.sources[ref.source].title if ref.source in knowledge.sources else ref.source
    confidence = f"{ref.confidence.value}, unverified" if ref.confidence.unverified else ref.confidence.value
    return f"{ref.id}: {title}, {ref.locator} ({confidence})"


def _chosen(specimens: tuple[SpecimenHer2, ...], identity: str | None, governing: str | None) -> SpecimenHer2:
    if not specimens:
        raise InputError("the record has no specimen", allowed="a specimen with a HER2 result", code="no_specimen")
    if identity is not None:
        for one in specimens:
            if identity in (one.id, str(one.index + 1)):
                return one
        known = ", ".join(one.id or str(one.index + 1) for one in specimens)
        raise InputError(f"no specimen '{identity}'", place="--of", allowed=known, code="no_specimen")
    return next((one for one in specimens if one.path == governing), specimens[-1])
