"""What a caller may choose about compilation."""

from __future__ import annotations


class Options:
    """Compile options; each one changes the code, so each one belongs into an artifact's producer digest.

    `frozen_string_literal` is the default where a source has no such comment; `debug` emits SET_LINE; `check_types`
    makes checks of annotations.
    """

    __slots__ = ("frozen_string_literal", "debug", "check_types")

    def __init__(self, frozen_string_literal: bool = False, debug: bool = False, check_types: bool = False) -> None:
        self.frozen_string_literal = frozen_string_literal
        self.debug = debug
        self.check_types = check_types


DEFAULT = Options()
