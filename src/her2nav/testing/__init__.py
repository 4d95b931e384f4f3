"""What to test, on which tissue, in what order and why: rules from data over a case; no drug name and no threshold."""
