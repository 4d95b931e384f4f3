"""What people write about ERBB2 variants, the mutant protein it makes, its one name and its class; no patients here."""
