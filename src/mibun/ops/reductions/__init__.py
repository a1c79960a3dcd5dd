"""Operators that reduce, order or accumulate along dimensions.

Which module: sums (sum, nansum, mean, nanmean, logsumexp, sum_to_size), products (prod), logic (any, all), extremes
(max, min, amax, amin, aminmax, argmax, argmin), variance (var, std, and with the mean), correlation (cov, corrcoef),
cumulative (cumsum, cumprod, cummax, cummin, logcumsumexp), differences (diff), integration (trapezoid,
cumulative_trapezoid), sorting (sort, argsort, msort, topk), order_statistics (kthvalue, median, mode, quantile),
counting (unique, bincount, count_nonzero), searching (searchsorted, bucketize, isin), histograms (histc, histogram,
histogramdd), segments (segment_reduce), hashing (hash_tensor); arguments has what they share.
"""

from . import (  # noqa: F401
    arguments,
    correlation,
    counting,
    cumulative,
    differences,
    extremes,
    hashing,
    histograms,
    integration,
    logic,
    order_statistics,
    products,
    searching,
    segments,
    sorting,
    sums,
    variance,
)
