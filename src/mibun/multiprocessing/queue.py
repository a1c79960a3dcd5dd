"""`multiprocessing`'s queues, which send tensors by their memory since `torch.multiprocessing` is imported."""

from multiprocessing.queues import Queue, SimpleQueue

__all__ = ["Queue", "SimpleQueue"]
