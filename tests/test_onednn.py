"""Convolutions and matrix products by oneDNN, where it is installed (or `MIBUN_ONEDNN` says where)."""

from __future__ import annotations

import itertools
import os
import threading
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.xp.native import onednn
from mibun.xp.numpy import convolution
from mibun.xp.numpy import namespace as xp

F = torch.nn.functional
needs_onednn = pytest.mark.skipif(onednn.library() is None, reason="oneDNN is not installed")


@pytest.fixture
def forced(monkeypatch) -> Any:
    """Everything that oneDNN can do is given to it; what it is not given raises no error."""
    monkeypatch.setattr(onednn, "_SMALLEST", 1)


def by_numpy(function: Any, *arguments: Any) -> Any:
    """The same in the ordinary way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "by_onednn", lambda *_: None)
        return function(*arguments)


def near(found: Any, wanted: Any) -> bool:
    assert found is not None and found.dtype == np.float32 and found.shape == wanted.shape and found.flags.c_contiguous
    return np.max(np.abs(found - wanted)) <= 1e-5 * np.max(np.abs(wanted))


@needs_onednn
@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_convolutions(forced, ndim, groups):
    """The three maps, for all geometries, and for arrays that are no rows of memory."""
    rng = np.random.default_rng(0)

    def array(*shape: int) -> np.ndarray:
        return np.asfortranarray(rng.standard_normal(shape).astype(np.float32))

    for stride, padding, dilation in itertools.product((1, 2), (0, 1, 3), (1, 2)):
        rest = ((stride,) * ndim, (padding,) * ndim, (dilation,) * ndim, groups)
        x, kernel = array(2, 4, *[9] * ndim), array(8, 4 // groups, *[3] * ndim)
        y = by_numpy(convolution.correlate, x, kernel, *rest)
        assert near(onednn.correlate(x, kernel, *rest), y)
        g = rng.standard_normal(y.shape).astype(np.float32)
        wanted = by_numpy(convolution.correlate_transposed, g, kernel, x.shape[2:], *rest)
        assert near(onednn.correlate_transposed(g, kernel, x.shape[2:], *rest), wanted)
        wanted = by_numpy(convolution.correlate_weights, g, x, kernel.shape[2:], *rest)
        assert near(onednn.correlate_weights(g, x, kernel.shape[2:], *rest), wanted)


@needs_onednn
def test_layers(forced):
    """Values, gradients and second derivatives of a small network."""

    def computed() -> list[np.ndarray]:
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3), torch.nn.Tanh(), torch.nn.ConvTranspose2d(8, 4, 2, stride=2), torch.nn.Flatten(),
            torch.nn.Linear(4 * 12 * 12, 5),
        )  # fmt: skip
        x = torch.randn(2, 3, 8, 8, requires_grad=True)
        out = net(x).square().sum()
        (g,) = torch.autograd.grad(out, x, create_graph=True)
        (g * g).sum().backward()
        return [out.detach().numpy(), g.detach().numpy(), x.grad.numpy(), *[p.grad.numpy() for p in net.parameters()]]

    found = computed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "by_onednn", lambda *_: None)
        patch.setattr(xp, "by_onednn", lambda *_: None)
        expected = computed()
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.max(np.abs(other)))


@needs_onednn
def test_matrix_products(forced):
    rng = np.random.default_rng(0)
    wide = rng.standard_normal((40, 60)).astype(np.float32)
    tall = rng.standard_normal((60, 30)).astype(np.float32)
    for a, b in (
        (wide, tall),
        (wide.T.copy().T, tall),
        (wide, tall.T.copy().T),
        (wide[::2], tall[:, 3:20]),
        (wide[:, :1], tall[:1]),
        (wide[:1], tall),
        (wide, tall[:, :1]),
        (wide[:, 10:50], tall[20:].T.copy().T),
    ):
        found = onednn.matrix_product(a, b)
        assert near(found, a @ b), (a.shape, b.shape, a.strides, b.strides)
    assert onednn.matrix_product(wide[:, ::2], tall[::2]) is None  # neither rows nor columns are in one piece
    assert onednn.matrix_product(wide.astype(float), tall) is None
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        torch.mm(torch.from_numpy(wide), torch.from_numpy(wide))
    special = wide.copy()
    special[3, 5], special[4, 6] = np.nan, np.inf
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(np.isnan(onednn.matrix_product(special, tall)), np.isnan(special @ tall))


@needs_onednn
def test_by_several_threads(forced):
    """One primitive, worked with by several threads at once: each has memory of its own."""
    x, kernel = torch.randn(4, 8, 12, 12), torch.randn(16, 8, 3, 3)
    expected = F.conv2d(x, kernel)
    wrong = []

    def work() -> None:
        for _ in range(20):
            if not torch.equal(F.conv2d(x, kernel), expected):
                wrong.append(threading.current_thread().name)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


@needs_onednn
def test_primitives_are_kept_and_dropped(forced, monkeypatch):
    monkeypatch.setattr(onednn, "_MOST", 3)
    onednn._KEPT.clear()
    for n in range(6, 12):
        F.conv1d(torch.ones(1, 1, n), torch.ones(1, 1, 3))
    assert len(onednn._KEPT) == 3
    assert F.conv1d(torch.ones(1, 1, 6), torch.ones(1, 1, 3)).tolist() == [[[3.0] * 4]]


@needs_onednn
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_after_a_fork(forced, monkeypatch):
    """A child of a process that has used threads leaves it alone: OpenMP has none of them there, and would wait."""
    monkeypatch.setattr(onednn, "number_of_threads", lambda: 2)
    x, kernel = torch.randn(4, 8, 12, 12), torch.randn(16, 8, 3, 3)
    F.conv2d(x, kernel)
    child = os.fork()
    if not child:
        status = 1
        try:
            status = 0 if F.conv2d(x, kernel).shape == (4, 16, 10, 10) and onednn._ready() is None else 2
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert onednn._ready() is not None


def test_what_is_small_stays(monkeypatch):
    monkeypatch.setattr(onednn, "library", lambda: pytest.fail("for a few multiplications"))
    assert F.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)).tolist() == [[[[4.0, 4.0], [4.0, 4.0]]]]
    assert onednn.matrix_product(np.ones((3, 3), np.float32), np.ones((3, 3), np.float32)) is None


def test_where_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("MIBUN_ONEDNN", "0")
    assert onednn.path() is None and onednn.status() is None
    monkeypatch.setenv("MIBUN_ONEDNN", str(tmp_path / "nothing.so"))
    assert onednn.path() is None
    broken = tmp_path / "libdnnl.so.3"
    broken.write_text("this is no library")
    monkeypatch.setenv("MIBUN_ONEDNN", str(broken))
    onednn.library.cache_clear()
    try:
        assert onednn.status() == ("does not load", str(broken))
    finally:
        onednn.library.cache_clear()
