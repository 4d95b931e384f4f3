"""A newer document and the patient file there is, put together."""
