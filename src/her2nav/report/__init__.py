"""Results in the words that people read; nothing is decided here."""
