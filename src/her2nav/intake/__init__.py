"""From what people have to a patient record: reading, checking names and dates, saying what was not understood."""
