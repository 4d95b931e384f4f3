"""Frozen types shared by every layer: truth, findings, dates, patients, trials and errors; no knowledge and no files."""
