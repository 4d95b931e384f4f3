"""HER2 status from raw results: decision tables, their runner, the reading of specimens; no thresholds in code."""

from her2nav.interpret.patient import interpret_patient
from her2nav.interpret.specimen import interpret_specimen
from her2nav.interpret.tables import Guideline, GuidelineSet
from her2nav.interpret.to_json import to_json

__all__ = ["Guideline", "GuidelineSet", "interpret_patient", "interpret_specimen", "to_json"]
