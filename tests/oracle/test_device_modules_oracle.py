"""The modules of devices and backends against installed PyTorch, built for CPUs: names, signatures, what calls give."""

from __future__ import annotations

import importlib
import inspect
import re
import types
import warnings
from collections.abc import Callable
from typing import Any

import pytest

real_torch = pytest.importorskip("torch")

from oracle.both import assert_same  # noqa: E402

pytestmark = pytest.mark.oracle

MODULES = """
accelerator accelerator.memory amp amp.autocast_mode amp.grad_scaler backends.cpu backends.cuda backends.cusparselt
backends.kleidiai backends.mha backends.mkl backends.mps backends.nnpack backends.openmp cpu cpu.amp cuda cuda.amp
cuda.amp.autocast_mode cuda.amp.common cuda.amp.grad_scaler cuda.comm cuda.graphs cuda.green_contexts cuda.memory
cuda.nccl cuda.nvtx cuda.profiler cuda.random cuda.sparse cuda.streams cuda.tunable mps mps.event mps.profiler mtia xpu
""".split()
# Names of these modules that mibun has not, and why.
ABSENT = {
    "backends.cuda": "blas_workspace_size cublas_workspace_size cublaslt_workspace_size cuFFTPlanCacheAttrContextProp "
    "SDPBackend: they are about a library that only a GPU has",
    "backends.nnpack": "ContextProp PropModule: how PyTorch makes its switches",
    "backends.mps": "get_metal_version",
    "xpu": "streams: the module of two classes that are in `xpu`",
}
# Calls whose result is another here, and why.
OTHERWISE = {
    "cpu.get_capabilities": "what the processor can do is found out by NumPy",
    "cuda.nccl.all_reduce": "",
    "backends.cpu.get_cpu_capability": "the same",
    "backends.mkl.is_available": "NumPy's BLAS, not PyTorch's",
    "backends.nnpack.is_available": "mibun computes without it",
    "backends.openmp.is_available": "mibun's threads are Python's",
    "cuda.comm": "what is wrong with the arguments is found first, there",
    "cuda.graphs.make_graphed_callables": "what is wrong with the arguments is found first, there",
    "cuda.make_graphed_callables": "what is wrong with the arguments is found first, there",
    "xpu.make_graphed_callables": "what is wrong with the arguments is found first, there",
    "cuda.tunable.mgpu_tune_gemm_in_file": "what is wrong with the arguments is found first, there",
    "cuda.set_stream": "what is wrong with the arguments is found first, there",
    "accelerator.set_stream": "what is wrong with the arguments is found first, there",
    "mtia.Event": "PyTorch's takes anything",
    "mps.Event": "an error in PyTorch's",
}


def modules(name: str) -> tuple[Any, Any]:
    return importlib.import_module(f"mibun.{name}"), importlib.import_module(f"torch.{name}")


def public_names(module: Any, package: str) -> list[str]:
    """The names that a module is for."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    names = [name for name in dir(module) if not name.startswith("_")]
    own = []
    for name in names:
        value = getattr(module, name)
        if isinstance(value, types.ModuleType):
            continue
        if getattr(value, "__module__", package).split(".")[0] == package:
            own.append(name)
    return own


@pytest.mark.parametrize("name", MODULES)
def test_names(name: str) -> None:
    ours, theirs = modules(name)
    absent = ABSENT.get(name, "").partition(":")[0].split()
    missing = [n for n in public_names(theirs, "torch") if not hasattr(ours, n) and n not in absent]
    assert missing == [], missing


def parameters(function: Any) -> list[tuple[str, Any]] | None:
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [(p.name, p.kind) for p in found]


def outcome(function: Callable, library: str) -> tuple:
    """What a call gives: a kind of error or a plain value, and the categories of warnings."""
    required = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty and p.kind in (0, 1)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = function(*(0,) * len(required))
        except Exception as error:
            value = type(error).__name__, str(error).partition(":")[0].split()[:3]
            if isinstance(error, AttributeError | TypeError):
                value = value[0]
    plain = isinstance(value, bool | int | float | str | list | tuple | dict | type(None))
    return value if plain else type(value).__name__, sorted({w.category.__name__ for w in caught})


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith("amp")])
def test_signatures_and_calls(name: str) -> None:
    ours, theirs = modules(name)
    wrong = []
    for n in public_names(theirs, "torch"):
        one, other = getattr(ours, n, None), getattr(theirs, n)
        if one is None or not (inspect.isroutine(other) or type(other).__name__ == "_lru_cache_wrapper"):
            continue
        if parameters(other) is None:
            continue
        if parameters(one) != parameters(other):
            wrong.append(f"{n}: {inspect.signature(one)} and {inspect.signature(other)}")
        elif name not in OTHERWISE and f"{name}.{n}" not in OTHERWISE:
            found, expected = outcome(one, "mibun"), outcome(other, "torch")
            if found != expected:
                wrong.append(f"{n}: {found} and {expected}")
    assert wrong == []


# --- programs ---


def attempt(*calls: Callable) -> list:
    out: list[Any] = []
    for call in calls:
        try:
            out.append(call())
        except Exception as error:
            # (PyTorch's AttributeErrors name a part of its compiled module.)
            if isinstance(error, AttributeError):
                error = AttributeError()
            out.append((type(error).__name__, " ".join(re.findall(r"\w+", str(error))[:4])))
    return out


def programs_that_choose_a_device(t: Any) -> Any:
    device = t.device("cuda" if t.cuda.is_available() else "cpu")
    x = t.ones(2).to(device)
    if t.cuda.is_available():
        t.cuda.synchronize()
    t.cuda.manual_seed_all(0)
    t.cuda.empty_cache()
    accelerator = t.accelerator.current_accelerator() if t.accelerator.is_available() else "cpu"
    module = t.get_device_module(device).__name__.partition(".")[2]
    return [
        x,
        str(accelerator),
        module,
        t.cuda.device_count(),
        t.cuda.memory_allocated(),
        t.get_device_module("xpu").__name__.partition(".")[2],
    ]


def programs_that_need_a_device(t: Any) -> Any:
    x, layer = t.ones(1), t.nn.Linear(1, 1)
    return attempt(
        lambda: x.cuda(),
        lambda: x.to("cuda"),
        lambda: x.to("cuda:1"),
        lambda: x.to("mps"),
        lambda: x.to("xpu"),
        lambda: layer.cuda(),
        lambda: layer.to("cuda"),
        lambda: t.ones(1, device="cuda"),
        lambda: t.tensor([1], device="cuda"),
        lambda: t.nn.Linear(1, 1, device="cuda"),
        lambda: t.cuda.FloatTensor(3),
        lambda: isinstance(x, t.cuda.FloatTensor),
        lambda: t.cuda.FloatStorage(),
        lambda: t.cuda.Stream(),
        lambda: t.cuda.Event(enable_timing=True),
        lambda: t.cuda.CUDAGraph(),
        lambda: t.cuda.graph(None),
        lambda: t.cuda.nvtx.range_push("x"),
        lambda: t.cuda.nvtx.range("x").__enter__(),
        lambda: t.cuda.device("cpu"),
        lambda: t.cuda.device(0).__enter__(),
        lambda: t.cuda.device("cuda:0").__enter__(),
        lambda: t.cuda.device(-1).__enter__(),
        lambda: t.cuda.stream(None).__enter__(),
        lambda: t.cuda.set_device(0),
        lambda: t.cuda.set_device(-1),
        lambda: t.cuda.set_rng_state_all([]),
        lambda: t.cuda.set_rng_state(t.get_rng_state()),
        lambda: t.cuda.manual_seed("a"),
        lambda: t.cuda.memory_summary(),
        lambda: t.cuda._utils._get_device_index("cuda:3"),
        lambda: t.cuda._utils._get_device_index("cpu"),
        lambda: t.cuda._utils._get_device_index(None, optional=True),
        lambda: t.cuda._utils._get_device_index("cpu", allow_cpu=True),
        lambda: t.get_device_module("meta"),
        lambda: t.xpu.Stream(),
        lambda: t.mps.synchronize(),
        lambda: t.mps.set_per_process_memory_fraction(3.0),
        lambda: t.mtia.synchronize(),
        lambda: t.accelerator.synchronize(),
        lambda: t.accelerator.device_index(0).__enter__(),
        lambda: t.accelerator.device_index(None).__enter__(),
        lambda: issubclass(t.cuda.OutOfMemoryError, RuntimeError) and t.cuda.OutOfMemoryError is t.OutOfMemoryError,
        lambda: issubclass(t.AcceleratorError, RuntimeError),
        lambda: t.cuda.default_generators,
    )


def programs_that_ask_what_is_built_in(t: Any) -> Any:
    # (`has_mkl`, `has_mkldnn` and `has_openmp` are about PyTorch's own build.)
    return [t.has_lapack, t.has_spectral, t.has_cuda, t.has_cudnn, t.has_mps, t.is_vulkan_available()]


def programs_of_streams(t: Any) -> Any:
    stream, event = t.Stream("cpu"), t.Event("cpu", enable_timing=True)
    inner = t.cpu.Stream()
    with t.cpu.stream(inner):
        same = t.cpu.current_stream() is inner
    return [
        same,
        t.cpu.current_stream() is inner,
        repr(stream),
        repr(event),
        t.Stream() == t.Stream("cpu"),
        *attempt(
            stream.query,
            stream.synchronize,
            stream.record_event,
            lambda: stream.wait_stream(stream),
            lambda: stream.wait_event(event),
            event.record,
            event.query,
            event.wait,
            lambda: event.elapsed_time(t.Event("cpu", enable_timing=True)),
            lambda: event.elapsed_time(t.Event("cpu")),
            lambda: t.Stream("cuda"),
            lambda: t.Event("cuda"),
            lambda: t.Stream(0),
            lambda: t.cpu.Event().query(),
            lambda: t.cpu.device_count(),
            lambda: t.cpu.current_device(),
            lambda: t.cpu.synchronize(),
        ),
    ]


def programs_of_switches(t: Any) -> Any:
    b = t.backends
    out = [b.cudnn.enabled, b.cudnn.benchmark, b.cudnn.deterministic, b.cudnn.allow_tf32, b.cudnn.version()]
    b.cudnn.benchmark, b.cudnn.deterministic = True, True
    out += [b.cudnn.benchmark, b.cudnn.deterministic]
    with b.cudnn.flags(enabled=False, benchmark=False):
        out += [b.cudnn.enabled, b.cudnn.benchmark, b.cudnn.deterministic]
    out += [b.cudnn.enabled, b.cudnn.benchmark, b.cudnn.deterministic, b.cudnn.is_acceptable(t.ones(1))]
    b.cudnn.benchmark, b.cudnn.deterministic = False, False
    out += [b.cuda.matmul.allow_tf32, b.cuda.matmul.allow_fp16_reduced_precision_reduction, b.cuda.is_built()]
    b.cuda.matmul.allow_tf32 = True
    out += [b.cuda.matmul.allow_tf32]
    b.cuda.matmul.allow_tf32 = False
    out += [b.mha.get_fastpath_enabled(), b.mha.set_fastpath_enabled(False), b.mha.get_fastpath_enabled()]
    b.mha.set_fastpath_enabled(True)
    out += [b.mkldnn.enabled, b.mkldnn.deterministic, b.miopen.immediate, b.fp32_precision, b.flags_frozen()]
    out += [b.cuda.math_sdp_enabled(), b.cuda.flash_sdp_enabled(), str(b.cuda.preferred_linalg_library())]
    with b.cuda.sdp_kernel(enable_flash=False):
        out += [b.cuda.flash_sdp_enabled()]
    with b.mkl.verbose(b.mkl.VERBOSE_OFF):
        pass
    return out + attempt(
        lambda: setattr(b.cudnn, "enabled", 1),
        lambda: setattr(b.cudnn, "benchmark", "x"),
        lambda: setattr(b.cudnn.conv, "fp32_precision", "x"),
        lambda: setattr(b.cuda.matmul, "nonsense", 1),
        lambda: b.cuda.matmul.nonsense,
        lambda: b.cuda.enable_math_sdp(1),
        lambda: b.cuda.cufft_plan_cache[0],
        lambda: b.cuda.cufft_plan_cache.clear(),
        lambda: setattr(b.quantized, "engine", "nonsense"),
        lambda: b.mps.is_macos13_or_newer(),
    )


@pytest.mark.skipif(real_torch.backends.opt_einsum.is_available(), reason="opt_einsum is there")
def test_opt_einsum_where_it_is_not_installed() -> None:
    def program(t: Any) -> Any:
        o = t.backends.opt_einsum
        return [o.is_available(), o.enabled, o.strategy, o.get_opt_einsum(), o.set_flags(_enabled=False)] + [
            found[0] for found in attempt(lambda: o.set_flags(True), lambda: o.set_flags(_strategy="greedy"))
        ]

    assert_same(program)


@pytest.mark.parametrize("name", [name for name in dict(globals()) if name.startswith("programs_")])
def test_programs(name: str) -> None:
    # (PyTorch's old classes of storages warn that they are old.)
    assert_same(globals()[name], warn=name != "programs_that_need_a_device")
