"""Study tables, intervals and pooling live here; nothing here knows a patient or prints."""
