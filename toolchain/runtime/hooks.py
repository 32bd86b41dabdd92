"""What native code needs from whoever runs the program: the engine and the command line fill in these functions.

The natives that need them read the attribute at each call (`hooks.eval_string(...)`), so an engine may set them at any
time before the program starts. Signatures:

`eval_string(source, frame, names, path, line, self_value, definee, cref) -> value`
    Compile `source` (the String or syntax tree node that eval got) and run it as eval code.
    `frame`       Frame whose locals, block, method and visibility the code sees; None: a frame of main's own
    `names`       dict of the variables that earlier evals of the same Binding made: name -> cell (a list of one value).
                  The code sees them, and what it first assigns is added
    `path, line`  of its first line, for __FILE__, __LINE__ and backtraces
    `self_value`  self of the code, UNDEF: the frame's
    `definee`     where `def` defines, None: as in the frame; SINGLETON: in the singleton class of `self_value`, which
                  is made when it is needed
    `cref`        scope of constants, None: the frame's

`load_file(path, wrap) -> value`
    Run the source or artifact at the absolute path `path` as a script of its own. `wrap`: None, or the module that
    constants and methods of its top level go to. Raises the guest's SyntaxError for a text that does not compile.

`make_method_from_block(info, name, owner) -> fn`
    Return the function `fn(self, blk, *args, **keywords)` of a method with the body of the block that `info` (attribute
    `info` of a block function) describes: arguments as strictly as in a lambda, `return` leaves the method, `super` and
    `__method__` are those of method `name` of `owner`.

`bind_again(failure, entry, recv, blk, args) -> value`
    Go on with the call of a Metorex method that ended with a TypeError of the host. If its function could not bind the
    arguments, a block may stand for the last one; else `failure` is raised.

`finish()`
    Called when the program has ended (or is replaced by another) and its output is written: time to keep what the next
    run may use.

`types_of(code) -> (dict, list)`
    What toolchain/annotations.py reads in the source of an engine's code.

`engine_name() -> str`
    "stack", "register", "host" or "ast".

A block function made by an engine has the attribute `info`: `function` (format.chunk.Function), `frame` (the Frame it
was made in), `path`, `line`, and `rebind(self_value, definee=None, method=None, is_lambda=False) -> function`, the same
block with another self; `definee` as above.
"""

from __future__ import annotations

from .errors import error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# In place of a module as `definee`: the singleton class of self, to be made by the first `def`.
SINGLETON: Any = "singleton"


def _needs_engine(*args: Any) -> Any:
    raise error("NotImplementedError", "this needs a running engine")


eval_string: Any = _needs_engine
load_file: Any = _needs_engine
make_method_from_block: Any = _needs_engine


def bind_again(failure: TypeError, entry: Any, recv: Any, blk: Any, args: Any) -> Any:
    raise failure


def types_of(code: Any) -> tuple[dict[str, str], list[str]]:
    return {}, []


def finish() -> None:
    pass


def engine_name() -> str:
    return "none"
