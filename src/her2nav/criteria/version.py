"""Which reader made a tree; apart from the reader, so that those who only quote it need not load its rules."""

READER = "24"
"""Version of the reader: trees made by another one are made anew. To be raised with every change of what it reads."""
