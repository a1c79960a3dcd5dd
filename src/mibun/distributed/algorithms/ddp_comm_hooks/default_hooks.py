"""The usual hooks: the average as it is, and the same in half precision, which halves what travels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....core.dtypes import bfloat16, float16
from ....core.missing import explain_missing_names as _explain_missing_names
from ....core.tensor import Tensor
from ....futures import Future
from ...collectives import all_reduce
from ...gradient_buckets import GradBucket
from ...world import resolve

__all__ = [
    "allreduce_hook",
    "bf16_compress_hook",
    "bf16_compress_wrapper",
    "fp16_compress_hook",
    "fp16_compress_wrapper",
]

Hook = Callable[[Any, GradBucket], Future]


def _average(group: Any, tensor: Tensor) -> Future:
    """A Future of the sum of what is divided before, so that halves do not overflow."""
    tensor.div_(resolve(group).size())
    work: Any = all_reduce(tensor, group=group, async_op=True)
    return work.get_future().then(lambda future: future.value()[0])


def allreduce_hook(process_group: Any, bucket: GradBucket) -> Future:
    """The average of the gradients, as without a hook. process_group: the default one if None."""
    return _average(process_group, bucket.buffer())


def _compressed(process_group: Any, bucket: GradBucket, dtype: Any) -> Future:
    buffer = bucket.buffer()

    def decompress(future: Future) -> Tensor:
        buffer.copy_(future.value())
        return buffer

    return _average(process_group, buffer.to(dtype)).then(decompress)


def fp16_compress_hook(process_group: Any, bucket: GradBucket) -> Future:
    """The average of the gradients in float16."""
    return _compressed(process_group, bucket, float16)


def bf16_compress_hook(process_group: Any, bucket: GradBucket) -> Future:
    """The average of the gradients in bfloat16, which rounds more but does not overflow."""
    return _compressed(process_group, bucket, bfloat16)


def _wrapped(hook: Hook, dtype: Any) -> Hook:
    def compressed(state: Any, bucket: GradBucket) -> Future:
        buffer = bucket.buffer()
        bucket.set_buffer(buffer.to(dtype))

        def decompress(future: Future) -> Tensor:
            value = future.value()
            buffer.copy_(value[0] if isinstance(value, (list, tuple)) else value)
            return buffer

        return hook(state, bucket).then(decompress)

    return compressed


def fp16_compress_wrapper(hook: Hook) -> Hook:
    """A hook that gives another one the gradients in float16."""
    return _wrapped(hook, float16)


def bf16_compress_wrapper(hook: Hook) -> Hook:
    """A hook that gives another one the gradients in bfloat16."""
    return _wrapped(hook, bfloat16)


_explain_missing_names(__name__)
