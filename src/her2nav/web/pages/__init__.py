"""The pages: forms that carry the patient with them, and nothing kept between two requests."""
