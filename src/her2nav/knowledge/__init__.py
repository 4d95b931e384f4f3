"""The dated facts of `data/`: loading, schemas, cross-links and name look-up; no rule is applied here."""
