"""One module per criterion kind: its parameters, its truth over a block of patients, its explanation; no tree logic."""
