"""Programs with function transforms, as users write them: functions of the library, `torch`, that give their results.

What a program knows beforehand it asserts itself; `tests/test_transform_programs.py` runs all of them on mibun and, where
it is installed, on PyTorch, whose numbers have to be the same. The default dtype is float64, the seed 0.
"""
