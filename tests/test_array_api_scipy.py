"""SciPy and scikit-learn on Tensors, through the Array API: values as on NumPy's arrays, gradients where code is pure.

SciPy reads the switch for it (SCIPY_ARRAY_API) when it is imported, so what is here runs in processes of its own.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import mibun

SOURCE = Path(mibun.__file__).parents[1]
needs_scipy = pytest.mark.skipif(find_spec("scipy") is None, reason="needs SciPy")
needs_sklearn = pytest.mark.skipif(find_spec("sklearn") is None, reason="needs scikit-learn")


def run(*arguments):
    """Run Python with these arguments: a program that prints its failures, a line for each, and nothing else."""
    environment = {**os.environ, "SCIPY_ARRAY_API": "1", "PYTHONPATH": os.pathsep.join([str(SOURCE), *sys.path[1:]])}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


BOTH = """
import warnings
import numpy as np
import mibun as torch

warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
x, y, z = rng.normal(size=(3, 20))
y, p = y + x / 2, rng.random(5)
p, q = p / p.sum(), np.full(5, 0.2)
M = rng.normal(size=(6, 4))


def flat(result):
    parts = result if isinstance(result, (tuple, list)) else (result,)
    for part in parts:
        if isinstance(part, (tuple, list)):
            yield from flat(part)
        elif hasattr(part, "statistic"):
            yield from (part.statistic, part.pvalue)
        else:
            yield part


def compare(calls):
    for name, call in calls.items():
        try:
            found, expected = list(flat(call(torch.tensor))), list(flat(call(np.asarray)))
            tensors = [isinstance(part, torch.Tensor) for part in found]
            if name not in of_numbers and not all(tensors):
                print(name, "does not give Tensors:", found)
            for ours, theirs in zip(found, expected, strict=True):
                np.testing.assert_allclose(np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), 1e-6, 1e-9)
        except Exception as error:
            print(name, repr(error)[:300])
"""

STATS = """
from scipy import stats
# How many there are is a Python number; two convert to NumPy's arrays, as of PyTorch's tensors.
of_numbers = {"describe", "spearmanr of two", "ks_2samp of two"}
two = ("pearsonr ttest_ind ttest_rel entropy zmap chisquare f_oneway bartlett mannwhitneyu spearmanr kruskal levene"
       " ks_2samp alexandergovern fligner mood").split()
one = ("zscore skew kurtosis moment variation sem gmean hmean describe kstat kstatvar circmean circvar circstd skewtest"
       " kurtosistest normaltest jarque_bera tmean tvar tstd tsem tmin tmax lmoment rankdata iqr wilcoxon entropy"
       " combine_pvalues differential_entropy gstd").split()
positive = set("gmean hmean entropy chisquare combine_pvalues gstd variation".split())
calls = {
    "pmean": lambda T: stats.pmean(T(abs(x)), 3),
    "ttest_1samp": lambda T: stats.ttest_1samp(T(x), 0.1),
    "welch": lambda T: stats.ttest_ind(T(x), T(y), equal_var=False),
    "quantile": lambda T: stats.quantile(T(x), T(np.array([0.2, 0.5]))),
    "axis": lambda T: stats.kurtosis(T(M), axis=0, bias=False),
    "keepdims": lambda T: stats.skew(T(M), axis=1, keepdims=True),
    "directional": lambda T: stats.directional_stats(T(M)).mean_direction,
    "boxcox_llf": lambda T: stats.boxcox_llf(0.5, T(abs(x))),
}
for name in one:
    data = p if name in positive else x
    calls[name] = lambda T, f=getattr(stats, name), data=data: f(T(data))
for name in two:
    a, b = (p, q) if name in positive else (x, y)
    calls[name + " of two"] = lambda T, f=getattr(stats, name), a=a, b=b: f(T(a), T(b))
compare(calls)
"""

OTHERS = """
import scipy.differentiate, scipy.optimize.elementwise
from scipy import cluster, differentiate, fft, integrate, linalg, ndimage, optimize, signal, spatial, special
of_numbers = {"solve", "inv", "svdvals", "welch", "simpson"}  # results of NumPy, as of PyTorch's tensors
calls = {
    "logsumexp": lambda T: special.logsumexp(T(x)),
    "softmax": lambda T: special.softmax(T(M), axis=1),
    "polygamma": lambda T: special.polygamma(1, T(abs(x))),
    "multigammaln": lambda T: special.multigammaln(T(abs(x) + 3), 2),
    "betainc": lambda T: special.betainc(T(p), T(q), T(p)),
    "rfftn": lambda T: abs(fft.rfftn(T(M))),
    "irfft": lambda T: fft.irfft(fft.rfft(T(x))),
    "dct": lambda T: fft.dct(T(x)),
    "solve": lambda T: linalg.solve(T(M.T @ M), T(M[0])),
    "inv": lambda T: linalg.inv(T(M.T @ M)),
    "svdvals": lambda T: linalg.svdvals(T(M)),
    "convolve": lambda T: signal.convolve(T(x), T(p)),
    "fftconvolve": lambda T: signal.fftconvolve(T(x), T(p)),
    "detrend": lambda T: signal.detrend(T(x)),
    "hilbert": lambda T: abs(signal.hilbert(T(x))),
    "welch": lambda T: signal.welch(T(x), nperseg=8)[1],
    "lfilter": lambda T: signal.lfilter(T(p), T(np.array([1.0])), T(x)),
    "filtfilt": lambda T: signal.filtfilt(T(p), T(np.array([1.0, 0.1])), T(np.tile(x, 3))),
    "savgol": lambda T: signal.savgol_filter(T(x), 5, 2),
    "resample": lambda T: signal.resample(T(x), 10),
    "simpson": lambda T: integrate.simpson(T(x)),
    "cumulative": lambda T: integrate.cumulative_simpson(T(x)),
    "tanhsinh": lambda T: integrate.tanhsinh(lambda t: t**2, T(np.array(0.0)), T(np.array([1.0, 2.0]))).integral,
    "cubature": lambda T: integrate.cubature(lambda t: t[:, 0] ** 2, T(np.array([0.0])), T(np.array([1.0]))).estimate,
    "find_root": lambda T: optimize.elementwise.find_root(lambda t: t**2 - 2, (T(np.array(0.0)), T(np.array(3.0)))).x,
    "rosen": lambda T: optimize.rosen_der(T(x)),
    "derivative": lambda T: differentiate.derivative(lambda t: t**3, T(x)).df,
    "jacobian": lambda T: differentiate.jacobian(lambda t: t**3, T(x)).df,
    "rotation": lambda T: spatial.transform.Rotation.from_rotvec(T(x[:3])).as_matrix(),
    "whiten": lambda T: cluster.vq.whiten(T(M)),
    "gaussian": lambda T: ndimage.gaussian_filter(T(M), 1.0),
}
for name in ("gammaln digamma psi erf erfc erfcx erfinv expit logit ndtr ndtri log_ndtr i0 i0e i1 i1e entr expm1 log1p"
             " exp2 gamma j0 j1 k0 k0e k1 k1e y0 y1 rgamma cbrt").split():
    calls[name] = lambda T, f=getattr(special, name): f(T(p))
for name in "xlogy xlog1py gammainc gammaincc rel_entr zeta chdtr chdtrc stdtr betaln kl_div".split():
    calls[name] = lambda T, f=getattr(special, name): f(T(p + (name == "zeta")), T(q))
compare(calls)
"""

GRADIENTS = """
from mibun.autograd import gradcheck
from scipy import fft, integrate, optimize, signal, special, stats
positive = lambda t: t * t + 0.5
calls = {
    "softmax": lambda t: special.softmax(t),
    "logsumexp": lambda t: special.logsumexp(t),
    "chdtr": lambda t: special.chdtr(torch.full_like(t, 3.0), positive(t)),
    "stdtr": lambda t: special.stdtr(torch.full_like(t, 3.0), t),
    "betainc": lambda t: special.betainc(torch.full_like(t, 3.0), torch.full_like(t, 0.5), torch.sigmoid(t)),
    "polygamma": lambda t: special.polygamma(1, positive(t)),
    "fdtrc": lambda t: special.fdtrc(torch.full_like(t, 3.0), torch.full_like(t, 5.0), positive(t)),
    "betaln": lambda t: special.betaln(positive(t), positive(t) + 1),
    "multigammaln": lambda t: special.multigammaln(positive(t) + 2, 2),
    "irfft": lambda t: fft.irfft(fft.rfft(t) ** 2),
    "fftconvolve": lambda t: signal.fftconvolve(t, t),
    "hilbert": lambda t: abs(signal.hilbert(t)),
    "resample": lambda t: signal.resample(t, 6),
    "trapezoid": lambda t: integrate.trapezoid(t**2, t),
    "rosen": lambda t: optimize.rosen(t),
    "pearsonr": lambda t: list(flat(stats.pearsonr(t, t**2))),
    "ttest_ind": lambda t: list(flat(stats.ttest_ind(t, positive(t)))),
    "ttest_1samp": lambda t: list(flat(stats.ttest_1samp(t, 0.1))),
    "f_oneway": lambda t: list(flat(stats.f_oneway(t, t**2, t**3))),
    "ttest_rel": lambda t: list(flat(stats.ttest_rel(t, positive(t)))),
    "chisquare": lambda t: list(flat(stats.chisquare(positive(t)))),
    "normaltest": lambda t: list(flat(stats.normaltest(torch.cat([t, t * 2])))),
    "describe": lambda t: [part for part in flat(tuple(stats.describe(t))) if isinstance(part, torch.Tensor)],
}
for name in "zscore skew kurtosis moment sem kstat circmean circvar circstd tmean tvar tstd jarque_bera".split():
    calls[name] = lambda t, f=getattr(stats, name): list(flat(f(t)))
for name in "gmean hmean entropy gzscore variation".split():
    calls[name] = lambda t, f=getattr(stats, name): f(positive(t))
for name in ("gammaln digamma gamma rgamma cbrt exp10 erf erfc erfcx expit ndtr log_ndtr i0 i0e i1 i1e entr expm1"
             " log1p exp2 sinc").split():
    calls[name] = lambda t, f=getattr(special, name): f(positive(t))
for name, call in calls.items():
    t = torch.tensor(x[:8], requires_grad=True)
    try:
        gradcheck(lambda t: tuple(r for r in (call(t) if isinstance(call(t), list) else [call(t)])), (t,))
    except Exception as error:
        print(name, repr(error)[:300])
"""

SKLEARN = """
from sklearn import config_context, decomposition, linear_model, metrics, model_selection, naive_bayes, pipeline
from sklearn import preprocessing
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis as LDA
A = rng.normal(size=(40, 5))
Y, C = A @ np.arange(5.0) + 0.1 * rng.normal(size=40), (A[:, 0] > 0).astype(np.int64)
P = 1 / (1 + np.exp(-A[:, 1]))
svd = dict(svd_solver="full")
of_numbers = {"mean_squared_error", "r2_score", "accuracy", "f1", "log_loss", "score", "mean_absolute_error"}
calls = {
    "PCA": lambda T: abs(decomposition.PCA(2, **svd).fit_transform(T(A))),
    "PCA ratio": lambda T: decomposition.PCA(2, **svd).fit(T(A)).explained_variance_ratio_,
    "PCA of covariance": lambda T: abs(decomposition.PCA(2, svd_solver="covariance_eigh").fit_transform(T(A))),
    "LDA": lambda T: LDA().fit(T(A), T(C)).predict(T(A)),
    "LDA probabilities": lambda T: LDA().fit(T(A), T(C)).predict_proba(T(A)),
    "Ridge": lambda T: linear_model.Ridge(solver="svd").fit(T(A), T(Y)).predict(T(A)),
    "naive Bayes": lambda T: naive_bayes.GaussianNB().fit(T(A), T(C)).predict_proba(T(A)),
    "score": lambda T: linear_model.Ridge(solver="svd").fit(T(A), T(Y)).score(T(A), T(Y)),
    "split": lambda T: model_selection.train_test_split(T(A), T(C), random_state=0),
    "pipeline": lambda T: pipeline.make_pipeline(
        preprocessing.StandardScaler(), decomposition.PCA(2, **svd), linear_model.Ridge(solver="svd")
    ).fit(T(A), T(Y)).predict(T(A)),
    "labels": lambda T: preprocessing.LabelEncoder().fit_transform(T(C * 3)),
    "mean_squared_error": lambda T: metrics.mean_squared_error(T(Y), T(Y * 1.1)),
    "mean_absolute_error": lambda T: metrics.mean_absolute_error(T(Y), T(Y * 1.1)),
    "r2_score": lambda T: metrics.r2_score(T(Y), T(Y * 1.1)),
    "accuracy": lambda T: metrics.accuracy_score(T(C), T((P > 0.5).astype(np.int64))),
    "f1": lambda T: metrics.f1_score(T(C), T((P > 0.5).astype(np.int64))),
    "log_loss": lambda T: metrics.log_loss(T(C), T(P)),
}
for name in "StandardScaler MaxAbsScaler MinMaxScaler Normalizer PolynomialFeatures".split():
    calls[name] = lambda T, c=getattr(preprocessing, name): c().fit_transform(T(A))
for name in "cosine_similarity euclidean_distances rbf_kernel polynomial_kernel linear_kernel".split():
    calls[name] = lambda T, f=getattr(metrics.pairwise, name): f(T(A), T(A[:9] + 1))
with config_context(array_api_dispatch=True):
    compare(calls)
"""


@needs_scipy
@pytest.mark.parametrize("program", [STATS, OTHERS, GRADIENTS], ids=["stats", "others", "gradients"])
def test_scipy(program):
    run("-c", BOTH + program)


@needs_scipy
def test_the_page_prints_what_it_says(tmp_path):
    page = SOURCE.parent / "docs" / "array-api.md"
    if not page.is_file():
        pytest.skip("needs a checkout")
    options = "doctest.ELLIPSIS"
    code = f"import doctest; doctest.testfile({str(page)!r}, module_relative=False, optionflags={options})"
    run("-c", code)


@needs_sklearn
def test_sklearn():
    run("-c", BOTH + SKLEARN)


@needs_scipy
@needs_sklearn
def test_as_torch(tmp_path):
    """Under `mibun run` Tensors are `torch.Tensor`, so these libraries take them through array_api_compat.torch."""
    program = tmp_path / "program.py"
    program.write_text((BOTH + SKLEARN + STATS).replace("import mibun as torch", "import torch"))
    run("-m", "mibun", "run", str(program))
