"""Proposals of a language model for what the rules left open: asked for by name, checked, deciding nothing."""
