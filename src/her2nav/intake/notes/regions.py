"""States and provinces as they stand behind a town, and the country of each where its name or code leaves no doubt."""

from __future__ import annotations

from collections.abc import Mapping

_CODES: Mapping[str, str] = {
    "US": "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY",
    "CA": "AB BC MB NB NL NS NT NU ON PE QC SK YT",
    "AU": "ACT NSW NT QLD SA TAS VIC WA",
    "CH": "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH",
}
_NAMES: Mapping[str, str] = {
    "US": "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|"
    "Wisconsin|Wyoming",
    "CA": "Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland|Nova Scotia|Ontario|Prince Edward Island|Quebec|"
    "Québec|Saskatchewan|Yukon",
    "AU": "New South Wales|Northern Territory|Queensland|South Australia|Tasmania|Victoria|Western Australia",
    "IN": "Andhra Pradesh|Arunachal Pradesh|Assam|Bihar|Chhattisgarh|Goa|Gujarat|Haryana|Himachal Pradesh|Jharkhand|"
    "Karnataka|Kerala|Madhya Pradesh|Maharashtra|Manipur|Meghalaya|Mizoram|Nagaland|Odisha|Orissa|Punjab|Rajasthan|Sikkim|"
    "Tamil Nadu|Tamilnadu|Telangana|Tripura|Uttar Pradesh|Uttarakhand|West Bengal",
    "PK": "Punjab|Sindh|Balochistan",
    "ZA": "Eastern Cape|Free State|Gauteng|KwaZulu-Natal|Limpopo|Mpumalanga|Northern Cape|Western Cape",
}


def _of(table: Mapping[str, str], sign: str | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for country, written in table.items():
        for one in written.split(sign):
            found[one] = (*found.get(one, ()), country)
    return found


CODES = _of(_CODES, None)
"""Countries by the code of a region: WA is a state of two of them."""
NAMES = _of(_NAMES, "|")
"""Countries by the name of a region."""


def country_of_region(written: str) -> str | None:
    """Return the only country that has a region of this name or code.

    >>> country_of_region("TX"), country_of_region("Tamil Nadu"), country_of_region("WA")
    ('US', 'IN', None)
    """
    countries = CODES.get(written) or NAMES.get(written) or ()
    return countries[0] if len(countries) == 1 else None
