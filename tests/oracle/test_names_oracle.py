"""The nodes that expressions leave behind, against installed PyTorch: their names, and the names of what they save.

Programs tell operations apart by `type(node).__name__`, walk `next_functions`, and read `_saved_*` attributes.
"""

import warnings

import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402

# Evaluated in both libraries: t is the library, F its nn.functional; v, w are vectors, m, n matrices, b a batch of
# them, i an image, c complex numbers, k and k3 indices, s a mask.
EXPRESSIONS = """
v + w;v - w;v * w;v / w;v ** 2;v ** w;2 ** v;1 - v;1 / v;-v;abs(v);v % 2;v // 2;v @ w;m @ n;m @ v;b @ b;v @ b;b @ v
t.fmod(v, 2);v.reciprocal();v.exp();v.expm1();v.exp2();v.log();v.log2();v.log10();v.log1p();v.sin();v.cos();v.tan()
v.asin();v.acos();v.atan();t.atan2(v, w);v.sinh();v.cosh();v.tanh();v.asinh();(v + 1).acosh();v.atanh();v.sigmoid()
v.logit();v.relu();v.sqrt();v.rsqrt();v.square();v.erf();v.erfc();v.erfinv();v.lgamma();v.digamma();t.i0(v);t.sinc(v)
t.polygamma(1, v);t.xlogy(v, w);v.floor();v.ceil();v.round();v.trunc();v.frac();v.sign();v.clamp(0, 1);v.clamp_min(0)
v.clamp_max(1);t.clamp(v, w, w);t.maximum(v, w);t.minimum(v, w);t.fmax(v, w);t.fmin(v, w);t.hypot(v, w);t.dist(v, w)
t.logaddexp(v, w);t.logaddexp2(v, w);t.copysign(v, w);t.lerp(v, w, 0.5);t.lerp(v, w, v);t.addcmul(v, w, w)
t.addcdiv(v, w, w);t.add(v, w, alpha=3);v.sum();m.sum(0);v.mean();m.mean(1);v.var();v.std();m.var(0);v.prod();m.prod(0)
v.max();m.max(0)[0];v.min();m.min(0)[0];m.amax(0);m.amin(0);t.aminmax(v)[0];v.median();m.median(0)[0];v.nansum()
v.nanmedian();m.mode(0)[0];v.kthvalue(2)[0];v.topk(2)[0];v.sort()[0];v.cumsum(0);v.cumprod(0);v.cummax(0)[0]
v.cummin(0)[0];v.logcumsumexp(0);v.logsumexp(0);v.norm();v.norm(3);t.linalg.vector_norm(v);t.renorm(m, 2, 0, 1.0)
v.softmax(0);v.log_softmax(0);t.dot(v, w);t.mv(m, v);t.mm(m, n);t.bmm(b, b);t.addmm(m, m, n);t.addmv(v, m, w)
t.baddbmm(b, b, b);t.addbmm(m, b, b);t.outer(v, w);t.addr(m, v, w);m.view(9);m.reshape(9);m.t();m.T;m.transpose(0, 1)
m.permute(1, 0);v.expand(2, 3);v.repeat(2);v[None].squeeze();v[None].squeeze(0);v.unsqueeze(0);t.cat([v, w])
t.stack([v, w]);v.split(2)[0];v.split([1, 2])[1];v.chunk(3)[0];v.unbind()[0];v.flip(0);v.roll(1);t.rot90(m);v[0];v[1:]
v[k];v[s];m[0, 1:];m[:, k];v.gather(0, k);v.scatter(0, k, w);v.scatter_add(0, k, w);v.scatter_reduce(0, k, w, 'amax')
v.index_select(0, k);v.index_add(0, k, w[:2]);v.index_copy(0, k, w[:2]);v.index_fill(0, k, 1.0);v.take(k)
v.index_put((k,), w[:2]);v.masked_fill(s, 0.0);v.masked_select(s);v.masked_scatter(s, w);t.where(s, v, w);m.diagonal()
m.diag();v.diag_embed();m.tril();m.triu();m.trace();v.unfold(0, 2, 1);v.as_strided((2,), (1,));v.clone();v.double()
v.movedim(0, 0);t.diff(v);t.deg2rad(v);t.rad2deg(v);t.nan_to_num(v);t.bernoulli(v);t.complex(v, w);t.polar(v, w)
c.abs();c.angle();c.conj();c.sgn();c.real;t.view_as_real(c);F.linear(m, n, v);F.linear(m, n)
F.conv2d(i, i[:, :, :2, :2]);F.max_pool2d(i, 2);F.avg_pool2d(i, 2);F.adaptive_avg_pool2d(i, 1)
F.adaptive_avg_pool2d(i, 2);F.adaptive_max_pool2d(i, 2)
F.layer_norm(m, (3,));F.batch_norm(m, None, None, training=True);F.group_norm(b, 3);F.embedding(k, m);F.mse_loss(v, w)
F.l1_loss(v, w);F.smooth_l1_loss(v, w);F.huber_loss(v, w);F.cross_entropy(m, k3);F.nll_loss(m, k3);F.leaky_relu(v)
F.binary_cross_entropy(v, w.detach());F.binary_cross_entropy_with_logits(v, w.detach());F.elu(v);F.selu(v);F.celu(v)
F.gelu(v);F.silu(v);F.mish(v);F.softplus(v);F.logsigmoid(v);F.hardtanh(v);F.relu6(v);F.hardsigmoid(v);F.hardswish(v)
F.softshrink(v);F.hardshrink(v);F.threshold(v, 0.1, 0.0);F.prelu(v, w[:1]);F.glu(m[:, :2]);F.normalize(v, dim=0)
F.pad(v, (1, 1));F.pad(m, (1, 1), mode='reflect');F.interpolate(i, scale_factor=2)
F.pixel_shuffle(b[None].expand(4, 3, 3, 3), 1)
F.unfold(i, 2);F.rrelu(v, training=True);F.cosine_similarity(v, w, dim=0);F.soft_margin_loss(v, w.detach())
F.dropout(v, 0.5);t.zeros(3).copy_(v);(v * 1).fill_(0.0);(v * 1).zero_();(v + 1).mul_(2);(v * 1).relu_()
""".replace("\n", ";").split(";")
EXPRESSIONS = [expression for expression in EXPRESSIONS if expression]
# One node where PyTorch makes a view of the product, or the other way round.
OTHER_NODES = {"v @ b", "F.dropout(v, 0.5)"}


def node(library, expression):
    library.manual_seed(0)

    def leaf(*shape, dtype=library.float32):
        return (library.rand(*shape, dtype=dtype) * 0.5 + 0.25).requires_grad_()

    names = {
        "t": library,
        "F": library.nn.functional,
        "v": leaf(3),
        "w": leaf(3),
        "m": leaf(3, 3),
        "n": leaf(3, 3),
        "b": leaf(3, 3, 3),
        "i": leaf(1, 1, 4, 4),
        "c": leaf(3, dtype=library.complex64),
        "k": library.tensor([0, 2]),
        "k3": library.tensor([0, 1, 2]),
        "s": library.tensor([True, False, True]),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(expression, names).grad_fn


@pytest.mark.parametrize("expression", [e for e in EXPRESSIONS if e not in OTHER_NODES])
def test_name(expression):
    assert type(node(mibun, expression)).__name__ == type(node(torch, expression)).__name__


# What PyTorch saves and mibun's rules do not need, or know under a name that says something else.
UNKNOWN = {
    "buffer",
    "bias_sym_sizes_opt",
    "ceil_mode",
    "lower",
    "mat1_sym_strides",
    "mat2_sym_strides",
    "normalized_shape",
    "output_padding",
    "output_size",
    "pad",
    "padding",
    "result1",
    "result2",
    "running_mean",
    "running_var",
    "scales_h",
    "scales_w",
    "self_sym_strides",
    "source_dim",
    "total_weight",
    "training",
    "upper",
    "C",
    "HxW",
    "N",
    "align_corners",
}
# Tensors of which mibun's rules need the shape only.
NOT_KEPT = {
    ("GatherBackward0", "self"),
    ("IndexAddBackward0", "source"),
    ("IndexCopyBackward0", "source"),
    ("TakeBackward0", "self"),
    ("MaskedSelectBackward0", "self"),
    ("ComplexBackward0", "real"),
    ("ComplexBackward0", "imag"),
    ("NllLossBackward0", "self"),
    ("RreluWithNoiseBackward0", "self"),
}


@pytest.mark.parametrize("expression", [e for e in EXPRESSIONS if e not in OTHER_NODES])
def test_saved_attributes_are_known(expression):
    theirs, ours = node(torch, expression), node(mibun, expression)
    for name in dir(theirs):
        short = name.removeprefix("_saved_")
        if name.startswith("_saved_") and short not in UNKNOWN and (type(ours).__name__, short) not in NOT_KEPT:
            getattr(ours, name)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("m.sum(0)", "dim"),
        ("m.sum(0)", "keepdim"),
        ("m.sum(0)", "self_sym_sizes"),
        ("v.mean()", "self_sym_sizes"),
        ("m.mean(1)", "self_sym_numel"),
        ("v ** 2", "exponent"),
        ("v.split(2)[0]", "split_size"),
        ("v[0]", "index"),
        ("v[0]", "dim"),
        ("v[1:]", "start"),
        ("v[1:]", "step"),
        ("m.view(9)", "self_sym_sizes"),
        ("v + w", "alpha"),
        ("t.add(v, w, alpha=3)", "alpha"),
        ("v.clamp(0, 1)", "min"),
        ("v.clamp(0, 1)", "max"),
        ("m.amax(0)", "dim"),
        ("m.transpose(0, 1)", "dim0"),
        ("m.permute(1, 0)", "dims"),
        ("v.unsqueeze(0)", "dim"),
        ("v[None].squeeze(0)", "dim"),
        ("F.conv2d(i, i[:, :, :2, :2])", "padding"),
        ("F.leaky_relu(v)", "negative_slope"),
        ("v.gather(0, k)", "dim"),
        ("F.mse_loss(v, w)", "reduction"),
        ("F.avg_pool2d(i, 2)", "kernel_size"),
        ("F.hardtanh(v)", "max_val"),
        ("v.roll(1)", "shifts"),
        ("m.max(0)[0]", "dim"),
        ("t.addmm(m, m, n)", "mat1_sym_sizes"),
        ("v.clamp_min(0)", "min"),
    ],
)
def test_saved_parameters_are_equal(expression, name):
    ours, theirs = (getattr(node(library, expression), "_saved_" + name) for library in (mibun, torch))
    assert ours == pytest.approx(theirs) and type(ours) is type(theirs)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("v * w", "self"),
        ("v * w", "other"),
        ("v.exp()", "result"),
        ("m @ n", "mat2"),
        ("t.where(s, v, w)", "condition"),
        ("v.gather(0, k)", "index"),
        ("v.sort()[0]", "indices"),
        ("t.mv(m, v)", "vec"),
        ("v / w", "other"),
        ("t.addmm(m, m, n)", "mat2"),
        ("t.bmm(b, b)", "mat2"),
        ("t.addcmul(v, w, w)", "tensor1"),
        ("F.layer_norm(m, (3,))", "weight"),
        ("v * 2", "self"),
        ("F.cross_entropy(m, k3)", "target"),
    ],
)
def test_saved_tensors_are_equal(expression, name):
    ours, theirs = (getattr(node(library, expression), "_saved_" + name) for library in (mibun, torch))
    assert (ours is None) == (theirs is None)
    assert ours is None or ours.flatten().tolist() == pytest.approx(theirs.flatten().tolist())
