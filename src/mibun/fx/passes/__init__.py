"""`torch.fx.passes`: ready-made passes over graphs. Each module is imported by its own name."""
