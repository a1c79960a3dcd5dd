"""From a declaration to a call: `@op` and `@public`, the call paths, nodes, in-place forms, arguments, overloads."""
