"""Optional extras that are compiled: found at run time, off without a word where they are absent.

`trace.py` notes, with `symbols.py`, what a formula does, `source.py` writes it as C, `compiler.py` has it compiled and
keeps it, `run.py` calls it; `onednn.py` calls a library. Nothing of this is loaded before the first large array.
"""
