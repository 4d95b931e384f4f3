"""Frozen types that every layer shares: truth, findings, dates, patients, trials, errors; no knowledge, no files."""
