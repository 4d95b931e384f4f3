"""Use cases and their wiring: every face of the program calls these and gets the same answer."""
