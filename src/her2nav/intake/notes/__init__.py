"""Free text to a patient file by dictionaries and small grammars; no language model."""
