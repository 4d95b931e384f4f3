"""How each attribute of the flat view is made from the leaves of the trees; one module for each group of attributes."""
