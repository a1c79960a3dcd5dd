"""`multiprocessing`'s pool of processes, whose tasks and results are tensors by their memory."""

from multiprocessing.pool import Pool

__all__ = ["Pool"]
