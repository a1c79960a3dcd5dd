"""The text of every call that is recorded, and of every node that is run backward: written once, compiled when needed.

A call of an operator does the same few things whatever the operator: look at the mode, take the arrays out of the
Tensors, call the kernel, wrap the result, and, if an operand requires grad, leave a node. Most of the time in Python
goes into asking what need not be asked: which operands there are, what the rules will want saved. So the text below
is put together for what an operator is known to need, compiled at its first call, and entered in `linecache`, so that a
debugger and `inspect` show it. `RECORD` is the one place that knows what a new node is given.
"""

from __future__ import annotations

import linecache
import sys
import warnings
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

from numpy import ndarray

from ..core.batching import BatchedTensor, lifted, refuse_escaped
from ..core.memory import shares_arrays
from ..core.mode import MODE, NO_GRAD
from ..core.node import LEAF, NO_VERSIONS, SEQUENCE, VersionCounter, new_counter
from ..core.quiet import FILTER, hushed
from ..core.registry import TENSORS
from ..core.site import GENERATED, INTERNAL
from ..core.tensor import PLAIN, Tensor
from ..core.views import NOWHERE_EDGE, View, make_view
from ..xp.numpy.pieces import LARGE
from .constants import NUMBERS, REALS, constant
from .natively import LARGE as COMPILED

# --- the text ---

# A new node, made by an operation that the user's innermost line has called: `depth` frames up, or further out.
RECORD = """
node = OpNode()
node.op = op
node.sequence_nr = next(sequence)
frame = caller({depth})
code = frame.f_code
if code is not user_code:
    while internal[code.co_filename]:
        frame = frame.f_back
        code = frame.f_code
    user_code = code  # known to be the user's, for the next call
node.code = code
node.offset = frame.f_lasti
node.shape = {shape}
node.dtype = {dtype}
node.hooks = node.metas = node.rare = None
node.params = {params}
node.xp = namespace
"""

# The edges of the node, where those of an operator of one or two operands stand in slots (see `nodes.py`).
EDGE = """
if edge_{i} is LEAF:
    node.e{i} = {operand}
    node.n{i} = None
elif edge_{i} is None:
    node.e{i} = None
else:
    node.e{i}, node.n{i} = edge_{i}
"""
MANY_EDGES = "node.many = {edges}\nnode.kept = node.kept_counters = node.kept_versions = ()"

# The edge of an operand that may require grad: a view's is made anew if it is out of date. There may then be nothing to
# record, which `constant` says.
RESOLVE = """
if edge_{i} is not LEAF and type(edge_{i}) is not tuple and edge_{i} is not None:
    edge_{i} = edge_{i}.resolve({operand})
    if edge_{i} is NOWHERE_EDGE:
        return {general}
    {constant}
"""
# A leaf is its own edge.
OF_LEAF = "if edge_{i} is LEAF:\n    edge_{i} = ({operand}, None)"

# Where an operand lacks levels that a batched result has, see `core/batching.py`. If none does, nothing that the rules
# give is summed over the examples next, so that they need not put off what may not be needed for each of them.
LIFT = """
lacking = type(z) is Batched and ({lacking})
if lacking:
    {edges} = lifted(({given}), ({operands}), z.levels)
"""
LACKING = "({edge} is not None and (type({x}) is not Batched or {x}.levels != z.levels))"
LIFTED = "if not lacking:\n    node.xp = namespace.prompt"

# A new Tensor on the raw result `z`, with all of its state: see `core/tensor.py`.
RESULT = """
result = new({kind})
result._array_ = z
result._edge_ = result._version_counter_ = result._grad_ = None
result._accumulator_ = result._leaf_hooks_ = result._tangent_ = None
"""

# The same among batched arrays, which a vmap that is over may have left (see `core/batching.py`).
RESULT_AMONG = f"if type(z) in TENSORS and z.levels != mode.levels:\n    refuse_escaped(z.levels, mode){RESULT}"

# The result of a view operator: `make_view` of `core/views.py` for a tensor that is no view itself.
VIEW = """
counter = {a}._version_counter_
if type({a}._edge_) is View or counter is NO_VERSIONS or (type(z) is not ndarray and not shares_arrays(z)):
    make_view({a}, result, edge_0, (op, params, x.shape), node_name, mode)
else:
    if counter is None:
        counter = {a}._version_counter_ = VersionCounter()
        counter.version = 0
        counter.modified_by = counter.guard = None
    result._version_counter_ = counter
    view = result._edge_ = new(View)
    view.base = {a}
    view.origin = x
    view.chain = ((op, params, x.shape),)
    view.edge = edge_0
    view.version = counter.version
    view.creation = "default" if mode.grad else "no_grad"
    view.maker = node_name
    view.output_nr = 0
    view.leaf = False
"""

# Where the kernel has failed, the general path gives the error in PyTorch's words, or does what the fast one does not.
# It is called outside of the `except` block, so that what it raises stands alone. The error goes from list to list on
# its way, as it holds the frames that it has passed: if one of them held it, all would live until they are collected.

# Before a kernel that is written in Python, see `core/quiet.py`.
QUIET = "if (warnings.filters or FILTER)[0] is not FILTER:\n    hushed()"

UNARY = """
def call({signature}):
    global user_code
    mode = current_mode()
    if {unusual}not mode.fast or (type({a}) is not Tensor and type({a}) not in PLAIN):
        return {away}
    x = {a}._array_
    dtype = x.dtype
{refused}
{quiet}
    try:
        z = {kernel}
    except Exception as error:
        failed = [error.with_traceback(error.__traceback__.tb_next)]
        z = None
    if z is None:
        return {failure}
{unfit}
{result}
{recording}
    return result
"""

BINARY = """
def call({signature}):
    global user_code
    mode = current_mode()
    if {unusual}not mode.fast or (type({a}) is not Tensor and type({a}) not in PLAIN):
        return {away}
    x = {a}._array_
    dtype = x.dtype
{refused}
    kind = type({b})
    if kind is Tensor or kind in PLAIN:
        second = y = {b}._array_
        if y.dtype is not dtype{foreign}:
            return general({a}, {b})
        edge_1 = {b}._edge_
{number}
    else:
        return {other}
{quiet}
    try:
        z = {kernel}
    except Exception as error:
        failed = [error.with_traceback(error.__traceback__.tb_next)]
        z = None
    if z is None:
        return {failure}
{unfit}
{result}
{recording}
    return result
"""

# What an operator of one operand and one output is called through, given all of its parameters: views, reductions.
ONE = """
def call({a}, params):
    global user_code
    mode = current_mode()
    if not mode.fast or type({a}) not in PLAIN:
        return {batched}
    x = {a}._array_
    if {refused}:
        return {away}
{edge}
    try:
        if (warnings.filters or FILTER)[0] is not FILTER:
            hushed()
        z = {kernel}
    except Exception as error:
        failed = [error.with_traceback(error.__traceback__.tb_next)]
        z = None
    if z is None:
        return {failure}
{result}
{recording}
    return result
"""

# The same for what takes an operand apart into any number of views: `make_view` for each of them.
PARTS = """
def call({a}, params):
    global user_code
    mode = current_mode()
    if not mode.fast or type({a}) not in PLAIN or type({a}._edge_) is View:
        return {away}
    x = {a}._array_
    counter = {a}._version_counter_
    if type(x) is not ndarray or counter is NO_VERSIONS:
        return {away}
    edge_0 = {a}._edge_ if mode.grad else None
    if edge_0 is not None and edge_0 is not LEAF and type(edge_0) is not tuple:
        return {away}
    try:
        pieces = op.kernel(namespace, x, **params)
    except Exception as error:
        failed = [error.with_traceback(error.__traceback__.tb_next)]
        pieces = None
    if pieces is None:
        return {failure}
    if counter is None:
        counter = {a}._version_counter_ = VersionCounter()
        counter.version = 0
        counter.modified_by = counter.guard = None
    node = None
    if edge_0 is not None:
        if edge_0 is LEAF:
            edge_0 = ({a}, None)
{record}
    steps = outputs_of(op, len(pieces))
    creation = "multi_output" if mode.grad else "no_grad"
    parts = []
    for z in pieces:
{result}
        view = result._edge_ = new(View)
        result._version_counter_ = counter
        view.base = {a}
        view.origin = x
        view.chain = ((steps[len(parts)], params, x.shape),)
        view.edge = None if node is None else (node, len(parts))
        view.version = counter.version
        view.creation = creation
        view.maker = node_name
        view.output_nr = len(parts)
        view.leaf = False
        parts.append(result)
    return tuple(parts)
"""

# The same for several operands, all of them Tensors.
SEVERAL = """
def call(operands, params):
    global user_code
    mode = current_mode()
    {names} = operands
    if not mode.fast or {foreign}:
        return {batched}
    {arrays}
    if {refused}:
        return general(op, operands, params)
{edges}
    try:
        if (warnings.filters or FILTER)[0] is not FILTER:
            hushed()
        z = {kernel}(namespace, {raw}, **params)
    except Exception as error:
        failed = [error.with_traceback(error.__traceback__.tb_next)]
        z = None
    if z is None:
        return general(op, operands, params, failed=[failed.pop()])
{result}
{recording}
    return result
"""

# The same for any number of operands of one floating dtype, of which no rule wants more than the shapes.
VARIADIC = """
def call(operands, params):
    global user_code
    mode = current_mode()
    if not mode.fast or not operands:
        return {away}
    grad = mode.grad
    recorded = False
    arrays = []
    edges = []
    dtype = None
    for operand in operands:
        if type(operand) not in PLAIN:
            return {away}
        x = operand._array_
        if (type(x) is not ndarray and type(x) not in scalars) or (x.dtype is not dtype and dtype is not None):
            return {away}
        dtype = x.dtype
        arrays.append(x)
        edge_0 = operand._edge_ if grad else None
        if edge_0 is not None:
{resolve}
            if edge_0 is not None:
                recorded = True
        edges.append(edge_0)
    if dtype.kind not in {kinds}:
        return {away}
    try:
        if (warnings.filters or FILTER)[0] is not FILTER:
            hushed()
        z = {kernel}
    except Exception as error:
        failed = [error.with_traceback(error.__traceback__.tb_next)]
        z = None
    if z is None:
        return general(op, operands, params, failed=[failed.pop()])
{result}
{recording}
    return result
"""

# What one choice of operands that require grad wants saved.
SAVE = """
def save(node, {names}, {raw}, result, z):
    {saving}
"""

# The general path's: any operands, any mode; what is to be saved is found at run time.
ANY = """
def record(op, operands, arrays, params, edges, xp, residuals, mode, shape, dtype):
    global user_code
    {record}
    node.xp = xp
    if op.compact:
        node.edges = edges
        if op.slots:
            node.v0 = node.v1 = node.v2 = node.c0 = node.c1 = node.c2 = None
    else:
        {many}
    return node
"""

# What runs a node of one or two operands: `values` are fetched and their versions compared, in `fetch`.
RUN = """
def run(node, g):
{fetch}
    if {no_gradient}:
        result = (None,) * {n}
    else:
        xp = {xp}
{result}
{release}
    return result
"""

RUN_MANY = """
def run(node, g):
    values = node.kept
    if values is None:
        raise freed_error(node)
    if node.kept_versions:
        for counter, version in zip(node.kept_counters, node.kept_versions):
            if counter.version != version:
                values = node.stale()
                break
    else:
        for counter in node.kept_counters:
            if counter.version:
                values = node.stale()
                break
    edges = node.many
    if {no_gradient}:
        result = (None,) * len(edges)
    else:
        xp = {xp}
        {fill}
{result}
{release}
    return result
"""

# What `run_once` does in the end.
RELEASE = """
if {some}:
    {values} = None
    if c{first} is ALWAYS_STALE:
        node.packed = None
    {counters} = FREED
    {expected} = 0
"""
RELEASE_MANY = """
if values:
    if node.rare is not None:
        node.packed = None
    node.kept = None
    node.kept_counters = ()
"""

# Of rules that are plain expressions, for real arrays of NumPy's and for batched ones: see `straight_lines.py`.
STRAIGHT = """
if xp is numpy_namespace and g.dtype in REALS:
{numbers}
    result = {straight}
elif type(g) in TENSORS and g.dtype.kind == "f":
    result = {among}
else:
    result = {general}
"""

# Of pointwise operators, for large arrays of NumPy's: see `pieces.py`.
IN_PIECES = """
if xp is numpy_namespace and {large}.size >= {size} and (
    result := large_rules(g, {values}, node.params, {edges})
) is not None:
    pass
else:
{other}
"""

# The same over Tensors, whose saved values are checked as they are wrapped.
RUN_RECORDED = """
def run_recorded(node, g):
    values = node.tensors()
    if {no_gradient}:
        return (None,) * len(node.edges)
    xp = tensor_namespace
    edges = node.edges
    {fill}
    return {result}
"""


def indented(text: str) -> str:
    """Lines of text, one level further in; empty ones are dropped."""
    return "\n".join([f"    {line}" for line in text.splitlines() if line.strip()])


def tuple_of(parts: list[str]) -> str:
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


# --- from text to functions ---

# What the text names; each function has these and its operator's own in its globals.
_SHARED = {
    "__name__": None,  # so that NumPy's warnings are dropped, see `core/quiet.py`
    "BatchedTensor": BatchedTensor,
    "COMPILED": COMPILED,
    "FILTER": FILTER,
    "LARGE": LARGE,
    "LEAF": LEAF,
    "NOWHERE_EDGE": NOWHERE_EDGE,
    "NO_GRAD": NO_GRAD,
    "NO_VERSIONS": NO_VERSIONS,
    "NUMBERS": NUMBERS,
    "PLAIN": PLAIN,
    "REALS": REALS,
    "TENSORS": TENSORS,
    "Tensor": Tensor,
    "VersionCounter": VersionCounter,
    "View": View,
    "caller": sys._getframe,
    "constant": constant,
    "current_mode": MODE.get,
    "hushed": hushed,
    "internal": INTERNAL,
    "lifted": lifted,
    "make_view": make_view,
    "ndarray": ndarray,
    "shares_arrays": shares_arrays,
    "new": object.__new__,
    "new_counter": new_counter,
    "refuse_escaped": refuse_escaped,
    "sequence": SEQUENCE,
    "user_code": None,
    "warnings": warnings,
}
_CODES: dict[str, CodeType] = {}  # text -> its code, shared by the operators that need the same


def compiled(text: str, what: str) -> CodeType:
    """The code of the one function that a text defines, as a file of its own: `<mibun: what>`."""
    filename = f"{GENERATED}{what}>"
    text = "".join([f"{line}\n" for line in text.splitlines() if line.strip()])
    code = _CODES.get(text)
    if code is None:
        module = compile(text, filename, "exec")
        code = _CODES[text] = next(part for part in module.co_consts if isinstance(part, CodeType))
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    # A code object of its own lets Python specialise it for the operator.
    return code.replace(co_filename=filename)


def function(text: str, what: str, scope: dict[str, Any]) -> FunctionType:
    """The function that a text defines, over what is named in `scope`."""
    return FunctionType(compiled(text, what), {**_SHARED, **scope})


def _until_called(*args: Any, **kwargs: Any) -> Any:
    try:
        return complete()(*args, **kwargs)  # type: ignore[name-defined]  # noqa: F821  (in the function's own globals)
    except Exception as error:
        error.__traceback__ = error.__traceback__.tb_next  # type: ignore[union-attr]  # later calls do not pass here
        raise


def lazy(name: str, write: Callable[[], tuple[str, str, dict[str, Any], tuple, dict[str, Any]]]) -> FunctionType:
    """A function that is written and compiled when it is first called; it stays the same object.

    write: gives the text, what it is, the names that it needs, and its defaults (those in the text do not count).
    """
    scope: dict[str, Any] = dict(_SHARED)

    def complete() -> FunctionType:
        text, what, names, defaults, keyword_defaults = write()
        scope.update(names)
        made.__defaults__, made.__kwdefaults__ = defaults, keyword_defaults
        made.__code__ = compiled(text, what)  # last of all, since another thread may be here too
        return made

    scope["complete"] = complete
    made = FunctionType(_until_called.__code__, scope, name)
    return made


__all__ = [
    "ANY",
    "BINARY",
    "EDGE",
    "IN_PIECES",
    "LACKING",
    "LIFT",
    "LIFTED",
    "MANY_EDGES",
    "OF_LEAF",
    "ONE",
    "PARTS",
    "QUIET",
    "RECORD",
    "RESOLVE",
    "RESULT",
    "RESULT_AMONG",
    "RELEASE",
    "RELEASE_MANY",
    "RUN",
    "RUN_MANY",
    "RUN_RECORDED",
    "SAVE",
    "SEVERAL",
    "STRAIGHT",
    "UNARY",
    "VARIADIC",
    "VIEW",
    "compiled",
    "function",
    "indented",
    "lazy",
    "tuple_of",
]
