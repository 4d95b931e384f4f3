"""The curated trials that ship with the program: their file form and their compilation; no patient is seen here."""
