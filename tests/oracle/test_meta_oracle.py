"""Tensors on the device "meta" as PyTorch has them: what they print, what is refused, what contexts do."""

from __future__ import annotations

from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")

SAME = """x
torch.zeros(2, device='meta', dtype=torch.float64)
torch.ones(1, device='meta', requires_grad=True)
torch.randn(2, 3, device='meta').sum()
torch.tensor([1, 2], device='meta')
torch.arange(5, device='meta')
torch.full((2,), 3, device=torch.device('meta'))
torch.zeros(3, 0, device='meta')
torch.empty(2, 3, 4, 5, device='meta', memory_format=torch.channels_last).stride()
(x.device, x.is_meta, x.is_cpu, x.stride(), x.t().stride(), x[:, 1:].stride(), x.data_ptr())
x.item()
x[0, 0].item()
bool(x[0, 0])
float(x[0, 0])
int(x[0, 0])
x.tolist()
x.numpy()
x.to('cpu')
x.cpu()
x + torch.ones(2, 3)
x + torch.tensor(1.)
x + 1
x.nonzero()
x[x > 0]
torch.unique(x)
torch.ones(2, 3).copy_(x)
x.copy_(torch.ones(2, 3))
torch.equal(x, x)
(x == x).all()
bool((x == x).all())
list(x)
torch.ones(2, 3).to('meta')
x.new_zeros(2)
torch.zeros_like(x)
torch.zeros_like(x, device='cpu')
torch.rand_like(x).device
x.masked_select(x > 0)
x.expand(2, 2, 3).stride()
torch.nn.Linear(2, 3, device='meta').weight
torch.nn.Linear(2, 3).to('meta').bias
torch.nn.Linear(2, 3, device='meta').to('cpu')
torch.nn.Linear(2, 3, device='meta').to_empty(device='cpu').weight.shape
torch.nn.utils.skip_init(torch.nn.Linear, 2, 3).weight.shape""".split("\n")


def outcome(library: Any, text: str) -> str:
    try:
        return str(eval(text, {"torch": library, "x": library.empty(2, 3, device="meta")}))
    except Exception as error:
        kind = next(base for base in type(error).__mro__ if base.__module__ == "builtins")
        return (
            f"{kind.__name__}: {str(error)[:30] if 'aten' not in str(error) and 'register' not in str(error) else ''}"
        )


@pytest.mark.parametrize("text", SAME)
def test_what_is_shown_and_refused(text: str) -> None:
    assert outcome(mibun, text) == outcome(torch, text)


def test_contexts_and_the_default() -> None:
    found = []
    for library in (torch, mibun):
        seen = []

        def note(library: Any = library, seen: list = seen) -> None:
            seen.append(
                (str(library.ones(1).device), str(library.tensor([1]).device), str(library.get_default_device()))
            )

        with library.device("meta"):
            note()
            seen.append(str(library.ones(2, device="cpu").device))
            with library.device("cpu"):
                note()
            note()
        note()
        library.set_default_device("meta")
        note()
        library.set_default_device(None)
        note()
        found.append(seen)
    assert found[1] == found[0]
