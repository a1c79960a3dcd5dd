"""PyTorch's names for what is public, in a process in which mibun stands in for it: `mibun run`, `mibun.as_torch`.

Libraries look at `torch.__name__`, at `type(x).__module__` and at `torch.__version__` to know what they are given. So
the public modules, with their classes and functions, get the names that PyTorch has for them: those that are loaded at
once, and the others as they are loaded (see `_alias.py`). Modules, code and objects stay the same ones, and modules are
in `sys.modules` under both names. What is internal (`mibun.ops`, `mibun.core`, …) keeps its name.

PyTorch's name is mibun's with `torch` in front, but for the classes that mibun has divided among more files, which are
in the tables here. In PyTorch the nodes of operators belong to no module: `<class 'MulBackward0'>`.
"""

from __future__ import annotations

import os
import sys
from types import FunctionType, ModuleType
from typing import Any, ForwardRef

from .core import naming
from .core.node import Node
from .core.registry import FUNCTIONS, METHODS
from .core.tensor import Tensor
from .dispatch.public import SHOWN
from .torch_version import TorchVersion

PYTORCH = "2.13.0"  # the release whose names and behaviour mibun has

# The part of mibun that is its own: modules without a name in PyTorch.
_INTERNAL = frozenset(
    "core xp dispatch ops compat array_api cli as_torch _alias _identity _interpreters _index _loading __main__".split()
)

# Where PyTorch has what mibun has in other files. Left: its module, without `torch.`; right: mibun's modules, each
# with all that is in it or, after a colon, with the names that are meant.
_TABLE = """
: core.errors compat.symbols compat.checks compat.builds compat.device_modules:get_device_module
: core.tensor core.size core.device core.dtypes core.dtypes.types core.dtypes.limits core.dtypes.layouts compat.settings
: core.mode:is_grad_enabled,is_inference_mode_enabled autograd.anomaly_mode:is_anomaly_enabled
: autograd.anomaly_mode:is_anomaly_check_nan_enabled
autograd: core.gradients:backward,grad
: ops.conversion.typed_storages core.autocast compat.autocast_names
: dispatch.torch_function:DisableTorchFunction,DisableTorchFunctionSubclass compiler.compiling:compile
: _higher_order_ops.cond:cond
: compat.streams:Event,Stream serialization.archive:PyTorchFileReader,PyTorchFileWriter
serialization: serialization.loading serialization.saving
storage: ops.conversion.typed_storages:TypedStorage ops.conversion.untyped_storages:UntypedStorage
_C: ops.random.generator:Generator overrides:has_torch_function,has_torch_function_unary
_C: overrides:has_torch_function_variadic
_tensor_str: compat.printing:set_printoptions
autograd.grad_mode: core.mode:enable_grad,inference_mode,no_grad,set_grad_enabled
autograd.graph: core.node:GradientEdge,Node autograd.saved_tensors autograd.saved_mutation
utils.hooks: core.node:RemovableHandle core.hook_calls:unserializable_hook,warn_if_has_hooks
utils._pytree: core.pytree core.pytree.classes core.pytree.containers core.pytree.keys core.pytree.kinds
utils._pytree: core.pytree.mapping core.pytree.nodes core.pytree.paths core.pytree.serialization core.pytree.spec
utils._pytree: core.pytree.trees
utils.checkpoint: utils.selective_checkpoint utils.reentrant_checkpoint
utils.data._utils.collate: utils.data.collate
utils: utils.swapping:swap_tensors
overrides: dispatch.torch_function:get_default_nowrap_functions
func: func.differentiation func.jacobians func.vectorization func.forward func.debugging func.functionalization
func: func.rearranging func.modules
testing._comparison: testing:assert_close,assert_allclose
testing._creation: testing:make_tensor
masked._ops: masked.reductions masked.arrangement
nn.modules.activation: nn.modules.smooth_activation nn.modules.piecewise_linear nn.modules.softmax
nn.modules.activation: nn.modules.attention
nn.modules.linear: nn.modules.attention:NonDynamicallyQuantizableLinear
nn.modules.loss: nn.modules.class_loss nn.modules.margin_loss nn.modules.regression_loss nn.modules.loss_base
nn.modules.loss: nn.modules.linear_cross_entropy_loss
nn.modules.instancenorm: nn.modules.batchnorm:InstanceNorm1d,InstanceNorm2d,InstanceNorm3d
nn.modules.instancenorm: nn.modules.lazy:LazyInstanceNorm1d,LazyInstanceNorm2d,LazyInstanceNorm3d
nn.modules.batchnorm: nn.modules.sync_batchnorm:SyncBatchNorm
nn.modules.batchnorm: nn.modules.lazy:LazyBatchNorm1d,LazyBatchNorm2d,LazyBatchNorm3d
nn.modules.conv: nn.modules.lazy:LazyConv1d,LazyConv2d,LazyConv3d
nn.modules.conv: nn.modules.lazy:LazyConvTranspose1d,LazyConvTranspose2d,LazyConvTranspose3d
nn.modules.linear: nn.modules.lazy:LazyLinear
nn.modules.pooling: nn.modules.unpooling
nn.modules.rnn: nn.modules.recurrent_layers nn.modules.recurrent_cells
nn.modules.upsampling: nn.modules.resampling:Upsample,UpsamplingBilinear2d,UpsamplingNearest2d
nn.modules.fold: nn.modules.resampling:Fold,Unfold
nn.modules.pixelshuffle: nn.modules.resampling:PixelShuffle,PixelUnshuffle
nn.modules.channelshuffle: nn.modules.resampling:ChannelShuffle
nn.parameter: nn.uninitialized:UninitializedParameter,UninitializedBuffer
nn.functional: :celu,celu_,rms_norm,rrelu,rrelu_,selu,selu_
functional: :atleast_1d,atleast_2d,atleast_3d,block_diag,broadcast_shapes,broadcast_tensors,cartesian_prod,cdist
functional: :chain_matmul,einsum,lu,meshgrid,norm,split,stft,tensordot,unique,unique_consecutive,unravel_index
_linalg_utils: :eig,lstsq,matrix_rank,solve,symeig
_lowrank: :pca_lowrank,svd_lowrank
optim.lr_scheduler: optim.lr_scheduler.base optim.lr_scheduler.composed optim.lr_scheduler.cycle
optim.lr_scheduler: optim.lr_scheduler.decay optim.lr_scheduler.plateau
optim.adadelta: optim.adaptive:Adadelta
optim.adagrad: optim.adaptive:Adagrad
optim.rmsprop: optim.adaptive:RMSprop
optim.adamw: optim.adam:AdamW
optim.adamax: optim.adam:Adamax
optim.nadam: optim.adam:NAdam
optim.radam: optim.adam:RAdam
optim: optim.adafactor:Adafactor optim.muon:Muon optim.swapping
optim.optimizer: optim.for_subclasses
: core.autocast compat.streams compat.feature_flags
amp.autocast_mode: core.autocast:is_autocast_available
profiler.profiler: profiler.execution_trace
: compiler.compiling:compile
compiler: compiler.compiling compiler.arguments
_dynamo.exc: compiler.errors
_dynamo.eval_frame: compiler.modules
_dynamo.backends: compiler.backends
_dynamo.decorators: compiler.compiling:set_stance
jit: jit._script:Error jit._trace:ScriptFunction futures:Future
library: _library.libraries _library.checks _library.infer_schema _library.custom_ops:custom_op
: _higher_order_ops.cond:cond
_ops: ops.aten ops.namespaces _higher_order_ops.operator
nn.attention.flex_attention: nn.attention.block_mask
utils.benchmark.utils.fuzzer: utils.benchmark.fuzzer
"""


def _read_table() -> dict[tuple[str, str], str]:
    """(own module, name or "" for all that is in it) -> PyTorch's module, where mibun has a module of that name."""
    table = {}
    for line in _TABLE.strip().splitlines():
        theirs, _, ours = line.partition(": " if not line.startswith(":") else " ")
        theirs = theirs.strip(":")
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), *theirs.split("."))
        if not os.path.isdir(path) and not os.path.exists(f"{path}.py"):
            continue
        for part in ours.split():
            module, _, names = part.partition(":")
            for name in names.split(","):
                table[_dotted("mibun", module), name] = _dotted("torch", theirs)
    return table


def _dotted(root: str, rest: str) -> str:
    return f"{root}.{rest}" if rest else root


_PLACES = _read_table()


def _is_internal(module: str) -> bool:
    """Whether a module, by mibun's name, is no part of what has PyTorch's names."""
    return module.split(".")[1:2] != [] and module.split(".")[1] in _INTERNAL


def torch_module(module: str) -> str:
    """PyTorch's name of a public module of mibun's: `functorch` is a package beside `torch`."""
    rest = module.removeprefix("mibun.")
    return rest if rest.split(".")[0] == "functorch" else "torch" + module.removeprefix("mibun")


def place_of(module: str, qualname: str) -> str:
    """The `__module__` in PyTorch of what is in one of mibun's modules under this name; its own if it is internal."""
    if module == "mibun.autograd.graph" and qualname.rstrip("0123456789").endswith("Backward"):
        return "builtins"
    name = qualname.partition(".")[0]
    place = _PLACES.get((module, name)) or _PLACES.get((module, ""))
    if place is not None and (place != "torch" or _is_in_torch(name)):
        return place
    return module if _is_internal(module) else torch_module(module)


def _is_in_torch(name: str) -> bool:
    names = vars(sys.modules["mibun"])
    return name in names or name in names["_LAZY_NAMES"]


def _rename(value: Any) -> None:
    """Give one class, with its methods, or one function PyTorch's name for its module."""
    module = vars(value).get("__module__") if isinstance(value, type) else getattr(value, "__module__", None)
    if not isinstance(module, str) or module.partition(".")[0] != "mibun":
        return
    if isinstance(value, type):
        place = place_of(module, value.__qualname__)
        if place == module:
            return
        value.__module__ = place
        _lay_open(value, place)
        if place != torch_module(module):
            _resolve_annotations(value, module)
        for part in list(vars(value).values()):
            for member in _functions_of(part):
                _rename(member)
    elif isinstance(value, FunctionType) or "__module__" in getattr(value, "__dict__", ()):
        value.__module__ = place_of(module, getattr(value, "__qualname__", ""))
        _lay_open(value, value.__module__)


def _resolve_annotations(cls: type, module: str) -> None:
    """Replace a class's annotations by what they mean where it is written; `typing` would look in its `__module__`."""
    annotations = vars(cls).get("__annotations__", {})
    for name, text in annotations.items():
        if isinstance(text, str):
            try:
                annotations[name] = eval(text, vars(sys.modules[module]), dict(vars(cls)))
            except Exception:  # a name that only type checkers see
                annotations[name] = ForwardRef(text, is_argument=False, module=module, is_class=True)


_TO_COME: dict[str, list[Any]] = {}  # PyTorch's name of a module that is not loaded yet -> what pickle looks for there


def _lay_open(value: Any, place: str) -> None:
    """See to it that pickle finds something in the module that it is said to be in."""
    if "." in getattr(value, "__qualname__", "."):  # in a class, or in a function
        return
    if place in sys.modules:
        if not hasattr(sys.modules[place], value.__qualname__):
            setattr(sys.modules[place], value.__qualname__, value)
    elif place != "builtins":
        _TO_COME.setdefault(place, []).append(value)


def _functions_of(member: Any) -> tuple:
    if isinstance(member, (staticmethod, classmethod)):
        return (member.__func__,)
    if isinstance(member, property):
        return tuple(one for one in (member.fget, member.fset, member.fdel) if one is not None)
    return (member,)


def rename_module(module: ModuleType) -> None:
    """Give a module of mibun's that has been loaded, and what is written in it, PyTorch's names."""
    assert module.__spec__ is not None
    own = module.__spec__.name
    if not _is_internal(own):
        shown = torch_module(own)
        module.__name__ = shown
        sys.modules[shown] = module
        for value in _TO_COME.pop(shown, ()):
            _lay_open(value, shown)
    for value in list(vars(module).values()):
        _rename(value)


def become_torch() -> None:
    """Rename everything that is loaded, and let what is made later ask for its name."""
    naming.translate_with(place_of)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "mibun" and module is not None:
            rename_module(module)
    for table in (FUNCTIONS, METHODS, SHOWN, vars(Tensor)):
        for value in list(table.values()):
            for member in _functions_of(value):
                _rename(member)
    for node in _subclasses(Node):
        if _is_internal(node.__module__) or node.__module__ == "mibun.autograd.graph":
            node.__module__ = place_of("mibun.autograd.graph", f"{node.__name__}Backward")
    mibun: Any = sys.modules["mibun"]
    mibun.__version__ = TorchVersion(f"{PYTORCH}+mibun{mibun.__version__}")


def _subclasses(kind: type) -> list[type]:
    found = list(kind.__subclasses__())
    for one in found:
        found += one.__subclasses__()
    return found
