"""Records of the registry's first JSON API (`FullStudiesResponse`), turned into the shape of API v2."""

from __future__ import annotations

from typing import Any

from her2nav.model.registry_trial import RegistryTrial
from her2nav.registry.fields import Json, Unreadable
from her2nav.registry.shape_v2 import parse_v2

SHAPE = "api_v1"

# Names that do not follow from the rule below: (group, key) -> key of API v2.
_RENAMED = {
    "NCTId": "nctId",
    "OrgStudyId": "id",
    "SecondaryId": "id",
    "SecondaryIdDomain": "domain",
    "NCTIdAlias": "nctIdAlias",
    "Gender": "sex",
    "LocationFacility": "facility",
    "ConditionMeshTerm": "term",
    "InterventionMeshTerm": "term",
    "CentralContactEMail": "email",
    "LocationContactEMail": "email",
    "InterventionArmGroupLabelList": "armGroupLabels",
    "ArmGroupInterventionList": "interventionNames",
    "ConditionMeshList": "meshes",
    "InterventionMeshList": "meshes",
    "InterventionOtherNameList": "otherNames",
    "LocationContactList": "contacts",
}
_PREFIXES = (
    "LeadSponsor",
    "Collaborator",
    "Intervention",
    "ArmGroup",
    "CentralContact",
    "LocationContact",
    "Location",
    "Design",
    "Enrollment",
)
_DATES = "DateStruct"


def studies_of(data: Json) -> list[Any] | None:
    """Return the studies of a `FullStudiesResponse`, or a single `Study`; None when the object is neither."""
    response = data.get("FullStudiesResponse")
    if isinstance(response, dict):
        found = response.get("FullStudies")
        return [item.get("Study", item) if isinstance(item, dict) else item for item in found or []]
    if isinstance(data.get("Study"), dict):
        return [data["Study"]]
    return [data] if "ProtocolSection" in data else None


def parse_v1(data: Json) -> RegistryTrial:
    """Read one `Study`.

    Raises:
        Unreadable: No `ProtocolSection`, or no registry id.
    """
    protocol = data.get("ProtocolSection")
    if not isinstance(protocol, dict):
        raise Unreadable("no registry id: the record has no ProtocolSection")
    parts = {"protocolSection": _convert(protocol), "hasResults": "ResultsSection" in data}
    derived = data.get("DerivedSection")
    if isinstance(derived, dict):
        parts["derivedSection"] = _convert(derived)
    return parse_v2(parts, SHAPE)


def _convert(value: Any) -> Any:
    if isinstance(value, list):
        return [_convert(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: Json = {}
    for key, inner in value.items():
        if key.endswith(_DATES) and isinstance(inner, dict):
            result[_lower(key)] = {"date": next((v for k, v in inner.items() if k.endswith("Date")), None)}
        elif key.endswith("List") and isinstance(inner, dict) and len(inner) == 1:
            result[_name(key)] = _convert(next(iter(inner.values())))
        else:
            result[_name(key)] = _convert(inner)
    if "locationGeoPoint" in result:
        result["geoPoint"] = result.pop("locationGeoPoint")
    return result


def _name(key: str) -> str:
    renamed = _RENAMED.get(key)
    if renamed is not None:
        return renamed
    if key.endswith("List"):
        return _plural(_lower(key[:-4]))
    for prefix in _PREFIXES:
        rest = key[len(prefix) :]
        if key.startswith(prefix) and rest and rest[0].isupper() and not rest.startswith(("Module", "Info", "Browse")):
            return _lower(rest)
    return _lower(key)


def _lower(key: str) -> str:
    return key[:1].lower() + key[1:]


def _plural(word: str) -> str:
    return word + "s"
