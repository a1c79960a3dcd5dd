"""`python -m mibun` is the `mibun` command."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
