"""HER2 Navigator: HER2 status, therapies and clinical trials for one patient, offline and explained."""

__version__ = "0.1.0"
