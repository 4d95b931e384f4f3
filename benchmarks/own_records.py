"""The records behind the trials read by hand in tests/gold/attributes_own, out of the shared registry files.

Each hand-read file names its source, a file under `data` of the shared folder. The texts themselves are not kept
in this repository. Every record comes back in the shape of the shared gold texts.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

Row = dict[str, Any]
FOLDER = Path(__file__).resolve().parents[1] / "tests/gold/attributes_own"
NUMBER = re.compile(r"NCT\d{8}")


def own_records(shared: Path, folder: Path = FOLDER) -> dict[str, Row]:
    """Return number -> record of every trial read by hand. Raises KeyError where a source lacks its trial."""
    wanted: dict[str, list[str]] = {}
    for path in sorted(folder.glob("NCT*.json")):
        wanted.setdefault(json.loads(path.read_text())["source"], []).append(path.stem)
    found: dict[str, Row] = {}
    for source, numbers in wanted.items():
        found |= _from_source(shared / "data" / source, numbers)
    return {path.stem: found[path.stem] for path in sorted(folder.glob("NCT*.json"))}


def _from_source(path: Path, numbers: list[str]) -> dict[str, Row]:
    rows = _zipped(path, numbers) if path.suffix == ".zip" else _lines(path, numbers)
    return {row["nct_id"]: row for row in rows}


def _lines(path: Path, numbers: list[str]) -> Iterator[Row]:
    """Yield the rows of a JSON-lines file; a trial's number stands somewhere in its line."""
    with gzip.open(path, "rt") as lines:
        for line in lines:
            if any(number in line for number in numbers):
                row = _row(json.loads(line))
                if row["nct_id"] in numbers:
                    yield row


def _row(data: Row) -> Row:
    if "protocolSection" in data:
        return _api_row(data["protocolSection"])
    eligibility = data.get("eligibility") or {"raw_text": data["text"]}
    return {
        "nct_id": data["nct_id"],
        "title": data.get("title") or data.get("brief_title"),
        "conditions": _conditions(data.get("conditions") or []),
        "eligibility": eligibility,
    }


def _api_row(section: Row) -> Row:
    eligibility = section["eligibilityModule"]
    return {
        "nct_id": section["identificationModule"]["nctId"],
        "title": section["identificationModule"].get("briefTitle"),
        "conditions": section.get("conditionsModule", {}).get("conditions", []),
        "eligibility": {
            "raw_text": eligibility["eligibilityCriteria"],
            "sex": eligibility.get("sex"),
            "minimum_age": eligibility.get("minimumAge"),
            "maximum_age": eligibility.get("maximumAge"),
        },
    }


def _conditions(values: list[str]) -> list[str]:
    """Return the names; one source holds a list written out as one text."""
    if len(values) == 1 and values[0].startswith("["):
        return [str(name) for name in ast.literal_eval(values[0])]
    return values


def _zipped(path: Path, numbers: list[str]) -> Iterator[Row]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            number = NUMBER.search(name)
            if number and number[0] in numbers and name.endswith(".xml"):
                root = ElementTree.fromstring(archive.read(name))
                yield {
                    "nct_id": number[0],
                    "title": root.findtext("brief_title"),
                    "conditions": [item.text or "" for item in root.findall("condition")],
                    "eligibility": {
                        "raw_text": root.findtext(".//eligibility/criteria/textblock"),
                        "sex": root.findtext(".//eligibility/gender"),
                        "minimum_age": root.findtext(".//eligibility/minimum_age"),
                        "maximum_age": root.findtext(".//eligibility/maximum_age"),
                    },
                }
