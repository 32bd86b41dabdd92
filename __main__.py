"""`python -m metorex` is the `metorex` command."""

import sys

from .toolchain.entry import main

sys.exit(main(sys.argv[1:]))
