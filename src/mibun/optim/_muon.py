"""Muon, under PyTorch's private name for its module."""

from .muon import Muon

__all__ = ["Muon"]
