"""How clinical texts are written: a view that keeps every offset, dictionaries, numbers and patterns; no meaning."""
