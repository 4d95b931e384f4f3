"""One block of a screening, from records as text to results: what one process does while others do the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from her2nav.app.cohort_source import RawRecord
from her2nav.app.cohort_trials import MANY, CohortTrials, cohort_trials, concerns
from her2nav.app.reviews import Review, read_reviews
from her2nav.app.screen_judge import Screener, Wanted
from her2nav.app.screen_options import ScreenOptions
from her2nav.app.session import Session
from her2nav.cohort.news import Before, lost_trials, with_news
from her2nav.cohort.pair import Pair
from her2nav.cohort.runfile import LISTED, Failure, Kept, Naming, RunFile
from her2nav.facts.case import Case
from her2nav.files.jsonfile import parse_json, parse_record
from her2nav.files.validation import build
from her2nav.intake.patient_file import ReadPatient, check_patient
from her2nav.model.errors import Her2NavError, InputError
from her2nav.model.patient import Patient

GONE_TRIAL = "the trial is no longer among those screened for"


@dataclass
class BlockResult:
    """What came of a block.

    Attributes:
        kept: Results, in the order of the source.
        places: Where each patient stands in the source, for messages.
        failures: Records that could not be judged.
        before: Names, in the earlier run, of the patients who were listed there and still may be.
        whole, in_part, as_before: Patients judged anew, judged for some trials, and taken over.
    """

    kept: list[Kept] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    whole: int = 0
    in_part: int = 0
    as_before: int = 0


@dataclass(frozen=True, slots=True)
class _Todo:
    """A patient to be judged.

    Attributes:
        kept: All but the pairs, which are those taken over.
        case: The patient.
        reviews: Rulings.
        identity: As the source names the patient.
        text: The record.
        trials: Only these are judged; None: all.
    """

    kept: Kept
    case: Case
    reviews: tuple[Review, ...]
    identity: str
    text: str
    trials: frozenset[str] | None


class BlockJudge:
    """Judges blocks; made once in each process.

    Args:
        options: Of the screening.
        out: Folder of the run, whose file is only read here.
        session: Where there is one already.
        trials: The same.

    Raises:
        InputError: Trials, reviews or the earlier run cannot be used.
    """

    def __init__(
        self, options: ScreenOptions, out: Path, session: Session | None = None, trials: CohortTrials | None = None
    ) -> None:
        self._options = options
        self.session = session or Session(today=lambda: options.today, folder=Path(options.store))
        self.trials = trials or cohort_trials(self.session, options.asked, options.day)
        few = len(self.trials.digests) <= MANY and not options.quick
        self._wanted = Wanted(options.every, reasons=few, questions=few and _is_worklist(options))
        self._concerns = concerns(self.trials, self.session)
        self._reviews = read_reviews(Path(options.reviews)) if options.reviews else {}
        self._screener = Screener(self.trials.sets, self._concerns, self._wanted)
        self._parts: dict[frozenset[str], Screener] = {}
        self._run = RunFile(out)
        self._naming = self._run.its_naming()
        self._since = RunFile(Path(options.since)) if options.since else None
        self._digests: dict[tuple[int, str], dict[str, str]] = {}
        self.rules = options.rules(
            self.session.knowledge, reasons=self._wanted.reasons, questions=self._wanted.questions
        )

    def block(self, records: Sequence[RawRecord]) -> BlockResult:
        """Return the results of a block of records."""
        result = BlockResult()
        todo: list[_Todo] = []
        for place, raw in enumerate(records):
            if raw.fault is not None:
                result.failures.append(Failure(place, raw.code, f"{raw.place}: {raw.fault}"))
                continue
            try:
                read = read_raw(raw, self.session, self._options.as_of)
            except Her2NavError as error:
                result.failures.append(Failure(place, error.code, str(error)))
                continue
            todo.append(self._prepared(place, raw, read))
            result.places[todo[-1].kept.name] = raw.place
        groups: dict[frozenset[str] | None, list[_Todo]] = {}
        for item in todo:
            groups.setdefault(item.trials, []).append(item)
        for trials, members in groups.items():
            self._judge(trials, members, result)
        result.kept.sort(key=lambda kept: kept.place)
        return result

    def _prepared(self, place: int, raw: RawRecord, read: ReadPatient) -> _Todo:
        identity = read.patient.id or raw.fallback
        reviews = tuple(self._reviews.get(identity, ()))
        name = self._naming.of(identity)
        kept = Kept(
            name,
            place,
            _state(read.patient),
            _digest(self._naming, raw.text, reviews),
            read.as_of.isoformat(),
            self.rules,
            self.trials.name,
            None,
            (),
        )
        case = self.session.case(read)
        if kept.state != LISTED:
            return _Todo(kept, case, (), identity, raw.text, frozenset())
        kept = replace(kept, tumour=case.tumour_id)
        for run in filter(None, (self._run, self._since)):
            naming = run.its_naming()
            old = run.patient(naming.of(identity))
            if old is None or old.state != LISTED or (old.rules, old.day) != (kept.rules, kept.day):
                continue
            if old.digest != _digest(naming, raw.text, reviews):
                continue
            before = self._digests_of(run, old.trial_set)
            now = self.trials.digests
            changed = frozenset(trial for trial in now if before.get(trial) != now[trial])
            pairs = tuple(
                replace(pair, news=())
                for pair in old.pairs
                if pair.trial in now and pair.trial not in changed and not _only_news(pair, self._options.every)
            )
            return _Todo(replace(kept, pairs=pairs), case, reviews, identity, raw.text, changed)
        return _Todo(kept, case, reviews, identity, raw.text, None)

    def _digests_of(self, run: RunFile, name: str) -> dict[str, str]:
        key = (id(run), name)
        if key not in self._digests:
            self._digests[key] = run.trials(name)
        return self._digests[key]

    def _judge(self, trials: frozenset[str] | None, members: list[_Todo], result: BlockResult) -> None:
        if trials is None:
            result.whole += len(members)
        elif trials:
            result.in_part += len(members)
        else:
            result.as_before += len(members)
        if trials is not None and not trials:
            found: list[tuple[Pair, ...]] = [()] * len(members)
        else:
            screener = self._screener if trials is None else self._part(trials)
            try:
                found = _judged(screener, members)
            except Exception:  # noqa: BLE001 - one record that the program stumbles at must not cost the block
                self._one_by_one(screener, members, result)
                return
        for item, pairs in zip(members, found, strict=True):
            result.kept.append(self._finished(item, pairs, result))

    def _one_by_one(self, screener: Screener, members: list[_Todo], result: BlockResult) -> None:
        for item in members:
            try:
                (pairs,) = _judged(screener, [item])
            except Exception as error:  # noqa: BLE001 - told with its place, and counted
                told = f"{result.places[item.kept.name]}: the program stumbled at this record ({type(error).__name__})"
                result.failures.append(Failure(item.kept.place, "internal", told))
                continue
            result.kept.append(self._finished(item, pairs, result))

    def _part(self, trials: frozenset[str]) -> Screener:
        if trials not in self._parts:
            self._parts[trials] = Screener(self.trials.part(trials), self._concerns, self._wanted)
        return self._parts[trials]

    @cached_property
    def _since_naming(self) -> Naming | None:
        return self._since.its_naming() if self._since is not None else None

    def _finished(self, item: _Todo, pairs: tuple[Pair, ...], result: BlockResult) -> Kept:
        """Join what was taken over with what was judged now, and add what is new since the earlier run."""
        every = tuple(sorted((*item.kept.pairs, *pairs), key=lambda pair: (-pair.score, pair.trial)))
        kept = replace(item.kept, pairs=every)
        if self._since is None or self._since_naming is None:
            return kept
        name = self._since_naming.of(item.identity)
        old = self._since.patient(name)
        if kept.state != LISTED:
            return kept
        if old is not None and old.state == LISTED:
            result.before.append(name)
        return replace(kept, pairs=self._with_news(item, every, old))

    def _with_news(self, item: _Todo, pairs: tuple[Pair, ...], old: Kept | None) -> tuple[Pair, ...]:
        assert self._since is not None
        assert self._since_naming is not None
        day = date.fromisoformat(item.kept.day)
        if old is not None and old.state == LISTED:
            before = Before(
                old,
                self._digests_of(self._since, old.trial_set),
                same_record=old.digest == _digest(self._since_naming, item.text, item.reviews),
                same_rules=old.rules == self.rules,
            )
        else:
            before = Before(None, {})
        found = {pair.trial: pair for pair in pairs}
        lost = lost_trials(found, before)
        judged_now = frozenset(trial for trial in lost if trial in self.trials.digests)
        if judged_now:
            wanted = replace(self._wanted, every=True)
            screener = Screener(self.trials.part(judged_now), lambda _: None, wanted)
            found |= {pair.trial: pair for pair in _judged(screener, [item])[0]}
        for trial in set(lost) - judged_now:
            found[trial] = Pair(trial, "ineligible", blocking=GONE_TRIAL)
        digests = self.trials.digests
        return tuple(with_news(pair, before, digests.get(trial), day) for trial, pair in found.items())


def _only_news(pair: Pair, every: bool) -> bool:
    """Return whether a pair was kept only to say that it was lost."""
    return not every and pair.verdict == "ineligible" and pair.eligible_from is None and not (pair.ruled or pair.void)


def _judged(screener: Screener, members: Sequence[_Todo]) -> list[tuple[Pair, ...]]:
    reviews = {i: item.reviews for i, item in enumerate(members) if item.reviews}
    return screener.judge([item.case for item in members], reviews)


def _is_worklist(options: ScreenOptions) -> bool:
    return options.asked.portfolio is not None or bool(options.asked.only) or bool(options.asked.files)


def _state(patient: Patient) -> str:
    """Return LISTED, or why a patient may not stand on any list."""
    who = patient.demographics
    if who.vital_status == "deceased":
        return "deceased"
    return "do_not_contact" if who.do_not_contact else LISTED


def _digest(naming: Naming, text: str, reviews: Sequence[Review]) -> str:
    rulings = json.dumps([review.model_dump(mode="json") for review in reviews]) if reviews else ""
    return naming.digest(text + rulings)


def read_raw(raw: RawRecord, session: Session, as_of: date | None) -> ReadPatient:
    """Return the patient of a record, as `match` would read it.

    Raises:
        InputError: The first thing wrong, with its place.
    """
    if raw.fault is not None:
        raise InputError(raw.fault, file=raw.place, code=raw.code)
    is_json = raw.text[:1] == "{"
    # The lines of a JSON text are only worked out where they are needed: for the message about what is wrong.
    document = parse_json(raw.text, raw.place) if is_json else parse_record(raw.text, raw.place)
    try:
        patient = build(Patient, document)
        return check_patient(patient, document, session.knowledge, session.today(), as_of)
    except Her2NavError:
        if is_json and "\n" in raw.text:
            document = parse_record(raw.text, raw.place)
            patient = build(Patient, document)
            return check_patient(patient, document, session.knowledge, session.today(), as_of)
        raise


def identity_of(raw: RawRecord) -> str:
    """Return the id of a record, read no further than needed; the fallback where it has none or is damaged."""
    if raw.fault is not None:
        return raw.fallback
    try:
        data = parse_json(raw.text, raw.place).data if raw.text[:1] == "{" else parse_record(raw.text, raw.place).data
    except Her2NavError:
        return raw.fallback
    identity = data.get("id") if isinstance(data, dict) else None
    return str(identity) if identity else raw.fallback
