"""mibun: PyTorch's autograd, whole, in readable Python over NumPy. This file is the index of public names.

This file is written by `python -m tools.stubs`: change what it reads, not this.
"""

# pyright: reportMissingModuleSource=false
from builtins import bool as _bool, complex as _complex, float as _float, int as _int, range as _range, type as _type
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload

import numpy as np

from . import _C as _C
from . import _VF as _VF
from . import __config__ as __config__
from . import __future__ as __future__
from . import _custom_ops as _custom_ops
from . import _dynamo as _dynamo
from . import _functorch as _functorch
from . import _higher_order_ops as _higher_order_ops
from . import _inductor as _inductor
from . import _jit_internal as _jit_internal
from . import _library as _library
from . import _lowrank as _lowrank
from . import _ops as _ops
from . import _subclasses as _subclasses
from . import _tensor as _tensor
from . import _tensor_str as _tensor_str
from . import _utils as _utils
from . import _vmap_internals as _vmap_internals
from . import accelerator as accelerator
from . import amp as amp
from . import ao as ao
from . import array_api as array_api
from . import autograd as autograd
from . import backends as backends
from . import compiler as compiler
from . import cpu as cpu
from . import cuda as cuda
from . import distributed as distributed
from . import distributions as distributions
from . import fft as fft
from . import func as func
from . import functional as functional
from . import functorch as functorch
from . import futures as futures
from . import fx as fx
from . import hub as hub
from . import jit as jit
from . import library as library
from . import linalg as linalg
from . import masked as masked
from . import monitor as monitor
from . import mps as mps
from . import mtia as mtia
from . import multiprocessing as multiprocessing
from . import nn as nn
from . import onnx as onnx
from . import ops as ops
from . import optim as optim
from . import overrides as overrides
from . import profiler as profiler
from . import quasirandom as quasirandom
from . import random as random
from . import return_types as return_types
from . import serialization as serialization
from . import signal as signal
from . import sparse as sparse
from . import special as special
from . import storage as storage
from . import testing as testing
from . import torch_version as torch_version
from . import types as types
from . import utils as utils
from . import version as version
from . import xpu as xpu
from .core.errors import AcceleratorError as AcceleratorError
from .dispatch.torch_function import DisableTorchFunction as DisableTorchFunction
from .dispatch.torch_function import DisableTorchFunctionSubclass as DisableTorchFunctionSubclass
from .compat.streams import Event as Event
from .futures import Future as Future
from .random import Generator as Generator
from .amp import GradScaler as GradScaler
from .core.errors import OutOfMemoryError as OutOfMemoryError
from .serialization.archive import PyTorchFileReader as PyTorchFileReader
from .jit._trace import ScriptFunction as ScriptFunction
from .jit._script import ScriptModule as ScriptModule
from .core.size import Size as Size
from .compat.streams import Stream as Stream
from .compat.symbols import SymBool as SymBool
from .compat.symbols import SymFloat as SymFloat
from .compat.symbols import SymInt as SymInt
from .core.tensor import Tensor as Tensor
from .storage import TypedStorage as TypedStorage
from .storage import UntypedStorage as UntypedStorage
from .core.registry import DISPATCHING as _DISPATCHING
from .core.registry import FUNCTIONS as _FUNCTIONS
from .core.registry import MODULE_LOADERS as _MODULE_LOADERS
from .ops.conversion.typed_storages import OLD_CLASSES as _OLD_STORAGES
from .core.registry import SUBCLASS_HOOKS as _SUBCLASS_HOOKS
from .amp.grad_scaler import _amp_foreach_non_finite_check_and_unscale_ as _amp_foreach_non_finite_check_and_unscale_
from .amp.grad_scaler import _amp_update_scale_ as _amp_update_scale_
from .compat.checks import _assert as _assert
from .compat.checks import _check as _check
from .compat.checks import _check_index as _check_index
from .compat.checks import _check_is_size as _check_is_size
from .compat.checks import _check_not_implemented as _check_not_implemented
from .compat.checks import _check_tensor_all as _check_tensor_all
from .compat.checks import _check_tensor_all_with as _check_tensor_all_with
from .compat.checks import _check_type as _check_type
from .compat.checks import _check_value as _check_value
from .compat.checks import _check_with as _check_with
from .core.missing import missing_name as _missing_name
from .core.missing import submodule as _submodule
from .compat.settings import are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled
from .amp import autocast as autocast
from .core.autocast import autocast_decrement_nesting as autocast_decrement_nesting
from .core.autocast import autocast_increment_nesting as autocast_increment_nesting
from .core.dtypes import bfloat16 as bfloat16
from .core.dtypes import bool as bool
from .core.dtypes import can_cast as can_cast
from .core.dtypes import cdouble as cdouble
from .core.dtypes import cfloat as cfloat
from .core.dtypes import chalf as chalf
from .core.dtypes import channels_last as channels_last
from .core.dtypes import channels_last_3d as channels_last_3d
from .core.autocast import clear_autocast_cache as clear_autocast_cache
from .compiler.compiling import compile as compile
from .core.dtypes import complex128 as complex128
from .core.dtypes import complex32 as complex32
from .core.dtypes import complex64 as complex64
from ._higher_order_ops import cond as cond
from .core.dtypes import contiguous_format as contiguous_format
from .compat.builds import cudnn_is_acceptable as cudnn_is_acceptable
from .random import default_generator as default_generator
from .core.device import device as device
from .core.dtypes import double as double
from .core.dtypes import dtype as dtype
from .core.mode import enable_grad as enable_grad
from .core.dtypes import finfo as finfo
from .core.dtypes import float as float
from .core.dtypes import float16 as float16
from .core.dtypes import float32 as float32
from .core.dtypes import float64 as float64
from .core.dtypes import float8_e4m3fn as float8_e4m3fn
from .core.dtypes import float8_e4m3fnuz as float8_e4m3fnuz
from .core.dtypes import float8_e5m2 as float8_e5m2
from .core.dtypes import float8_e5m2fnuz as float8_e5m2fnuz
from .core.dtypes import float8_e8m0fnu as float8_e8m0fnu
from .jit._script import fork as fork
from .compat.autocast_names import get_autocast_cpu_dtype as get_autocast_cpu_dtype
from .core.autocast import get_autocast_dtype as get_autocast_dtype
from .compat.autocast_names import get_autocast_gpu_dtype as get_autocast_gpu_dtype
from .compat.autocast_names import get_autocast_ipu_dtype as get_autocast_ipu_dtype
from .compat.autocast_names import get_autocast_xla_dtype as get_autocast_xla_dtype
from .compat.settings import get_default_device as get_default_device
from .core.dtypes import get_default_dtype as get_default_dtype
from .compat.settings import get_deterministic_debug_mode as get_deterministic_debug_mode
from .compat.device_modules import get_device_module as get_device_module
from .compat.settings import get_float32_matmul_precision as get_float32_matmul_precision
from .compat.settings import get_num_interop_threads as get_num_interop_threads
from .compat.settings import get_num_threads as get_num_threads
from .random import get_rng_state as get_rng_state
from .core.dtypes import half as half
from .compat.feature_flags import has_cuda as has_cuda
from .compat.feature_flags import has_cudnn as has_cudnn
from .compat.builds import has_lapack as has_lapack
from .compat.builds import has_mkl as has_mkl
from .compat.feature_flags import has_mkldnn as has_mkldnn
from .compat.feature_flags import has_mps as has_mps
from .compat.builds import has_openmp as has_openmp
from .compat.builds import has_spectral as has_spectral
from .core.dtypes import iinfo as iinfo
from .core.mode import inference_mode as inference_mode
from .compat.builds import init_num_threads as init_num_threads
from .random import initial_seed as initial_seed
from .core.dtypes import int as int
from .core.dtypes import int16 as int16
from .core.dtypes import int32 as int32
from .core.dtypes import int64 as int64
from .core.dtypes import int8 as int8
from .autograd.anomaly_mode import is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled
from .autograd.anomaly_mode import is_anomaly_enabled as is_anomaly_enabled
from .core.autocast import is_autocast_cache_enabled as is_autocast_cache_enabled
from .compat.autocast_names import is_autocast_cpu_enabled as is_autocast_cpu_enabled
from .core.autocast import is_autocast_enabled as is_autocast_enabled
from .compat.autocast_names import is_autocast_ipu_enabled as is_autocast_ipu_enabled
from .compat.autocast_names import is_autocast_xla_enabled as is_autocast_xla_enabled
from .compat.settings import is_deterministic_algorithms_warn_only_enabled as is_deterministic_algorithms_warn_only_enabled
from .core.mode import is_grad_enabled as is_grad_enabled
from .core.mode import is_inference_mode_enabled as is_inference_mode_enabled
from .compat.builds import is_vulkan_available as is_vulkan_available
from .compat.settings import is_warn_always_enabled as is_warn_always_enabled
from .core.dtypes import layout as layout
from .serialization import load as load
from ._lobpcg import lobpcg as lobpcg
from .core.dtypes import long as long
from .random import manual_seed as manual_seed
from .core.dtypes import memory_format as memory_format
from .core.mode import no_grad as no_grad
from .core.dtypes import preserve_format as preserve_format
from .core.dtypes import promote_types as promote_types
from .core.dtypes.types import qint32 as qint32
from .core.dtypes.types import qint8 as qint8
from .core.dtypes.types import quint2x4 as quint2x4
from .core.dtypes.types import quint4x2 as quint4x2
from .core.dtypes.types import quint8 as quint8
from .core.dtypes import result_type as result_type
from .serialization import save as save
from .random import seed as seed
from .autograd.anomaly_mode import set_anomaly_enabled as set_anomaly_enabled
from .core.autocast import set_autocast_cache_enabled as set_autocast_cache_enabled
from .compat.autocast_names import set_autocast_cpu_dtype as set_autocast_cpu_dtype
from .compat.autocast_names import set_autocast_cpu_enabled as set_autocast_cpu_enabled
from .core.autocast import set_autocast_dtype as set_autocast_dtype
from .core.autocast import set_autocast_enabled as set_autocast_enabled
from .compat.autocast_names import set_autocast_gpu_dtype as set_autocast_gpu_dtype
from .compat.autocast_names import set_autocast_ipu_dtype as set_autocast_ipu_dtype
from .compat.autocast_names import set_autocast_ipu_enabled as set_autocast_ipu_enabled
from .compat.autocast_names import set_autocast_xla_dtype as set_autocast_xla_dtype
from .compat.autocast_names import set_autocast_xla_enabled as set_autocast_xla_enabled
from .compat.settings import set_default_device as set_default_device
from .core.dtypes import set_default_dtype as set_default_dtype
from .compat.settings import set_default_tensor_type as set_default_tensor_type
from .compat.settings import set_deterministic_debug_mode as set_deterministic_debug_mode
from .compat.settings import set_float32_matmul_precision as set_float32_matmul_precision
from .compat.settings import set_flush_denormal as set_flush_denormal
from .core.mode import set_grad_enabled as set_grad_enabled
from .compat.settings import set_num_interop_threads as set_num_interop_threads
from .compat.settings import set_num_threads as set_num_threads
from .compat.printing import set_printoptions as set_printoptions
from .random import set_rng_state as set_rng_state
from .compat.settings import set_warn_always as set_warn_always
from .core.dtypes import short as short
from .core.dtypes import sparse_bsc as sparse_bsc
from .sparse import sparse_bsc_tensor as sparse_bsc_tensor
from .core.dtypes import sparse_bsr as sparse_bsr
from .sparse import sparse_bsr_tensor as sparse_bsr_tensor
from .sparse import sparse_compressed_tensor as sparse_compressed_tensor
from .core.dtypes import sparse_coo as sparse_coo
from .sparse import sparse_coo_tensor as sparse_coo_tensor
from .core.dtypes import sparse_csc as sparse_csc
from .sparse import sparse_csc_tensor as sparse_csc_tensor
from .core.dtypes import sparse_csr as sparse_csr
from .sparse import sparse_csr_tensor as sparse_csr_tensor
from .core.dtypes import strided as strided
from .compat.symbols import sym_float as sym_float
from .compat.symbols import sym_int as sym_int
from .compat.symbols import sym_ite as sym_ite
from .compat.symbols import sym_max as sym_max
from .compat.symbols import sym_min as sym_min
from .compat.symbols import sym_not as sym_not
from .compat.symbols import sym_sqrt as sym_sqrt
from .compat.symbols import sym_sum as sym_sum
from .random import thread_safe_generator as thread_safe_generator
from .compat.settings import typename as typename
from .core.dtypes import uint16 as uint16
from .core.dtypes import uint32 as uint32
from .core.dtypes import uint64 as uint64
from .core.dtypes import uint8 as uint8
from .compat.settings import use_deterministic_algorithms as use_deterministic_algorithms
from .func import vmap as vmap
from .jit._script import wait as wait
from ._higher_order_ops import while_loop as while_loop
from .core.dtypes import dtype as _dtype
from .core.device import device as _device
from .core.dtypes import layout as _layout
from .core.dtypes import memory_format as _memory_format
from .core.tensor_methods import Number, Device, Ints, Index

__version__: str
e: _float
inf: _float
nan: _float
newaxis: None
pi: _float

class BFloat16Tensor(Tensor):
    """`Tensor(...)` of torch.bfloat16; `isinstance(t, torch.BFloat16Tensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class BoolTensor(Tensor):
    """`Tensor(...)` of torch.bool; `isinstance(t, torch.BoolTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class ByteTensor(Tensor):
    """`Tensor(...)` of torch.uint8; `isinstance(t, torch.ByteTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class CharTensor(Tensor):
    """`Tensor(...)` of torch.int8; `isinstance(t, torch.CharTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class DoubleTensor(Tensor):
    """`Tensor(...)` of torch.float64; `isinstance(t, torch.DoubleTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class FloatTensor(Tensor):
    """`Tensor(...)` of torch.float32; `isinstance(t, torch.FloatTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class HalfTensor(Tensor):
    """`Tensor(...)` of torch.float16; `isinstance(t, torch.HalfTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class IntTensor(Tensor):
    """`Tensor(...)` of torch.int32; `isinstance(t, torch.IntTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class LongTensor(Tensor):
    """`Tensor(...)` of torch.int64; `isinstance(t, torch.LongTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

class ShortTensor(Tensor):
    """`Tensor(...)` of torch.int16; `isinstance(t, torch.ShortTensor)` asks for that dtype."""
    def __new__(cls, *args: Any, device: Device | None = None) -> Tensor: ...

def _dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """dx/dα / (1 - x) of a part x of a Dirichlet vector by its concentration, of `total` in all, at a fixed quantile.

    The other concentrations are constant, and `total` moves with alpha. Where x grows by dx, the other parts shrink in
    proportion, each by its share of dx / (1 - x): so a gradient g by the vector becomes
    `_dirichlet_grad(x, alpha, total) * (g - (x * g).sum(-1, keepdim=True))`.

    Args:
        x, alpha, total: float32 or float64, of shapes that broadcast.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch._dirichlet_grad(torch.tensor([0.5]), torch.tensor([1.0]), torch.tensor([2.0]))
    tensor([0.6931])

    Operator dirichlet_grad:
        vjp of x: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = '_dirichlet_grad'
        vjp of alpha: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = '_dirichlet_grad'
        vjp of total: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = '_dirichlet_grad'
        node: NotImplemented
        forward mode: the VJP of the VJP
        dtypes: the operands' common one
    """

def _sample_dirichlet(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Dirichlet vectors of the concentrations that `input` holds in its last dimension.

    Args:
        input: (*, parts), float32 or float64.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    Returns:
        of the input's shape and dtype, strictly between 0 and 1. Without a gradient: `torch.distributions.Dirichlet`
        gives it by `_dirichlet_grad`.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch._sample_dirichlet(torch.ones(3)).sum()
    tensor(1.)

    Operator sample_dirichlet:
        vjp: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = '_sample_dirichlet'
        node: NotImplemented
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def _standard_gamma(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Gamma numbers of rate 1 and of the shapes that `input` holds, with implicit gradients.

    Args:
        input: of any shape, float32 or float64.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    Returns:
        of the input's shape and dtype, not below the least normal number. The gradient is that of the number at a fixed
        quantile (Figurnov et al. 2018); it cannot be differentiated again, as in PyTorch.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch._standard_gamma(torch.tensor([0.5, 3.0])).shape
    torch.Size([2])

    Operator standard_gamma:
        vjp: lambda xp, g, input, out: g * xp.standard_gamma_grad(input, out)
        jvp: lambda xp, t, input, out: t * xp.standard_gamma_grad(input, out)
        node: StandardGammaBackward0
        dtypes: each as it is
    """

def _standard_gamma_grad(input: Tensor, output: Tensor) -> Tensor:
    """The derivative of gamma numbers `output` by their shapes `input`, elementwise, at a fixed quantile.

    NotImplementedError for dtypes other than float32 and float64. It is 0 at an output of 0.

    >>> import mibun as torch
    >>> torch._standard_gamma_grad(torch.tensor([1.0]), torch.tensor([1.0]))
    tensor([1.1736])

    Operator standard_gamma_grad:
        vjp of input: rule
            def rule(xp, g):
                raise NotImplementedError(f"the derivative for '{name}' is not implemented.")
            with name = '_standard_gamma_grad'
        vjp of output: rule
            def rule(xp, g):
                raise NotImplementedError(f"the derivative for '{name}' is not implemented.")
            with name = '_standard_gamma_grad'
        node: StandardGammaGradBackward0
        forward mode: the VJP of the VJP
        dtypes: the operands' common one
    """

def abs(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value |input|, elementwise; of complex numbers the modulus.

    Args:
        input: of any shape and any dtype but bool.

    Returns:
        a Tensor of the same dtype; for complex dtypes, of the real one of the same precision.

    Raises:
        NotImplementedError: for bool.

    The gradient at 0 is 0.

    >>> import mibun as torch
    >>> torch.abs(torch.tensor([-1.5, 2.]))
    tensor([1.5000, 2.0000])
    >>> torch.abs(torch.tensor([3 + 4j]))
    tensor([5.])

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """

def abs_(input: Tensor) -> Tensor:
    """Absolute value in place. RuntimeError for complex dtypes, which cannot hold the modulus.

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """

def absolute(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value |input|, elementwise; of complex numbers the modulus.

    Args:
        input: of any shape and any dtype but bool.

    Returns:
        a Tensor of the same dtype; for complex dtypes, of the real one of the same precision.

    Raises:
        NotImplementedError: for bool.

    The gradient at 0 is 0.

    >>> import mibun as torch
    >>> torch.abs(torch.tensor([-1.5, 2.]))
    tensor([1.5000, 2.0000])
    >>> torch.abs(torch.tensor([3 + 4j]))
    tensor([5.])

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """

def acos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

    >>> import mibun as torch
    >>> torch.acos(torch.tensor([0., 0.5]))
    tensor([1.5708, 1.0472])

    Operator acos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
        node: AcosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def acos_(self: Tensor) -> Tensor:
    """`acos` in place: writes its result over the tensor, which it returns.

    Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.acos(torch.tensor([0., 0.5]))
        tensor([1.5708, 1.0472])

    Operator acos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
        node: AcosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def acosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

    >>> import mibun as torch
    >>> torch.acosh(torch.tensor([1., 2.]))
    tensor([0.0000, 1.3170])

    Operator acosh:
        vjp: _acosh_rule
            def _acosh_rule(xp, g, input):
                if xp.isdtype(input.dtype, "complex floating"):
                    # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                    return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                return g * xp.rsqrt(input * input - 1)
        node: AcoshBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def acosh_(self: Tensor) -> Tensor:
    """`acosh` in place: writes its result over the tensor, which it returns.

    Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

        >>> import mibun as torch
        >>> torch.acosh(torch.tensor([1., 2.]))
        tensor([0.0000, 1.3170])

    Operator acosh:
        vjp: _acosh_rule
            def _acosh_rule(xp, g, input):
                if xp.isdtype(input.dtype, "complex floating"):
                    # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                    return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                return g * xp.rsqrt(input * input - 1)
        node: AcoshBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def adaptive_avg_pool1d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """Means over windows that cut (N, C, L) or (C, L) into output_size parts.

    Operator adaptive_mean_2d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator adaptive_mean_3d:
        vjp: lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :]))
        node: AdaptiveAvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def adaptive_max_pool1d(input: Tensor, output_size: _int | Sequence[_int | None]) -> tuple[Tensor, Tensor]:
    """`nn.functional.adaptive_max_pool1d` and the positions of the maxima.

    Operator adaptive_max_2d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool2DBackward0
        dtypes: each as it is

    Operator adaptive_max_3d:
        vjp: lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        )
        jvp: lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None)
        node: AdaptiveMaxPool3DBackward0
        dtypes: each as it is
    """

def add(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The sum input + alpha * other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.
        alpha: a number that the dtype of the result can hold.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the broadcast shape and the promoted dtype.

    Raises:
        RuntimeError: where the shapes do not broadcast, or `alpha` does not fit the dtype of the result.

    >>> import mibun as torch
    >>> torch.add(torch.tensor([1., 2.]), torch.tensor([10., 20.]), alpha=0.5)
    tensor([ 6., 12.])

    Operator add:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g: g
        node: AddBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not

    Operator add_scaled:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g, alpha: g * alpha.conjugate()
        node: AddBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2).sum(0)`, in one step: batch1 (b, n, m), batch2 (b, m, p), an input
    that broadcasts to (n, p). Errors and a beta of 0 as for `addmm`.

    Operator addr:
        vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
        vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
            with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
        vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
            with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
        jvp of input: lambda xp, t, beta: _scaled(t, beta)
        jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        node: AddrBackward0
        dtypes: each as it is
    """

def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, value: Number = 1, *, out: Tensor | None = None) -> Tensor:
    """input + value * tensor1 / tensor2, elementwise, for Tensors that broadcast. RuntimeError for integers.

    >>> import mibun as torch
    >>> torch.addcdiv(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([4., 4.]), value=2)
    tensor([0.5000, 1.0000])

    Operator addcdiv:
        vjp of input: lambda xp, g: g
        vjp of tensor1: lambda xp, g, tensor2, value: g * xp.conj(_factor(value) / tensor2)
        vjp of tensor2: lambda xp, g, tensor1, tensor2, value: -g * xp.conj(_factor(value) * (tensor1 / tensor2) / tensor2)
        node: AddcdivBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer
        shapes: broadcast; RuntimeError where they do not
    """

def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, value: Number = 1, *, out: Tensor | None = None) -> Tensor:
    """input + value * tensor1 * tensor2, elementwise, for Tensors that broadcast.

    >>> import mibun as torch
    >>> torch.addcmul(torch.zeros(2), torch.tensor([1., 2.]), torch.tensor([3., 4.]), value=0.5)
    tensor([1.5000, 4.0000])

    Operator addcmul:
        vjp of input: lambda xp, g: g
        vjp of tensor1: lambda xp, g, tensor2, value: g * xp.conj(tensor2 * _factor(value))
        vjp of tensor2: lambda xp, g, tensor1, value: g * xp.conj(tensor1 * _factor(value))
        node: AddcmulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
        shapes: broadcast; RuntimeError where they do not
    """

def addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * (mat1 @ mat2)`, in one step.

    Args:
        input: what is added; it broadcasts to (n, p). With a beta of 0 it is ignored, NaNs included.
        mat1: (n, m).
        mat2: (m, p). All three are of one dtype.
        beta, alpha: numbers; ints for tensors of integers.

    Returns:
        (n, p).

    Raises:
        RuntimeError: where the sizes do not fit, `input` does not broadcast, or the dtypes differ.

    >>> import mibun as torch
    >>> torch.addmm(torch.ones(2), torch.eye(2), torch.tensor([[1., 2.], [3., 4.]]), beta=10)
    tensor([[11., 12.],
            [13., 14.]])

    Operator addmm:
        vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
        vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
            with rule_a = _rule_left
        vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
            with rule_b = _rule_right
        jvp of input: lambda xp, t, beta: _scaled(t, beta)
        jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
            with product = _product_of
        jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
            with product = _product_of
        node: AddmmBackward0
        dtypes: each as it is
    """

def addmv(
    input: Tensor, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * (mat @ vec)`, in one step; as `addmm`, for mat (n, m), vec (m,) and an input that
    broadcasts to (n,).

    >>> import mibun as torch
    >>> torch.addmv(torch.tensor([1., 1.]), torch.eye(2), torch.tensor([2., 3.]))
    tensor([3., 4.])

    Operator addr:
        vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
        vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
            with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
        vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
            with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
        jvp of input: lambda xp, t, beta: _scaled(t, beta)
        jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        node: AddrBackward0
        dtypes: each as it is
    """

def addmv_(self: Tensor, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
    """`addmv`, written over this tensor.

    Operator addr:
        vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
        vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
            with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
        vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
            with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
        jvp of input: lambda xp, t, beta: _scaled(t, beta)
        jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        node: AddrBackward0
        dtypes: each as it is
    """

def addr(
    input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * outer(vec1, vec2)`, in one step: vec1 (n,), vec2 (m,), an input that broadcasts to (n,
    m).

    Of several dtypes the result has the common one. Errors and a beta of 0 as for `addmm`.

    >>> import mibun as torch
    >>> torch.addr(torch.zeros(2, 2), torch.tensor([1., 2.]), torch.tensor([3., 4.]))
    tensor([[3., 4.],
            [6., 8.]])

    Operator addr:
        vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
        vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
            with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
        vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
            with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
        jvp of input: lambda xp, t, beta: _scaled(t, beta)
        jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        node: AddrBackward0
        dtypes: each as it is
    """

def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of the last two dimensions.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2j]]).adjoint()
    tensor([[1.-0.j],
            [0.-2.j]])

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def affine_grid_generator(theta: Tensor, size: Sequence[_int], align_corners: _bool) -> Tensor:
    """`nn.functional.affine_grid`.

    Operator affine_grid_of:
        vjp: lambda xp, g, size, align, rounded: xp.affine_grid_transposed(g, size=size, align=align, rounded=rounded)
        node: AffineGridGeneratorBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def alias_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the tensor.

    Operator alias:
        vjp: lambda xp, g: g
        node: AliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def all(
    input: Tensor, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """Whether all elements are not zero, of all or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        bool, but uint8 for uint8; True for nothing. Not differentiable.

    >>> import mibun as torch
    >>> torch.tensor([[1, 1], [0, 1]]).all(1)
    tensor([ True, False])

    Operator all:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def all(
    input: Tensor, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """Whether all elements are not zero, of all or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        bool, but uint8 for uint8; True for nothing. Not differentiable.

    >>> import mibun as torch
    >>> torch.tensor([[1, 1], [0, 1]]).all(1)
    tensor([ True, False])

    Operator all:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def allclose(
    input: Tensor, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False,
) -> _bool:
    """Whether all elements are close, as a Python bool.

    Args:
        input, other, rtol, atol, equal_nan: as for `isclose`.

    Raises:
        RuntimeError: where the dtypes differ, or a tolerance is negative.

    >>> import mibun as torch
    >>> torch.allclose(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 1e-7]))
    True

    Operator isclose:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """Dropout for selu: keeps the mean 0 and the variance 1 of the input. Source: Klambauer et al. (2017).

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`alpha_dropout` in place.

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def amax(
    input: Tensor, dim: _int | Sequence[_int] = (), keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """The maximum over some dimensions.

    Args:
        input: of any real dtype.
        dim: one dimension or several; (): all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the maxima. NaN wins. Equal maxima share the gradient evenly, unlike along a dimension in `max`.

    Raises:
        RuntimeError: of nothing.
        IndexError: over a dimension of size 0, or where there is none such.
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.amax(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([2., 4.])

    Operator amax:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def amax(input: Tensor, *, axis: _int | Sequence[_int], keepdims: _bool = False, out: Tensor | None = None) -> Tensor:
    """The maximum over some dimensions.

    Args:
        input: of any real dtype.
        dim: one dimension or several; (): all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the maxima. NaN wins. Equal maxima share the gradient evenly, unlike along a dimension in `max`.

    Raises:
        RuntimeError: of nothing.
        IndexError: over a dimension of size 0, or where there is none such.
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.amax(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([2., 4.])

    Operator amax:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def amin(
    input: Tensor, dim: _int | Sequence[_int] = (), keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """The minimum over some dimensions (an int or several; all for ()).

    NaN wins. Equal minima share the gradient evenly. keepdim, results and errors: as for `amax`.

    >>> import mibun as torch
    >>> torch.amin(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([1., 3.])

    Operator amin:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AminBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def amin(input: Tensor, *, axis: _int | Sequence[_int], keepdims: _bool = False, out: Tensor | None = None) -> Tensor:
    """The minimum over some dimensions (an int or several; all for ()).

    NaN wins. Equal minima share the gradient evenly. keepdim, results and errors: as for `amax`.

    >>> import mibun as torch
    >>> torch.amin(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([1., 3.])

    Operator amin:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AminBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def aminmax(
    input: Tensor, *, dim: _int | None = None, keepdim: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.aminmax:
    """The minimum and the maximum of all elements, or along one dimension: (min, max).

    >>> import mibun as torch
    >>> torch.aminmax(torch.tensor([3, 1, 2])).min
    tensor(1)

    Operator aminmax:
        vjp: _aminmax_rule
            def _aminmax_rule(xp, g, input, min, max, dims):
                low, high = g
                shape = input.shape
                parts = [
                    shared(xp, spread(xp, part, shape, dims), xp.equal(input, spread(xp, value, shape, dims)), dims)
                    for part, value in ((low, min), (high, max))
                ]
                return parts[0] + parts[1]
        node: AminmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def aminmax(
    input: Tensor, *, axis: _int | None, keepdims: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.aminmax:
    """The minimum and the maximum of all elements, or along one dimension: (min, max).

    >>> import mibun as torch
    >>> torch.aminmax(torch.tensor([3, 1, 2])).min
    tensor(1)

    Operator aminmax:
        vjp: _aminmax_rule
            def _aminmax_rule(xp, g, input, min, max, dims):
                low, high = g
                shape = input.shape
                parts = [
                    shared(xp, spread(xp, part, shape, dims), xp.equal(input, spread(xp, value, shape, dims)), dims)
                    for part, value in ((low, min), (high, max))
                ]
                return parts[0] + parts[1]
        node: AminmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def angle(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle from -π to π, elementwise; for real dtypes 0, or π for negative numbers, and NaN for NaN.

    >>> import mibun as torch
    >>> torch.angle(torch.tensor([1j, -1]))
    tensor([1.5708, 3.1416])

    Operator angle:
        vjp: _angle_rule
            def _angle_rule(xp, g, input):
                if not xp.isdtype(input.dtype, "complex floating"):
                    return xp.zeros_like(g)
                return g * _angle_gradient(xp, input)
        jvp: _angle_tangent
            def _angle_tangent(xp, t, input):
                if not xp.isdtype(input.dtype, "complex floating"):
                    return xp.zeros_like(t)
                return xp.real(xp.conj(_angle_gradient(xp, input)) * t)
        node: AngleBackward0
        dtypes: the operands' common one, the default one for integers and bools
    """

@overload
def any(
    input: Tensor, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """Whether any element is not zero, of all or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        bool, but uint8 for uint8; False for nothing. Not differentiable.

    >>> import mibun as torch
    >>> torch.tensor([[0, 1], [0, 0]]).any(1)
    tensor([ True, False])

    Operator any:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def any(
    input: Tensor, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """Whether any element is not zero, of all or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        bool, but uint8 for uint8; False for nothing. Not differentiable.

    >>> import mibun as torch
    >>> torch.tensor([[0, 1], [0, 0]]).any(1)
    tensor([ True, False])

    Operator any:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

@overload
def arange(
    end: Number, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """The numbers from start up to end, which is left out: `arange(end)`, `arange(start, end, step)`.

    Args:
        start: a number, 0 by default.
        end: a number.
        step: a number, 1 by default.
        out: where to write the result; resized if it does not fit.
        dtype: None for int64 if all are ints, else the default dtype.

    Returns:
        a vector of ceil((end - start) / step) numbers.

    Raises:
        RuntimeError: where the step is 0 or leads away from the end.

    >>> import mibun as torch
    >>> torch.arange(3)
    tensor([0, 1, 2])
    >>> torch.arange(1, 2.5, 0.5)
    tensor([1.0000, 1.5000, 2.0000])
    """
@overload
def arange(
    start: Number, end: Number, step: Number = 1, *, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """The numbers from start up to end, which is left out: `arange(end)`, `arange(start, end, step)`.

    Args:
        start: a number, 0 by default.
        end: a number.
        step: a number, 1 by default.
        out: where to write the result; resized if it does not fit.
        dtype: None for int64 if all are ints, else the default dtype.

    Returns:
        a vector of ceil((end - start) / step) numbers.

    Raises:
        RuntimeError: where the step is 0 or leads away from the end.

    >>> import mibun as torch
    >>> torch.arange(3)
    tensor([0, 1, 2])
    >>> torch.arange(1, 2.5, 0.5)
    tensor([1.0000, 1.5000, 2.0000])
    """

def arccos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

    >>> import mibun as torch
    >>> torch.acos(torch.tensor([0., 0.5]))
    tensor([1.5708, 1.0472])

    Operator acos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
        node: AcosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arccos_(self: Tensor) -> Tensor:
    """`acos` in place: writes its result over the tensor, which it returns.

    Inverse cosine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.acos(torch.tensor([0., 0.5]))
        tensor([1.5708, 1.0472])

    Operator acos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.rsqrt(1 - input * input))
        node: AcosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arccosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

    >>> import mibun as torch
    >>> torch.acosh(torch.tensor([1., 2.]))
    tensor([0.0000, 1.3170])

    Operator acosh:
        vjp: _acosh_rule
            def _acosh_rule(xp, g, input):
                if xp.isdtype(input.dtype, "complex floating"):
                    # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                    return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                return g * xp.rsqrt(input * input - 1)
        node: AcoshBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arccosh_(self: Tensor) -> Tensor:
    """`acosh` in place: writes its result over the tensor, which it returns.

    Inverse hyperbolic cosine, elementwise; NaN below 1 for real dtypes.

        >>> import mibun as torch
        >>> torch.acosh(torch.tensor([1., 2.]))
        tensor([0.0000, 1.3170])

    Operator acosh:
        vjp: _acosh_rule
            def _acosh_rule(xp, g, input):
                if xp.isdtype(input.dtype, "complex floating"):
                    # Two roots, not one: rsqrt(z² - 1) is on the wrong branch in the left half plane.
                    return g * xp.conj(xp.rsqrt(input - 1) * xp.rsqrt(input + 1))
                return g * xp.rsqrt(input * input - 1)
        node: AcoshBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arcsin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

    >>> import mibun as torch
    >>> torch.asin(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5236])

    Operator asin:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
        node: AsinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arcsin_(self: Tensor) -> Tensor:
    """`asin` in place: writes its result over the tensor, which it returns.

    Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.asin(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5236])

    Operator asin:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
        node: AsinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arcsinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse hyperbolic sine, elementwise.

    >>> import mibun as torch
    >>> torch.asinh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.4812])

    Operator asinh:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
        node: AsinhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arcsinh_(self: Tensor) -> Tensor:
    """`asinh` in place: writes its result over the tensor, which it returns.

    Inverse hyperbolic sine, elementwise.

        >>> import mibun as torch
        >>> torch.asinh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4812])

    Operator asinh:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
        node: AsinhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arctan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse tangent, elementwise.

    >>> import mibun as torch
    >>> torch.atan(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.4636])

    Operator atan:
        vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
        node: AtanBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arctan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point (other, input), elementwise, from -π to π.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; integers give the default dtype.

    Its gradient at the origin is 0.

    >>> import mibun as torch
    >>> torch.atan2(torch.tensor([1., -1.]), torch.tensor([0., -1.]))
    tensor([ 1.5708, -2.3562])

    Operator atan2:
        vjp of input: lambda xp, g, input, other: _over_square(xp, g, other, input, other)
        vjp of other: lambda xp, g, input, other: _over_square(xp, g, -input, input, other)
        node: Atan2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def arctan_(self: Tensor) -> Tensor:
    """`atan` in place: writes its result over the tensor, which it returns.

    Inverse tangent, elementwise.

        >>> import mibun as torch
        >>> torch.atan(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4636])

    Operator atan:
        vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
        node: AtanBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arctanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

    >>> import mibun as torch
    >>> torch.atanh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5493])

    Operator atanh:
        vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
        node: AtanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def arctanh_(self: Tensor) -> Tensor:
    """`atanh` in place: writes its result over the tensor, which it returns.

    Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

        >>> import mibun as torch
        >>> torch.atanh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5493])

    Operator atanh:
        vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
        node: AtanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

@overload
def argmax(input: Tensor, dim: _int | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The index of the maximum.

    Args:
        input: of any integer or floating dtype.
        dim: a dimension; None: the index in the flattened tensor.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into.

    Returns:
        int64; the first of equal maxima. NaN wins. Not differentiable.

    Raises:
        IndexError: of nothing, or where there is no such dimension.
        RuntimeError: for bool and complex.

    >>> import mibun as torch
    >>> torch.argmax(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([1, 0])

    Operator argmax:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def argmax(input: Tensor, *, axis: _int | None, keepdims: _bool = False, out: Tensor | None = None) -> Tensor:
    """The index of the maximum.

    Args:
        input: of any integer or floating dtype.
        dim: a dimension; None: the index in the flattened tensor.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into.

    Returns:
        int64; the first of equal maxima. NaN wins. Not differentiable.

    Raises:
        IndexError: of nothing, or where there is no such dimension.
        RuntimeError: for bool and complex.

    >>> import mibun as torch
    >>> torch.argmax(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([1, 0])

    Operator argmax:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

@overload
def argmin(input: Tensor, dim: _int | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The index of the minimum: in the flattened tensor, or along `dim`. int64; the first of equal ones; NaN wins.

    keepdim and errors: as for `argmax`.

    >>> import mibun as torch
    >>> torch.argmin(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([0, 1])

    Operator argmin:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def argmin(input: Tensor, *, axis: _int | None, keepdims: _bool = False, out: Tensor | None = None) -> Tensor:
    """The index of the minimum: in the flattened tensor, or along `dim`. int64; the first of equal ones; NaN wins.

    keepdim and errors: as for `argmax`.

    >>> import mibun as torch
    >>> torch.argmin(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([0, 1])

    Operator argmin:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

@overload
def argsort(
    input: Tensor, dim: _int = -1, descending: _bool = False, *, stable: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """The indices (int64) that sort along a dimension; equal elements keep their order.

    dim, descending: as for `sort`. stable: without effect. Not differentiable. RuntimeError for complex numbers.

    >>> import mibun as torch
    >>> torch.argsort(torch.tensor([3, 1, 2]))
    tensor([1, 2, 0])

    Operator argsort:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def argsort(
    input: Tensor, *, axis: _int, descending: _bool = False, stable: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """The indices (int64) that sort along a dimension; equal elements keep their order.

    dim, descending: as for `sort`. stable: without effect. Not differentiable. RuntimeError for complex numbers.

    >>> import mibun as torch
    >>> torch.argsort(torch.tensor([3, 1, 2]))
    tensor([1, 2, 0])

    Operator argsort:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def argwhere(input: Tensor) -> Tensor:
    """The positions of the elements that are not zero, as the rows of an int64 matrix.

    >>> import mibun as torch
    >>> torch.argwhere(torch.tensor([0, 3, 4]))
    tensor([[1],
            [2]])
    """

def as_strided(
    input: Tensor, size: Sequence[_int], stride: Sequence[_int], storage_offset: _int | None = None,
) -> Tensor:
    """A view on the storage of the input with any sizes, strides and offset.

    Args:
        input: of any dtype.
        size, stride: one of each for every dimension of the result; strides count elements.
        storage_offset: the place of the first element in the storage; the input's own if not given.

    Returns:
        a view. In the gradient, elements of the input that share memory get equal parts.

    Raises:
        RuntimeError: for negative strides, and where the view would reach outside of the storage.

    >>> import mibun as torch
    >>> torch.arange(5).as_strided((3, 2), (1, 1))
    tensor([[0, 1],
            [1, 2],
            [2, 3]])

    Operator as_strided:
        vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
            g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
        )
        node: AsStridedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def as_strided_(
    self: Tensor, size: Sequence[_int], stride: Sequence[_int], storage_offset: _int | None = None,
) -> Tensor:
    """`as_strided`, of the tensor itself: it takes these sizes, strides and offset on its storage.

    Operator as_strided:
        vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
            g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
        )
        node: AsStridedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def as_strided_copy(
    input: Tensor, size: _int | Sequence[_int], stride: _int | Sequence[_int], storage_offset: _int | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """`as_strided`, copied.

    Operator as_strided:
        vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
            g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
        )
        node: AsStridedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def as_strided_scatter(
    input: Tensor, src: Tensor, size: _int | Sequence[_int], stride: _int | Sequence[_int],
    storage_offset: _int | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `src` where `input.as_strided(size, stride, storage_offset)` is.

    RuntimeError where that has several elements in one place of the memory.

    Operator select_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SelectScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator slice_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SliceScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator diagonal_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: DiagonalScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator as_strided_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: AsStridedScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator as_strided:
        vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
            g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
        )
        node: AsStridedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def as_tensor(data: Any, dtype: _dtype | None = None, device: Device | None = None) -> Tensor:
    """`data` as a Tensor, sharing memory (and history) where it is an array or Tensor of the dtype asked for.

    Args:
        data: a Tensor, a NumPy array, an object with `__dlpack__`, a number or nested sequences of numbers.
        dtype: None to take it from the data.

    Raises:
        ValueError: for ragged sequences.
        TypeError, RuntimeError: for what is no data.

    >>> import mibun as torch
    >>> import numpy as np
    >>> a = np.zeros(2)
    >>> torch.as_tensor(a)[0] = 5
    >>> a
    array([5., 0.])

    Operator to_device:
        vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def asarray(
    obj: Any, *, dtype: _dtype | None = None, device: Device | None = None, copy: _bool | None = None,
    requires_grad: _bool | None = None,
) -> Tensor:
    """`obj` as a Tensor: shared memory where possible (`copy=False` demands it, `copy=True` forbids it).

    obj: a Tensor, NumPy array, DLPack object, buffer, number or nested sequence. requires_grad: of a Tensor, its own
    unless given. ValueError where `copy=False` cannot be met.

    >>> import mibun as torch
    >>> torch.asarray([1, 2], dtype=torch.float32)
    tensor([1., 2.])

    Operator to_device:
        vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def asin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

    >>> import mibun as torch
    >>> torch.asin(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5236])

    Operator asin:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
        node: AsinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def asin_(self: Tensor) -> Tensor:
    """`asin` in place: writes its result over the tensor, which it returns.

    Inverse sine, elementwise; NaN outside of [-1, 1] for real dtypes.

        >>> import mibun as torch
        >>> torch.asin(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5236])

    Operator asin:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(1 - input * input))
        node: AsinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def asinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse hyperbolic sine, elementwise.

    >>> import mibun as torch
    >>> torch.asinh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.4812])

    Operator asinh:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
        node: AsinhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def asinh_(self: Tensor) -> Tensor:
    """`asinh` in place: writes its result over the tensor, which it returns.

    Inverse hyperbolic sine, elementwise.

        >>> import mibun as torch
        >>> torch.asinh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4812])

    Operator asinh:
        vjp: lambda xp, g, input: g * xp.conj(xp.rsqrt(input * input + 1))
        node: AsinhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def atan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse tangent, elementwise.

    >>> import mibun as torch
    >>> torch.atan(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.4636])

    Operator atan:
        vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
        node: AtanBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def atan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point (other, input), elementwise, from -π to π.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; integers give the default dtype.

    Its gradient at the origin is 0.

    >>> import mibun as torch
    >>> torch.atan2(torch.tensor([1., -1.]), torch.tensor([0., -1.]))
    tensor([ 1.5708, -2.3562])

    Operator atan2:
        vjp of input: lambda xp, g, input, other: _over_square(xp, g, other, input, other)
        vjp of other: lambda xp, g, input, other: _over_square(xp, g, -input, input, other)
        node: Atan2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def atan_(self: Tensor) -> Tensor:
    """`atan` in place: writes its result over the tensor, which it returns.

    Inverse tangent, elementwise.

        >>> import mibun as torch
        >>> torch.atan(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.4636])

    Operator atan:
        vjp: lambda xp, g, input: g * xp.conj(xp.reciprocal(1 + input * input))
        node: AtanBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def atanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

    >>> import mibun as torch
    >>> torch.atanh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5493])

    Operator atanh:
        vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
        node: AtanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def atanh_(self: Tensor) -> Tensor:
    """`atanh` in place: writes its result over the tensor, which it returns.

    Inverse hyperbolic tangent, elementwise; infinite at ±1 and NaN beyond for real dtypes.

        >>> import mibun as torch
        >>> torch.atanh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5493])

    Operator atanh:
        vjp: lambda xp, g, input: g / xp.conj(1 - input * input)
        node: AtanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

@overload
def atleast_1d(tensor: Tensor, /) -> Tensor:
    """Each tensor (several, or one sequence of them) with at least one dimension.

    >>> import mibun as torch
    >>> torch.atleast_1d(torch.tensor(5))
    tensor([5])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def atleast_1d(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Each tensor (several, or one sequence of them) with at least one dimension.

    >>> import mibun as torch
    >>> torch.atleast_1d(torch.tensor(5))
    tensor([5])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def atleast_2d(tensor: Tensor, /) -> Tensor:
    """Each tensor with at least two dimensions; new ones come first.

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def atleast_2d(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Each tensor with at least two dimensions; new ones come first.

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def atleast_3d(tensor: Tensor, /) -> Tensor:
    """Each tensor with at least three dimensions: a vector becomes (1, n, 1), a matrix (m, n, 1).

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def atleast_3d(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Each tensor with at least three dimensions: a vector becomes (1, n, 1), a matrix (m, n, 1).

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def avg_pool1d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] | None = None,
    padding: _int | Sequence[_int] = 0, ceil_mode: _bool = False, count_include_pad: _bool = True,
) -> Tensor:
    """Means over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `avg_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.avg_pool1d(torch.tensor([[1., 3., 2., 4.]]), 2)
    tensor([[2., 3.]])

    Operator avg_pool_2d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool2DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator avg_pool_3d:
        vjp: lambda xp, g, input, window, stride, padding, counts, include, divisor: xp.avg_pool_spread(
            g,
            space=tuple(input.shape[-len(window) :]),
            window=window,
            stride=stride,
            padding=padding,
            include=include,
            divisor=divisor,
        )
        node: AvgPool3DBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2)`, in one step: batch1 (b, n, m), batch2 (b, m, p), an input that
    broadcasts to (b, n, p). Errors and a beta of 0 as for `addmm`.

    >>> import mibun as torch
    >>> torch.baddbmm(torch.zeros(1), torch.ones(3, 2, 4), torch.ones(3, 4, 5)).shape
    torch.Size([3, 2, 5])

    Operator addr:
        vjp of input: lambda xp, g, beta: _scaled(g, beta.conjugate())
        vjp of a: lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate())
            with rule_a = lambda xp, g, b: xp.matmul(g, xp.conj(b))
        vjp of b: lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate())
            with rule_b = lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a))
        jvp of input: lambda xp, t, beta: _scaled(t, beta)
        jvp of a: lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        jvp of b: lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha)
            with product = lambda xp, a, b: xp.expand_dims(a, axis=1) * b
        node: AddrBackward0
        dtypes: each as it is
    """

def bartlett_window(
    window_length: _int, periodic: _bool = True, *, dtype: _dtype | None = None, layout: _layout | None = None,
    device: _device | str | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """A triangle: `1 - |2 t - 1|`, t from 0 to 1. Arguments and errors as for `hann_window`.

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """

def batch_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None, running_var: Tensor | None,
    training: _bool, momentum: _float, eps: _float, cudnn_enabled: _bool,
) -> Tensor:
    """Standardise each channel; see `nn.functional.batch_norm`. cudnn_enabled: no meaning on the CPU.

    Operator batch_norm_in_evaluation:
        vjp: _running_rule
            def _running_rule(xp, g, input, weight, running_mean, running_var, eps, needs):
                axes = _batch_axes(g.ndim)
                g, input, weight, running_mean, running_var = _wide(xp, g, input, weight, running_mean, running_var)
                scale = _per_channel(xp, 1 / xp.sqrt(running_var + eps), g.ndim)
                return (
                    g * _scaled(xp, scale, weight, g.ndim) if needs[0] else None,
                    xp.sum(g * ((input - _per_channel(xp, running_mean, g.ndim)) * scale), axis=axes) if needs[1] else None,
                    xp.sum(g, axis=axes) if needs[2] else None,
                    None,
                    None,
                )
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator batch_norm_in_training:
        vjp: _batch_norm_rule
            def _batch_norm_rule(xp, g, input, weight, eps, needs):
                # With c = x - mean and s = 1 / sqrt(variance + eps), the gradient of x is s weight (g - mean(g) - c s² mean(g c)).
                axes = _batch_axes(g.ndim)
                g, input, weight = _wide(xp, g, input, weight)
                centred, _, variance = _statistics(xp, input, axes)
                scale = 1 / xp.sqrt(variance + eps)
                count = math.prod([g.shape[axis] for axis in axes])
                if count == 0:
                    nothing = xp.sum(g, axis=axes)
                    return g, nothing, nothing
                of_g, of_products = xp.mean(g, axis=axes, keepdims=True), xp.mean_of_products(g, centred, axes)
                grad = None
                if needs[0]:
                    slope = -of_products * scale * scale
                    grad = (centred * slope + g - of_g) * _scaled(xp, scale, weight, g.ndim)  # (NumPy reuses what comes first)
                return (
                    grad,
                    xp.reshape(of_products * scale * count, (-1,)) if needs[1] else None,
                    xp.reshape(of_g * count, (-1,)) if needs[2] else None,
                )
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def bernoulli(
    input: Tensor, p: _float | None = None, *, generator: Generator | None = None, out: Tensor | None = None,
) -> Tensor:
    """Ones, with the probabilities that `input` holds, and zeros, of its shape and dtype.

    Args:
        input: probabilities, floating.
        p: one probability for all in their place; the input then may be of integers.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the result into.

    Raises:
        RuntimeError: where a probability is not in [0, 1]. NotImplementedError for integer probabilities.

    The gradient is zero.

    >>> import mibun as torch
    >>> torch.bernoulli(torch.tensor([0., 1., 1.]))
    tensor([0., 1., 1.])

    Operator bernoulli:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: BernoulliBackward0
        dtypes: each as it is
    """

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`out[..., k] = input1[...] @ weight[k] @ input2[...] + bias[k]`: (*, in1), (*, in2), (out, in1, in2) -> (*, out).

    RuntimeError where sizes or dtypes differ.

    >>> import mibun as torch
    >>> torch.nn.functional.bilinear(torch.ones(2, 3), torch.ones(2, 4), torch.ones(5, 3, 4)).shape
    torch.Size([2, 5])

    Operator trilinear:
        vjp of input1: lambda xp, g, input2, weight: xp.einsum("no,oij,nj->ni", g, xp.conj(weight), xp.conj(input2))
        vjp of weight: lambda xp, g, input1, input2: xp.einsum("no,ni,nj->oij", g, xp.conj(input1), xp.conj(input2))
        vjp of input2: lambda xp, g, input1, weight: xp.einsum("no,oij,ni->nj", g, xp.conj(weight), xp.conj(input1))
        node: TrilinearBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, pos_weight: Tensor | None = None, reduction: _int = 0,
) -> Tensor:
    """`nn.functional.binary_cross_entropy_with_logits`.

    Operator bce_with_logits:
        vjp of input: _bce_logits_rule
            def _bce_logits_rule(xp, g, input, target, weight, pos_weight, reduction):
                s = xp.logistic(input)
                slope = s - target if pos_weight is None else (pos_weight * target + 1 - target) * s - pos_weight * target
                slope = slope * mean_share(xp, g, slope, reduction)
                return slope if weight is None else slope * weight
        vjp of target: _bce_logits_target_rule
            def _bce_logits_target_rule(xp, g, input, target, weight, pos_weight, reduction):
                slope = -input if pos_weight is None else (pos_weight - 1) * _softplus_of_negative(xp, input) - input
                slope = slope * mean_share(xp, g, slope * target, reduction)
                return slope if weight is None else slope * weight
        node: BinaryCrossEntropyWithLogitsBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def bincount(input: Tensor, weights: Tensor | None = None, minlength: _int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs in a vector of integers, or the sum of its weights.

    Args:
        input: 1-D, integers that are not negative.
        weights: one for each element; its gradient reads off where the element was counted.
        minlength: the least size of the result.

    Returns:
        max(input) + 1 numbers: int64 without weights, with them the weights' dtype if that is float32, else float64.

    Raises:
        RuntimeError: for negative elements, other numbers of dimensions, or weights of another size.
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch.bincount(torch.tensor([0, 1, 1, 3]))
    tensor([1, 2, 0, 1])

    Operator bincount:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator bincount_weights:
        vjp of weights: lambda xp, g, input: xp.take(g, input, axis=0)
        jvp of weights: lambda xp, t, input, length: xp.bincount_weights(t, input, length=length)
        node: BincountBackward0
        dtypes: each as it is
    """

def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """Numbers of successes in `count` trials that succeed with probability `prob` each, elementwise.

    Args:
        count, prob: floating Tensors of one dtype, which broadcast. A count is rounded down; a probability below 0 is
            0, one above 1 is 1.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    ValueError for integers, RuntimeError for different dtypes. It has no gradient, and says so in the backward.

    >>> import mibun as torch
    >>> torch.binomial(torch.tensor([3.0, 5.0]), torch.tensor([1.0, 0.0]))
    tensor([3., 0.])

    Operator binomial:
        vjp of count: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'binomial'
        vjp of prob: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'binomial'
        node: BinomialBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def bitwise_and(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Bitwise and, elementwise; logical and for bool.

    >>> import mibun as torch
    >>> torch.bitwise_and(torch.tensor([12, 10]), 6)
    tensor([4, 2])

    Operator bitwise_and:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: floating, bfloat16, complex
    """

def bitwise_left_shift(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * 2 ** other in its integer dtype, elementwise; 0 where `other` is negative or not below the bits of it.

    >>> import mibun as torch
    >>> torch.bitwise_left_shift(torch.tensor([1, 3]), 2)
    tensor([ 4, 12])

    Operator bitwise_left_shift:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: bool, floating, bfloat16, complex
    """

def bitwise_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Every bit inverted, elementwise; logical not for bool.

    >>> import mibun as torch
    >>> torch.bitwise_not(torch.tensor([0, 5]))
    tensor([-1, -6])

    Operator bitwise_not:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: floating, bfloat16, complex
    """

def bitwise_not_(self: Tensor) -> Tensor:
    """`bitwise_not` in place: writes its result over the tensor, which it returns.

    Every bit inverted, elementwise; logical not for bool.

        >>> import mibun as torch
        >>> torch.bitwise_not(torch.tensor([0, 5]))
        tensor([-1, -6])

    Operator bitwise_not:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: floating, bfloat16, complex
    """

def bitwise_or(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Bitwise or, elementwise; logical or for bool.

    >>> import mibun as torch
    >>> torch.bitwise_or(torch.tensor([12, 10]), 6)
    tensor([14, 14])

    Operator bitwise_or:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: floating, bfloat16, complex
    """

def bitwise_right_shift(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input / 2 ** other rounded down, elementwise; the sign where `other` is negative or not below the bits of it.

    >>> import mibun as torch
    >>> torch.bitwise_right_shift(torch.tensor([12, -3]), 1)
    tensor([ 6, -2])

    Operator bitwise_right_shift:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: bool, floating, bfloat16, complex
    """

def bitwise_xor(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Bitwise exclusive or, elementwise; logical for bool.

    >>> import mibun as torch
    >>> torch.bitwise_xor(torch.tensor([12, 10]), 6)
    tensor([10, 12])

    Operator bitwise_xor:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: floating, bfloat16, complex
    """

def blackman_window(
    window_length: _int, periodic: _bool = True, *, dtype: _dtype | None = None, layout: _layout | None = None,
    device: _device | str | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """Blackman's window: `0.42 - 0.5 cos(2 pi t) + 0.08 cos(4 pi t)`, t from 0 to 1. Arguments as for `hann_window`.

    Operator cos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.sin(input))
        node: CosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def block_diag(*tensors: Tensor | Sequence[Tensor]) -> Tensor:
    """The matrix with the given matrices (vectors count as rows) along its diagonal, zero elsewhere.

    >>> import mibun as torch
    >>> torch.block_diag(torch.tensor([[1, 2]]), torch.tensor([3]))
    tensor([[1, 2, 0],
            [0, 0, 3]])

    Operator block_diag:
        vjp: _block_parts
            def _block_parts(xp: Any, g: Array, tensors_shapes: tuple, needs: tuple) -> list:
                parts: list[Any] = []
                row = column = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    rows, columns = _as_block(shape)
                    part = g[row : row + rows, column : column + columns] if need else None
                    parts.append(part if part is None else xp.reshape(part, shape))
                    row, column = row + rows, column + columns
                return parts
        node: BlockDiagBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of two batches of matrices: `out[b] = input[b] @ mat2[b]`, without broadcasting (see `matmul`).

    Args:
        input: (b, n, m).
        mat2: (b, m, p), of the same dtype.

    Returns:
        (b, n, p).

    Raises:
        RuntimeError: where one is not 3-D, the sizes do not fit or the dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.bmm(torch.ones(10, 3, 4), torch.ones(10, 4, 5)).shape
    torch.Size([10, 3, 5])

    Operator bmm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: BmmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def broadcast_shapes(*shapes: _int | Sequence[_int]) -> Size:
    """The shape that shapes (ints or sequences of ints) broadcast to.

    >>> import mibun as torch
    >>> torch.broadcast_shapes((2, 1), (3,))
    torch.Size([2, 3])
    """

def broadcast_tensors(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The tensors expanded to the shape that they broadcast to.

    >>> import mibun as torch
    >>> torch.broadcast_tensors(torch.tensor([[1], [2]]), torch.tensor([3, 4]))[1]
    tensor([[3, 4],
            [3, 4]])

    Operator expand:
        vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
        node: ExpandBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def broadcast_to(input: Tensor, *size: _int) -> Tensor:
    """The input expanded to a shape that it broadcasts to. A view; see `Tensor.expand`.

    size: ints, separately (as a method) or as one sequence. RuntimeError where the input does not broadcast to it.

    >>> import mibun as torch
    >>> torch.broadcast_to(torch.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])

    Operator expand:
        vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
        node: ExpandBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def broadcast_to(input: Tensor, size: Sequence[_int]) -> Tensor:
    """The input expanded to a shape that it broadcasts to. A view; see `Tensor.expand`.

    size: ints, separately (as a method) or as one sequence. RuntimeError where the input does not broadcast to it.

    >>> import mibun as torch
    >>> torch.broadcast_to(torch.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])

    Operator expand:
        vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
        node: ExpandBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def bucketize(
    input: Tensor | Number, boundaries: Tensor, *, out_int32: _bool = False, right: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The number of the bucket that each value falls into, between ascending 1-D boundaries: int64, or int32.

    A value equal to a boundary falls below it, or with right=True above it.

    >>> import mibun as torch
    >>> torch.bucketize(torch.tensor([1, 4, 9]), torch.tensor([2, 5]))
    tensor([0, 1, 2])

    Operator searchsorted:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def cartesian_prod(*tensors: Tensor | Sequence[Tensor]) -> Tensor:
    """All combinations with one element of each vector, as the rows of a matrix (of one vector: itself).

    >>> import mibun as torch
    >>> torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4]))
    tensor([[1, 3],
            [1, 4],
            [2, 3],
            [2, 4]])

    Operator stack:
        vjp: _stack_parts
            def _stack_parts(xp: Any, g: Array, dim: int, needs: tuple) -> list:
                return [g[(*(slice(None),) * dim, i, ...)] if need else None for i, need in enumerate(needs)]
        node: StackBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

@overload
def cat(tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension that they have.

    Args:
        tensors: their sizes must agree but for that of `dim`; dtypes are promoted to the common one. Empty 1-d tensors
            are left out, as in PyTorch.
        dim: the dimension.
        out: a tensor to write the result into.

    Returns:
        a new tensor; its size along `dim` is the sum of theirs.

    Raises:
        RuntimeError: where shapes do not fit, or a tensor is 0-d (see `stack`).
        ValueError: for no tensors.

    >>> import mibun as torch
    >>> torch.cat([torch.ones(1, 2), torch.zeros(2, 2)])
    tensor([[1., 1.],
            [0., 0.],
            [0., 0.]])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """
@overload
def cat(tensors: Sequence[Tensor], *, axis: _int, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension that they have.

    Args:
        tensors: their sizes must agree but for that of `dim`; dtypes are promoted to the common one. Empty 1-d tensors
            are left out, as in PyTorch.
        dim: the dimension.
        out: a tensor to write the result into.

    Returns:
        a new tensor; its size along `dim` is the sum of theirs.

    Raises:
        RuntimeError: where shapes do not fit, or a tensor is 0-d (see `stack`).
        ValueError: for no tensors.

    >>> import mibun as torch
    >>> torch.cat([torch.ones(1, 2), torch.zeros(2, 2)])
    tensor([[1., 1.],
            [0., 0.],
            [0., 0.]])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def cdist(x1: Tensor, x2: Tensor, p: _float = 2.0, compute_mode: str = 'use_mm_for_euclid_dist_if_necessary') -> Tensor:
    """The p-norm distances between each row of x1 and each row of x2: `out[i, j] = |x1[i] - x2[j]|_p`.

    Args:
        x1: (*, n, m), of a floating dtype.
        x2: (*, r, m), of the same dtype; batches broadcast.
        p: the order of the norm, from 0 (the number of different elements) to inf.
        compute_mode: whether Euclidean distances are computed with a product of matrices, which is quicker and less
            exact: "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist", or by default for more than 25 rows on
            either side.

    Returns:
        (*, n, r). Where a distance is zero so is its gradient.

    Raises:
        RuntimeError: for fewer than 2 dimensions, a negative p, and sizes or dtypes that do not fit. ValueError for
            another compute_mode.

    >>> import mibun as torch
    >>> torch.cdist(torch.tensor([[0., 0.]]), torch.tensor([[3., 4.], [0., 1.]]))
    tensor([[5., 1.]])

    Operator euclidean_distances:
        vjp: _euclidean_joint
            def _euclidean_joint(xp, g, x1, x2, out):
                \"""(g / d) (x1 - x2) summed over the other set, as products of matrices; 0 for a distance of 0.\"""
                ratio = xp.where(xp.equal(out, 0), 0.0, g / xp.where(xp.equal(out, 0), 1.0, out))
                back = xp.matrix_transpose(ratio)
                g1 = x1 * xp.sum(ratio, axis=-1, keepdims=True) - xp.matmul(ratio, x2)
                return g1, x2 * xp.sum(back, axis=-1, keepdims=True) - xp.matmul(back, x1)
        node: EuclideanDistBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator cdist:
        vjp: _cdist_joint
            def _cdist_joint(xp, g, x1, x2, out, p):
                found = _rule(xp, g, _differences(xp, x1, x2), out, p)
                return xp.sum(found, axis=-2), -xp.sum(found, axis=-3)
        node: CdistBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def ceil(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest integer not below, elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype; integers stay as they are.

    Raises:
        NotImplementedError: for bool and complex dtypes.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.ceil(torch.tensor([1.2, -1.7]))
    tensor([ 2., -1.])

    Operator ceil:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: CeilBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def ceil_(self: Tensor) -> Tensor:
    """`ceil` in place: writes its result over the tensor, which it returns.

    The smallest integer not below, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.ceil(torch.tensor([1.2, -1.7]))
        tensor([ 2., -1.])

    Operator ceil:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: CeilBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def celu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The input where positive, else `alpha * (exp(input / alpha) - 1)`: an elu whose slope at 0 is 1.

    RuntimeError for alpha = 0. Source: Barron (2017), arXiv:1704.07483.

    Operator celu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: CeluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator celu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: CeluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def celu_(input: Tensor, alpha: _float = 1.0) -> Tensor:
    """`celu` in place.

    Operator celu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: CeluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator celu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: CeluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor:
    """The product of several matrices, in the cheapest order; superseded by `linalg.multi_dot`, as its warning says.

    Operator dot:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: DotBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mv:
        vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MvBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator vm:
        vjp of input: lambda xp, g, other: xp.matmul(xp.conj(other), g)
        vjp of other: lambda xp, g, input: xp.outer_product(xp.conj(input), g)
        node: SqueezeBackward4
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_vector:
        vjp of input: lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other)
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,)))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_rows:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_batched:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """Mix the channels of (N, C, *): those of `groups` groups, taken in turns. Source: Zhang et al. (2018).

    Operator shuffle_channels:
        vjp: lambda xp, g, groups, input_shape: xp.shuffle_channels(g, groups=input_shape[1] // groups)
        node: ChannelShuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def cholesky(input: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The Cholesky factor: see `linalg.cholesky`, which is newer.

    Operator cholesky:
        vjp: lambda xp, g, result, upper: _factor_rule(xp, g, result, upper)
        jvp: lambda xp, t, result, upper: (_factor_jvp(xp, t, result, upper),)
        node: CholeskyBackward0
        dtypes: each as it is
    """

def cholesky_inverse(L: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The inverse of A, given its Cholesky factor L (upper: its adjoint). `linalg.LinAlgError` where L is singular.

    Operator cholesky_inverse:
        vjp: lambda xp, g, input, out, upper: _from_gram(xp, -xp.matmul(out, xp.matmul(g, out)), input, upper)
        jvp: _inverse_jvp
            def _inverse_jvp(xp, t, input, out, upper):
                \"""dX = -X (dL L^H + L dL^H) X.\"""
                return -xp.matmul(out, xp.matmul(_change(xp, t, input, upper), out))
        node: CholeskyInverseBackward0
        dtypes: each as it is
    """

def cholesky_solve(B: Tensor, L: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """X with A X = B, given the Cholesky factor L of A (upper: its adjoint): B (*, n, k), L (*, n, n).

    >>> import mibun as torch
    >>> torch.cholesky_solve(torch.tensor([[8.]]), torch.tensor([[2.]]))
    tensor([[2.]])

    Operator cholesky_solve_factor:
        vjp of input: lambda xp, g, input2, upper: xp.cholesky_solve_factor(g, input2, upper=upper)
        vjp of input2: _solve_rule
            def _solve_rule(xp, g, input2, out, upper):
                solved = xp.cholesky_solve_factor(g, input2, upper=upper)
                return _from_gram(xp, -xp.matmul(solved, adjoint(xp, out)), input2, upper)
        jvp of input: lambda xp, t, input2, upper: xp.cholesky_solve_factor(t, input2, upper=upper)
        jvp of input2: _solve_jvp
            def _solve_jvp(xp, t, input2, out, upper):
                change = _change(xp, t, input2, upper)
                return -xp.cholesky_solve_factor(xp.matmul(change, out), input2, upper=upper)
        node: CholeskySolveBackward0
        dtypes: each as it is
    """

@overload
def chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` parts along a dimension, all of one size but the last, which may be smaller.

    Args:
        input: of any dtype, with at least one dimension.
        chunks: how many. There are fewer where parts of ceil(size / chunks) are enough.
        dim: the dimension.

    Returns:
        a tuple of views, as of `split`.

    Raises:
        RuntimeError: for a 0-d tensor and for chunks < 1.

    >>> import mibun as torch
    >>> torch.arange(5).chunk(2)
    (tensor([0, 1, 2]), tensor([3, 4]))

    Operator split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def chunk(input: Tensor, chunks: _int, *, axis: _int) -> tuple[Tensor, ...]:
    """At most `chunks` parts along a dimension, all of one size but the last, which may be smaller.

    Args:
        input: of any dtype, with at least one dimension.
        chunks: how many. There are fewer where parts of ceil(size / chunks) are enough.
        dim: the dimension.

    Returns:
        a tuple of views, as of `split`.

    Raises:
        RuntimeError: for a 0-d tensor and for chunks < 1.

    >>> import mibun as torch
    >>> torch.arange(5).chunk(2)
    (tensor([0, 1, 2]), tensor([3, 4]))

    Operator split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def clamp(
    input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """Every element limited to [min, max]: min(max(input, min), max).

    Args:
        min, max: numbers, or Tensors that broadcast; None for no limit.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the input's dtype, or of the one that holds the limits as well. NaN stays NaN; where min > max the
        result is max.

    Raises:
        RuntimeError: without any limit, and for bool with Tensors as limits.
        NotImplementedError: for complex dtypes.

    The gradient passes where min <= input <= max, and goes to limits that are Tensors elsewhere.

    >>> import mibun as torch
    >>> torch.clamp(torch.tensor([-2., 0.5, 3.]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])

    Operator clamp_high:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'greater'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_low:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_tensors:
        vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
        vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
        vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_numbers:
        vjp: _clamp_rule
            def _clamp_rule(xp, g, input, min, max):
                return xp.where(_inside(xp, input, min, max), g, 0.0)
        node: ClampBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
    """

def clamp_(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
    """Limit in place.

    Operator clamp_high:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'greater'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_low:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_tensors:
        vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
        vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
        vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_numbers:
        vjp: _clamp_rule
            def _clamp_rule(xp, g, input, min, max):
                return xp.where(_inside(xp, input, min, max), g, 0.0)
        node: ClampBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
    """

def clamp_max(input: Tensor, max: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Every element limited from above: min(input, max).

    Args:
        max: a number, or a Tensor that broadcasts.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.clamp_max(torch.tensor([-2., 3.]), 0)
    tensor([-2.,  0.])

    Operator clamp_max_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        node: ClampMaxBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_max_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'greater'
        node: ClampMaxBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def clamp_max_(input: Tensor, max: Tensor | Number) -> Tensor:
    """Limit from above in place.

    Operator clamp_max_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        node: ClampMaxBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_max_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'greater'
        node: ClampMaxBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def clamp_min(input: Tensor, min: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Every element limited from below: max(input, min).

    Args:
        min: a number, or a Tensor that broadcasts.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.clamp_min(torch.tensor([-2., 3.]), 0)
    tensor([0., 3.])

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def clamp_min_(input: Tensor, min: Tensor | Number) -> Tensor:
    """Limit from below in place.

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def clip(
    input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """Every element limited to [min, max]: min(max(input, min), max).

    Args:
        min, max: numbers, or Tensors that broadcast; None for no limit.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the input's dtype, or of the one that holds the limits as well. NaN stays NaN; where min > max the
        result is max.

    Raises:
        RuntimeError: without any limit, and for bool with Tensors as limits.
        NotImplementedError: for complex dtypes.

    The gradient passes where min <= input <= max, and goes to limits that are Tensors elsewhere.

    >>> import mibun as torch
    >>> torch.clamp(torch.tensor([-2., 0.5, 3.]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])

    Operator clamp_high:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'greater'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_low:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_tensors:
        vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
        vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
        vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_numbers:
        vjp: _clamp_rule
            def _clamp_rule(xp, g, input, min, max):
                return xp.where(_inside(xp, input, min, max), g, 0.0)
        node: ClampBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
    """

def clip_(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
    """Limit in place.

    Operator clamp_high:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'less_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'greater'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_low:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_tensors:
        vjp of input: lambda xp, g, input, min, max: xp.where(_inside(xp, input, min, max), g, 0.0)
        vjp of min: lambda xp, g, input, min, max: xp.where((input < min) & (min < max), g, 0.0)
        vjp of max: lambda xp, g, input, min, max: xp.where((input > max) | (max < min), g, 0.0)
        node: ClampBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_numbers:
        vjp: _clamp_rule
            def _clamp_rule(xp, g, input, min, max):
                return xp.where(_inside(xp, input, min, max), g, 0.0)
        node: ClampBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
    """

def clone(input: Tensor, *, memory_format: _memory_format = ...) -> Tensor:
    """A copy in memory of its own, through which gradients flow back.

    Args:
        memory_format: `preserve_format` keeps the order of the dimensions in memory, `contiguous_format` does not.

    Returns:
        a Tensor of the same shape and dtype.

    Raises:
        RuntimeError: where the memory format needs another number of dimensions.

    >>> import mibun as torch
    >>> x = torch.ones(2)
    >>> y = x.clone()
    >>> y[0] = 5
    >>> x
    tensor([1., 1.])

    Operator clone:
        vjp: lambda xp, g: g
        node: CloneBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def column_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the second dimension, 1-d (and 0-d) ones as columns.

    >>> import mibun as torch
    >>> torch.column_stack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def combinations(input: Tensor, r: _int = 2, with_replacement: _bool = False) -> Tensor:
    """All combinations of r elements of a vector, as the rows of a matrix, in the order of `itertools`.

    >>> import mibun as torch
    >>> torch.combinations(torch.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])

    Operator stack:
        vjp: _stack_parts
            def _stack_parts(xp: Any, g: Array, dim: int, needs: tuple) -> list:
                return [g[(*(slice(None),) * dim, i, ...)] if need else None for i, need in enumerate(needs)]
        node: StackBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex Tensor of a real and an imaginary part: both float32 or both float64, of shapes that broadcast.

    >>> import mibun as torch
    >>> torch.complex(torch.tensor([1., 2.]), torch.tensor([0., -1.]))
    tensor([1.+0.j, 2.-1.j])

    Operator make_complex:
        vjp of real: lambda xp, g: xp.real(g)
        vjp of imag: lambda xp, g: xp.imag(g)
        node: ComplexBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def concat(tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension; see `cat`.

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """
@overload
def concat(tensors: Sequence[Tensor], *, axis: _int, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension; see `cat`.

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

@overload
def concatenate(tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension; see `cat`.

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """
@overload
def concatenate(tensors: Sequence[Tensor], *, axis: _int, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension; see `cat`.

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def conj(input: Tensor) -> Tensor:
    """The complex conjugate, elementwise: a new Tensor. A real Tensor is returned as it is.

    >>> import mibun as torch
    >>> torch.conj(torch.tensor([3 + 4j, -1]))
    tensor([ 3.-4.j, -1.-0.j])

    Operator conj:
        vjp: lambda xp, g: xp.conj(g)
        node: ConjBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate, elementwise. A real Tensor is returned as it is.

    Operator conj_physical:
        vjp: lambda xp, g: xp.conj(g)
        node: ConjPhysicalBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def conj_physical_(input: Tensor) -> Tensor:
    """The complex conjugate in place.

    Operator conj_physical_written:
        vjp: lambda xp, g: xp.conj(g)
        node: ConjPhysicalBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def constant_pad_nd(input: Tensor, pad: Sequence[_int], value: _float = 0) -> Tensor:
    """`nn.functional.pad` with a constant: `pad` = (before, after) of the last dimension, then of those before it.

    Operator pad_constant:
        vjp: lambda xp, g, pads: xp.pad_constant(g, pads=tuple([(-a, -b) for a, b in pads]), value=0)
        jvp: lambda xp, t, pads: xp.pad_constant(t, pads=pads, value=0)
        node: ConstantPadNdBackward0
        dtypes: each as it is
    """

def conv1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: _int | Sequence[_int] = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over sequences: input (N, C, L) or (C, L), weight (O, C / groups, k), bias (O) -> (N, O, L').

    stride, padding and dilation are ints or 1-tuples; arguments and errors are else as for `conv2d`.

    >>> import mibun as torch
    >>> torch.conv1d(torch.arange(5.).reshape(1, 1, 5), torch.tensor([[[-1., 1.]]]))
    tensor([[[1., 1., 1., 1.]]])

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: _int | Sequence[_int] = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over images: `out[n, o, y, x] = bias[o] + sum over c, i, j of
    weight[o, c, i, j] * input[n, c, y * stride + i * dilation, x * stride + j * dilation]`.

    Args:
        input: (N, C, H, W) or (C, H, W), of any dtype but bool.
        weight: (O, C / groups, kH, kW), of the same dtype.
        bias: (O), of the same dtype, or None.
        stride: from window to window: an int, or a pair for height and width, as padding and dilation.
        padding: zeros added on both sides; or "valid" for none, or "same" for as many as keep the size.
        dilation: from element to element within a window.
        groups: the channels are cut into so many parts, each with its own outputs.

    Returns:
        (N, O, H', W') or (O, H', W') with H' = (H + 2 * padding - dilation * (kH - 1) - 1) // stride + 1.

    Raises:
        RuntimeError: where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] | str = 0, dilation: _int | Sequence[_int] = 1, groups: _int = 1,
) -> Tensor:
    """Cross-correlation over volumes: input (N, C, D, H, W) or (C, D, H, W), weight (O, C / groups, kD, kH, kW).

    Arguments, sizes and errors are as for conv2d, with one int more.

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: _int = 0) -> Tensor:
    """A convolution of sequences (T, B, C) with weight (k, C, D) and bias (D), to (T', B, D).

    RuntimeError where they do not fit.

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_transpose1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0, output_padding: _int | Sequence[_int] = 0, groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
) -> Tensor:
    """The transpose of conv1d in its input: input (N, C, L) or (C, L), weight (C, O / groups, k), bias (O).

    output_padding adds to the size of the result on one side, to tell apart the inputs of a strided conv1d. The other
    arguments and the errors are as for `conv2d`.

    >>> import mibun as torch
    >>> torch.conv_transpose1d(torch.tensor([[[1., 2.]]]), torch.ones(1, 1, 2), stride=2)
    tensor([[[1., 1., 2., 2.]]])

    Operator convolve_transposed:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_transpose2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0, output_padding: _int | Sequence[_int] = 0, groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
) -> Tensor:
    """The transpose of conv2d in its input: input (N, C, H, W) or (C, H, W), weight (C, O / groups, kH, kW), bias (O).

    The result is (N, O, H', W') with H' = (H - 1) * stride - 2 * padding + dilation * (kH - 1) + output_padding + 1.
    RuntimeError where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.conv_transpose2d(torch.tensor([[[[1., 2.]]]]), torch.ones(1, 1, 1, 2), stride=2)
    tensor([[[[1., 1., 2., 2.]]]])

    Operator convolve_transposed:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def conv_transpose3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | Sequence[_int] = 1,
    padding: _int | Sequence[_int] = 0, output_padding: _int | Sequence[_int] = 0, groups: _int = 1,
    dilation: _int | Sequence[_int] = 1,
) -> Tensor:
    """The transpose of conv3d in its input: input (N, C, D, H, W), weight (C, O / groups, kD, kH, kW), bias (O).

    Operator convolve_transposed:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def convolution(
    input: Tensor, weight: Tensor, bias: Tensor | None, stride: _int | Sequence[_int], padding: _int | Sequence[_int],
    dilation: _int | Sequence[_int], transposed: _bool, output_padding: _int | Sequence[_int], groups: _int,
) -> Tensor:
    """`conv1d` to `conv3d`, or with `transposed` their transposes, by the number of dimensions of the input.

    Operator convolve_transposed:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: _first_windows(
            xp.convolve(g, xp.conj(weight), None, stride=stride, padding=padding, dilation=dilation, groups=groups),
            input_shape,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            xp.conj(input), g, window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, space, stride, padding, dilation, groups: xp.convolve_transposed(
            t, weight, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, space, stride, padding, dilation, groups: xp.convolve_transposed(
            input, t, None, space=space, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is

    Operator convolve:
        vjp of input: lambda xp, g, weight, input_shape, stride, padding, dilation, groups: xp.convolve_transposed(
            g,
            xp.conj(weight),
            None,
            space=input_shape[2:],
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
        )
        vjp of weight: lambda xp, g, input, weight_shape, stride, padding, dilation, groups: xp.convolve_weights(
            g, xp.conj(input), window=weight_shape[2:], stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        vjp of bias: lambda xp, g: _sum_channels(xp, g)
        jvp of input: lambda xp, t, weight, stride, padding, dilation, groups: xp.convolve(
            t, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of weight: lambda xp, t, input, stride, padding, dilation, groups: xp.convolve(
            input, t, None, stride=stride, padding=padding, dilation=dilation, groups=groups
        )
        jvp of bias: lambda xp, t, out_shape: _spread_bias(xp, t, out_shape)
        node: ConvolutionBackward0
        dtypes: each as it is
    """

def copysign(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The size of `input` with the sign of `other` (that of -0.0 is negative), elementwise.

    Args:
        input: of any shape and real dtype; integers and bools give the default dtype.
        other: a Tensor that broadcasts, or a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        NotImplementedError: for complex dtypes.

    The gradient at 0 is 0, that of `other` everywhere.

    >>> import mibun as torch
    >>> torch.copysign(torch.tensor([1., -2.]), -0.0)
    tensor([-1., -2.])

    Operator copysign_number:
        vjp: _copysign_rule
            def _copysign_rule(xp, g, input, out):
                # The sign is kept or flipped: out / input, and no derivative at 0.
                return xp.where(input == 0, 0.0, g * out / xp.where(input == 0, 1.0, input))
        node: CopysignBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex

    Operator copysign_tensor:
        vjp of input: _copysign_rule
            def _copysign_rule(xp, g, input, out):
                # The sign is kept or flipped: out / input, and no derivative at 0.
                return xp.where(input == 0, 0.0, g * out / xp.where(input == 0, 1.0, input))
        vjp of other: lambda xp, g: xp.zeros_like(g)
        node: CopysignBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def corrcoef(input: Tensor) -> Tensor:
    """The matrix of correlation coefficients of variables (rows): the covariances divided by the deviations.

    >>> import mibun as torch
    >>> torch.corrcoef(torch.tensor([[1., 2., 3.], [3., 2., 1.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])

    Operator make_complex:
        vjp of real: lambda xp, g: xp.real(g)
        vjp of imag: lambda xp, g: xp.imag(g)
        node: ComplexBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def cos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The cosine of an angle in radians, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.cos(torch.tensor([0., 1.]))
    tensor([1.0000, 0.5403])

    Operator cos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.sin(input))
        node: CosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def cos_(self: Tensor) -> Tensor:
    """`cos` in place: writes its result over the tensor, which it returns.

    The cosine of an angle in radians, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.cos(torch.tensor([0., 1.]))
        tensor([1.0000, 0.5403])

    Operator cos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.sin(input))
        node: CosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def cosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Hyperbolic cosine, elementwise.

    >>> import mibun as torch
    >>> torch.cosh(torch.tensor([0., 0.5]))
    tensor([1.0000, 1.1276])

    Operator cosh:
        vjp: lambda xp, g, input: g * xp.conj(xp.sinh(input))
        node: CoshBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def cosh_(self: Tensor) -> Tensor:
    """`cosh` in place: writes its result over the tensor, which it returns.

    Hyperbolic cosine, elementwise.

        >>> import mibun as torch
        >>> torch.cosh(torch.tensor([0., 0.5]))
        tensor([1.0000, 1.1276])

    Operator cosh:
        vjp: lambda xp, g, input: g * xp.conj(xp.sinh(input))
        node: CoshBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0.0, reduction: _int = 0,
) -> Tensor:
    """`nn.functional.cosine_embedding_loss`.

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """

@overload
def cosine_similarity(x1: Tensor, x2: Tensor, dim: _int = 1, eps: _float = 1e-08) -> Tensor:
    """`sum(x1 * x2) / (max(|x1|, eps) * max(|x2|, eps))` over a dimension, which the result does not have.

    Args:
        x1, x2: of shapes that broadcast, with a common dtype that is floating.
        dim: the dimension of the vectors.
        eps: the least norm, against division by zero.

    Raises:
        RuntimeError: for other dtypes, and where shapes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_similarity(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]))
    tensor([0.9600])

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def cosine_similarity(x1: Tensor, x2: Tensor, *, axis: _int, eps: _float = 1e-08) -> Tensor:
    """`sum(x1 * x2) / (max(|x1|, eps) * max(|x2|, eps))` over a dimension, which the result does not have.

    Args:
        x1, x2: of shapes that broadcast, with a common dtype that is floating.
        dim: the dimension of the vectors.
        eps: the least norm, against division by zero.

    Raises:
        RuntimeError: for other dtypes, and where shapes do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.cosine_similarity(torch.tensor([[3., 4.]]), torch.tensor([[4., 3.]]))
    tensor([0.9600])

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def count_nonzero(input: Tensor, dim: _int | Sequence[_int] | None = None) -> Tensor:
    """How many elements are not zero, of all or over some dimensions (an int or several): int64.

    >>> import mibun as torch
    >>> torch.count_nonzero(torch.tensor([[0, 1], [2, 3]]), 1)
    tensor([1, 2])

    Operator count_nonzero:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def count_nonzero(input: Tensor, *, axis: _int | Sequence[_int] | None) -> Tensor:
    """How many elements are not zero, of all or over some dimensions (an int or several): int64.

    >>> import mibun as torch
    >>> torch.count_nonzero(torch.tensor([[0, 1], [2, 3]]), 1)
    tensor([1, 2])

    Operator count_nonzero:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def cov(
    input: Tensor, *, correction: _int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None,
) -> Tensor:
    """The covariance matrix of variables (rows) from observations (columns): sum w (x - m) (y - m')^* / norm.

    The means are weighted by w = fweights * aweights. The norm is the sum of w less `correction` (with aweights less
    correction * sum(w aweights) / sum(w)), and not below 0.

    fweights: how often each observation was made (integers); aweights: its importance (floats).

    >>> import mibun as torch
    >>> torch.cov(torch.tensor([[1., 2., 3.], [3., 2., 1.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator conj:
        vjp: lambda xp, g: xp.conj(g)
        node: ConjBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators squeeze_dim
    """

@overload
def cross(input: Tensor, other: Tensor, dim: _int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of size 3 along `dim`, by default the first dimension of size 3.

    `linalg.cross`, where the default is the last dimension, is newer; without dim there is a warning.

    Operator linalg_cross:
        vjp of input: lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim)
        vjp of other: lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim)
        node: LinalgCrossBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """
@overload
def cross(input: Tensor, other: Tensor, *, axis: _int | None, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of size 3 along `dim`, by default the first dimension of size 3.

    `linalg.cross`, where the default is the last dimension, is newer; without dim there is a warning.

    Operator linalg_cross:
        vjp of input: lambda xp, g, other, dim: xp.linalg_cross(xp.conj(other), g, dim=dim)
        vjp of other: lambda xp, g, input, dim: xp.linalg_cross(g, xp.conj(input), dim=dim)
        node: LinalgCrossBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def ctc_loss(
    log_probs: Tensor, targets: Tensor, input_lengths: Tensor | Sequence[_int], target_lengths: Tensor | Sequence[_int],
    blank: _int = 0, reduction: _int = 1, zero_infinity: _bool = False,
) -> Tensor:
    """`nn.functional.ctc_loss`.

    Operator ctc:
        vjp: _rule
            def _rule(xp, g, log_probs, out, alignment, zero_infinity):
                scores = _scores(xp, log_probs, alignment)
                alphas, betas = _forward(xp, scores, alignment), _backward(xp, scores, alignment)
                impossible = out == math.inf
                loss = xp.where(impossible, xp.zeros_like(out), out)
                if not alphas:
                    return xp.zeros_like(log_probs)
                reached = xp.stack(alphas, axis=0) + xp.stack(betas, axis=0)
                none = reached == _NOTHING
                likely = xp.exp(xp.where(none, xp.zeros_like(reached), reached) + xp.reshape(loss, (1, -1, 1)))
                occupancy = xp.where(none, 0.0, likely)
                index = np.broadcast_to(alignment.extended, (alignment.times, alignment.batch, alignment.width)).copy()
                zeros = xp.zeros(tuple(log_probs.shape), dtype=log_probs.dtype)
                expected = xp.scatter_sum(zeros, xp.asarray(index), occupancy, dim=2)
                # The derivative by log_probs is -expected. PyTorch adds exp(log_probs), which makes it the derivative by scores
                # before a log_softmax; through a log_softmax both give the same.
                gradient = xp.exp(log_probs) - expected
                times = np.arange(alignment.times)[:, None, None]
                running = np.broadcast_to(times < alignment.input_lengths[None, :, None], tuple(log_probs.shape)).copy()
                undefined = 0.0 if zero_infinity else math.nan
                unknown = xp.where(impossible, xp.full_like(out, undefined), xp.ones_like(out))
                factor = xp.reshape(xp.where(impossible, unknown, g), (1, -1, 1))
                return xp.where(xp.asarray(running), gradient * factor, 0.0)
        node: CtcLossBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is

    Operator batch_in:
        vjp: _together
            def _together(xp, g, dim, level, size):
                if is_batched(g) and dim == 0 and g.levels == (level,):
                    return g.array  # the whole of it
                if level not in getattr(raw(g), "levels", ()):  # the same for all examples
                    shape = tuple(g.shape)
                    return xp.broadcast_to(xp.expand_dims(g, dim), (*shape[:dim], size, *shape[dim:]))
                return xp.batch_out(g, dim=dim, level=level, size=size)
        node: BatchInBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def cummax(input: Tensor, dim: _int, *, out: Sequence[Tensor] | None = None) -> return_types.cummax:
    """The running maximum along a dimension and where it was met, the newest of equal ones.

    Returns (values, indices); the gradient of a value goes to the element at its index. NaN stays once it is met.
    NotImplementedError for complex numbers.

    >>> import mibun as torch
    >>> torch.cummax(torch.tensor([1, 3, 2]), 0).values
    tensor([1, 3, 3])

    Operator cummax:
        vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
        jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
        node: CummaxBackward0
        dtypes: each as it is
    """
@overload
def cummax(input: Tensor, *, axis: _int, out: Sequence[Tensor] | None = None) -> return_types.cummax:
    """The running maximum along a dimension and where it was met, the newest of equal ones.

    Returns (values, indices); the gradient of a value goes to the element at its index. NaN stays once it is met.
    NotImplementedError for complex numbers.

    >>> import mibun as torch
    >>> torch.cummax(torch.tensor([1, 3, 2]), 0).values
    tensor([1, 3, 3])

    Operator cummax:
        vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
        jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
        node: CummaxBackward0
        dtypes: each as it is
    """

@overload
def cummin(input: Tensor, dim: _int, *, out: Sequence[Tensor] | None = None) -> return_types.cummin:
    """The running minimum along a dimension and where it was met, the newest of equal ones: (values, indices).

    >>> import mibun as torch
    >>> torch.cummin(torch.tensor([3, 1, 2]), 0).values
    tensor([3, 1, 1])

    Operator cummin:
        vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
        jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
        node: CumminBackward0
        dtypes: each as it is
    """
@overload
def cummin(input: Tensor, *, axis: _int, out: Sequence[Tensor] | None = None) -> return_types.cummin:
    """The running minimum along a dimension and where it was met, the newest of equal ones: (values, indices).

    >>> import mibun as torch
    >>> torch.cummin(torch.tensor([3, 1, 2]), 0).values
    tensor([3, 1, 1])

    Operator cummin:
        vjp: lambda xp, g, input, indices, dim: xp.gather_embed(g, indices, shape=input.shape, dim=dim) if input.ndim else g
        jvp: lambda xp, t, indices, dim: (xp.gather_along(t, indices, dim=dim),)
        node: CumminBackward0
        dtypes: each as it is
    """

@overload
def cumprod(input: Tensor, dim: _int, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The running product along a dimension: out[i] = x[0] * ... * x[i].

    Its gradient is a linear recurrence from the other end, exact where elements are zero. dtype: as for `cumsum`.

    >>> import mibun as torch
    >>> torch.cumprod(torch.tensor([1, 2, 3]), 0)
    tensor([1, 2, 6])

    Operator cumprod:
        vjp: _cumprod_rule
            def _cumprod_rule(xp, g, input, out, dim):
                \"""With s[i] = g[i] + conj(x[i+1]) * s[i+1], the gradient is s[i] * conj(out[i-1]).\"""
                if input.ndim == 0 or 0 in input.shape:
                    return g
                factors = _delayed(xp, xp.flip(xp.conj(input), axis=dim), dim, xp.zeros_like)
                s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), factors, dim=dim), axis=dim)
                return s * xp.conj(_delayed(xp, out, dim, xp.ones_like))
        node: CumprodBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def cumprod(input: Tensor, *, axis: _int, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The running product along a dimension: out[i] = x[0] * ... * x[i].

    Its gradient is a linear recurrence from the other end, exact where elements are zero. dtype: as for `cumsum`.

    >>> import mibun as torch
    >>> torch.cumprod(torch.tensor([1, 2, 3]), 0)
    tensor([1, 2, 6])

    Operator cumprod:
        vjp: _cumprod_rule
            def _cumprod_rule(xp, g, input, out, dim):
                \"""With s[i] = g[i] + conj(x[i+1]) * s[i+1], the gradient is s[i] * conj(out[i-1]).\"""
                if input.ndim == 0 or 0 in input.shape:
                    return g
                factors = _delayed(xp, xp.flip(xp.conj(input), axis=dim), dim, xp.zeros_like)
                s = xp.flip(xp.linear_scan(xp.flip(g, axis=dim), factors, dim=dim), axis=dim)
                return s * xp.conj(_delayed(xp, out, dim, xp.ones_like))
        node: CumprodBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def cumsum(input: Tensor, dim: _int, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The running sum along a dimension: out[i] = x[0] + ... + x[i].

    Args:
        input: of any dtype.
        dim: the dimension.
        dtype: cast to it first; without it bools and integers are added up in int64.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the same shape. The gradient is the running sum from the other end.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.cumsum(torch.tensor([1, 2, 3]), 0)
    tensor([1, 3, 6])

    Operator cumsum:
        vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
        node: CumsumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def cumsum(input: Tensor, *, axis: _int, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The running sum along a dimension: out[i] = x[0] + ... + x[i].

    Args:
        input: of any dtype.
        dim: the dimension.
        dtype: cast to it first; without it bools and integers are added up in int64.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the same shape. The gradient is the running sum from the other end.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.cumsum(torch.tensor([1, 2, 3]), 0)
    tensor([1, 3, 6])

    Operator cumsum:
        vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
        node: CumsumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number = ..., dim: _int = -1) -> Tensor:
    """The integrals up to each point but the first along a dimension, by the trapezoidal rule: see `trapezoid`.

    >>> import mibun as torch
    >>> torch.cumulative_trapezoid(torch.tensor([1., 5., 10.]))
    tensor([ 3.0000, 10.5000])

    Operator cumsum:
        vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
        node: CumsumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number = ..., axis: _int) -> Tensor:
    """The integrals up to each point but the first along a dimension, by the trapezoidal rule: see `trapezoid`.

    >>> import mibun as torch
    >>> torch.cumulative_trapezoid(torch.tensor([1., 5., 10.]))
    tensor([ 3.0000, 10.5000])

    Operator cumsum:
        vjp: lambda xp, g, dim: _running_sum_back(xp, g, dim)
        node: CumsumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def deg2rad(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Degrees to radians, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.deg2rad(torch.tensor([180., 90.]))
    tensor([3.1416, 1.5708])

    Operator deg2rad:
        vjp: lambda xp, g: g * (math.pi / 180)
        node: Deg2RadBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def deg2rad_(self: Tensor) -> Tensor:
    """`deg2rad` in place: writes its result over the tensor, which it returns.

    Degrees to radians, elementwise. RuntimeError for complex dtypes.

        >>> import mibun as torch
        >>> torch.deg2rad(torch.tensor([180., 90.]))
        tensor([3.1416, 1.5708])

    Operator deg2rad:
        vjp: lambda xp, g: g * (math.pi / 180)
        node: Deg2RadBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def dequantize(input: Tensor) -> Tensor:
    """The values in float32: no tensor is quantized here.

    >>> import mibun as torch
    >>> torch.dequantize(torch.tensor([1, 2]))
    tensor([1., 2.])

    Operator to_copy:
        vjp: lambda xp, g: g
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator to_device:
        vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def det(input: Tensor) -> Tensor:
    """The determinant: see `linalg.det`.

    Operator linalg_det:
        vjp: lambda xp, g, A: _scalars(xp, g) * xp.conj(xp.cofactors(A))
        jvp: lambda xp, t, A: xp.sum(xp.cofactors(A) * t, axis=(-2, -1))
        node: LinalgDetBackward0
        dtypes: each as it is
    """

def detach(input: Tensor) -> Tensor:
    """The same memory outside of the graph: a leaf that does not require grad.

    Modifying it in place modifies the input too, and the graph notices that: a backward that needs the old values
    raises.

    >>> import mibun as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> (x * 2).detach().requires_grad
    False
    """

def detach_(input: Tensor) -> Tensor:
    """Take the tensor itself out of the graph. RuntimeError for views.

    >>> import mibun as torch
    >>> (torch.ones(1, requires_grad=True) * 2).detach_().requires_grad
    False
    """

def detach_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the tensor, outside of the graph.

    Operator clone:
        vjp: lambda xp, g: g
        node: CloneBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def diag(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Of a vector: the square matrix with it on a diagonal. Of a matrix: a copy of its diagonal.

    Args:
        input: of one dimension or two, of any dtype.
        diagonal: which diagonal: 0 the main one, positive above it.
        out: a tensor to write the result into.

    Returns:
        a new tensor: (n + |diagonal|, n + |diagonal|) of a vector of size n, else a vector.

    Raises:
        RuntimeError: for other numbers of dimensions.

    >>> import mibun as torch
    >>> torch.diag(torch.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])

    Operator diagonal_copy:
        vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
            g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
        )
        node: DiagonalBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def diag_embed(input: Tensor, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """Matrices of zeros with the last dimension of the input as their diagonal; the matrices are dim1 and dim2.

    >>> import mibun as torch
    >>> torch.diag_embed(torch.ones(3, 2)).shape
    torch.Size([3, 2, 2])

    Operator diag_embed:
        vjp: lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2)
        node: DiagEmbedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def diagflat(input: Tensor, offset: _int = 0) -> Tensor:
    """The square matrix with all elements of the input on a diagonal.

    >>> import mibun as torch
    >>> torch.diagflat(torch.tensor([[1], [2]]))
    tensor([[1, 0],
            [0, 2]])

    Operator diag_embed:
        vjp: lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2)
        node: DiagEmbedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def diagonal(input: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
    """The diagonal of two dimensions, as the last dimension of the result.

    Args:
        input: of any dtype, with at least two dimensions.
        offset: which diagonal: 0 the main one, positive above it.
        dim1, dim2: the dimensions that are rows and columns.

    Returns:
        a view, which can be written to.

    Raises:
        RuntimeError: where dim1 and dim2 are the same.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).diagonal()
    tensor([1, 4])

    Operator diagonal:
        vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
            g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
        )
        node: DiagonalBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def diagonal_copy(
    input: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1, *, out: Tensor | None = None,
) -> Tensor:
    """`diagonal`, copied.

    Operator diagonal_copy:
        vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
            g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
        )
        node: DiagonalBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def diagonal_scatter(
    input: Tensor, src: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1, *, out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `src` as the diagonal of two dimensions: what `input.diagonal(...)` shows.

    >>> import mibun as torch
    >>> torch.diagonal_scatter(torch.zeros(2, 2), torch.ones(2))
    tensor([[1., 0.],
            [0., 1.]])

    Operator select_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SelectScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator slice_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SliceScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator diagonal_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: DiagonalScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator as_strided_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: AsStridedScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator diagonal:
        vjp: lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
            g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
        )
        node: DiagonalBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def diff(
    input: Tensor, n: _int = 1, dim: _int = -1, prepend: Tensor | None = None, append: Tensor | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """The n-th differences of neighbours along a dimension, with `prepend` and `append` joined to it first.

    For bools the exclusive or. RuntimeError for a 0-d tensor or a negative n.

    >>> import mibun as torch
    >>> torch.diff(torch.tensor([1, 4, 9]))
    tensor([3, 5])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """
@overload
def diff(
    input: Tensor, n: _int = 1, *, axis: _int, prepend: Tensor | None = None, append: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The n-th differences of neighbours along a dimension, with `prepend` and `append` joined to it first.

    For bools the exclusive or. RuntimeError for a 0-d tensor or a negative n.

    >>> import mibun as torch
    >>> torch.diff(torch.tensor([1, 4, 9]))
    tensor([3, 5])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative Γ'/Γ of `lgamma`, elementwise; -inf at 0, NaN at the negative integers.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.digamma(torch.tensor([1., 2.]))
    tensor([-0.5772,  0.4228])

    Operator digamma:
        vjp: lambda xp, g, input: g * xp.polygamma_of(input, n=1)
        node: DigammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def digamma_(self: Tensor) -> Tensor:
    """`digamma` in place: writes its result over the tensor, which it returns.

    The derivative Γ'/Γ of `lgamma`, elementwise; -inf at 0, NaN at the negative integers.

        Args:
            input: of any shape and real dtype. Integers and bools give the default dtype.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.digamma(torch.tensor([1., 2.]))
        tensor([-0.5772,  0.4228])

    Operator digamma:
        vjp: lambda xp, g, input: g * xp.polygamma_of(input, n=1)
        node: DigammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def dist(input: Tensor, other: Tensor, p: _float = 2) -> Tensor:
    """The p-norm of `input - other`, which broadcast: a 0-d tensor. At zero the gradient is zero.

    Args:
        input, other: not both of integers; no bools.
        p: the order of the norm, any number: see `linalg.vector_norm`.

    Raises:
        RuntimeError: for integers and bools, and where the shapes do not broadcast.

    >>> import mibun as torch
    >>> torch.dist(torch.tensor([1., 2.]), torch.tensor([4., 6.]))
    tensor(5.)

    Operator dist:
        vjp of input: _dist_rule
            def _dist_rule(xp, g, input, other, out, p):
                rule = vector_norm_rule(xp, g, input - other, out, p, tuple(range(max(input.ndim, other.ndim))))
                return rule
        vjp of other: _dist_other
            def _dist_other(xp, g, input, other, out, p):
                rule = _dist_rule(xp, g, input, other, out, p)
                return None if rule is None else -rule
        node: DistBackward0
        forward mode: the VJP of the VJP
        dtypes: the operands' common one
    """

def div(
    input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The quotient input / other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast, or one of them a number. Integers give the default dtype.
        rounding_mode: None, "floor" (down) or "trunc" (towards zero). Where it is given, integers stay integers and
            the gradient is 0.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: "ZeroDivisionError" for integers divided by 0 in a rounding mode, and for other rounding modes.

    >>> import mibun as torch
    >>> torch.div(torch.tensor([7, -7]), 2)
    tensor([ 3.5000, -3.5000])
    >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
    tensor([ 3, -3])

    Operator div:
        vjp of input: lambda xp, g, other: g / xp.conj(other)
        vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
        node: DivBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        shapes: broadcast; RuntimeError where they do not
    """

def divide(
    input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The quotient input / other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast, or one of them a number. Integers give the default dtype.
        rounding_mode: None, "floor" (down) or "trunc" (towards zero). Where it is given, integers stay integers and
            the gradient is 0.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: "ZeroDivisionError" for integers divided by 0 in a rounding mode, and for other rounding modes.

    >>> import mibun as torch
    >>> torch.div(torch.tensor([7, -7]), 2)
    tensor([ 3.5000, -3.5000])
    >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
    tensor([ 3, -3])

    Operator div:
        vjp of input: lambda xp, g, other: g / xp.conj(other)
        vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
        node: DivBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        shapes: broadcast; RuntimeError where they do not
    """

def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The dot product of two vectors: `sum_i input[i] tensor[i]`; complex numbers are not conjugated (see `vdot`).

    Args:
        input, tensor: (n,) both, of one dtype.

    Returns:
        a 0-d tensor.

    Raises:
        RuntimeError: where one is not 1-D, or sizes or dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.dot(torch.tensor([1., 2.]), torch.tensor([3., 4.]))
    tensor(11.)

    Operator dot:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: DotBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """In training, each element is 0 with probability p, else divided by 1 - p; otherwise the input itself.

    Args:
        input: of any shape, of a floating or complex dtype.
        p: the probability.
        training: whether anything is dropped.
        inplace: write the result into `input`.

    Raises:
        ValueError: for p outside of [0, 1].
        RuntimeError: for integers.

    Source: Srivastava et al., JMLR 15 (2014).

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(2, 3), 0.5).shape
    torch.Size([2, 3])

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`dropout` in place.

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def dsmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`mm`, by the name that it once had for a sparse matrix on the right.

    Operator mm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def dsplit(input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor) -> tuple[Tensor, ...]:
    """Parts along the third dimension; see `tensor_split`. An int must divide its size.

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def dstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the third dimension, made where it is missing.

    >>> import mibun as torch
    >>> torch.dstack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[[1, 3],
             [2, 4]]])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def eig(input: Tensor, eigenvectors: _bool = False, *, e: Tensor | None = None, v: Tensor | None = None) -> Tensor:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.eig` is what replaces it."""

@overload
def einsum(equation: str, *operands: Tensor | Sequence[Tensor]) -> Tensor:
    """The sum of the products of operands along labelled axes, in Einstein's notation.

    Args:
        args: `einsum(equation, *operands)` or `einsum(equation, [operands])`. The equation has a letter for each axis
            of each operand, the operands separated by commas, then optionally `->` and the axes of the result; letters
            that the result lacks are summed over. `...` stands for further axes, which broadcast. A letter that one
            operand has twice means its diagonal. Without `->` the result has the letters that occur once, in order. Or
            `einsum(operand, [0, 1], operand, [1, 2], [0, 2])`: the same with numbers below 52 for letters.

    Returns:
        a tensor with an axis for each letter of the result. Of more than two operands the pair with the smallest
        product is contracted first, over and over.

    Raises:
        RuntimeError: for an equation that cannot be read or does not fit the operands, and for differing sizes or
            dtypes.
        ValueError: where there are no operands.

    >>> import mibun as torch
    >>> a = torch.tensor([[1., 2.], [3., 4.]])
    >>> torch.einsum("ij,jk->ik", a, a)
    tensor([[ 7., 10.],
            [15., 22.]])
    >>> torch.einsum("ii", a)
    tensor(5.)

    Operator contract:
        vjp of input: lambda xp, g, other, labels: xp.contract(g, xp.conj(other), labels=(labels[2], labels[1], labels[0]))
        vjp of other: lambda xp, g, input, labels: xp.contract(xp.conj(input), g, labels=(labels[0], labels[2], labels[1]))
        node: ViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """
@overload
def einsum(*args: Tensor | Sequence[_int]) -> Tensor:
    """The sum of the products of operands along labelled axes, in Einstein's notation.

    Args:
        args: `einsum(equation, *operands)` or `einsum(equation, [operands])`. The equation has a letter for each axis
            of each operand, the operands separated by commas, then optionally `->` and the axes of the result; letters
            that the result lacks are summed over. `...` stands for further axes, which broadcast. A letter that one
            operand has twice means its diagonal. Without `->` the result has the letters that occur once, in order. Or
            `einsum(operand, [0, 1], operand, [1, 2], [0, 2])`: the same with numbers below 52 for letters.

    Returns:
        a tensor with an axis for each letter of the result. Of more than two operands the pair with the smallest
        product is contracted first, over and over.

    Raises:
        RuntimeError: for an equation that cannot be read or does not fit the operands, and for differing sizes or
            dtypes.
        ValueError: where there are no operands.

    >>> import mibun as torch
    >>> a = torch.tensor([[1., 2.], [3., 4.]])
    >>> torch.einsum("ij,jk->ik", a, a)
    tensor([[ 7., 10.],
            [15., 22.]])
    >>> torch.einsum("ii", a)
    tensor(5.)

    Operator contract:
        vjp of input: lambda xp, g, other, labels: xp.contract(g, xp.conj(other), labels=(labels[2], labels[1], labels[0]))
        vjp of other: lambda xp, g, input, labels: xp.contract(xp.conj(input), g, labels=(labels[0], labels[2], labels[1]))
        node: ViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def embedding(
    weight: Tensor, indices: Tensor, padding_idx: _int = -1, scale_grad_by_freq: _bool = False, sparse: _bool = False,
) -> Tensor:
    """Rows of weight (n, d) at indices (*): (*, d). padding_idx: a row that gets no gradient (-1: none).

    Operator embed:
        vjp of weight: lambda xp, g, indices, weight_shape, padding_idx, by_frequency, sparse: (
            _sparse_rows(xp, g, indices, weight_shape[0], padding_idx, by_frequency)
            if sparse
            else xp.embed_spread(g, indices, n=weight_shape[0], padding_idx=padding_idx, by_frequency=by_frequency)
        )
        jvp of weight: lambda xp, t, indices, padding_idx, by_frequency, sparse: xp.embed(
            t, indices, padding_idx=padding_idx, by_frequency=by_frequency, sparse=sparse
        )
        node: EmbeddingBackward0
        dtypes: each as it is
    """

def embedding_bag(
    weight: Tensor, indices: Tensor, offsets: Tensor, scale_grad_by_freq: _bool = False, mode: _int = 0,
    sparse: _bool = False, per_sample_weights: Tensor | None = None, include_last_offset: _bool = False,
    padding_idx: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Bags of rows, see `nn.functional.embedding_bag`, and where they are: (bags, bag of each index, sizes, maxima).

    mode: 0 for sums, 1 for means, 2 for maxima. The other three are int64: to which bag each index goes, how many
    count in each bag, and for maxima the row that each number is of. Sums need none of these and have zeros for them.

    >>> import mibun as torch
    >>> table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.embedding_bag(table, torch.tensor([0, 1]), torch.tensor([0]), mode=1)
    (tensor([[2., 3.]]), tensor([0, 0]), tensor([2]), tensor([2]))

    Operator embed:
        vjp of weight: lambda xp, g, indices, weight_shape, padding_idx, by_frequency, sparse: (
            _sparse_rows(xp, g, indices, weight_shape[0], padding_idx, by_frequency)
            if sparse
            else xp.embed_spread(g, indices, n=weight_shape[0], padding_idx=padding_idx, by_frequency=by_frequency)
        )
        jvp of weight: lambda xp, t, indices, padding_idx, by_frequency, sparse: xp.embed(
            t, indices, padding_idx=padding_idx, by_frequency=by_frequency, sparse=sparse
        )
        node: EmbeddingBackward0
        dtypes: each as it is
    """

def embedding_renorm_(input: Tensor, indices: Tensor, max_norm: _float, norm_type: _float) -> Tensor:
    """Scale rows of a table down, in place, to a norm of `max_norm`, where they are larger: those at `indices`.

    >>> import mibun as torch
    >>> torch.embedding_renorm_(torch.tensor([[3.0, 4.0], [3.0, 4.0]]), torch.tensor([1]), 1.0, 2.0)
    tensor([[3.0000, 4.0000],
            [0.6000, 0.8000]])

    Operator to_copy:
        vjp: lambda xp, g: g
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def empty(
    *size: _int, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """A Tensor to be filled: `empty(2, 3)`, `empty((2, 3))` or `empty(size=(2, 3))`. Here it holds zeros.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.
        memory_format: `channels_last` and `channels_last_3d` order the dimensions in memory.

    Raises:
        RuntimeError: for negative sizes, and where the memory format needs another number of dimensions.

    >>> import mibun as torch
    >>> torch.empty(2).shape
    torch.Size([2])
    """
@overload
def empty(
    size: Sequence[_int], *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """A Tensor to be filled: `empty(2, 3)`, `empty((2, 3))` or `empty(size=(2, 3))`. Here it holds zeros.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.
        memory_format: `channels_last` and `channels_last_3d` order the dimensions in memory.

    Raises:
        RuntimeError: for negative sizes, and where the memory format needs another number of dimensions.

    >>> import mibun as torch
    >>> torch.empty(2).shape
    torch.Size([2])
    """

def empty_like(
    input: Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None,
    pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = None,
) -> Tensor:
    """A Tensor to be filled, of the shape, dtype and order of dimensions of `input`. Here it holds zeros.

    Args:
        dtype: None for that of `input`.

    >>> import mibun as torch
    >>> torch.empty_like(torch.ones(2, 3)).shape
    torch.Size([2, 3])
    """

def empty_permuted(
    size: Sequence[_int], physical_layout: Sequence[_int], *, dtype: _dtype | None = None,
    layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """A Tensor to be filled, dense in memory with the dimensions in the order `physical_layout`. It holds zeros.

    >>> import mibun as torch
    >>> torch.empty_permuted((2, 3), (1, 0)).stride()
    (1, 2)

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator argsort:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def empty_strided(
    size: Sequence[_int], stride: Sequence[_int], *, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """A Tensor to be filled, whose elements lie `stride` elements apart in each dimension. It holds zeros.

    RuntimeError where the lengths of `size` and `stride` differ or a stride is negative.

    >>> import mibun as torch
    >>> torch.empty_strided((2, 3), (1, 2)).stride()
    (1, 2)

    Operator as_strided:
        vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
            g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
        )
        node: AsStridedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def eq(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether equal, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes; one may be a number. NaN equals nothing.

    >>> import mibun as torch
    >>> torch.eq(torch.tensor([1, 2]), torch.tensor([1., 3.]))
    tensor([ True, False])

    Operator eq:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def equal(input: Tensor, other: Tensor) -> _bool:
    """Whether two Tensors have the same shape and the same elements, as a Python bool; NaN equals nothing.

    Raises:
        TypeError: where one of them is no Tensor.

    >>> import mibun as torch
    >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1, 2]))
    True

    Operator eq:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function, elementwise: 2/sqrt(π) times the integral of exp(-t²) from 0 to input.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.erf(torch.tensor([0., 1.]))
    tensor([0.0000, 0.8427])

    Operator erf:
        vjp: lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
        node: ErfBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erf_(self: Tensor) -> Tensor:
    """`erf` in place: writes its result over the tensor, which it returns.

    The error function, elementwise: 2/sqrt(π) times the integral of exp(-t²) from 0 to input.

        Args:
            input: of any shape and real dtype. Integers and bools give the default dtype.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.erf(torch.tensor([0., 1.]))
        tensor([0.0000, 0.8427])

    Operator erf:
        vjp: lambda xp, g, input: g * (2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
        node: ErfBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 - erf(input), elementwise, without loss of digits where that is small.

    >>> import mibun as torch
    >>> torch.erfc(torch.tensor([0., 10.], dtype=torch.float64))
    tensor([1.0000e+00, 2.0885e-45], dtype=torch.float64)

    Operator erfc:
        vjp: lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
        node: ErfcBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erfc_(self: Tensor) -> Tensor:
    """`erfc` in place: writes its result over the tensor, which it returns.

    1 - erf(input), elementwise, without loss of digits where that is small.

        >>> import mibun as torch
        >>> torch.erfc(torch.tensor([0., 10.], dtype=torch.float64))
        tensor([1.0000e+00, 2.0885e-45], dtype=torch.float64)

    Operator erfc:
        vjp: lambda xp, g, input: g * (-2 / math.sqrt(math.pi)) * bell(xp, input, 1.0)
        node: ErfcBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `erf`, elementwise: infinite at ±1, NaN beyond.

    >>> import mibun as torch
    >>> torch.erfinv(torch.tensor([0., 0.5, 1.]))
    tensor([0.0000, 0.4769,    inf])

    Operator erfinv:
        vjp: _erfinv_rule
            def _erfinv_rule(xp, g, input):
                root = xp.erfinv(input)
                return g * (math.sqrt(math.pi) / 2) * xp.exp(root * root)
        node: ErfinvBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def erfinv_(self: Tensor) -> Tensor:
    """`erfinv` in place: writes its result over the tensor, which it returns.

    The inverse of `erf`, elementwise: infinite at ±1, NaN beyond.

        >>> import mibun as torch
        >>> torch.erfinv(torch.tensor([0., 0.5, 1.]))
        tensor([0.0000, 0.4769,    inf])

    Operator erfinv:
        vjp: _erfinv_rule
            def _erfinv_rule(xp, g, input):
                root = xp.erfinv(input)
                return g * (math.sqrt(math.pi) / 2) * xp.exp(root * root)
        node: ErfinvBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The exponential e ** input, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    The derivative is the result itself, which is what backward keeps.

    >>> import mibun as torch
    >>> torch.exp(torch.tensor([0., 1.]))
    tensor([1.0000, 2.7183])

    Operator exp:
        vjp: lambda xp, g, out: g * xp.conj(out)
        node: ExpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """2 ** input, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.exp2(torch.tensor([3, -1]))
    tensor([8.0000, 0.5000])

    Operator exp2:
        vjp: lambda xp, g, out: g * xp.conj(out * LN2)
        node: Exp2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def exp2_(self: Tensor) -> Tensor:
    """`exp2` in place: writes its result over the tensor, which it returns.

    2 ** input, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.exp2(torch.tensor([3, -1]))
        tensor([8.0000, 0.5000])

    Operator exp2:
        vjp: lambda xp, g, out: g * xp.conj(out * LN2)
        node: Exp2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def exp_(self: Tensor) -> Tensor:
    """`exp` in place: writes its result over the tensor, which it returns.

    The exponential e ** input, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        The derivative is the result itself, which is what backward keeps.

        >>> import mibun as torch
        >>> torch.exp(torch.tensor([0., 1.]))
        tensor([1.0000, 2.7183])

    Operator exp:
        vjp: lambda xp, g, out: g * xp.conj(out)
        node: ExpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def expand_copy(
    input: Tensor, size: _int | Sequence[_int], *, implicit: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """`expand`, copied. (`implicit` is for PyTorch's own use, and without effect there, too.)

    Operator expand:
        vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
        node: ExpandBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input) - 1, elementwise, exact near 0.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.expm1(torch.tensor([1e-10], dtype=torch.float64))
    tensor([1.0000e-10], dtype=torch.float64)

    Operator expm1:
        vjp: lambda xp, g, out: g * xp.conj(out + 1)
        node: Expm1Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def expm1_(self: Tensor) -> Tensor:
    """`expm1` in place: writes its result over the tensor, which it returns.

    exp(input) - 1, elementwise, exact near 0.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.expm1(torch.tensor([1e-10], dtype=torch.float64))
        tensor([1.0000e-10], dtype=torch.float64)

    Operator expm1:
        vjp: lambda xp, g, out: g * xp.conj(out + 1)
        node: Expm1Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def eye(
    n: _int, m: _int | None = None, *, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """The n×m matrix with ones on the diagonal and zeros elsewhere.

    Args:
        n: the number of rows.
        m: the number of columns, n by default.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.

    Raises:
        RuntimeError: for negative sizes.

    >>> import mibun as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """

def fake_quantize_per_channel_affine(
    input: Tensor, scale: Tensor, zero_point: Tensor, axis: _int, quant_min: _int, quant_max: _int,
) -> Tensor:
    """`fake_quantize_per_tensor_affine` with a scale and a zero point for each channel along a dimension.

    scale, zero_point: vectors, float32 and int32 (or floating), one number for each channel. RuntimeError for other
    sizes and dtypes.

    >>> import mibun as torch
    >>> scale, zero = torch.tensor([0.5, 1.0]), torch.tensor([0, 0], dtype=torch.int32)
    >>> torch.fake_quantize_per_channel_affine(torch.tensor([[0.6, 0.6]]), scale, zero, 1, -3, 3)
    tensor([[0.5000, 1.0000]])

    Operator fake_quantized_channels:
        vjp of input: _rule
            def _rule(xp, g, input, scale, zero_point, low, high):
                level = _levels(xp, input, scale, zero_point)
                return xp.where((level >= low) & (level <= high), g, xp.zeros_like(g))
        node: FakeQuantizePerChannelAffineCachemaskBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def fake_quantize_per_tensor_affine(
    input: Tensor, scale: _float | Tensor, zero_point: _int | Tensor, quant_min: _int, quant_max: _int,
) -> Tensor:
    """`(clamp(round(input / scale + zero_point), quant_min, quant_max) - zero_point) * scale`, elementwise.

    Args:
        input: of a floating dtype.
        scale, zero_point: the distance of two levels, and which of them is 0: numbers or 0-d Tensors.
        quant_min, quant_max: the first and last level; the zero point is among them.

    The gradient goes through where nothing is clamped. RuntimeError for levels that do not fit together,
    NotImplementedError for integers.

    >>> import mibun as torch
    >>> torch.fake_quantize_per_tensor_affine(torch.tensor([0.04, 0.26, 9.0]), 0.1, 0, -5, 5)
    tensor([0.0000, 0.3000, 0.5000])

    Operator fake_quantized:
        vjp of input: _rule
            def _rule(xp, g, input, scale, zero_point, low, high):
                level = _levels(xp, input, scale, zero_point)
                return xp.where((level >= low) & (level <= high), g, xp.zeros_like(g))
        node: FakeQuantizePerTensorAffineCachemaskBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def feature_alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """alpha_dropout of whole channels.

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def feature_alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_alpha_dropout` in place.

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def feature_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """In training, whole channels (N, C, *) are 0 with probability p; see `dropout`.

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def feature_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_dropout` in place.

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def fill(input: Tensor, value: Tensor | Number) -> Tensor:
    """A Tensor like `input`, filled with a number or a 0-d Tensor.

    >>> import mibun as torch
    >>> torch.fill(torch.zeros(2), 3)
    tensor([3., 3.])

    Operator fill_number0:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: FillBackward0
        dtypes: each as it is

    Operator fill_tensor0:
        vjp of input: lambda xp, g: xp.zeros_like(g)
        vjp of value: lambda xp, g: g
        jvp of input: lambda xp, t: xp.zeros_like(t)
        jvp of value: lambda xp, t: t
        node: FillBackward1
        dtypes: each as it is
    """

def fill_(input: Tensor, value: Tensor | Number) -> Tensor:
    """Overwrite every element with one value.

    Args:
        value: a number or a 0-d Tensor, which gets the sum of the gradients.

    Returns:
        this tensor.

    Raises:
        RuntimeError: where the dtype cannot hold the value.

    >>> import mibun as torch
    >>> torch.zeros(2).fill_(3)
    tensor([3., 3.])

    Operator fill_number2:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: FillBackward2
        dtypes: each as it is

    Operator fill_tensor2:
        vjp of input: lambda xp, g: xp.zeros_like(g)
        vjp of value: lambda xp, g: g
        jvp of input: lambda xp, t: xp.zeros_like(t)
        jvp of value: lambda xp, t: t
        node: FillBackward3
        dtypes: each as it is
    """

def fix(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The integer part, elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype; integers stay as they are.

    Raises:
        NotImplementedError: for bool and complex dtypes.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.trunc(torch.tensor([1.7, -1.7]))
    tensor([ 1., -1.])

    Operator trunc:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: TruncBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def fix_(self: Tensor) -> Tensor:
    """`trunc` in place: writes its result over the tensor, which it returns.

    The integer part, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.trunc(torch.tensor([1.7, -1.7]))
        tensor([ 1., -1.])

    Operator trunc:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: TruncBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def flatten(input: Tensor, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
    """Join the dimensions from start_dim to end_dim into one.

    Args:
        input: of any dtype; a 0-d tensor becomes 1-d.
        start_dim, end_dim: the first and the last dimension to join, both included.

    Returns:
        (..., n, ...), where n is the product of the sizes joined: a view if that is possible, else a copy; the input
        itself where there is only one dimension to join.

    Raises:
        RuntimeError: where start_dim comes after end_dim.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).flatten(1).shape
    torch.Size([2, 12])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def flip(input: Tensor, *dims: _int) -> Tensor:
    """A copy with the order of the elements reversed along some dimensions.

    Args:
        input: of any dtype.
        dims: the dimensions; separately (as a method) or as one sequence.

    Returns:
        a new tensor of the same shape.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.flip(torch.arange(3), (0,))
    tensor([2, 1, 0])

    Operator flip:
        vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
        node: FlipBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def flip(input: Tensor, dims: Sequence[_int]) -> Tensor:
    """A copy with the order of the elements reversed along some dimensions.

    Args:
        input: of any dtype.
        dims: the dimensions; separately (as a method) or as one sequence.

    Returns:
        a new tensor of the same shape.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.flip(torch.arange(3), (0,))
    tensor([2, 1, 0])

    Operator flip:
        vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
        node: FlipBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def fliplr(input: Tensor) -> Tensor:
    """A copy with the second dimension reversed.

    >>> import mibun as torch
    >>> torch.fliplr(torch.tensor([[1, 2], [3, 4]]))
    tensor([[2, 1],
            [4, 3]])

    Operator flip:
        vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
        node: FlipBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def flipud(input: Tensor) -> Tensor:
    """A copy with the first dimension reversed.

    >>> import mibun as torch
    >>> torch.flipud(torch.tensor([[1, 2], [3, 4]]))
    tensor([[3, 4],
            [1, 2]])

    Operator flip:
        vjp: lambda xp, g, dims: xp.flipped(g, dims=dims)
        node: FlipBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def float_power(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input ** exponent, computed in float64 (complex128 if either is complex), elementwise.

    Args:
        input, exponent: Tensors of shapes that broadcast, or one of them a number.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.float_power(torch.tensor([2, 3]), -1)
    tensor([0.5000, 0.3333], dtype=torch.float64)

    Operator pow_base:
        vjp: _base_rule
            def _base_rule(xp, g, out, exponent, base):
                logarithm = _log_number(base, xp.isdtype(out.dtype, "complex floating"))
                if base == 0:
                    logarithm = xp.where(xp.real(exponent) >= 0, 0.0, xp.full_like(out, logarithm))
                return g * xp.conj(out * logarithm)
        node: PowBackward2
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool

    Operator pow_number:
        vjp: _number_power_rule
            def _number_power_rule(xp, g, input, exponent):
                if exponent == 0:
                    return xp.zeros_like(g)
                if exponent == 2:
                    return g * xp.conj(xp.twice(input))
                # By the operator itself, which takes roots of -0 as PyTorch does.
                return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
        node: PowBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one

    Operator pow_tensor:
        vjp of input: _input_rule
            def _input_rule(xp, g, input, exponent):
                # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                constant = (exponent == 0) & ~(xp.abs(input) > 0)
                return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
        vjp of exponent: _exponent_rule
            def _exponent_rule(xp, g, input, exponent, out):
                # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                constant = (input == 0) & (xp.real(exponent) >= 0)
                return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
        node: PowBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
        shapes: broadcast; RuntimeError where they do not
    """

def floor(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest integer not above, elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype; integers stay as they are.

    Raises:
        NotImplementedError: for bool and complex dtypes.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.floor(torch.tensor([1.7, -1.2]))
    tensor([ 1., -2.])

    Operator floor:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: FloorBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def floor_(self: Tensor) -> Tensor:
    """`floor` in place: writes its result over the tensor, which it returns.

    The largest integer not above, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.floor(torch.tensor([1.7, -1.2]))
        tensor([ 1., -2.])

    Operator floor:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: FloorBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def floor_divide(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The quotient rounded down, floor(input / other), elementwise, in the common dtype.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        RuntimeError: where integers are divided by 0, and in the backward pass: PyTorch defines no derivative.

    >>> import mibun as torch
    >>> torch.floor_divide(torch.tensor([7., -7.]), 2)
    tensor([ 3., -4.])

    Operator floor_divide:
        vjp of input: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'floor_divide'
        vjp of other: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'floor_divide'
        node: NotImplemented
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
        shapes: broadcast; RuntimeError where they do not
    """

def fmax(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger of two Tensors, elementwise; a number is preferred to NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, the gradient goes to `input`.

    >>> import mibun as torch
    >>> torch.fmax(torch.tensor([1., float("nan")]), torch.tensor([3., 2.]))
    tensor([3., 2.])

    Operator fmax:
        vjp of input: lambda xp, g, input, other: xp.where(first(xp, input, other), g, 0.0)
            with first = first
        vjp of other: lambda xp, g, input, other: xp.where(first(xp, input, other), 0.0, g)
            with first = first
        node: FmaxBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def fmin(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two Tensors, elementwise; a number is preferred to NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, the gradient goes to `input`.

    >>> import mibun as torch
    >>> torch.fmin(torch.tensor([1., float("nan")]), torch.tensor([3., 2.]))
    tensor([1., 2.])

    Operator fmin:
        vjp of input: lambda xp, g, input, other: xp.where(first(xp, input, other), g, 0.0)
            with first = first
        vjp of other: lambda xp, g, input, other: xp.where(first(xp, input, other), 0.0, g)
            with first = first
        node: FminBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def fmod(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input - trunc(input / other) * other, elementwise: it has the sign of `input`, as C's `fmod`.

    Args:
        input: of a real dtype.
        other: a Tensor that broadcasts, or a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where integers are divided by 0, and for bool and complex dtypes.

    >>> import mibun as torch
    >>> torch.fmod(torch.tensor([7, -7]), 3)
    tensor([ 1, -1])

    Operator fmod_scalar:
        vjp: lambda xp, g: g
        node: FmodBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex

    Operator fmod_tensor:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="trunc")
        node: FmodBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
        shapes: broadcast; RuntimeError where they do not
    """

def frac(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The fractional part, with the sign of the input, elementwise: input - trunc(input).

    >>> import mibun as torch
    >>> torch.frac(torch.tensor([1.5, -1.25]))
    tensor([ 0.5000, -0.2500])

    Operator frac:
        vjp: lambda xp, g: g
        node: FracBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def frac_(self: Tensor) -> Tensor:
    """`frac` in place: writes its result over the tensor, which it returns.

    The fractional part, with the sign of the input, elementwise: input - trunc(input).

        >>> import mibun as torch
        >>> torch.frac(torch.tensor([1.5, -1.25]))
        tensor([ 0.5000, -0.2500])

    Operator frac:
        vjp: lambda xp, g: g
        node: FracBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def frexp(input: Tensor, *, out: Sequence[Tensor] | None = None) -> return_types.frexp:
    """Mantissas of magnitude in [0.5, 1), and int32 exponents of 2: input = mantissa * 2 ** exponent, elementwise.

    0, infinities and NaN are their own mantissas, with exponent 0. The exponents count as constants in the gradient.
    RuntimeError for integers and complex numbers.

    >>> import mibun as torch
    >>> torch.frexp(torch.tensor([12.]))
    torch.return_types.frexp(
    mantissa=tensor([0.7500]),
    exponent=tensor([4], dtype=torch.int32))

    Operator frexp_parts:
        vjp: lambda xp, g, exponent: g / xp.exp2(xp.astype(exponent, g.dtype))
        node: FrexpBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
        raises for: bool, signed integer, unsigned integer, complex
    """

@overload
def frobenius_norm(
    input: Tensor, dim: _int | Sequence[_int], keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """The root of the sum of squared magnitudes over one or two dimensions; no dimension means all of them.

    RuntimeError for more than two, and for integers.

    >>> import mibun as torch
    >>> torch.frobenius_norm(torch.tensor([[3.0, 4.0], [0.0, 0.0]]), dim=(0, 1))
    tensor(5.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def frobenius_norm(
    input: Tensor, *, axis: _int | Sequence[_int], keepdims: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """The root of the sum of squared magnitudes over one or two dimensions; no dimension means all of them.

    RuntimeError for more than two, and for integers.

    >>> import mibun as torch
    >>> torch.frobenius_norm(torch.tensor([[3.0, 4.0], [0.0, 0.0]]), dim=(0, 1))
    tensor(5.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def from_dlpack(ext_tensor: Any, *, device: Device | None = None, copy: _bool | None = None) -> Tensor:
    """A Tensor on the memory of any object with `__dlpack__`, or of a capsule of the CPU's. TypeError for others.

    An array of a library that mibun computes with (see `docs/arrays.md`) is the Tensor's own array, on its device,
    unless `device` names another one.

    >>> import mibun as torch
    >>> torch.from_dlpack(torch.ones(2))
    tensor([1., 1.])

    Operator to_device:
        vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def from_file(
    filename: str, shared: _bool | None = None, size: _int | None = 0, *, dtype: _dtype | None = None,
    layout: _layout | None = None, device: Device | None = None, pin_memory: _bool | None = False,
    requires_grad: _bool = False,
) -> Tensor:
    """A 1-D Tensor on the elements of a file, of which the system reads what is used.

    Args:
        filename: the path.
        shared: whether what is written to the Tensor goes to the file, which is made, and made longer, as needed.
        size: how many elements.
        dtype: of the elements; the default one unless given. The other options are those of `zeros`.

    Raises:
        RuntimeError: where the file is not there, or too short and not shared.

    >>> import mibun as torch
    >>> from pathlib import Path
    >>> _ = Path("numbers.bin").write_bytes(bytes([1, 2, 3]))
    >>> torch.from_file("numbers.bin", size=3, dtype=torch.uint8)
    tensor([1, 2, 3], dtype=torch.uint8)
    """

def from_numpy(ndarray: np.ndarray[Any, Any]) -> Tensor:
    """A Tensor on the memory of a NumPy array.

    Args:
        ndarray: of a dtype that mibun has, without negative strides. What is read-only is copied, with a warning.

    Returns:
        a Tensor of the array's shape and dtype.

    Raises:
        TypeError: for dtypes without an equal.
        ValueError: for negative strides and foreign byte order.

    >>> import mibun as torch
    >>> import numpy as np
    >>> a = np.zeros(2)
    >>> t = torch.from_numpy(a)
    >>> a[0] = 5
    >>> t
    tensor([5., 0.], dtype=torch.float64)
    """

def frombuffer(
    buffer: Any, *, dtype: _dtype, count: _int = -1, offset: _int = 0, requires_grad: _bool = False,
) -> Tensor:
    """A 1-D Tensor on the memory of a buffer.

    Args:
        buffer: bytes, a bytearray, an array, ...; read-only memory is copied, with a warning.
        dtype: what the bytes are.
        count: how many elements, or -1 for all that are left.
        offset: the first byte.

    Raises:
        ValueError: where the buffer is too small, or no multiple of the dtype's size.

    >>> import mibun as torch
    >>> torch.frombuffer(bytearray(b'abcd'), dtype=torch.uint8)
    tensor([ 97,  98,  99, 100], dtype=torch.uint8)
    """

def full(
    size: Sequence[_int], fill_value: Tensor | Number, *, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """A Tensor of one number everywhere.

    Args:
        size: a sequence of sizes.
        fill_value: a number or a 0-d Tensor.
        out: where to write the result; resized if it does not fit.
        dtype: None for bool, int64, the default dtype or its complex one, as the number is.

    Raises:
        RuntimeError: where the dtype cannot hold the number.

    >>> import mibun as torch
    >>> torch.full((2, 2), 7)
    tensor([[7, 7],
            [7, 7]])
    """

def full_like(
    input: Tensor, fill_value: Tensor | Number, *, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """One number everywhere, in the shape, dtype and order of dimensions of `input`.

    Args:
        fill_value: a number or a 0-d Tensor.
        dtype: None for that of `input`.

    Raises:
        RuntimeError: where the dtype cannot hold the number.

    >>> import mibun as torch
    >>> torch.full_like(torch.tensor([1., 2.]), 3)
    tensor([3., 3.])
    """

@overload
def gather(input: Tensor, dim: _int, index: Tensor, *, sparse_grad: _bool = False, out: Tensor | None = None) -> Tensor:
    """The elements at `index` along a dimension: out[i][j] = input[index[i][j]][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
        sparse_grad: the gradient of the input is a sparse tensor, with an element for each index.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the index's shape. Its gradient is added up at the indices, as `scatter_add` does.

    Raises:
        RuntimeError: for other shapes or dtypes of the index, and for indices out of range.

    >>> import mibun as torch
    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])

    Operator gather_along:
        vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
            xp.sparse_element if sparse_grad else xp.gather_embed
        )(g, index, shape=input_shape, dim=dim)
        node: GatherBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def gather(
    input: Tensor, *, axis: _int, index: Tensor, sparse_grad: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """The elements at `index` along a dimension: out[i][j] = input[index[i][j]][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
        sparse_grad: the gradient of the input is a sparse tensor, with an element for each index.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the index's shape. Its gradient is added up at the indices, as `scatter_add` does.

    Raises:
        RuntimeError: for other shapes or dtypes of the index, and for indices out of range.

    >>> import mibun as torch
    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])

    Operator gather_along:
        vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
            xp.sparse_element if sparse_grad else xp.gather_embed
        )(g, index, shape=input_shape, dim=dim)
        node: GatherBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def gcd(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The greatest common divisor of integers, elementwise, never negative; gcd(0, 0) is 0.

    Args:
        input, other: integer Tensors of shapes that broadcast.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch.gcd(torch.tensor([12, 7]), torch.tensor([18, 0]))
    tensor([6, 7])

    Operator gcd:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: bool, floating, complex, bfloat16
    """

def gcd_(self: Tensor, other: Tensor) -> Tensor:
    """`gcd` in place: writes its result over the tensor, which it returns.

    The greatest common divisor of integers, elementwise, never negative; gcd(0, 0) is 0.

        Args:
            input, other: integer Tensors of shapes that broadcast.

        Raises:
            NotImplementedError: for other dtypes.

        >>> import mibun as torch
        >>> torch.gcd(torch.tensor([12, 7]), torch.tensor([18, 0]))
        tensor([6, 7])

    Operator gcd:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: bool, floating, complex, bfloat16
    """

def ge(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input >= other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.ge(torch.tensor([1, 2, 3]), 2)
    tensor([False,  True,  True])

    Operator ge:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def geqrf(input: Tensor, *, out: Sequence[Tensor] | None = None) -> return_types.geqrf:
    """(a, tau): QR as LAPACK keeps it, R in the upper triangle of a, the reflections below it, their factors in tau.

    `linalg.householder_product(a, tau)` is Q. As in PyTorch it has no derivative; that of `linalg.qr` is there.

    Operator geqrf:
        vjp: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'geqrf'
        node: GeqrfBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def ger(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The outer product of two vectors: `out[i, j] = input[i] vec2[j]`.

    Args:
        input: (n,).
        vec2: (m,); dtypes are promoted.

    Returns:
        (n, m).

    Raises:
        RuntimeError: where one is not 1-D.

    >>> import mibun as torch
    >>> torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4, 5]))
    tensor([[ 3,  4,  5],
            [ 6,  8, 10]])

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def get_device(input: Tensor) -> _int:
    """The number of the device; -1 stands for the CPU.

    >>> import mibun as torch
    >>> torch.get_device(torch.ones(2))
    -1
    """

@overload
def gradient(
    input: Tensor, *, spacing: _float | Sequence[_float | Tensor] | None = None,
    dim: _int | Sequence[_int] | None = None, edge_order: _int = 1,
) -> tuple[Tensor, ...]:
    """The derivatives along dimensions of values on a grid, by finite differences.

    Args:
        input: of any dtype but uint8 and bool; integers count as the default dtype.
        spacing: the distance of the points, one for all or a list with one for each dimension; or a list of Tensors
            with their coordinates, one for each dimension. By default 1.
        dim: one dimension or several; by default all.
        edge_order: 1 or 2, how exact the outermost values are; those inside are exact for parabolas.

    Returns:
        a tuple of Tensors of the input's shape, one for each dimension.

    Raises:
        RuntimeError: where there are too few points or spacings.

    Source: the slopes of the parabola through three points, Fornberg, Math. Comp. 51 (1988).

    >>> import mibun as torch
    >>> torch.gradient(torch.tensor([1., 4., 9., 16.]))
    (tensor([3., 4., 6., 7.]),)

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def gradient(
    input: Tensor, *, spacing: _float | Sequence[_float | Tensor] | None = None, axis: _int | Sequence[_int] | None,
    edge_order: _int = 1,
) -> tuple[Tensor, ...]:
    """The derivatives along dimensions of values on a grid, by finite differences.

    Args:
        input: of any dtype but uint8 and bool; integers count as the default dtype.
        spacing: the distance of the points, one for all or a list with one for each dimension; or a list of Tensors
            with their coordinates, one for each dimension. By default 1.
        dim: one dimension or several; by default all.
        edge_order: 1 or 2, how exact the outermost values are; those inside are exact for parabolas.

    Returns:
        a tuple of Tensors of the input's shape, one for each dimension.

    Raises:
        RuntimeError: where there are too few points or spacings.

    Source: the slopes of the parabola through three points, Fornberg, Math. Comp. 51 (1988).

    >>> import mibun as torch
    >>> torch.gradient(torch.tensor([1., 4., 9., 16.]))
    (tensor([3., 4., 6., 7.]),)

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def greater(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input > other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.gt(torch.tensor([1, 2, 3]), 2)
    tensor([False, False,  True])

    Operator gt:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def greater_equal(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input >= other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.ge(torch.tensor([1, 2, 3]), 2)
    tensor([False,  True,  True])

    Operator ge:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool,
) -> Tensor:
    """`nn.functional.grid_sample` with numbers for the modes: the places of their names in its documentation.

    Operator grid_sample_2d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler2DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator grid_sample_3d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler3DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def grid_sampler_2d(
    input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool,
) -> Tensor:
    """`nn.functional.grid_sample` with numbers for the modes: the places of their names in its documentation.

    Operator grid_sample_2d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler2DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator grid_sample_3d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler3DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def grid_sampler_3d(
    input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool,
) -> Tensor:
    """`nn.functional.grid_sample` with numbers for the modes: the places of their names in its documentation.

    Operator grid_sample_2d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler2DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator grid_sample_3d:
        vjp: _rule
            def _rule(xp, g, input, grid, mode, padding, align, needs):
                table, rows = _table(xp, input), _table(xp, g)
                n = len(input.shape) - 2
                grad_table = None
                grad_points: list = [None] * n
                for row, weights, slopes in _combinations(xp, tuple(input.shape), grid, mode, padding, align):
                    if needs[0]:
                        part = xp.rows_added(rows * xp.expand_dims(_product(weights), axis=-1), row, count=table.shape[0])
                        grad_table = part if grad_table is None else grad_table + part
                    if needs[1] and mode != "nearest":
                        along = xp.sum(rows * xp.rows_at(table, row), axis=1)
                        for i in range(n):
                            part = along * _product([slopes[j] if j == i else weights[j] for j in range(n)])
                            grad_points[i] = part if grad_points[i] is None else grad_points[i] + part
                grad_input = None if grad_table is None else _image(xp, grad_table, tuple(input.shape))
                grad_grid = None
                if needs[1]:
                    shape = tuple(grid.shape)
                    if mode == "nearest":
                        grad_grid = xp.zeros(shape, dtype=grid.dtype)
                    else:
                        grad_grid = xp.reshape(xp.stack(grad_points[::-1], axis=-1), shape)
                return grad_input, grad_grid
        node: GridSampler3DBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def group_norm(
    input: Tensor, num_groups: _int, weight: Tensor | None = None, bias: Tensor | None = None, eps: _float = 1e-05,
    cudnn_enabled: _bool = True,
) -> Tensor:
    """Standardise groups of channels; see `nn.functional.group_norm`. cudnn_enabled: no meaning on the CPU.

    Operator group_norm_over:
        vjp: _group_rule
            def _group_rule(xp, g, input, weight, groups, eps, needs):
                # With y = (x - mean) scale, and means over the group, the gradient of x is scale (h - mean(h) - y mean(h y)), where
                # h is g times the weight: a linear combination of g, x and 1 in each channel.
                g, input, weight = _wide(xp, g, input, weight)
                mean, scale, factor = _group_factors(xp, input, weight, groups, eps)
                inner = tuple(range(2, g.ndim))
                each = (g.shape[0], groups, g.shape[1] // groups)
                # The means over each channel.
                of_g = xp.reshape(xp.mean(g, axis=inner, keepdims=True) if inner else g, each)
                of_products = xp.reshape(xp.mean_of_products(g, input, inner) if inner else g * input, each)
                of_standard = (of_products - of_g * mean) * scale
                grad = None
                if needs[0]:
                    first = xp.mean(of_g * factor, axis=(2,), keepdims=True) * scale
                    second = xp.mean(of_standard * factor, axis=(2,), keepdims=True) * scale * scale
                    of_one = _each_channel(xp, second * mean - first, input, groups)
                    second = _each_channel(xp, second, input, groups)
                    grad = g * _each_channel(xp, scale * factor, input, groups) - input * second + of_one
                size, channels = math.prod(g.shape[2:]), g.shape[:2]
                return (
                    grad,
                    xp.reshape(of_standard, channels) * size if needs[1] else None,
                    xp.reshape(of_g, channels) * size if needs[2] else None,
                )
        node: NativeGroupNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def gru(
    input: Tensor, hx: Tensor | Sequence[Tensor], params: Sequence[Tensor], has_biases: _bool, num_layers: _int,
    dropout: _float, train: _bool, bidirectional: _bool, batch_first: _bool,
) -> tuple[Tensor, ...]:
    """All steps and layers of a recurrent network, as the modules call it.

    gru(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first), or with packed data
    gru(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional). hx: a tensor of shape
    (layers * directions, batch, size). Returns the outputs of the last layer, and the last states.

    Operator gru_layer:
        vjp: _gru_rule
            def _gru_rule(xp, g, gates, hidden, weight, bias, out, reverse, needs):
                before = _previous(xp, out, hidden, reverse)
                reset, update, new, inner = _gru_parts(xp, gates, _gru_by_hidden(xp, before, weight, bias))
                by_new = (1 - update) * (1 - new * new)
                by_update, by_reset = (before - new) * _slope(update), by_new * inner * _slope(reset)
                by_inner = by_new * reset
                factors = [xp.conj(factor) for factor in (by_new, by_update, by_reset, by_inner, update, reset, weight)]
                by_new, by_update, by_reset, by_inner, by_state, reset, weight = factors
                found: list = []
                dh = None
                for t in _times(gates.shape[0], not reverse):
                    dh = g[t, ...] if dh is None else g[t, ...] + dh
                    opened = [dh * by_reset[t, ...], dh * by_update[t, ...]]
                    found.append((*opened, dh * by_new[t, ...]))
                    dh = dh * by_state[t, ...] + xp.matmul(xp.concat([*opened, dh * by_inner[t, ...]], axis=-1), weight)
                steps = [_in_order(xp, list(part), not reverse) for part in zip(*found, strict=True)]
                for_gates = xp.concat(steps, axis=-1)
                for_hidden = xp.concat([*steps[:2], steps[2] * reset], axis=-1)
                for_weight = _for_weight(xp, for_hidden, before) if needs[2] else None
                return for_gates, dh, for_weight, xp.sum(_flat(xp, for_hidden), axis=0) if needs[3] else None
        node: StackBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
        raises for: bool, signed integer, unsigned integer
    """

def gru_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a GRU: input (N, in) and hidden (N, H) to the new hidden.

    w_ih: (3 H, in), w_hh: (3 H, H), b_ih and b_hh: (3 H), in the order of the gates r, z, n. RuntimeError where sizes
    do not fit. Source: Cho et al. (2014), arXiv:1406.1078.

    Operator gru_layer:
        vjp: _gru_rule
            def _gru_rule(xp, g, gates, hidden, weight, bias, out, reverse, needs):
                before = _previous(xp, out, hidden, reverse)
                reset, update, new, inner = _gru_parts(xp, gates, _gru_by_hidden(xp, before, weight, bias))
                by_new = (1 - update) * (1 - new * new)
                by_update, by_reset = (before - new) * _slope(update), by_new * inner * _slope(reset)
                by_inner = by_new * reset
                factors = [xp.conj(factor) for factor in (by_new, by_update, by_reset, by_inner, update, reset, weight)]
                by_new, by_update, by_reset, by_inner, by_state, reset, weight = factors
                found: list = []
                dh = None
                for t in _times(gates.shape[0], not reverse):
                    dh = g[t, ...] if dh is None else g[t, ...] + dh
                    opened = [dh * by_reset[t, ...], dh * by_update[t, ...]]
                    found.append((*opened, dh * by_new[t, ...]))
                    dh = dh * by_state[t, ...] + xp.matmul(xp.concat([*opened, dh * by_inner[t, ...]], axis=-1), weight)
                steps = [_in_order(xp, list(part), not reverse) for part in zip(*found, strict=True)]
                for_gates = xp.concat(steps, axis=-1)
                for_hidden = xp.concat([*steps[:2], steps[2] * reset], axis=-1)
                for_weight = _for_weight(xp, for_hidden, before) if needs[2] else None
                return for_gates, dh, for_weight, xp.sum(_flat(xp, for_hidden), axis=0) if needs[3] else None
        node: StackBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
        raises for: bool, signed integer, unsigned integer
    """

def gt(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input > other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.gt(torch.tensor([1, 2, 3]), 2)
    tensor([False, False,  True])

    Operator gt:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def hamming_window(
    window_length: _int, periodic: _bool = True, alpha: _float = 0.54, beta: _float = 0.46, *,
    dtype: _dtype | None = None, layout: _layout | None = None, device: _device | str | _int | None = None,
    pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """Hamming's window: `alpha - beta cos(2 pi t)`, t from 0 to 1. Other arguments and errors as for `hann_window`.

    Operator cos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.sin(input))
        node: CosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def hann_window(
    window_length: _int, periodic: _bool = True, *, dtype: _dtype | None = None, layout: _layout | None = None,
    device: _device | str | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """Hann's window: `sin(pi t)²`, t from 0 to 1.

    Args:
        window_length: how many elements.
        periodic: for spectra: t stops before 1, as if the next period followed. Else the window is symmetric.
        dtype: floating, by default the default dtype.

    Returns:
        (window_length,).

    Raises:
        RuntimeError: for a negative length, and dtypes that are not floating.

    >>> import mibun as torch
    >>> torch.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])

    Operator cos:
        vjp: lambda xp, g, input: -g * xp.conj(xp.sin(input))
        node: CosBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def hardshrink(input: Tensor, lambd: _float = 0.5) -> Tensor:
    """0 where `|input| <= lambd`, else the input, elementwise, for any shape of a real floating dtype.

    >>> import mibun as torch
    >>> torch.hardshrink(torch.tensor([-1., 0.2, 0.6]))
    tensor([-1.0000,  0.0000,  0.6000])

    Operator hardshrink:
        vjp: lambda xp, g, input, bound: xp.where((input > bound) | (input < -bound), g, 0.0)
        node: HardshrinkBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

@overload
def hash_tensor(
    input: Tensor, dim: _int | Sequence[_int] = (), *, keepdim: _bool = False, mode: _int = 0,
    out: Tensor | None = None,
) -> Tensor:
    """The exclusive or of the bits of all elements, as 64-bit numbers (float64 or int64), over dimensions: uint64.

    dim: an int or several, all unless given. mode: 0, the only one. RuntimeError for another mode and for an empty
    tensor without `dim`, NotImplementedError for complex numbers.

    >>> import mibun as torch
    >>> torch.hash_tensor(torch.tensor([1, 2, 4]))
    tensor(7, dtype=torch.uint64)

    Operator bitwise_xor:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: floating, bfloat16, complex
    """
@overload
def hash_tensor(
    input: Tensor, *, axis: _int | Sequence[_int], keepdims: _bool = False, mode: _int = 0, out: Tensor | None = None,
) -> Tensor:
    """The exclusive or of the bits of all elements, as 64-bit numbers (float64 or int64), over dimensions: uint64.

    dim: an int or several, all unless given. mode: 0, the only one. RuntimeError for another mode and for an empty
    tensor without `dim`, NotImplementedError for complex numbers.

    >>> import mibun as torch
    >>> torch.hash_tensor(torch.tensor([1, 2, 4]))
    tensor(7, dtype=torch.uint64)

    Operator bitwise_xor:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: floating, bfloat16, complex
    """

def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """0 below 0, 1 above, and `values` at 0, elementwise. Both of one real dtype (RuntimeError otherwise).

    PyTorch defines no derivative; backward through it raises RuntimeError.

    >>> import mibun as torch
    >>> torch.heaviside(torch.tensor([-1., 0., 2.]), torch.tensor(0.5))
    tensor([0.0000, 0.5000, 1.0000])

    Operator heaviside:
        vjp of input: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'heaviside'
        vjp of values: rule
            def rule(xp, g):
                raise RuntimeError(f"derivative for aten::{name} is not implemented")
            with name = 'heaviside'
        node: NotImplemented
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def hinge_embedding_loss(input: Tensor, target: Tensor, margin: _float = 1.0, reduction: _int = 0) -> Tensor:
    """`nn.functional.hinge_embedding_loss`.

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """

def histc(input: Tensor, bins: _int = 100, min: _float = 0, max: _float = 0, *, out: Tensor | None = None) -> Tensor:
    """How many elements fall into each of `bins` equal parts of the range from min to max (both included).

    Where both are 0 the range is that of the elements. What is outside is not counted. RuntimeError for an empty or
    infinite range. Not differentiable.

    >>> import mibun as torch
    >>> torch.histc(torch.tensor([1., 2., 1.]), bins=2)
    tensor([2., 1.])

    Operator histc:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def histogram(
    input: Tensor, bins: _int | Tensor, *, range: Sequence[_float] | None = None, weight: Tensor | None = None,
    density: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.histogram:
    """How many elements (or how much of `weight`) fall between edges: (hist, bin_edges). float32 or float64.

    bins: a number of bins of one size over `range` (by default that of the elements), or the edges, increasing.
    density: divided by the total and the bins' sizes. Not differentiable. RuntimeError for bins and ranges that make no
    sense.

    >>> import mibun as torch
    >>> torch.histogram(torch.tensor([1., 2., 1.]), 2).hist
    tensor([2., 1.])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def histogramdd(
    input: Tensor, bins: _int | Sequence[_int] | Sequence[Tensor], range: Sequence[_float] | None = None,
    weight: Tensor | None = None, density: _bool = False,
) -> return_types.histogramdd:
    """The same of several variables, the last dimension of the input: (hist, the tuple of bin_edges).

    bins: for each variable as for `histogram`, or one number for all. range: low and high for each, in a row.

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def hsmm(mat1: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The older name of `hspmm`, which see."""

def hsplit(input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor) -> tuple[Tensor, ...]:
    """Parts along the second dimension (of a vector: the first); see `tensor_split`. An int must divide its size.

    >>> import mibun as torch
    >>> torch.hsplit(torch.arange(4), 2)
    (tensor([0, 1]), tensor([2, 3]))

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def hspmm(mat1: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A sparse matrix by a dense one, as a COO tensor of one sparse dimension: the rows that are not empty.

    Args:
        mat1: (n, m), in COO; mat2: (m, p), dense.

    Raises:
        NotImplementedError: for other layouts, and in the backward pass. RuntimeError: where the sizes do not fit.

    >>> import mibun as torch
    >>> torch.hspmm(torch.eye(2).to_sparse(), torch.ones(2, 3)).values()
    Traceback (most recent call last):
    RuntimeError: Cannot get values on an uncoalesced tensor, please call .coalesce() first
    """

def hstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the second dimension, 1-d (and 0-d) ones along the first.

    >>> import mibun as torch
    >>> torch.hstack([torch.tensor([1, 2]), torch.tensor([3])])
    tensor([1, 2, 3])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def hypot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sqrt(input² + other²), elementwise, without overflow.

    >>> import mibun as torch
    >>> torch.hypot(torch.tensor([3.]), torch.tensor([4.]))
    tensor([5.])

    Operator hypot:
        vjp of input: lambda xp, g, input, out: g * (input / out)
        vjp of other: lambda xp, g, other, out: g * (other / out)
        node: HypotBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
        shapes: broadcast; RuntimeError where they do not
    """

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0, elementwise.

    >>> import mibun as torch
    >>> torch.i0(torch.tensor([0., 1.]))
    tensor([1.0000, 1.2661])

    Operator i0:
        vjp: lambda xp, g, input: g * xp.bessel_i1(input)
        node: I0Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def i0_(self: Tensor) -> Tensor:
    """`i0` in place: writes its result over the tensor, which it returns.

    The modified Bessel function of the first kind of order 0, elementwise.

        >>> import mibun as torch
        >>> torch.i0(torch.tensor([0., 1.]))
        tensor([1.0000, 1.2661])

    Operator i0:
        vjp: lambda xp, g, input: g * xp.bessel_i1(input)
        node: I0Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def igamma(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularised lower incomplete gamma function P(input, other), elementwise; NaN below 0.

    Differentiable with respect to both, where PyTorch has no derivative for `input`.

    >>> import mibun as torch
    >>> torch.igamma(torch.tensor([1.]), torch.tensor([2.]))
    tensor([0.8647])

    Operator igamma:
        vjp of input: lambda xp, g, input, other: g * xp.igamma_order_derivative(input, other, n=1)
        vjp of other: _peak
            def _peak(xp, g, input, other):
                \"""The derivative of P(a, x) by x: x ** (a - 1) exp(-x) / gamma(a).\"""
                return g * xp.exp((input - 1) * xp.log(other) - other - xp.lgamma(input))
        node: IgammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
        shapes: broadcast; RuntimeError where they do not
    """

def igammac(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularised upper incomplete gamma function 1 - P(input, other), elementwise; see `igamma`.

    >>> import mibun as torch
    >>> torch.igammac(torch.tensor([1.]), torch.tensor([2.]))
    tensor([0.1353])

    Operator igammac:
        vjp of input: lambda xp, g, input, other: -g * xp.igamma_order_derivative(input, other, n=1)
        vjp of other: lambda xp, g, input, other: -_peak(xp, g, input, other)
        node: IgammacBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
        shapes: broadcast; RuntimeError where they do not
    """

def imag(input: Tensor) -> Tensor:
    """The imaginary part, a view. RuntimeError for real dtypes.

    >>> import mibun as torch
    >>> torch.imag(torch.tensor([3 + 4j, -1]))
    tensor([4., 0.])

    Operator view_as_real:
        vjp: lambda xp, g: xp.view_as_complex(xp.ascontiguousarray(g))
        node: ViewAsRealBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def index_add(
    input: Tensor, dim: _int, index: Tensor, source: Tensor, *, alpha: Number = 1, out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `alpha` times the slices of source added at some positions along a dimension.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: the positions, a vector of int64 or int32.
        source: of the input's dtype and shape, but for as many slices along `dim` as there are positions.
        alpha: a number.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Slices for one position add up.

    Raises:
        RuntimeError: where shapes or dtypes do not fit, or a position is out of range.

    >>> import mibun as torch
    >>> torch.index_add(torch.zeros(3), 0, torch.tensor([0, 2, 2]), torch.ones(3))
    tensor([1., 0., 2.])

    Operator add_slices:
        vjp of input: lambda xp, g: g
        vjp of source: lambda xp, g, index, source_shape, dim, alpha: _slices(xp, g, index, dim, source_shape) * alpha
        node: IndexAddBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def index_add(
    input: Tensor, *, axis: _int, index: Tensor, source: Tensor, alpha: Number = 1, out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `alpha` times the slices of source added at some positions along a dimension.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: the positions, a vector of int64 or int32.
        source: of the input's dtype and shape, but for as many slices along `dim` as there are positions.
        alpha: a number.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Slices for one position add up.

    Raises:
        RuntimeError: where shapes or dtypes do not fit, or a position is out of range.

    >>> import mibun as torch
    >>> torch.index_add(torch.zeros(3), 0, torch.tensor([0, 2, 2]), torch.ones(3))
    tensor([1., 0., 2.])

    Operator add_slices:
        vjp of input: lambda xp, g: g
        vjp of source: lambda xp, g, index, source_shape, dim, alpha: _slices(xp, g, index, dim, source_shape) * alpha
        node: IndexAddBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def index_copy(input: Tensor, dim: _int, index: Tensor, source: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the input with the slices of source written at the positions `index` along a dimension.

    >>> import mibun as torch
    >>> torch.index_copy(torch.zeros(3), 0, torch.tensor([2, 0]), torch.tensor([5., 6.]))
    tensor([6., 0., 5.])

    Operator copy_slices:
        vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
        vjp of source: lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape)
        node: IndexCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def index_copy(input: Tensor, *, axis: _int, index: Tensor, source: Tensor, out: Tensor | None = None) -> Tensor:
    """A copy of the input with the slices of source written at the positions `index` along a dimension.

    >>> import mibun as torch
    >>> torch.index_copy(torch.zeros(3), 0, torch.tensor([2, 0]), torch.tensor([5., 6.]))
    tensor([6., 0., 5.])

    Operator copy_slices:
        vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
        vjp of source: lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape)
        node: IndexCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def index_fill(input: Tensor, dim: _int, index: Tensor, value: Tensor | Number) -> Tensor:
    """A copy of the input with `value` (a number or a 0-d tensor) at the positions `index` along a dimension.

    >>> import mibun as torch
    >>> torch.index_fill(torch.zeros(3), 0, torch.tensor([0, 2]), 5)
    tensor([5., 0., 5.])

    Operator fill_slices_with:
        vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
        vjp of value: lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim))
        node: IndexFillBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fill_slices:
        vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
        jvp of input: lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)
        node: IndexFillBackward0
        dtypes: each as it is
    """
@overload
def index_fill(input: Tensor, *, axis: _int, index: Tensor, value: Tensor | Number) -> Tensor:
    """A copy of the input with `value` (a number or a 0-d tensor) at the positions `index` along a dimension.

    >>> import mibun as torch
    >>> torch.index_fill(torch.zeros(3), 0, torch.tensor([0, 2]), 5)
    tensor([5., 0., 5.])

    Operator fill_slices_with:
        vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
        vjp of value: lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim))
        node: IndexFillBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fill_slices:
        vjp of input: lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)
        jvp of input: lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)
        node: IndexFillBackward0
        dtypes: each as it is
    """

def index_put(input: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Tensor:
    """A copy of the input with values written at index tensors: what `input[indices] = values` does in place.

    Args:
        input: of any dtype.
        indices: a tuple of tensors (int64 or int32, or bool masks), one for each dimension; they broadcast.
        values: a tensor of the input's dtype that broadcasts to what the indices show.
        accumulate: add instead of replacing; several values for one place then add up.

    Returns:
        a new tensor of the input's shape.

    Raises:
        IndexError: for indices out of range, too many of them, or masks of another shape.
        RuntimeError: where values do not fit.

    >>> import mibun as torch
    >>> torch.index_put(torch.zeros(3), (torch.tensor([0, 0]),), torch.ones(2), accumulate=True)
    tensor([2., 0., 0.])

    Operator index_put_at:
        vjp of input: lambda xp, g, index, axes, accumulate: g if accumulate else xp.index_clear_at(g, index, axes=axes)
        vjp of values: lambda xp, g, index, axes: xp.index_at(g, index, axes=axes)
        node: IndexPutBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator index_put:
        vjp of input: _index_put_input
            def _index_put_input(xp: Any, g: Array, indices: tuple, accumulate: bool) -> Array:
                return g if accumulate else xp.index_clear(g, indices=indices)
        vjp of values: lambda xp, g, indices: xp.index(g, indices=indices)
        node: IndexPutBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def index_put_(input: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Tensor:
    """`index_put`, into the input itself.

    Operator copy_from:
        vjp of input: lambda xp, g: xp.zeros_like(g)
        vjp of source: lambda xp, g: g
        node: CopyBackwards
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator index_put_at:
        vjp of input: lambda xp, g, index, axes, accumulate: g if accumulate else xp.index_clear_at(g, index, axes=axes)
        vjp of values: lambda xp, g, index, axes: xp.index_at(g, index, axes=axes)
        node: IndexPutBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator index_put:
        vjp of input: _index_put_input
            def _index_put_input(xp: Any, g: Array, indices: tuple, accumulate: bool) -> Array:
                return g if accumulate else xp.index_clear(g, indices=indices)
        vjp of values: lambda xp, g, indices: xp.index(g, indices=indices)
        node: IndexPutBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def index_reduce(
    input: Tensor, dim: _int, index: Tensor, source: Tensor, reduce: str, *, include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with the slices of source reduced into those at `index` along a dimension.

    index: a vector of int32 or int64. source: of the input's shape, except for one slice per index. reduce: "prod",
    "mean", "amax" or "amin"; of equal extremes each gets the same part of the gradient. include_self: whether what is
    in the input counts too.

    >>> import mibun as torch
    >>> torch.index_reduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
    tensor([6., 1.])

    Operator index_reduced:
        vjp: _rule
            def _rule(xp, g, input, index, source, out, dim, reduce, include_self, needs):
                index = _everywhere(xp, index, tuple(source.shape), dim)
                return reduce_vjp(xp, g, input, index, source, out, dim, reduce, include_self, needs)
        node: IndexReduceBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def index_reduce(
    input: Tensor, *, axis: _int, index: Tensor, source: Tensor, reduce: str, include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with the slices of source reduced into those at `index` along a dimension.

    index: a vector of int32 or int64. source: of the input's shape, except for one slice per index. reduce: "prod",
    "mean", "amax" or "amin"; of equal extremes each gets the same part of the gradient. include_self: whether what is
    in the input counts too.

    >>> import mibun as torch
    >>> torch.index_reduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
    tensor([6., 1.])

    Operator index_reduced:
        vjp: _rule
            def _rule(xp, g, input, index, source, out, dim, reduce, include_self, needs):
                index = _everywhere(xp, index, tuple(source.shape), dim)
                return reduce_vjp(xp, g, input, index, source, out, dim, reduce, include_self, needs)
        node: IndexReduceBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def index_select(input: Tensor, dim: _int, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The slices at some positions along a dimension.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: the positions, a vector of int64 or int32.
        out: a tensor to write the result into.

    Returns:
        a new tensor, of as many slices. Its gradient is added up at the positions, as `index_add` does.

    Raises:
        IndexError: for positions out of range, and an index of more than one dimension.
        RuntimeError: for other dtypes of the index.

    >>> import mibun as torch
    >>> torch.index_select(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([1, 1, 0]))
    tensor([[2, 2, 1],
            [4, 4, 3]])

    Operator select_indices:
        vjp of input: lambda xp, g, input_shape, index, dim: xp.select_indices_embed(g, index, shape=input_shape, dim=dim)
        node: IndexSelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def index_select(input: Tensor, *, axis: _int, index: Tensor, out: Tensor | None = None) -> Tensor:
    """The slices at some positions along a dimension.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: the positions, a vector of int64 or int32.
        out: a tensor to write the result into.

    Returns:
        a new tensor, of as many slices. Its gradient is added up at the positions, as `index_add` does.

    Raises:
        IndexError: for positions out of range, and an index of more than one dimension.
        RuntimeError: for other dtypes of the index.

    >>> import mibun as torch
    >>> torch.index_select(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([1, 1, 0]))
    tensor([[2, 2, 1],
            [4, 4, 3]])

    Operator select_indices:
        vjp of input: lambda xp, g, input_shape, index, dim: xp.select_indices_embed(g, index, shape=input_shape, dim=dim)
        node: IndexSelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sum of products over the last axes; where one is 0-d, the product. Complex numbers are not conjugated.

    Args:
        input: (*a, n).
        other: (*b, n), of the same dtype.

    Returns:
        (*a, *b).

    Raises:
        RuntimeError: where the last sizes or the dtypes differ.

    >>> import mibun as torch
    >>> torch.inner(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
    tensor([3., 7.])

    Operator contract:
        vjp of input: lambda xp, g, other, labels: xp.contract(g, xp.conj(other), labels=(labels[2], labels[1], labels[0]))
        vjp of other: lambda xp, g, input, labels: xp.contract(xp.conj(input), g, labels=(labels[0], labels[2], labels[1]))
        node: ViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator dot:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: DotBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def instance_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None, running_var: Tensor | None,
    use_input_stats: _bool, momentum: _float, eps: _float, cudnn_enabled: _bool,
) -> Tensor:
    """Standardise channels of samples; see `nn.functional.instance_norm`. cudnn_enabled: no meaning on the CPU.

    Operator batch_norm_in_evaluation:
        vjp: _running_rule
            def _running_rule(xp, g, input, weight, running_mean, running_var, eps, needs):
                axes = _batch_axes(g.ndim)
                g, input, weight, running_mean, running_var = _wide(xp, g, input, weight, running_mean, running_var)
                scale = _per_channel(xp, 1 / xp.sqrt(running_var + eps), g.ndim)
                return (
                    g * _scaled(xp, scale, weight, g.ndim) if needs[0] else None,
                    xp.sum(g * ((input - _per_channel(xp, running_mean, g.ndim)) * scale), axis=axes) if needs[1] else None,
                    xp.sum(g, axis=axes) if needs[2] else None,
                    None,
                    None,
                )
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator batch_norm_in_training:
        vjp: _batch_norm_rule
            def _batch_norm_rule(xp, g, input, weight, eps, needs):
                # With c = x - mean and s = 1 / sqrt(variance + eps), the gradient of x is s weight (g - mean(g) - c s² mean(g c)).
                axes = _batch_axes(g.ndim)
                g, input, weight = _wide(xp, g, input, weight)
                centred, _, variance = _statistics(xp, input, axes)
                scale = 1 / xp.sqrt(variance + eps)
                count = math.prod([g.shape[axis] for axis in axes])
                if count == 0:
                    nothing = xp.sum(g, axis=axes)
                    return g, nothing, nothing
                of_g, of_products = xp.mean(g, axis=axes, keepdims=True), xp.mean_of_products(g, centred, axes)
                grad = None
                if needs[0]:
                    slope = -of_products * scale * scale
                    grad = (centred * slope + g - of_g) * _scaled(xp, scale, weight, g.ndim)  # (NumPy reuses what comes first)
                return (
                    grad,
                    xp.reshape(of_products * scale * count, (-1,)) if needs[1] else None,
                    xp.reshape(of_g * count, (-1,)) if needs[2] else None,
                )
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def inverse(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of square matrices: see `linalg.inv`.

    Operator linalg_inv_ex:
        vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
        jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
        node: LinalgInvExBackward0
        dtypes: each as it is
    """

def is_complex(input: Tensor) -> _bool:
    """Whether the dtype is complex.

    >>> import mibun as torch
    >>> torch.is_complex(torch.tensor([1j]))
    True
    """

def is_conj(input: Tensor) -> _bool:
    """Whether the conjugation is only noted and still to be computed: never here."""

def is_distributed(input: Tensor) -> _bool:
    """Whether the tensor is spread over several machines: False."""

def is_floating_point(input: Tensor) -> _bool:
    """Whether the dtype is a real floating point one.

    >>> import mibun as torch
    >>> torch.is_floating_point(torch.tensor([1]))
    False
    """

def is_inference(self: Tensor) -> _bool:
    """Whether this tensor was made in inference mode."""

def is_neg(input: Tensor) -> _bool:
    """Whether the negation is only noted and still to be computed: never here."""

def is_nonzero(input: Tensor) -> _bool:
    """Whether the only element is not 0. RuntimeError unless there is exactly one.

    >>> import mibun as torch
    >>> torch.is_nonzero(torch.tensor([0.]))
    False

    Operator to_copy:
        vjp: lambda xp, g: g
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def is_same_size(input: Tensor, other: Tensor) -> _bool:
    """Whether two Tensors have the same shape.

    >>> import mibun as torch
    >>> torch.is_same_size(torch.ones(2, 3), torch.zeros(2, 3))
    True
    """

def is_signed(input: Tensor) -> _bool:
    """Whether the dtype can hold negative numbers.

    >>> import mibun as torch
    >>> torch.is_signed(torch.tensor([1], dtype=torch.uint8))
    False
    """

def is_storage(obj: Any) -> _bool:
    """Whether the object is a storage."""

def is_tensor(obj: Any) -> _bool:
    """Whether the object is a Tensor.

    >>> import mibun as torch
    >>> torch.is_tensor(torch.ones(2)), torch.is_tensor([1.])
    (True, False)
    """

def isclose(
    input: Tensor, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False,
) -> Tensor:
    """Whether |input - other| <= atol + rtol * |other|, elementwise; infinities are close to themselves only.

    Args:
        input, other: of one dtype and shapes that broadcast.
        rtol, atol: the tolerances, not negative.
        equal_nan: whether NaN is close to NaN.

    Returns:
        a bool Tensor.

    Raises:
        RuntimeError: where the dtypes differ, or a tolerance is negative.

    >>> import mibun as torch
    >>> torch.isclose(torch.tensor([1., 2.]), torch.tensor([1., 2.1]))
    tensor([ True, False])

    Operator isclose:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def isfinite(input: Tensor) -> Tensor:
    """Whether neither infinite nor NaN, elementwise: a bool Tensor.

    Args:
        input: of any shape and dtype.

    >>> import mibun as torch
    >>> torch.isfinite(torch.tensor([1., float("inf")]))
    tensor([ True, False])

    Operator isfinite:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def isin(
    elements: Tensor | Number, test_elements: Tensor | Number, *, assume_unique: _bool = False, invert: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Whether each of the elements is among others; bool, of their shape. One of the two may be a number.

    invert: whether it is not. assume_unique is a hint only. RuntimeError for bool and complex, TypeError for two
    numbers.

    >>> import mibun as torch
    >>> torch.isin(torch.tensor([1, 2, 3]), torch.tensor([2, 5]))
    tensor([False,  True, False])

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is

    Operator sortbackward1:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward1
        dtypes: each as it is
    """

def isinf(input: Tensor) -> Tensor:
    """Whether infinite (for complex: in either part), elementwise.

    >>> import mibun as torch
    >>> torch.isinf(torch.tensor([1., float("-inf")]))
    tensor([False,  True])

    Operator isinf:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def isnan(input: Tensor) -> Tensor:
    """Whether NaN, elementwise: a bool Tensor.

    Args:
        input: of any shape and dtype; a complex number is NaN if either part is.

    >>> import mibun as torch
    >>> torch.isnan(torch.tensor([1., float("nan")]))
    tensor([False,  True])

    Operator isnan:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def isneginf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether -inf, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.isneginf(torch.tensor([float("inf"), float("-inf")]))
    tensor([False,  True])

    Operator isneginf:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def isposinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether +inf, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.isposinf(torch.tensor([float("inf"), float("-inf")]))
    tensor([ True, False])

    Operator isposinf:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def isreal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the imaginary part is 0, elementwise: true for every element of a real dtype.

    >>> import mibun as torch
    >>> torch.isreal(torch.tensor([3 + 4j, -1]))
    tensor([False,  True])

    Operator isreal:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def istft(
    input: Tensor, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None,
    window: Tensor | None = None, center: _bool = True, normalized: _bool = False, onesided: _bool | None = None,
    length: _int | None = None, return_complex: _bool = False,
) -> Tensor:
    """The signals of whose stretches `stft` gives the transforms: they are transformed back, multiplied with the
    window, added up, and divided by the sum of the squared windows, which is the least-squares estimate.

    Args:
        input: (frequencies, times) or (B, frequencies, times), complex.
        n_fft, hop_length, win_length, window, center, normalized, onesided: as for `stft`.
        length: of the signals; by default as far as the stretches go.
        return_complex: for signals that were complex.

    Returns:
        (L,) or (B, L).

    Raises:
        RuntimeError: for sizes that do not fit, real input, and where the windows leave a gap in the signal.

    Source: Griffin and Lim, "Signal estimation from modified short-time Fourier transform" (1984).

    >>> import mibun as torch
    >>> signal, window = torch.arange(8.0), torch.hann_window(4)
    >>> spectrum = torch.stft(signal, 4, window=window, return_complex=True)
    >>> torch.istft(spectrum, 4, window=window).allclose(signal, atol=1e-6)
    True

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def kaiser_window(
    window_length: _int, periodic: _bool = True, beta: _float = 12.0, *, dtype: _dtype | None = None,
    layout: _layout | None = None, device: _device | str | _int | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Kaiser's window: `I0(beta sqrt(1 - (2 t - 1)²)) / I0(beta)`, t from 0 to 1, I0 the modified Bessel function.

    beta: how narrow it is. Other arguments and errors as for `hann_window`.

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator maximum:
        vjp of input: for_input
            def for_input(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
            with better = 'greater'
        vjp of other: for_other
            def for_other(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
            with better = 'greater'
        node: MaximumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def kl_div(input: Tensor, target: Tensor, reduction: _int = 0, *, log_target: _bool = False) -> Tensor:
    """`nn.functional.kl_div`; the mean is that over all elements.

    Operator exp:
        vjp: lambda xp, g, out: g * xp.conj(out)
        node: ExpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator mean:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g / (count(input_shape, range(len(input_shape))) or 1), input_shape)
        node: MeanBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator mean_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(
            spread(xp, g, input_shape, dims) / (count(input_shape, dims) or 1), input_shape
        )
        node: MeanBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Kronecker product: each element of `input` times the whole of `other`, laid out as blocks.

    Args:
        input: (a0, ..., an).
        other: (b0, ..., bn); the one with fewer dimensions gets further ones of size 1 in front. Dtypes are promoted.

    Returns:
        (a0 b0, ..., an bn).

    >>> import mibun as torch
    >>> torch.kron(torch.tensor([1, 10]), torch.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def kthvalue(
    input: Tensor, k: _int, dim: _int = -1, keepdim: _bool = False, *, out: Sequence[Tensor] | None = None,
) -> return_types.kthvalue:
    """The k-th smallest element along a dimension (k from 1), with its index: (values, indices).

    >>> import mibun as torch
    >>> torch.kthvalue(torch.tensor([3., 1., 2.]), 2).values
    tensor(2.)

    Operator kthvalue:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: KthvalueBackward0
        dtypes: each as it is
    """
@overload
def kthvalue(
    input: Tensor, k: _int, *, axis: _int, keepdims: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.kthvalue:
    """The k-th smallest element along a dimension (k from 1), with its index: (values, indices).

    >>> import mibun as torch
    >>> torch.kthvalue(torch.tensor([3., 1., 2.]), 2).values
    tensor(2.)

    Operator kthvalue:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: KthvalueBackward0
        dtypes: each as it is
    """

def layer_norm(
    input: Tensor, normalized_shape: Sequence[_int], weight: Tensor | None = None, bias: Tensor | None = None,
    eps: _float = 1e-05, cudnn_enable: _bool = True,
) -> Tensor:
    """Standardise over the last dimensions; see `nn.functional.layer_norm`. cudnn_enable: no meaning on the CPU.

    Operator layer_norm_over:
        vjp: _layer_norm_rule
            def _layer_norm_rule(xp, g, input, weight, bias, n, eps, needs):
                # PyTorch saves the bias too, and so notices its modification.
                axes = tuple(range(g.ndim - n, g.ndim))
                g, input, weight = _wide(xp, g, input, weight)
                standard, scale = _standardised(xp, input, axes, eps)
                inner = g if weight is None else g * weight
                return (
                    _through_standardised(xp, inner, standard, scale, axes) if needs[0] else None,
                    g * standard if needs[1] else None,
                    g if needs[2] else None,
                )
        node: NativeLayerNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def lcm(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The least common multiple of integers, elementwise, never negative; 0 where one of them is.

    Args:
        input, other: integer Tensors of shapes that broadcast.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch.lcm(torch.tensor([4, 3]), torch.tensor([6, 0]))
    tensor([12,  0])

    Operator lcm:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: bool, floating, complex, bfloat16
    """

def lcm_(self: Tensor, other: Tensor) -> Tensor:
    """`lcm` in place: writes its result over the tensor, which it returns.

    The least common multiple of integers, elementwise, never negative; 0 where one of them is.

        Args:
            input, other: integer Tensors of shapes that broadcast.

        Raises:
            NotImplementedError: for other dtypes.

        >>> import mibun as torch
        >>> torch.lcm(torch.tensor([4, 3]), torch.tensor([6, 0]))
        tensor([12,  0])

    Operator lcm:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: bool, floating, complex, bfloat16
    """

def ldexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """input * 2 ** other, elementwise; `other` need not be whole. Tensors that broadcast.

    >>> import mibun as torch
    >>> torch.ldexp(torch.tensor([1.5]), torch.tensor([4]))
    tensor([24.])

    Operator ldexp:
        vjp of input: lambda xp, g, other: g * xp.conj(xp.exp2(other))
        vjp of other: lambda xp, g, out: g * xp.conj(out) * math.log(2)
        node: LdexpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        shapes: broadcast; RuntimeError where they do not
    """

def ldexp_(self: Tensor, other: Tensor) -> Tensor:
    """`ldexp` in place: writes its result over the tensor, which it returns.

    input * 2 ** other, elementwise; `other` need not be whole. Tensors that broadcast.

        >>> import mibun as torch
        >>> torch.ldexp(torch.tensor([1.5]), torch.tensor([4]))
        tensor([24.])

    Operator ldexp:
        vjp of input: lambda xp, g, other: g * xp.conj(xp.exp2(other))
        vjp of other: lambda xp, g, out: g * xp.conj(out) * math.log(2)
        node: LdexpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        shapes: broadcast; RuntimeError where they do not
    """

def le(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input <= other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.le(torch.tensor([1, 2, 3]), 2)
    tensor([ True,  True, False])

    Operator le:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def lerp(input: Tensor, end: Tensor, weight: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The linear interpolation input + weight * (end - input), elementwise.

    Args:
        input, end: of one floating or complex dtype and shapes that broadcast.
        weight: a Tensor of that dtype that broadcasts, or a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where the dtypes differ.

    It is computed from the nearer end, so that weight 1 gives `end` exactly.

    >>> import mibun as torch
    >>> torch.lerp(torch.tensor([0., 10.]), torch.tensor([10., 20.]), 0.25)
    tensor([ 2.5000, 12.5000])

    Operator lerp_tensor:
        vjp of input: lambda xp, g, weight: g * xp.conj(1 - weight)
        vjp of end: lambda xp, g, weight: g * xp.conj(weight)
        vjp of weight: lambda xp, g, input, end: g * xp.conj(end - input)
        node: LerpBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer
        shapes: broadcast; RuntimeError where they do not

    Operator lerp_scalar:
        vjp of input: lambda xp, g, weight: g * (1 - weight).conjugate()
        vjp of end: lambda xp, g, weight: g * weight.conjugate()
        node: LerpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer
        shapes: broadcast; RuntimeError where they do not
    """

def less(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input < other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.lt(torch.tensor([1, 2, 3]), 2)
    tensor([ True, False, False])

    Operator lt:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def less_equal(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input <= other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.le(torch.tensor([1, 2, 3]), 2)
    tensor([ True,  True, False])

    Operator le:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def lgamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log |Γ(input)|, elementwise; infinite at 0 and the negative integers.

    Args:
        input: of any shape and real dtype. Integers and bools give the default dtype.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.lgamma(torch.tensor([3., 0.5]))
    tensor([0.6931, 0.5724])

    Operator lgamma:
        vjp: lambda xp, g, input: g * xp.digamma(input)
        node: LgammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def lgamma_(self: Tensor) -> Tensor:
    """`lgamma` in place: writes its result over the tensor, which it returns.

    log |Γ(input)|, elementwise; infinite at 0 and the negative integers.

        Args:
            input: of any shape and real dtype. Integers and bools give the default dtype.

        Raises:
            NotImplementedError: for complex dtypes.

        >>> import mibun as torch
        >>> torch.lgamma(torch.tensor([3., 0.5]))
        tensor([0.6931, 0.5724])

    Operator lgamma:
        vjp: lambda xp, g, input: g * xp.digamma(input)
        node: LgammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def linspace(
    start: Tensor | Number, end: Tensor | Number, steps: _int, *, out: Tensor | None = None,
    dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """`steps` evenly spaced numbers from start to end, both included.

    Args:
        start, end: numbers or 0-d Tensors.
        steps: how many numbers, at least 0.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype, or its complex one for complex ends.

    Returns:
        a vector of `steps` numbers.

    Raises:
        RuntimeError: where `steps` is negative, or complex ends meet a real dtype.

    They are counted from both ends, so that both are met exactly.

    >>> import mibun as torch
    >>> torch.linspace(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """

def log(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The natural logarithm, elementwise; -inf at 0 and NaN below it for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log(torch.tensor([1., 0., -1.]))
    tensor([0., -inf, nan])

    Operator log:
        vjp: lambda xp, g, input: g / xp.conj(input)
        node: LogBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log10(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 10, elementwise; -inf at 0 and NaN below it for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log10(torch.tensor([100, 1]))
    tensor([2.0000, 0.0000])

    Operator log10:
        vjp: lambda xp, g, input: g / xp.conj(input * LN10)
        node: Log10Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log10_(self: Tensor) -> Tensor:
    """`log10` in place: writes its result over the tensor, which it returns.

    The logarithm to base 10, elementwise; -inf at 0 and NaN below it for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log10(torch.tensor([100, 1]))
        tensor([2.0000, 0.0000])

    Operator log10:
        vjp: lambda xp, g, input: g / xp.conj(input * LN10)
        node: Log10Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(1 + input), elementwise, exact near 0.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log1p(torch.tensor([0., -1.]))
    tensor([0., -inf])

    Operator log1p:
        vjp: lambda xp, g, input: g / xp.conj(input + 1)
        node: Log1PBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log1p_(self: Tensor) -> Tensor:
    """`log1p` in place: writes its result over the tensor, which it returns.

    log(1 + input), elementwise, exact near 0.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log1p(torch.tensor([0., -1.]))
        tensor([0., -inf])

    Operator log1p:
        vjp: lambda xp, g, input: g / xp.conj(input + 1)
        node: Log1PBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 2, elementwise; -inf at 0 and NaN below it for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.log2(torch.tensor([8, 1]))
    tensor([3., 0.])

    Operator log2:
        vjp: lambda xp, g, input: g / xp.conj(input * LN2)
        node: Log2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log2_(self: Tensor) -> Tensor:
    """`log2` in place: writes its result over the tensor, which it returns.

    The logarithm to base 2, elementwise; -inf at 0 and NaN below it for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log2(torch.tensor([8, 1]))
        tensor([3., 0.])

    Operator log2:
        vjp: lambda xp, g, input: g / xp.conj(input * LN2)
        node: Log2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def log_(self: Tensor) -> Tensor:
    """`log` in place: writes its result over the tensor, which it returns.

    The natural logarithm, elementwise; -inf at 0 and NaN below it for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.log(torch.tensor([1., 0., -1.]))
        tensor([0., -inf, nan])

    Operator log:
        vjp: lambda xp, g, input: g / xp.conj(input)
        node: LogBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

@overload
def log_softmax(input: Tensor, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """`log(softmax(input))` over one dimension, accurate also where softmax underflows; arguments as for `softmax`.

    >>> import mibun as torch
    >>> torch.log_softmax(torch.zeros(4), dim=0)
    tensor([-1.3863, -1.3863, -1.3863, -1.3863])

    Operator log_softmax_over:
        vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
        node: LogSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def log_softmax(input: Tensor, *, axis: _int, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """`log(softmax(input))` over one dimension, accurate also where softmax underflows; arguments as for `softmax`.

    >>> import mibun as torch
    >>> torch.log_softmax(torch.zeros(4), dim=0)
    tensor([-1.3863, -1.3863, -1.3863, -1.3863])

    Operator log_softmax_over:
        vjp: lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True)
        node: LogSoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def logaddexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(exp(input) + exp(other)), elementwise, without overflow.

    Args:
        input, other: Tensors of shapes that broadcast and floating or complex dtypes.

    Raises:
        NotImplementedError: for integers and bools.

    >>> import mibun as torch
    >>> torch.logaddexp(torch.tensor([1000.]), torch.tensor([1000.]))
    tensor([1000.6932])

    Operator logaddexp:
        vjp of input: lambda xp, g, input, other: g * xp.conj(xp.logistic(input - other))
        vjp of other: lambda xp, g, input, other: g * xp.conj(xp.logistic(other - input))
        node: LogaddexpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer
        shapes: broadcast; RuntimeError where they do not
    """

def logaddexp2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log2(2 ** input + 2 ** other), elementwise, without overflow.

    >>> import mibun as torch
    >>> torch.logaddexp2(torch.tensor([3.]), torch.tensor([3.]))
    tensor([4.])

    Operator logaddexp2:
        vjp of input: lambda xp, g, input, other: g * xp.logistic((input - other) * LN2)
        vjp of other: lambda xp, g, input, other: g * xp.logistic((other - input) * LN2)
        node: Logaddexp2Backward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def logcumsumexp(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor:
    """log(cumsum(exp(input))) along a dimension, without overflow. NotImplementedError for integers.

    >>> import mibun as torch
    >>> torch.logcumsumexp(torch.tensor([0., 0.]), 0)
    tensor([0.0000, 0.6931])

    Operator logcumsumexp:
        vjp: _logcumsumexp_rule
            def _logcumsumexp_rule(xp, g, input, out, dim):
                \"""sum over j >= i of g[j] exp(x[i] - out[j]), as a recurrence with factors exp(out[i] - out[i+1]) <= 1.

                Where the sum has become infinite, and stays so, the factor is 1: what was finite has no gradient from there.
                \"""
                if input.ndim == 0:
                    return g * xp.conj(xp.exp(input - out))
                if 0 in input.shape:
                    return g
                previous = _delayed(xp, out, dim, lambda x: x)
                stays = xp.logical_and(xp.isinf(out), xp.equal(previous, out))
                ratios = xp.flip(xp.conj(xp.exp(xp.where(stays, xp.zeros_like(out), previous - out))), axis=dim)
                s = xp.linear_scan(xp.flip(g, axis=dim), _delayed(xp, ratios, dim, xp.zeros_like), dim=dim)
                return xp.flip(s, axis=dim) * xp.conj(xp.exp(input - out))
        node: LogcumsumexpBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def logcumsumexp(input: Tensor, *, axis: _int, out: Tensor | None = None) -> Tensor:
    """log(cumsum(exp(input))) along a dimension, without overflow. NotImplementedError for integers.

    >>> import mibun as torch
    >>> torch.logcumsumexp(torch.tensor([0., 0.]), 0)
    tensor([0.0000, 0.6931])

    Operator logcumsumexp:
        vjp: _logcumsumexp_rule
            def _logcumsumexp_rule(xp, g, input, out, dim):
                \"""sum over j >= i of g[j] exp(x[i] - out[j]), as a recurrence with factors exp(out[i] - out[i+1]) <= 1.

                Where the sum has become infinite, and stays so, the factor is 1: what was finite has no gradient from there.
                \"""
                if input.ndim == 0:
                    return g * xp.conj(xp.exp(input - out))
                if 0 in input.shape:
                    return g
                previous = _delayed(xp, out, dim, lambda x: x)
                stays = xp.logical_and(xp.isinf(out), xp.equal(previous, out))
                ratios = xp.flip(xp.conj(xp.exp(xp.where(stays, xp.zeros_like(out), previous - out))), axis=dim)
                s = xp.linear_scan(xp.flip(g, axis=dim), _delayed(xp, ratios, dim, xp.zeros_like), dim=dim)
                return xp.flip(s, axis=dim) * xp.conj(xp.exp(input - out))
        node: LogcumsumexpBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant of square matrices (*, n, n): (*,), -inf where it is 0, NaN where it is
    negative.

    RuntimeError where they are not square, or integers. See `linalg.slogdet` for the logarithm of the absolute value.

    >>> import mibun as torch
    >>> torch.logdet(torch.eye(3))
    tensor(0.)

    Operator linalg_slogdet:
        vjp: _slogdet_rule
            def _slogdet_rule(xp, g, A, sign):
                \"""d log det A = tr(A^-1 dA) = z; the logarithm of the size is its real part, and d sign = i sign im(z).

                So the gradient is A^-H times g_log + i im(conj(sign) g_sign).
                \"""
                g_sign, g_log = g
                if xp.isdtype(A.dtype, "complex floating"):
                    turn = xp.conj(sign) * g_sign
                    g_log = g_log + (turn - xp.conj(turn)) * 0.5
                return _scalars(xp, g_log) * adjoint(xp, xp.linalg_inv_ex(A)[0])
        jvp: _slogdet_jvp
            def _slogdet_jvp(xp, t, A, sign):
                z = xp.sum(diagonal_of(xp, xp.linalg_solve_ex(A, t, left=True, vector=False)[0]), axis=-1)
                if xp.isdtype(A.dtype, "complex floating"):
                    return sign * ((z - xp.conj(z)) * 0.5), xp.real(z)
                return xp.zeros_like(z), z
        node: LinalgSlogdetBackward0
        dtypes: each as it is
    """

def logical_and(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether both are non-zero, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes.

    >>> import mibun as torch
    >>> torch.logical_and(torch.tensor([0, 1, 2]), torch.tensor([True, True, False]))
    tensor([False,  True, False])

    Operator logical_and:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def logical_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether zero, elementwise: a bool Tensor.

    Args:
        input: of any shape and dtype.

    >>> import mibun as torch
    >>> torch.logical_not(torch.tensor([0., 3.]))
    tensor([ True, False])

    Operator logical_not:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def logical_or(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether either is non-zero, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes.

    >>> import mibun as torch
    >>> torch.logical_or(torch.tensor([0, 1, 2]), torch.tensor([False, True, False]))
    tensor([False,  True,  True])

    Operator logical_or:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def logical_xor(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether exactly one is non-zero, elementwise; any dtypes.

    >>> import mibun as torch
    >>> torch.logical_xor(torch.tensor([0, 1, 2]), torch.tensor([True, True, False]))
    tensor([ True, False,  True])

    Operator logical_xor:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def logit(input: Tensor, eps: _float | None = None, *, out: Tensor | None = None) -> Tensor:
    """log(input / (1 - input)), elementwise: the inverse of `sigmoid`.

    With `eps` the input is clamped to [eps, 1 - eps] first; without, values outside of [0, 1] give NaN.

    >>> import mibun as torch
    >>> torch.logit(torch.tensor([0.5, 0.9]))
    tensor([0.0000, 2.1972])

    Operator logit:
        vjp: _logit_rule
            def _logit_rule(xp, g, input, eps):
                inside = g * (1 / input + 1 / (1 - input))  # two terms, as the square of x (1 - x) underflows
                if eps is None:
                    return xp.where((input < 0) | (input > 1), math.nan, inside)
                return xp.where((input >= eps) & (input <= 1 - eps), inside, 0.0)
        node: LogitBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def logit_(self: Tensor, eps: _float | None = None) -> Tensor:
    """`logit` in place: writes its result over the tensor, which it returns.

    log(input / (1 - input)), elementwise: the inverse of `sigmoid`.

        With `eps` the input is clamped to [eps, 1 - eps] first; without, values outside of [0, 1] give NaN.

        >>> import mibun as torch
        >>> torch.logit(torch.tensor([0.5, 0.9]))
        tensor([0.0000, 2.1972])

    Operator logit:
        vjp: _logit_rule
            def _logit_rule(xp, g, input, eps):
                inside = g * (1 / input + 1 / (1 - input))  # two terms, as the square of x (1 - x) underflows
                if eps is None:
                    return xp.where((input < 0) | (input > 1), math.nan, inside)
                return xp.where((input >= eps) & (input <= 1 - eps), inside, 0.0)
        node: LogitBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def logspace(
    start: Tensor | Number, end: Tensor | Number, steps: _int, base: _float = 10.0, *, out: Tensor | None = None,
    dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """base to the powers of `steps` evenly spaced numbers from start to end, both included.

    Args:
        start, end: numbers or 0-d Tensors, the first and the last exponent.
        steps: how many numbers, at least 0.
        base: a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where `steps` is negative, or complex ends meet a real dtype.

    >>> import mibun as torch
    >>> torch.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """

@overload
def logsumexp(
    input: Tensor, dim: _int | Sequence[_int], keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """log(sum(exp(input))) over dimensions, without overflow: the largest element is taken out of the exponent.

    Args:
        input: of any dtype; bools and integers give the default dtype.
        dim: one dimension or several.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the logarithms; -inf for those of nothing. The gradient is that of the result times softmax(input).

    Raises:
        TypeError: without dimensions.

    >>> import mibun as torch
    >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
    tensor(1000.6932)

    Operator logsumexp:
        vjp: lambda xp, g, input, out, dims: (
            spread(xp, g, input.shape, dims) * xp.conj(xp.exp(input - spread(xp, out, input.shape, dims)))
        )
        jvp: lambda xp, t, input, out, dims, keepdim: xp.sum(
            t * xp.exp(input - spread(xp, out, input.shape, dims)), axis=dims, keepdims=keepdim
        )
        node: LogsumexpBackward0
        dtypes: the operands' common one, the default one for integers and bools
    """
@overload
def logsumexp(
    input: Tensor, *, axis: _int | Sequence[_int], keepdims: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """log(sum(exp(input))) over dimensions, without overflow: the largest element is taken out of the exponent.

    Args:
        input: of any dtype; bools and integers give the default dtype.
        dim: one dimension or several.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the logarithms; -inf for those of nothing. The gradient is that of the result times softmax(input).

    Raises:
        TypeError: without dimensions.

    >>> import mibun as torch
    >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
    tensor(1000.6932)

    Operator logsumexp:
        vjp: lambda xp, g, input, out, dims: (
            spread(xp, g, input.shape, dims) * xp.conj(xp.exp(input - spread(xp, out, input.shape, dims)))
        )
        jvp: lambda xp, t, input, out, dims, keepdim: xp.sum(
            t * xp.exp(input - spread(xp, out, input.shape, dims)), axis=dims, keepdims=keepdim
        )
        node: LogsumexpBackward0
        dtypes: the operands' common one, the default one for integers and bools
    """

def lstm(
    input: Tensor, hx: Tensor | Sequence[Tensor], params: Sequence[Tensor], has_biases: _bool, num_layers: _int,
    dropout: _float, train: _bool, bidirectional: _bool, batch_first: _bool,
) -> tuple[Tensor, ...]:
    """All steps and layers of a recurrent network, as the modules call it.

    lstm(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first), or with packed data
    lstm(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional). hx: two tensors: hidden and cell of shape
    (layers * directions, batch, size). Returns the outputs of the last layer, and the last states.

    Operator lstm_layer:
        vjp: _lstm_rule
            31 lines in mibun.ops.nn.recurrent_layers
        node: MkldnnRnnLayerBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
        raises for: bool, signed integer, unsigned integer
    """

def lstm_cell(
    input: Tensor, hx: Sequence[Tensor], w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM: input (N, in) and hx = (hidden, cell), each (N, H), to the new (hidden, cell).

    w_ih: (4 H, in), w_hh: (4 H, H), b_ih and b_hh: (4 H), in the order of the gates i, f, g, o. RuntimeError where
    sizes do not fit. Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).

    >>> import mibun as torch
    >>> state = torch.zeros(1, 2), torch.zeros(1, 2)
    >>> hidden, cell = torch.lstm_cell(torch.ones(1, 3), state, torch.ones(8, 3), torch.ones(8, 2))
    >>> hidden
    tensor([[0.7038, 0.7038]])

    Operator lstm_layer:
        vjp: _lstm_rule
            31 lines in mibun.ops.nn.recurrent_layers
        node: MkldnnRnnLayerBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
        raises for: bool, signed integer, unsigned integer
    """

def lstsq(input: Tensor, A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.lstsq` is what replaces it."""

def lt(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input < other, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.

    Raises:
        NotImplementedError: for complex dtypes.

    >>> import mibun as torch
    >>> torch.lt(torch.tensor([1, 2, 3]), 2)
    tensor([ True, False, False])

    Operator lt:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def lu(
    A: Tensor, pivot: _bool = True, get_infos: _bool = False, out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """(LU, pivots), and info if `get_infos`: see `linalg.lu_factor`, which is newer.

    Operator linalg_lu_factor_ex:
        vjp: _lu_factor_rule
            def _lu_factor_rule(xp, g, LU, pivots):
                p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                return xp.matmul(p, _factors_gradient(xp, *_triangles(xp, g), *_split(xp, LU)))
        jvp: _lu_factor_jvp
            def _lu_factor_jvp(xp, t, LU, pivots):
                p = _rows_matrix(xp, pivots, LU.shape[-2], LU.dtype)
                dl, du = _factors_tangent(xp, xp.matmul(xp.matrix_transpose(p), t), *_split(xp, LU))
                return (_packed(xp, xp.tril(dl, k=-1), du),)
        node: LinalgLuFactorExBackward0
        dtypes: each as it is
    """

def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None) -> Tensor:
    """X with A X = b, given the factorization of A: see `linalg.lu_solve`, which is newer.

    Operator linalg_lu_solve:
        vjp of LU: _lu_solve_rule
            def _lu_solve_rule(xp, g, LU, pivots, out, left, adjoint):
                \"""The gradient G of A first, as for any solve, then of its factors: gL = P^T G U^H, gU = L^H P^T G.\"""
                solved = xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)
                total = _gradient_of_matrix(xp, solved, out, left, adjoint)
                p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
                total = xp.matmul(xp.matrix_transpose(p), total)
                lower, upper = _split(xp, LU)
                gl = xp.matmul(total, conjugate_transpose(xp, upper))
                gu = xp.matmul(conjugate_transpose(xp, lower), total)
                return xp.tril(gl, k=-1) + xp.triu(gu)
        vjp of B: _lu_solution_rule
            def _lu_solution_rule(xp, g, LU, pivots, left, adjoint):
                return xp.linalg_lu_solve(LU, pivots, g, left=left, adjoint=not adjoint)
        jvp of LU: _lu_solve_jvp
            def _lu_solve_jvp(xp, t, LU, pivots, out, left, adjoint):
                lower, upper = _split(xp, LU)
                p = _rows_matrix(xp, pivots, LU.shape[-1], LU.dtype)
                change = xp.matmul(p, xp.matmul(xp.tril(t, k=-1), upper) + xp.matmul(lower, xp.triu(t)))
                if adjoint:
                    change = conjugate_transpose(xp, change)
                product = xp.matmul(change, out) if left else xp.matmul(out, change)
                return -xp.linalg_lu_solve(LU, pivots, product, left=left, adjoint=adjoint)
        jvp of B: lambda xp, t, LU, pivots, left, adjoint: xp.linalg_lu_solve(LU, pivots, t, left=left, adjoint=adjoint)
        node: LinalgLuSolveBackward0
        dtypes: each as it is
    """

def lu_unpack(
    LU_data: Tensor, LU_pivots: Tensor, unpack_data: _bool = True, unpack_pivots: _bool = True, *,
    out: Sequence[Tensor] | None = None,
) -> return_types.lu_unpack:
    """(P, L, U) from the factorization of `linalg.lu_factor`; what is not unpacked is empty.

    Operator lu_unpack:
        vjp: lambda xp, g: _packed(xp, xp.tril(g[0], k=-1), xp.triu(g[1]))
        jvp: lambda xp, t: _triangles(xp, t)
        node: LuUnpackBackward0
        dtypes: each as it is

    Operator pivots_to_matrix:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0.0, reduction: _int = 0,
) -> Tensor:
    """`nn.functional.margin_ranking_loss`.

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def masked_fill(input: Tensor, mask: Tensor, value: Tensor | Number) -> Tensor:
    """A copy with `value` where the mask holds.

    Args:
        mask: a bool Tensor that broadcasts with input.
        value: a number or a 0-d Tensor.

    Returns:
        a Tensor of the input's dtype.

    Raises:
        RuntimeError: where the dtype cannot hold the value, or the mask is not bool.

    >>> import mibun as torch
    >>> torch.tensor([1., 2.]).masked_fill(torch.tensor([True, False]), 0)
    tensor([0., 2.])

    Operator masked_fill_tensor:
        vjp of input: lambda xp, g, mask: xp.where(mask, 0.0, g)
        vjp of value: lambda xp, g, mask: xp.where(mask, g, 0.0)
        jvp of input: lambda xp, t, mask: xp.where(mask, 0.0, t)
        jvp of value: lambda xp, t, mask: xp.where(mask, t, 0.0)
        node: MaskedFillBackward1
        dtypes: each as it is

    Operator masked_fill_number:
        vjp of input: lambda xp, g, mask: xp.where(mask, 0.0, g)
        jvp of input: lambda xp, t, mask: xp.where(mask, 0.0, t)
        node: MaskedFillBackward0
        dtypes: each as it is
    """

def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy of the input with the elements of source, in order, where a bool mask is true; they broadcast.

    >>> import mibun as torch
    >>> torch.masked_scatter(torch.zeros(3), torch.tensor([True, False, True]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])

    Operator mask_write:
        vjp of input: lambda xp, g, mask: xp.where(mask, xp.zeros_like(g), g)
        vjp of source: lambda xp, g, mask, source_shape: xp.mask_taken(g, mask, shape=source_shape)
        node: MaskedScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements where a mask is true, as a vector.

    Args:
        input: of any dtype.
        mask: bool; input and mask broadcast.
        out: a tensor to write the result into.

    Returns:
        a new 1-D tensor. Its gradient goes back to the elements read.

    Raises:
        RuntimeError: for other dtypes of the mask, and where the shapes do not broadcast.

    >>> import mibun as torch
    >>> x = torch.tensor([1, 2, 3])
    >>> torch.masked_select(x, x > 1)
    tensor([2, 3])

    Operator mask_read:
        vjp of input: lambda xp, g, input_shape, mask: xp.mask_embed(g, mask, shape=input_shape)
        node: MaskedSelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of vectors, matrices and batches of matrices, as `input @ other`.

    Two vectors: their dot product. Two matrices: their product, `out[i, k] = sum_j input[i, j] other[j, k]`. A vector
    beside a matrix or more is a row on the left, a column on the right. More dimensions: the last two are matrices, the
    ones before them are a batch and broadcast.

    Args:
        input, other: of one dtype, any but bool; none of them 0-d.
        out: a tensor to write the result into.

    Returns:
        (*, n, p) from (*, n, m) and (*, m, p), without the dimension that a vector has not.

    Raises:
        RuntimeError: where the sizes do not fit, the batches do not broadcast, one is 0-d, or the dtypes differ.
        NotImplementedError: for bools.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 4.]]) @ torch.tensor([1., 1.])
    tensor([3., 7.])
    >>> (torch.ones(5, 2, 3) @ torch.ones(3, 4)).shape
    torch.Size([5, 2, 4])

    Operator dot:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: DotBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mv:
        vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MvBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator vm:
        vjp of input: lambda xp, g, other: xp.matmul(xp.conj(other), g)
        vjp of other: lambda xp, g, input: xp.outer_product(xp.conj(input), g)
        node: SqueezeBackward4
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator mm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_vector:
        vjp of input: lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other)
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,)))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_rows:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g))
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is

    Operator matmul_batched:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: UnsafeViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def matrix_exp(input: Tensor) -> Tensor:
    """The exponential of square matrices: see `linalg.matrix_exp`.

    Operator linalg_matrix_exp:
        vjp: lambda xp, g, input: _exponential_along(xp, adjoint(xp, input), g)
        jvp: lambda xp, t, input: _exponential_along(xp, input, t)
        node: LinalgMatrixExpBackward0
        dtypes: each as it is
    """

def matrix_power(input: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """The n-th power of square matrices: see `linalg.matrix_power`.

    Operator linalg_inv_ex:
        vjp: lambda xp, g, inverse: -xp.matmul(adjoint(xp, inverse), xp.matmul(g, adjoint(xp, inverse)))
        jvp: lambda xp, t, inverse: (-xp.matmul(inverse, xp.matmul(t, inverse)),)
        node: LinalgInvExBackward0
        dtypes: each as it is
    """

def matrix_rank(
    input: Tensor, tol: _float | None = None, symmetric: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.matrix_rank` is what replaces it."""

@overload
def max(input: Tensor) -> Tensor:
    """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

    Args:
        input: of any real dtype.
        dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
        gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
        it.

    Raises:
        RuntimeError: of nothing, and for complex numbers.
        IndexError: along a dimension of size 0, or where there is none such.

    >>> import mibun as torch
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(4.)
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
    torch.return_types.max(
    values=tensor([2., 4.]),
    indices=tensor([1, 0]))

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """
@overload
def max(input: Tensor, dim: _int, keepdim: _bool = False, *, out: Sequence[Tensor] | None = None) -> return_types.max:
    """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

    Args:
        input: of any real dtype.
        dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
        gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
        it.

    Raises:
        RuntimeError: of nothing, and for complex numbers.
        IndexError: along a dimension of size 0, or where there is none such.

    >>> import mibun as torch
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(4.)
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
    torch.return_types.max(
    values=tensor([2., 4.]),
    indices=tensor([1, 0]))

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """
@overload
def max(input: Tensor, *, axis: _int, keepdims: _bool = False, out: Sequence[Tensor] | None = None) -> return_types.max:
    """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

    Args:
        input: of any real dtype.
        dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
        gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
        it.

    Raises:
        RuntimeError: of nothing, and for complex numbers.
        IndexError: along a dimension of size 0, or where there is none such.

    >>> import mibun as torch
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(4.)
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
    torch.return_types.max(
    values=tensor([2., 4.]),
    indices=tensor([1, 0]))

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """
@overload
def max(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

    Args:
        input: of any real dtype.
        dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
        gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
        it.

    Raises:
        RuntimeError: of nothing, and for complex numbers.
        IndexError: along a dimension of size 0, or where there is none such.

    >>> import mibun as torch
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(4.)
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
    torch.return_types.max(
    values=tensor([2., 4.]),
    indices=tensor([1, 0]))

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """

def max_pool1d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] = (),
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
) -> Tensor:
    """Maxima over windows of a sequence, (N, C, L) or (C, L); arguments and errors as for `max_pool2d`.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool1d(torch.tensor([[1., 3., 2., 4., 0., 5.]]), 2)
    tensor([[3., 4., 5.]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def max_pool1d_with_indices(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] = (),
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
) -> tuple[Tensor, Tensor]:
    """`nn.functional.max_pool1d` and the positions of the maxima.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def max_pool2d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] = (),
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
) -> Tensor:
    """Maxima over windows of images (N, C, H, W) or (C, H, W); the gradient goes to the first maximum of each window.

    Args:
        input: of any real dtype but bool; the result is (N, C, H', W'), of the same dtype, with
            H' = (H + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1. NaN wins.
        kernel_size: the size of the windows: an int, or a pair for height and width, as all that follow.
        stride: from window to window; by default the kernel_size.
        padding: elements added at both ends, which count as -inf; at most half of the window.
        dilation: from element to element within a window.
        ceil_mode: round H' up: windows may reach over the end.
        return_indices: also return their positions in the flattened H x W, int64, for `max_unpool2d`.

    Raises:
        RuntimeError: for arguments that do not fit.
        NotImplementedError: for bools and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.).reshape(1, 4, 4), 2)
    tensor([[[ 5.,  7.],
             [13., 15.]]])

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def max_pool3d(
    input: Tensor, kernel_size: _int | Sequence[_int], stride: _int | Sequence[_int] = (),
    padding: _int | Sequence[_int] = 0, dilation: _int | Sequence[_int] = 1, ceil_mode: _bool = False,
) -> Tensor:
    """Maxima over windows of volumes, (N, C, D, H, W) or (C, D, H, W); arguments and errors as for `max_pool2d`.

    Operator max_pool_2d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d_indexed:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: lambda xp, t, winners, window, stride, padding, dilation: (
            _take_rule(xp, t, winners, window, stride, padding, dilation),
            None,
        )
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_2d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool2DWithIndicesBackward0
        dtypes: each as it is

    Operator max_pool_3d:
        vjp: _spread_rule
            def _spread_rule(xp, g, winners, input, window, stride, padding, dilation):
                # Only the input's shape is used, but PyTorch saves the input itself, and so notices its modification.
                space = tuple(input.shape[-len(window) :])
                return xp.max_pool_spread(g, winners, space=space, window=window, stride=stride, padding=padding, dilation=dilation)
        jvp: _take_rule
            def _take_rule(xp, t, winners, window, stride, padding, dilation):
                return xp.max_pool_take(t, winners, window=window, stride=stride, padding=padding, dilation=dilation)
        node: MaxPool3DWithIndicesBackward0
        dtypes: each as it is
    """

def maximum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger of two Tensors, elementwise; NaN if either is NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, each gets half of the gradient.

    >>> import mibun as torch
    >>> torch.maximum(torch.tensor([1., 5.]), torch.tensor([3., 2.]))
    tensor([3., 5.])

    Operator maximum:
        vjp of input: for_input
            def for_input(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
            with better = 'greater'
        vjp of other: for_other
            def for_other(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
            with better = 'greater'
        node: MaximumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def mean(
    input: Tensor, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of all elements, or over some dimensions.

    Args:
        input: of a floating or complex dtype; of another if `dtype` is given.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: cast to it first.
        out: a tensor to write the result into.

    Returns:
        the sums divided by the number of elements; NaN for none.

    Raises:
        RuntimeError: for bools and integers without a floating dtype.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 6.]]).mean(0)
    tensor([2., 4.])

    Operator mean:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g / (count(input_shape, range(len(input_shape))) or 1), input_shape)
        node: MeanBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator mean_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(
            spread(xp, g, input_shape, dims) / (count(input_shape, dims) or 1), input_shape
        )
        node: MeanBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def mean(
    input: Tensor, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of all elements, or over some dimensions.

    Args:
        input: of a floating or complex dtype; of another if `dtype` is given.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: cast to it first.
        out: a tensor to write the result into.

    Returns:
        the sums divided by the number of elements; NaN for none.

    Raises:
        RuntimeError: for bools and integers without a floating dtype.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 6.]]).mean(0)
    tensor([2., 4.])

    Operator mean:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g / (count(input_shape, range(len(input_shape))) or 1), input_shape)
        node: MeanBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator mean_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(
            spread(xp, g, input_shape, dims) / (count(input_shape, dims) or 1), input_shape
        )
        node: MeanBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def median(input: Tensor) -> Tensor:
    """The median of all elements; along a dimension with its index.

    Args:
        input: of any integer or floating dtype.
        dim: the dimension; None: all elements.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices). Of an even number of elements it is the lower of the
        two in the middle. NaN wins.

    Raises:
        IndexError: along a dimension of size 0, or where there is none such.
        NotImplementedError: for bool and complex.

    >>> import mibun as torch
    >>> torch.median(torch.tensor([3., 1., 2., 4.]))
    tensor(2.)

    Operator nanmedian:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: NanmedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator median:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator nanmedian_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: NanmedianBackward1
        dtypes: each as it is

    Operator median_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MedianBackward1
        dtypes: each as it is
    """
@overload
def median(
    input: Tensor, dim: _int, keepdim: _bool = False, *, out: Sequence[Tensor] | None = None,
) -> return_types.median:
    """The median of all elements; along a dimension with its index.

    Args:
        input: of any integer or floating dtype.
        dim: the dimension; None: all elements.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices). Of an even number of elements it is the lower of the
        two in the middle. NaN wins.

    Raises:
        IndexError: along a dimension of size 0, or where there is none such.
        NotImplementedError: for bool and complex.

    >>> import mibun as torch
    >>> torch.median(torch.tensor([3., 1., 2., 4.]))
    tensor(2.)

    Operator nanmedian:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: NanmedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator median:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator nanmedian_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: NanmedianBackward1
        dtypes: each as it is

    Operator median_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MedianBackward1
        dtypes: each as it is
    """
@overload
def median(
    input: Tensor, *, axis: _int, keepdims: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.median:
    """The median of all elements; along a dimension with its index.

    Args:
        input: of any integer or floating dtype.
        dim: the dimension; None: all elements.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices). Of an even number of elements it is the lower of the
        two in the middle. NaN wins.

    Raises:
        IndexError: along a dimension of size 0, or where there is none such.
        NotImplementedError: for bool and complex.

    >>> import mibun as torch
    >>> torch.median(torch.tensor([3., 1., 2., 4.]))
    tensor(2.)

    Operator nanmedian:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: NanmedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator median:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator nanmedian_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: NanmedianBackward1
        dtypes: each as it is

    Operator median_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MedianBackward1
        dtypes: each as it is
    """

def meshgrid(*tensors: Tensor | Sequence[Tensor], indexing: str | None = None) -> tuple[Tensor, ...]:
    """The coordinates of a grid.

    Args:
        tensors: vectors (0-d tensors count as such) of sizes n1, n2, ... and of one dtype; separately or in a sequence.
        indexing: "ij" (the default): dimension i of the results is that of tensor i. "xy": the first two are swapped.

    Returns:
        a tuple of views of shape (n1, n2, ...), one for each tensor, which varies along its own dimension.

    Raises:
        RuntimeError: for no tensors, tensors of more than one dimension, or several dtypes.

    >>> import mibun as torch
    >>> x, y = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4, 5]), indexing="ij")
    >>> y
    tensor([[3, 4, 5],
            [3, 4, 5]])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator expand:
        vjp: lambda xp, g, input_shape: xp.sum_to(g, input_shape)
        node: ExpandBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def min(input: Tensor) -> Tensor:
    """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

    Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
    tensor. NaN wins.

    >>> import mibun as torch
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(1.)
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
    tensor([1., 3.])

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """
@overload
def min(input: Tensor, dim: _int, keepdim: _bool = False, *, out: Sequence[Tensor] | None = None) -> return_types.min:
    """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

    Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
    tensor. NaN wins.

    >>> import mibun as torch
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(1.)
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
    tensor([1., 3.])

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """
@overload
def min(input: Tensor, *, axis: _int, keepdims: _bool = False, out: Sequence[Tensor] | None = None) -> return_types.min:
    """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

    Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
    tensor. NaN wins.

    >>> import mibun as torch
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(1.)
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
    tensor([1., 3.])

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """
@overload
def min(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

    Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
    tensor. NaN wins.

    >>> import mibun as torch
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(1.)
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
    tensor([1., 3.])

    Operator max_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MaxBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator min_all:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MinBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator max_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MaxBackward0
        dtypes: each as it is

    Operator min_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MinBackward0
        dtypes: each as it is
    """

def minimum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two Tensors, elementwise; NaN if either is NaN.

    Args:
        input, other: of shapes that broadcast and real dtypes, which are promoted.

    Raises:
        RuntimeError: for complex dtypes.

    Where they tie, each gets half of the gradient.

    >>> import mibun as torch
    >>> torch.minimum(torch.tensor([1., 5.]), torch.tensor([3., 2.]))
    tensor([1., 2.])

    Operator minimum:
        vjp of input: for_input
            def for_input(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
            with better = 'less'
        vjp of other: for_other
            def for_other(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
            with better = 'less'
        node: MinimumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices: `out[i, k] = sum_j input[i, j] mat2[j, k]`, without broadcasting (see `matmul`).

    Args:
        input: (n, m).
        mat2: (m, p), of the same dtype.

    Returns:
        (n, p).

    Raises:
        RuntimeError: where one is not 2-D, the sizes do not fit or the dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.mm(torch.tensor([[1, 2]]), torch.tensor([[3], [4]]))
    tensor([[11]])

    Operator mm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

@overload
def mode(
    input: Tensor, dim: _int = -1, keepdim: _bool = False, *, out: Sequence[Tensor] | None = None,
) -> return_types.mode:
    """The commonest element along a dimension, the smallest of equally common ones, and the index of its last place.

    >>> import mibun as torch
    >>> torch.mode(torch.tensor([1, 2, 2])).values
    tensor(2)

    Operator mode:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: ModeBackward0
        dtypes: each as it is
    """
@overload
def mode(
    input: Tensor, *, axis: _int, keepdims: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.mode:
    """The commonest element along a dimension, the smallest of equally common ones, and the index of its last place.

    >>> import mibun as torch
    >>> torch.mode(torch.tensor([1, 2, 2])).values
    tensor(2)

    Operator mode:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: ModeBackward0
        dtypes: each as it is
    """

def moveaxis(input: Tensor, source: _int | Sequence[_int], destination: _int | Sequence[_int]) -> Tensor:
    """Move dimensions to other places; the others keep their order.

    Args:
        input: of any dtype.
        source: the dimension, or dimensions, to move.
        destination: their places in the result, as many.

    Returns:
        a view.

    Raises:
        RuntimeError: where there are not as many of both, or one is named twice.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).movedim(0, -1).shape
    torch.Size([3, 4, 2])

    Operator permute:
        vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
        node: PermuteBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def movedim(input: Tensor, source: _int | Sequence[_int], destination: _int | Sequence[_int]) -> Tensor:
    """Move dimensions to other places; the others keep their order.

    Args:
        input: of any dtype.
        source: the dimension, or dimensions, to move.
        destination: their places in the result, as many.

    Returns:
        a view.

    Raises:
        RuntimeError: where there are not as many of both, or one is named twice.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).movedim(0, -1).shape
    torch.Size([3, 4, 2])

    Operator permute:
        vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
        node: PermuteBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements in ascending order along the first dimension.

    >>> import mibun as torch
    >>> torch.msort(torch.tensor([3, 1, 2]))
    tensor([1, 2, 3])

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is
    """

def mul(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The product input * other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

    Returns:
        a Tensor of the broadcast shape and the promoted dtype.

    Raises:
        RuntimeError: where the shapes do not broadcast.

    The gradient for each is g * conj(the other one).

    >>> import mibun as torch
    >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
    tensor([[3., 4.],
            [6., 8.]])

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def multinomial(
    input: Tensor, num_samples: _int, replacement: _bool = False, *, generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Indices of categories, drawn with the probabilities that `input` holds.

    Args:
        input: (categories,) or (rows, categories), floating, not negative; a row need not sum to 1.
        num_samples: how many are drawn for each row.
        replacement: whether one category may be drawn twice in a row.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: an int64 tensor to write the indices into.

    Returns:
        int64, (num_samples,) or (rows, num_samples).

    Raises:
        RuntimeError: for negative, infinite, NaN or all-zero probabilities, and where without replacement there are too
            few.

    >>> import mibun as torch
    >>> torch.multinomial(torch.tensor([0., 3., 0.]), 4, replacement=True)
    tensor([1, 1, 1, 1])

    Operator isfinite:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one

    Operator all:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def multiply(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The product input * other, elementwise.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes, which are promoted; one may be a number.

    Returns:
        a Tensor of the broadcast shape and the promoted dtype.

    Raises:
        RuntimeError: where the shapes do not broadcast.

    The gradient for each is g * conj(the other one).

    >>> import mibun as torch
    >>> torch.mul(torch.tensor([[1.], [2.]]), torch.tensor([3., 4.]))
    tensor([[3., 4.],
            [6., 8.]])

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of a matrix and a vector: `out[i] = sum_j input[i, j] vec[j]`.

    Args:
        input: (n, m).
        vec: (m,), of the same dtype.

    Returns:
        (n,).

    Raises:
        RuntimeError: where the dimensions or sizes do not fit or the dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.mv(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
    tensor([3., 7.])

    Operator mv:
        vjp of input: lambda xp, g, other: xp.outer_product(g, xp.conj(other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MvBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def mvlgamma(input: Tensor, p: _int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension p, elementwise.

    It is p (p - 1) / 4 log(pi) plus the sum of lgamma(input - j / 2) over j from 0 to p - 1. RuntimeError for p < 1.

    >>> import mibun as torch
    >>> torch.mvlgamma(torch.tensor([3.]), 2)
    tensor([1.5502])

    Operator mvlgamma_of:
        vjp: _mvlgamma_rule
            def _mvlgamma_rule(xp, g, input, p):
                total = xp.digamma(input)
                for j in range(1, p):
                    total = total + xp.digamma(input - j / 2)
                return g * total
        node: MvlgammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def nan_to_num(
    input: Tensor, nan: _float | None = 0.0, posinf: _float | None = None, neginf: _float | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """NaN and infinities replaced by finite numbers, elementwise; for complex dtypes in both parts.

    Args:
        nan: what replaces NaN.
        posinf, neginf: what replaces the infinities; None for the largest and the smallest finite number.
        out: where to write the result; resized if it does not fit.

    Gradients pass where nothing is replaced.

    >>> import mibun as torch
    >>> torch.nan_to_num(torch.tensor([1., float("nan"), float("inf")]), posinf=9)
    tensor([1., 0., 9.])

    Operator nan_to_num:
        vjp: _kept
            def _kept(xp, g, input):
                \"""The gradient where nothing was replaced; in each part of a complex number for itself.\"""
                if xp.isdtype(input.dtype, "complex floating"):
                    return xp.make_complex(_kept(xp, xp.real(g), xp.real(input)), _kept(xp, xp.imag(g), xp.imag(input)))
                return xp.where(xp.isfinite(input), g, 0.0)
        node: NanToNumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
    """

def nan_to_num_(
    input: Tensor, nan: _float | None = 0.0, posinf: _float | None = None, neginf: _float | None = None,
) -> Tensor:
    """`nan_to_num` in place.

    Operator nan_to_num:
        vjp: _kept
            def _kept(xp, g, input):
                \"""The gradient where nothing was replaced; in each part of a complex number for itself.\"""
                if xp.isdtype(input.dtype, "complex floating"):
                    return xp.make_complex(_kept(xp, xp.real(g), xp.real(input)), _kept(xp, xp.imag(g), xp.imag(input)))
                return xp.where(xp.isfinite(input), g, 0.0)
        node: NanToNumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
    """

@overload
def nanmean(
    input: Tensor, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of the elements that are not NaN; NaN where there are none.

    dim, keepdim, dtype: as for `mean`. RuntimeError for bools and integers.

    >>> import mibun as torch
    >>> torch.nanmean(torch.tensor([1., float("nan"), 2.]))
    tensor(1.5000)

    Operator nansum:
        vjp: lambda xp, g, input, dims: (
            spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
        )
        jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
        node: NansumBackward0
        dtypes: each as it is
    """
@overload
def nanmean(
    input: Tensor, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of the elements that are not NaN; NaN where there are none.

    dim, keepdim, dtype: as for `mean`. RuntimeError for bools and integers.

    >>> import mibun as torch
    >>> torch.nanmean(torch.tensor([1., float("nan"), 2.]))
    tensor(1.5000)

    Operator nansum:
        vjp: lambda xp, g, input, dims: (
            spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
        )
        jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
        node: NansumBackward0
        dtypes: each as it is
    """

@overload
def nanmedian(input: Tensor) -> Tensor:
    """The median of the elements that are not NaN; NaN where all are. Else as `median`.

    >>> import mibun as torch
    >>> torch.nanmedian(torch.tensor([1., float("nan"), 3., 2.]))
    tensor(2.)

    Operator nanmedian:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: NanmedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator median:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator nanmedian_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: NanmedianBackward1
        dtypes: each as it is

    Operator median_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MedianBackward1
        dtypes: each as it is
    """
@overload
def nanmedian(
    input: Tensor, dim: _int, keepdim: _bool = False, *, out: Sequence[Tensor] | None = None,
) -> return_types.nanmedian:
    """The median of the elements that are not NaN; NaN where all are. Else as `median`.

    >>> import mibun as torch
    >>> torch.nanmedian(torch.tensor([1., float("nan"), 3., 2.]))
    tensor(2.)

    Operator nanmedian:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: NanmedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator median:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator nanmedian_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: NanmedianBackward1
        dtypes: each as it is

    Operator median_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MedianBackward1
        dtypes: each as it is
    """
@overload
def nanmedian(
    input: Tensor, *, axis: _int, keepdims: _bool = False, out: Sequence[Tensor] | None = None,
) -> return_types.nanmedian:
    """The median of the elements that are not NaN; NaN where all are. Else as `median`.

    >>> import mibun as torch
    >>> torch.nanmedian(torch.tensor([1., float("nan"), 3., 2.]))
    tensor(2.)

    Operator nanmedian:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: NanmedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator median:
        vjp: full_rule
            def full_rule(xp, g, input, out):
                \"""The rule of a reduction of everything to one of the elements.\"""
                return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))
        node: MedianBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator nanmedian_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: NanmedianBackward1
        dtypes: each as it is

    Operator median_dim:
        vjp: selected_rule
            def selected_rule(xp, g, indices, input_shape, dim, keepdim):
                \"""The rule of a reduction along one dimension to the elements at `indices`.\"""
                if not input_shape:
                    return g
                if not keepdim:
                    g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
                return xp.gather_embed(g, indices, shape=input_shape, dim=dim)
        jvp: selected_jvp
            def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
                \"""The tangent of the elements at `indices`, and none for the indices.\"""
                if not input_shape:
                    return (t,)
                if not keepdim:
                    indices = xp.expand_dims(indices, axis=dim)
                t = xp.gather_along(t, indices, dim=dim)
                return (t if keepdim else xp.squeeze(t, axis=dim),)
        node: MedianBackward1
        dtypes: each as it is
    """

@overload
def nanquantile(
    input: Tensor, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *,
    interpolation: str = 'linear', out: Tensor | None = None,
) -> Tensor:
    """The quantiles of the elements that are not NaN. Else as `quantile`.

    >>> import mibun as torch
    >>> torch.nanquantile(torch.tensor([1., float("nan"), 3.]), 0.5)
    tensor(2.)

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is
    """
@overload
def nanquantile(
    input: Tensor, q: _float | Tensor, *, axis: _int | None, keepdims: _bool = False, interpolation: str = 'linear',
    out: Tensor | None = None,
) -> Tensor:
    """The quantiles of the elements that are not NaN. Else as `quantile`.

    >>> import mibun as torch
    >>> torch.nanquantile(torch.tensor([1., float("nan"), 3.]), 0.5)
    tensor(2.)

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is
    """

@overload
def nansum(
    input: Tensor, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The sum of all elements, or over some dimensions, with NaN counted as 0; NaN gets no gradient.

    dim, keepdim, dtype: as for `sum`. RuntimeError for complex numbers.

    >>> import mibun as torch
    >>> torch.nansum(torch.tensor([1., float("nan"), 2.]))
    tensor(3.)

    Operator nansum:
        vjp: lambda xp, g, input, dims: (
            spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
        )
        jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
        node: NansumBackward0
        dtypes: each as it is
    """
@overload
def nansum(
    input: Tensor, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The sum of all elements, or over some dimensions, with NaN counted as 0; NaN gets no gradient.

    dim, keepdim, dtype: as for `sum`. RuntimeError for complex numbers.

    >>> import mibun as torch
    >>> torch.nansum(torch.tensor([1., float("nan"), 2.]))
    tensor(3.)

    Operator nansum:
        vjp: lambda xp, g, input, dims: (
            spread(xp, g, input.shape, dims) * xp.astype(xp.logical_not(xp.isnan(input)), g.dtype)
        )
        jvp: lambda xp, t, input, dims, keepdim: xp.sum(xp.where(xp.isnan(input), 0.0, t), axis=dims, keepdims=keepdim)
        node: NansumBackward0
        dtypes: each as it is
    """

@overload
def narrow(input: Tensor, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
    """`length` slices along a dimension, from `start` (an int or a 0-d int tensor; from the end if negative). A view.

    RuntimeError where they are not all there, IndexError where `start` is out of range.

    >>> import mibun as torch
    >>> torch.arange(5).narrow(0, 1, 3)
    tensor([1, 2, 3])

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def narrow(input: Tensor, *, axis: _int, start: _int | Tensor, length: _int) -> Tensor:
    """`length` slices along a dimension, from `start` (an int or a 0-d int tensor; from the end if negative). A view.

    RuntimeError where they are not all there, IndexError where `start` is out of range.

    >>> import mibun as torch
    >>> torch.arange(5).narrow(0, 1, 3)
    tensor([1, 2, 3])

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def narrow_copy(input: Tensor, dim: _int, start: _int | Tensor, length: _int, *, out: Tensor | None = None) -> Tensor:
    """`narrow`, copied.

    Operator copied_as_AliasBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AliasBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_AsStridedBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AsStridedBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_ExpandBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: ExpandBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_PermuteBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: PermuteBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SelectBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SelectBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SliceBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SliceBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TransposeBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TransposeBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators copied_as_UnfoldBackward0_copy, copied_as_UnsqueezeBackward0_copy, copied_as_ViewBackward0_copy, copied_as_ViewAsComplexBackward0_copy, copied_as_ViewAsRealBackward0_copy, copied_as_SqueezeBackward0_copy, copied_as_SqueezeBackward1_copy, copied_as_SqueezeBackward2_copy, copied_as_NarrowCopyBackward0, copied_as_SplitBackward0_copy, copied_as_SplitWithSizesBackward0_copy, copied_as_UnbindBackward0_copy, basic_index
    """
@overload
def narrow_copy(input: Tensor, *, axis: _int, start: _int | Tensor, length: _int, out: Tensor | None = None) -> Tensor:
    """`narrow`, copied.

    Operator copied_as_AliasBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AliasBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_AsStridedBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AsStridedBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_ExpandBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: ExpandBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_PermuteBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: PermuteBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SelectBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SelectBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SliceBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SliceBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TransposeBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TransposeBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators copied_as_UnfoldBackward0_copy, copied_as_UnsqueezeBackward0_copy, copied_as_ViewBackward0_copy, copied_as_ViewAsComplexBackward0_copy, copied_as_ViewAsRealBackward0_copy, copied_as_SqueezeBackward0_copy, copied_as_SqueezeBackward1_copy, copied_as_SqueezeBackward2_copy, copied_as_NarrowCopyBackward0, copied_as_SplitBackward0_copy, copied_as_SplitWithSizesBackward0_copy, copied_as_UnbindBackward0_copy, basic_index
    """

def native_batch_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None, running_var: Tensor | None,
    training: _bool, momentum: _float, eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """`batch_norm`, and what it standardises by in training: (result, mean, 1 / sqrt(variance + eps)).

    Arguments and errors as for `nn.functional.batch_norm`; mean and the other are (C,), empty in evaluation, and have
    no gradient.

    >>> import mibun as torch
    >>> torch.native_batch_norm(torch.tensor([[1.0], [3.0]]), None, None, None, None, True, 0.1, 0.0)
    (tensor([[-1.],
            [ 1.]]), tensor([2.]), tensor([1.]))

    Operator batch_norm_in_evaluation:
        vjp: _running_rule
            def _running_rule(xp, g, input, weight, running_mean, running_var, eps, needs):
                axes = _batch_axes(g.ndim)
                g, input, weight, running_mean, running_var = _wide(xp, g, input, weight, running_mean, running_var)
                scale = _per_channel(xp, 1 / xp.sqrt(running_var + eps), g.ndim)
                return (
                    g * _scaled(xp, scale, weight, g.ndim) if needs[0] else None,
                    xp.sum(g * ((input - _per_channel(xp, running_mean, g.ndim)) * scale), axis=axes) if needs[1] else None,
                    xp.sum(g, axis=axes) if needs[2] else None,
                    None,
                    None,
                )
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator batch_norm_in_training:
        vjp: _batch_norm_rule
            def _batch_norm_rule(xp, g, input, weight, eps, needs):
                # With c = x - mean and s = 1 / sqrt(variance + eps), the gradient of x is s weight (g - mean(g) - c s² mean(g c)).
                axes = _batch_axes(g.ndim)
                g, input, weight = _wide(xp, g, input, weight)
                centred, _, variance = _statistics(xp, input, axes)
                scale = 1 / xp.sqrt(variance + eps)
                count = math.prod([g.shape[axis] for axis in axes])
                if count == 0:
                    nothing = xp.sum(g, axis=axes)
                    return g, nothing, nothing
                of_g, of_products = xp.mean(g, axis=axes, keepdims=True), xp.mean_of_products(g, centred, axes)
                grad = None
                if needs[0]:
                    slope = -of_products * scale * scale
                    grad = (centred * slope + g - of_g) * _scaled(xp, scale, weight, g.ndim)  # (NumPy reuses what comes first)
                return (
                    grad,
                    xp.reshape(of_products * scale * count, (-1,)) if needs[1] else None,
                    xp.reshape(of_g * count, (-1,)) if needs[2] else None,
                )
        node: NativeBatchNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def native_channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """`nn.functional.channel_shuffle`.

    Operator shuffle_channels:
        vjp: lambda xp, g, groups, input_shape: xp.shuffle_channels(g, groups=input_shape[1] // groups)
        node: ChannelShuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def native_dropout(input: Tensor, p: _float, train: _bool | None) -> tuple[Tensor, Tensor]:
    """`dropout`, and the mask of what it keeps: (result, bools). `train=None` means True.

    RuntimeError for p outside of [0, 1], and for integers.

    >>> import mibun as torch
    >>> torch.native_dropout(torch.ones(2), 0.0, True)
    (tensor([1., 1.]), tensor([True, True]))

    Operator clone:
        vjp: lambda xp, g: g
        node: CloneBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def native_group_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, N: _int, C: _int, HxW: _int, group: _int, eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """`group_norm`, and what it standardises by: (result, mean, 1 / sqrt(variance + eps)), the last two (N, group).

    N, C, HxW: the sizes of the input, of which HxW is all places together; RuntimeError if they are not. Others as for
    `nn.functional.group_norm`.

    >>> import mibun as torch
    >>> torch.native_group_norm(torch.tensor([[1.0, 3.0, 5.0, 7.0]]), None, None, 1, 4, 1, 2, 0.0)[1]
    tensor([[2., 6.]])

    Operator group_norm_over:
        vjp: _group_rule
            def _group_rule(xp, g, input, weight, groups, eps, needs):
                # With y = (x - mean) scale, and means over the group, the gradient of x is scale (h - mean(h) - y mean(h y)), where
                # h is g times the weight: a linear combination of g, x and 1 in each channel.
                g, input, weight = _wide(xp, g, input, weight)
                mean, scale, factor = _group_factors(xp, input, weight, groups, eps)
                inner = tuple(range(2, g.ndim))
                each = (g.shape[0], groups, g.shape[1] // groups)
                # The means over each channel.
                of_g = xp.reshape(xp.mean(g, axis=inner, keepdims=True) if inner else g, each)
                of_products = xp.reshape(xp.mean_of_products(g, input, inner) if inner else g * input, each)
                of_standard = (of_products - of_g * mean) * scale
                grad = None
                if needs[0]:
                    first = xp.mean(of_g * factor, axis=(2,), keepdims=True) * scale
                    second = xp.mean(of_standard * factor, axis=(2,), keepdims=True) * scale * scale
                    of_one = _each_channel(xp, second * mean - first, input, groups)
                    second = _each_channel(xp, second, input, groups)
                    grad = g * _each_channel(xp, scale * factor, input, groups) - input * second + of_one
                size, channels = math.prod(g.shape[2:]), g.shape[:2]
                return (
                    grad,
                    xp.reshape(of_standard, channels) * size if needs[1] else None,
                    xp.reshape(of_g, channels) * size if needs[2] else None,
                )
        node: NativeGroupNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def native_layer_norm(
    input: Tensor, normalized_shape: Sequence[_int], weight: Tensor | None, bias: Tensor | None, eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """`layer_norm`, and what it standardises by: (result, mean, 1 / sqrt(variance + eps)).

    Arguments and errors as for `nn.functional.layer_norm`; mean and the other have ones for the last dimensions, and no
    gradient.

    >>> import mibun as torch
    >>> torch.native_layer_norm(torch.tensor([[1.0, 3.0]]), (2,), None, None, 0.0)
    (tensor([[-1.,  1.]]), tensor([[2.]]), tensor([[1.]]))

    Operator layer_norm_over:
        vjp: _layer_norm_rule
            def _layer_norm_rule(xp, g, input, weight, bias, n, eps, needs):
                # PyTorch saves the bias too, and so notices its modification.
                axes = tuple(range(g.ndim - n, g.ndim))
                g, input, weight = _wide(xp, g, input, weight)
                standard, scale = _standardised(xp, input, axes, eps)
                inner = g if weight is None else g * weight
                return (
                    _through_standardised(xp, inner, standard, scale, axes) if needs[0] else None,
                    g * standard if needs[1] else None,
                    g if needs[2] else None,
                )
        node: NativeLayerNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def ne(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether not equal, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes; one may be a number.

    >>> import mibun as torch
    >>> torch.ne(torch.tensor([1, 2]), 2)
    tensor([ True, False])

    Operator ne:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The negative -input, elementwise.

    Args:
        input: of any shape and any dtype but bool.

    Raises:
        RuntimeError: for bool; `~` and `logical_not()` invert masks.

    >>> import mibun as torch
    >>> torch.neg(torch.tensor([1., -2.]))
    tensor([-1.,  2.])

    Operator neg:
        vjp: lambda xp, g: -g
        node: NegBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
    """

def neg_(self: Tensor) -> Tensor:
    """`neg` in place: writes its result over the tensor, which it returns.

    The negative -input, elementwise.

        Args:
            input: of any shape and any dtype but bool.

        Raises:
            RuntimeError: for bool; `~` and `logical_not()` invert masks.

        >>> import mibun as torch
        >>> torch.neg(torch.tensor([1., -2.]))
        tensor([-1.,  2.])

    Operator neg:
        vjp: lambda xp, g: -g
        node: NegBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
    """

def negative(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The negative -input, elementwise.

    Args:
        input: of any shape and any dtype but bool.

    Raises:
        RuntimeError: for bool; `~` and `logical_not()` invert masks.

    >>> import mibun as torch
    >>> torch.neg(torch.tensor([1., -2.]))
    tensor([-1.,  2.])

    Operator neg:
        vjp: lambda xp, g: -g
        node: NegBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
    """

def negative_(self: Tensor) -> Tensor:
    """`neg` in place: writes its result over the tensor, which it returns.

    The negative -input, elementwise.

        Args:
            input: of any shape and any dtype but bool.

        Raises:
            RuntimeError: for bool; `~` and `logical_not()` invert masks.

        >>> import mibun as torch
        >>> torch.neg(torch.tensor([1., -2.]))
        tensor([-1.,  2.])

    Operator neg:
        vjp: lambda xp, g: -g
        node: NegBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
    """

def nextafter(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The float next to input in the direction of other, elementwise. Tensors that broadcast.

    >>> import mibun as torch
    >>> torch.nextafter(torch.tensor([1.]), torch.tensor([2.])) - 1
    tensor([1.1921e-07])

    Operator nextafter:
        vjp of input: lambda xp, g, input, other: xp.where(input == other, 0.0, g)
        vjp of other: lambda xp, g: xp.zeros_like(g)
        node: NextafterBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def nonzero(input: Tensor, *, as_tuple: Literal[False] = False, out: Tensor | None = None) -> Tensor:
    """The positions of the elements that are not zero: the rows of an int64 matrix, or one vector for each dimension.

    >>> import mibun as torch
    >>> torch.nonzero(torch.tensor([0, 3, 4]))
    tensor([[1],
            [2]])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
    """The positions of the elements that are not zero: the rows of an int64 matrix, or one vector for each dimension.

    >>> import mibun as torch
    >>> torch.nonzero(torch.tensor([0, 3, 4]))
    tensor([[1],
            [2]])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def nonzero_static(input: Tensor, *, size: _int, fill_value: _int = -1, out: Tensor | None = None) -> Tensor:
    """The indices of elements that are not zero, (size, dimensions): the first ones, or filled up with `fill_value`.

    RuntimeError for a negative size.

    >>> import mibun as torch
    >>> torch.nonzero_static(torch.tensor([0, 3, 4]), size=3)
    tensor([[ 1],
            [ 2],
            [-1]])
    """

def norm(
    input: Tensor, p: _float | str | None = 'fro', dim: _int | Sequence[_int] | None = None, keepdim: _bool = False,
    out: Tensor | None = None, dtype: _dtype | None = None,
) -> Tensor:
    """The p-norm `(sum |x|^p)^(1/p)` of all elements, or over some dimensions; also of two of them, unless p = "nuc".

    PyTorch keeps this for old programs; new ones use `linalg.vector_norm` and `linalg.matrix_norm`.

    Args:
        input: of a floating or complex dtype.
        p: a number, "fro" (2) or "nuc" (the sum of the singular values of matrices).
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: a wider one to compute in.

    Raises:
        RuntimeError: for integers.

    >>> import mibun as torch
    >>> torch.tensor([3., 4.]).norm()
    tensor(5.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def norm_except_dim(v: Tensor, pow: _int = 2, dim: _int = 0) -> Tensor:
    """The `pow`-norm over all dimensions but `dim`, which all keep size 1; with dim=-1 over all, without dimensions.

    >>> import mibun as torch
    >>> torch.norm_except_dim(torch.tensor([[3., 4.], [0., 2.]]))
    tensor([[5.],
            [2.]])

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """
@overload
def norm_except_dim(v: Tensor, pow: _int = 2, *, axis: _int) -> Tensor:
    """The `pow`-norm over all dimensions but `dim`, which all keep size 1; with dim=-1 over all, without dimensions.

    >>> import mibun as torch
    >>> torch.norm_except_dim(torch.tensor([[3., 4.], [0., 2.]]))
    tensor([[5.],
            [2.]])

    Operator abs:
        vjp: lambda xp, g, input: g * xp.sgn(input)
        jvp: lambda xp, t, input: xp.real(t * xp.conj(xp.sgn(input)))
        node: AbsBackward0
        dtypes: the operands' common one
        raises for: bool
    """

@overload
def normal(
    mean: Tensor | _float, std: Tensor, *, generator: Generator | None = None, out: Tensor | None = None,
) -> Tensor:
    """Normal numbers of these means and standard deviations: `mean + std * z`, z standard normal.

    Args:
        mean, std: Tensors, which broadcast, or numbers; with numbers for both, `size` must be given.
        size: the shape of the result, for numbers.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: for numbers, by default the default dtype.

    Returns:
        a tensor of the dtype of the first Tensor. Gradients are zero: what is drawn does not depend on the values.

    Raises:
        RuntimeError: where a std is negative. NotImplementedError for integer dtypes, TypeError for other combinations.

    >>> import mibun as torch
    >>> torch.normal(torch.zeros(2, 3), 1.0).shape
    torch.Size([2, 3])

    Operator normal_mean:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward1
        dtypes: each as it is

    Operator normal_std:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward2
        dtypes: each as it is

    Operator normal_both:
        vjp of mean: lambda xp, g: xp.zeros_like(g)
        vjp of std: lambda xp, g: xp.zeros_like(g)
        jvp of mean: lambda xp, t: xp.zeros_like(t)
        jvp of std: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward3
        dtypes: each as it is
    """
@overload
def normal(mean: Tensor, std: _float = 1.0, *, generator: Generator | None = None, out: Tensor | None = None) -> Tensor:
    """Normal numbers of these means and standard deviations: `mean + std * z`, z standard normal.

    Args:
        mean, std: Tensors, which broadcast, or numbers; with numbers for both, `size` must be given.
        size: the shape of the result, for numbers.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: for numbers, by default the default dtype.

    Returns:
        a tensor of the dtype of the first Tensor. Gradients are zero: what is drawn does not depend on the values.

    Raises:
        RuntimeError: where a std is negative. NotImplementedError for integer dtypes, TypeError for other combinations.

    >>> import mibun as torch
    >>> torch.normal(torch.zeros(2, 3), 1.0).shape
    torch.Size([2, 3])

    Operator normal_mean:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward1
        dtypes: each as it is

    Operator normal_std:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward2
        dtypes: each as it is

    Operator normal_both:
        vjp of mean: lambda xp, g: xp.zeros_like(g)
        vjp of std: lambda xp, g: xp.zeros_like(g)
        jvp of mean: lambda xp, t: xp.zeros_like(t)
        jvp of std: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward3
        dtypes: each as it is
    """
@overload
def normal(
    mean: _float, std: _float, size: Ints, *, generator: Generator | None = None, out: Tensor | None = None,
    dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Normal numbers of these means and standard deviations: `mean + std * z`, z standard normal.

    Args:
        mean, std: Tensors, which broadcast, or numbers; with numbers for both, `size` must be given.
        size: the shape of the result, for numbers.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: for numbers, by default the default dtype.

    Returns:
        a tensor of the dtype of the first Tensor. Gradients are zero: what is drawn does not depend on the values.

    Raises:
        RuntimeError: where a std is negative. NotImplementedError for integer dtypes, TypeError for other combinations.

    >>> import mibun as torch
    >>> torch.normal(torch.zeros(2, 3), 1.0).shape
    torch.Size([2, 3])

    Operator normal_mean:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward1
        dtypes: each as it is

    Operator normal_std:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward2
        dtypes: each as it is

    Operator normal_both:
        vjp of mean: lambda xp, g: xp.zeros_like(g)
        vjp of std: lambda xp, g: xp.zeros_like(g)
        jvp of mean: lambda xp, t: xp.zeros_like(t)
        jvp of std: lambda xp, t: xp.zeros_like(t)
        node: NormalBackward3
        dtypes: each as it is
    """

def not_equal(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether not equal, elementwise: a bool Tensor.

    Args:
        input, other: Tensors of shapes that broadcast and any dtypes; one may be a number.

    >>> import mibun as torch
    >>> torch.ne(torch.tensor([1, 2]), 2)
    tensor([ True, False])

    Operator ne:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
    """

@overload
def nuclear_norm(
    input: Tensor, dim: _bool | Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """The sum of the singular values of matrices: `nuclear_norm(input, keepdim)` takes the last two dimensions.

    dim: the two dimensions of the matrices, the last ones unless given. RuntimeError for others.

    >>> import mibun as torch
    >>> torch.nuclear_norm(torch.diag(torch.tensor([1.0, -2.0])))
    tensor(3.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amax:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amin:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AminBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is

    Operator linalg_svdvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def nuclear_norm(
    input: Tensor, *, axis: _bool | Sequence[_int] | None, keepdims: _bool = False, out: Tensor | None = None,
) -> Tensor:
    """The sum of the singular values of matrices: `nuclear_norm(input, keepdim)` takes the last two dimensions.

    dim: the two dimensions of the matrices, the last ones unless given. RuntimeError for others.

    >>> import mibun as torch
    >>> torch.nuclear_norm(torch.diag(torch.tensor([1.0, -2.0])))
    tensor(3.)

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amax:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator amin:
        vjp: _extreme_rule
            def _extreme_rule(xp, g, input, out, dims):
                shape = input.shape
                return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)
        node: AminBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is

    Operator linalg_svdvals:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def numel(input: Tensor) -> _int:
    """The number of elements.

    >>> import mibun as torch
    >>> torch.zeros(2, 3).numel()
    6
    """

@overload
def ones(
    *size: _int, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """A Tensor of ones: `ones(2, 3)`, `ones((2, 3))` or `ones(size=(2, 3))`.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        RuntimeError: for negative sizes, and for integers that require grad.

    >>> import mibun as torch
    >>> torch.ones(2, dtype=torch.int64)
    tensor([1, 1])
    """
@overload
def ones(
    size: Sequence[_int], *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """A Tensor of ones: `ones(2, 3)`, `ones((2, 3))` or `ones(size=(2, 3))`.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        RuntimeError: for negative sizes, and for integers that require grad.

    >>> import mibun as torch
    >>> torch.ones(2, dtype=torch.int64)
    tensor([1, 1])
    """

def ones_like(
    input: Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None,
    pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = None,
) -> Tensor:
    """Ones in the shape, dtype and order of dimensions of `input`.

    Args:
        dtype: None for that of `input`.

    Returns:
        a leaf: `requires_grad` is not taken over.

    >>> import mibun as torch
    >>> torch.ones_like(torch.tensor([1., 2.]))
    tensor([1., 1.])
    """

def orgqr(input: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`linalg.householder_product` by the name that LAPACK has for it.

    Operator linalg_householder_product:
        vjp: _householder_joint
            def _householder_joint(xp, g, input, tau):
                vectors, taus = _vectors(xp, input, tau.shape[-1]), _factors(xp, tau)
                g_vectors, g_taus, _ = _reflections_gradient(xp, g, vectors, taus, _columns_of_eye(xp, input))
                return _collected(xp, g_vectors, g_taus, input, tau)
        node: LinalgHouseholderProductBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def ormqr(
    input: Tensor, tau: Tensor, other: Tensor, left: _bool = True, transpose: _bool = False, *,
    out: Tensor | None = None,
) -> Tensor:
    """Q other (left) or other Q, or with the adjoint of Q (transpose), Q the full product of the reflections.

    input (*, m, k) and tau (*, k) as `geqrf` gives them, with m the size of `other` that Q acts on.

    Operator ormqr:
        vjp: _ormqr_joint
            def _ormqr_joint(xp, g, input, tau, other, left, transpose):
                vectors, taus, x, backwards = _ordered(xp, input, tau, other, left, transpose)
                g_vectors, g_taus, g = _reflections_gradient(xp, g if left else adjoint(xp, g), vectors, taus, x)
                if backwards:
                    g_vectors, g_taus = g_vectors[::-1], [xp.conj(part) for part in g_taus[::-1]]
                return *_collected(xp, g_vectors, g_taus, input, tau), g if left else adjoint(xp, g)
        node: OrmqrBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The outer product of two vectors: `out[i, j] = input[i] vec2[j]`.

    Args:
        input: (n,).
        vec2: (m,); dtypes are promoted.

    Returns:
        (n, m).

    Raises:
        RuntimeError: where one is not 1-D.

    >>> import mibun as torch
    >>> torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4, 5]))
    tensor([[ 3,  4,  5],
            [ 6,  8, 10]])

    Operator mul:
        vjp of input: lambda xp, g, other: g * xp.conj(other)
        vjp of other: lambda xp, g, input: g * xp.conj(input)
        node: MulBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        shapes: broadcast; RuntimeError where they do not
    """

def pairwise_distance(x1: Tensor, x2: Tensor, p: _float = 2.0, eps: _float = 1e-06, keepdim: _bool = False) -> Tensor:
    """The p-norm of `x1 - x2 + eps` over the last dimension: (*, D), (*, D) -> (*), or (*, 1) with `keepdim`.

    >>> import mibun as torch
    >>> torch.nn.functional.pairwise_distance(torch.tensor([[0., 0.]]), torch.tensor([[3., 4.]]), eps=0)
    tensor([5.])

    Operator vector_norm:
        vjp: vector_norm_rule
            def vector_norm_rule(xp, g, input, out, ord, dims):
                \"""d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero.\"""
                if ord == 0:
                    return None
                g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
                if ord == 1:
                    return g * xp.sgn(input)
                if ord == 2:
                    return g * xp.where(xp.equal(out, 0), 0.0, input / out)
                size = xp.abs(input)
                if math.isinf(ord):
                    met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
                    return xp.sgn(input) * shared(xp, g, met, dims)
                if ord < 1:
                    power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
                    return xp.sgn(input) * power * (g * out ** (1 - ord))
                if ord < 2:
                    scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
                    return xp.sgn(input) * size ** (ord - 1) * (g * scale)
                scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
                return input * size ** (ord - 2) * scale
        node: LinalgVectorNormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def pca_lowrank(
    A: Tensor, q: _int | None = None, center: _bool = True, niter: _int = 2,
) -> tuple[Tensor, Tensor, Tensor]:
    """(U, S, V): the principal components of the rows of A (*, m, n) are the columns of V (*, n, q), by importance.

    q: how many at most, by default min(6, m, n). center: subtract the mean of each column first. See `svd_lowrank`.

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is
    """

def pdist(input: Tensor, p: _float = 2) -> Tensor:
    """The p-norm distances between all pairs of rows: of n (n - 1) / 2, in the order (0, 1), (0, 2), ..., (1, 2), ...

    Args:
        input: (n, m), of a floating dtype.
        p: the order of the norm, from 0 (the number of different elements) to inf.

    Returns:
        (n (n - 1) / 2,).

    Raises:
        RuntimeError: where it is not 2-D or not floating, and for a negative p.

    >>> import mibun as torch
    >>> torch.pdist(torch.tensor([[0., 0.], [3., 4.], [0., 1.]]))
    tensor([5.0000, 1.0000, 4.2426])

    Operator pdist:
        vjp: _pdist_rule
            def _pdist_rule(xp, g, input, out, p):
                n = input.shape[0]
                if n < 2:
                    return xp.zeros_like(input)
                if p == 2:  # (g / d) (x[i] - x[j]) summed over the other rows; 0 for a distance of 0
                    ratio = xp.where(xp.equal(out, 0), 0.0, g / xp.where(xp.equal(out, 0), 1.0, out))
                    return xp.pull_together(_square(xp, ratio, n), input)
                i, j = _pairs(xp, n)
                found = _rule(xp, g, xp.take(input, i, axis=0) - xp.take(input, j, axis=0), out, p)
                one, other = (xp.select_indices_embed(found, index, shape=tuple(input.shape), dim=0) for index in (i, j))
                return one - other
        node: PdistBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def permute(input: Tensor, *dims: _int) -> Tensor:
    """Put the dimensions in another order: dimension i of the result is dimension dims[i] of the input.

    Args:
        input: of any dtype.
        dims: each dimension once; separately (as a method) or as one sequence.

    Returns:
        a view.

    Raises:
        RuntimeError: where `dims` is not each dimension once.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
    torch.Size([4, 2, 3])

    Operator permute:
        vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
        node: PermuteBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def permute(input: Tensor, dims: Sequence[_int]) -> Tensor:
    """Put the dimensions in another order: dimension i of the result is dimension dims[i] of the input.

    Args:
        input: of any dtype.
        dims: each dimension once; separately (as a method) or as one sequence.

    Returns:
        a view.

    Raises:
        RuntimeError: where `dims` is not each dimension once.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
    torch.Size([4, 2, 3])

    Operator permute:
        vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
        node: PermuteBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def permute_copy(input: Tensor, dims: _int | Sequence[_int], *, out: Tensor | None = None) -> Tensor:
    """`permute`, copied.

    Operator permute:
        vjp: lambda xp, g, dims: xp.permute_dims(g, _inverse(dims))
        node: PermuteBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def pinverse(input: Tensor, rcond: _float = 1e-15) -> Tensor:
    """The pseudo-inverse: see `linalg.pinv`. Singular values up to rcond times the largest count as zeros.

    Operator linalg_pinv:
        vjp of input: lambda xp, g, input, out: pinv_gradient(xp, g, input, out)
        jvp of input: lambda xp, t, input, out: pinv_tangent(xp, t, input, out)
        node: LinalgPinvBackward0
        dtypes: each as it is
    """

def pixel_shuffle(input: Tensor, upscale_factor: _int) -> Tensor:
    """(*, C r², H, W) -> (*, C, H r, W r), r being the factor: channels become pixels.

    RuntimeError where the number of channels is no multiple of r². Source: Shi et al. (2016), arXiv:1609.05158.

    >>> import mibun as torch
    >>> torch.pixel_shuffle(torch.arange(4.).reshape(4, 1, 1), 2)
    tensor([[[0., 1.],
             [2., 3.]]])

    Operator shuffle_pixels:
        vjp: lambda xp, g, factor: xp.unshuffle_pixels(g, factor=factor)
        node: PixelShuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def pixel_unshuffle(input: Tensor, downscale_factor: _int) -> Tensor:
    """(*, C, H r, W r) -> (*, C r², H, W), r being the factor: the inverse of `pixel_shuffle`.

    Operator unshuffle_pixels:
        vjp: lambda xp, g, factor: xp.shuffle_pixels(g, factor=factor)
        node: PixelUnshuffleBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Poisson numbers of the rates that `input` holds, of its shape and dtype. The gradient is zero.

    RuntimeError where a rate is negative, NotImplementedError for integers. Source: Knuth for rates below 10, else
    Hörmann, "The transformed rejection method for generating Poisson random variables" (1993).

    >>> import mibun as torch
    >>> torch.poisson(torch.zeros(3))
    tensor([0., 0., 0.])

    Operator poisson:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: PoissonBackward0
        dtypes: each as it is
    """

def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: _bool, full: _bool, eps: _float, reduction: _int,
) -> Tensor:
    """`nn.functional.poisson_nll_loss`.

    Operator exp:
        vjp: lambda xp, g, out: g * xp.conj(out)
        node: ExpBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools

    Operator log:
        vjp: lambda xp, g, input: g / xp.conj(input)
        node: LogBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
    """abs * exp(i * angle): both float32 or both float64, of shapes that broadcast; abs not negative.

    >>> import mibun as torch
    >>> torch.polar(torch.tensor([2.]), torch.tensor([0.]))
    tensor([2.+0.j])

    Operator make_polar:
        vjp of abs: lambda xp, g, out: xp.real(xp.conj(g) * xp.sgn(out))
        vjp of angle: lambda xp, g, out: xp.real(xp.conj(g) * out * 1j)
        jvp of abs: lambda xp, t, out: t * xp.sgn(out)
        jvp of angle: lambda xp, t, out: t * out * 1j
        node: PolarBackward0
        dtypes: each as it is
    """

def polygamma(n: _int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of `digamma`, elementwise. RuntimeError for negative n.

    >>> import mibun as torch
    >>> torch.polygamma(1, torch.tensor([1.0, 2.0]))
    tensor([1.6449, 0.6449])

    Operator polygamma_of:
        vjp: lambda xp, g, input, n: g * xp.polygamma_of(input, n=n + 1)
        node: PolygammaBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def positive(input: Tensor) -> Tensor:
    """The Tensor itself: what unary `+` gives. RuntimeError for bool.

    >>> import mibun as torch
    >>> torch.positive(torch.tensor([1., -2.]))
    tensor([ 1., -2.])
    """

def pow(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input ** exponent, elementwise.

    Args:
        input, exponent: Tensors of shapes that broadcast, or one of them a number. A negative real base of a fractional
            power gives NaN.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: where integers are raised to a negative number.

    At base 0 the gradient for the exponent is 0.

    >>> import mibun as torch
    >>> torch.pow(torch.tensor([2., 3.]), 2)
    tensor([4., 9.])
    >>> 2 ** torch.tensor([1., 3.])
    tensor([2., 8.])

    Operator pow_base:
        vjp: _base_rule
            def _base_rule(xp, g, out, exponent, base):
                logarithm = _log_number(base, xp.isdtype(out.dtype, "complex floating"))
                if base == 0:
                    logarithm = xp.where(xp.real(exponent) >= 0, 0.0, xp.full_like(out, logarithm))
                return g * xp.conj(out * logarithm)
        node: PowBackward2
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool

    Operator pow_number:
        vjp: _number_power_rule
            def _number_power_rule(xp, g, input, exponent):
                if exponent == 0:
                    return xp.zeros_like(g)
                if exponent == 2:
                    return g * xp.conj(xp.twice(input))
                # By the operator itself, which takes roots of -0 as PyTorch does.
                return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
        node: PowBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one

    Operator pow_tensor:
        vjp of input: _input_rule
            def _input_rule(xp, g, input, exponent):
                # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                constant = (exponent == 0) & ~(xp.abs(input) > 0)
                return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
        vjp of exponent: _exponent_rule
            def _exponent_rule(xp, g, input, exponent, out):
                # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                constant = (input == 0) & (xp.real(exponent) >= 0)
                return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
        node: PowBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
        shapes: broadcast; RuntimeError where they do not
    """

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The input where positive, else `weight * input`, with a slope that is learnt.

    Args:
        input: (N, C, *), or of any shape for a single weight.
        weight: (1), () or (C), of the dtype of the input.

    Raises:
        RuntimeError: where sizes or dtypes do not fit.

    Source: He, Zhang, Ren and Sun (2015), arXiv:1502.01852.

    >>> import mibun as torch
    >>> torch.prelu(torch.tensor([-1., 2.]), torch.tensor(0.25))
    tensor([-0.2500,  2.0000])

    Operator prelu_kernel:
        vjp of input: lambda xp, g, input, weight: xp.where(input > 0, g, g * weight)
        vjp of weight: lambda xp, g, input: xp.where(input > 0, 0.0, g * input)
        jvp of input: lambda xp, t, input, weight: xp.where(input > 0, t, t * weight)
        jvp of weight: lambda xp, t, input: xp.where(input > 0, 0.0, t * input)
        node: PreluKernelBackward0
        dtypes: each as it is
    """

@overload
def prod(
    input: Tensor, dim: _int | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The product of all elements, or over one dimension.

    Args:
        input: of any dtype.
        dim: one dimension; None: all.
        keepdim: whether the dimension stays, with size 1.
        dtype: cast to it first; without it bools and integers are multiplied in int64.
        out: a tensor to write the result into.

    Returns:
        the products; 1 for those of nothing. The gradient, the product of the other elements, is exact where elements
        are zero, since nothing is divided.

    Raises:
        IndexError: where there is no such dimension.
        TypeError: for several dimensions.

    >>> import mibun as torch
    >>> torch.prod(torch.tensor([2., 3., 4.]))
    tensor(24.)

    Operator prod_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator prod:
        vjp: _prod_rule
            def _prod_rule(xp, g, input, out):
                n = count(input.shape, range(input.ndim))
                return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
        node: ProdBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator prod_dim:
        vjp: _prod_dim_rule
            def _prod_dim_rule(xp, g, input, out, dim):
                if input.ndim == 0:
                    return g
                if not count(input.shape, range(input.ndim)):
                    return input
                g = spread(xp, g, input.shape, (dim,))
                return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
        node: ProdBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def prod(
    input: Tensor, *, axis: _int | None, keepdims: _bool = False, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The product of all elements, or over one dimension.

    Args:
        input: of any dtype.
        dim: one dimension; None: all.
        keepdim: whether the dimension stays, with size 1.
        dtype: cast to it first; without it bools and integers are multiplied in int64.
        out: a tensor to write the result into.

    Returns:
        the products; 1 for those of nothing. The gradient, the product of the other elements, is exact where elements
        are zero, since nothing is divided.

    Raises:
        IndexError: where there is no such dimension.
        TypeError: for several dimensions.

    >>> import mibun as torch
    >>> torch.prod(torch.tensor([2., 3., 4.]))
    tensor(24.)

    Operator prod_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator prod:
        vjp: _prod_rule
            def _prod_rule(xp, g, input, out):
                n = count(input.shape, range(input.ndim))
                return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
        node: ProdBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator prod_dim:
        vjp: _prod_dim_rule
            def _prod_dim_rule(xp, g, input, out, dim):
                if input.ndim == 0:
                    return g
                if not count(input.shape, range(input.ndim)):
                    return input
                g = spread(xp, g, input.shape, (dim,))
                return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
        node: ProdBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def put(input: Tensor, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
    """A copy of the input with the elements of source at the positions `index` (int64) of it as if it were flat.

    >>> import mibun as torch
    >>> torch.put(torch.zeros(3), torch.tensor([0, 2]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])

    Operator put_flat:
        vjp of input: _put_input
            def _put_input(xp: Any, g: Array, index: Array, accumulate: bool) -> Array:
                return g if accumulate else xp.clear_flat(g, index)
        vjp of source: lambda xp, g, index, source_shape: xp.reshape(xp.take_flat(g, index), source_shape)
        node: PutBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def qr(input: Tensor, some: _bool = True, *, out: Sequence[Tensor] | None = None) -> return_types.qr:
    """(Q, R): see `linalg.qr`, which is newer. some: the reduced factors, else the complete ones.

    Operator linalg_qr:
        vjp: _qr_rule
            def _qr_rule(xp, g, Q, R, mode):
                \"""gA = (gQ + Q C(R gR^H - gQ^H Q)) R^-H, C the mirrored lower triangle.

                With more columns than rows A = [X Y] = Q [U V], V = Q^H Y: gY = Q gV, and gQ grows by Y gV^H.
                \"""
                if mode == "r":
                    raise RuntimeError(_ONLY_R)
                gq, gr = g
                m, n = Q.shape[-2], R.shape[-1]
                if mode == "complete" and m > n:
                    raise RuntimeError(_COMPLETE)
                further = None
                if m < n:
                    gv, v = gr[..., m:], R[..., m:]
                    gr, R = gr[..., :m], R[..., :m]
                    further = xp.matmul(Q, gv)
                    gq = gq + xp.matmul(Q, xp.matmul(v, adjoint(xp, gv)))
                middle = xp.matmul(R, adjoint(xp, gr)) - xp.matmul(adjoint(xp, gq), Q)
                inner = gq + xp.matmul(Q, _lower_and_mirrored(xp, middle))
                total = xp.linalg_solve_triangular(adjoint(xp, R), inner, upper=False, left=False, unitriangular=False)
                return total if further is None else xp.concat([total, further], axis=-1)
        jvp: _qr_jvp
            def _qr_jvp(xp, t, Q, R, mode):
                \"""With K = Q^H dA R^-1: dR = (K - W) R and dQ = (dA R^-1 - Q K) + Q W, W skew with the lower triangle of K.\"""
                if mode == "r":
                    raise RuntimeError(_ONLY_R)
                m, n = Q.shape[-2], R.shape[-1]
                if mode == "complete" and m > n:
                    raise RuntimeError(_COMPLETE)
                k = min(m, n)
                first, square = t[..., :k], R[..., :k]
                moved = xp.linalg_solve_triangular(square, first, upper=True, left=False, unitriangular=False)
                kernel = xp.matmul(adjoint(xp, Q), moved)
                below = xp.tril(kernel, k=-1)
                eye = xp.eye(k, dtype=kernel.dtype)
                skew = below - adjoint(xp, below) + eye * (kernel - xp.conj(kernel)) * 0.5
                dq = moved - xp.matmul(Q, kernel) + xp.matmul(Q, skew)
                dr = xp.triu(xp.matmul(kernel - skew, square))
                if m < n:
                    v = R[..., m:]
                    dr = xp.concat([dr, xp.matmul(adjoint(xp, Q), t[..., m:]) - xp.matmul(skew, v)], axis=-1)
                return dq, dr
        node: LinalgQrBackward0
        dtypes: each as it is
    """

@overload
def quantile(
    input: Tensor, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *,
    interpolation: str = 'linear', out: Tensor | None = None,
) -> Tensor:
    """The q-quantiles of all elements or along a dimension: what has the rank q (n - 1) in the order of the elements.

    Args:
        input: float32 or float64.
        q: a number from 0 to 1, or a 1-D tensor of them of the input's dtype, whose axis comes first in the result.
            A tensor gets a gradient under "linear": elsewhere the result does not change with it, but in steps.
        dim: the dimension; None: all elements.
        keepdim: whether the dimension stays, with size 1.
        interpolation: between the two nearest elements: "linear", "lower", "higher", "midpoint" or "nearest".
        out: a tensor to write the result into.

    Returns:
        the quantiles; NaN where there is a NaN.

    Raises:
        RuntimeError: for other dtypes, for q out of range, for nothing, and for other interpolations.

    >>> import mibun as torch
    >>> torch.quantile(torch.tensor([1., 2., 3., 4.]), 0.5)
    tensor(2.5000)

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is
    """
@overload
def quantile(
    input: Tensor, q: _float | Tensor, *, axis: _int | None, keepdims: _bool = False, interpolation: str = 'linear',
    out: Tensor | None = None,
) -> Tensor:
    """The q-quantiles of all elements or along a dimension: what has the rank q (n - 1) in the order of the elements.

    Args:
        input: float32 or float64.
        q: a number from 0 to 1, or a 1-D tensor of them of the input's dtype, whose axis comes first in the result.
            A tensor gets a gradient under "linear": elsewhere the result does not change with it, but in steps.
        dim: the dimension; None: all elements.
        keepdim: whether the dimension stays, with size 1.
        interpolation: between the two nearest elements: "linear", "lower", "higher", "midpoint" or "nearest".
        out: a tensor to write the result into.

    Returns:
        the quantiles; NaN where there is a NaN.

    Raises:
        RuntimeError: for other dtypes, for q out of range, for nothing, and for other interpolations.

    >>> import mibun as torch
    >>> torch.quantile(torch.tensor([1., 2., 3., 4.]), 0.5)
    tensor(2.5000)

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is
    """

def rad2deg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Radians to degrees, elementwise. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.rad2deg(torch.tensor([1.]))
    tensor([57.2958])

    Operator rad2deg:
        vjp: lambda xp, g: g * (180 / math.pi)
        node: Rad2DegBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def rad2deg_(self: Tensor) -> Tensor:
    """`rad2deg` in place: writes its result over the tensor, which it returns.

    Radians to degrees, elementwise. RuntimeError for complex dtypes.

        >>> import mibun as torch
        >>> torch.rad2deg(torch.tensor([1.]))
        tensor([57.2958])

    Operator rad2deg:
        vjp: lambda xp, g: g * (180 / math.pi)
        node: Rad2DegBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

@overload
def rand(
    *size: _int, generator: Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: _device | str | _int | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Numbers uniform on [0, 1): `rand(2, 3)`, `rand((2, 3))` or `rand(size=(2, 3))`.

    Args:
        args, size: the sizes of the result, as ints or one sequence.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: floating or complex (both parts are drawn), by default the default dtype.

    Raises: RuntimeError for a negative size, NotImplementedError for bool and integer dtypes. For a given seed the
    numbers are PyTorch's: the lower 24 bits of a word of the Mersenne Twister each, 53 of two words in float64.

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.rand(2, 2)
    tensor([[0.4963, 0.7682],
            [0.0885, 0.1320]])
    """
@overload
def rand(
    size: Sequence[_int], *, generator: Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: _device | str | _int | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Numbers uniform on [0, 1): `rand(2, 3)`, `rand((2, 3))` or `rand(size=(2, 3))`.

    Args:
        args, size: the sizes of the result, as ints or one sequence.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: floating or complex (both parts are drawn), by default the default dtype.

    Raises: RuntimeError for a negative size, NotImplementedError for bool and integer dtypes. For a given seed the
    numbers are PyTorch's: the lower 24 bits of a word of the Mersenne Twister each, 53 of two words in float64.

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.rand(2, 2)
    tensor([[0.4963, 0.7682],
            [0.0885, 0.1320]])
    """

def rand_like(
    input: Tensor, *, generator: Generator | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: _device | str | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """Numbers uniform on [0, 1), of the shape and dtype of `input` (or of another dtype): see `rand`."""

@overload
def randint(
    high: _int, size: Ints, *, generator: Generator | None = None, out: Tensor | None = None,
    dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Integers from low to high - 1, all equally likely: `randint(high, size)` or `randint(low, high, size)`.

    Args:
        args: (high, size) or (low, high, size), which may be given by name as well.
        low: the smallest, by default 0.
        high: one more than the largest.
        size: the shape of the result.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: by default int64.

    Raises:
        RuntimeError: for an empty range, or one outside of the dtype's. TypeError for other combinations of arguments.

    >>> import mibun as torch
    >>> torch.randint(0, 10, (4,), generator=torch.Generator().manual_seed(0))
    tensor([4, 9, 3, 0])
    """
@overload
def randint(
    low: _int, high: _int, size: Ints, *, generator: Generator | None = None, out: Tensor | None = None,
    dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Integers from low to high - 1, all equally likely: `randint(high, size)` or `randint(low, high, size)`.

    Args:
        args: (high, size) or (low, high, size), which may be given by name as well.
        low: the smallest, by default 0.
        high: one more than the largest.
        size: the shape of the result.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: by default int64.

    Raises:
        RuntimeError: for an empty range, or one outside of the dtype's. TypeError for other combinations of arguments.

    >>> import mibun as torch
    >>> torch.randint(0, 10, (4,), generator=torch.Generator().manual_seed(0))
    tensor([4, 9, 3, 0])
    """

@overload
def randint_like(
    input: Tensor, high: _int, *, generator: Generator | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False, memory_format: _memory_format | None = None,
) -> Tensor:
    """Integers from low (0) to high - 1, in the shape and dtype of `input`: `randint_like(input, high)` or with low."""
@overload
def randint_like(
    input: Tensor, low: _int, high: _int, *, generator: Generator | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False, memory_format: _memory_format | None = None,
) -> Tensor:
    """Integers from low (0) to high - 1, in the shape and dtype of `input`: `randint_like(input, high)` or with low."""

@overload
def randn(
    *size: _int, generator: Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: _device | str | _int | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Standard normal numbers, of mean 0 and variance 1: `randn(2, 3)`, `randn((2, 3))` or `randn(size=(2, 3))`.

    Args:
        args, size: the sizes of the result, as ints or one sequence.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: floating or complex (each part has variance 1/2 then), by default the default dtype.

    Raises: RuntimeError for a negative size, NotImplementedError for bool and integer dtypes. Source: Box and Muller,
    "A note on the generation of random normal deviates" (1958), from uniform numbers in PyTorch's order.

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randn(3)
    tensor([ 1.5410, -0.2934, -2.1788])
    """
@overload
def randn(
    size: Sequence[_int], *, generator: Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: _device | str | _int | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """Standard normal numbers, of mean 0 and variance 1: `randn(2, 3)`, `randn((2, 3))` or `randn(size=(2, 3))`.

    Args:
        args, size: the sizes of the result, as ints or one sequence.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: floating or complex (each part has variance 1/2 then), by default the default dtype.

    Raises: RuntimeError for a negative size, NotImplementedError for bool and integer dtypes. Source: Box and Muller,
    "A note on the generation of random normal deviates" (1958), from uniform numbers in PyTorch's order.

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randn(3)
    tensor([ 1.5410, -0.2934, -2.1788])
    """

def randn_like(
    input: Tensor, *, generator: Generator | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: _device | str | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """Standard normal numbers, of the shape and dtype of `input` (or of another dtype): see `randn`."""

def randperm(
    n: _int, *, generator: Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None,
    layout: _layout | None = None, device: _device | str | _int | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """The numbers from 0 to n - 1 in random order.

    Args:
        n: how many, not negative.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: by default int64.

    Returns:
        (n,).

    Raises:
        RuntimeError: for a negative n, and where the dtype cannot hold the numbers.

    Source: the shuffle of Fisher and Yates (1938), from the front, as PyTorch does it.

    >>> import mibun as torch
    >>> torch.randperm(4, generator=torch.Generator().manual_seed(0))
    tensor([0, 1, 3, 2])
    """

def range(
    start: Number = 0, end: Number | None = None, step: Number = 1, *, out: Tensor | None = None,
    dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None, pin_memory: _bool = False,
    requires_grad: _bool = False,
) -> Tensor:
    """The numbers from start to end *inclusive*, of the default dtype. Deprecated by PyTorch: use `arange`.

    Operator floor:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: FloorBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension, one after the other in memory: a view of a contiguous tensor, else a copy.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).ravel()
    tensor([1, 2, 3, 4])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def real(input: Tensor) -> Tensor:
    """The real part, a view; a real Tensor is returned as it is.

    >>> import mibun as torch
    >>> torch.real(torch.tensor([3 + 4j, -1]))
    tensor([ 3., -1.])

    Operator view_as_real:
        vjp: lambda xp, g: xp.view_as_complex(xp.ascontiguousarray(g))
        node: ViewAsRealBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def reciprocal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / input, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.reciprocal(torch.tensor([2., -4.]))
    tensor([ 0.5000, -0.2500])

    Operator reciprocal:
        vjp: lambda xp, g, out: -g * xp.conj(out * out)
        node: ReciprocalBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def reciprocal_(self: Tensor) -> Tensor:
    """`reciprocal` in place: writes its result over the tensor, which it returns.

    1 / input, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.reciprocal(torch.tensor([2., -4.]))
        tensor([ 0.5000, -0.2500])

    Operator reciprocal:
        vjp: lambda xp, g, out: -g * xp.conj(out * out)
        node: ReciprocalBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def relu(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The rectified linear unit max(input, 0), elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype.

    Raises:
        RuntimeError: for bool.
        NotImplementedError: for complex dtypes.

    The gradient at 0 is 0.

    >>> import mibun as torch
    >>> torch.relu(torch.tensor([-1., 2.]))
    tensor([0., 2.])

    Operator relu:
        vjp: lambda xp, g, out: xp.relu_backward(g, out)
        node: ReluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
    """

def relu_(input: Tensor) -> Tensor:
    """`relu` in place.

    Operator relu:
        vjp: lambda xp, g, out: xp.relu_backward(g, out)
        node: ReluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex, bool
    """

def remainder(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input - floor(input / other) * other, elementwise: it has the sign of `other`, as Python's `%`.

    Args:
        input, other: Tensors of shapes that broadcast and real dtypes; one may be a number.
        out: where to write the result; resized if it does not fit.

    Raises:
        RuntimeError: "ZeroDivisionError" where integers are divided by 0 (floats give NaN).
        NotImplementedError: for bool and complex dtypes.

    >>> import mibun as torch
    >>> torch.remainder(torch.tensor([7, -7]), 3)
    tensor([1, 2])

    Operator remainder_scalar:
        vjp: lambda xp, g: g
        node: RemainderBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex

    Operator remainder:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g, input, other: -g * xp.div_rounded(input, other, rounding_mode="floor")
        node: RemainderBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def renorm(input: Tensor, p: _float, dim: _int, maxnorm: _float, *, out: Tensor | None = None) -> Tensor:
    """Each slice along a dimension scaled down to a p-norm of `maxnorm` where it is larger: times maxnorm / (norm +
    1e-7).

    Args:
        input: of a floating or complex dtype, with 2 dimensions or more.
        p: the order of the norm, above 0.
        dim: the dimension whose slices are scaled, each as a whole.
        maxnorm: the bound, not negative.

    Raises:
        RuntimeError: for integers, fewer dimensions, and numbers out of range.

    >>> import mibun as torch
    >>> torch.renorm(torch.tensor([[3., 4.], [0.3, 0.4]]), p=2, dim=0, maxnorm=1.0)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])

    Operator renorm:
        vjp: _renorm_rule
            def _renorm_rule(xp, g, input, p, dim, maxnorm):
                \"""Through the factor f(n) of the norm n as well as through the elements: f'(n) = -maxnorm / (n + 1e-7)^2.\"""
                dims = tuple([i for i in range(input.ndim) if i != dim])
                norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
                above = norm > maxnorm
                along = xp.sum(xp.real(g * xp.conj(input)), axis=dims, keepdims=True)
                slope = xp.where(above, -maxnorm / ((norm + 1e-7) * (norm + 1e-7)), 0.0) * along
                through = vector_norm_rule(xp, slope, input, norm, p, dims)
                direct = g * xp.where(above, maxnorm / (norm + 1e-7), 1.0)
                return direct if through is None else direct + through
        node: RenormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def renorm(input: Tensor, p: _float, *, axis: _int, maxnorm: _float, out: Tensor | None = None) -> Tensor:
    """Each slice along a dimension scaled down to a p-norm of `maxnorm` where it is larger: times maxnorm / (norm +
    1e-7).

    Args:
        input: of a floating or complex dtype, with 2 dimensions or more.
        p: the order of the norm, above 0.
        dim: the dimension whose slices are scaled, each as a whole.
        maxnorm: the bound, not negative.

    Raises:
        RuntimeError: for integers, fewer dimensions, and numbers out of range.

    >>> import mibun as torch
    >>> torch.renorm(torch.tensor([[3., 4.], [0.3, 0.4]]), p=2, dim=0, maxnorm=1.0)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])

    Operator renorm:
        vjp: _renorm_rule
            def _renorm_rule(xp, g, input, p, dim, maxnorm):
                \"""Through the factor f(n) of the norm n as well as through the elements: f'(n) = -maxnorm / (n + 1e-7)^2.\"""
                dims = tuple([i for i in range(input.ndim) if i != dim])
                norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
                above = norm > maxnorm
                along = xp.sum(xp.real(g * xp.conj(input)), axis=dims, keepdims=True)
                slope = xp.where(above, -maxnorm / ((norm + 1e-7) * (norm + 1e-7)), 0.0) * along
                through = vector_norm_rule(xp, slope, input, norm, p, dims)
                direct = g * xp.where(above, maxnorm / (norm + 1e-7), 1.0)
                return direct if through is None else direct + through
        node: RenormBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def repeat_interleave(
    input: Tensor, repeats: _int | Tensor | None = None, dim: _int | None = None, *, output_size: _int | None = None,
) -> Tensor:
    """Each element (or slice along a dimension) several times in a row.

    Args:
        input: of any dtype; alone, `repeat_interleave(repeats)`, it says how often each index is to be repeated.
        repeats: an int, or an int tensor with one number for each slice.
        dim: the dimension; without, the tensor is taken as flat.
        output_size: the resulting size along dim, checked.

    Returns:
        a new tensor.

    Raises:
        RuntimeError: for negative repeats, for another number of them than slices, and for another output_size.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).repeat_interleave(2)
    tensor([1, 1, 2, 2])
    >>> torch.tensor([1, 2]).repeat_interleave(torch.tensor([1, 3]))
    tensor([1, 2, 2, 2])

    Operator repeat_each:
        vjp: lambda xp, g, input_shape, repeats, dim: _sum_of_runs(xp, g, input_shape, repeats, dim)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def repeat_interleave(
    input: Tensor, repeats: _int | Tensor | None = None, *, axis: _int | None, output_size: _int | None = None,
) -> Tensor:
    """Each element (or slice along a dimension) several times in a row.

    Args:
        input: of any dtype; alone, `repeat_interleave(repeats)`, it says how often each index is to be repeated.
        repeats: an int, or an int tensor with one number for each slice.
        dim: the dimension; without, the tensor is taken as flat.
        output_size: the resulting size along dim, checked.

    Returns:
        a new tensor.

    Raises:
        RuntimeError: for negative repeats, for another number of them than slices, and for another output_size.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).repeat_interleave(2)
    tensor([1, 1, 2, 2])
    >>> torch.tensor([1, 2]).repeat_interleave(torch.tensor([1, 3]))
    tensor([1, 2, 2, 2])

    Operator repeat_each:
        vjp: lambda xp, g, input_shape, repeats, dim: _sum_of_runs(xp, g, input_shape, repeats, dim)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def reshape(input: Tensor, *shape: _int) -> Tensor:
    """The same elements, in the same order, in another shape: a view if that is possible, else a copy.

    Args:
        input: of any dtype.
        shape: ints, separately (as a method) or as one sequence; one of them may be -1 and is then computed.

    Returns:
        a view where the strides allow the shape without a copy (always of a contiguous tensor).

    Raises:
        RuntimeError: where the number of elements differs, or -1 cannot be computed.

    >>> import mibun as torch
    >>> torch.arange(6).reshape(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def reshape(input: Tensor, shape: Sequence[_int]) -> Tensor:
    """The same elements, in the same order, in another shape: a view if that is possible, else a copy.

    Args:
        input: of any dtype.
        shape: ints, separately (as a method) or as one sequence; one of them may be -1 and is then computed.

    Returns:
        a view where the strides allow the shape without a copy (always of a contiguous tensor).

    Raises:
        RuntimeError: where the number of elements differs, or -1 cannot be computed.

    >>> import mibun as torch
    >>> torch.arange(6).reshape(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator _reshape_alias:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ReshapeAliasBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator unsafe_view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: UnsafeViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def resize_as_(self: Tensor, other: Tensor, *, memory_format: _memory_format | None = None) -> Tensor:
    """`self.resize_(other.size())`. memory_format: as there; `preserve_format` takes that of `other`.

    Operator prod_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator prod:
        vjp: _prod_rule
            def _prod_rule(xp, g, input, out):
                n = count(input.shape, range(input.ndim))
                return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input
        node: ProdBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is

    Operator prod_dim:
        vjp: _prod_dim_rule
            def _prod_dim_rule(xp, g, input, out, dim):
                if input.ndim == 0:
                    return g
                if not count(input.shape, range(input.ndim)):
                    return input
                g = spread(xp, g, input.shape, (dim,))
                return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)
        node: ProdBackward1
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def resize_as_sparse_(input: Tensor, the_template: Tensor) -> Tensor:
    """`sparse_resize_` to the sizes and dimensions of another COO tensor.

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def resolve_conj(input: Tensor) -> Tensor:
    """The Tensor itself: conjugates are always computed here, never only noted."""

def resolve_neg(input: Tensor) -> Tensor:
    """The Tensor itself: negatives are always computed here, never only noted."""

def rms_norm(
    input: Tensor, normalized_shape: Sequence[_int], weight: Tensor | None = None, eps: _float | None = None,
) -> Tensor:
    """`input / sqrt(mean(input**2) + eps) * weight`, the mean being over the last dimensions.

    Args:
        input: (*, *normalized_shape), of a floating or complex dtype; the result has its shape.
        normalized_shape: the sizes of the dimensions that the mean is over.
        weight: of the shape normalized_shape, or None.
        eps: by default the machine epsilon of the dtype that is computed in (float32 for half precision).

    Raises:
        RuntimeError: where shapes do not fit.

    Source: Zhang and Sennrich, Root Mean Square Layer Normalization (2019), arXiv:1910.07467.

    >>> import mibun as torch
    >>> torch.rms_norm(torch.tensor([[3., 4., 0., 0.]]), (4,))
    tensor([[1.2000, 1.6000, 0.0000, 0.0000]])

    Operator rsqrt:
        vjp: lambda xp, g, out: -0.5 * g * xp.conj(out * out * out)
        node: RsqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def rnn_relu(
    input: Tensor, hx: Tensor | Sequence[Tensor], params: Sequence[Tensor], has_biases: _bool, num_layers: _int,
    dropout: _float, train: _bool, bidirectional: _bool, batch_first: _bool,
) -> tuple[Tensor, ...]:
    """All steps and layers of a recurrent network, as the modules call it.

    rnn_relu(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first), or with packed data
    rnn_relu(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional). hx: a tensor of shape
    (layers * directions, batch, size). Returns the outputs of the last layer, and the last states.

    Operator plain_layer:
        vjp: _plain_rule
            def _plain_rule(xp, g, hidden, weight, out, relu, reverse, needs):
                found: list = []
                dh = None
                slopes: Any = None if relu else xp.conj(1 - out * out)
                by_state = xp.conj(weight)
                for t in _times(out.shape[0], not reverse):
                    dh = g[t, ...] if dh is None else g[t, ...] + dh
                    found.append(xp.relu_backward(dh, out[t, ...]) if relu else dh * slopes[t, ...])
                    dh = xp.matmul(found[-1], by_state)
                for_gates = _in_order(xp, found, not reverse)
                before = _previous(xp, out, hidden, reverse)
                return for_gates, dh, _for_weight(xp, for_gates, before) if needs[2] else None
        node: StackBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def rnn_relu_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a plain recurrent network: relu(W input + b + V hidden + c).

    Operator plain_layer:
        vjp: _plain_rule
            def _plain_rule(xp, g, hidden, weight, out, relu, reverse, needs):
                found: list = []
                dh = None
                slopes: Any = None if relu else xp.conj(1 - out * out)
                by_state = xp.conj(weight)
                for t in _times(out.shape[0], not reverse):
                    dh = g[t, ...] if dh is None else g[t, ...] + dh
                    found.append(xp.relu_backward(dh, out[t, ...]) if relu else dh * slopes[t, ...])
                    dh = xp.matmul(found[-1], by_state)
                for_gates = _in_order(xp, found, not reverse)
                before = _previous(xp, out, hidden, reverse)
                return for_gates, dh, _for_weight(xp, for_gates, before) if needs[2] else None
        node: StackBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def rnn_tanh(
    input: Tensor, hx: Tensor | Sequence[Tensor], params: Sequence[Tensor], has_biases: _bool, num_layers: _int,
    dropout: _float, train: _bool, bidirectional: _bool, batch_first: _bool,
) -> tuple[Tensor, ...]:
    """All steps and layers of a recurrent network, as the modules call it.

    rnn_tanh(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first), or with packed data
    rnn_tanh(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional). hx: a tensor of shape
    (layers * directions, batch, size). Returns the outputs of the last layer, and the last states.

    Operator plain_layer:
        vjp: _plain_rule
            def _plain_rule(xp, g, hidden, weight, out, relu, reverse, needs):
                found: list = []
                dh = None
                slopes: Any = None if relu else xp.conj(1 - out * out)
                by_state = xp.conj(weight)
                for t in _times(out.shape[0], not reverse):
                    dh = g[t, ...] if dh is None else g[t, ...] + dh
                    found.append(xp.relu_backward(dh, out[t, ...]) if relu else dh * slopes[t, ...])
                    dh = xp.matmul(found[-1], by_state)
                for_gates = _in_order(xp, found, not reverse)
                before = _previous(xp, out, hidden, reverse)
                return for_gates, dh, _for_weight(xp, for_gates, before) if needs[2] else None
        node: StackBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def rnn_tanh_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a plain recurrent network: tanh(W input + b + V hidden + c).

    Operator plain_layer:
        vjp: _plain_rule
            def _plain_rule(xp, g, hidden, weight, out, relu, reverse, needs):
                found: list = []
                dh = None
                slopes: Any = None if relu else xp.conj(1 - out * out)
                by_state = xp.conj(weight)
                for t in _times(out.shape[0], not reverse):
                    dh = g[t, ...] if dh is None else g[t, ...] + dh
                    found.append(xp.relu_backward(dh, out[t, ...]) if relu else dh * slopes[t, ...])
                    dh = xp.matmul(found[-1], by_state)
                for_gates = _in_order(xp, found, not reverse)
                before = _previous(xp, out, hidden, reverse)
                return for_gates, dh, _for_weight(xp, for_gates, before) if needs[2] else None
        node: StackBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def roll(input: Tensor, shifts: _int | Sequence[_int], dims: _int | Sequence[_int] | None = None) -> Tensor:
    """Move the elements by `shifts` places along `dims`; what falls off one end comes in at the other.

    Args:
        input: of any dtype.
        shifts: an int, or one for each of the dimensions.
        dims: the dimensions; without, the tensor is rolled as if it were flat.

    Returns:
        a new tensor of the same shape.

    Raises:
        RuntimeError: where there are not as many shifts as dimensions.

    >>> import mibun as torch
    >>> torch.roll(torch.tensor([1, 2, 3, 4]), 1)
    tensor([4, 1, 2, 3])

    Operator roll:
        vjp: lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims)
        node: RollBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def rot90(input: Tensor, k: _int = 1, dims: _int | Sequence[_int] = (0, 1)) -> Tensor:
    """Rotate by 90 degrees k times in the plane of two dimensions, from the first towards the second.

    >>> import mibun as torch
    >>> torch.rot90(torch.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])

    Operator rot90:
        vjp: lambda xp, g, k, dims: xp.rotated(g, k=-k % 4, dims=dims)
        node: Rot90Backward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def round(input: Tensor, *, decimals: _int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest integer, the even one of two, elementwise; or the nearest multiple of 10 ** -decimals.

    Args:
        decimals: how many digits after the point to keep; negative to round before it.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the same dtype.

    Raises:
        NotImplementedError: for complex dtypes and bool, and for integers with `decimals`.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.round(torch.tensor([0.5, 1.5, 2.6]))
    tensor([0., 2., 3.])
    >>> torch.round(torch.tensor([3.14159]), decimals=2)
    tensor([3.1400])

    Operator round_whole:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: RoundBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def round_(input: Tensor, *, decimals: _int = 0) -> Tensor:
    """Round in place.

    Operator round_whole:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: RoundBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def row_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the first dimension; see `vstack`.

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

def rrelu(
    input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False,
    inplace: _bool = False,
) -> Tensor:
    """The input where positive, else times a slope: in training drawn from [lower, upper] for each, else their mean.

    RuntimeError for lower > upper. Source: Xu, Wang, Chen and Li (2015), arXiv:1505.00853.

    Operator rrelu_mean:
        vjp: _leaky_rule
            def _leaky_rule(xp, g, input, slope):
                return xp.where(input > 0, g, g * slope)
        node: RreluWithNoiseBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator rrelu_mean_in_place:
        vjp: _leaky_rule_of_output
            def _leaky_rule_of_output(xp, g, out, slope):
                return xp.where(out > 0, g, g * slope)
        node: RreluWithNoiseBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def rrelu_(input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False) -> Tensor:
    """`rrelu` in place.

    Operator rrelu_mean:
        vjp: _leaky_rule
            def _leaky_rule(xp, g, input, slope):
                return xp.where(input > 0, g, g * slope)
        node: RreluWithNoiseBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator rrelu_mean_in_place:
        vjp: _leaky_rule_of_output
            def _leaky_rule_of_output(xp, g, out, slope):
                return xp.where(out > 0, g, g * slope)
        node: RreluWithNoiseBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def rsqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / sqrt(input), elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.rsqrt(torch.tensor([4., 0.]))
    tensor([0.5000,    inf])

    Operator rsqrt:
        vjp: lambda xp, g, out: -0.5 * g * xp.conj(out * out * out)
        node: RsqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def rsqrt_(self: Tensor) -> Tensor:
    """`rsqrt` in place: writes its result over the tensor, which it returns.

    1 / sqrt(input), elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.rsqrt(torch.tensor([4., 0.]))
        tensor([0.5000,    inf])

    Operator rsqrt:
        vjp: lambda xp, g, out: -0.5 * g * xp.conj(out * out * out)
        node: RsqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def rsub(input: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """The difference other - alpha * input, elementwise: subtraction with the operands the other way round.

    Args:
        other: a Tensor that broadcasts, or a number.
        alpha: a number that the dtype of the result can hold.

    Raises:
        RuntimeError: for bools.

    >>> import mibun as torch
    >>> torch.rsub(torch.tensor([1., 2.]), 10)
    tensor([9., 8.])

    Operator rsub_tensor:
        vjp of input: lambda xp, g, alpha: -g * alpha.conjugate()
        vjp of other: lambda xp, g: g
        node: RsubBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: any bool
        shapes: broadcast; RuntimeError where they do not

    Operator rsub_scalar:
        vjp: lambda xp, g, alpha: -g * alpha.conjugate()
        node: RsubBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: any bool
    """

def saddmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1, out: Tensor | None = None,
) -> Tensor:
    """The older name of `sspaddmm`, which see."""

def scalar_tensor(
    s: Tensor | Number, *, dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None,
    pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """A 0-d Tensor of a number, of the default dtype unless another is given.

    >>> import mibun as torch
    >>> torch.scalar_tensor(3)
    tensor(3.)
    """

@overload
def scatter(
    input: Tensor, dim: _int, index: Tensor, src: Tensor | Number | None = None, *, value: Number | None = None,
    reduce: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with values written at `index` along a dimension: out[index[i][j]][j] = src[i][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
        src: a tensor of the input's dtype at least as large as the index, or a number (also as `value`).
        reduce: "add" or "multiply" instead of writing.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Where several values meet in one place the last one counts.

    Raises:
        RuntimeError: for other shapes and dtypes, and for indices out of range.
        TypeError: for both src and value, or neither.

    >>> import mibun as torch
    >>> torch.zeros(3).scatter(0, torch.tensor([0, 2]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])

    Operator scatter_value:
        vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
        jvp of input: lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)
        node: ScatterBackward1
        dtypes: each as it is

    Operator scatter_src:
        vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
        vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
        node: ScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator scatter_sum:
        vjp of input: lambda xp, g: g
        vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
        node: ScatterAddBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator scatter_reduced:
        vjp: reduce_vjp
            56 lines in mibun.ops.indexing.scattering
        node: ScatterReduceBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def scatter(
    input: Tensor, *, axis: _int, index: Tensor, src: Tensor | Number | None = None, value: Number | None = None,
    reduce: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with values written at `index` along a dimension: out[index[i][j]][j] = src[i][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
        src: a tensor of the input's dtype at least as large as the index, or a number (also as `value`).
        reduce: "add" or "multiply" instead of writing.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Where several values meet in one place the last one counts.

    Raises:
        RuntimeError: for other shapes and dtypes, and for indices out of range.
        TypeError: for both src and value, or neither.

    >>> import mibun as torch
    >>> torch.zeros(3).scatter(0, torch.tensor([0, 2]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])

    Operator scatter_value:
        vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
        jvp of input: lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)
        node: ScatterBackward1
        dtypes: each as it is

    Operator scatter_src:
        vjp of input: lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)
        vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
        node: ScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator scatter_sum:
        vjp of input: lambda xp, g: g
        vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
        node: ScatterAddBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator scatter_reduced:
        vjp: reduce_vjp
            56 lines in mibun.ops.indexing.scattering
        node: ScatterReduceBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def scatter_add(input: Tensor, dim: _int, index: Tensor, src: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the input with values added at `index` along a dimension: out[index[i][j]][j] += src[i][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32; shapes as for `scatter`.
        src: a tensor of the input's dtype, at least as large as the index.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Values for one place add up; the gradient of src is read off at the index.

    Raises:
        RuntimeError: for other shapes and dtypes, and for indices out of range.

    >>> import mibun as torch
    >>> torch.zeros(3).scatter_add(0, torch.tensor([0, 2, 2]), torch.ones(3))
    tensor([1., 0., 2.])

    Operator scatter_sum:
        vjp of input: lambda xp, g: g
        vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
        node: ScatterAddBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def scatter_add(input: Tensor, *, axis: _int, index: Tensor, src: Tensor, out: Tensor | None = None) -> Tensor:
    """A copy of the input with values added at `index` along a dimension: out[index[i][j]][j] += src[i][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32; shapes as for `scatter`.
        src: a tensor of the input's dtype, at least as large as the index.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Values for one place add up; the gradient of src is read off at the index.

    Raises:
        RuntimeError: for other shapes and dtypes, and for indices out of range.

    >>> import mibun as torch
    >>> torch.zeros(3).scatter_add(0, torch.tensor([0, 2, 2]), torch.ones(3))
    tensor([1., 0., 2.])

    Operator scatter_sum:
        vjp of input: lambda xp, g: g
        vjp of src: lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)
        node: ScatterAddBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def scatter_reduce(
    input: Tensor, dim: _int, index: Tensor, src: Tensor, reduce: str, *, include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with the elements of src reduced into it at `index` along a dimension; see `scatter`.

    reduce: "sum", "prod", "mean", "amax" or "amin". include_self: whether what is in the input counts too.

    >>> import mibun as torch
    >>> torch.ones(2).scatter_reduce(0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
    tensor([6., 1.])

    Operator scatter_reduced:
        vjp: reduce_vjp
            56 lines in mibun.ops.indexing.scattering
        node: ScatterReduceBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def scatter_reduce(
    input: Tensor, *, axis: _int, index: Tensor, src: Tensor, reduce: str, include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with the elements of src reduced into it at `index` along a dimension; see `scatter`.

    reduce: "sum", "prod", "mean", "amax" or "amin". include_self: whether what is in the input counts too.

    >>> import mibun as torch
    >>> torch.ones(2).scatter_reduce(0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
    tensor([6., 1.])

    Operator scatter_reduced:
        vjp: reduce_vjp
            56 lines in mibun.ops.indexing.scattering
        node: ScatterReduceBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def searchsorted(
    sorted_sequence: Tensor, input: Tensor | Number, *, out_int32: _bool = False, right: _bool = False,
    side: str | None = None, sorter: Tensor | None = None, out: Tensor | None = None,
) -> Tensor:
    """Where the values of `input` would have to be inserted into a sequence that ascends along its last dimension.

    input: a number, or a tensor with the same leading sizes as the sequence (any shape if that is 1-D). side: "left"
    (the default) or "right" of equal elements; right=True is the same as the latter. sorter: the indices that sort the
    sequence. Result: int64, or int32. Not differentiable.

    >>> import mibun as torch
    >>> torch.searchsorted(torch.tensor([1., 3., 5.]), torch.tensor([3., 6.]))
    tensor([1, 3])

    Operator searchsorted:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def segment_reduce(
    data: Tensor, reduce: str, *, lengths: Tensor | None = None, indices: Tensor | None = None,
    offsets: Tensor | None = None, axis: _int = 0, unsafe: _bool = False, initial: _float | None = None,
) -> Tensor:
    """Stretches of a tensor along a dimension, each reduced to one slice.

    Args:
        data: of a floating dtype.
        reduce: "sum", "mean", "max", "min" or "prod".
        lengths: (*, n), how long the n stretches are, which follow each other; the dimensions before the last are those
            of `data`, each part of which is cut in its own way.
        offsets: (*, n + 1) in place of lengths: where each begins, and the last ends.
        axis: the dimension, which is the last of `lengths`.
        unsafe: do not check that the lengths sum to the size of the dimension; what they leave is not looked at.
        initial: what each reduction starts with. Without it an empty stretch gives 0, NaN, -inf, inf or 1.

    `indices` is refused, as in PyTorch. RuntimeError for other lengths and names, NotImplementedError for integers. Of
    equal extremes each gets the same part of the gradient.

    >>> import mibun as torch
    >>> torch.segment_reduce(torch.arange(5.0), "sum", lengths=torch.tensor([2, 3]))
    tensor([1., 9.])

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """

@overload
def select(input: Tensor, dim: _int, index: _int) -> Tensor:
    """One slice along a dimension, without that dimension. A view.

    Args:
        input: of any dtype, with at least one dimension.
        dim: the dimension.
        index: which slice; counted from the end if negative.

    Returns:
        a view of one dimension less.

    Raises:
        IndexError: where there is no such dimension or slice.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).select(1, 0)
    tensor([1, 3])

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def select(input: Tensor, *, axis: _int, index: _int) -> Tensor:
    """One slice along a dimension, without that dimension. A view.

    Args:
        input: of any dtype, with at least one dimension.
        dim: the dimension.
        index: which slice; counted from the end if negative.

    Returns:
        a view of one dimension less.

    Raises:
        IndexError: where there is no such dimension or slice.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).select(1, 0)
    tensor([1, 3])

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def select_copy(input: Tensor, dim: _int, index: _int, *, out: Tensor | None = None) -> Tensor:
    """`select`, copied.

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def select_copy(input: Tensor, *, axis: _int, index: _int, out: Tensor | None = None) -> Tensor:
    """`select`, copied.

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def select_scatter(input: Tensor, src: Tensor, dim: _int, index: _int, *, out: Tensor | None = None) -> Tensor:
    """A copy of the input with `src` as the slice `index` of a dimension: what `input.select(dim, index)` shows.

    >>> import mibun as torch
    >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])

    Operator select_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SelectScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator slice_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SliceScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator diagonal_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: DiagonalScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator as_strided_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: AsStridedScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def select_scatter(input: Tensor, src: Tensor, *, axis: _int, index: _int, out: Tensor | None = None) -> Tensor:
    """A copy of the input with `src` as the slice `index` of a dimension: what `input.select(dim, index)` shows.

    >>> import mibun as torch
    >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])

    Operator select_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SelectScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator slice_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SliceScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator diagonal_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: DiagonalScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator as_strided_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: AsStridedScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def selu(input: Tensor, inplace: _bool = False) -> Tensor:
    """elu, scaled so that activations keep mean 0 and variance 1: `1.0507 * elu(input, 1.6733)`.

    input: of any shape, of a real floating dtype. Source: Klambauer et al. (2017), arXiv:1706.02515.

    >>> import mibun as torch
    >>> torch.selu(torch.tensor([-1., 1.]))
    tensor([-1.1113,  1.0507])

    Operator elu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: EluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator elu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: EluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def selu_(input: Tensor) -> Tensor:
    """`selu` in place.

    Operator elu:
        vjp: _elu_rule
            def _elu_rule(xp, g, input, alpha, scale, input_scale):
                # exp of what is not selected must not overflow. At 0 the first derivative is the one from below and the second the
                # one from above, 0, which is PyTorch's choice.
                below = xp.where(input < 0, input, 0.0)
                return xp.where(input <= 0, g * (xp.exp(below * input_scale) * (alpha * scale * input_scale)), g * scale)
        node: EluBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex

    Operator elu_in_place:
        vjp: _elu_rule_of_output
            def _elu_rule_of_output(xp, g, out, alpha, scale, input_scale):
                below = xp.where(out < 0, out, 0.0)
                return xp.where(out <= 0, g * ((below + alpha * scale) * input_scale), g * scale)
        node: EluBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, signed integer, unsigned integer, complex
    """

def sgn(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """input / |input|, elementwise, and 0 at 0: `sign`, for complex dtypes too.

    Args:
        input: of any shape and dtype.

    >>> import mibun as torch
    >>> torch.sgn(torch.tensor([3 + 4j, 0]))
    tensor([0.6000+0.8000j, 0.0000+0.0000j])

    Operator sgn:
        vjp: _sgn_tangent
            def _sgn_tangent(xp, t, input, out):
                \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                if not xp.isdtype(input.dtype, "complex floating"):
                    return xp.zeros_like(t)
                size = xp.abs(input)
                across = t - out * xp.real(xp.conj(out) * t)
                return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
        jvp: _sgn_tangent
            def _sgn_tangent(xp, t, input, out):
                \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                if not xp.isdtype(input.dtype, "complex floating"):
                    return xp.zeros_like(t)
                size = xp.abs(input)
                across = t - out * xp.real(xp.conj(out) * t)
                return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
        node: SgnBackward0
        dtypes: the operands' common one
    """

def sgn_(self: Tensor) -> Tensor:
    """`sgn` in place: writes its result over the tensor, which it returns.

    input / |input|, elementwise, and 0 at 0: `sign`, for complex dtypes too.

        Args:
            input: of any shape and dtype.

        >>> import mibun as torch
        >>> torch.sgn(torch.tensor([3 + 4j, 0]))
        tensor([0.6000+0.8000j, 0.0000+0.0000j])

    Operator sgn:
        vjp: _sgn_tangent
            def _sgn_tangent(xp, t, input, out):
                \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                if not xp.isdtype(input.dtype, "complex floating"):
                    return xp.zeros_like(t)
                size = xp.abs(input)
                across = t - out * xp.real(xp.conj(out) * t)
                return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
        jvp: _sgn_tangent
            def _sgn_tangent(xp, t, input, out):
                \"""d(z/|z|): what is left of t when its radial part is taken off, over |z|; 0 at 0. It is its own adjoint.\"""
                if not xp.isdtype(input.dtype, "complex floating"):
                    return xp.zeros_like(t)
                size = xp.abs(input)
                across = t - out * xp.real(xp.conj(out) * t)
                return xp.where(size == 0, 0.0, across / xp.where(size == 0, 1.0, size))
        node: SgnBackward0
        dtypes: the operands' common one
    """

def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logistic function 1 / (1 + exp(-input)), elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    Its derivative, written with the result y, is y * (1 - y).

    >>> import mibun as torch
    >>> torch.sigmoid(torch.tensor([0., 100.]))
    tensor([0.5000, 1.0000])

    Operator sigmoid:
        vjp: lambda xp, g, out: g * xp.conj((1 - out) * out)
        node: SigmoidBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sigmoid_(self: Tensor) -> Tensor:
    """`sigmoid` in place: writes its result over the tensor, which it returns.

    The logistic function 1 / (1 + exp(-input)), elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        Its derivative, written with the result y, is y * (1 - y).

        >>> import mibun as torch
        >>> torch.sigmoid(torch.tensor([0., 100.]))
        tensor([0.5000, 1.0000])

    Operator sigmoid:
        vjp: lambda xp, g, out: g * xp.conj((1 - out) * out)
        node: SigmoidBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-1, 0 or 1 as the input is negative, zero or positive, elementwise, in the same dtype; 0 for NaN.

    Args:
        input: of any shape and real dtype.

    Raises:
        NotImplementedError: for complex dtypes; use `sgn`.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.sign(torch.tensor([-3., 0., 2.]))
    tensor([-1.,  0.,  1.])

    Operator sign:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: SignBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
    """

def sign_(self: Tensor) -> Tensor:
    """`sign` in place: writes its result over the tensor, which it returns.

    -1, 0 or 1 as the input is negative, zero or positive, elementwise, in the same dtype; 0 for NaN.

        Args:
            input: of any shape and real dtype.

        Raises:
            NotImplementedError: for complex dtypes; use `sgn`.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.sign(torch.tensor([-3., 0., 2.]))
        tensor([-1.,  0.,  1.])

    Operator sign:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: SignBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
    """

def signbit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the sign bit is set, elementwise: of -0.0 too. RuntimeError for complex dtypes.

    >>> import mibun as torch
    >>> torch.signbit(torch.tensor([-0.0, 1.]))
    tensor([ True, False])

    Operator signbit:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: the operands' common one
        raises for: complex
    """

def sin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sine of an angle in radians, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.sin(torch.tensor([0., 1.]))
    tensor([0.0000, 0.8415])

    Operator sin:
        vjp: lambda xp, g, input: g * xp.conj(xp.cos(input))
        node: SinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sin_(self: Tensor) -> Tensor:
    """`sin` in place: writes its result over the tensor, which it returns.

    The sine of an angle in radians, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.sin(torch.tensor([0., 1.]))
        tensor([0.0000, 0.8415])

    Operator sin:
        vjp: lambda xp, g, input: g * xp.conj(xp.cos(input))
        node: SinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sin(πx) / (πx), elementwise, and 1 at 0.

    >>> import mibun as torch
    >>> torch.sinc(torch.tensor([0., 0.5]))
    tensor([1.0000, 0.6366])

    Operator sinc:
        vjp: lambda xp, g, input: g * xp.conj(xp.sinc_derivative(input, n=1))
        node: SincBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sinc_(self: Tensor) -> Tensor:
    """`sinc` in place: writes its result over the tensor, which it returns.

    sin(πx) / (πx), elementwise, and 1 at 0.

        >>> import mibun as torch
        >>> torch.sinc(torch.tensor([0., 0.5]))
        tensor([1.0000, 0.6366])

    Operator sinc:
        vjp: lambda xp, g, input: g * xp.conj(xp.sinc_derivative(input, n=1))
        node: SincBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Hyperbolic sine, elementwise.

    >>> import mibun as torch
    >>> torch.sinh(torch.tensor([0., 0.5]))
    tensor([0.0000, 0.5211])

    Operator sinh:
        vjp: lambda xp, g, input: g * xp.conj(xp.cosh(input))
        node: SinhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sinh_(self: Tensor) -> Tensor:
    """`sinh` in place: writes its result over the tensor, which it returns.

    Hyperbolic sine, elementwise.

        >>> import mibun as torch
        >>> torch.sinh(torch.tensor([0., 0.5]))
        tensor([0.0000, 0.5211])

    Operator sinh:
        vjp: lambda xp, g, input: g * xp.conj(xp.cosh(input))
        node: SinhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

@overload
def slice_copy(
    input: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1, *,
    out: Tensor | None = None,
) -> Tensor:
    """The slice `start:end:step` along a dimension, copied.

    Operator copied_as_AliasBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AliasBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_AsStridedBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AsStridedBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_ExpandBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: ExpandBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_PermuteBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: PermuteBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SelectBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SelectBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SliceBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SliceBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TransposeBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TransposeBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators copied_as_UnfoldBackward0_copy, copied_as_UnsqueezeBackward0_copy, copied_as_ViewBackward0_copy, copied_as_ViewAsComplexBackward0_copy, copied_as_ViewAsRealBackward0_copy, copied_as_SqueezeBackward0_copy, copied_as_SqueezeBackward1_copy, copied_as_SqueezeBackward2_copy, copied_as_NarrowCopyBackward0, copied_as_SplitBackward0_copy, copied_as_SplitWithSizesBackward0_copy, copied_as_UnbindBackward0_copy, basic_index
    """
@overload
def slice_copy(
    input: Tensor, *, axis: _int, start: _int | None = None, end: _int | None = None, step: _int = 1,
    out: Tensor | None = None,
) -> Tensor:
    """The slice `start:end:step` along a dimension, copied.

    Operator copied_as_AliasBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AliasBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_AsStridedBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: AsStridedBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_ExpandBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: ExpandBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_PermuteBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: PermuteBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SelectBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SelectBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_SliceBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: SliceBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator copied_as_TransposeBackward0_copy:
        vjp: lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape)
        node: TransposeBackward0_copy
        forward mode: the operator on the tangents
        dtypes: each as it is

    and the operators copied_as_UnfoldBackward0_copy, copied_as_UnsqueezeBackward0_copy, copied_as_ViewBackward0_copy, copied_as_ViewAsComplexBackward0_copy, copied_as_ViewAsRealBackward0_copy, copied_as_SqueezeBackward0_copy, copied_as_SqueezeBackward1_copy, copied_as_SqueezeBackward2_copy, copied_as_NarrowCopyBackward0, copied_as_SplitBackward0_copy, copied_as_SplitWithSizesBackward0_copy, copied_as_UnbindBackward0_copy, basic_index
    """

@overload
def slice_inverse(
    input: Tensor, src: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1,
) -> Tensor:
    """The tensor that this one is a slice of: its memory in the geometry of `src`, which is like that tensor.

    src: of the sizes, strides and offset of the whole. dim, start, end, step: the slice, which has to be of its sizes.

    RuntimeError where the slice of `src` would have other sizes, or the memory is too small.

    >>> import mibun as torch
    >>> x = torch.arange(6).reshape(2, 3)
    >>> x[:, 1:].slice_inverse(torch.zeros(2, 3), 1, 1, 3)
    tensor([[0, 1, 2],
            [3, 4, 5]])

    Operator as_strided:
        vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
            g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
        )
        node: AsStridedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def slice_inverse(
    input: Tensor, src: Tensor, *, axis: _int, start: _int | None = None, end: _int | None = None, step: _int = 1,
) -> Tensor:
    """The tensor that this one is a slice of: its memory in the geometry of `src`, which is like that tensor.

    src: of the sizes, strides and offset of the whole. dim, start, end, step: the slice, which has to be of its sizes.

    RuntimeError where the slice of `src` would have other sizes, or the memory is too small.

    >>> import mibun as torch
    >>> x = torch.arange(6).reshape(2, 3)
    >>> x[:, 1:].slice_inverse(torch.zeros(2, 3), 1, 1, 3)
    tensor([[0, 1, 2],
            [3, 4, 5]])

    Operator as_strided:
        vjp: lambda xp, g, input_shape, size, stride, offset, geometry: xp.as_strided_embed(
            g, shape=input_shape, size=size, stride=stride, offset=offset, geometry=geometry
        )
        node: AsStridedBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def slice_scatter(
    input: Tensor, src: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1, *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `src` as its slice `start:end:step` along a dimension.

    >>> import mibun as torch
    >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), start=1, end=3)
    tensor([0., 1., 1., 0.])

    Operator select_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SelectScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator slice_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SliceScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator diagonal_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: DiagonalScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator as_strided_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: AsStridedScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def slice_scatter(
    input: Tensor, src: Tensor, *, axis: _int, start: _int | None = None, end: _int | None = None, step: _int = 1,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `src` as its slice `start:end:step` along a dimension.

    >>> import mibun as torch
    >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), start=1, end=3)
    tensor([0., 1., 1., 0.])

    Operator select_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SelectScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator slice_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: SliceScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator diagonal_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: DiagonalScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator as_strided_scatter:
        vjp of input: lambda xp, g, src_shape, view, params: xp.part_cleared(
            g, view=view, params=params, part_shape=src_shape
        )
        vjp of src: lambda xp, g, view, params: xp.part_read(g, view=view, params=params)
        node: AsStridedScatterBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def slogdet(input: Tensor, *, out: Sequence[Tensor] | None = None) -> return_types.slogdet:
    """The sign and the logarithm of the absolute value of the determinant: see `linalg.slogdet`.

    Operator linalg_slogdet:
        vjp: _slogdet_rule
            def _slogdet_rule(xp, g, A, sign):
                \"""d log det A = tr(A^-1 dA) = z; the logarithm of the size is its real part, and d sign = i sign im(z).

                So the gradient is A^-H times g_log + i im(conj(sign) g_sign).
                \"""
                g_sign, g_log = g
                if xp.isdtype(A.dtype, "complex floating"):
                    turn = xp.conj(sign) * g_sign
                    g_log = g_log + (turn - xp.conj(turn)) * 0.5
                return _scalars(xp, g_log) * adjoint(xp, xp.linalg_inv_ex(A)[0])
        jvp: _slogdet_jvp
            def _slogdet_jvp(xp, t, A, sign):
                z = xp.sum(diagonal_of(xp, xp.linalg_solve_ex(A, t, left=True, vector=False)[0]), axis=-1)
                if xp.isdtype(A.dtype, "complex floating"):
                    return sign * ((z - xp.conj(z)) * 0.5), xp.real(z)
                return xp.zeros_like(z), z
        node: LinalgSlogdetBackward0
        dtypes: each as it is
    """

def smm(input: Tensor, mat2: Tensor) -> Tensor:
    """A sparse matrix by a dense one, as a sparse COO matrix; it has no derivative.

    Args:
        input: (n, m), in COO; mat2: (m, p), dense.

    Raises:
        NotImplementedError: for other layouts. RuntimeError: where the sizes do not fit.

    >>> import mibun as torch
    >>> torch.smm(torch.eye(2).to_sparse(), torch.tensor([[1., 2.], [3., 4.]])).to_dense()
    tensor([[1., 2.],
            [3., 4.]])
    """

@overload
def softmax(input: Tensor, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """`exp(input) / sum(exp(input))` over one dimension, computed without overflow.

    Args:
        input: of any shape, of a real floating dtype; the result has its shape.
        dim: the dimension that is summed over.
        dtype: cast to it first.

    Raises:
        NotImplementedError: for integers and complex numbers.
        IndexError: for a dimension out of range.

    >>> import mibun as torch
    >>> torch.softmax(torch.zeros(2, 4), dim=1)
    tensor([[0.2500, 0.2500, 0.2500, 0.2500],
            [0.2500, 0.2500, 0.2500, 0.2500]])

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def softmax(input: Tensor, *, axis: _int, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """`exp(input) / sum(exp(input))` over one dimension, computed without overflow.

    Args:
        input: of any shape, of a real floating dtype; the result has its shape.
        dim: the dimension that is summed over.
        dtype: cast to it first.

    Raises:
        NotImplementedError: for integers and complex numbers.
        IndexError: for a dimension out of range.

    >>> import mibun as torch
    >>> torch.softmax(torch.zeros(2, 4), dim=1)
    tensor([[0.2500, 0.2500, 0.2500, 0.2500],
            [0.2500, 0.2500, 0.2500, 0.2500]])

    Operator softmax_over:
        vjp: lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True))
        node: SoftmaxBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def solve(input: Tensor, A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.solve` is what replaces it."""

@overload
def sort(
    input: Tensor, dim: _int = -1, descending: _bool = False, *, stable: _bool | None = None,
    out: Sequence[Tensor] | None = None,
) -> return_types.sort:
    """The elements in order along a dimension, and the indices they came from.

    Args:
        input: of any real dtype.
        dim: the dimension.
        descending: the largest first.
        stable: whether equal elements keep their order; they always do here, asked for or not.
        out: a pair of tensors to write the results into.

    Returns:
        a named tuple (values, indices), the indices int64. NaN counts as the largest. The gradient of a value goes to
        the element that it came from.

    Raises:
        RuntimeError: for complex numbers.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([3, 1, 2]).sort()
    torch.return_types.sort(
    values=tensor([1, 2, 3]),
    indices=tensor([1, 2, 0]))

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is

    Operator sortbackward1:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward1
        dtypes: each as it is
    """
@overload
def sort(
    input: Tensor, *, axis: _int, descending: _bool = False, stable: _bool | None = None,
    out: Sequence[Tensor] | None = None,
) -> return_types.sort:
    """The elements in order along a dimension, and the indices they came from.

    Args:
        input: of any real dtype.
        dim: the dimension.
        descending: the largest first.
        stable: whether equal elements keep their order; they always do here, asked for or not.
        out: a pair of tensors to write the results into.

    Returns:
        a named tuple (values, indices), the indices int64. NaN counts as the largest. The gradient of a value goes to
        the element that it came from.

    Raises:
        RuntimeError: for complex numbers.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([3, 1, 2]).sort()
    torch.return_types.sort(
    values=tensor([1, 2, 3]),
    indices=tensor([1, 2, 0]))

    Operator sortbackward0:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward0
        dtypes: each as it is

    Operator sortbackward1:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: SortBackward1
        dtypes: each as it is
    """

def split(tensor: Tensor, split_size_or_sections: _int | Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """Parts of a tensor along a dimension.

    Args:
        tensor: of any dtype, with at least one dimension.
        split_size_or_sections: the size of each part (the last may be smaller), or a list with the size of each.
        dim: the dimension.

    Returns:
        a tuple of views. They come from one operation, so that none may be modified in place where a graph is recorded.

    Raises:
        RuntimeError: for a size that is negative (or 0, of something), and for sizes that do not add up.

    >>> import mibun as torch
    >>> torch.split(torch.arange(5), 2)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    >>> torch.split(torch.arange(5), [1, 4])
    (tensor([0]), tensor([1, 2, 3, 4]))

    Operator split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def split_copy(
    input: Tensor, split_size: _int, dim: _int = 0, *, out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """`split` into parts of one size, copied. `out`: a sequence of as many tensors.

    Operator split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def split_copy(
    input: Tensor, split_size: _int, *, axis: _int, out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """`split` into parts of one size, copied. `out`: a sequence of as many tensors.

    Operator split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def split_with_sizes(input: Tensor, split_sizes: Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """Parts of the given sizes along a dimension; RuntimeError where they do not add up to its size. Views.

    >>> import mibun as torch
    >>> torch.arange(3).split_with_sizes([1, 2])
    (tensor([0]), tensor([1, 2]))

    Operator split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def split_with_sizes(input: Tensor, split_sizes: Sequence[_int], *, axis: _int) -> tuple[Tensor, ...]:
    """Parts of the given sizes along a dimension; RuntimeError where they do not add up to its size. Views.

    >>> import mibun as torch
    >>> torch.arange(3).split_with_sizes([1, 2])
    (tensor([0]), tensor([1, 2]))

    Operator split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def split_with_sizes_copy(
    input: Tensor, split_sizes: Sequence[_int], dim: _int = 0, *, out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """`split_with_sizes`, copied. `out`: as for `split_copy`.

    Operator split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def split_with_sizes_copy(
    input: Tensor, split_sizes: Sequence[_int], *, axis: _int, out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, ...]:
    """`split_with_sizes`, copied. `out`: as for `split_copy`.

    Operator split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: SplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def spmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`mm`, by the name that it once had for a sparse matrix on the left.

    Operator mm:
        vjp of input: lambda xp, g, other: xp.matmul(g, adjoint(xp, other))
        vjp of other: lambda xp, g, input: xp.matmul(adjoint(xp, input), g)
        node: MmBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def sqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The square root, elementwise; NaN below 0 for real dtypes.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    The gradient at 0 is infinite.

    >>> import mibun as torch
    >>> torch.sqrt(torch.tensor([4., -1.]))
    tensor([2., nan])

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def sqrt_(self: Tensor) -> Tensor:
    """`sqrt` in place: writes its result over the tensor, which it returns.

    The square root, elementwise; NaN below 0 for real dtypes.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        The gradient at 0 is infinite.

        >>> import mibun as torch
        >>> torch.sqrt(torch.tensor([4., -1.]))
        tensor([2., nan])

    Operator sqrt:
        vjp: lambda xp, g, out: g / xp.conj(2 * out)
        node: SqrtBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The square input * input, elementwise, in the same dtype.

    Args:
        input: of any shape and any dtype but bool, which gives int64.
        out: where to write the result; resized if it does not fit.

    >>> import mibun as torch
    >>> torch.square(torch.tensor([-3, 4]))
    tensor([ 9, 16])

    Operator pow_number:
        vjp: _number_power_rule
            def _number_power_rule(xp, g, input, exponent):
                if exponent == 0:
                    return xp.zeros_like(g)
                if exponent == 2:
                    return g * xp.conj(xp.twice(input))
                # By the operator itself, which takes roots of -0 as PyTorch does.
                return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
        node: PowBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one

    Operator pow_tensor:
        vjp of input: _input_rule
            def _input_rule(xp, g, input, exponent):
                # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                constant = (exponent == 0) & ~(xp.abs(input) > 0)
                return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
        vjp of exponent: _exponent_rule
            def _exponent_rule(xp, g, input, exponent, out):
                # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                constant = (input == 0) & (xp.real(exponent) >= 0)
                return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
        node: PowBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
        shapes: broadcast; RuntimeError where they do not
    """

def square_(input: Tensor) -> Tensor:
    """The square in place.

    Operator pow_number:
        vjp: _number_power_rule
            def _number_power_rule(xp, g, input, exponent):
                if exponent == 0:
                    return xp.zeros_like(g)
                if exponent == 2:
                    return g * xp.conj(xp.twice(input))
                # By the operator itself, which takes roots of -0 as PyTorch does.
                return g * xp.conj(exponent * xp.pow_number(input, exponent=exponent - 1))
        node: PowBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one

    Operator pow_tensor:
        vjp of input: _input_rule
            def _input_rule(xp, g, input, exponent):
                # 0 * 0 ** -1, and the same for NaN, must be 0: x ** 0 is constant.
                constant = (exponent == 0) & ~(xp.abs(input) > 0)
                return g * xp.conj(exponent * input ** xp.where(constant, 0.0, exponent - 1))
        vjp of exponent: _exponent_rule
            def _exponent_rule(xp, g, input, exponent, out):
                # 0 ** exponent is 0 for every exponent from 0 on: it does not depend on it, though log(0) is infinite.
                constant = (input == 0) & (xp.real(exponent) >= 0)
                return g * xp.conj(out * xp.log(xp.where(constant, 1.0, input)))
        node: PowBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def squeeze(input: Tensor, dim: _int | Sequence[_int] | None = None) -> Tensor:
    """Drop dimensions of size 1.

    Args:
        input: of any dtype.
        dim: the dimension, or dimensions, to drop where they are of size 1; others stay. All of size 1 if not given.

    Returns:
        a view.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.zeros(1, 3, 1).squeeze().shape
    torch.Size([3])
    >>> torch.zeros(1, 3, 1).squeeze(0).shape
    torch.Size([3, 1])

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dim:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def squeeze(input: Tensor, *, axis: _int | Sequence[_int] | None) -> Tensor:
    """Drop dimensions of size 1.

    Args:
        input: of any dtype.
        dim: the dimension, or dimensions, to drop where they are of size 1; others stay. All of size 1 if not given.

    Returns:
        a view.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.zeros(1, 3, 1).squeeze().shape
    torch.Size([3])
    >>> torch.zeros(1, 3, 1).squeeze(0).shape
    torch.Size([3, 1])

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dim:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def squeeze_copy(input: Tensor, dim: _int | Sequence[_int] | None = None, *, out: Tensor | None = None) -> Tensor:
    """`squeeze`, copied.

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dim:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def squeeze_copy(input: Tensor, *, axis: _int | Sequence[_int] | None, out: Tensor | None = None) -> Tensor:
    """`squeeze`, copied.

    Operator squeeze:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dims:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward2
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator squeeze_dim:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: SqueezeBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def sspaddmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1, out: Tensor | None = None,
) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2) as a sparse COO matrix; it has no derivative.

    Args:
        input: (n, p), in COO; mat1: (n, m), in COO; mat2: (m, p), dense.

    Raises:
        NotImplementedError: for other layouts. RuntimeError: where the sizes do not fit.

    >>> import mibun as torch
    >>> eye = torch.eye(2).to_sparse()
    >>> torch.sspaddmm(eye, eye, torch.ones(2, 2), beta=10).to_dense()
    tensor([[11.,  1.],
            [ 1., 11.]])
    """

@overload
def stack(tensors: Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors of one shape along a new dimension.

    Args:
        tensors: of one shape; dtypes are promoted to the common one.
        dim: where in the result the new dimension is.
        out: a tensor to write the result into.

    Returns:
        a new tensor of one dimension more, of size len(tensors).

    Raises:
        RuntimeError: where the shapes differ, and for no tensors.

    >>> import mibun as torch
    >>> torch.stack([torch.zeros(2), torch.ones(2)], dim=1)
    tensor([[0., 1.],
            [0., 1.]])

    Operator stack:
        vjp: _stack_parts
            def _stack_parts(xp: Any, g: Array, dim: int, needs: tuple) -> list:
                return [g[(*(slice(None),) * dim, i, ...)] if need else None for i, need in enumerate(needs)]
        node: StackBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """
@overload
def stack(tensors: Sequence[Tensor], *, axis: _int, out: Tensor | None = None) -> Tensor:
    """Join tensors of one shape along a new dimension.

    Args:
        tensors: of one shape; dtypes are promoted to the common one.
        dim: where in the result the new dimension is.
        out: a tensor to write the result into.

    Returns:
        a new tensor of one dimension more, of size len(tensors).

    Raises:
        RuntimeError: where the shapes differ, and for no tensors.

    >>> import mibun as torch
    >>> torch.stack([torch.zeros(2), torch.ones(2)], dim=1)
    tensor([[0., 1.],
            [0., 1.]])

    Operator stack:
        vjp: _stack_parts
            def _stack_parts(xp: Any, g: Array, dim: int, needs: tuple) -> list:
                return [g[(*(slice(None),) * dim, i, ...)] if need else None for i, need in enumerate(needs)]
        node: StackBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

@overload
def std(
    input: Tensor, dim: Ints | None = None, *, correction: Number | None = None, keepdim: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The standard deviation, the root of `var`, which has the same arguments. Its gradient where it is 0 is 0.

    >>> import mibun as torch
    >>> torch.std(torch.tensor([1., 2., 3., 4.]))
    tensor(1.2910)

    Operator std:
        vjp: _deviation_rule
            def _deviation_rule(xp, g, input, out, dims, correction):
                g = xp.where(xp.equal(out, 0), 0.0, g / (out * 2))
                return _variance_rule(xp, g, input, dims, correction)
        node: StdBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def std(
    input: Tensor, dim: Ints | None, unbiased: _bool, keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """The standard deviation, the root of `var`, which has the same arguments. Its gradient where it is 0 is 0.

    >>> import mibun as torch
    >>> torch.std(torch.tensor([1., 2., 3., 4.]))
    tensor(1.2910)

    Operator std:
        vjp: _deviation_rule
            def _deviation_rule(xp, g, input, out, dims, correction):
                g = xp.where(xp.equal(out, 0), 0.0, g / (out * 2))
                return _variance_rule(xp, g, input, dims, correction)
        node: StdBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def std(input: Tensor, unbiased: _bool) -> Tensor:
    """The standard deviation, the root of `var`, which has the same arguments. Its gradient where it is 0 is 0.

    >>> import mibun as torch
    >>> torch.std(torch.tensor([1., 2., 3., 4.]))
    tensor(1.2910)

    Operator std:
        vjp: _deviation_rule
            def _deviation_rule(xp, g, input, out, dims, correction):
                g = xp.where(xp.equal(out, 0), 0.0, g / (out * 2))
                return _variance_rule(xp, g, input, dims, correction)
        node: StdBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def std_mean(
    input: Tensor, dim: Ints | None = None, *, correction: Number | None = None, keepdim: _bool = False,
) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.std_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))

    Operator std_mean:
        vjp: lambda xp, g, input, std, dims, correction: (
            _deviation_rule(xp, g[0], input, std, dims, correction) + _mean_part(xp, g[1], input, dims)
        )
        node: StdMeanBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def std_mean(input: Tensor, dim: Ints | None, unbiased: _bool, keepdim: _bool = False) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.std_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))

    Operator std_mean:
        vjp: lambda xp, g, input, std, dims, correction: (
            _deviation_rule(xp, g[0], input, std, dims, correction) + _mean_part(xp, g[1], input, dims)
        )
        node: StdMeanBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def std_mean(input: Tensor, unbiased: _bool) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.std_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))

    Operator std_mean:
        vjp: lambda xp, g, input, std, dims, correction: (
            _deviation_rule(xp, g[0], input, std, dims, correction) + _mean_part(xp, g[1], input, dims)
        )
        node: StdMeanBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def stft(
    input: Tensor, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None,
    window: Tensor | None = None, center: _bool = True, pad_mode: str = 'reflect', normalized: _bool = False,
    onesided: _bool | None = None, return_complex: _bool | None = None, align_to_window: _bool | None = None,
) -> Tensor:
    """The short-time Fourier transform: the transforms of overlapping stretches of signals.

    `out[b, k, t] = sum_j window[j] input[b, t hop_length + j] exp(-2 pi i j k / n_fft)`

    Args:
        input: (L,) or (B, L), floating or complex.
        n_fft: the size of a stretch.
        hop_length: how far the next one starts, by default n_fft // 4.
        win_length: the size of the window, n_fft by default; a smaller one is put in the middle of zeros.
        window: (win_length,), by default ones.
        center: stretches are centred at multiples of hop_length, the signal being padded on both sides for that.
        pad_mode: how: "reflect", "constant", "replicate" or "circular".
        normalized: divide by the root of n_fft.
        onesided: half of the frequencies, the default for real signals and windows.
        return_complex: must be given for real signals; False, which is deprecated, gives the parts as a last dimension.
        align_to_window: without center, the first window, not the first stretch, starts the signal.

    Returns:
        complex, (B, n_fft // 2 + 1, times) if onesided, else (B, n_fft, times); without B for one signal.

    Raises:
        RuntimeError: for sizes that do not fit, integers, and onesided results of complex numbers.

    >>> import mibun as torch
    >>> torch.stft(torch.ones(16), n_fft=4, return_complex=True).shape
    torch.Size([3, 17])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def sub(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The difference input - alpha * other, elementwise.

    Args:
        input, other, alpha, out: as for `add`.

    Raises:
        RuntimeError: for bools (use `^` or `logical_xor()`), and as for `add`.

    >>> import mibun as torch
    >>> torch.sub(torch.tensor([5, 7]), 2)
    tensor([3, 5])

    Operator sub:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g: -g
        node: SubBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: any bool, all bool
        shapes: broadcast; RuntimeError where they do not

    Operator sub_scaled:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g, alpha: -g * alpha.conjugate()
        node: SubBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: any bool, all bool
        shapes: broadcast; RuntimeError where they do not
    """

def subtract(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The difference input - alpha * other, elementwise.

    Args:
        input, other, alpha, out: as for `add`.

    Raises:
        RuntimeError: for bools (use `^` or `logical_xor()`), and as for `add`.

    >>> import mibun as torch
    >>> torch.sub(torch.tensor([5, 7]), 2)
    tensor([3, 5])

    Operator sub:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g: -g
        node: SubBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: any bool, all bool
        shapes: broadcast; RuntimeError where they do not

    Operator sub_scaled:
        vjp of input: lambda xp, g: g
        vjp of other: lambda xp, g, alpha: -g * alpha.conjugate()
        node: SubBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: any bool, all bool
        shapes: broadcast; RuntimeError where they do not
    """

@overload
def sum(
    input: Tensor, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The sum of all elements, or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: cast to it first; without it bools and integers are added up in int64.
        out: a tensor to write the result into.

    Returns:
        the sums; 0 for those of nothing. The gradient is that of the result, repeated.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.ones(2, 3).sum()
    tensor(6.)
    >>> torch.ones(2, 3).sum(1)
    tensor([3., 3.])

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def sum(
    input: Tensor, *, axis: _int | Sequence[_int] | None, keepdims: _bool = False, dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The sum of all elements, or over some dimensions.

    Args:
        input: of any dtype.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: cast to it first; without it bools and integers are added up in int64.
        out: a tensor to write the result into.

    Returns:
        the sums; 0 for those of nothing. The gradient is that of the result, repeated.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.ones(2, 3).sum()
    tensor(6.)
    >>> torch.ones(2, 3).sum(1)
    tensor([3., 3.])

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def svd(
    input: Tensor, some: _bool = True, compute_uv: _bool = True, *, out: Sequence[Tensor] | None = None,
) -> return_types.svd:
    """(U, S, V), V not transposed: see `linalg.svd`, which is newer.

    some: the thin decomposition. compute_uv: if not, U and V are zeros, of the full sizes.

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is
    """

def svd_lowrank(
    A: Tensor, q: _int | None = 6, niter: _int | None = 2, M: Tensor | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """(U, S, V) with A about U diag(S) V^H, of rank q: A (*, m, n), U (*, m, q), S (*, q), V (*, n, q).

    A matrix is projected at random to q dimensions (more than the rank wanted, say by 2), and `niter` times multiplied
    with A, which makes it more exact. M: subtracted from A first; it may broadcast.

    Operator linalg_svd:
        vjp: _svd_rule
            55 lines in mibun.ops.linalg.svd
        jvp: _svd_jvp
            33 lines in mibun.ops.linalg.svd
        node: LinalgSvdBackward0
        dtypes: each as it is
    """

def swapaxes(input: Tensor, axis0: _int, axis1: _int) -> Tensor:
    """Swap two dimensions; see `transpose`.

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def swapdims(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """Swap two dimensions; see `transpose`.

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def symeig(input: Tensor, eigenvectors: _bool = False, upper: _bool = True, *, out: Tensor | None = None) -> Tensor:
    """RuntimeError: it was removed from PyTorch. `torch.linalg.eigh` is what replaces it."""

def t(input: Tensor) -> Tensor:
    """The transpose of a matrix; tensors with less than two dimensions stay as they are. A view.

    RuntimeError for more than two dimensions: see `transpose` and `Tensor.mT`.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).t()
    tensor([[1, 3],
            [2, 4]])

    Operator t:
        vjp: lambda xp, g: xp.t(g)
        node: TBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def t_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`t`, copied.

    Operator t:
        vjp: lambda xp, g: xp.t(g)
        node: TBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements at `index` (int64, any shape) of the input as if it were flat. IndexError out of range.

    >>> import mibun as torch
    >>> torch.take(torch.tensor([[1, 2], [3, 4]]), torch.tensor([0, -1]))
    tensor([1, 4])

    Operator take_flat:
        vjp of input: lambda xp, g, input_shape, index: xp.take_flat_embed(g, index, shape=input_shape)
        node: TakeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def take_along_dim(input: Tensor, indices: Tensor, dim: _int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The elements at `indices` along a dimension; the other dimensions broadcast. Without dim both are taken as flat.

    indices: int64, from the end where negative, such as `argsort` and `argmax(keepdim=True)` give. RuntimeError for
    other dtypes and for indices out of range.

    >>> import mibun as torch
    >>> x = torch.tensor([[3, 1, 2]])
    >>> torch.take_along_dim(x, x.argsort(1), 1)
    tensor([[1, 2, 3]])

    Operator gather_along:
        vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
            xp.sparse_element if sparse_grad else xp.gather_embed
        )(g, index, shape=input_shape, dim=dim)
        node: GatherBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def take_along_dim(input: Tensor, indices: Tensor, *, axis: _int | None, out: Tensor | None = None) -> Tensor:
    """The elements at `indices` along a dimension; the other dimensions broadcast. Without dim both are taken as flat.

    indices: int64, from the end where negative, such as `argsort` and `argmax(keepdim=True)` give. RuntimeError for
    other dtypes and for indices out of range.

    >>> import mibun as torch
    >>> x = torch.tensor([[3, 1, 2]])
    >>> torch.take_along_dim(x, x.argsort(1), 1)
    tensor([[1, 2, 3]])

    Operator gather_along:
        vjp of input: lambda xp, g, input_shape, index, dim, sparse_grad: (
            xp.sparse_element if sparse_grad else xp.gather_embed
        )(g, index, shape=input_shape, dim=dim)
        node: GatherBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def tan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The tangent of an angle in radians, elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    >>> import mibun as torch
    >>> torch.tan(torch.tensor([0., 1.]))
    tensor([0.0000, 1.5574])

    Operator tan:
        vjp: lambda xp, g, out: g * xp.conj(1 + out * out)
        node: TanBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def tan_(self: Tensor) -> Tensor:
    """`tan` in place: writes its result over the tensor, which it returns.

    The tangent of an angle in radians, elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        >>> import mibun as torch
        >>> torch.tan(torch.tensor([0., 1.]))
        tensor([0.0000, 1.5574])

    Operator tan:
        vjp: lambda xp, g, out: g * xp.conj(1 + out * out)
        node: TanBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent (e^x - e^-x) / (e^x + e^-x), elementwise.

    Args:
        input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

    Its derivative, written with the result y, is 1 - y².

    >>> import mibun as torch
    >>> torch.tanh(torch.tensor([0., 1.]))
    tensor([0.0000, 0.7616])

    Operator tanh:
        vjp: lambda xp, g, out: g * xp.conj(1 - out * out)
        node: TanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def tanh_(self: Tensor) -> Tensor:
    """`tanh` in place: writes its result over the tensor, which it returns.

    The hyperbolic tangent (e^x - e^-x) / (e^x + e^-x), elementwise.

        Args:
            input: of any shape. Integers and bools give the default dtype; complex dtypes are taken.

        Its derivative, written with the result y, is 1 - y².

        >>> import mibun as torch
        >>> torch.tanh(torch.tensor([0., 1.]))
        tensor([0.0000, 0.7616])

    Operator tanh:
        vjp: lambda xp, g, out: g * xp.conj(1 - out * out)
        node: TanhBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
    """

def tensor(
    data: Any, *, dtype: _dtype | None = None, device: Device | None = None, requires_grad: _bool = False,
    pin_memory: _bool = False,
) -> Tensor:
    """A new leaf Tensor that holds a copy of `data`.

    Args:
        data: a number, nested sequences of numbers (whatever has a length and items: lists, a Series, a deque), a NumPy
            array, a Tensor, or another library's array with `__dlpack__`.
        dtype: None to take it from the data: the default dtype for floats, int64 for ints, bool, complex, an array's
            own, or the promotion of all of them.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        ValueError: for ragged sequences, and for integers that do not fit.
        TypeError: for strings, and numbers where sequences must be.
        RuntimeError: for what else is no data, integers that require grad, and numbers that the dtype cannot hold.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 4.]])
    tensor([[1., 2.],
            [3., 4.]])

    Operator to_device:
        vjp: lambda xp, g, place, origin: xp.to_device(g, place=origin, origin=place)
        node: ToCopyBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def tensor_split(
    input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor, dim: _int = 0,
) -> tuple[Tensor, ...]:
    """Parts along a dimension: that many (the first ones may be one larger), or split at the given places. Views.

    indices_or_sections: one number, or several in a sequence or an int tensor; also under one of the names `indices`
    and `sections`. RuntimeError for a 0-d tensor and for no parts at all.

    >>> import mibun as torch
    >>> torch.tensor_split(torch.arange(4), 3)
    (tensor([0, 1]), tensor([2]), tensor([3]))
    >>> torch.tensor_split(torch.arange(4), [1])
    (tensor([0]), tensor([1, 2, 3]))

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def tensor_split(input: Tensor, *, sections: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """Parts along a dimension: that many (the first ones may be one larger), or split at the given places. Views.

    indices_or_sections: one number, or several in a sequence or an int tensor; also under one of the names `indices`
    and `sections`. RuntimeError for a 0-d tensor and for no parts at all.

    >>> import mibun as torch
    >>> torch.tensor_split(torch.arange(4), 3)
    (tensor([0, 1]), tensor([2]), tensor([3]))
    >>> torch.tensor_split(torch.arange(4), [1])
    (tensor([0]), tensor([1, 2, 3]))

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def tensor_split(input: Tensor, *, indices: Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """Parts along a dimension: that many (the first ones may be one larger), or split at the given places. Views.

    indices_or_sections: one number, or several in a sequence or an int tensor; also under one of the names `indices`
    and `sections`. RuntimeError for a 0-d tensor and for no parts at all.

    >>> import mibun as torch
    >>> torch.tensor_split(torch.arange(4), 3)
    (tensor([0, 1]), tensor([2]), tensor([3]))
    >>> torch.tensor_split(torch.arange(4), [1])
    (tensor([0]), tensor([1, 2, 3]))

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def tensordot(
    a: Tensor, b: Tensor, dims: _int | Tensor | Sequence[Sequence[_int]] = 2, out: Tensor | None = None,
) -> Tensor:
    """The sum of products over axes of a paired with axes of b.

    Args:
        a, b: of one dtype.
        dims: the number of last axes of a that are paired with as many first axes of b, or two sequences of axes.
        out: a tensor to write the result into.

    Returns:
        a tensor with the other axes of a, then those of b.

    Raises:
        RuntimeError: where sizes of a pair or the dtypes differ, or there are fewer axes than `dims`.

    >>> import mibun as torch
    >>> torch.tensordot(torch.ones(2, 3, 4), torch.ones(4, 3, 5), dims=([1, 2], [1, 0])).shape
    torch.Size([2, 5])

    Operator contract:
        vjp of input: lambda xp, g, other, labels: xp.contract(g, xp.conj(other), labels=(labels[2], labels[1], labels[0]))
        vjp of other: lambda xp, g, input, labels: xp.contract(xp.conj(input), g, labels=(labels[0], labels[2], labels[1]))
        node: ViewBackward0
        forward mode: the operator with one tangent at a time, summed
        dtypes: each as it is
    """

def threshold(input: Tensor, threshold: _float, value: _float, inplace: _bool = False) -> Tensor:
    """The input where it is greater than `threshold`, else `value`, elementwise, for any real dtype but bool.

    Operator threshold:
        vjp: lambda xp, g, input, threshold: xp.where(input <= threshold, 0.0, g)
        node: ThresholdBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def threshold_(input: Tensor, threshold: _float, value: _float) -> Tensor:
    """`threshold` in place.

    Operator threshold:
        vjp: lambda xp, g, input, threshold: xp.where(input <= threshold, 0.0, g)
        node: ThresholdBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

@overload
def tile(input: Tensor, *dims: _int) -> Tensor:
    """Copies of the tensor, `dims[i]` of them along dimension i; fewer numbers count for the last dimensions.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2]]).tile(2)
    tensor([[1, 2, 1, 2]])

    Operator repeat:
        vjp: lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats)
        node: RepeatBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def tile(input: Tensor, dims: Sequence[_int]) -> Tensor:
    """Copies of the tensor, `dims[i]` of them along dimension i; fewer numbers count for the last dimensions.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2]]).tile(2)
    tensor([[1, 2, 1, 2]])

    Operator repeat:
        vjp: lambda xp, g, input_shape, repeats: _sum_of_copies(xp, g, input_shape, repeats)
        node: RepeatBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def topk(
    input: Tensor, k: _int, dim: _int = -1, largest: _bool = True, sorted: _bool = True, *,
    out: Sequence[Tensor] | None = None,
) -> return_types.topk:
    """The k largest (or smallest) elements along a dimension, in order, with their indices.

    Args:
        input: of any integer or floating dtype.
        k: how many.
        dim: the dimension.
        largest: whether the largest or the smallest.
        sorted: without effect: they come in order always.
        out: a pair of tensors to write the results into.

    Returns:
        a named tuple (values, indices), of size k along `dim`. NaN counts as the largest. The gradient of a value goes
        to the element that it came from.

    Raises:
        RuntimeError: where k is out of range, and for bool and complex.

    >>> import mibun as torch
    >>> torch.topk(torch.tensor([1., 4., 3.]), 2)
    torch.return_types.topk(
    values=tensor([4., 3.]),
    indices=tensor([1, 2]))

    Operator topk:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: TopkBackward0
        dtypes: each as it is
    """
@overload
def topk(
    input: Tensor, k: _int, *, axis: _int, largest: _bool = True, sorted: _bool = True,
    out: Sequence[Tensor] | None = None,
) -> return_types.topk:
    """The k largest (or smallest) elements along a dimension, in order, with their indices.

    Args:
        input: of any integer or floating dtype.
        k: how many.
        dim: the dimension.
        largest: whether the largest or the smallest.
        sorted: without effect: they come in order always.
        out: a pair of tensors to write the results into.

    Returns:
        a named tuple (values, indices), of size k along `dim`. NaN counts as the largest. The gradient of a value goes
        to the element that it came from.

    Raises:
        RuntimeError: where k is out of range, and for bool and complex.

    >>> import mibun as torch
    >>> torch.topk(torch.tensor([1., 4., 3.]), 2)
    torch.return_types.topk(
    values=tensor([4., 3.]),
    indices=tensor([1, 2]))

    Operator topk:
        vjp: lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim)
        jvp: lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,)
        node: TopkBackward0
        dtypes: each as it is
    """

def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix: `sum_i input[i, i]`.

    Args:
        input: (n, m).

    Returns:
        a 0-d tensor; of integers, int64.

    Raises:
        RuntimeError: where it is not 2-D. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.trace(torch.tensor([[1., 2.], [3., 4.]]))
    tensor(5.)

    Operator trace:
        vjp: lambda xp, g, input_shape, input_dtype: g * xp.eye(*input_shape, dtype=input_dtype)
        node: TraceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def transpose(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """Swap two dimensions.

    Args:
        input: of any dtype.
        dim0, dim1: the dimensions. Or one sequence of all of them, as NumPy's `transpose` takes them, and opt_einsum
            gives them: then this is `permute`.

    Returns:
        a view.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2, 3], [4, 5, 6]]).transpose(0, 1)
    tensor([[1, 4],
            [2, 5],
            [3, 6]])

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def transpose(input: Tensor, dim0: Sequence[_int]) -> Tensor:
    """Swap two dimensions.

    Args:
        input: of any dtype.
        dim0, dim1: the dimensions. Or one sequence of all of them, as NumPy's `transpose` takes them, and opt_einsum
            gives them: then this is `permute`.

    Returns:
        a view.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2, 3], [4, 5, 6]]).transpose(0, 1)
    tensor([[1, 4],
            [2, 5],
            [3, 6]])

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def transpose_copy(input: Tensor, dim0: _int, dim1: _int, *, out: Tensor | None = None) -> Tensor:
    """`transpose`, copied.

    Operator transpose:
        vjp: lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
        node: TransposeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number = ..., dim: _int = -1) -> Tensor:
    """The integral along a dimension by the trapezoidal rule: the sum of (x[i+1] - x[i]) (y[i] + y[i+1]) / 2.

    x: the points, for all of y or along that dimension; else they are `dx` (1) apart.

    >>> import mibun as torch
    >>> torch.trapezoid(torch.tensor([1., 5., 10.]))
    tensor(10.5000)

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number = ..., axis: _int) -> Tensor:
    """The integral along a dimension by the trapezoidal rule: the sum of (x[i+1] - x[i]) (y[i] + y[i+1]) / 2.

    x: the points, for all of y or along that dimension; else they are `dx` (1) apart.

    >>> import mibun as torch
    >>> torch.trapezoid(torch.tensor([1., 5., 10.]))
    tensor(10.5000)

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def trapz(y: Tensor, x: Tensor | None = None, *, dx: Number = ..., dim: _int = -1) -> Tensor:
    """The integral along a dimension by the trapezoidal rule: the sum of (x[i+1] - x[i]) (y[i] + y[i+1]) / 2.

    x: the points, for all of y or along that dimension; else they are `dx` (1) apart.

    >>> import mibun as torch
    >>> torch.trapezoid(torch.tensor([1., 5., 10.]))
    tensor(10.5000)

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def trapz(y: Tensor, x: Tensor | None = None, *, dx: Number = ..., axis: _int) -> Tensor:
    """The integral along a dimension by the trapezoidal rule: the sum of (x[i+1] - x[i]) (y[i] + y[i+1]) / 2.

    x: the points, for all of y or along that dimension; else they are `dx` (1) apart.

    >>> import mibun as torch
    >>> torch.trapezoid(torch.tensor([1., 5., 10.]))
    tensor(10.5000)

    Operator sum:
        vjp: lambda xp, g, input_shape: xp.broadcast_to(g, input_shape)
        node: SumBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator sum_integers:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator sum_dim:
        vjp: lambda xp, g, input_shape, dims: xp.broadcast_to(spread(xp, g, input_shape, dims), input_shape)
        node: SumBackward1
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator select:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SelectBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def triangular_solve(
    b: Tensor, A: Tensor, upper: _bool = True, transpose: _bool = False, unitriangular: _bool = False, *,
    out: Sequence[Tensor] | None = None,
) -> return_types.triangular_solve:
    """(solution, cloned_coefficient) of A X = b, or A^T X = b, for triangular A. `linalg.solve_triangular` is newer.

    Operator triangular_solve:
        vjp: _older_triangular_joint
            def _older_triangular_joint(xp, g, A, solution, upper, transpose, unitriangular, needs):
                g_solution, g_clone = g
                options = {"left": True, "unitriangular": unitriangular}
                # Of A^T X = B for complex A: the matrix of the system is the transpose, not the adjoint.
                solved = (
                    xp.linalg_solve_triangular(xp.conj(A), g_solution, upper=upper, **options)
                    if transpose
                    else xp.linalg_solve_triangular(adjoint(xp, A), g_solution, upper=not upper, **options)
                )
                product = xp.matmul(solved, adjoint(xp, solution))
                if transpose:
                    product = xp.matrix_transpose(product)
                return solved, g_clone - _triangle(xp, product, upper, unitriangular)
        node: TriangularSolveBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def tril(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The lower triangle of the last two dimensions; zero elsewhere.

    Args:
        input: (*, m, n), of any dtype.
        diagonal: the last diagonal that is kept: 0 the main one, positive above it.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the same shape.

    Raises:
        RuntimeError: for less than two dimensions.

    >>> import mibun as torch
    >>> torch.tril(torch.ones(3, 3))
    tensor([[1., 0., 0.],
            [1., 1., 0.],
            [1., 1., 1.]])

    Operator lower_triangle:
        vjp: lambda xp, g, diagonal: xp.lower_triangle(g, diagonal=diagonal)
        node: TrilBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def tril_indices(
    row: _int, col: _int, offset: _int = 0, *, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False,
) -> Tensor:
    """The rows and columns of the lower triangle of a row×col matrix, from the diagonal `offset` on: shape (2, count), of int64 (or int32)."""

def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: _float = 1.0, p: _float = 2.0, eps: _float = 1e-06,
    swap: _bool = False, reduction: _int = 0,
) -> Tensor:
    """`nn.functional.triplet_margin_loss`.

    Operator minimum:
        vjp of input: for_input
            def for_input(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(other, input), 0.0, g))
            with better = 'less'
        vjp of other: for_other
            def for_other(xp, g, input, other):
                return xp.where(input == other, g * 0.5, xp.where(getattr(xp, better)(input, other), 0.0, g))
            with better = 'less'
        node: MinimumBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator clamp_min_number:
        vjp: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        node: ClampMinBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex

    Operator clamp_min_tensor:
        vjp of input: lambda xp, g, input, bound: xp.where(getattr(xp, inside)(input, bound), g, 0.0)
            with inside = 'greater_equal'
        vjp of bound: lambda xp, g, input, bound: xp.where(getattr(xp, outside)(input, bound), g, 0.0)
            with outside = 'less'
        node: ClampMinBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def triu(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The upper triangle of the last two dimensions; zero elsewhere.

    Args:
        input: (*, m, n), of any dtype.
        diagonal: the first diagonal that is kept: 0 the main one, positive above it.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the same shape.

    Raises:
        RuntimeError: for less than two dimensions.

    >>> import mibun as torch
    >>> torch.triu(torch.ones(3, 3), diagonal=1)
    tensor([[0., 1., 1.],
            [0., 0., 1.],
            [0., 0., 0.]])

    Operator upper_triangle:
        vjp: lambda xp, g, diagonal: xp.upper_triangle(g, diagonal=diagonal)
        node: TriuBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def triu_indices(
    row: _int, col: _int, offset: _int = 0, *, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False,
) -> Tensor:
    """The rows and columns of the upper triangle of a row×col matrix, from the diagonal `offset` on: shape (2, count), of int64 (or int32)."""

def true_divide(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The quotient input / other, elementwise: `div` without rounding.

    >>> import mibun as torch
    >>> torch.true_divide(torch.tensor([1, 3]), 2)
    tensor([0.5000, 1.5000])

    Operator div:
        vjp of input: lambda xp, g, other: g / xp.conj(other)
        vjp of other: lambda xp, g, input, other: -g * xp.conj(input / other / other)
        node: DivBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        shapes: broadcast; RuntimeError where they do not
    """

def trunc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The integer part, elementwise, in the same dtype.

    Args:
        input: of any shape and real dtype; integers stay as they are.

    Raises:
        NotImplementedError: for bool and complex dtypes.

    The gradient is 0.

    >>> import mibun as torch
    >>> torch.trunc(torch.tensor([1.7, -1.7]))
    tensor([ 1., -1.])

    Operator trunc:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: TruncBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

def trunc_(self: Tensor) -> Tensor:
    """`trunc` in place: writes its result over the tensor, which it returns.

    The integer part, elementwise, in the same dtype.

        Args:
            input: of any shape and real dtype; integers stay as they are.

        Raises:
            NotImplementedError: for bool and complex dtypes.

        The gradient is 0.

        >>> import mibun as torch
        >>> torch.trunc(torch.tensor([1.7, -1.7]))
        tensor([ 1., -1.])

    Operator trunc:
        vjp: lambda xp, g: xp.zeros_like(g)
        node: TruncBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one
        raises for: bool, complex
    """

@overload
def unbind(input: Tensor, dim: _int = 0) -> tuple[Tensor, ...]:
    """All slices along a dimension, without that dimension.

    Args:
        input: of any dtype, with at least one dimension.
        dim: the dimension.

    Returns:
        a tuple of views, as many as the dimension's size. What `for part in tensor` goes over is `unbind(tensor, 0)`.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))

    Operator unbind:
        vjp: lambda xp, g, dim: xp.stack(g, axis=dim)
        node: UnbindBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unbind(input: Tensor, *, axis: _int) -> tuple[Tensor, ...]:
    """All slices along a dimension, without that dimension.

    Args:
        input: of any dtype, with at least one dimension.
        dim: the dimension.

    Returns:
        a tuple of views, as many as the dimension's size. What `for part in tensor` goes over is `unbind(tensor, 0)`.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))

    Operator unbind:
        vjp: lambda xp, g, dim: xp.stack(g, axis=dim)
        node: UnbindBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def unbind_copy(input: Tensor, dim: _int = 0, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, ...]:
    """`unbind`, copied. `out`: as for `split_copy`.

    Operator unbind:
        vjp: lambda xp, g, dim: xp.stack(g, axis=dim)
        node: UnbindBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unbind_copy(input: Tensor, *, axis: _int, out: Sequence[Tensor] | None = None) -> tuple[Tensor, ...]:
    """`unbind`, copied. `out`: as for `split_copy`.

    Operator unbind:
        vjp: lambda xp, g, dim: xp.stack(g, axis=dim)
        node: UnbindBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def unflatten(input: Tensor, dim: _int, sizes: _int | Sequence[_int]) -> Tensor:
    """Split one dimension into several.

    Args:
        input: of any dtype.
        dim: the dimension to split.
        sizes: the sizes that it is split into; one of them may be -1 and is then computed.

    Returns:
        a view of one dimension less than before and len(sizes) more.

    Raises:
        RuntimeError: where the sizes do not multiply up to that of the dimension.

    >>> import mibun as torch
    >>> torch.arange(6).unflatten(0, (2, 3)).shape
    torch.Size([2, 3])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unflatten(input: Tensor, *, axis: _int, sizes: _int | Sequence[_int]) -> Tensor:
    """Split one dimension into several.

    Args:
        input: of any dtype.
        dim: the dimension to split.
        sizes: the sizes that it is split into; one of them may be -1 and is then computed.

    Returns:
        a view of one dimension less than before and len(sizes) more.

    Raises:
        RuntimeError: where the sizes do not multiply up to that of the dimension.

    >>> import mibun as torch
    >>> torch.arange(6).unflatten(0, (2, 3)).shape
    torch.Size([2, 3])

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def unfold_copy(input: Tensor, dimension: _int, size: _int, step: _int, *, out: Tensor | None = None) -> Tensor:
    """`Tensor.unfold`, copied.

    Operator unfold_dim:
        vjp: lambda xp, g, input_shape, dim, size, step: xp.unfold_embed(
            g, shape=input_shape, dim=dim, size=size, step=step
        )
        node: UnfoldBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def unique(
    input: Tensor, sorted: _bool = True, return_inverse: Literal[False] = False, return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> Tensor:
    """The distinct elements in ascending order; with `dim`, the distinct slices along it.

    Args:
        input: of any real dtype.
        sorted: without effect: they come in order always.
        return_inverse: also give, for each element, where in the result it is.
        return_counts: also give how often each occurs.
        dim: the dimension whose slices are compared; None: the elements of all.

    Returns:
        the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

    Raises:
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))

    Operator unique:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator unique_dim:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique(
    input: Tensor, sorted: _bool = True, *, return_inverse: Literal[True], return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]:
    """The distinct elements in ascending order; with `dim`, the distinct slices along it.

    Args:
        input: of any real dtype.
        sorted: without effect: they come in order always.
        return_inverse: also give, for each element, where in the result it is.
        return_counts: also give how often each occurs.
        dim: the dimension whose slices are compared; None: the elements of all.

    Returns:
        the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

    Raises:
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))

    Operator unique:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator unique_dim:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique(
    input: Tensor, sorted: _bool = True, *, return_inverse: Literal[False] = False, return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]:
    """The distinct elements in ascending order; with `dim`, the distinct slices along it.

    Args:
        input: of any real dtype.
        sorted: without effect: they come in order always.
        return_inverse: also give, for each element, where in the result it is.
        return_counts: also give how often each occurs.
        dim: the dimension whose slices are compared; None: the elements of all.

    Returns:
        the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

    Raises:
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))

    Operator unique:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator unique_dim:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique(
    input: Tensor, sorted: _bool = True, *, return_inverse: Literal[True], return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """The distinct elements in ascending order; with `dim`, the distinct slices along it.

    Args:
        input: of any real dtype.
        sorted: without effect: they come in order always.
        return_inverse: also give, for each element, where in the result it is.
        return_counts: also give how often each occurs.
        dim: the dimension whose slices are compared; None: the elements of all.

    Returns:
        the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

    Raises:
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))

    Operator unique:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator unique_dim:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique(
    input: Tensor, sorted: _bool = True, return_inverse: _bool = False, return_counts: _bool = False,
    dim: _int | None = None,
) -> Any:
    """The distinct elements in ascending order; with `dim`, the distinct slices along it.

    Args:
        input: of any real dtype.
        sorted: without effect: they come in order always.
        return_inverse: also give, for each element, where in the result it is.
        return_counts: also give how often each occurs.
        dim: the dimension whose slices are compared; None: the elements of all.

    Returns:
        the values, or a tuple (values[, inverse][, counts]). Each NaN is distinct. Not differentiable.

    Raises:
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))

    Operator unique:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is

    Operator unique_dim:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

@overload
def unique_consecutive(
    input: Tensor, return_inverse: Literal[False] = False, return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> Tensor:
    """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

    >>> import mibun as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])

    Operator unique_consecutive:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique_consecutive(
    input: Tensor, *, return_inverse: Literal[True], return_counts: Literal[False] = False, dim: _int | None = None,
) -> tuple[Tensor, Tensor]:
    """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

    >>> import mibun as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])

    Operator unique_consecutive:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique_consecutive(
    input: Tensor, *, return_inverse: Literal[False] = False, return_counts: Literal[True], dim: _int | None = None,
) -> tuple[Tensor, Tensor]:
    """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

    >>> import mibun as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])

    Operator unique_consecutive:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique_consecutive(
    input: Tensor, *, return_inverse: Literal[True], return_counts: Literal[True], dim: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

    >>> import mibun as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])

    Operator unique_consecutive:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """
@overload
def unique_consecutive(
    input: Tensor, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None,
) -> Any:
    """The elements with all but the first of each run of equal ones left out; with `dim`, the slices along it.

    >>> import mibun as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])

    Operator unique_consecutive:
        has no derivative: its results do not require grad
        forward mode: none: no output has a derivative
        dtypes: each as it is
    """

def unravel_index(indices: Tensor, shape: _int | Sequence[_int]) -> tuple[Tensor, ...]:
    """The index along each dimension of a shape of positions in its flattened form; integers, past the end from the
    start.

    TypeError for other dtypes, ValueError for negative sizes.

    >>> import mibun as torch
    >>> torch.unravel_index(torch.tensor([3, 7]), (3, 4))
    (tensor([0, 1]), tensor([3, 3]))
    """

@overload
def unsafe_chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """`chunk`, with parts that are no views to autograd; see `unsafe_split`.

    Operator unsafe_split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: UnsafeSplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unsafe_chunk(input: Tensor, chunks: _int, *, axis: _int) -> tuple[Tensor, ...]:
    """`chunk`, with parts that are no views to autograd; see `unsafe_split`.

    Operator unsafe_split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: UnsafeSplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def unsafe_split(input: Tensor, split_size: _int | Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """`split`, but autograd sees no views: each part may be modified in place if nothing else uses its memory.

    Operator unsafe_split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: UnsafeSplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unsafe_split(input: Tensor, split_size: _int | Sequence[_int], *, axis: _int) -> tuple[Tensor, ...]:
    """`split`, but autograd sees no views: each part may be modified in place if nothing else uses its memory.

    Operator unsafe_split:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: UnsafeSplitBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def unsafe_split_with_sizes(input: Tensor, split_sizes: Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """`split_with_sizes`, with parts that are no views to autograd; see `unsafe_split`.

    Operator unsafe_split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: UnsafeSplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unsafe_split_with_sizes(input: Tensor, split_sizes: Sequence[_int], *, axis: _int) -> tuple[Tensor, ...]:
    """`split_with_sizes`, with parts that are no views to autograd; see `unsafe_split`.

    Operator unsafe_split_with_sizes:
        vjp: lambda xp, g, dim: xp.concat(g, axis=dim)
        node: UnsafeSplitWithSizesBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def unsqueeze(input: Tensor, dim: _int) -> Tensor:
    """Insert a dimension of size 1.

    Args:
        input: of any dtype.
        dim: where in the result it is, from -ndim - 1 to ndim.

    Returns:
        a view of one dimension more.

    Raises:
        IndexError: where `dim` is out of range.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).unsqueeze(1)
    tensor([[1],
            [2]])

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unsqueeze(input: Tensor, *, axis: _int) -> Tensor:
    """Insert a dimension of size 1.

    Args:
        input: of any dtype.
        dim: where in the result it is, from -ndim - 1 to ndim.

    Returns:
        a view of one dimension more.

    Raises:
        IndexError: where `dim` is out of range.

    >>> import mibun as torch
    >>> torch.tensor([1, 2]).unsqueeze(1)
    tensor([[1],
            [2]])

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def unsqueeze_copy(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor:
    """`unsqueeze`, copied.

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def unsqueeze_copy(input: Tensor, *, axis: _int, out: Tensor | None = None) -> Tensor:
    """`unsqueeze`, copied.

    Operator unsqueeze:
        vjp: lambda xp, g, dim: xp.squeeze(g, axis=dim)
        node: UnsqueezeBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def vander(x: Tensor, N: _int | None = None, increasing: _bool = False) -> Tensor:
    """The powers N - 1 down to 0 (by default as many as elements) of a vector's numbers: (n, N); increasing: up.

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

@overload
def var(
    input: Tensor, dim: Ints | None = None, *, correction: Number | None = None, keepdim: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The variance of all elements, or over some dimensions: sum |x - mean|^2 / (n - correction).

    Computed in two passes, the mean first, so that a large mean costs no digits.

    Args:
        input: of a floating or complex dtype.
        dim: one dimension or several; None: all.
        unbiased: the older form of `correction`: True is 1, False is 0.
        keepdim: whether the dimensions stay, with size 1.
        correction: what is subtracted from the number of elements, 1 (Bessel's) if not given.
        out: a tensor to write the result into.

    Returns:
        the variances, real; NaN or inf (with a warning) where n - correction is not positive.

    Raises:
        RuntimeError: for bools and integers.
        TypeError: for both unbiased and correction.

    >>> import mibun as torch
    >>> torch.var(torch.tensor([1., 2., 3., 4.]))
    tensor(1.6667)
    >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
    tensor(1.2500)

    Operator var:
        vjp: _variance_rule
            def _variance_rule(xp, g, input, dims, correction):
                \"""d var = 2 / (n - correction) * (x - mean): the mean's own derivative sums to zero.\"""
                scale = _ratio(2, _degrees(input.shape, dims, correction))
                return spread(xp, g, input.shape, dims) * (scale * (input - xp.mean(input, axis=dims, keepdims=True)))
        node: VarBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def var(
    input: Tensor, dim: Ints | None, unbiased: _bool, keepdim: _bool = False, *, out: Tensor | None = None,
) -> Tensor:
    """The variance of all elements, or over some dimensions: sum |x - mean|^2 / (n - correction).

    Computed in two passes, the mean first, so that a large mean costs no digits.

    Args:
        input: of a floating or complex dtype.
        dim: one dimension or several; None: all.
        unbiased: the older form of `correction`: True is 1, False is 0.
        keepdim: whether the dimensions stay, with size 1.
        correction: what is subtracted from the number of elements, 1 (Bessel's) if not given.
        out: a tensor to write the result into.

    Returns:
        the variances, real; NaN or inf (with a warning) where n - correction is not positive.

    Raises:
        RuntimeError: for bools and integers.
        TypeError: for both unbiased and correction.

    >>> import mibun as torch
    >>> torch.var(torch.tensor([1., 2., 3., 4.]))
    tensor(1.6667)
    >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
    tensor(1.2500)

    Operator var:
        vjp: _variance_rule
            def _variance_rule(xp, g, input, dims, correction):
                \"""d var = 2 / (n - correction) * (x - mean): the mean's own derivative sums to zero.\"""
                scale = _ratio(2, _degrees(input.shape, dims, correction))
                return spread(xp, g, input.shape, dims) * (scale * (input - xp.mean(input, axis=dims, keepdims=True)))
        node: VarBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def var(input: Tensor, unbiased: _bool) -> Tensor:
    """The variance of all elements, or over some dimensions: sum |x - mean|^2 / (n - correction).

    Computed in two passes, the mean first, so that a large mean costs no digits.

    Args:
        input: of a floating or complex dtype.
        dim: one dimension or several; None: all.
        unbiased: the older form of `correction`: True is 1, False is 0.
        keepdim: whether the dimensions stay, with size 1.
        correction: what is subtracted from the number of elements, 1 (Bessel's) if not given.
        out: a tensor to write the result into.

    Returns:
        the variances, real; NaN or inf (with a warning) where n - correction is not positive.

    Raises:
        RuntimeError: for bools and integers.
        TypeError: for both unbiased and correction.

    >>> import mibun as torch
    >>> torch.var(torch.tensor([1., 2., 3., 4.]))
    tensor(1.6667)
    >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
    tensor(1.2500)

    Operator var:
        vjp: _variance_rule
            def _variance_rule(xp, g, input, dims, correction):
                \"""d var = 2 / (n - correction) * (x - mean): the mean's own derivative sums to zero.\"""
                scale = _ratio(2, _degrees(input.shape, dims, correction))
                return spread(xp, g, input.shape, dims) * (scale * (input - xp.mean(input, axis=dims, keepdims=True)))
        node: VarBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

@overload
def var_mean(
    input: Tensor, dim: Ints | None = None, *, correction: Number | None = None, keepdim: _bool = False,
) -> tuple[Tensor, Tensor]:
    """The variance and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.var_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))

    Operator var_mean:
        vjp: lambda xp, g, input, dims, correction: (
            _variance_rule(xp, g[0], input, dims, correction) + _mean_part(xp, g[1], input, dims)
        )
        node: VarMeanBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def var_mean(input: Tensor, dim: Ints | None, unbiased: _bool, keepdim: _bool = False) -> tuple[Tensor, Tensor]:
    """The variance and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.var_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))

    Operator var_mean:
        vjp: lambda xp, g, input, dims, correction: (
            _variance_rule(xp, g[0], input, dims, correction) + _mean_part(xp, g[1], input, dims)
        )
        node: VarMeanBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """
@overload
def var_mean(input: Tensor, unbiased: _bool) -> tuple[Tensor, Tensor]:
    """The variance and the mean; arguments as for `var`.

    >>> import mibun as torch
    >>> torch.var_mean(torch.tensor([1., 2., 3.]))
    (tensor(1.), tensor(2.))

    Operator var_mean:
        vjp: lambda xp, g, input, dims, correction: (
            _variance_rule(xp, g[0], input, dims, correction) + _mean_part(xp, g[1], input, dims)
        )
        node: VarMeanBackward0
        forward mode: the VJP of the VJP
        dtypes: each as it is
    """

def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The dot product of two vectors, the first one conjugated: `sum_i conj(input[i]) other[i]`.

    Args:
        input, other: (n,) both, of one dtype.

    Returns:
        a 0-d tensor.

    Raises:
        RuntimeError: where one is not 1-D, or sizes or dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.vdot(torch.tensor([1 + 1j]), torch.tensor([1 + 1j]))
    tensor(2.+0.j)

    Operator vdot:
        vjp of input: lambda xp, g, other: xp.conj(g) * other
        vjp of other: lambda xp, g, input: g * input
        jvp of input: lambda xp, t, other: xp.vdot(t, other)
        jvp of other: lambda xp, t, input: xp.vdot(input, t)
        node: VdotBackward0
        dtypes: each as it is
    """

def view_as_complex(input: Tensor) -> Tensor:
    """A real Tensor with a last dimension of size 2 as a complex one: a view.

    RuntimeError unless the dtype is float32 or float64, the last dimension has size 2 and stride 1, and the others have
    even strides.

    >>> import mibun as torch
    >>> torch.view_as_complex(torch.tensor([[1., 2.], [3., 4.]]))
    tensor([1.+2.j, 3.+4.j])

    Operator view_as_complex:
        vjp: lambda xp, g: xp.view_as_real(g)
        node: ViewAsComplexBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def view_as_complex_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_complex`, copied.

    Operator view_as_complex:
        vjp: lambda xp, g: xp.view_as_real(g)
        node: ViewAsComplexBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def view_as_real(input: Tensor) -> Tensor:
    """A complex Tensor as a real one with a last dimension of size 2: a view. RuntimeError for real dtypes.

    >>> import mibun as torch
    >>> torch.view_as_real(torch.tensor([1 + 2j]))
    tensor([[1., 2.]])

    Operator view_as_real:
        vjp: lambda xp, g: xp.view_as_complex(xp.ascontiguousarray(g))
        node: ViewAsRealBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def view_as_real_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_real`, copied.

    Operator view_as_real:
        vjp: lambda xp, g: xp.view_as_complex(xp.ascontiguousarray(g))
        node: ViewAsRealBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def view_copy(
    input: Tensor, size: _int | Sequence[_int] | None = None, dtype: _dtype | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`Tensor.view`, copied: in another shape, or under another dtype.

    Operator view:
        vjp: lambda xp, g, input_shape: xp.reshape(g, input_shape)
        node: ViewBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def vsplit(input: Tensor, indices_or_sections: _int | Sequence[_int] | Tensor) -> tuple[Tensor, ...]:
    """Parts along the first dimension of at least two; see `tensor_split`. An int must divide its size.

    >>> import mibun as torch
    >>> torch.vsplit(torch.tensor([[1, 2], [3, 4]]), 2)
    (tensor([[1, 2]]), tensor([[3, 4]]))

    Operator basic_index:
        vjp: lambda xp, g, input_shape, index: xp.basic_index_embed(g, shape=input_shape, index=index)
        node: SliceBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def vstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the first dimension, 1-d (and 0-d) ones as rows.

    >>> import mibun as torch
    >>> torch.vstack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])

    Operator cat:
        vjp: _cat_parts
            def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
                parts = []
                start = 0
                for shape, need in zip(tensors_shapes, needs, strict=True):
                    stop = start + shape[dim]
                    parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
                    start = stop
                return parts
        node: CatBackward0
        forward mode: the operator on the tangents
        dtypes: the operands' common one
    """

@overload
def where(condition: Tensor) -> tuple[Tensor, ...]:
    """Elements of `input` where the condition holds, of `other` elsewhere.

    Args:
        condition: a bool Tensor.
        input, other: Tensors or numbers, which are promoted to one dtype. All three broadcast.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the broadcast shape; with the condition alone the indices at which it holds, a tuple with one
        Tensor for each dimension.

    Raises:
        RuntimeError: where the shapes do not broadcast or the condition is not bool.

    >>> import mibun as torch
    >>> x = torch.tensor([-1., 2.])
    >>> torch.where(x > 0, x, 0.)
    tensor([0., 2.])
    >>> torch.where(x > 0)
    (tensor([1]),)

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """
@overload
def where(condition: Tensor, input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Elements of `input` where the condition holds, of `other` elsewhere.

    Args:
        condition: a bool Tensor.
        input, other: Tensors or numbers, which are promoted to one dtype. All three broadcast.
        out: where to write the result; resized if it does not fit.

    Returns:
        a Tensor of the broadcast shape; with the condition alone the indices at which it holds, a tuple with one
        Tensor for each dimension.

    Raises:
        RuntimeError: where the shapes do not broadcast or the condition is not bool.

    >>> import mibun as torch
    >>> x = torch.tensor([-1., 2.])
    >>> torch.where(x > 0, x, 0.)
    tensor([0., 2.])
    >>> torch.where(x > 0)
    (tensor([1]),)

    Operator where:
        vjp of input: lambda xp, g, condition: xp.where(condition, g, 0.0)
        vjp of other: lambda xp, g, condition: xp.where(condition, 0.0, g)
        jvp of input: lambda xp, t, condition: xp.where(condition, t, 0.0)
        jvp of other: lambda xp, t, condition: xp.where(condition, 0.0, t)
        node: WhereBackward0
        dtypes: each as it is
    """

def xlogy(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input * log(other), elementwise, and 0 where input is 0 (unless other is NaN); either may be a number.

    >>> import mibun as torch
    >>> torch.xlogy(torch.tensor([0., 2.]), torch.tensor([0., 1.]))
    tensor([0., 0.])

    Operator xlogy_tensor:
        vjp of input: lambda xp, g, input, other: _log_factor(xp, g, input, other)
        vjp of other: lambda xp, g, input, other: g * input / other
        node: XlogyBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not

    Operator xlogy_factor:
        vjp: lambda xp, g, other, factor: g * factor / other
        node: XlogyBackward1
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex

    Operator xlogy_number:
        vjp: lambda xp, g, input, other: _log_factor(xp, g, input, xp.full_like(input, other))
        node: XlogyBackward2
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
    """

def xlogy_(input: Tensor, other: Tensor | Number) -> Tensor:
    """`xlogy` in place.

    Operator xlogy_number:
        vjp: lambda xp, g, input, other: _log_factor(xp, g, input, xp.full_like(input, other))
        node: XlogyBackward2
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex

    Operator xlogy_tensor:
        vjp of input: lambda xp, g, input, other: _log_factor(xp, g, input, other)
        vjp of other: lambda xp, g, input, other: g * input / other
        node: XlogyBackward0
        forward mode: the rules, conjugated
        dtypes: the operands' common one, the default one for integers and bools
        raises for: complex
        shapes: broadcast; RuntimeError where they do not
    """

def zero_(self: Tensor) -> Tensor:
    """Overwrite every element with 0.

    Returns:
        this tensor.

    >>> import mibun as torch
    >>> torch.ones(2).zero_()
    tensor([0., 0.])

    Operator zero_:
        vjp: lambda xp, g: xp.zeros_like(g)
        jvp: lambda xp, t: xp.zeros_like(t)
        node: ZeroBackward0
        dtypes: each as it is
    """

@overload
def zeros(
    *size: _int, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """A Tensor of zeros: `zeros(2, 3)`, `zeros((2, 3))` or `zeros(size=(2, 3))`.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        RuntimeError: for negative sizes, and for integers that require grad.

    >>> import mibun as torch
    >>> torch.zeros(2, 3)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
@overload
def zeros(
    size: Sequence[_int], *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, pin_memory: _bool = False, requires_grad: _bool = False,
) -> Tensor:
    """A Tensor of zeros: `zeros(2, 3)`, `zeros((2, 3))` or `zeros(size=(2, 3))`.

    Args:
        size: the sizes of the dimensions, one by one or as one sequence.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.
        requires_grad: whether operations on it are to be recorded.

    Raises:
        RuntimeError: for negative sizes, and for integers that require grad.

    >>> import mibun as torch
    >>> torch.zeros(2, 3)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """

def zeros_like(
    input: Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: Device | None = None,
    pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = None,
) -> Tensor:
    """Zeros in the shape, dtype and order of dimensions of `input`.

    Args:
        dtype: None for that of `input`.

    Returns:
        a leaf: `requires_grad` is not taken over.

    >>> import mibun as torch
    >>> torch.zeros_like(torch.tensor([1, 2]))
    tensor([0, 0])
    """
