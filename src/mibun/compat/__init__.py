"""What programs written for PyTorch ask for beside the engine: settings, printing."""
