"""Small records of every shape, in our own words."""

import json
from typing import Any


def v2(nct_id: str = "NCT01234567", **given: Any) -> dict[str, Any]:
    """An API v2 study; `given` overrides status, update, title, sites, text."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": nct_id,
                "orgStudyIdInfo": {"id": "ABC-1"},
                "secondaryIdInfos": [{"id": "2021-000123-45", "type": "EUDRACT_NUMBER"}],
                "briefTitle": given.get("title", "Trastuzumab Deruxtecan in HER2-low Gastric Cancer"),
            },
            "statusModule": {
                "overallStatus": given.get("status", "RECRUITING"),
                "statusVerifiedDate": "2026-10",
                "startDateStruct": {"date": "2025-01-15"},
                "studyFirstPostDateStruct": {"date": given.get("posted", "2025-02-01")},
                "lastUpdatePostDateStruct": {"date": given.get("update", "2026-10-30")},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example Oncology", "class": "INDUSTRY"}},
            "descriptionModule": {"briefSummary": "A trial for people with metastatic gastric cancer."},
            "conditionsModule": {"conditions": ["Stage IV Gastric Cancer AJCC v8"], "keywords": ["HER2-low"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE1", "PHASE2"],
                "enrollmentInfo": {"count": 40},
            },
            "armsInterventionsModule": {
                "armGroups": [{"label": "A", "type": "EXPERIMENTAL", "interventionNames": ["Drug: DS-8201a"]}],
                "interventions": [
                    {"type": "DRUG", "name": "DS-8201a", "otherNames": ["T-DXd"], "armGroupLabels": ["A"]}
                ],
            },
            "eligibilityModule": {
                "eligibilityCriteria": given.get("text", "Inclusion:\n\n* HER2 IHC 1+ or IHC 2+/ISH-\n* Age \\>= 18"),
                "sex": "ALL",
                "minimumAge": "18 Years",
                "healthyVolunteers": False,
            },
            "contactsLocationsModule": {
                "centralContacts": [{"name": "Trial desk", "phone": "1-555", "phoneExt": "7"}],
                "locations": given.get(
                    "sites",
                    [
                        site("Far Clinic", "Boston", "RECRUITING", 42.36, -71.06, "United States", "Massachusetts"),
                        site("Near Clinic", "Lyon", "RECRUITING", 45.75, 4.85, "France"),
                        site("Closed Clinic", "Paris", "COMPLETED", 48.85, 2.35, "France"),
                    ],
                ),
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": given.get("holder", "2026-11-20")}},
        "hasResults": False,
    }


def site(
    facility: str, city: str, status: str | None, lat: float | None, lon: float | None, country: str, state: str = ""
) -> dict[str, Any]:
    """A location of API v2."""
    found: dict[str, Any] = {"facility": facility, "city": city, "country": country}
    if state:
        found["state"] = state
    if status:
        found["status"] = status
    if lat is not None:
        found["geoPoint"] = {"lat": lat, "lon": lon}
    return found


def xml(
    nct_id: str = "NCT01234567", *, update: str = "October 30, 2026", downloaded: str = "November 01, 2026"
) -> bytes:
    """A record of the older XML."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<clinical_study>
  <required_header>
    <download_date>ClinicalTrials.gov processed this data on {downloaded}</download_date>
  </required_header>
  <id_info><org_study_id>X-1</org_study_id><secondary_id>UMIN000012345</secondary_id><nct_id>{nct_id}</nct_id></id_info>
  <brief_title>Pertuzumab &amp; trastuzumab</brief_title>
  <overall_status>Active, not recruiting</overall_status>
  <start_date>June 2019</start_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <condition>Breast Neoplasms</condition>
  <intervention><intervention_type>Drug</intervention_type><intervention_name>Pertuzumab</intervention_name></intervention>
  <eligibility><criteria><textblock>
      Inclusion Criteria:

        -  HER2 positive
  </textblock></criteria>
    <gender>Female</gender><minimum_age>18 Years</minimum_age><maximum_age>N/A</maximum_age></eligibility>
  <location><facility><name>Clinic</name><address><city>Boston</city><state>Massachusetts</state><zip>02139</zip>
    <country>United States</country></address></facility><status>Recruiting</status></location>
  <last_update_posted type="Actual">{update}</last_update_posted>
</clinical_study>""".encode()


def row(nct_id: str = "NCT01234567", **given: Any) -> dict[str, Any]:
    """A flat row."""
    return {"nct_id": nct_id, "title": "A row", "conditions": ["Breast cancer"], "text": "HER2 positive"} | given


def page(studies: list[dict[str, Any]], token: str | None = "abc") -> bytes:
    """An answer of API v2."""
    body: dict[str, Any] = {"studies": studies, "totalCount": len(studies)}
    if token:
        body["nextPageToken"] = token
    return json.dumps(body, indent=2).encode()
