"""FHIR R4 and mCODE: bundles and Bulk Data exports, read resource by resource, to patient files."""
