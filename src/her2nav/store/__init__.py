"""The registry's records on the user's disk: one SQLite file, its schema and its queries; no knowledge of shapes."""
