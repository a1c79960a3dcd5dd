"""Special functions written over a namespace, for the libraries that have none."""
