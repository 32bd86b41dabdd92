"""`python -m metorex` is the `metorex` command."""

import sys

if sys.implementation.name == "pypy":
    from .toolchain.nursery import restart

    restart(sys.argv[1:])

from .toolchain.entry import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
