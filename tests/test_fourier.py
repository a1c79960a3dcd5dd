"""Fourier transforms, windows, special functions and histograms: what holds of them, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

import mibun as torch


def test_transforms_undo_each_other():
    torch.manual_seed(0)
    x = torch.randn(4, 7)
    for norm in (None, "ortho", "forward"):
        assert torch.allclose(torch.fft.ifft(torch.fft.fft(x, norm=norm), norm=norm).real, x, atol=1e-6)
        assert torch.allclose(torch.fft.irfft(torch.fft.rfft(x, norm=norm), 7, norm=norm), x, atol=1e-6)
        assert torch.allclose(torch.fft.hfft(torch.fft.ihfft(x, norm=norm), 7, norm=norm), x, atol=1e-6)
        assert torch.allclose(torch.fft.irfftn(torch.fft.rfftn(x, norm=norm), (4, 7), norm=norm), x, atol=1e-6)
        assert torch.allclose(torch.fft.hfftn(torch.fft.ihfftn(x, norm=norm), (4, 7), norm=norm), x, atol=1e-6)
    assert torch.equal(torch.fft.ifftshift(torch.fft.fftshift(x)), x)
    assert torch.fft.fft(x.int()).dtype == torch.complex64


def test_parseval_in_the_gradient():
    x = torch.randn(9, dtype=torch.float64, requires_grad=True)
    (torch.fft.fft(x, norm="ortho").abs() ** 2).sum().backward()
    assert torch.allclose(x.grad, 2 * x)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: torch.fft.fft(x, 0), RuntimeError, "Invalid number of data points"),
        (lambda x: torch.fft.fft(x, norm="x"), RuntimeError, "Invalid normalization mode"),
        (lambda x: torch.fft.fft(x, dim=3), IndexError, "Dimension out of range"),
        (lambda x: torch.fft.fftn(x, dim=(0, 0)), RuntimeError, "FFT dims must be unique"),
        (lambda x: torch.fft.fftn(x, (2, 2, 2)), RuntimeError, "Got shape with 3 values"),
        (lambda x: torch.fft.rfft(x + 0j), RuntimeError, "rfft expects a real input tensor"),
        (lambda x: torch.fft.fft(x.half()), RuntimeError, "Unsupported dtype Half"),
        (lambda x: torch.stft(x, 2), RuntimeError, "stft requires the return_complex"),
        (lambda x: torch.hann_window(-1), RuntimeError, "requires non-negative window_length"),
        (lambda x: torch.gradient(x, spacing=[1.0]), RuntimeError, "expected spacing to be unspecified"),
        (lambda x: torch.isin(x > 0, x), RuntimeError, "Unsupported input type"),
        (lambda x: torch.histogram(x, 0), RuntimeError, "bins must be > 0"),
        (lambda x: torch.select_scatter(x, x, 0, 0), RuntimeError, "expected src to have a size equal to the slice"),
        (lambda x: torch.as_strided_scatter(x, x, (2, 2), (0, 1)), RuntimeError, "expected src|unsupported operation"),
        (lambda x: torch.mvlgamma(x, 0), RuntimeError, "p has to be greater than or equal to 1"),
        (lambda x: torch.special.zeta(2, 3), TypeError, "at least one Tensor"),
        (lambda x: torch.gcd(x, x), NotImplementedError, "gcd_cpu"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call(torch.ones(4, 3))


def test_signal_from_its_spectra():
    x = torch.randn(2, 50)
    window = torch.hann_window(16)
    spectra = torch.stft(x, 16, 4, window=window, return_complex=True)
    assert spectra.shape == (2, 9, 13)
    assert torch.allclose(torch.istft(spectra, 16, 4, window=window, length=50)[:, :48], x[:, :48], atol=1e-5)


def test_special_values():
    special = torch.special
    one = torch.tensor([1.0], dtype=torch.float64)
    assert abs(special.zeta(2 * one, one).item() - math.pi**2 / 6) < 1e-14
    assert abs(special.bessel_j0(one).item() - 0.7651976865579666) < 1e-15
    assert abs(special.airy_ai(one).item() - 0.1352924163128814) < 1e-15
    assert abs(special.erfcx(30 * one).item() - 0.018795888861416751) < 1e-16
    assert abs(torch.igamma(100 * one, 100 * one).item() - 0.5132987982791487) < 1e-13
    assert abs(special.log_ndtr(-30 * one).item() + 454.3212439563432) < 1e-10
    p = torch.tensor([1e-300, 0.1, 0.5, 0.9], dtype=torch.float64)
    assert torch.allclose(special.ndtr(special.ndtri(p)), p, rtol=1e-12, atol=0)
    x = torch.linspace(0.1, 9.9, 50, dtype=torch.float64)
    wronskian = special.bessel_j1(x) * special.bessel_y0(x) - special.bessel_j0(x) * special.bessel_y1(x)
    assert torch.allclose(wronskian, 2 / (math.pi * x), rtol=1e-12)
    k = special.modified_bessel_i0(x) * special.modified_bessel_k1(x) + (
        special.modified_bessel_i1(x) * special.modified_bessel_k0(x)
    )
    assert torch.allclose(k, 1 / x, rtol=1e-12)


def test_histograms_agree_with_numpy():
    random = np.random.default_rng(0)
    values, weights = random.normal(size=(200, 2)), random.uniform(size=200)
    found = torch.histogram(torch.from_numpy(values[:, 0]), 7, weight=torch.from_numpy(weights), density=True)
    expected, edges = np.histogram(values[:, 0], 7, weights=weights, density=True)
    np.testing.assert_allclose(found.hist.numpy(), expected)
    np.testing.assert_allclose(found.bin_edges.numpy(), edges)
    found = torch.histogramdd(torch.from_numpy(values), [4, 3], range=[-1.0, 1.0, -2.0, 2.0])
    expected, _ = np.histogramdd(values, [4, 3], range=[(-1, 1), (-2, 2)])
    np.testing.assert_allclose(found.hist.numpy(), expected)


def test_views_turned_round():
    x = torch.arange(12.0).reshape(3, 4).requires_grad_()
    part = torch.full((3,), 7.0, requires_grad=True)
    result = torch.diagonal_scatter(x, part)
    assert torch.equal(result.diagonal(), part)
    result.sum().backward()
    assert x.grad.diagonal().tolist() == [0.0] * 3 and x.grad.sum() == 9
    assert part.grad.tolist() == [1.0] * 3
    with torch.inference_mode():
        assert torch.equal(torch.select_copy(torch.ones(2, 2), 0, 1), torch.ones(2))
