"""The module Metorex, and the constants that describe the program and what runs it."""

from __future__ import annotations

import sys

from .. import hooks
from ..builtin import NativeClass
from ..globals import STATE
from ..model import freeze
from ..values import String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

VERSION = "0.1.0"

metorex = NativeClass("Metorex")
metorex.constant("VERSION", freeze(String(VERSION)))


@metorex.singleton("engine")
def engine(self: Value, blk: Block) -> Value:
    return String(hooks.engine_name())


objects = NativeClass("Object")
for _name, _text in (
    ("RUBY_VERSION", "4.0.0"),
    ("RUBY_ENGINE", "metorex"),
    ("RUBY_ENGINE_VERSION", VERSION),
    ("RUBY_PLATFORM", sys.platform),
    ("RUBY_RELEASE_DATE", "2025-12-25"),
    ("RUBY_COPYRIGHT", "metorex"),
    ("RUBY_DESCRIPTION", f"metorex {VERSION} (Ruby 4.0 language)"),
    ("RUBY_REVISION", ""),
):
    objects.constant(_name, freeze(String(_text)))
objects.constant("RUBY_PATCHLEVEL", 0)
objects.constant("ARGV", STATE.arguments)
