"""Builds src/her2nav/data/vocabularies/places.csv from the coordinates of sites in registry records.

    python scripts/make_places.py RECORDS…

Facts only: city, state, country (two-letter code), and the median of the coordinates the registry gives for it.
"""

import csv
import statistics
import sys
from pathlib import Path

from her2nav.knowledge.load import load_knowledge
from her2nav.registry.read import ReadRecord, read_records

TARGET = Path(__file__).resolve().parent.parent / "src/her2nav/data/vocabularies/places.csv"


def main(paths: list[Path]) -> None:
    """Read the records and write the table."""
    countries = load_knowledge().countries
    points: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for item in read_records(paths):
        if not isinstance(item, ReadRecord):
            continue
        for site in item.trial.sites:
            if site.city and site.country and site.latitude is not None and site.longitude is not None:
                code = countries.find(site.country) or site.country
                points.setdefault((code, site.state or "", site.city), []).append((site.latitude, site.longitude))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["city", "state", "country", "latitude", "longitude"])
        for (country, state, city), found in sorted(points.items()):
            latitude = statistics.median(point[0] for point in found)
            longitude = statistics.median(point[1] for point in found)
            table.writerow([city, state, country, f"{latitude:.4f}", f"{longitude:.4f}"])
    sys.stderr.write(f"{len(points)} places in {TARGET}\n")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
