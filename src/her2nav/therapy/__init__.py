"""Treatments for one patient: labels and guidelines as of a day, resistance, safety; no trial is matched here."""
