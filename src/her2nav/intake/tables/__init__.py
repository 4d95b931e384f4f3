"""Tables with a mapping file: which column feeds which field of the patient file; read patient by patient."""
