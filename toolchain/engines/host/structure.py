"""From a graph of lowered blocks to structured Python: loops, conditionals, `for`, `try`.

Output are lines `(depth, pc, text)`. The method is the dominator-tree one (Ramsey, "Beyond Relooper"): a node that
several jumps reach is placed behind the construct that dominates it, and reached by falling out of it; where that does
not do, a loop of one turn is put around (`break` leaves it), and jumps out of several loops set the variable `jmp`.
A node never moves into or out of a protected region: `path` tells where it stands.
"""

from __future__ import annotations

import re

from .analysis import Analysis
from .nodes import Node, ends_ensure, simplify, successors
from .results import Declined

# Text of an ensure body that may see `$!`, or is more than assignments: calls and what has a line of its own.
SEEING = re.compile(r"[\w\])]\(|^(try|except|finally|while|for|def|with|raise|return|break|continue|del)\b").search

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .graph import Part
    from .nodes import Lines

__all__ = ["Node", "structure"]


MAX_DEPTH = 90  # of Python's indentation; its limit is 100


class NeedBlock(Exception):  # noqa: N818 - a signal
    """A jump to `node` needs a loop of one turn around what comes before it."""

    def __init__(self, node: Node) -> None:
        self.node = node


class Frame:
    """A Python loop around the current place: `continue` goes to `header`, `break` to `exit`.

    `variable` says where a jump goes that leaves more than this loop. Ensure bodies have their own: they run while such
    a jump is under way.
    """

    __slots__ = ("header", "exit", "breaks", "escapes", "ensures", "variable")

    def __init__(self, header: Node | None, exit_node: Node | None, path: tuple[Part, ...]) -> None:
        self.ensures = sum(part.kind == "ensure" for part in path)
        self.variable = f"jmp{self.ensures}" if self.ensures else "jmp"
        self.header = header
        self.exit = exit_node
        self.breaks = False
        self.escapes: dict[int, Node] = {}


class Emitter:
    """Emits one graph."""

    def __init__(self, entry: Node) -> None:
        self.entry = entry
        self.analysis = Analysis(entry)
        self.loops = self.analysis.loops
        self.in_loops: dict[Node, list[Node]] = {}
        for header in sorted(self.loops, key=lambda node: node.order):
            for node in self.loops[header]:
                self.in_loops.setdefault(node, []).append(header)
        self.hoisted: set[Node] = set()
        self.leaving: set[Node] = set()
        self.last: set[Node] = set()  # ends of ensure bodies, which are fallen out of
        self.blocked: set[Node] = set()
        self.ensures = 0  # ensure bodies around what is emitted
        self.budget = 40 * len(self.analysis.order) + 2000
        self._place_all()

    def _place_all(self) -> None:
        """Give each node the place behind which it stands if it is jumped to from several places."""
        begins = {node.term[2].path: node.term[2] for node in self.analysis.order if node.term[0] == "try"}
        for node in self.analysis.order[1:]:
            place = node.idom
            if ends_ensure(node) and begins[node.path] is not node:
                self.last.add(node)
                self.hoisted.add(node)
                begins[node.path].children.append(node)
                continue
            # What leaves the function for good may stand where it is jumped to, in a loop or not.
            alone = len(node.preds) == 1 and node.preds[0] is place and place.path == node.path
            if alone and self.analysis.closed(node):
                self.leaving.add(node)
                node.preds[0].children.append(node)
                continue
            moved = True
            while moved and place is not None:
                moved = False
                if place.path != node.path[: len(place.path)]:
                    place = place.idom
                    moved = True
                    continue
                for header in reversed(self.in_loops.get(place, [])):
                    if node not in self.loops[header] and place is not header:
                        place = header
                        moved = True
                        break
            if place is None:
                raise Declined("no place")
            if place is not node.idom:
                self.hoisted.add(node)
            place.children.append(node)

    def emit(self) -> Lines:
        return self.gen(self.entry, None, [], 0)

    # A node and what it dominates.

    def gen(self, node: Node, follow: Node | None, frames: list[Frame], depth: int) -> Lines:
        self.budget -= 1
        if self.budget < 0 or depth > MAX_DEPTH:
            raise Declined("too complex")
        body = self.loops.get(node)
        if body is None:
            return self.node(node, follow, frames, depth)
        exhausted = node.term[3] if node.term[0] == "for" else None
        exits = [
            child for child in node.children
            if child not in body and child is not follow and not child.terminal and child not in self.leaving
            and not (child is exhausted and len(child.preds) == 1)
            and not (node.term[0] == "for" and child is node.term[2])
        ]  # fmt: skip
        return self.place(exits, follow, frames, depth, lambda f, fr, d: self.loop(node, f, fr, d))

    def node(self, node: Node, follow: Node | None, frames: list[Frame], depth: int) -> Lines:
        body = self.loops.get(node)
        skip = self._else_part(node)
        merges = [
            child for child in node.children
            if (len(child.preds) > 1 or child in self.hoisted) and child is not follow and not child.terminal
            and (body is None or child in body) and child is not skip
            and not any(child is frame.header or child is frame.exit for frame in frames)
        ]  # fmt: skip
        if node.term[0] == "try":
            merges = [child for child in merges if child is not node.term[2]]
        return self.place(merges, follow, frames, depth, lambda f, fr, d: self.core(node, f, fr, d))

    def place(
        self,
        nodes: list[Node],
        follow: Node | None,
        frames: list[Frame],
        depth: int,
        core: Callable[[Node | None, list[Frame], int], Lines],
    ) -> Lines:
        """Emit `core`, then `nodes` one after the other."""
        if not nodes:
            return core(follow, frames, depth)
        nodes = sorted(nodes, key=lambda node: (node in self.last, node.order))
        last = nodes[-1]
        before = nodes[:-1]
        if last not in self.blocked:
            try:
                lines = self.place(before, last, frames, depth, core)
            except NeedBlock as need:
                if need.node is not last:
                    raise
                self.blocked.add(last)
        if last in self.blocked:
            frame = Frame(None, last, last.path)
            inner = self.place(before, last, [*frames, frame], depth + 1, core)
            lines = [(depth, last.pc, "while True:"), *inner, (depth + 1, last.pc, "break")]
            lines = self.after(lines, frame, last, frames, depth)
        return lines + self.gen(last, follow, frames, depth)

    def after(self, lines: Lines, frame: Frame, follow: Node | None, frames: list[Frame], depth: int) -> Lines:
        """Go on with jumps that had to leave more than the construct of `frame`."""
        if not frame.escapes:
            return lines
        lines.insert(0, (depth, lines[0][1], f"{frame.variable} = 0"))
        for target in frame.escapes.values():
            lines.append((depth, target.pc, f"if {frame.variable} == {target.id}:"))
            lines.extend(self.goto(target, follow, frames, depth + 1, None) or [(depth + 1, target.pc, "pass")])
        return lines

    def statements(self, node: Node, depth: int) -> Lines:
        lines: Lines = []
        for pc, text in node.stmts:
            if isinstance(text, str):
                lines.append((depth, pc, text))
            else:
                lines.extend((depth + inner, at, line) for inner, at, line in text)
        return lines

    def core(self, node: Node, follow: Node | None, frames: list[Frame], depth: int) -> Lines:
        """Emit the statements of a node and its terminator."""
        lines = self.statements(node, depth)
        term = node.term
        kind = term[0]
        if kind == "goto":
            if node in self.last and term[1] is not follow:
                raise Declined("jump at the end of ensure")
            lines += self.goto(term[1], follow, frames, depth, node)
        elif kind == "leap":  # falling out of a `finally` would go on with what led there
            lines += self.goto(term[1], None, frames, depth, node)
        elif kind == "if":
            lines += self.branch(node, follow, frames, depth)
        elif kind == "try":
            lines += self.protected(node, follow, frames, depth)
        elif kind == "for":
            raise Declined("for outside of its loop")
        return lines

    def branch(self, node: Node, follow: Node | None, frames: list[Frame], depth: int) -> Lines:
        _, test, yes, no = node.term
        pc = node.pc
        if self.brief(no, frames) and not self.brief(yes, frames):
            yes, no = no, yes
            test = test[4:] if test.startswith("not ") else f"not {test}"
        first = self.goto(yes, follow, frames, depth + 1, node)
        if first and leaves(first):  # the other way needs no indentation
            return [(depth, pc, f"if {test}:"), *first, *self.goto(no, follow, frames, depth, node)]
        second = self.goto(no, follow, frames, depth + 1, node)
        if not first and not second:
            return [(depth, pc, test)]
        if not first:
            return [(depth, pc, f"if not {test}:"), *second]
        lines = [(depth, pc, f"if {test}:"), *first]
        if second:
            lines.append((depth, pc, "else:"))
            lines += second
        return lines

    @staticmethod
    def brief(node: Node, frames: list[Frame]) -> bool:
        """Return whether a jump to `node` is certainly short and leaves."""
        return node.term[0] == "end" or any(node is frame.header or node is frame.exit for frame in frames)

    def _else_part(self, node: Node) -> Node | None:
        """Return the node that a protected region without exception goes to, if nobody else goes there."""
        if node.term[0] != "try" or node.term[3] != "rescue":
            return None
        part = node.term[1].path[len(node.path)]
        found = [
            child for child in node.children
            if child.preds and child.path == node.path and all(part in pred.path for pred in child.preds)
        ]  # fmt: skip
        return min(found, key=lambda child: child.order) if found else None

    def protected(self, node: Node, follow: Node | None, frames: list[Frame], depth: int) -> Lines:
        _, body, handler, kind, prologue = node.term
        pc = node.pc
        if kind == "ensure":
            inside = self.inside(node, body, handler, frames, depth + 2)
            # Falling out of the `finally` goes on with what led there, a jump in it would not: that comes behind it.
            final_exit = self.behind(node)
            self.ensures += 1
            try:
                final = self.gen(handler, final_exit, frames, depth + 2)
            finally:
                self.ensures -= 1
            further = [] if final_exit is None else self.goto(final_exit, follow, frames, depth, node)
            saved = prologue[1]
            if final and not any(SEEING(text) for _, _, text in final):
                return [
                    (depth, pc, "try:"),
                    *((at - 1, place, text) for at, place, text in inside),
                    (depth, pc, "finally:"),
                    *((at - 1, place, text) for at, place, text in final),
                    *further,
                ]
            return [
                (depth, pc, f"{saved} = None"),
                (depth, pc, "try:"),
                (depth + 1, pc, "try:"),
                *inside,
                (depth + 1, pc, "except BaseException as err:"),
                (depth + 2, pc, f"{saved} = enter_ensure(err)"),
                (depth + 2, pc, "raise"),
                (depth, pc, "finally:"),
                (depth + 1, pc, "try:"),
                *(final or [(depth + 2, pc, "pass")]),
                (depth + 1, pc, "finally:"),
                (depth + 2, pc, f"if {saved} is not None: STATE.error = {saved}[0]"),
                *further,
            ]
        if kind == "stop":
            inside = self.inside(node, body, follow, frames, depth + 1)
            handling = self.gen(handler, follow, frames, depth + 1)
            return [
                (depth, pc, "try:"),
                *inside,
                (depth, pc, "except Raised as err:"),
                (depth + 1, pc, "if not is_stop(err): raise"),
                (depth + 1, pc, f"{prologue[0]} = stop_result(err)"),
                *handling,
            ]
        other = self._else_part(node)
        if other is follow:
            other = None
        inside = self.inside(node, body, other or follow, frames, depth + 1)
        handling = self.gen(handler, follow, frames, depth + 2) or [(depth + 2, pc, "pass")]
        error, saved, extra = prologue
        lines = [(depth, pc, "try:"), *inside, (depth, pc, "except RESCUED as err:")]
        lines.append((depth + 1, pc, f"{saved} = STATE.error"))
        lines.append((depth + 1, pc, f"STATE.error = {error} = handled(err)"))
        lines.extend((depth + 1, pc, text) for text in extra)
        lines.append((depth + 1, pc, "try:"))
        lines += handling
        lines.append((depth + 1, pc, "finally:"))
        lines.append((depth + 2, pc, f"STATE.error = {saved}"))
        lines.append((depth + 2, pc, f"if {error}.trace.__class__ is Fresh: {error}.trace = None"))
        if other is not None:
            after = self.gen(other, follow, frames, depth + 1)
            if after:
                lines.append((depth, pc, "else:"))
                lines += after
        return lines

    def behind(self, node: Node) -> Node | None:
        """Return where the end of the ensure body of a protected region leads, None if it is always left by a jump."""
        part = node.term[2].path[len(node.path)]
        for inner in self.analysis.order:
            if part in inner.path and inner.term[0] != "leap":
                for successor in successors(inner):
                    if part not in successor.path:
                        return successor
        return None

    def inside(self, node: Node, body: Node, after: Node | None, frames: list[Frame], depth: int) -> Lines:
        """Emit the protected body of `node`; what follows it, `after`, may need a loop of one turn around it."""
        pc = node.pc
        if after not in self.blocked:
            try:
                return self.goto(body, after, frames, depth, node, True) or [(depth, pc, "pass")]
            except NeedBlock as need:
                if need.node is not after:
                    raise
                self.blocked.add(need.node)
        frame = Frame(None, after, node.path)
        inner = self.goto(body, after, [*frames, frame], depth + 1, node, True)
        lines = [(depth, pc, "while True:"), *inner, (depth + 1, pc, "break")]
        return self.after(lines, frame, after, frames, depth)

    def loop(self, node: Node, follow: Node | None, frames: list[Frame], depth: int) -> Lines:
        frame = Frame(node, follow, node.path)
        inner = [*frames, frame]
        term = node.term
        body = self.loops[node]
        if term[0] == "for":
            turn = self.goto(term[2], node, inner, depth + 1, node) or [(depth + 1, node.pc, "pass")]
            lines = [*self.statements(node, depth), (depth, node.pc, f"for {term[1]}:"), *turn]
            done = self.goto(term[3], follow, frames, depth + 1, node)
            if done and frame.breaks:
                return self.after([*lines, (depth, node.pc, "else:"), *done], frame, follow, frames, depth)
            return lines + [(at - 1, pc, text) for at, pc, text in done]
        if term[0] == "if" and not node.stmts:
            _, test, yes, no = term
            for way, other, prefix in ((yes, no, ""), (no, yes, "not ")):
                final = other not in body and (other.terminal or other in self.leaving)
                if other is not follow and way in body and final:
                    lines = self.while_loop(node, way, f"while {prefix}{test}:", frame, inner, depth)
                    lines = self.after(lines, frame, follow, frames, depth)
                    done = self.goto(other, follow, frames, depth + 1, node)
                    if frame.escapes:
                        break
                    if frame.breaks:
                        return [*lines, (depth, node.pc, "else:"), *done]
                    return turning(lines) + [(at - 1, pc, text) for at, pc, text in done]
            for way, other, prefix in ((yes, no, ""), (no, yes, "not ")):
                if follow is not None and other is follow and way in body:
                    lines = self.while_loop(node, way, f"while {prefix}{test}:", frame, inner, depth)
                    return self.after(turning(lines), frame, follow, frames, depth)
        turn = self.node(node, node, inner, depth + 1) or [(depth + 1, node.pc, "pass")]
        lines = [(depth, node.pc, "while True:"), *turn]
        return self.after(lines, frame, follow, frames, depth)

    def while_loop(self, node: Node, way: Node, head: str, frame: Frame, frames: list[Frame], depth: int) -> Lines:
        body = self.loops[node]
        merges = [
            child for child in node.children
            if (len(child.preds) > 1 or child in self.hoisted) and child in body and not child.terminal
        ]  # fmt: skip
        turn = self.place(merges, node, frames, depth + 1, lambda f, fr, d: self.goto(way, f, fr, d, node))
        return [(depth, node.pc, head), *(turn or [(depth + 1, node.pc, "pass")])]

    def goto(
        self,
        target: Node,
        follow: Node | None,
        frames: list[Frame],
        depth: int,
        source: Node | None,
        enter: bool = False,
    ) -> Lines:
        """Emit the jump to `target` from where falling through leads to `follow`."""
        if enter:
            return self.gen(target, follow, frames, depth)
        if target is follow:
            return []
        pc = source.pc if source is not None else target.pc
        for level in range(len(frames) - 1, -1, -1):
            frame = frames[level]
            if target is frame.header or target is frame.exit:
                innermost = frames[-1]
                lines: Lines = []
                if self.ensures > frame.ensures:  # what was under way when this ensure body began is so no longer
                    ended = {outer.variable for outer in frames if outer.escapes and outer.ensures < self.ensures}
                    lines = [(depth, pc, f"{variable} = 0") for variable in sorted(ended)]
                if frame is innermost:
                    if target is frame.header:
                        return [*lines, (depth, pc, "continue")]
                    frame.breaks = True
                    return [*lines, (depth, pc, "break")]
                for crossed in frames[level + 1 :]:
                    crossed.escapes[target.id] = target
                    crossed.breaks = True
                if target is frame.exit and target is not frame.header:
                    frame.breaks = True
                crossed_by = dict.fromkeys(crossed.variable for crossed in frames[level + 1 :])
                return [*lines, (depth, pc, f"{' = '.join(crossed_by)} = {target.id}"), (depth, pc, "break")]
        if target.terminal and (source is None or source.path == target.path):
            return self.statements(target, depth)
        if len(target.preds) == 1 and target not in self.hoisted and source is not None:
            return self.gen(target, follow, frames, depth)
        raise NeedBlock(target)


def leaves(lines: Lines) -> bool:
    """Return whether the last line certainly leaves what it stands in."""
    depth, _, text = lines[-1]
    if depth != lines[0][0]:
        return False
    return text.startswith(("return", "raise", "continue", "break"))


def structure(entry: Node) -> Lines:
    """Return the Python lines for the graph of `entry`. Raises Declined."""
    try:
        return Emitter(simplify(entry)).emit()
    except NeedBlock as need:
        raise Declined(f"jump to {need.node.id}") from None
    except RecursionError:
        raise Declined("too deep") from None


def turning(lines: Lines) -> Lines:
    """Return a `while test:` loop, its head the first line, as one that tests in its body.

    CPython 3.11 counts only unconditional jumps backward before it specialises the instructions of running code; a
    `while test:` has none, so a function that is called once would stay slow.
    """
    (depth, pc, head), *body = lines
    test = head[len("while ") : -1]
    stop = test[4:] if test.startswith("not ") else f"not {test}"
    return [(depth, pc, "while True:"), (depth + 1, pc, f"if {stop}: break"), *body]
