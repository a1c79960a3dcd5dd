"""Pytrees: what `utils._pytree` does without a look at PyTorch: laws, laziness, speed, and texts that run no code."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import OrderedDict, defaultdict, deque, namedtuple
from typing import Any

import pytest

import mibun as torch
from mibun.utils import _pytree as pytree

Pair = namedtuple("Pair", "x y")


def drawn(rng: random.Random, depth: int) -> Any:
    """A tree of all kinds of containers."""
    if depth == 0 or rng.random() < 0.2:
        return rng.randrange(100)
    children = [drawn(rng, depth - 1) for _ in range(rng.randrange(4))]
    keyed = [(f"k{rng.randrange(50)}", child) for child in children]
    return rng.choice(
        [
            lambda: tuple(children),
            lambda: children,
            lambda: dict(keyed),
            lambda: OrderedDict(keyed),
            lambda: defaultdict(list, keyed),
            lambda: deque(children, maxlen=9),
            lambda: Pair(children, tuple(children)),
        ]
    )()


TREES = [drawn(random.Random(seed), 4) for seed in range(60)]


@pytest.mark.parametrize("tree", TREES, ids=range(len(TREES)))
def test_laws(tree: Any) -> None:
    leaves, spec = pytree.tree_flatten(tree)
    assert spec.num_leaves == len(leaves) and spec == pytree.tree_structure(tree)
    assert hash(spec) == hash(pytree.tree_structure(tree))
    again = spec.unflatten(leaves)
    assert again == tree and type(again) is type(tree)
    assert pytree.tree_leaves(tree) == list(pytree.tree_iter(tree)) == leaves == spec.flatten_up_to(tree)
    paths, same = pytree.tree_flatten_with_path(tree)
    assert same == spec and [pytree.key_get(tree, path) for path, _ in paths] == leaves
    assert [leaf for _, leaf in paths] == leaves
    assert pytree._broadcast_to_and_flatten(7, spec) == [7] * len(leaves)
    assert pytree._broadcast_to_and_flatten(tree, spec) == leaves
    assert pytree.tree_map(lambda x, y: x - y, tree, tree) == spec.unflatten([0] * len(leaves))
    if "namedtuple" not in repr(spec):
        assert pytree.treespec_loads(pytree.treespec_dumps(spec)) == spec


def test_the_order_of_a_prefix_is_that_of_the_spec() -> None:
    """PyTorch takes the order of the prefix's keys, and maps `vmap`'s dimensions to the wrong arguments."""
    spec = pytree.tree_structure({"a": (1, 2), "b": 3})
    assert pytree._broadcast_to_and_flatten({"b": 1, "a": 2}, spec) == [2, 2, 1]


def test_dropped_fields_need_no_names() -> None:
    import dataclasses

    @dataclasses.dataclass
    class Cached:
        value: int
        cache: Any = None

    pytree.register_dataclass(Cached, drop_field_names=["cache"])
    try:
        assert pytree.tree_leaves(Cached(1, 2)) == [1]
        assert pytree.tree_map(lambda x: -x, Cached(1, 2)) == Cached(-1)
    finally:
        pytree._deregister_pytree_node(Cached)
    assert pytree.tree_leaves(Cached(1, 2)) == [Cached(1, 2)]


def test_a_refused_registration_leaves_nothing() -> None:
    class Z:
        pass

    with pytest.raises(ValueError, match="Both to_dumpable_context"):
        pytree.register_pytree_node(Z, None, None, to_dumpable_context=str)
    assert Z not in pytree.SUPPORTED_NODES


def test_children_may_be_an_iterator() -> None:
    class Numbers:
        def __init__(self, *items: int) -> None:
            self.items = items

    pytree.register_pytree_node(Numbers, lambda n: (iter(n.items), None), lambda c, _: Numbers(*c))
    try:
        assert pytree.tree_map(lambda x, y: x + y, Numbers(1, 2), Numbers(3, 4)).items == (4, 6)
    finally:
        pytree._deregister_pytree_node(Numbers)


@pytest.mark.parametrize(
    "text",
    [
        '[1, {"type": "collections.defaultdict", "context": {"default_factory_module": "this", '
        '"default_factory_name": "s", "dict_context": []}, "children_spec": []}]',
        '[1, {"type": "builtins.dict", "context": "[{\\"__enum__\\": true, \\"fqn\\": \\"this:s\\", '
        '\\"name\\": \\"a\\"}]", "children_spec": []}]',
    ],
)
def test_a_text_imports_nothing(text: str) -> None:
    assert "this" not in sys.modules
    with pytest.raises(NotImplementedError, match="is not imported"):
        pytree.treespec_loads(text)
    assert "this" not in sys.modules


def test_an_enumeration_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="no enumeration"):
        pytree.enum_object_hook({"__enum__": True, "fqn": "os:environ", "name": "HOME"})


def test_results_and_sizes_are_containers() -> None:
    result = torch.tensor([1.0, 2.0]).max(0)
    doubled = pytree.tree_map(lambda x: 2 * x, result)
    assert type(doubled) is type(result) and doubled.values.item() == 4.0
    assert pytree.tree_leaves(torch.ones(2, 3).shape) == [2, 3]
    assert all(cls in pytree.SUPPORTED_NODES for cls in vars(torch.return_types).values() if isinstance(cls, type))


def test_it_is_loaded_on_demand() -> None:
    code = "import mibun, sys; mibun.ones(2); assert 'mibun.core.pytree' not in sys.modules; mibun.utils._pytree"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_is_quick() -> None:
    """3 us for a call's arguments, with some room for a busy machine."""
    args = (torch.ones(2), torch.ones(2), {"a": 3})
    times = []
    for _ in range(30):
        start = time.perf_counter()
        for _ in range(100):
            pytree.tree_flatten(args)
        times.append((time.perf_counter() - start) / 100)
    assert min(times) < 10e-6
