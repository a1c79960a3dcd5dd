"""The engine and the Tensor: graph, modes, views, tables. Knows no operator and no array library."""
