"""Site memory: which lines a site repeats from document to document."""
