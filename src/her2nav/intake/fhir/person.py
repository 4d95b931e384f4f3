"""The Patient resource: age, sex, vital status. Names, addresses, telephone numbers and identifiers are not read."""

from __future__ import annotations

from her2nav.intake.fhir.element import day, extensions
from her2nav.intake.fhir.resource import Resource

_SEX = {"male": "male", "m": "male", "female": "female", "f": "female"}
_PRIVATE = ("name", "identifier", "address", "telecom", "contact", "photo")


def read_person(one: Resource) -> None:
    """Read who the patient is, as far as trials and guidelines ask."""
    data, chart = one.data, one.chart
    born = day(data.get("birthDate"))
    if born:
        chart.put("demographics.birth_date", born, one.origin("birthDate"))
    elif "birthDate" in data:
        one.skip("the birth date is no date", ".birthDate")
    gender = data.get("gender")
    chart.put("demographics.sex", _SEX.get(str(gender).lower()), one.origin("gender"))
    for name, extension in extensions(data):
        if name == "us-core-birthsex":
            chart.put("demographics.sex", _SEX.get(str(extension.get("valueCode")).lower()), one.origin("extension"))
    if data.get("deceasedBoolean") is True or day(data.get("deceasedDateTime")):
        chart.put("demographics.vital_status", "deceased", one.origin("deceased"))
    elif data.get("deceasedBoolean") is False:
        chart.put("demographics.vital_status", "alive", one.origin("deceasedBoolean"))
    held = [name for name in _PRIVATE if data.get(name)]
    if held:
        one.skip(f"{', '.join(held)}: never copied; give the place by hand where trials nearby are wanted")
