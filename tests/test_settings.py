"""What programs ask and set about the machine, and the small functions of `torch.testing` and `torch.func`."""

import subprocess
import sys

import pytest

import mibun as torch
from mibun.testing import make_tensor


def test_no_accelerator_is_found():
    assert not torch.cuda.is_available() and torch.cuda.device_count() == 0 and torch.cuda.memory_allocated() == 0
    assert torch.accelerator.current_accelerator() is None and not torch.backends.mps.is_available()
    assert torch.version.cuda is None and torch.version.__version__ == torch.__version__
    torch.cuda.manual_seed_all(0)
    torch.cuda.empty_cache()
    with torch.cuda.device(None):
        pass


@pytest.mark.parametrize("name", ["synchronize", "current_device", "get_device_name", "get_rng_state"])
def test_what_needs_a_gpu_is_refused(name):
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        getattr(torch.cuda, name)()


def test_switches_of_backends_can_be_set():
    old = torch.backends.cudnn.deterministic
    torch.backends.cudnn.deterministic = not old
    assert torch.backends.cudnn.deterministic is not old
    torch.backends.cudnn.deterministic = old


def test_threads_of_matrix_products():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    assert torch.get_num_threads() == 1
    torch.set_num_threads(before)
    assert torch.get_num_threads() == before
    with pytest.raises(RuntimeError, match="expects a positive integer"):
        torch.set_num_threads(0)


def test_determinism_is_remembered():
    torch.set_deterministic_debug_mode("warn")
    assert torch.are_deterministic_algorithms_enabled() and torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True)
    assert torch.get_deterministic_debug_mode() == 2
    torch.use_deterministic_algorithms(False)
    assert torch.get_deterministic_debug_mode() == 0
    with pytest.raises(RuntimeError, match="invalid value of debug_mode"):
        torch.set_deterministic_debug_mode("x")


def test_default_device_and_dtype():
    torch.set_default_device("cpu")
    assert torch.get_default_device() == torch.device("cpu")
    with pytest.raises(AssertionError, match="CUDA"):
        torch.set_default_device("cuda")
    with pytest.warns(UserWarning):
        torch.set_default_tensor_type(torch.DoubleTensor)
    try:
        assert torch.ones(1).dtype == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (torch.ones(1), "torch.FloatTensor"),
        (torch.nn.Linear(1, 1), "torch.nn.modules.linear.Linear"),
        (3, "int"),
        (torch.Size([1]), "torch.Size"),
        (torch.float32, "torch.dtype"),
        (print, "print"),
        (torch.nn, "torch.nn"),
        ([].append, "list.append"),
        (torch.Tensor, "torch.Tensor"),
    ],
)
def test_typename(value, name):
    assert torch.typename(value) == name


def test_make_tensor():
    torch.manual_seed(0)
    t = make_tensor(20, 20, dtype=torch.float64, device="cpu", low=2, high=3, requires_grad=True)
    assert t.requires_grad and t.shape == (20, 20) and 2 <= t.min() < 2.1 and 2.9 < t.max() < 3
    assert set(make_tensor(500, dtype=torch.int8, device="cpu", low=-2, high=2).tolist()) == {-2, -1, 0, 1}
    assert make_tensor(500, dtype=torch.uint8, device="cpu", exclude_zero=True).min() == 1
    gaps = make_tensor(3, 4, dtype=torch.complex64, device="cpu", noncontiguous=True)
    assert gaps.shape == (3, 4) and not gaps.is_contiguous()
    widest = make_tensor(9, dtype=torch.float32, device="cpu", low=-float("inf"), high=float("inf"))
    assert torch.isfinite(widest).all() and widest.abs().max() > 1e37


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"low": 2, "high": 1}, "`low` must be less than `high`"),
        ({"low": float("nan")}, "cannot be NaN"),
        ({"dtype": torch.int8, "requires_grad": True}, "not supported for boolean and integral"),
        ({"dtype": torch.int8, "low": 200, "high": 300}, "only supports"),
        ({"noncontiguous": True, "memory_format": torch.channels_last}, "mutually exclusive"),
    ],
)
def test_make_tensor_refuses(options, words):
    with pytest.raises(ValueError, match=words):
        make_tensor(3, **{"dtype": torch.float32, "device": "cpu", **options})


def test_functional_call():
    layer = torch.nn.Linear(1, 1)
    kept = layer.weight
    weight = torch.tensor([[2.0]], requires_grad=True)
    tensors = {"weight": weight, "bias": torch.tensor([1.0])}
    assert torch.func.functional_call(layer, tensors, torch.tensor([3.0]), strict=True).item() == 7
    assert layer.weight is kept
    with pytest.raises(RuntimeError, match=r"Unexpected key\(s\): 'x'.\n\tMissing key\(s\): 'bias', 'weight'"):
        torch.func.functional_call(layer, {"x": weight}, torch.ones(1), strict=True)
    with pytest.raises(ValueError, match="appeared in multiple dictionaries"):
        torch.func.functional_call(layer, ({"weight": weight}, {"weight": weight}), torch.ones(1))
    with pytest.raises(TypeError, match="is not an instance of torch.Tensor"):
        torch.func.functional_call(layer, {"weight": 3}, torch.ones(1))
    assert layer.weight is kept


def test_functional_call_replaces_tied_weights_and_gives_new_buffers_back():
    class Tied(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.a = torch.nn.Parameter(torch.ones(1))
            self.b = self.a
            self.register_buffer("count", torch.zeros(1))

        def forward(self):
            self.count = self.count + 1
            return self.a + self.b

    model = Tied()
    tensors = {"a": torch.full((1,), 5.0), "count": torch.full((1,), 7.0)}
    assert torch.func.functional_call(model, tensors).item() == 10
    assert torch.func.functional_call(model, tensors, tie_weights=False).item() == 6
    assert tensors["count"].item() == 9 and model.count.item() == 0


def test_modules_that_a_function_of_their_name_hides_can_be_imported():
    program = (
        "from torch.autograd.gradcheck import GradcheckError, gradcheck\n"
        "from torch.autograd.anomaly_mode import detect_anomaly\n"
        "from torch.types import Number\n"
        "import torch.backends.cudnn as cudnn, torch\n"
        "assert torch.autograd.gradcheck is gradcheck and cudnn is torch.backends.cudnn"
    )
    subprocess.run([sys.executable, "-m", "mibun", "run", "-c", program], check=True)
