"""`utils._pytree` against PyTorch's: leaves, specs, orders, printed forms, errors, for every function on every tree."""

from __future__ import annotations

import copy
import dataclasses
import enum
import importlib
import inspect
import json
import pickle
import re
import time
import types
import warnings
from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")

LIBRARIES = {"mibun": mibun, "torch": torch}
TREES_OF = {name: importlib.import_module(f"{name}.utils._pytree") for name in LIBRARIES}


class Point(namedtuple("Point", "x y")):
    """A named tuple by inheritance."""


Pair = namedtuple("Pair", "x y")


class Color(enum.Enum):
    RED = 1


class List(list):
    """A subclass that nobody registered: a leaf."""


class Bag:
    """A container with a context."""

    def __init__(self, *items: Any, tag: Any = None) -> None:
        self.items, self.tag = items, tag

    def __repr__(self) -> str:
        return f"Bag{self.items}{self.tag}"


class Keyless(Bag):
    """A container without keys."""


@dataclasses.dataclass
class Data:
    a: Any
    b: Any
    c: Any = 3
    d: int = dataclasses.field(default=4, init=False)


@dataclasses.dataclass
class Partly:
    a: Any
    b: Any = 5


@dataclasses.dataclass(frozen=True)
class Constant:
    value: int


for _name, _trees in TREES_OF.items():
    _trees.register_pytree_node(
        Bag,
        lambda bag: (bag.items, bag.tag),
        lambda children, tag: Bag(*children, tag=tag),
        serialized_type_name="a.Bag",
        to_dumpable_context=str,
        from_dumpable_context=str,
        flatten_with_keys_fn=lambda bag, p=_trees: ([(p.GetAttrKey(f"i{x}"), x) for x in bag.items], bag.tag),
    )
    _trees.register_pytree_node(
        Keyless, lambda bag: (list(bag.items), bag.tag), lambda children, tag: Keyless(*children, tag=tag)
    )
    _trees.register_dataclass(Data)
    _trees.register_dataclass(Partly, field_names=["a"], drop_field_names=["b"], serialized_type_name="a.Partly")
    _trees.register_constant(Constant)
    _trees._register_namedtuple(Pair, serialized_type_name="a.Pair")

TREES: dict[str, Callable] = {
    "leaf": lambda m: 1,
    "none": lambda m: None,
    "string": lambda m: "ab",
    "empty tuple": lambda m: (),
    "empty list": lambda m: [],
    "empty dict": lambda m: {},
    "flat": lambda m: (1, 2, 3),
    "nested": lambda m: {"b": (1, [2, None]), "a": [{3: "x"}], Color.RED: ()},
    "dict order": lambda m: {"b": 1, "a": 2},
    "other order": lambda m: {"a": 1, "b": 2},
    "other keys": lambda m: {"a": 1, "c": 2},
    "ordered": lambda m: OrderedDict(b=1, a=[2]),
    "default": lambda m: defaultdict(list, b=1, a=2),
    "deque": lambda m: deque([1, 2], maxlen=5),
    "deque without limit": lambda m: deque([1, 2]),
    "named": lambda m: Pair(1, (2, 3)),
    "named by inheritance": lambda m: Point(1, 2),
    "subclass": lambda m: List([1, 2]),
    "size": lambda m: m.Size([2, 3]),
    "result": lambda m: m.tensor([1.0, 2.0]).max(0),
    "struct_time": lambda m: time.gmtime(0),
    "namespace": lambda m: types.SimpleNamespace(a=1),
    "bag": lambda m: [Bag(1, (2,), tag="t")],
    "bag, other tag": lambda m: [Bag(1, (2,), tag="u")],
    "keyless": lambda m: Keyless(1, [2]),
    "data": lambda m: Data(1, [2, None]),
    "data with none": lambda m: Data(1, None, None),
    "partly": lambda m: Partly(1, 2),
    "constant": lambda m: [Constant(5), 1],
    "tensors": lambda m: {"w": m.ones(2), "b": (m.zeros(1),)},
    "two": lambda m: (1, (2, 3)),
    "two lists": lambda m: [1, [2, 3]],
}
USES: dict[str, Callable] = {
    "flatten": lambda p, t: p.tree_flatten(t),
    "round trip": lambda p, t: p.tree_unflatten(*p.tree_flatten(t)),
    "leaves": lambda p, t: p.tree_leaves(t),
    "iter": lambda p, t: list(p.tree_iter(t)),
    "structure": lambda p, t: p.tree_structure(t),
    "is_leaf": lambda p, t: p.tree_is_leaf(t),
    "flatten, is_leaf": lambda p, t: p.tree_flatten(t, is_leaf=lambda x: isinstance(x, (list, type(None)))),
    "counts": lambda p, t: [
        getattr(p.tree_structure(t), n) for n in ("num_nodes", "num_leaves", "num_children", "context", "type")
    ],
    "methods": lambda p, t: [p.tree_structure(t).is_leaf(), p.tree_structure(t).children()],
    "child": lambda p, t: p.tree_structure(t).child(0),
    "hash": lambda p, t: hash(p.tree_structure(t)) == hash(p.tree_structure(copy.copy(t))),
    "pickle": lambda p, t: pickle.loads(pickle.dumps(p.tree_structure(t))) == p.tree_structure(t),
    "deepcopy": lambda p, t: copy.deepcopy(p.tree_structure(t)) == p.tree_structure(t),
    "too few": lambda p, t: p.tree_structure(t).unflatten([]),
    "too many": lambda p, t: p.tree_unflatten(range(100), p.tree_structure(t)),
    "generator": lambda p, t: p.tree_unflatten((x for x in p.tree_leaves(t)), p.tree_structure(t)),
    "map": lambda p, t: p.tree_map(lambda x: (x,), t),
    "map of three": lambda p, t: p.tree_map(lambda *x: x, t, t, t),
    "map_": lambda p, t: p.tree_map_(lambda x: None, t),
    "map_only": lambda p, t: p.tree_map_only(int, lambda x: -x, t),
    "map_only, union": lambda p, t: p.tree_map_only(int | str, lambda x: 2 * x, t),
    "map_only, predicate": lambda p, t: p.tree_map_only(lambda x: x is None, lambda x: 0, t),
    "map_only_": lambda p, t: p.tree_map_only_((int, str), lambda x: None, t),
    "all": lambda p, t: [p.tree_all(f, t) for f in (lambda x: x is not None, lambda x: isinstance(x, int))],
    "any": lambda p, t: [p.tree_any(f, t) for f in (lambda x: x is None, lambda x: isinstance(x, int))],
    "all_only": lambda p, t: p.tree_all_only(int, lambda x: x > 1, t),
    "any_only": lambda p, t: p.tree_any_only(int, lambda x: x > 1, t),
    "with path": lambda p, t: p.tree_flatten_with_path(t),
    "leaves with path": lambda p, t: p.tree_leaves_with_path(t, is_leaf=lambda x: isinstance(x, list)),
    "keystr": lambda p, t: [p.keystr(path) for path, _ in p.tree_leaves_with_path(t)],
    "map with path": lambda p, t: p.tree_map_with_path(lambda path, x, y: (path, x, y), t, t),
    "dumps": lambda p, t: p.treespec_dumps(p.tree_structure(t)),
    "loads": lambda p, t: p.treespec_loads(p.treespec_dumps(p.tree_structure(t))) == p.tree_structure(t),
    "pprint": lambda p, t: p.treespec_pprint(p.tree_structure(t)),
    "kinds": lambda p, t: [
        getattr(p, f"is_{n}{suffix}")(x)
        for n in ("namedtuple", "structseq")
        for suffix in ("", "_class", "_instance")
        for x in (t, type(t))
    ],
    "arguments": lambda p, t: p.arg_tree_leaves(t, t, k=t),
    "constants": lambda p, t: [p._is_constant_holder(spec) for spec in p.tree_structure(t).children()],
}
PAIRS: dict[str, Callable] = {
    "flatten_up_to": lambda p, a, b: p.tree_structure(a).flatten_up_to(b),
    "map": lambda p, a, b: p.tree_map(lambda x, y: (x, y), a, b),
    "equal": lambda p, a, b: p.tree_structure(a) == p.tree_structure(b),
    "broadcast": lambda p, a, b: p._broadcast_to_and_flatten(a, p.tree_structure(b)),
}


def tidy(value: Any) -> str:
    """Printed, without addresses and the names of the libraries' modules."""
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    return re.sub(r"\b(mibun|torch)(\.[a-z_]+)*\.(?=[A-Za-z])", "", text)


def seen(function: Callable, *args: Any) -> tuple:
    """What a call gives: the result, or the error's class and its first words; and the categories of the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result: Any = tidy(function(*args))
        except Exception as error:
            result = type(error).__name__, " ".join(tidy(str(error)).split()[:4])
    # PyTorch's own leaf warns when it is made by pickle or copy.
    return result, [w.category.__name__ for w in caught if "LeafSpec" not in str(w.message)]


def compare(function: Callable, *trees: Callable) -> None:
    found = {n: seen(function, TREES_OF[n], *[t(LIBRARIES[n]) for t in trees]) for n in LIBRARIES}
    assert found["mibun"] == found["torch"]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("tree", TREES)
def test_uses(tree: str, use: str) -> None:
    compare(USES[use], TREES[tree])


@pytest.mark.parametrize("use", PAIRS)
def test_pairs(use: str) -> None:
    """Every tree with every other.

    But for broadcasting, where PyTorch takes the order of the keys from the wrong tree, and loses a `torch.Size`.
    """
    for a in TREES:
        for b in TREES:
            unordered = a != b and {a, b} & {"dict order", "ordered", "default"}
            if use == "broadcast" and (unordered or "size" in (a, b)):
                continue
            compare(PAIRS[use], TREES[a], TREES[b])


OTHERS: dict[str, Callable] = {
    "leaf": lambda p: [p.treespec_leaf(), p.treespec_leaf() is p.tree_structure(1), p.treespec_leaf() == p.LeafSpec()],
    "spec of a class": lambda p: p.TreeSpec(list, None, [p.treespec_leaf()]).unflatten([3]),
    "spec by keywords": lambda p: p.TreeSpec(type=list, context=None, children_specs=[]),
    "leaf with children": lambda p: p.TreeSpec(None, None, [p.treespec_leaf()]),
    "leaf with context": lambda p: p.TreeSpec(None, 3, []),
    "unregistered": lambda p: p.TreeSpec(int, None, [p.treespec_leaf()]).unflatten([3]),
    "frozen": lambda p: setattr(p.tree_structure([]), "type", 3),
    "frozen key": lambda p: setattr(p.SequenceKey(1), "idx", 3),
    "no spec": lambda p: p.tree_unflatten([1], 3),
    "no leaves": lambda p: p.tree_unflatten(5, p.tree_structure([1])),
    "match_args": lambda p: p.TreeSpec.__match_args__,
    "tuple": lambda p: p.treespec_tuple([p.treespec_leaf(), p.tree_structure([1])]),
    "no tuple": lambda p: p.treespec_tuple([3]),
    "dict": lambda p: p.treespec_dict({"a": p.treespec_leaf()}, b=p.treespec_tuple()),
    "no dict": lambda p: p.treespec_dict(a=3),
    "children": lambda p: p.tree_structure([1]).children() is p.tree_structure([1])._children,
    "children_specs": lambda p: p.tree_structure([1]).children_specs,
    "keys": lambda p: [repr(k) + str(k) for k in (p.SequenceKey(1), p.MappingKey("a"), p.GetAttrKey("x"))],
    "key get": lambda p: p.key_get([{"a": Pair(1, 2)}], (p.SequenceKey(0), p.MappingKey("a"), p.GetAttrKey("y"))),
    "key missing": lambda p: p.key_get([], (p.SequenceKey(0),)),
    "key equality": lambda p: [p.SequenceKey(1) == p.SequenceKey(1), p.SequenceKey(1) == p.MappingKey(1)],
    "map_only of nothing": lambda p: p.map_only(3),
    "map_only of a list": lambda p: p.tree_map_only([int], abs, [1]),
    "registered twice": lambda p: p.register_pytree_node(Bag, None, None),
    "tuple registered": lambda p: p.register_pytree_node(tuple, None, None),
    "half a context": lambda p: p.register_pytree_node(type("Z", (), {}), None, None, to_dumpable_context=str),
    "old registration": lambda p: p._register_pytree_node(type("Z", (), {}), None, None, lambda: 3),
    "over another": lambda p: p._private_register_pytree_node(Constant, *p.SUPPORTED_NODES[Constant][1:3]),
    "deregistered": lambda p: p._deregister_pytree_node(int),
    "constant without eq": lambda p: p.register_constant(Bag),
    "constant without hash": lambda p: p.register_constant(Data),
    "is constant": lambda p: [p.is_constant_class(c) for c in (Constant, Bag, 3)],
    "no constant": lambda p: p._retrieve_constant(p.tree_structure([1])),
    "no data class": lambda p: p.register_dataclass(Bag),
    "a field too few": lambda p: p.register_dataclass(Partly, field_names=["a"]),
    "a field too many": lambda p: p.register_dataclass(Partly, field_names=["a", "b", "z"]),
    "protocol": lambda p: p.treespec_dumps(p.treespec_leaf(), 2),
    "dumps of nothing": lambda p: p.treespec_dumps(3),
    "a context that JSON lacks": lambda p: p.treespec_dumps(p.tree_structure({object(): 1})),
    "a tuple as key": lambda p: p.treespec_loads(p.treespec_dumps(p.tree_structure({(1, 2): 1}))),
    "loads: protocol": lambda p: p.treespec_loads("[2, {}]"),
    "loads: nothing": lambda p: p.treespec_loads("hello"),
    "loads: no type": lambda p: p.treespec_loads("[1, {}]"),
    "loads: unknown": lambda p: p.treespec_loads('[1, {"type": "nope", "context": "null", "children_spec": []}]'),
    "enumerations": lambda p: json.loads(json.dumps([Color.RED], cls=p.EnumEncoder), object_hook=p.enum_object_hook),
    "older names": lambda p: p.str_to_pytree(p.pytree_to_str(p.tree_structure([1]))),
    "_is_leaf": lambda p: [p._is_leaf([1]), p._is_namedtuple_instance(Pair(1, 2))],
    "_dict_flatten": lambda p: [p._dict_flatten({"b": 1, "a": 2}), p._dict_unflatten([1, 2], ["b", "a"])],
    "helpers": lambda p: [
        p._list_flatten([1]), p._tuple_flatten((1,)), p._deque_flatten(deque([1])), p._namedtuple_flatten(Pair(1, 2)),
        p._ordereddict_flatten(OrderedDict(a=1)), p._defaultdict_flatten(defaultdict(int, a=1)),
    ],  # fmt: skip
    "defaultdict context": lambda p: p._defaultdict_deserialize(p._defaultdict_serialize([int, ["a"]])),
    "no defaultdict context": lambda p: p._defaultdict_deserialize(3),
    "_generate_key_paths": lambda p: list(p._generate_key_paths((p.SequenceKey(9),), [1, (2,)])),
    "_get_node_type": lambda p: [p._get_node_type(x) for x in (1, [1], None)],
    "structseq": lambda p: type("Z", (p.structseq,), {}),
}  # fmt: skip


@pytest.mark.parametrize("other", OTHERS)
def test_others(other: str) -> None:
    compare(OTHERS[other])


def test_names_and_signatures() -> None:
    ours, theirs = TREES_OF["mibun"], TREES_OF["torch"]
    assert sorted(ours.__all__) == sorted(theirs.__all__)
    own = [
        n
        for n, value in vars(theirs).items()
        if getattr(value, "__module__", None) == theirs.__name__ and "cxx" not in n
    ]
    absent = [n for n in [*own, *theirs.__all__] if not hasattr(ours, n)]
    assert len(own) > 90 and set(absent) <= {"S", "U", "R", "_T_co"}  # type variables
    for name in own:
        value = getattr(theirs, name)
        if inspect.isfunction(value) and not name.startswith("_"):
            assert list(inspect.signature(getattr(ours, name)).parameters) == list(
                inspect.signature(value).parameters
            ), name
