"""The command line: parses input, renders output, decides nothing."""
