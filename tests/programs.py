"""Random programs for property tests: they always end, print much, and mix control flow, blocks and exceptions."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = ("a", "b", "c")
INTEGERS = st.integers(-5, 12).map(str)
ATOMS = st.one_of(
    INTEGERS,
    st.sampled_from(NAMES),
    st.sampled_from(["1.5", "'x'", ":s", "nil", "true", "[1, 2]", "{k: 1}", "(1..3)", "self.class"]),
)


ITERATORS = st.sampled_from([
    "each", "map", "select", "reject", "flat_map", "filter_map", "sum", "count", "any?", "all?", "none?", "find",
    "min_by", "max_by", "sort_by", "group_by", "partition", "each_with_index", "inject", "inject(a)",
    "each_with_object([])", "each_slice(2)", "each_cons(2)", "reverse_each", "each_with_index.map", "find_all",
])  # fmt: skip
COLLECTIONS = st.sampled_from(
    ["[a, b, c]", "{k: a, 'x' => b}", "(1..3)", "[[a, b], [b, 2]]", "[]", "[3, 1, 2].freeze", "a", "3.times", "own"]
)
PARAMETERS = st.sampled_from(["", "|v|", "|v, w|"])


def binary(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "<", "==", "<=>", "&&", "||", "<<"]), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    )


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        binary(inner),
        inner.map(lambda x: f"[{x}, 2].map {{ |v| v }}"),
        st.tuples(COLLECTIONS, ITERATORS, PARAMETERS, inner).map(lambda p: f"{p[0]}.{p[1]} {{ {p[2]} {p[3]} }}"),
        inner.map(lambda x: f"(-> (q) {{ q }}).({x})"),
        inner.map(lambda x: f'"<#{{{x}}}>"'),
        inner.map(lambda x: f"twice({x}) {{ |v, w = 1| [v, w] }}"),
        inner.map(lambda x: f"({x} ? 1 : 2)"),
        inner.map(lambda x: f"({x} rescue 7)"),
        st.tuples(inner, inner).map(lambda p: f"(case {p[0]} when Integer, {p[1]} then 1 when String then 2 end)"),
        st.tuples(inner, inner).map(lambda p: f"pair({p[0]}, k: {p[1]})"),
    )


EXPRESSIONS = st.recursive(ATOMS, compound, max_leaves=6)


def indent(lines: list[str]) -> list[str]:
    return ["  " + line for line in lines]


def block(header: str, body: list[str], *more: list[str]) -> list[str]:
    lines = [header, *indent(body)]
    for part in more:
        lines += [part[0], *indent(part[1:])]
    return [*lines, "end"]


def statements(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    condition = EXPRESSIONS
    return st.one_of(
        st.tuples(condition, inner, inner).map(lambda p: block(f"if {p[0]}", p[1], ["else", *p[2]])),
        st.tuples(st.integers(1, 4), inner).map(lambda p: block(f"{p[0]}.times do |i|", [*p[1], "p i"])),
        st.tuples(condition, inner).map(lambda p: block("[1, 2, 3].each do |v|", [f"next if {p[0]}", *p[1], "p v"])),
        st.tuples(COLLECTIONS, ITERATORS, PARAMETERS, st.sampled_from(["next", "break"]), condition, inner).map(
            lambda p: (
                block(
                    f"p({p[0]}.{p[1]} do {p[2]}",
                    [
                        f"n = {p[4]}",
                        "guard += 1",
                        "fs << -> { n = [n, guard].first }",
                        f"{p[3]} b if n == c",
                        *p[5],
                        "n",
                    ],
                )[:-1]
                + ["end)"]
            )
        ),
        st.tuples(condition, inner).map(
            lambda p: block("loop do", ["guard += 1", f"break if guard > 9 || {p[0]}", *p[1]])
        ),
        st.tuples(inner, inner, inner).map(
            lambda p: block("begin", p[0], ["rescue TypeError, NameError => e", "p e.class", *p[1]], ["ensure", *p[2]])
        ),
        st.tuples(inner, condition).map(
            lambda p: block("begin", [*p[0], f'raise "no" if {p[1]}'], ["rescue RuntimeError", "p $!.message"])
        ),
        st.tuples(condition, inner).map(lambda p: block(f"while guard < 6 && {p[0]}", ["guard += 1", *p[1]])),
        inner.map(lambda body: block("p(catch(:t) do", [*body, "throw :t, a if guard.odd?", "5"])[:-1] + ["end)"]),
        inner.map(lambda body: ["f = -> {", *indent([*body, "return c if a == b", "b"]), "}", "p f.call"]),
    )


SIMPLE = st.one_of(
    EXPRESSIONS.map(lambda x: [f"p({x})"]),
    st.tuples(st.sampled_from(NAMES), EXPRESSIONS).map(lambda p: [f"{p[0]} = {p[1]}"]),
    st.tuples(st.sampled_from(NAMES), INTEGERS).map(lambda p: [f"{p[0]} = {p[1]}"]),
    st.just(["a, b = b, a"]),
    st.just(["a, (b, *c) = 1, [2, 3]"]),
    st.tuples(st.sampled_from(NAMES), EXPRESSIONS).map(lambda p: [f"{p[0]} ||= {p[1]}"]),
)
BODY = st.recursive(
    st.lists(SIMPLE, min_size=1, max_size=3).map(lambda parts: [line for part in parts for line in part]),
    statements,
    max_leaves=8,
)

PRELUDE = """def twice(x)
  yield(x)
  yield x, 2
end
def pair(x, k: 0, **rest) = [x, k, rest]
class Integer
  def to_str2 = to_s
end
class Own
  include Enumerable
  def inspect = "own"
  def each
    yield 1
    yield 2, 3
    yield [4, 5]
  end
end
def own = Own.new
"""


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Return the source of a program: a method with a random body, called twice, then a random top level."""
    method = block(
        "def run(a, b = 2, *c)",
        ["guard = 0", "fs = []", *draw(BODY), "[a, b, c, fs.map(&:call)]"],
        ["ensure", "puts 'left'"],
    )
    top = ["guard = 0", "fs = []", "a, b, c = 1, 2, [3]", *draw(BODY), "p fs.map(&:call)"]
    calls = ["p run(1)", "p run(3, 'y', nil) rescue p $!.class, $!.message.sub(/0x\\h+/, 'X')"]
    return PRELUDE + "\n".join([*method, *calls, *top]) + "\n"
