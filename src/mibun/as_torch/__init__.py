"""`import mibun.as_torch`: from here on `import torch` is mibun, in this process and in children of `multiprocessing`.

For programs whose command cannot be changed to `mibun run`; it must come before the first `import torch`. The folder
`site` beside this file is for other processes, see `_alias.py`.
"""

from .. import _alias

_alias.install()
