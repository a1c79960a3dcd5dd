"""What libraries for PyTorch take from it beside the public functions: submodules, private functions, images."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

import mibun  # noqa: E402

# The modules that are attributes of their packages once torch is imported, by torch; each alone, by mibun.
_SHOWN = """
import types, torch
def walk(module, name, seen):
    for key, value in sorted(vars(module).items()):
        if isinstance(value, types.ModuleType) and value.__name__ == f"{name}.{key}" and id(value) not in seen:
            seen.add(id(value))
            print(value.__name__)
            walk(value, value.__name__, seen)
walk(torch, "torch", set())
"""
_FOUND = """
import sys, functools, importlib.util, types, mibun
before = set(sys.modules)
for name in sys.stdin.read().split():
    own = "mibun" + name.removeprefix("torch")
    try:
        if importlib.util.find_spec(own) is None:
            continue
    except ModuleNotFoundError:
        continue
    for loaded in set(sys.modules) - before:  # as at the beginning: what was imported for others is not there
        if loaded.startswith("mibun."):
            parent, _, child = loaded.rpartition(".")
            vars(sys.modules[parent]).pop(child, None) if parent in before else None
    try:
        value = functools.reduce(getattr, own.split(".")[1:], mibun)
    except AttributeError as error:
        value = error
    print(name if isinstance(value, types.ModuleType) else f"{name}={value!r}".replace(" ", "_"))
"""


def test_submodules_are_attributes_without_an_import_of_their_own():
    shown = subprocess.run([sys.executable, "-c", _SHOWN], capture_output=True, text=True, check=True).stdout
    done = subprocess.run([sys.executable, "-c", _FOUND], input=shown, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = set(done.stdout.split())
    assert not [line for line in found if "=" in line]
    assert {"torch.nn.utils.stateless", "torch.optim._functional", "torch.jit.annotations"} <= found
    assert len(found) > 150


def _tensors(library):
    torch_like = library
    square = torch_like.arange(12.0).reshape(3, 4)
    rows = torch_like.tensor([0, 0, 2])
    return {
        "_shape_as_tensor": (square,),
        "_convert_indices_from_coo_to_csr": (rows, 4),
        "_convert_indices_from_csr_to_coo": (torch_like.tensor([0, 2, 2, 3]), torch_like.tensor([1, 2, 0])),
        "_dim_arange": (square, 1),
        "_weight_norm": (square + 1, torch_like.ones(3, 1)),
        "_cast_Long": (square * 1.5,),
        "_cast_Half": (square,),
        "_cast_Byte": (square,),
        "_stack": ([square, square],),
        "_softmax": (square, 1, False),
        "_log_softmax": (square, 1, False),
        "_unique2": (rows,),
        "_is_all_true": (rows == 0,),
        "_is_any_true": (rows == 0,),
        "_is_zerotensor": (rows,),
        "_euclidean_dist": (square, square + 1),
        "_assert_async": (square[0, 1],),
    }


@pytest.mark.parametrize("name", sorted(_tensors(torch)))
def test_private_functions(name):
    ours, theirs = getattr(mibun, name)(*_tensors(mibun)[name]), getattr(torch, name)(*_tensors(torch)[name])
    several = isinstance(theirs, tuple)
    for our, their in zip(ours if several else (ours,), theirs if several else (theirs,), strict=True):
        if not isinstance(their, torch.Tensor):
            assert our == their
            continue
        assert str(our.dtype) == str(their.dtype)
        np.testing.assert_allclose(our.numpy(), their.numpy(), rtol=1e-5, atol=1e-6)


def test_private_refusals():
    for library in (mibun, torch):
        with pytest.raises(RuntimeError, match="mine"):
            library._assert_async(library.zeros(1), "mine")
        assert not hasattr(library, "_no_such_function")


_MODES = {
    "bilinear": {},
    "bilinear, corners": {"align_corners": True},
    "bicubic": {},
    "bicubic, corners": {"align_corners": True},
    "bilinear, filtered": {"antialias": True},
    "bicubic, filtered": {"antialias": True},
    "lanczos": {"antialias": True},
    "nearest": {},
    "nearest-exact": {},
}


@pytest.mark.parametrize("mode", _MODES)
def test_images_of_uint8_and_filters(mode):
    random = np.random.default_rng(0)
    options = {"mode": mode.partition(",")[0], **_MODES[mode]}
    for shape in ((1, 1, 6, 8), (2, 3, 17, 13), (1, 5, 30, 9)):
        image = random.integers(0, 256, shape, dtype=np.uint8)
        for size in ((3, 4), (9, 9), (30, 40), (17, 5), shape[2:]):
            ours = mibun.nn.functional.interpolate(mibun.from_numpy(image), size=size, **options)
            theirs = torch.nn.functional.interpolate(torch.from_numpy(image), size=size, **options)
            np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
            values = image.astype(np.float64)
            ours = mibun.nn.functional.interpolate(mibun.from_numpy(values), size=size, **options)
            theirs = torch.nn.functional.interpolate(torch.from_numpy(values), size=size, **options)
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("options", [{}, {"antialias": True, "align_corners": True}, {"align_corners": True}])
def test_lanczos_refuses(options):
    for library in (mibun, torch):
        with pytest.raises(ValueError, match="Lanczos"):
            library.nn.functional.interpolate(library.ones(1, 1, 4, 4), size=(2, 2), mode="lanczos", **options)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_gradgradcheck_draws_as_many_random_numbers(gaps, dtype):
    following = []
    for library in (mibun, torch):
        library.manual_seed(0)
        x = library.ones(2, 3, dtype=getattr(library, dtype), requires_grad=True)
        library.autograd.gradcheck(library.sin, x)
        library.autograd.gradgradcheck(library.sin, x, gen_non_contig_grad_outputs=gaps)
        following.append(library.rand(3).tolist())
    assert following[0] == following[1]


def test_declarations_of_onnx_operators():
    for library in (mibun, torch):
        library.onnx.register_custom_op_symbolic("mine::double", lambda g, x: g, 11)
        library.onnx.unregister_custom_op_symbolic("mine::double", 11)
        with pytest.raises(library.onnx.OnnxExporterError, match="must match the format"):
            library.onnx.register_custom_op_symbolic("double", lambda g, x: g, 11)
    for name in ("TensorProtoDataType", "OperatorExportTypes", "TrainingMode"):
        ours, theirs = getattr(mibun.onnx, name), getattr(torch.onnx, name)
        assert {m.name: int(m) for m in ours} == {key: int(value) for key, value in theirs.__members__.items()}
