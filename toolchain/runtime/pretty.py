"""Pretty printing: texts in nested groups, broken into lines that fit (pp).

A group is printed on one line if it fits, else all its breakables become line ends, the outermost group first. Source
of the algorithm: D. Oppen, "Prettyprinting", 1980, in the form of Ruby's prettyprint library: text is held back until
it is known whether its line fits.
"""

from __future__ import annotations

from .convert import address, any_to_s, as_name, inspect_str, splat_list
from .dispatch import send
from .hashing import hash_items
from .model import class_of, dispatch_class, find_method, get_ivar
from .values import Array, Hash, Range, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .values import Value

WIDTH = 79


class Group:
    """`depth` counts the groups around it; `broken`: its breakables are line ends."""

    __slots__ = ("depth", "broken")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.broken = False


class Breakable:
    """A place for a line end: `text` if it becomes none, else a new line indented by `indent`."""

    __slots__ = ("text", "indent", "group")

    def __init__(self, text: str, indent: int, group: Group) -> None:
        self.text = text
        self.indent = indent
        self.group = group


class Printer:
    """Collects `out`. `column` is where the printed text ends, `held` what is not printed yet, `held_width` wide."""

    def __init__(self, width: int = WIDTH) -> None:
        self.width = width
        self.out: list[str] = []
        self.column = 0
        self.held: list[Any] = []  # str or Breakable
        self.held_width = 0
        self.indent = 0
        self.groups = [Group(0)]
        self.active: list[Any] = []  # objects being printed, for cycles

    # --- layout -----------------------------------------------------------------------------------------------------

    def text(self, text: str) -> None:
        if self.held:
            self.held.append(text)
            self.held_width += len(text)
            self.break_outermost()
        else:
            self.out.append(text)
            self.column += len(text)

    def breakable(self, text: str = " ") -> None:
        group = self.groups[-1]
        if group.broken:
            self.flush()
            self.new_line(self.indent)
            return
        place = Breakable(text, self.indent, group)
        self.held.append(place)
        self.held_width += len(text)
        self.break_outermost()

    def new_line(self, indent: int) -> None:
        self.out.append("\n" + " " * indent)
        self.column = indent
        self.held_width = sum(len(item if isinstance(item, str) else item.text) for item in self.held)

    def break_outermost(self) -> None:
        """Break groups, the outermost first, until the line fits."""
        while self.width < self.column + self.held_width:
            waiting = [item for item in self.held if isinstance(item, Breakable)]
            if not waiting:
                return
            depth = min(item.group.depth for item in waiting)
            group = [item.group for item in waiting if item.group.depth == depth][-1]
            group.broken = True
            for outer in self.groups[:depth]:
                outer.broken = True
            last = max(index for index, item in enumerate(self.held) if isinstance(item, Breakable)
                       and item.group is group)  # fmt: skip
            for item in self.held[: last + 1]:
                if isinstance(item, Breakable) and item.group.broken:
                    self.out.append("\n" + " " * item.indent)
                    self.column = item.indent
                else:
                    text = item if isinstance(item, str) else item.text
                    self.out.append(text)
                    self.column += len(text)
            self.held = self.held[last + 1 :]
            self.held_width = sum(len(item if isinstance(item, str) else item.text) for item in self.held)
            if not any(isinstance(item, Breakable) for item in self.held):
                self.flush()

    def flush(self) -> None:
        for item in self.held:
            text = item if isinstance(item, str) else item.text
            self.out.append(text)
            self.column += len(text)
        self.held = []
        self.held_width = 0

    def group(self, indent: int, first: str, last: str, body: Callable[[], Any]) -> None:
        self.groups.append(Group(len(self.groups)))
        self.text(first) if first else None
        self.indent += indent
        body()
        self.indent -= indent
        self.text(last) if last else None
        self.groups.pop()

    def result(self) -> str:
        self.flush()
        return "".join(self.out)

    # --- values -----------------------------------------------------------------------------------------------------

    def sequence(self, items: Iterable[Any], show: Callable[[Any], Any], separator: Any = None) -> None:
        first = True
        for item in items:
            if not first:
                if separator is None:
                    self.text(",")
                    self.breakable()
                else:
                    separator()
            first = False
            show(item)

    def show(self, value: Value) -> None:
        """Print a value as `pp` does."""
        if any(value is outer for outer in self.active):
            self.show_cycle(value)
            return
        self.active.append(value)
        try:
            self.show_new(value)
        finally:
            self.active.pop()

    def show_cycle(self, value: Value) -> None:
        if isinstance(value, Array):
            self.text("[...]")
        elif isinstance(value, Hash):
            self.text("{...}")
        else:
            self.text(any_to_s(value)[:-1] + " ...>")

    def show_new(self, value: Value) -> None:
        own = find_method(dispatch_class(value), "pretty_print")
        if own is not None:
            from .core.pp import make_printer

            own.fn(value, None, make_printer(self))
        elif isinstance(value, Array):
            self.group(1, "[", "]", lambda: self.sequence(value.a, self.show))
        elif isinstance(value, Hash):
            self.group(1, "{", "}", lambda: self.sequence(hash_items(value), self.show_pair))
        elif isinstance(value, String) and "\n" in value.s[:-1]:
            lines = [String(line) for line in value.s.splitlines(keepends=True)]
            self.group(0, "", "", lambda: self.sequence(lines, self.show, self.plus))
        elif isinstance(value, Range) and not plain(value):
            self.show_range(value)
        else:
            self.show_object(value)

    def plus(self) -> None:
        self.text(" +")
        self.breakable()

    def show_range(self, value: Range) -> None:
        def body() -> None:
            if value.first is not None:
                self.show(value.first)
            self.breakable("")
            self.text("..." if value.exclusive else "..")
            self.breakable("")
            if value.last is not None:
                self.show(value.last)

        self.group(0, "", "", body)

    def show_pair(self, pair: tuple[Any, Any]) -> None:
        key, value = pair

        def shown_value() -> None:
            self.breakable()
            self.show(value)

        def body() -> None:
            if key.__class__ is Symbol:
                text = inspect_str(key)[1:]
                quoted = text.startswith('"') or key.name[-1:] == "="
                self.text((inspect_str(String(key.name)) if quoted else text) + ":")
            else:
                self.show(key)
                self.text(" =>")
            self.group(1, "", "", shown_value)

        self.group(0, "", "", body)

    def show_object(self, value: Value) -> None:
        entry = find_method(dispatch_class(value), "inspect")
        members = struct_members(value)
        if members is not None and entry is not None and entry.native:
            head, pairs = members
            self.show_members(head, pairs)
            return
        if entry is not None and entry.owner.name == "Set":
            self.group(1, "Set[", "]", lambda: self.sequence(send(value, ":to_a").a, self.show))
            return
        if entry is None or entry.owner.name != "Kernel":
            self.text(inspect_str(value))
            return
        names = shown_variables(value)
        if names:
            self.show_variables(value, names)
        else:
            self.text(inspect_str(value))

    def show_variables(self, value: Value, names: list[str]) -> None:
        """Print `#<Class:address @a=1>`."""
        from .core.module import module_name

        head = f"#<{module_name(class_of(value))}:{address(value)}"
        self.show_members(head, [(name, get_ivar(value, name)) for name in names])

    def show_members(self, head: str, pairs: list[tuple[str, Any]]) -> None:
        """Print `#<HEAD a=1, b=2>`."""

        def member(pair: tuple[str, Any]) -> None:
            def shown_value() -> None:
                self.breakable("")
                self.show(pair[1])

            self.breakable()
            self.text(pair[0] + "=")
            self.group(1, "", "", shown_value)

        self.group(1, head, ">", lambda: self.sequence(pairs, member, lambda: self.text(",")))


def shown_variables(value: Value) -> list[str]:
    """Return the names of the instance variables to be printed: those that `pretty_print_instance_variables` names."""
    own = find_method(dispatch_class(value), "pretty_print_instance_variables")
    if own is None:
        from .core.kernel_object import inspected_names

        return list(inspected_names(value))
    return [as_name(name) for name in splat_list(own.fn(value, None))]


def plain(value: Range) -> bool:
    ends = (value.first, value.last)
    return all(end is None or end.__class__ in (int, float) or isinstance(end, String) for end in ends)


def struct_members(value: Value) -> tuple[str, list[tuple[str, Any]]] | None:
    """Return (head, members) of a Struct or Data, None for other values."""
    from .core.module import module_name
    from .model import ancestors

    cls = class_of(value)
    for base in ancestors(cls):
        if base.name in ("Struct", "Data") and cls is not base:
            name = module_name(cls) if cls.name is not None else ""
            head = ("#<struct" if base.name == "Struct" else "#<data") + (" " + name if name else "")
            members = send(value, ":members").a
            return head, [(member.name, send(value, ":" + member.name)) for member in members]
        if base.name == "Object":
            return None
    return None


def pretty(value: Value, width: int = WIDTH) -> str:
    """Return the text that `pp` prints for a value, without the last line end."""
    printer = Printer(width)
    printer.show(value)
    return printer.result()
