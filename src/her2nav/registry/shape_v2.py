"""API v2 records: `protocolSection` and its modules; any module may be trimmed away."""

from __future__ import annotations

from her2nav.model.registry_trial import (
    Contact,
    Eligibility,
    Intervention,
    OtherId,
    RegistryTrial,
    Site,
    TrialArm,
    TrialDates,
)
from her2nav.registry.fields import Fields, Json, Unreadable, guarded_id, read_age, read_sex, read_yes, unique
from her2nav.registry.ids import register_of

SHAPE = "api_v2"


def is_v2(data: Json) -> bool:
    """True when an object has the form of an API v2 study."""
    return "protocolSection" in data or "resultsSection" in data or "derivedSection" in data


def parse_v2(data: Json, shape: str = SHAPE) -> RegistryTrial:
    """Read one study.

    Raises:
        Unreadable: No `protocolSection`, or no registry id.
    """
    fields = Fields()
    protocol = data.get("protocolSection")
    if not isinstance(protocol, dict):
        raise Unreadable("no registry id: the record has no protocolSection")
    identification = fields.group(protocol, "identificationModule")
    nct_id = guarded_id(identification.get("nctId"))
    status = fields.group(protocol, "statusModule")
    design = fields.group(protocol, "designModule")
    sponsors = fields.group(protocol, "sponsorCollaboratorsModule")
    lead = fields.group(sponsors, "leadSponsor")
    conditions = fields.group(protocol, "conditionsModule")
    arms = fields.group(protocol, "armsInterventionsModule")
    places = fields.group(protocol, "contactsLocationsModule")
    derived = fields.group(data, "derivedSection")
    info = fields.group(design, "designInfo")
    status_text = fields.text(status, "overallStatus")
    sites = tuple(_site(fields, item) for item in fields.groups(places, "locations"))
    return RegistryTrial(
        nct_id=nct_id,
        shape=shape,
        title=fields.text(identification, "briefTitle"),
        official_title=fields.text(identification, "officialTitle"),
        acronym=fields.text(identification, "acronym"),
        other_ids=_ids(fields, identification),
        status=fields.status(status_text),
        status_text=status_text,
        last_known_status=fields.status(fields.text(status, "lastKnownStatus")),
        why_stopped=fields.text(status, "whyStopped"),
        dates=_dates(fields, status),
        study_type=fields.text(design, "studyType"),
        phases=fields.phases(fields.texts(design, "phases")),
        purpose=fields.text(info, "primaryPurpose"),
        allocation=fields.text(info, "allocation"),
        enrolment=fields.number(fields.group(design, "enrollmentInfo").get("count")),
        sponsor=fields.text(lead, "name"),
        sponsor_class=fields.text(lead, "class"),
        collaborators=unique(fields.text(item, "name") or "" for item in fields.groups(sponsors, "collaborators")),
        conditions=fields.texts(conditions, "conditions"),
        keywords=fields.texts(conditions, "keywords"),
        condition_terms=_mesh(fields, derived, "conditionBrowseModule"),
        interventions=tuple(
            Intervention(
                name,
                fields.text(item, "type"),
                fields.texts(item, "otherNames"),
                fields.text(item, "description"),
                fields.texts(item, "armGroupLabels"),
            )
            for item in fields.groups(arms, "interventions")
            if (name := fields.text(item, "name")) is not None
        ),
        intervention_terms=_mesh(fields, derived, "interventionBrowseModule"),
        arms=tuple(
            TrialArm(
                label,
                fields.text(item, "type"),
                fields.text(item, "description"),
                fields.texts(item, "interventionNames"),
            )
            for item in fields.groups(arms, "armGroups")
            if (label := fields.text(item, "label")) is not None
        ),
        summary=fields.text(fields.group(protocol, "descriptionModule"), "briefSummary"),
        eligibility=_eligibility(fields, fields.group(protocol, "eligibilityModule")),
        sites=sites,
        countries=unique(site.country or "" for site in sites),
        contacts=tuple(_contact(fields, item) for item in fields.groups(places, "centralContacts")),
        has_results=read_yes(data.get("hasResults")),
        faults=tuple(fields.faults),
    )


def _ids(fields: Fields, identification: Json) -> tuple[OtherId, ...]:
    found: list[OtherId] = []
    own = fields.text(fields.group(identification, "orgStudyIdInfo"), "id")
    if own:
        found.append(OtherId(own, register_of(own), "organisation"))
    for item in fields.groups(identification, "secondaryIdInfos"):
        value = fields.text(item, "id")
        if value:
            found.append(OtherId(value, register_of(value) or fields.text(item, "domain")))
    found += [OtherId(value, None, "alias") for value in fields.texts(identification, "nctIdAliases")]
    return tuple(found)


def _dates(fields: Fields, status: Json) -> TrialDates:
    def posted(key: str, name: str) -> str | None:
        return fields.text(fields.group(status, key), "date") if key in status else None

    return TrialDates(
        start=fields.date(posted("startDateStruct", "start"), "start"),
        primary_completion=fields.date(posted("primaryCompletionDateStruct", "primary"), "primary completion"),
        completion=fields.date(posted("completionDateStruct", "completion"), "completion"),
        verified=fields.date(fields.text(status, "statusVerifiedDate"), "verification"),
        first_posted=fields.date(
            posted("studyFirstPostDateStruct", "first") or fields.text(status, "studyFirstSubmitDate"), "first posted"
        ),
        last_update=fields.date(
            posted("lastUpdatePostDateStruct", "last") or fields.text(status, "lastUpdateSubmitDate"), "last update"
        ),
        results_posted=fields.date(posted("resultsFirstPostDateStruct", "results"), "results posted"),
    )


def _mesh(fields: Fields, derived: Json, module: str) -> tuple[str, ...]:
    return unique(fields.text(item, "term") or "" for item in fields.groups(fields.group(derived, module), "meshes"))


def _eligibility(fields: Fields, module: Json) -> Eligibility:
    return Eligibility(
        text=fields.text(module, "eligibilityCriteria"),
        sex=read_sex(fields.text(module, "sex")),
        minimum_age=read_age(fields.text(module, "minimumAge")),
        maximum_age=read_age(fields.text(module, "maximumAge")),
        healthy_volunteers=read_yes(module.get("healthyVolunteers")),
    )


def _site(fields: Fields, item: Json) -> Site:
    point = fields.group(item, "geoPoint")
    # Older descriptions of the API have a group here; it serves a plain text.
    facility = item.get("facility")
    name = fields.text(facility, "name") if isinstance(facility, dict) else fields.text(item, "facility")
    latitude = fields.coordinate(point.get("lat"), 90)
    longitude = fields.coordinate(point.get("lon"), 180)
    located = latitude is not None and longitude is not None
    return Site(
        facility=name,
        city=fields.text(item, "city"),
        state=fields.text(item, "state"),
        country=fields.text(item, "country"),
        zip=fields.text(item, "zip"),
        status=fields.status(fields.text(item, "status")),
        latitude=latitude if located else None,
        longitude=longitude if located else None,
        contacts=tuple(_contact(fields, person) for person in fields.groups(item, "contacts")),
    )


def _contact(fields: Fields, item: Json) -> Contact:
    phone, extension = fields.text(item, "phone"), fields.text(item, "phoneExt")
    return Contact(
        name=fields.text(item, "name"),
        role=fields.text(item, "role"),
        phone=f"{phone} ext. {extension}" if phone and extension else phone,
        email=fields.text(item, "email"),
    )
