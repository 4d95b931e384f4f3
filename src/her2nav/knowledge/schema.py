"""The shapes of the fact files in `data/`."""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance

Slug = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
Jurisdiction = Literal["US", "EU", "CN", "JP", "GB", "any"]


class Source(Frozen):
    """A document that facts are taken from (`data/sources.yaml`)."""

    id: str = Slug
    title: str
    kind: Literal["guideline", "label", "paper", "review", "registry", "ontology", "press", "domain_notes", "database"]
    published: str | None = None
    """Year, month or day of publication, as precise as known."""
    identifier: str | None = None
    """DOI, registry id, journal reference or public address."""
    how_read: str
    """What of it was read, in words: full text, figures, abstract, excerpt, not read."""


class SourceFile(Frozen):
    """The content of `data/sources.yaml`."""

    sources: tuple[Source, ...]


class Country(Frozen):
    """A row of `vocabularies/countries.csv`."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    name: str
    names: tuple[str, ...] = ()


class BodySite(Frozen):
    """A row of `vocabularies/body_sites.csv`."""

    id: str = Slug
    name: str
    plain_name: str
    names: tuple[str, ...] = ()


class TumourType(Frozen):
    """One tumour type (`data/tumour_types/<id>.yaml`)."""

    id: str = Slug
    name: str
    """Clinical name."""
    plain_name: str
    """Words a patient uses, for example "stomach cancer"."""
    names: tuple[str, ...] = ()
    """Other spellings that may stand in a patient file or a registry record, lower case."""
    oncotree: tuple[str, ...] = ()
    """OncoTree codes that mean exactly this type or a part of it."""
    ncit: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    """Ids of wider types; the root is `solid_tumour`."""
    her2_scoring: Literal["breast", "gastric", "colorectal", "endometrial_serous", "lung", "none"] | None = None
    """The HER2 scoring system used by default; inherited from the first parent when absent."""
    guideline: str | None = None
    """Folder of `data/guidelines/` with this tumour's decision tables; inherited from the first parent when absent."""
    histology: str | None = None
    """Id of the histology that the type itself states; absent: it states none."""
    note: str | None = None
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class Brand(Frozen):
    """A trade name, with its FDA suffix where the product is a biosimilar or a suffixed original."""

    name: str
    suffix: str | None = Field(default=None, pattern=r"^-[a-z]{4}$")
    note: str | None = None


class Payload(Frozen):
    """The cytotoxic part of an antibody-drug conjugate."""

    name: str
    payload_class: str = Slug
    """Id of a drug class, for example `topo1_inhibitor`, `auristatin`, `maytansinoid`."""


class HalfLife(Frozen):
    """Elimination half-life in days, where a washout needs it."""

    days: Decimal = Field(gt=0)
    note: str | None = None


class Drug(Frozen):
    """One active substance (`data/drugs/<group>.yaml` holds a list of them)."""

    id: str = Slug
    """International non-proprietary name with underscores: `trastuzumab_deruxtecan`."""
    name: str
    """International non-proprietary name."""
    plain_name: str | None = None
    """What the drug is, in plain words."""
    names: tuple[str, ...] = ()
    """Abbreviations, codes and other spellings, as people write them: T-DXd, DS-8201a."""
    brands: tuple[Brand, ...] = ()
    classes: tuple[str, ...] = Field(min_length=1)
    """Ids of `vocabularies/drug_classes.csv`, the most specific ones; wider classes follow from the table."""
    targets: tuple[str, ...] = ()
    """Molecular targets, gene symbols."""
    payload: Payload | None = None
    linker: str | None = None
    half_life: HalfLife | None = None
    note: str | None = None
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class DrugFile(Frozen):
    """The content of one file of `data/drugs/`."""

    drugs: tuple[Drug, ...]


class DrugClass(Frozen):
    """A row of `vocabularies/drug_classes.csv`."""

    id: str = Slug
    name: str
    plain_name: str
    parents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Regimen(Frozen):
    """A row of `vocabularies/regimens.csv`: an abbreviation and its drugs."""

    id: str = Slug
    names: tuple[str, ...]
    drugs: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    """Drugs that the letters leave open, each as ids joined by a stroke: `paclitaxel/pertuzumab`."""
    note: str | None = None

    @model_validator(mode="after")
    def _holds_drugs(self) -> Self:
        if not (self.drugs or self.either):
            raise ValueError("a regimen has drugs")
        return self


class Histology(Frozen):
    """A row of `vocabularies/histologies.csv`."""

    id: str = Slug
    name: str
    plain_name: str
    parents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class LineRules(Frozen):
    """`criteria/line_rules.yaml`: the parameters of counting lines of therapy."""

    systemic: str
    """The drug class that all systemic anticancer drugs share."""
    perioperative: tuple[str, ...]
    """(Neo)adjuvant therapy with one of these classes can count as a line when the disease comes back early."""
    silent_window_months: int = Field(gt=0)
    """The window tried where a criterion does not say how early relapse counts."""
    wide: tuple[str, ...]
    """Classes too wide to make a change of drug a swap within the class."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class LvefLimits(Frozen):
    """`criteria/lvef_limits.yaml`: where an institution's lower limit of normal can lie, in percent."""

    lowest: Decimal = Field(gt=0, lt=100)
    highest: Decimal = Field(gt=0, lt=100)
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class WellPerson(Frozen):
    """`criteria/well_person.yaml`: values of an adult who is well; each a least and a greatest one, both included."""

    lvef_percent: tuple[Decimal, Decimal]
    qtc_ms: tuple[Decimal, Decimal]
    ecog: tuple[int, int]
    karnofsky: tuple[int, int]
    vital_signs: dict[str, tuple[Decimal, Decimal]]
    """By measure: mmHg, beats per minute, percent, degrees Celsius."""
    laboratory: dict[str, tuple[Decimal, Decimal]]
    """By id of `variables.csv`, in its unit, where that table holds no limits of normal."""
    of_upper_limit: tuple[Decimal, Decimal]
    """A value that has an upper limit of normal, in multiples of it."""
    slip_factor: int = Field(gt=1)
    """A least value so many times below the normal ones has lost its unit."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class LungWarning(Frozen):
    """`monitoring/lung_warning.yaml`: whose use brings the sentence on cough, breathlessness and fever."""

    terms: tuple[str, ...]
    """Ids of drugs and classes."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class Wording(Frozen):
    """One phrase in the two registers that people read."""

    clinical: str
    plain: str


class OptionWords(Frozen):
    """`approvals/words.yaml`: what faces say of categories, statuses and the state of our knowledge."""

    category: dict[str, Wording]
    status: dict[str, Wording]
    lines: dict[str, Wording]


class Words(Frozen):
    """`data/words.yaml`: every phrase that several faces share."""

    verdict: dict[str, Wording]
    truth: dict[str, Wording]
    status: dict[str, Wording]
    expression: dict[str, Wording]
    safety_lines: dict[str, Wording]
    banned_plain: tuple[str, ...]
    status_age_limit_days: int = Field(gt=0)
    checked_on: date
