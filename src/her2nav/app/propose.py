"""`propose`: a language model, named by the user, on what the rules left open; shown and checked, never deciding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from her2nav.app.criteria import CriteriaAnswer
from her2nav.app.intake import Intake, checked
from her2nav.app.session import Session
from her2nav.intake.reading import Origin, Sourced
from her2nav.model.errors import InputError, ValueProblem
from her2nav.proposals.asking import Outgoing, about_criteria, about_notes
from her2nav.proposals.check import Proposed, Refused, checked_criteria, checked_notes
from her2nav.proposals.endpoint import Endpoint, ask
from her2nav.proposals.forms import CriterionProposals, NoteProposals
from her2nav.proposals.kept import keep, kept
from her2nav.proposals.records import placed

Form = TypeVar("Form", NoteProposals, CriterionProposals)


@dataclass(frozen=True, slots=True)
class Proposals:
    """What came of one request.

    Attributes:
        outgoing: The request.
        digest: Its name; `--send DIGEST` lets exactly this request go.
        sent: False where nothing left this machine in this run.
        from_kept: True where the answer lay in the folder of kept answers.
        proposed: What stands the checks.
        refused: What does not, with reasons.
    """

    outgoing: Outgoing
    digest: str
    sent: bool = False
    from_kept: bool = False
    proposed: tuple[Proposed, ...] = field(default=())
    refused: tuple[Refused, ...] = field(default=())

    @property
    def answered(self) -> bool:
        """True where there is an answer, new or kept."""
        return self.sent or self.from_kept


def propose_values(
    session: Session, found: Intake, place: Endpoint, *, send: str | None = None, folder: Path | None = None
) -> Proposals:
    """Ask for values that the rules did not read in notes.

    Args:
        session: Knowledge.
        found: The notes, read by the rules.
        place: The endpoint.
        send: Digest of the request that the user has seen; None: nothing is sent.
        folder: Where answers are kept; None: nowhere.

    Raises:
        ValueProblem: The digest belongs to another request.
        EndpointFailed: No usable answer.
    """
    outgoing = about_notes(found.notes, found.reading, session.knowledge)
    done, answer = _answer(outgoing, place, send, folder, NoteProposals)
    if answer is None:
        return done
    proposed, refused = checked_notes(answer, outgoing, found.reading.patient)
    return replace(done, proposed=tuple(proposed), refused=tuple(refused))


def propose_readings(
    session: Session, read: CriteriaAnswer, place: Endpoint, *, send: str | None = None, folder: Path | None = None
) -> Proposals:
    """Ask for trees of the stretches of an eligibility text that the reader left unread.

    Raises:
        InputError: Everything was read.
        ValueProblem: The digest belongs to another request.
        EndpointFailed: No usable answer.
    """
    outgoing = about_criteria(read.read.criteria, read.read.outline.text, session.knowledge)
    if not outgoing.sources:
        raise InputError("every stretch of these criteria was read", allowed="a trial with unread stretches")
    done, answer = _answer(outgoing, place, send, folder, CriterionProposals)
    if answer is None:
        return done
    proposed, refused = checked_criteria(answer, outgoing)
    return replace(done, proposed=tuple(proposed), refused=tuple(refused))


def _answer(
    outgoing: Outgoing, place: Endpoint, send: str | None, folder: Path | None, form: type[Form]
) -> tuple[Proposals, Form | None]:
    digest = outgoing.digest(place.url, place.model)
    key = outgoing.key(place.url, place.model)
    if send is not None and send != digest:
        raise ValueProblem(
            f"'{send}' is not the request that would be sent now",
            place="--send",
            allowed="the name under the request, shown without --send",
        )
    known = kept(folder, key, form)
    if known is not None:
        return Proposals(outgoing, digest, from_kept=True), known
    if send is None:
        return Proposals(outgoing, digest), None
    answer = ask(place, outgoing.instructions, outgoing.text, form)
    keep(folder, key, answer)
    return Proposals(outgoing, digest, sent=True), answer


def accepted(session: Session, found: Intake, taken: Sequence[Proposed]) -> Intake:
    """Return the reading with the proposals that a person accepted; each keeps its quote as origin.

    Raises:
        ValueProblem: A value is not allowed beside the others.
    """
    reading = found.reading
    for one in taken:
        record = placed(reading.patient, one.path, one.value)
        if record is None:
            raise ValueProblem("there is no such place", place=one.path, allowed="a path of the patient file")
        pointer = one.path
        if pointer.endswith("/-"):
            pointer = f"{pointer[:-2]}/{_length(record, pointer[:-2]) - 1}"
        text = next((note.text for note in found.notes if note.name == one.source), "")
        line = text.count("\n", 0, one.start) + 1
        origin = Origin(one.source, one.start, one.end, line, f"{text[one.start : one.end]} (machine-read, accepted)")
        reading = replace(
            reading, patient=record, provenance=(*reading.provenance, Sourced(pointer, one.value, origin))
        )
    return Intake(found.notes, checked(session, reading))


def _length(record: dict[str, Any], pointer: str) -> int:
    value: Any = record
    for part in pointer.strip("/").split("/"):
        value = value[part]
    return len(value)


def proposals_json(session: Session, done: Proposals, place: Endpoint) -> dict[str, Any]:
    """Return the answer in the form of the `propose` command's JSON."""
    return {
        "kind": done.outgoing.kind,
        "endpoint": place.url,
        "model": place.model,
        "digest": done.digest,
        "sent": done.sent,
        "from_kept": done.from_kept,
        "request": {"instructions": done.outgoing.instructions, "text": done.outgoing.text},
        "proposals": [
            {
                "path": one.path,
                "value": one.value,
                "quote": one.quote,
                "source": one.source,
                "start": one.start,
                "end": one.end,
                "machine_read": True,
                "decides": False,
            }
            for one in done.proposed
        ],
        "refused": [
            {"path": one.path, "value": one.value, "quote": one.quote, "code": one.code, "reason": one.reason}
            for one in done.refused
        ],
        "versions": session.versions(trials=False),
    }


def value_text(value: Any) -> str:
    """Return a value on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
