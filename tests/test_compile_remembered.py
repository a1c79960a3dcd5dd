"""Compiling functions that work something out once and keep it (`functools.lru_cache`), as einops does."""

from __future__ import annotations

import functools

import pytest

import mibun as torch


def test_lists_that_are_kept_by_a_cache_are_no_change_outside():
    counts = []

    class Plan:
        def __init__(self, pattern):
            self.axes = []
            for name in pattern.split():
                self.axes.append(name)

    @functools.lru_cache(8)
    def plan(pattern):
        counts.append(pattern)
        places = []
        for place, _ in enumerate(Plan(pattern).axes):
            places.append(place)
        return Plan(pattern), places[::-1], places

    @functools.cache
    def outer(pattern):
        return plan(pattern)

    def turned(x, pattern):
        return x.permute(outer(pattern)[1]) * 2

    compiled = torch.compile(turned, fullgraph=True)
    for shape in ((2, 3), (2, 3), (4, 3), (2, 3, 4), (2, 3, 4)):
        pattern = "a b c"[: 2 * len(shape) - 1]
        x = torch.randn(shape)
        assert torch.equal(compiled(x, pattern), turned(x, pattern))
    assert counts == ["a b", "a b c"]


@pytest.mark.filterwarnings("ignore:torch.compile")
@pytest.mark.parametrize("remembered", [False, True])
def test_lists_outside_are_changed_as_often_as_without_compiling(remembered):
    def run(compiling):
        log = []

        def note(n):
            log.append(n)
            return n

        noted = functools.lru_cache(note) if remembered else note

        def f(x):
            return x * noted(int(x.shape[0]))

        call = torch.compile(f) if compiling else f
        results = [call(torch.ones(n)).tolist() for n in (2, 2, 3, 2, 3)]
        return results, log

    assert run(True) == run(False)


def test_a_list_outside_that_a_plain_function_changes_is_still_a_reason_not_to_compile():
    log = []

    def f(x):
        log.append(1)
        return x * 2

    compiled = torch.compile(f, fullgraph=True)
    with pytest.raises(torch._dynamo.exc.Unsupported, match="a list outside of the function is changed"):
        for _ in range(5):  # (it is said when the call is recorded, not at once)
            compiled(torch.ones(2))
