"""Modules, containers, starting values and data loading against installed PyTorch: forms, keys, errors, values."""

import collections
import re
import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402

LAYERS = [
    ("Identity(3)", (2, 3)),
    ("Linear(3, 4)", (2, 3)),
    ("Linear(3, 4, bias=False)", (3,)),
    ("Flatten()", (2, 3, 4)),
    ("Flatten(0, 1)", (2, 3, 4)),
    ("Unflatten(1, (2, 3))", (4, 6)),
    ("Conv1d(2, 4, 3)", (2, 2, 7)),
    ("Conv2d(2, 4, 3, padding=1)", (2, 2, 5, 5)),
    ("Conv2d(2, 4, 3, stride=2, groups=2, bias=False)", (2, 6, 5)),
    ("Conv2d(1, 2, (2, 3), padding='same')", (2, 1, 5, 5)),
    ("Conv2d(1, 2, 3, padding='valid')", (1, 1, 5, 5)),
    ("Conv2d(2, 3, 3, padding=1, padding_mode='reflect')", (2, 2, 5, 5)),
    ("Conv2d(2, 3, 2, padding='same', padding_mode='circular')", (2, 2, 5, 5)),
    ("Conv1d(2, 3, 3, padding=2, padding_mode='replicate', dilation=2)", (2, 2, 7)),
    ("Conv3d(1, 2, 2)", (1, 1, 3, 4, 3)),
    ("ConvTranspose1d(2, 3, 3, stride=2, output_padding=1)", (2, 2, 4)),
    ("ConvTranspose2d(2, 4, 3, 2, 1, 1, 2, True, 2)", (1, 2, 3, 4)),
    ("ConvTranspose3d(2, 1, 2)", (1, 2, 2, 2, 2)),
    ("MaxPool1d(2)", (2, 3, 6)),
    ("MaxPool2d((2, 3), stride=1, padding=1)", (2, 3, 5, 6)),
    ("MaxPool3d(2)", (1, 2, 4, 4, 4)),
    ("MaxPool2d(2, ceil_mode=True, dilation=2)", (1, 1, 6, 6)),
    ("AvgPool1d(2, padding=1)", (1, 2, 5)),
    ("AvgPool2d(3, 2, 1, count_include_pad=False)", (1, 2, 6, 6)),
    ("AvgPool3d(2, divisor_override=3)", (1, 1, 4, 4, 4)),
    ("AdaptiveAvgPool1d(3)", (1, 2, 7)),
    ("AdaptiveAvgPool2d((None, 2))", (1, 2, 5, 5)),
    ("AdaptiveAvgPool3d(2)", (1, 2, 5, 5, 3)),
    ("AdaptiveMaxPool1d(3)", (1, 2, 7)),
    ("AdaptiveMaxPool2d(2)", (1, 2, 5, 5)),
    ("AdaptiveMaxPool3d((1, 2, 3))", (1, 2, 5, 5, 4)),
    ("LPPool1d(2, 3)", (1, 2, 6)),
    ("LPPool2d(3, 2, stride=1)", (1, 2, 4, 4)),
    ("BatchNorm1d(3)", (4, 3)),
    ("BatchNorm2d(3, momentum=None)", (4, 3, 2, 2)),
    ("BatchNorm3d(2, affine=False)", (2, 2, 2, 3, 2)),
    ("BatchNorm1d(3, track_running_stats=False)", (4, 3, 5)),
    ("BatchNorm1d(3, bias=False)", (4, 3)),
    ("InstanceNorm1d(3)", (2, 3, 4)),
    ("InstanceNorm2d(3, affine=True, track_running_stats=True)", (2, 3, 4, 4)),
    ("LayerNorm(4)", (2, 3, 4)),
    ("LayerNorm([3, 4], elementwise_affine=False)", (2, 3, 4)),
    ("LayerNorm(4, bias=False)", (2, 4)),
    ("GroupNorm(2, 4)", (2, 4, 3)),
    ("GroupNorm(4, 4, affine=False)", (2, 4, 3, 2)),
    ("RMSNorm(4)", (3, 4)),
    ("LocalResponseNorm(2)", (1, 4, 3, 3)),
    ("Dropout(0.)", (3, 4)),
    ("ReflectionPad1d(2)", (1, 2, 5)),
    ("ReplicationPad2d((1, 2, 0, 1))", (1, 1, 3, 3)),
    ("CircularPad2d(1)", (1, 1, 3, 3)),
    ("ZeroPad2d((1, -1, 2, 0))", (1, 2, 3, 3)),
    ("ConstantPad1d((1, 2), 3.5)", (1, 2, 3)),
    ("ReflectionPad3d(1)", (1, 1, 3, 3, 3)),
    ("Threshold(0.1, 20)", (7,)),
    ("ReLU()", (7,)),
    ("ReLU(inplace=True)", (7,)),
    ("RReLU(0.2, 0.2)", (7,)),
    ("Hardtanh(-0.5, 1)", (7,)),
    ("ReLU6()", (7,)),
    ("Sigmoid()", (7,)),
    ("Hardsigmoid()", (7,)),
    ("Tanh()", (7,)),
    ("SiLU()", (7,)),
    ("Mish()", (7,)),
    ("Hardswish()", (7,)),
    ("ELU(0.7)", (7,)),
    ("CELU(0.7)", (7,)),
    ("SELU()", (7,)),
    ("GLU(0)", (6, 2)),
    ("GELU()", (7,)),
    ("GELU('tanh')", (7,)),
    ("Hardshrink(0.3)", (7,)),
    ("Softshrink(0.3)", (7,)),
    ("LeakyReLU(0.2)", (7,)),
    ("LogSigmoid()", (7,)),
    ("Softplus(2, 3)", (7,)),
    ("PReLU()", (7,)),
    ("PReLU(3)", (2, 3, 2)),
    ("Softsign()", (7,)),
    ("Tanhshrink()", (7,)),
    ("Softmin(1)", (2, 3)),
    ("Softmax(0)", (2, 3)),
    ("LogSoftmax(-1)", (2, 3)),
    ("Softmax2d()", (2, 3, 2, 2)),
    ("Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Sequential(nn.Linear(4, 2), nn.BatchNorm1d(2)))", (5, 3)),
]
LOSSES = [
    "L1Loss()",
    "MSELoss(reduction='sum')",
    "SmoothL1Loss(beta=0.5)",
    "HuberLoss(delta=0.3)",
    "BCEWithLogitsLoss()",
    "SoftMarginLoss()",
    "HingeEmbeddingLoss()",
    "PoissonNLLLoss(full=True)",
    "KLDivLoss(reduction='batchmean')",
    "MultiLabelSoftMarginLoss()",
]


def build(expression):
    """The same layer in both, with PyTorch's starting values, in float64."""
    theirs = eval("nn." + expression, {"nn": torch.nn}).double()
    ours = eval("nn." + expression, {"nn": mibun.nn}).double()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict({k: mibun.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    return ours, theirs


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("expression,shape", LAYERS, ids=[layer for layer, _ in LAYERS])
def test_layer(expression, shape):
    ours, theirs = build(expression)
    assert repr(ours) == repr(theirs)
    assert {k for k in vars(theirs) if not k.startswith("_") and k != "transposed"} <= set(vars(ours))
    data = np.random.default_rng(len(expression)).normal(size=shape)
    for mode in (True, False):
        ours.train(mode)
        theirs.train(mode)
        results = []
        for lib, layer in ((mibun, ours), (torch, theirs)):
            x = lib.tensor(data, requires_grad=True)
            y = layer(x * 1)
            layer.zero_grad()
            (y * y).sum().backward()
            grads = [x.grad.numpy(), *(p.grad.numpy() for p in layer.parameters())]
            results.append([y.detach().numpy(), *grads, *(b.detach().numpy() for b in layer.buffers())])
        for mine, other in zip(*results, strict=True):
            # PyTorch computes the constants of two activations in single precision.
            tolerance = 1e-7 if expression.startswith(("Hardsigmoid", "CELU")) else 1e-10
            np.testing.assert_allclose(mine, other, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("expression", LOSSES)
def test_loss(expression):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4, 3)), (rng.normal(size=(4, 3)) > 0) * 1.0
    results = []
    for lib in (mibun, torch):
        loss = eval("nn." + expression, {"nn": lib.nn})
        a = lib.tensor(x, requires_grad=True)
        value = loss(a, lib.tensor(y))
        value.backward()
        results.append((value.item(), a.grad.numpy(), repr(loss)))
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-9)
    np.testing.assert_allclose(results[0][1], results[1][1], rtol=1e-8, atol=1e-12)
    assert results[0][2] == results[1][2]


@pytest.mark.parametrize(
    "expression", ["CrossEntropyLoss()", "CrossEntropyLoss(label_smoothing=0.1, ignore_index=1)", "NLLLoss()"]
)
def test_class_loss(expression):
    x = np.random.default_rng(0).normal(size=(5, 3))
    values = []
    for lib in (mibun, torch):
        a = lib.tensor(x, requires_grad=True)
        value = eval("nn." + expression, {"nn": lib.nn})(a, lib.tensor([0, 1, 2, 2, 0]))
        value.backward()
        values.append((value.item(), a.grad.numpy()))
    assert values[0][0] == pytest.approx(values[1][0])
    np.testing.assert_allclose(values[0][1], values[1][1], atol=1e-12)


SETUP = """
L = lambda: nn.Linear(2, 3)
S = lambda: nn.Sequential(L(), nn.Sequential(nn.ReLU()))
ML = lambda: nn.ModuleList([nn.ReLU(), nn.Tanh(), nn.GELU()])
MD = lambda: nn.ModuleDict({'b': nn.ReLU(), 'a': nn.Tanh()})
PL = lambda: nn.ParameterList([torch.ones(2), nn.Parameter(torch.ones(())), 3, 'x'])
PD = lambda: nn.ParameterDict({'b': torch.ones(2), 'a': 3})
ones = torch.ones
class Bare(nn.Module):
    def __init__(self, value): self.x = value
class Extra(nn.Module):
    def get_extra_state(self): return 1
data = D.TensorDataset(torch.arange(10.).reshape(5, 2), torch.arange(5))
seven = list(range(7))
def out(f):
    f()
def hooked(*hooks, **options):
    layer = L()
    for hook in hooks: layer.register_forward_hook(hook, **options)
    return layer
def backward_hooked(hook, requires_grad=True):
    layer = L()
    layer.register_full_backward_hook(hook)
    layer(torch.ones(2, requires_grad=requires_grad)).sum().backward()
"""
# Compared: the repr of the value, or the class of the error and the first words of its message.
EXPRESSIONS = """
L().register_parameter('', None)
L().register_parameter('a.b', None)
L().register_parameter(3, None)
L().register_parameter('forward', nn.Parameter(ones(2)))
L().register_parameter('x', ones(2))
L().register_buffer('weight', ones(2))
L().register_buffer('x', 3)
L().add_module('weight', L())
L().add_module('x', 3)
L().register_module('a.b', L())
setattr(L(), 'weight', 3)
setattr(L(), 'weight', ones(1))
setattr(S(), '0', 3)
setattr(nn.BatchNorm1d(2), 'running_mean', 3)
Bare(nn.Parameter(ones(1)))
Bare(L())
Bare(nn.Buffer(ones(1)))
Bare(3).x
L().foo
delattr(L(), 'foo')
nn.Module()(1)
nn.Module(1, 2)
nn.Module(a=1)
S().get_submodule('')
S().get_submodule('1.0')
S().get_submodule('0.weight')
S().get_submodule('1.x.y')
S().get_parameter('0.x')
S().get_parameter('1')
S().get_buffer('0.weight')
S().set_submodule('', L())
S().set_submodule('x.y', L())
S().set_submodule('x', L(), strict=True)
S().set_submodule('0.weight', L())
L().train(3)
L().to(torch.int64)
L().to(torch.float64).weight.dtype
L().to('cpu', torch.float16).bias.dtype
L().to(ones(1).double()).bias.dtype
L().to('cuda')
L().cuda()
L().type(torch.int64)
L().half().double().weight.dtype
nn.BatchNorm1d(2).type(torch.float64).num_batches_tracked
nn.BatchNorm1d(2).double().num_batches_tracked
[n for n, _ in S().named_parameters(prefix='p')]
[n for n, _ in S().named_modules()]
[n for n, _ in S().named_children()]
L().load_state_dict(3)
L().load_state_dict({})
L().load_state_dict({}, strict=False)
L().load_state_dict({'weight': ones(2, 2), 'q': 3, 'z': 1})
L().load_state_dict({'weight': 3, 'bias': ones(4)}, strict=False)
S().load_state_dict({'0.weight.x': 3, '7.w': 3, '1': 2})
L().load_state_dict(L().state_dict())
nn.Linear(2, 3, bias=False).load_state_dict(L().state_dict())
nn.BatchNorm1d(2).load_state_dict({})
nn.PReLU().load_state_dict({'weight': torch.tensor(3.)})
nn.InstanceNorm1d(3).load_state_dict(nn.InstanceNorm1d(3, track_running_stats=True).state_dict())
Extra().state_dict()
Extra().load_state_dict({'_extra_state': 2})
S().state_dict()._metadata
hooked(lambda m, a, o: 1/0)(ones(2))
hooked(lambda m, a, o: o * 0 + 1)(ones(2))
hooked(lambda m, a, k, o: len(k), with_kwargs=True)(input=ones(2))
backward_hooked(lambda m, gi, go: (1, 2, 3))
backward_hooked(lambda m, gi, go: out(lambda: None))
backward_hooked(lambda m, gi, go: (1,), requires_grad=False)
S()[5]
S()[-1]
S()[0:1]
S().insert(0, 3)
S().insert(9, L())
S().pop(0)
S().append(3)
S() + S()
S() + [L()]
S() * 2
S() * 0
nn.Sequential([L()])
nn.Sequential(collections.OrderedDict(a=L(), b=nn.ReLU()))[1:]
ML()
nn.ModuleList([S(), S(), nn.ReLU(), nn.ReLU()])
nn.ModuleList()
ML()[7]
ML() + [nn.ReLU()]
ML().extend(3)
ML()(3)
nn.ModuleList([None, nn.ReLU()])
MD()
MD()['q']
MD().update(3)
MD().update([('z',)])
list(MD().items())
PL()
PL()[9]
PL().extend(ones(3))
PL()(1)
PD()
PD()['q']
PD().update([('z',)])
PD().popitem()[0]
PD() | nn.ParameterDict({'q': 1})
list(PD())
PD().fromkeys(['z'], 3)
nn.Conv2d(3, 4, 2, groups=2)
nn.Conv2d(4, 4, 2, groups=0)
nn.Conv2d(1, 1, 2, stride=2, padding='same')
nn.ConvTranspose2d(1, 1, 2, padding_mode='reflect')
nn.ConvTranspose2d(1, 1, 2)(ones(1, 1, 3, 3), output_size=(9, 9))
nn.ConvTranspose2d(1, 1, 2)(ones(1, 1, 3, 3), output_size=(9,))
nn.GroupNorm(2, 3)
nn.Dropout(2)
nn.Bilinear(0, 1, 2)
nn.Bilinear(1, 2, 3)
nn.Embedding(3, 2, padding_idx=5)
nn.Embedding(3, 2, padding_idx=-1, max_norm=1.).weight[-1]
nn.Embedding.from_pretrained(ones(2, 3))
nn.Unflatten(1, 3)
nn.Hardtanh(2, 1)
nn.MultiMarginLoss(p=3)
nn.TripletMarginLoss(margin=-1)
nn.BatchNorm1d(3)(ones(3))
nn.BatchNorm2d(3)(ones(3, 3))
nn.InstanceNorm1d(3, affine=True)(ones(2, 4, 5))
nn.Softmax2d()(ones(2, 2))
nn.init.calculate_gain('leaky_relu', 0.5)
nn.init.calculate_gain('foo')
nn.init.eye_(torch.empty(2, 3))
nn.init.eye_(torch.empty(2))
nn.init.dirac_(torch.empty(4, 2, 3), 2)
nn.init.dirac_(torch.empty(3, 2, 3), 2)
nn.init.xavier_uniform_(torch.empty(2))
nn.init.kaiming_uniform_(torch.empty(2, 2), mode='foo')
nn.init.orthogonal_(torch.empty(2))
nn.init.xavier_normal_(torch.empty(0, 2))
nn.utils.get_total_norm([torch.tensor([3., 4.]), torch.tensor([12.])])
nn.utils.get_total_norm([torch.tensor([3., 4.])], 'inf')
nn.utils.vector_to_parameters(3, [])
nn.Parameter(torch.tensor([1]))
nn.Parameter(3)
nn.Parameter(torch.ones(2), requires_grad=False)
list(D.DataLoader(data, 2))
list(D.DataLoader(seven, 2, drop_last=True))
len(D.DataLoader(seven, 2))
list(D.DataLoader(seven, None))
list(D.DataLoader(seven, batch_sampler=[[1, 2], [0]]))
D.DataLoader(seven, 0)
D.DataLoader(seven, 2, shuffle=True, sampler=[1])
D.DataLoader(seven, 2, batch_sampler=[[1]])
D.DataLoader(seven, batch_size=None, drop_last=True)
setattr(D.DataLoader(seven), 'batch_size', 3)
D.default_collate([(1, 'a'), (2, 'b')])
D.default_collate([{'a': 1.}, {'a': 3.}])
D.default_collate([None])
D.default_collate([(1, 2), (3,)])
[len(s) for s in D.random_split(seven, [.3, .3, .4])]
D.random_split(seven, [3, 3])
D.TensorDataset(ones(2), ones(3))
D.RandomSampler([])
""".strip().splitlines()


def outcome(expression, lib, nn, data):
    scope = {"torch": lib, "nn": nn, "D": data, "collections": collections}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(SETUP, scope)
        try:
            value = repr(eval(expression, scope))
        except Exception as error:
            return type(error).__name__, re.sub(r"mibun\.", "torch.", str(error).strip("'\""))
    return "value", re.sub(r"\{'(?:\w+', '?)+'\}", "{}", value)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_same_outcome(expression):
    ours = outcome(expression, mibun, mibun.nn, mibun.utils.data)
    theirs = outcome(expression, torch, torch.nn, torch.utils.data)
    assert ours[0] == theirs[0]
    if ours[0] == "value":
        assert ours[1] == theirs[1]
    else:
        words = 4  # mibun's messages say more after PyTorch's first words
        assert ours[1].lower().split()[:words] == theirs[1].lower().split()[:words]


@pytest.mark.parametrize(
    "call",
    [
        "kaiming_uniform_({}, a=5**0.5)",
        "kaiming_normal_({}, mode='fan_out', nonlinearity='relu')",
        "xavier_uniform_({}, 2.)",
        "xavier_normal_({})",
        "trunc_normal_({}, 0.5, 1., -1., 1.)",
        "uniform_({}, -2, 1)",
        "normal_({}, 1., 3.)",
    ],
)
def test_initial_distribution(call):
    """The first moments agree; the numbers themselves are drawn by another generator."""
    shape = (60, 40, 5)
    samples = []
    for lib in (mibun, torch):
        lib.manual_seed(0)
        scope = {"init": lib.nn.init, "lib": lib, "shape": shape}
        samples.append(eval("init." + call.format("lib.empty(shape)"), scope).numpy().ravel())
    quantiles = [np.quantile(sample, [0.01, 0.25, 0.5, 0.75, 0.99]) for sample in samples]
    np.testing.assert_allclose(quantiles[0], quantiles[1], atol=0.1 * samples[1].std())
    assert samples[0].std() == pytest.approx(samples[1].std(), rel=0.03)


@pytest.mark.parametrize("norm", [2.0, 1.0, float("inf"), 0.0, 3.0])
def test_clip_grad_norm(norm):
    results = []
    for lib in (mibun, torch):
        parameters = [
            lib.nn.Parameter(lib.zeros(2, dtype=lib.float64)),
            lib.nn.Parameter(lib.zeros(1, dtype=lib.float64)),
        ]
        parameters[0].grad = lib.tensor([3.0, 4.0], dtype=lib.float64)
        parameters[1].grad = lib.tensor([-12.0], dtype=lib.float64)
        total = lib.nn.utils.clip_grad_norm_(parameters, 1.5, norm)
        results.append([total.item(), *(p.grad.numpy() for p in parameters)])
    for mine, other in zip(*results, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-12)
