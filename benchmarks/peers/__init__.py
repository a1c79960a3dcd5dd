"""What `python -m benchmarks.compare` runs in each library's own process."""
