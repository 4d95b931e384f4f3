"""OMOP CDM 5.4 as a folder of CSV or Parquet files: persons to patient files, concepts by their vocabulary."""
