"""Every kernel and every rule runs on any library that follows the Python Array API standard, shapes never depending
on data.

array-api-strict is that standard and nothing more; see `tests/samples/strict.py` for how the samples get there.
"""

from __future__ import annotations

import pytest

pytest.importorskip("array_api_strict")

import mibun as torch  # noqa: E402
import mibun.sparse  # noqa: E402  (which declares its operators)
from mibun.core.registry import OPS  # noqa: E402
from samples.declare import S, tensors_in  # noqa: E402
from samples.strict import recorded, rerun, strict_flags  # noqa: E402
from test_ops import KNOWN, each, make  # noqa: E402


@each()
def test_array_api(sample: S, complex_: bool) -> None:
    if sample.strict is not None:
        pytest.skip(sample.strict)
    with recorded() as calls:
        tensors = make(sample, sample.arrays(complex_))
        outputs = tensors_in(sample.run(torch, tensors))
        assert outputs or not calls
    with strict_flags():
        for call in calls:
            rerun(call)


# Operators that are called under `vmap` alone: see `test_vmap_operators`.
TRANSFORMS = {
    "batch_in",
    "batch_out",
    "index_at",
    "index_at_embed",
    "index_clear_at",
    "index_put_at",
    "repeat_examples",
    "sum_examples",
}
# Operators that no sample calls: random ones have tests of their own; those for use in place are in `test_inplace`.
RANDOM = {
    "bernoulli",
    "bernoulli_number_",
    "bernoulli_tensor_",
    "cauchy_",
    "exponential_",
    "geometric_",
    "log_normal_",
    "normal_",
    "normal_both",
    "normal_mean",
    "normal_std",
    "binomial",
    "poisson",
    "sample_dirichlet",
    "standard_gamma",
    "standard_von_mises",
    "von_mises_slope",
    "random_0_",
    "random_1_",
    "random_2_",
    "rrelu_with_noise",
    "uniform_",
    "fw_primal",  # made by forward_ad.unpack_dual only
}


def test_every_operator_has_a_sample() -> None:
    """Each differentiable operator is called by some sample, or by its first or second derivative."""
    met = set()
    for sample in KNOWN:
        for complex_ in (False, True) if sample.complex and sample.floats() else (False,):
            with recorded() as calls:
                tensors = make(sample, sample.arrays(complex_))
                outputs = tensors_in(sample.run(torch, tensors))
                inputs = [tensor for tensor in tensors if tensor.requires_grad]
                for _ in range(sample.order):
                    outputs = [out for out in outputs if out is not None and out.requires_grad]
                    ones = [torch.ones_like(out, requires_grad=True) for out in outputs]
                    inputs = [*inputs, *ones]
                    outputs = (
                        torch.autograd.grad(outputs, inputs, ones, create_graph=True, allow_unused=True)
                        if outputs
                        else []
                    )
            met.update(call.op.name for call in calls)
    missing = {
        name
        for name, op in OPS.items()
        if name not in met | RANDOM | TRANSFORMS
        and not op.kernel.__module__.startswith("mibun.ops.sparse.")  # these have tests of their own
        # (of NumPy's arrays there is one device, of bytes no gradient)
        and name not in ("embed_spread_sparse", "to_device", "resample_UpsampleLanczos2DAaBackward0")
        and op.kind != "nondifferentiable"
        and not any(words in name for words in ("_written", "_in_place", "fill_number", "fill_tensor"))
    }
    assert not missing, f"operators without a sample: {sorted(missing)}"
