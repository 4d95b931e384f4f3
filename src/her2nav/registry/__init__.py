"""Readers of registry records in every shape they come in, and what of them our vocabularies recognise; no storage."""
