"""Tensors on the arrays of any library of the Array API, and what is said where arrays do not fit together."""

from __future__ import annotations

import numpy as np
import pytest

import mibun as torch
from mibun.xp import array_of, tensor_on

strict = pytest.importorskip("array_api_strict")


def test_arrays_stay_in_their_library() -> None:
    """Programs run on array-api-strict, whose dtypes are not NumPy's; values and gradients are NumPy's."""
    values = np.linspace(0.1, 1.2, 6).reshape(2, 3)
    found = []
    for make in (torch.from_numpy, lambda array: tensor_on(strict.asarray(array))):
        x = make(values.copy()).requires_grad_()
        y = (torch.exp(x) @ x.T).log_softmax(-1)
        (g,) = torch.autograd.grad(y[0].sum(), x, create_graph=True)
        g.pow(2).sum().backward()
        z = x.detach().clone()
        z[:, 1] = 5
        z.mul_(2)
        found.append([y, g, x.grad, z])
    for one, other in zip(*found, strict=True):
        assert isinstance(array_of(other.detach()), type(strict.asarray(0)))
        assert other.dtype is torch.float64
        np.testing.assert_allclose(other.detach().numpy(), one.detach().numpy(), rtol=1e-12)
    assert repr(found[1][3]) == repr(found[0][3])
    assert found[1][3][0, 0].item() == found[0][3][0, 0].item()


def test_an_optimizer_steps() -> None:
    w = tensor_on(strict.asarray([1.0, 2.0])).requires_grad_()
    optimizer = torch.optim.Adam([w], lr=0.1)
    (w * w).sum().backward()
    optimizer.step()
    np.testing.assert_allclose(w.detach().numpy(), [0.9, 1.9], rtol=1e-6)


def test_bad_input() -> None:
    class Unknown:
        shape, dtype, ndim = (2,), np.dtype(float), 1

    ours, theirs = torch.ones(2, dtype=torch.float64), tensor_on(strict.asarray([1.0, 2.0]))
    with pytest.raises(TypeError, match="Unknown is not an array type that mibun knows"):
        tensor_on(Unknown())
    for program in (lambda: ours + theirs, lambda: theirs * ours, lambda: torch.cat([ours, theirs])):
        with pytest.raises(RuntimeError, match="arrays of one library, but found .* convert one of them"):
            program()
    assert (theirs * 2 + 1.5).tolist() == [3.5, 5.5]
    assert (theirs + torch.tensor(1.0, dtype=torch.float64)).tolist() == [2, 3]  # a number
