"""Pytrees: nested containers seen as a list of leaves and a spec that rebuilds them. Index of `torch.utils._pytree`.

It knows no Tensor: whatever no container is registered for is a leaf. Loaded by those who need it, and not before.
"""

from __future__ import annotations

from .classes import (
    CONSTANT_NODES,
    ConstantNode,
    is_constant_class,
    register_constant,
    register_dataclass,
)
from .containers import BUILTIN_TYPES, STANDARD_DICT_TYPES
from .keys import GetAttrKey, KeyEntry, KeyPath, MappingKey, SequenceKey, key_get, keystr
from .kinds import (
    is_namedtuple,
    is_namedtuple_class,
    is_namedtuple_instance,
    is_structseq,
    is_structseq_class,
    is_structseq_instance,
)
from .mapping import (
    map_only,
    tree_all,
    tree_all_only,
    tree_any,
    tree_any_only,
    tree_map,
    tree_map_,
    tree_map_only,
    tree_map_only_,
)
from .nodes import SUPPORTED_NODES, NodeDef, deregister_pytree_node, register_pytree_node
from .paths import tree_flatten_with_path, tree_leaves_with_path, tree_map_with_path
from .serialization import DEFAULT_TREESPEC_SERIALIZATION_PROTOCOL, treespec_dumps, treespec_loads
from .spec import LeafSpec, TreeSpec, treespec_dict, treespec_leaf, treespec_pprint, treespec_tuple
from .trees import (
    arg_tree_leaves,
    broadcast_to_and_flatten,
    tree_flatten,
    tree_is_leaf,
    tree_iter,
    tree_leaves,
    tree_structure,
    tree_unflatten,
)

__all__ = [
    "BUILTIN_TYPES",
    "CONSTANT_NODES",
    "DEFAULT_TREESPEC_SERIALIZATION_PROTOCOL",
    "STANDARD_DICT_TYPES",
    "SUPPORTED_NODES",
    "ConstantNode",
    "GetAttrKey",
    "KeyEntry",
    "KeyPath",
    "LeafSpec",
    "MappingKey",
    "NodeDef",
    "SequenceKey",
    "TreeSpec",
    "arg_tree_leaves",
    "broadcast_to_and_flatten",
    "deregister_pytree_node",
    "is_constant_class",
    "is_namedtuple",
    "is_namedtuple_class",
    "is_namedtuple_instance",
    "is_structseq",
    "is_structseq_class",
    "is_structseq_instance",
    "key_get",
    "keystr",
    "map_only",
    "register_constant",
    "register_dataclass",
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
    "treespec_dict",
    "treespec_dumps",
    "treespec_leaf",
    "treespec_loads",
    "treespec_pprint",
    "treespec_tuple",
]
