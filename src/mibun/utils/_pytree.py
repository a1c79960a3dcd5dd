"""`torch.utils._pytree`: the names of `core/pytree`, with PyTorch's older and private ones, which libraries import."""

from __future__ import annotations

import warnings
from collections import OrderedDict, defaultdict, deque, namedtuple  # noqa: F401
from collections.abc import Callable
from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.pytree import (  # noqa: F401
    BUILTIN_TYPES,
    CONSTANT_NODES,
    DEFAULT_TREESPEC_SERIALIZATION_PROTOCOL,
    STANDARD_DICT_TYPES,
    SUPPORTED_NODES,
    ConstantNode,
    GetAttrKey,
    KeyEntry,
    KeyPath,
    LeafSpec,
    MappingKey,
    NodeDef,
    SequenceKey,
    TreeSpec,
    arg_tree_leaves,
    broadcast_to_and_flatten,
    deregister_pytree_node,
    is_constant_class,
    is_namedtuple,
    is_namedtuple_class,
    is_namedtuple_instance,
    is_structseq,
    is_structseq_class,
    is_structseq_instance,
    key_get,
    keystr,
    map_only,
    register_constant,
    register_dataclass,
    register_pytree_node,
    tree_all,
    tree_all_only,
    tree_any,
    tree_any_only,
    tree_flatten,
    tree_flatten_with_path,
    tree_is_leaf,
    tree_iter,
    tree_leaves,
    tree_leaves_with_path,
    tree_map,
    tree_map_,
    tree_map_only,
    tree_map_only_,
    tree_map_with_path,
    tree_structure,
    tree_unflatten,
    treespec_dict,
    treespec_dumps,
    treespec_leaf,
    treespec_loads,
    treespec_pprint,
    treespec_tuple,
)
from ..core.pytree import classes as _classes
from ..core.pytree import containers as _containers
from ..core.pytree import nodes as _nodes
from ..core.pytree import paths as _paths
from ..core.pytree import serialization as _serialization
from ..core.pytree import spec as _spec
from ..core.pytree.keys import K, T  # noqa: F401
from ..core.pytree.nodes import (  # noqa: F401
    NO_SERIALIZED_TYPE_NAME_FOUND,
    SERIALIZED_TYPE_TO_PYTHON_TYPE,
    SUPPORTED_SERIALIZED_TYPES,
    Context,
    DumpableContext,
    FlattenFn,
    FlattenWithKeysFn,
    FromDumpableContextFn,
    PyTree,
    ToDumpableContextFn,
    UnflattenFn,
)
from ..core.pytree.serialization import EnumEncoder, enum_object_hook  # noqa: F401

FlattenFunc, UnflattenFunc, FlattenWithKeysFunc = FlattenFn, UnflattenFn, FlattenWithKeysFn
ToStrFunc = Callable[["TreeSpec", list[str]], str]
MaybeFromStrFunc = Callable[[str], tuple[Any, Context, str] | None]
Fn = Fn2 = Fn3 = FnAny = MapOnlyFn = Callable[..., Any]
TypeAny = type | tuple[type, ...]
PyTreeSpec = TreeSpec

__all__ = [
    "Context",
    "DumpableContext",
    "FlattenFn",
    "FromDumpableContextFn",
    "LeafSpec",
    "PyTree",
    "PyTreeSpec",
    "ToDumpableContextFn",
    "TreeSpec",
    "UnflattenFn",
    "is_namedtuple",
    "is_namedtuple_class",
    "is_namedtuple_instance",
    "is_structseq",
    "is_structseq_class",
    "is_structseq_instance",
    "key_get",
    "keystr",
    "register_pytree_node",
    "tree_all",
    "tree_all_only",
    "tree_any",
    "tree_any_only",
    "tree_flatten",
    "tree_flatten_with_path",
    "tree_is_leaf",
    "tree_iter",
    "tree_leaves",
    "tree_leaves_with_path",
    "tree_map",
    "tree_map_",
    "tree_map_only",
    "tree_map_only_",
    "tree_map_with_path",
    "tree_structure",
    "tree_unflatten",
    "treespec_dumps",
    "treespec_loads",
    "treespec_pprint",
]


class structseq(tuple):  # noqa: N801
    """What annotations call a struct sequence; `is_structseq` tells them. It has no objects and no subclasses."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        raise TypeError("type 'structseq' is not an acceptable base type")

    def __new__(cls, sequence: Any, dict: dict[str, Any] = ...) -> Any:  # type: ignore[assignment]  # noqa: A002
        raise NotImplementedError("structseq is a name for annotations and has no objects")


def _register_pytree_node(
    cls: type[Any],
    flatten_fn: FlattenFn,
    unflatten_fn: UnflattenFn,
    to_str_fn: Any = None,
    maybe_from_str_fn: Any = None,
    *,
    serialized_type_name: str | None = None,
    to_dumpable_context: ToDumpableContextFn | None = None,
    from_dumpable_context: FromDumpableContextFn | None = None,
    flatten_with_keys_fn: FlattenWithKeysFn | None = None,
) -> None:
    """The older `register_pytree_node`, which replaces an earlier registration (with a UserWarning)."""
    _old(
        "`torch.utils._pytree._register_pytree_node` is deprecated. Please use "
        "`torch.utils._pytree.register_pytree_node` instead."
    )
    if to_str_fn is not None or maybe_from_str_fn is not None:
        _old(
            "`to_str_fn` and `maybe_from_str_fn` is deprecated. Please use `to_dumpable_context` and "
            "`from_dumpable_context` instead."
        )
    _nodes.enter_node(
        cls,
        flatten_fn,
        unflatten_fn,
        serialized_type_name=serialized_type_name,
        to_dumpable_context=to_dumpable_context,
        from_dumpable_context=from_dumpable_context,
        flatten_with_keys_fn=flatten_with_keys_fn,
    )


def pytree_to_str(treespec: TreeSpec) -> str:
    """The older name of `treespec_dumps`."""
    _old("`pytree_to_str` is deprecated. Please use `treespec_dumps` instead.")
    return treespec_dumps(treespec)


def str_to_pytree(json: str) -> TreeSpec:
    """The older name of `treespec_loads`."""
    _old("`str_to_pytree` is deprecated. Please use `treespec_loads` instead.")
    return treespec_loads(json)


def _is_leaf(tree: PyTree, is_leaf: Callable[[PyTree], bool] | None = None) -> bool:
    _old(
        "torch.utils._pytree._is_leaf is private and will be removed in a future release. Please use "
        "torch.utils._pytree.tree_is_leaf instead."
    )
    return tree_is_leaf(tree, is_leaf)


def _is_namedtuple_instance(tree: Any) -> bool:
    _old(
        "torch.utils._pytree._is_namedtuple_instance is private and will be removed in a future release. Please use "
        "torch.utils._pytree.is_namedtuple_instance instead."
    )
    return is_namedtuple_instance(tree)


def _is_pytreespec_instance(obj: Any) -> bool:
    return isinstance(obj, TreeSpec)


def _ensure_python_treespec_instance(treespec: TreeSpec) -> TreeSpec:
    if not isinstance(treespec, TreeSpec):
        _spec.refuse_other(treespec)
    return treespec


def _old(message: str) -> None:
    warnings.warn(message, FutureWarning, stacklevel=3)


# PyTorch's private names.
_broadcast_to_and_flatten = broadcast_to_and_flatten
_deregister_pytree_node = deregister_pytree_node
_private_register_pytree_node = _nodes.enter_node
_register_namedtuple = _containers.register_namedtuple
_get_node_type = _nodes.node_type
_generate_key_paths = _paths.generate_key_paths
_is_constant_holder = _classes.is_constant_holder
_retrieve_constant = _classes.retrieve_constant
_LEAF_SPEC, _asterisk = _spec.LEAF, _spec.ASTERISK
_NODE_REGISTRY_LOCK = _nodes.LOCK
_SerializeNodeDef = _nodes.SerializeNodeDef
_SUPPORTED_PROTOCOLS = _serialization.SUPPORTED_PROTOCOLS
_ProtocolFn = _serialization.ProtocolFn
_TreeSpecSchema = _serialization.TreeSpecSchema
_treespec_to_json = _serialization.treespec_to_json
_json_to_treespec = _serialization.json_to_treespec
_list_flatten = _containers.list_flatten
_list_flatten_with_keys = _containers.list_flatten_with_keys
_list_unflatten = _containers.list_unflatten
_tuple_flatten = _containers.tuple_flatten
_tuple_flatten_with_keys = _containers.tuple_flatten_with_keys
_tuple_unflatten = _containers.tuple_unflatten
_deque_flatten = _containers.deque_flatten
_deque_flatten_with_keys = _containers.deque_flatten_with_keys
_deque_unflatten = _containers.deque_unflatten
_namedtuple_flatten = _containers.namedtuple_flatten
_namedtuple_flatten_with_keys = _containers.namedtuple_flatten_with_keys
_namedtuple_unflatten = _containers.namedtuple_unflatten
_namedtuple_serialize = _containers.namedtuple_serialize
_namedtuple_deserialize = _containers.namedtuple_deserialize
_dict_flatten = _ordereddict_flatten = _odict_flatten = _containers.dict_flatten
_dict_flatten_with_keys = _ordereddict_flatten_with_keys = _containers.dict_flatten_with_keys
_dict_unflatten = _containers.dict_unflatten
_ordereddict_unflatten = _odict_unflatten = _containers.ordereddict_unflatten
_defaultdict_flatten = _containers.defaultdict_flatten
_defaultdict_flatten_with_keys = _containers.defaultdict_flatten_with_keys
_defaultdict_unflatten = _containers.defaultdict_unflatten
_defaultdict_serialize = _containers.defaultdict_serialize
_defaultdict_deserialize = _containers.defaultdict_deserialize

_explain_missing_names(__name__)
