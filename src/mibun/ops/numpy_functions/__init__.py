"""NumPy's functions of Tensors: `np.dot(x, w)`, `np.concatenate`, `np.linalg.solve`, … with gradients.

NumPy asks a Tensor first, by `__array_function__` (NEP 18) and `__array_ufunc__` (NEP 13). One table, filled by
`@implements` in the modules of this package, says what its functions are in terms of mibun's operators, with NumPy's
arguments and their meaning. Nothing of it is imported before such a function is called.

protocol: what happens at a call. ufuncs, reduce: universal functions and their methods. elements: functions that only
move elements about. reductions, statistics, pointwise, products, linalg, fourier, polynomials: the others.
"""
