"""How each criterion kind is written in registry texts: patterns and what they mean; no structure of texts."""
