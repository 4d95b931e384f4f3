"""Trials compiled to unique leaves, evaluated over blocks of patients, reduced to verdicts, explained and ranked."""
