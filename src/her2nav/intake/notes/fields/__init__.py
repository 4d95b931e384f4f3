"""One module per field: how notes write it."""
