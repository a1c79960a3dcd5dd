"""`torch.fx._pytree`: taking a value apart by a spec that is known already, in generated code."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable
from typing import Any

from ..core.pytree import LeafSpec, TreeSpec
from . import immutable_collections as _immutable

FlattenFuncSpec = FlattenFnSpec = Callable[[Any, TreeSpec], list]
FlattenFuncExactMatchSpec = FlattenFnExactMatchSpec = Callable[[Any, TreeSpec], bool]

SUPPORTED_NODES: dict[type, Any] = {}
SUPPORTED_NODES_EXACT_MATCH: dict[type, Any] = {}


def register_pytree_flatten_spec(
    cls: type,
    flatten_fn_spec: FlattenFnSpec,
    flatten_fn_exact_match_spec: FlattenFnExactMatchSpec | None = None,
) -> None:
    """Say how a class is taken apart: `flatten_fn_spec(value, spec)` gives the parts in the spec's order.

    flatten_fn_exact_match_spec: whether the value has no more and no fewer parts than the spec; where it is given,
    a value that has raises ValueError.
    """
    SUPPORTED_NODES[cls] = flatten_fn_spec
    SUPPORTED_NODES_EXACT_MATCH[cls] = flatten_fn_exact_match_spec


def _deregister_pytree_flatten_spec(cls: type) -> None:
    del SUPPORTED_NODES[cls]
    del SUPPORTED_NODES_EXACT_MATCH[cls]


def tree_flatten_spec(pytree: Any, spec: TreeSpec) -> list:
    """The leaves of `pytree`, as `spec` has them: what is a leaf there stays whole.

    RuntimeError for a type of container that is not registered here; ValueError where a part is missing.

    >>> from mibun.fx import _pytree as fx_pytree
    >>> from mibun.utils import _pytree as pytree
    >>> spec = pytree.tree_structure({"a": 0, "b": [0, 0]})
    >>> fx_pytree.tree_flatten_spec({"a": 1, "b": [2, (3, 4)]}, spec)
    [1, 2, (3, 4)]
    """
    if isinstance(spec, LeafSpec) or spec.is_leaf():
        return [pytree]
    kind = spec.type
    if kind not in SUPPORTED_NODES:
        raise RuntimeError(
            f"{type(pytree)} does not have a flatten_fn_spec associated with it. Please register one with "
            "torch.fx._pytree.register_pytree_flatten_spec.  If you have serialized your model, make sure that any "
            "custom pytrees have been registered before loading it."
        )
    parts = SUPPORTED_NODES[kind](pytree, spec)
    exact = SUPPORTED_NODES_EXACT_MATCH.get(kind)
    if exact is not None and not exact(pytree, spec):
        raise RuntimeError(f"Cannot flatten pytree {pytree}, given spec: {spec}")
    leaves = []
    for part, child in zip(parts, spec.children(), strict=False):
        leaves += tree_flatten_spec(part, child)
    return leaves


def _dict_flatten_spec(d: dict, spec: TreeSpec) -> list:
    return [d[key] for key in spec.context]


def _sequence_flatten_spec(d: Any, spec: TreeSpec) -> list:
    return [d[i] for i in range(spec.num_children)]


def _dict_exact(d: dict, spec: TreeSpec) -> bool:
    return set(d) == set(spec.context)


def _sequence_exact(d: Any, spec: TreeSpec) -> bool:
    return len(d) == spec.num_children


for _kind in (dict, OrderedDict, _immutable.immutable_dict):
    register_pytree_flatten_spec(_kind, _dict_flatten_spec, _dict_exact)
for _kind in (list, tuple, namedtuple, _immutable.immutable_list):
    register_pytree_flatten_spec(_kind, _sequence_flatten_spec, _sequence_exact)  # type: ignore[arg-type]
