"""Averaging within small groups only, after some iterations over all processes (local SGD)."""

from __future__ import annotations

from typing import Any

from ....core.missing import explain_missing_names as _explain_missing_names
from ....futures import Future
from ...gradient_buckets import GradBucket
from ...world import new_subgroups
from .default_hooks import allreduce_hook

__all__ = ["PostLocalSGDState", "post_localSGD_hook"]


class PostLocalSGDState:
    """What `post_localSGD_hook` is to do.

    Args:
        process_group: over which gradients are averaged at first; the default group if None.
        subgroup: over which they are averaged then.
        start_localSGD_iter: from which iteration on.
        post_local_gradient_allreduce: False: then they are not averaged at all.

    Source: Lin, Stich, Patel and Jaggi, Don't Use Large Mini-Batches, Use Local SGD, 2020.
    """

    def __init__(
        self,
        process_group: Any,
        subgroup: Any,
        start_localSGD_iter: int,
        post_local_gradient_allreduce: bool = True,
    ) -> None:
        self.process_group, self.subgroup = process_group, subgroup
        self.start_localSGD_iter = start_localSGD_iter
        self.post_local_gradient_allreduce = post_local_gradient_allreduce
        self.iter = 0

    def maybe_increase_iter(self, bucket: GradBucket) -> None:
        """Count an iteration, with its last bucket."""
        if bucket.is_last():
            self.iter += 1


def post_localSGD_hook(state: PostLocalSGDState, bucket: GradBucket) -> Future:
    """The average over all processes at first, then over those of the subgroup; None: this process alone."""
    if state.iter < state.start_localSGD_iter:
        state.maybe_increase_iter(bucket)
        return allreduce_hook(state.process_group, bucket)
    if not state.post_local_gradient_allreduce:
        done: Future = Future()
        done.set_result(bucket.buffer())
        return done
    if state.subgroup is None:
        state.subgroup, _ = new_subgroups(group_size=1)
    return allreduce_hook(state.subgroup, bucket)


_explain_missing_names(__name__)
