"""`torch.ops.aten`: every overload that PyTorch's own functions call is called by its name, with the same arguments.

PyTorch runs the samples, forward and backward, under a mode that writes down each overload with its arguments and
result; mibun's overload of that name must give the same. What mibun has no function of is listed, with its reason.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

real_torch = pytest.importorskip("torch")

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

import mibun  # noqa: E402
from samples import SAMPLES  # noqa: E402
from test_ops import known  # noqa: E402

pytestmark = pytest.mark.oracle

# Derivatives that PyTorch has as operators with arguments of their own (what its forward keeps: masks, indices, sums).
DERIVATIVES = """
_cdist _ctc_loss _embedding_bag _pdist _prelu_kernel _upsample_bicubic2d_aa _upsample_bilinear2d_aa
_upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_nearest_exact3d _weight_norm_interface
adaptive_max_pool2d adaptive_max_pool3d convolution diagonal elu embedding_dense fractional_max_pool2d
fractional_max_pool3d grid_sampler_2d grid_sampler_3d leaky_relu log_sigmoid masked_scatter max_pool2d_with_indices
max_pool3d_with_indices multilabel_margin_loss native_batch_norm native_group_norm native_layer_norm nll_loss nll_loss2d
rrelu_with_noise select slice unfold upsample_bicubic2d upsample_bilinear2d upsample_linear1d upsample_nearest1d
upsample_nearest2d upsample_nearest3d upsample_trilinear3d
"""
# Parts of functions that mibun has as a whole, with what PyTorch keeps for their derivatives.
PARTS = """
_cdist_forward _ctc_loss _embedding_bag _fft_c2c _fft_c2r _fft_r2c _linalg_check_errors _linalg_det _linalg_slogdet
_linalg_solve_ex _pack_padded_sequence _pdist_forward _trilinear _weight_norm_interface
fake_quantize_per_channel_affine_cachemask fake_quantize_per_tensor_affine_cachemask multilabel_margin_loss_forward
promote_types
"""
# In-place forms of functions that have none in mibun's `torch`.
IN_PLACE = "hardswish_ mish_ rrelu_with_noise_"
ABSENT = {*PARTS.split(), *IN_PLACE.split(), *(f"{name}_backward" for name in DERIVATIVES.split())}
# What is not the same twice, or only up to signs.
OTHER_VALUES = {"_linalg_eigh", "_linalg_svd", "empty", "empty_like", "empty_strided", "new_empty", "rrelu_with_noise"}
OTHER_VALUES |= {"_dirichlet_grad"}  # of which PyTorch's have three digits
OTHER_VALUES |= {"_efficientzerotensor", "linalg_eig", "linalg_qr", "geqrf", "new_empty_strided"}


class Recorder(TorchDispatchMode):
    """Writes down one call of each overload: copies of its arguments, and its result."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[Any, tuple[tuple, dict, Any]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func in self.calls or func.namespace != "aten":
            return func(*args, **kwargs)
        try:
            given = convert((args, kwargs))
        except NotImplementedError:
            return func(*args, **kwargs)
        result = func(*args, **kwargs)
        self.calls[func] = (*given, convert(result))
        return result


def convert(value: Any) -> Any:
    """Arguments and results in mibun's terms. NotImplementedError for dtypes and layouts that it lacks."""
    if isinstance(value, real_torch.Tensor):
        value = value.detach().resolve_conj().resolve_neg()
        if value.dtype in (real_torch.bfloat16, real_torch.complex32) or value.layout is not real_torch.strided:
            raise NotImplementedError(value.dtype)
        return mibun.from_numpy(value.contiguous().numpy().copy()).clone()
    if isinstance(value, (list, tuple)):
        parts = [convert(one) for one in value]
        return parts if type(value) is list else tuple(parts)
    if isinstance(value, dict):
        return {key: convert(one) for key, one in value.items()}
    if isinstance(value, (real_torch.dtype, real_torch.memory_format, real_torch.layout)):
        return getattr(mibun, str(value).removeprefix("torch."))
    return mibun.device(str(value)) if isinstance(value, real_torch.device) else value


def record(sample: Any, recorder: Recorder) -> None:
    tensors = [real_torch.from_numpy(array.copy()) for array in sample.arrays()]
    for tensor, differentiated in zip(tensors, sample.differentiated(), strict=True):
        if differentiated and tensor.is_floating_point():
            tensor.requires_grad_()
    with recorder:
        result = sample.run(real_torch, tensors)
        outputs = result if isinstance(result, (list, tuple)) else [result]
        outputs = [one for one in outputs if isinstance(one, real_torch.Tensor) and one.requires_grad]
        if outputs:
            sum(one.abs().sum() for one in outputs).backward()


@pytest.fixture(scope="module")
def calls() -> dict[Any, tuple[tuple, dict, Any]]:
    recorder = Recorder()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        taken: Counter = Counter()
        for sample in SAMPLES:
            try:
                taken[sample.name] += 1
                if known(sample) and taken[sample.name] <= 2:  # of one function, the first ones say all
                    record(sample, recorder)
            except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError):
                continue  # those that PyTorch refuses
    return recorder.calls


def tensors_in(value: Any) -> Iterator[Any]:
    if isinstance(value, mibun.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from tensors_in(one)


def problem(func: Any, args: tuple, kwargs: dict, expected: Any) -> str:
    """What is wrong with mibun's overload, "" if nothing is."""
    try:
        overload = getattr(getattr(mibun.ops.aten, func._opname), func._overloadname)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The reduce argument of torch.scatter")
            result = overload(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    ours, theirs = list(tensors_in(result)), list(tensors_in(expected))
    if [(one.shape, one.dtype) for one in ours] != [(one.shape, one.dtype) for one in theirs]:
        return f"{[(one.shape, one.dtype) for one in ours]} is not {[(one.shape, one.dtype) for one in theirs]}"
    for one, other in zip(ours, theirs, strict=True):
        same = np.allclose(one.detach().numpy(), other.numpy(), rtol=1e-4, atol=1e-5, equal_nan=True)
        if not same and func._opname not in OTHER_VALUES:
            return "other values"
    return ""


def test_overloads_give_what_pytorchs_give(calls: dict[Any, tuple[tuple, dict, Any]]) -> None:
    wrong = {str(func): problem(func, *call) for func, call in calls.items()}
    assert len(calls) > 450
    assert {name: what for name, what in wrong.items() if what and name.split(".")[1] not in ABSENT} == {}
    # What is listed as absent is so.
    present = [name for name, what in wrong.items() if not what and name.split(".")[1] in ABSENT]
    assert present == []


def test_names_and_schemas_of_the_overloads(calls: dict[Any, tuple[tuple, dict, Any]]) -> None:
    """What is asked of an overload besides calling it."""
    for func in calls:
        if func._opname in ABSENT:
            continue
        ours = getattr(getattr(mibun.ops.aten, func._opname), func._overloadname)
        for ask in (str, repr, lambda op: op.name(), lambda op: op.__name__, lambda op: op.namespace):
            assert ask(ours) == ask(func)
        assert ours._opname == func._opname and ours._overloadname == func._overloadname
        assert repr(ours.overloadpacket) == repr(func.overloadpacket)
        assert ours.overloadpacket._qualified_op_name == func.overloadpacket._qualified_op_name
        assert str(ours._schema).startswith(f"aten::{func._opname}")


def test_refusals() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'absent'"):
        mibun.ops.aten.absent  # noqa: B018
    with pytest.raises(AttributeError, match="has no overload name 'absent'"):
        mibun.ops.aten.add.absent  # noqa: B018
    assert set(mibun.ops.aten.add.overloads()) <= set(real_torch.ops.aten.add.overloads())
    assert set(mibun.ops.aten.sum.overloads()) <= {*real_torch.ops.aten.sum.overloads(), "out"}
