"""A child of multiprocessing that sends a tensor as its last deed stays until the tensor has arrived."""

from __future__ import annotations

import sys
import time

import pytest

import mibun.multiprocessing as mp
from mibun import ones


def _send(queue):
    queue.put(ones(3))


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of fork beside threads
def test_arrives_after_the_child_has_done_all(method):
    if method not in mp.get_all_start_methods():
        pytest.skip(f"{sys.platform} has no {method}")
    context = mp.get_context(method)
    queue = context.Queue()
    child = context.Process(target=_send, args=(queue,))
    child.start()
    time.sleep(0.3 if method == "fork" else 1.0)  # long enough for it to be done
    assert queue.get(timeout=60).tolist() == [1.0, 1.0, 1.0]
    child.join(60)
    assert child.exitcode == 0
