"""Adafactor, under PyTorch's private name for its module."""

from .adafactor import Adafactor

__all__ = ["Adafactor"]
