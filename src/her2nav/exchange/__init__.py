"""Other programs' formats: trials as CTML."""
