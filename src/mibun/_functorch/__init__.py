"""`torch._functorch`: where the function transforms are written in PyTorch, and some libraries import them from."""
