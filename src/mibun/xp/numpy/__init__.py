"""The namespace of NumPy's arrays: `namespace` gathers what the other modules, by family, give it."""
