"""Quickstarts of libraries that are written for PyTorch."""
