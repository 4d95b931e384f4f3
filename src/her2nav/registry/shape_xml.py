"""The registry's older XML (`clinical_study`), and the TREC extract of it (`DOC`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from xml.etree.ElementTree import Element

from her2nav.model.registry_trial import (
    Contact,
    Eligibility,
    IdKind,
    Intervention,
    OtherId,
    RegistryTrial,
    Site,
    TrialArm,
    TrialDates,
)
from her2nav.registry.fields import Fields, Unreadable, guarded_id, read_age, read_date, read_sex, read_yes, unique
from her2nav.registry.ids import register_of

SHAPE = "xml"
TREC_SHAPE = "trec_xml"
_DOWNLOADED = "processed this data on "


def parse_xml(root: Element) -> RegistryTrial:
    """Read one `clinical_study` or `DOC`.

    Raises:
        Unreadable: Another element, or no registry id.
    """
    if root.tag == "clinical_study":
        return _study(root)
    if root.tag == "DOC":
        return _trec(root)
    if root.tag == "rss":
        raise Unreadable("an RSS list of search hits: it names trials but holds no records")
    raise Unreadable(f"<{root.tag[:40]}> is not a registry record (clinical_study)")


def _study(element: Element) -> RegistryTrial:
    fields = Fields()
    root = _Root(element)
    ids = root.one("id_info")
    nct_id = guarded_id(ids.text("nct_id"))
    status_text = root.text("overall_status")
    sponsors, design, criteria = root.one("sponsors"), root.one("study_design_info"), root.one("eligibility")
    lead = sponsors.one("lead_sponsor")
    interventions = tuple(_intervention(item) for item in root.all("intervention") if "intervention_name" in item)
    sites = tuple(_site(fields, item) for item in root.elements("location"))
    return RegistryTrial(
        nct_id=nct_id,
        shape=SHAPE,
        title=root.text("brief_title"),
        official_title=root.text("official_title"),
        acronym=root.text("acronym"),
        other_ids=_ids(ids),
        status=fields.status(status_text),
        status_text=status_text,
        last_known_status=fields.status(root.text("last_known_status")),
        why_stopped=root.text("why_stopped"),
        dates=_dates(fields, root),
        current_on=_downloaded(root.one("required_header").text("download_date")),
        study_type=root.text("study_type"),
        phases=fields.phases(root.texts("phase")),
        purpose=design.text("primary_purpose"),
        allocation=design.text("allocation"),
        enrolment=fields.number(root.text("enrollment")),
        sponsor=lead.text("agency"),
        sponsor_class=lead.text("agency_class"),
        collaborators=unique(item.text("agency") or "" for item in sponsors.all("collaborator")),
        conditions=root.texts("condition"),
        keywords=root.texts("keyword"),
        condition_terms=root.one("condition_browse").texts("mesh_term"),
        interventions=interventions,
        intervention_terms=root.one("intervention_browse").texts("mesh_term"),
        arms=tuple(_arm(item, interventions) for item in root.all("arm_group") if "arm_group_label" in item),
        summary=root.one("brief_summary").text("textblock"),
        eligibility=Eligibility(
            text=criteria.one("criteria").text("textblock"),
            sex=read_sex(criteria.text("gender")),
            minimum_age=read_age(criteria.text("minimum_age")),
            maximum_age=read_age(criteria.text("maximum_age")),
            healthy_volunteers=read_yes(criteria.text("healthy_volunteers")),
        ),
        sites=sites,
        countries=unique(site.country or "" for site in sites) or root.one("location_countries").texts("country"),
        contacts=tuple(
            _contact(item) for tag in ("overall_contact", "overall_contact_backup") for item in root.all(tag)
        ),
        has_results="clinical_results" in root
        or "results_first_posted" in root
        or "firstreceived_results_date" in root,
        faults=tuple(fields.faults),
    )


def _trec(element: Element) -> RegistryTrial:
    fields = Fields()
    root = _Root(element)
    return RegistryTrial(
        nct_id=guarded_id(root.text("DOCNO")),
        shape=TREC_SHAPE,
        title=root.text("brief_title"),
        dates=TrialDates(verified=fields.date(root.text("verification_date"), "verification")),
        condition_terms=root.texts("mesh_term"),
        summary=root.text("brief_summary"),
        eligibility=Eligibility(
            text=root.text("criteria"),
            sex=read_sex(root.text("gender")),
            minimum_age=read_age(root.text("minimum_age")),
            maximum_age=read_age(root.text("maximum_age")),
        ),
        faults=tuple(fields.faults),
    )


class _Children:
    """The children of an element by tag, found one by one: quick where there are few."""

    __slots__ = ("_element",)

    def __init__(self, element: Element) -> None:
        self._element = element

    def first(self, tag: str) -> Element | None:
        """The first child of a tag."""
        return self._element.find(tag)

    def elements(self, tag: str) -> Sequence[Element]:
        """All children of a tag."""
        return self._element.findall(tag)

    def text(self, *tags: str) -> str | None:
        """The text of the first of the tags that has any."""
        for tag in tags:
            found = self.first(tag)
            if found is not None and (text := found.text) and (text := text.strip()):
                return text
        return None

    def texts(self, tag: str) -> tuple[str, ...]:
        """The texts of all children of a tag, each once."""
        found = self.elements(tag)
        return unique(child.text.strip() for child in found if child.text) if found else ()

    def all(self, tag: str) -> list[_Children]:
        """All children of a tag."""
        return [_Children(child) for child in self.elements(tag)]

    def one(self, tag: str) -> _Children:
        """The first child of a tag; nothing when there is none."""
        found = self.first(tag)
        return _NOTHING if found is None else _Children(found)

    def __contains__(self, tag: str) -> bool:
        return self.first(tag) is not None


_NOTHING = _Children(Element("nothing"))


class _Root(_Children):
    """The children of an element that has many, found in one pass: looking each up would take longer than parsing."""

    __slots__ = ("_of",)

    def __init__(self, element: Element) -> None:
        super().__init__(element)
        self._of = of = defaultdict[str, list[Element]](list)
        for child in element:
            of[child.tag].append(child)

    def first(self, tag: str) -> Element | None:
        found = self._of.get(tag)
        return found[0] if found else None

    def elements(self, tag: str) -> Sequence[Element]:
        return self._of.get(tag, ())


def _ids(info: _Children) -> tuple[OtherId, ...]:
    kinds: tuple[tuple[str, IdKind], ...] = (
        ("org_study_id", "organisation"),
        ("secondary_id", "secondary"),
        ("nct_alias", "alias"),
    )
    return tuple(
        OtherId(value, None if kind == "alias" else register_of(value), kind)
        for tag, kind in kinds
        for value in info.texts(tag)
    )


def _dates(fields: Fields, root: _Children) -> TrialDates:
    # The last name of each is that of files older than 2018.
    return TrialDates(
        start=fields.date(root.text("start_date"), "start"),
        primary_completion=fields.date(root.text("primary_completion_date"), "primary completion"),
        completion=fields.date(root.text("completion_date"), "completion"),
        verified=fields.date(root.text("verification_date"), "verification"),
        first_posted=fields.date(
            root.text("study_first_posted", "study_first_submitted", "firstreceived_date"), "first posted"
        ),
        last_update=fields.date(
            root.text("last_update_posted", "last_update_submitted", "lastchanged_date"), "last update"
        ),
        results_posted=fields.date(root.text("results_first_posted", "firstreceived_results_date"), "results posted"),
    )


def _downloaded(header: str | None) -> date | None:
    """The day on which the registry wrote the file."""
    _, found, day = (header or "").partition(_DOWNLOADED)
    stated = read_date(day) if found else None
    return stated.low if stated is not None and stated.exact else None


def _intervention(item: _Children) -> Intervention:
    return Intervention(
        item.text("intervention_name") or "",
        item.text("intervention_type"),
        item.texts("other_name"),
        item.text("description"),
        item.texts("arm_group_label"),
    )


def _arm(item: _Children, interventions: tuple[Intervention, ...]) -> TrialArm:
    label = item.text("arm_group_label") or ""
    given = unique(intervention.name for intervention in interventions if label in intervention.arms)
    return TrialArm(label, item.text("arm_group_type"), item.text("description"), given)


def _site(fields: Fields, element: Element) -> Site:
    # Written out: most elements of a record are those of its sites.
    facility = element.find("facility")
    address = facility.find("address") if facility is not None else None
    status = element.find("status")
    contacts = [found for tag in ("contact", "contact_backup") for found in element.findall(tag)]
    return Site(
        facility=_text(facility, "name"),
        city=_text(address, "city"),
        state=_text(address, "state"),
        country=_text(address, "country"),
        zip=_text(address, "zip"),
        status=fields.status(status.text) if status is not None else None,
        contacts=tuple(_contact(_Children(item)) for item in contacts),
    )


def _text(element: Element | None, tag: str) -> str | None:
    text = element.findtext(tag) if element is not None else None
    return text.strip() or None if text else None


def _contact(item: _Children) -> Contact:
    phone, extension = item.text("phone"), item.text("phone_ext")
    return Contact(
        name=item.text("last_name"),
        phone=f"{phone} ext. {extension}" if phone and extension else phone,
        email=item.text("email"),
    )
