"""Strict readers of YAML, JSON and CSV that know the place of every value; no meaning lives here."""
