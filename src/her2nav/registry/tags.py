"""What our vocabularies recognise in a registry record: drugs, classes, tumour types, countries, HER2 words.

These are for finding trials. They say what a record mentions, never who may enter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.knowledge.tumours import ROOT
from her2nav.model.base import Frozen
from her2nav.model.kept_record import IndexEntry
from her2nav.model.registry_trial import RegistryTrial
from her2nav.registry.sync_settings import sync_settings

_WORDS = re.compile(r"[a-z0-9]+")
_SHORTEST = 4
_GATE = "her2"


class MentionRow(Frozen):
    """A row of `vocabularies/record_mentions.csv`."""

    id: str
    group: str
    words: str
    """Plain words, `|` between them: only a text with one of them can hold it. Ten times as fast to look for."""
    pattern: str | None = None
    """What must be found then; none: the words suffice."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Mention:
    id: str
    words: tuple[str, ...]
    pattern: re.Pattern[str] | None

    def found_in(self, text: str) -> bool:
        if not any(word in text for word in self.words):
            return False
        return self.pattern is None or self.pattern.search(text) is not None


class NameScanner:
    """Finds known names inside longer texts, the longest first.

    Names of fewer than four letters count only as the whole text, or with a digit: `5-FU`, but not `AC`.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._whole: dict[str, str] = {}
        for name, identifier in names:
            folded = key(name)
            if folded:
                self._whole.setdefault(folded, identifier)
        self._inside = {name: identifier for name, identifier in self._whole.items() if _may_be_inside(name)}
        self._begins = {name[:end] for name in self._inside for end in range(1, len(name) + 1)}
        self._found: dict[str, tuple[str, ...]] = {}

    def whole(self, text: str) -> str | None:
        """Return the id of a text that is nothing but a name."""
        return self._whole.get(key(text))

    def scan(self, text: str) -> tuple[str, ...]:
        """Return the ids of the names in a text."""
        found = self._found.get(text)
        if found is None:
            if len(self._found) > 100_000:
                self._found.clear()
            found = self._found[text] = self._scan(text)
        return found

    def _scan(self, text: str) -> tuple[str, ...]:
        folded = text.casefold()
        if not folded.isascii():
            decomposed = unicodedata.normalize("NFKD", folded.replace("œ", "oe"))
            folded = decomposed.encode("ascii", "ignore").decode()
        words = _WORDS.findall(folded)
        whole = self._whole.get("".join(words))
        if whole is not None:
            return (whole,)
        found: list[str] = []
        at = 0
        while at < len(words):
            hit, after = None, at + 1
            name = ""
            for end in range(at, len(words)):
                name += words[end]
                if name not in self._begins:
                    break
                if name in self._inside:
                    hit, after = self._inside[name], end + 1
            if hit is not None:
                found.append(hit)
            at = after
        return tuple(dict.fromkeys(found))


def _may_be_inside(name: str) -> bool:
    short = len(name) == _SHORTEST - 1 and name[0].isdigit() and name[-1].isalpha()
    return len(name) >= _SHORTEST or short


class Tagger:
    """Recognises what a record is about with one version of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.version = knowledge.version
        self._knowledge = knowledge
        drugs, tumours = knowledge.drugs, knowledge.tumours
        self.drugs = NameScanner(
            (name, drug.id)
            for drug in drugs.drugs.values()
            for name in (drug.name, drug.id, *drug.names, *(brand.name for brand in drug.brands))
        )
        # Without OncoTree codes: `BRCA` in a text is a gene.
        self._tumours = NameScanner(
            (name, item.id) for item in tumours.types.values() for name in (item.name, item.plain_name, *item.names)
        )
        self._regimens = {
            key(name): regimen.drugs for regimen in drugs.regimens.values() for name in (*regimen.names, regimen.id)
        }
        rows = knowledge.table("vocabularies/record_mentions.csv", MentionRow)
        found = [
            (row.group, _Mention(row.id, tuple(row.words.split("|")), re.compile(row.pattern) if row.pattern else None))
            for row in rows
        ]
        self._gate = next(item for _, item in found if item.id == _GATE)
        self._mentions = [item for group, item in found if group == "mentions" and item.id != _GATE]
        self._asked = frozenset(sync_settings(knowledge).her2.drug_classes)
        self._settings = [item for group, item in found if group == "setting"]

    def drugs_of(self, trial: RegistryTrial) -> tuple[str, ...]:
        """Return the ids of drugs among the interventions; of the title where the record lists no interventions."""
        found: list[str] = []
        for item in trial.interventions:
            for name in (item.name, *item.other_names):
                found += self.drugs_in(name)
        if not trial.interventions and trial.title:
            found += self.drugs.scan(trial.title)
        return tuple(dict.fromkeys(found))

    def drugs_in(self, text: str) -> tuple[str, ...]:
        """Return the ids of drugs that a text names; a regimen as a whole text counts as its drugs."""
        regimen = self._regimens.get(key(text))
        if regimen is not None:
            return tuple(term for term in regimen if term in self._knowledge.drugs.drugs)
        return self.drugs.scan(text)

    def tumours_of(self, trial: RegistryTrial) -> tuple[str, ...]:
        """Return the tumour types of the conditions; of keywords and title where the conditions name none."""
        for texts in (trial.conditions, trial.condition_terms, (*trial.keywords, trial.title or "")):
            found = tuple(dict.fromkeys(tumour for text in texts for tumour in self._tumours.scan(text)))
            if found:
                return found
        return ()

    def mentions_of(self, trial: RegistryTrial) -> tuple[str, ...]:
        """Return the HER2 words of a record, by crude patterns over all its text."""
        text = "\n".join(
            part
            for part in (
                trial.title,
                trial.official_title,
                *trial.conditions,
                *trial.keywords,
                *(item.name for item in trial.interventions),
                trial.summary,
                trial.eligibility.text,
            )
            if part
        ).lower()
        if not self._gate.found_in(text):
            return ()
        return (_GATE, *(item.id for item in self._mentions if item.found_in(text)))

    def head_mentions(self, trial: RegistryTrial) -> tuple[str, ...]:
        """Return the HER2 words of title, conditions and keywords: what the record is about, not what it excludes."""
        text = self._head(trial)
        return tuple(item.id for item in self._mentions if item.found_in(text))

    def selects_her2(self, trial: RegistryTrial) -> bool:
        """True when the head of a record speaks of HER2, or a drug aimed at it is given."""
        if self._gate.found_in(self._head(trial)):
            return True
        return any(self._asked.intersection(self._knowledge.drugs.terms_of(drug)) for drug in self.drugs_of(trial))

    @staticmethod
    def _head(trial: RegistryTrial) -> str:
        parts = (trial.title, trial.official_title, *trial.conditions, *trial.keywords)
        return "\n".join(part for part in parts if part).lower()

    def settings_of(self, trial: RegistryTrial) -> tuple[str, ...]:
        """Return the disease settings that title, conditions, keywords and summary mention."""
        parts = (trial.title, trial.official_title, *trial.conditions, *trial.keywords, trial.summary)
        text = "\n".join(part for part in parts if part).lower()
        return tuple(item.id for item in self._settings if item.found_in(text))

    def entry(self, trial: RegistryTrial) -> IndexEntry:
        """Return how a trial is found."""
        drugs = self.drugs_of(trial)
        tumours = self.tumours_of(trial)
        wider = {item for tumour in tumours for item in self._knowledge.tumours.wider(tumour)}
        if ROOT not in tumours:
            wider.discard(ROOT)
        classes = {term for drug in drugs for term in self._knowledge.drugs.terms_of(drug)} - set(drugs)
        countries = tuple(self._knowledge.countries.find(name) or name.upper() for name in trial.countries)
        tags: Mapping[str, tuple[str, ...]] = {
            "drug": drugs,
            "class": tuple(sorted(classes)),
            "tumour": tuple(sorted(wider)),
            "phase": trial.phases,
            "country": countries,
            "mentions": self.mentions_of(trial),
            # Settings are a cancer's: for other conditions the words mean other things.
            "setting": self.settings_of(trial) if tumours else (),
        }
        return IndexEntry(
            ids=_joined(trial.nct_id, *(item.value for item in trial.other_ids)),
            title=_joined(trial.title, trial.official_title, trial.acronym),
            conditions=_joined(*trial.conditions, *trial.keywords),
            interventions=_joined(
                *(name for item in trial.interventions for name in (item.name, *item.other_names)),
                # DS-8201a is found by those who look for deruxtecan.
                *(self._knowledge.drugs.name(drug) for drug in drugs),
            ),
            text=_joined(trial.summary, trial.eligibility.text, trial.sponsor),
            tags=tags,
        )


def _joined(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


@lru_cache(maxsize=2)
def tagger_of(knowledge: Knowledge) -> Tagger:
    """Return the tagger of a knowledge version, made once per process."""
    return Tagger(knowledge)
