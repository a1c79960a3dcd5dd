"""`torch.fx.experimental`: tools over graphs. Each module is imported by its own name."""
