"""Programs with function transforms, as users write them: functions of the library, `torch`, that give their results.

What a program knows beforehand it asserts itself; `tests/test_transform_programs.py` runs all of them on mibun, and
`tests/oracle/test_transform_programs_oracle.py` on PyTorch, whose numbers have to be the same. The default dtype is
float64, the seed 0.
"""
