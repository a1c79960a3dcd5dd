"""How autocast is built: functions know nothing of it before it is first switched on, and stay themselves after."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import mibun as torch
from mibun.amp import casting

ALL = [
    (module, name)
    for names in (casting.TO_LOWER, casting.TO_FLOAT32, casting.TO_WIDEST, casting.SOMETIMES)
    for module, text in names.items()
    for name in text.split()
]


def product() -> torch.Tensor:
    return torch.ones(2, 2) @ torch.ones(2, 2)


def test_programs_without_it_do_not_load_it() -> None:
    program = """
import sys, inspect
import mibun as torch
torch.nn.functional.linear(torch.ones(1, 2), torch.ones(3, 2))
with torch.no_grad():
    torch.is_autocast_enabled("cpu")
assert "mibun.amp" not in sys.modules and "mibun.cuda" not in sys.modules
code = inspect.unwrap(torch.matmul).__code__
with torch.autocast("cpu", enabled=False):
    pass
assert inspect.unwrap(torch.matmul).__code__ is code and torch.matmul.__wrapped__.__code__ is code
with torch.autocast("cpu"):
    pass
assert torch.matmul.__wrapped__.__code__ is not code and inspect.unwrap(torch.matmul).__code__ is code
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_switch_alone_does_it() -> None:
    program = """
import mibun as torch
torch.set_autocast_enabled("cpu", True)
assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.bfloat16
torch.set_autocast_enabled("cpu", False)
assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.float32
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_function_is_in_two_lists() -> None:
    assert len(set(ALL)) == len(ALL)


def test_functions_stay_what_they_are() -> None:
    linear, before = torch.nn.functional.linear, inspect.signature(torch.nn.functional.linear)
    with torch.autocast("cpu"):
        product()
    assert torch.nn.functional.linear is linear and inspect.signature(linear) == before
    assert "def linear(" in inspect.getsource(linear) and "trilinear" not in inspect.getsource(linear).split("\n")[0]
    assert pickle.loads(pickle.dumps(torch.matmul)) is torch.matmul
    assert "multiplied" in str(pytest.raises(RuntimeError, torch.mm, torch.ones(2, 3), torch.ones(2, 3)).value)
    for module, name in ALL:
        function = casting.written_function(module, name)
        assert function.__code__.co_filename.endswith(".py"), name  # what is behind it is the source


def test_it_is_on_in_this_thread_only() -> None:
    found = []
    with torch.autocast("cpu"):
        thread = threading.Thread(target=lambda: found.append((product().dtype, torch.is_autocast_enabled("cpu"))))
        thread.start()
        thread.join()
        assert product().dtype is torch.bfloat16
    assert found == [(torch.float32, False)]


def test_it_is_on_in_this_task_only() -> None:
    async def inside(entered: asyncio.Event, leave: asyncio.Event) -> torch.dtype:
        with torch.autocast("cpu"):
            entered.set()
            await leave.wait()
            return product().dtype

    async def main() -> list:
        entered, leave = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(inside(entered, leave))
        await asyncio.wait_for(entered.wait(), 10)
        outside = product().dtype
        leave.set()
        return [outside, await task]

    assert asyncio.run(main()) == [torch.float32, torch.bfloat16]


def test_an_error_leaves_it_off() -> None:
    with pytest.raises(ZeroDivisionError), torch.autocast("cpu"):
        raise ZeroDivisionError
    with pytest.raises(RuntimeError), torch.autocast("cpu"):
        torch.ones(2, 3) @ torch.ones(2, 3)
    assert product().dtype is torch.float32 and not torch.is_autocast_enabled("cpu")


def test_one_context_may_be_entered_within_itself() -> None:
    context = torch.autocast("cpu")
    with context, context:
        pass
    assert not torch.is_autocast_enabled("cpu")  # (PyTorch leaves it on)


def test_it_and_the_other_modes_do_not_undo_each_other() -> None:
    with torch.no_grad():
        torch.set_autocast_enabled("cpu", True)
    with torch.autocast("cpu", enabled=False):
        torch.set_grad_enabled(False)
    assert torch.is_autocast_enabled("cpu") and not torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    torch.set_autocast_enabled("cpu", False)


def test_gradients_of_cast_weights_are_of_their_own_dtype() -> None:
    layer = torch.nn.Linear(3, 2)
    with torch.autocast("cpu"):
        loss = torch.nn.functional.cross_entropy(layer(torch.ones(4, 3)), torch.tensor([0, 1, 0, 1]))
    loss.backward()
    assert layer.weight.grad is not None and layer.weight.grad.dtype is torch.float32
    exact = torch.nn.Linear(3, 2)
    exact.load_state_dict(layer.state_dict())
    torch.nn.functional.cross_entropy(exact(torch.ones(4, 3)), torch.tensor([0, 1, 0, 1])).backward()
    assert exact.weight.grad is not None
    np.testing.assert_allclose(layer.weight.grad.numpy(), exact.weight.grad.numpy(), atol=0.02)


def test_within_vmap_a_cast_is_not_kept() -> None:
    weight = torch.ones(2, 2, requires_grad=True)
    with torch.autocast("cpu"):
        found = torch.func.vmap(lambda x: x @ weight)(torch.ones(3, 1, 2))
        assert found.dtype is torch.bfloat16 and (torch.ones(1, 2) @ weight).shape == (1, 2)


def test_a_profile_shows_the_casts() -> None:
    with torch.autocast("cpu"), torch.profiler.profile() as profiler:
        product()
    assert [event.name for event in profiler.events()].count("aten::_to_copy") == 2


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "gelu", "elu", "hardswish", "softplus", "silu", "mish"])
def test_bfloat16_stays_bfloat16_between_the_layers(name: str) -> None:
    x = torch.ones(2, 2, dtype=torch.bfloat16, requires_grad=True)
    y = getattr(torch.nn.functional, name)(x)
    assert y.dtype is torch.bfloat16
    y.sum().backward()
    assert x.grad is not None and x.grad.dtype is torch.bfloat16
