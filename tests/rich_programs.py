"""More random programs for property tests: classes of their own, keywords and splats, jumps out of blocks and ensure
bodies, retry, closures that write, methods that are redefined while loops run, mutation of Strings, Arrays and Hashes.

Programs are filled-in templates: `§` stands for an expression, `‡` for a condition, `¤` for a jump, a line `¶` for
statements. Every loop counts `guard` and gives up in the end.
"""

from __future__ import annotations

from hypothesis import strategies as st

from .programs import indent

Lines = st.SearchStrategy[list[str]]


def pieces(text: str) -> list[str]:
    """Return what stands between line ends and double spaces."""
    return [piece for line in text.strip().splitlines() for piece in line.split("  ") if piece]


def filled(template: str, parts: list[str]) -> str:
    """Return a template with its marks replaced in turn."""
    for part in parts:
        template = template.replace("§", part, 1)
    return template


SCALARS = pieces("""
a  b  c  s  t  list  table  bag  point  @seen  guard  total  list.size  table.size  bag.n  s.size  point.x  list[0]
list[-1]  list[a]  table[:k]  table[a]  nil  true  false  1.5  :sym  'str'  self.class  block_given?  __method__
bag.tool(a)  bag.tool(1)  $mode  bag.class  10 ** 20  -7  0.0  a.to_s  b.inspect  s + t  [a, b]  {k: a}  (a..b)
(1..3)  "#{a}-#{s}"  0  1  2  3  5  9
""")
COMPOSED = pieces("""
(§ + §)  (§ - §)  (§ * §)  (§ / §)  (§ % §)  (§ < §)  (§ <= §)  (§ == §)  (§ != §)  (§ <=> §)  (§ && §)  (§ || §)
(§ << §)  (§ & §)  (§ | §)  (§ === §)  (§ =~ §)  !§  -§  §.frozen?  "<#{§}|#{s}>"  format('%s %p', §, §)
(§ ? § : §)  [§, *§, §]  kw(§, k: §)  kw(*§, **{z: §})  kw(§, 2, *list, k: §) { |x, y = 3| [x, y] }  opt(§, §)
opt(§)  post(§, 1, 2)  post(*list, §)  bag.with(§) { |v| v }  bag.map { |v| [v, §] }  bag.select { |v| § }
bag.inject(§) { |m, v| [m, v].first }  bag.shout(§)  bag.each_with_index.map { |v, i| i == 1 ? § : v }  bag.made(§)
bag.find { |v| break § if v == 2; v == 3 }  list.each_with_object([]) { |v, m| m << v; break m if v == § }
list.map { |v| next § if v == a; v }  list.include?(§)  list.sort_by { |v| [v.to_s, §.to_s] }
list.inject { |m, v| v == § ? v : m }  list.index(§)  list.first(§)
list.each_slice(2).map { |v, w| w == § ? 0 : v }  table.map { |k, v| [k, v == §] }  table.fetch(§) { |q| [q] }
table.count { |k, v| v == § }  table.to_a.flatten.count(§)  table.any? { |k, v| v == § }  table.key?(§)
{§ => §, **{j: 1}}  (case § when Integer, nil then 1 when String, :sym then 2 when ->(q) { q == b } then 3 end)
(§ rescue $!.class)
(case [§, a]; in [Integer => q, *] if q > 1 then q; in [String | Symbol, w] then w; in [nil, nil] then 0; else 9 end)
(case {k: §, z: 1}; in {k: Integer => q} then q; in {k: nil} then -1; in {z:} then z end)
(begin; §; ensure; guard += 1; end)  point.instance_exec(§) { |q| [x, q] }  Pt.new(§, a).to_a
(Pt.new(§, 2) == point)  proc { |q, w| [q, w] }.(§)  -> (q, *r, k: 1) { return [q, r] if k == 1; k }.call(§, *list)
proc { |q, (w, *e), r| [q, w, e, r] }.call(§, list)  counter.call(§)
(catch(:out) { [1, 2].each { |q| throw :out, § if q == 2 }; :no })  [§, nil].then { |(q, w)| q }
""")
CONDITIONS = pieces("""
§  guard.odd?  guard % 3 == 1  list.size > 2  a == b  s.size > 4  a.is_a?(Integer)  list.empty?  true
table.key?(:k)  guard > 4  v == 2  i == 1  $!  $!.nil?
""")
JUMPS = pieces("""
next  break  next a  break b  redo if (guard += 5) < 12  return guard  throw :out, c  raise Oops, 'x'
""")
KEYS = pieces(":k  1  'x'  a  nil  [1]  2.0")
ERRORS = pieces(
    "ArgumentError  TypeError  StandardError  NoMethodError, NameError  ZeroDivisionError, FrozenError  Oops"
)
ITERATIONS = pieces("""
3.times do |i|  list.each do |v|  list.each_with_index do |v, i|  bag.each do |v|  table.each do |v, i|
(1..3).each do |v|  1.upto(3) do |v|  bag.each_pair do |v, i|  list.dup.map do |v|  s.each_char do |v|
[[1, 2], [3, 4]].each do |v, i|  loop do  3.downto(1) do |i|  list.reverse_each do |v|  list.each_slice(2) do |v, i|
list.select do |v|  bag.with(4) do |v|  table.map do |v, i|  bag.twice do  list.inject(0) do |v, i|
[a, b].each_with_object(list) do |v, i|  1.step(5, 2) do |v|  list.find do |v|  Array.new(2) do |i|
(a..b).each do |v|  list.any? do |v|  list.group_by do |v|  point.each do |v|  [1, 2].cycle(2) do |v|
list.each_cons(2) do |v, i|  [1, 2].flat_map do |v|  bag.instance_exec(a) do |v|  4.then do |v|
""")
SIMPLE = pieces("""
p(§)  p(§)  a = §  b = §  c = §  table[°] = §  table[°] ||= §  table.delete(°)  (table[°] ||= []) << §  list << §
list[1] = §  list[0, 2] = [§]  list.unshift(§)  list[0] ||= §  list.delete(§)  list.reject! { |v| v == § }
list.insert(1, §)  list.map! { |v| v == a ? § : v }  list += [§]  fs << -> { a = [a, §].first; b }
fs << proc { guard += 1; § }  p fs.shift&.call  list.pop  list.shift  list.reverse!  list.uniq!  list.compact!
list = list.dup  list.clear  list.freeze  list.concat([1, 2])  list.rotate!  list.sort! { |x, y| x.to_s <=> y.to_s }
list.fill(0, 1, 2)  list.each_index { |i| list[i] = i if i > 1 }  table.clear  table.shift  table = table.dup
table.freeze  table.delete_if { |k, v| v == a }  table.each { |k, v| table[k] = 1 }  s = s.dup  s.freeze  t = s
s.upcase!  s.clear  s << 'q'  s << s  s += 'w'  s.reverse!  s[0] = 'Z'  s.gsub!('q', 'rr')
s.sub!(/[a-z]/) { |m| m + m }  s.tr!('a-y', 'b-z')  s.insert(1, '-')  s.slice!(0)  s.prepend('p')  s.concat('1', t)
s.succ!  s.replace(t + 'n')  s.each_char { |ch| guard += 1 if ch == 'a'; break if guard > 30 }  s[1..2] = ''
s[/[a-c]/] = 'M' if s =~ /[a-c]/  bag.n += 1  bag.n ||= 5  bag&.n = 7  bag.items << bag.n  bag.swap
bag = Bag.new(1, 2, 3)  bag = Sub.new(4, k: 5)  bag[1] = 6  bag[0] += 1  bag[:q] ||= 2  bag = bag + bag
bag = bag.dup  point.x = a  point.y += 1  point[0] = b  point = Pt.new(b, a)  x, y = *point; a = x  a, b = b, a
a, *b = list  a, (b, *c) = 1, list  *a, b = *list, 2  a = b = c  c = [*c]  @seen << a
@count = (@count || 0) + 1; p @count  $mode = guard % 3  a += 1  b -= 2  c *= 2  b /= 2  c %= 5  b ||= 4  c &&= 3
a |= 1
""")
# What changes while a loop runs: text for eval, which nobody can read before.
REDEFINITIONS = pieces("""
class Bag; def tool(x) = [:new, x]; end  Bag.define_method(:tool) { |x| [x, n] }  Bag.send(:remove_method, :tool)
class Sub; def tool(x) = [:sub2, super]; end  Bag.prepend(Louder)  Bag.class_eval { def each = yield(9) }
Bag.include(Extra)  Bag.class_eval { undef_method :swap }  Bag.alias_method :tool, :swap
class Bag; attr_writer :q; def n = 77; end  Pt.class_eval { def x = :x }
class Array; def first(*) = :redefined; end  class Integer; def to_s(*) = 'int'; end
class Array; def size = 42; end  class String; def size = -1; end  class NilClass; def to_s = 'nil!'; end
class Array; def sum = :sum; end  class Object; def method_missing(name, *) = name == :made ? 1 : super; end
""")
STATEMENTS = """
p(% do
  guard += 1
  break if guard > 25
  ¶
  ¤
  a
end)
---
while guard < 8
  guard += 1
  ¶
  ¤
end
---
p(while true
  break 7 if (guard += 1) > 9
  begin
    ¶
    ¤
  ensure
    ¶
  end
end)
---
for v in [1, 2, 3]
  ¶
  ¤
end
---
if ‡
  ¶
else
  ¶
end
---
begin
  ¶
  raise ArgumentError, 'r' if ‡
rescue ! => e
  p $!.class, e.equal?($!)
  ¶
  retry if (guard += 1) < 9
ensure
  ¶
  p $!.class
end
---
[1, 2].each do |v|
  begin
    ¶
    ¤
  rescue !
    ¶
    raise if guard.odd?
  ensure
    ¶
    ¤
  end
  p v
end
---
p(begin
  ¶
rescue Oops, TypeError
  ¶
  :rescued
else
  :fine
ensure
  list.dup.each { |v| break v if v == a }
end)
---
p(catch(:out) do
  ¶
  throw :out, a if guard.odd?
  :uncaught
end)
---
fs << lambda do |x = 1, *r|
  next 0 if (guard += 1) > 15
  ¶
  return x if r.empty?
  r
end
p fs.last.call(2)
---
4.times do |i|
  p bag.tool(i), list.size, s.size, point.x, "#{i}#{nil}"
  eval(^) if i == 1 && ‡
  ¶
end
---
define_singleton_method(:again) do |x = 2, *r, k: 1, &blk|
  next __method__ if (guard += 1) > 15
  ¶
  [x, r, k, blk&.call(x)]
end
p again, again(1, 3, k: 4) { |z| z }
---
e = Enumerator.new do |y|
  ¶
  y << a
  y.yield 1, 2
  3.times { |q| y << q }
end
p e.next, e.peek, e.take(3)
---
p(case §
when Integer then a
when /a/, String
  ¶
when nil, [], {} then :none
else
  ¶
end)
---
begin
  ¶
end while (guard += 1) < 6
---
x = 0
helper = -> (q) do
  ¶
  x += 1
  q == 0 ? x : helper.(q - 1)
end
p((helper.(2) rescue $!.class), x)
"""
PRELUDE = r"""class Oops < StandardError; end
class Proc; def inspect = 'proc'; end
Pt = Struct.new(:x, :y)
module Louder
  def tool(x) = [:loud, super]
end
module Extra
  def tool(x) = [:extra, x]
end
class Bag
  include Enumerable
  include Comparable
  attr_accessor :n
  attr_reader :items
  def initialize(*items, k: 0)
    @items = items
    @n = items.size + k
  end
  def each
    return to_enum unless block_given?
    @items.each { |item| yield item }
    yield @n
    self
  end
  def each_pair
    i = 0
    while i < 3
      yield i, @n
      i += 1
    end
    :pairs
  ensure
    @n += 1
  end
  def with(x)
    before = @n
    yield x
  ensure
    @n = before
  end
  def twice(&block) = [block.call(1), yield(2)]
  def tool(x) = [x, 1].first
  def swap(*) = @items.reverse!
  def [](i) = @items[i.is_a?(Integer) ? i : 0]
  def []=(i, v)
    @items[i.is_a?(Integer) ? i.abs % 4 : 0] = v
  end
  def +(other) = Bag.new(*@items, other.is_a?(Bag) ? other.n : other)
  def ==(other) = other.is_a?(Bag) && n == other.n
  def <=>(other) = n <=> other.n
  def coerce(number) = [Bag.new(number), self]
  def to_s = "bag#{n}"
  def inspect = "#<Bag #{@items.size} #{n}>"
  def method_missing(name, *args) = name == :shout ? [name, *args] : super
  def respond_to_missing?(name, all = false) = name == :shout || super
  define_method(:made) { |x = 3, *rest, &blk| [x, rest, @n] }
end
class Sub < Bag
  def initialize(*, k: 1)
    super
    @n += 10
  end
  def tool(x) = [:sub, super]
  def each
    super
    yield :last if block_given?
  end
end
def kw(a = 0, *r, k: 1, **o, &b) = [a, r, k, o, b && b.call(a, k)]
def opt(a, b = a) = [a, b]
def post(a, *b, c) = [a, b, c]
$mode = 0
"""
SET_UP = pieces("""
guard = total = 0  fs = []  @seen = []  list = [1, 2, 3]  table = {k: 1, 'x' => a}  s = +'abc'  t = 'de'
bag = Bag.new(1, 2)  point = Pt.new(1, 2)  counter = -> (x) { total += 1; [total, x] }  i = v = nil
""")
LEFT = "p a, b, c, list, table, s, bag, point, total, guard, @seen"


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(COMPOSED).flatmap(
        lambda template: st.tuples(*[inner] * template.count("§")).map(lambda parts: filled(template, list(parts)))
    )


EXPRESSIONS = st.recursive(st.sampled_from(SCALARS), grown, max_leaves=4)


@st.composite
def one(draw: st.DrawFn, template: str) -> str:
    """Return a line of a template with everything but statements put in."""
    template = template.replace("¤", draw(st.sampled_from(JUMPS)) if "¤" in template else "")
    if template.strip() in JUMPS and " if " not in template:
        template += " if ‡"
    for mark, choices in (("%", ITERATIONS), ("!", ERRORS), ("°", KEYS), ("^", REDEFINITIONS), ("‡", CONDITIONS)):
        if mark in template and (mark not in "%!^" or template.lstrip().startswith(("p(% do", "rescue !", "eval(^)"))):
            choice = draw(st.sampled_from(choices))
            template = template.replace(
                mark + " do" if mark == "%" else mark, repr(choice) if mark == "^" else choice, 1
            )
    while "§" in template:
        template = template.replace("§", draw(EXPRESSIONS), 1)
    return template


@st.composite
def statement(draw: st.DrawFn, inner: Lines) -> list[str]:
    lines: list[str] = []
    for line in draw(st.sampled_from(STATEMENTS.strip().split("\n---\n"))).split("\n"):
        if line.strip() == "¶":
            lines += [line[: line.index("¶")] + body for body in draw(inner)]
        else:
            lines.append(draw(one(line)))
    return lines


def together(parts: list[list[str]]) -> list[str]:
    return [line for part in parts for line in part]


SHORT = st.sampled_from(SIMPLE).flatmap(one).map(lambda line: [line])
BODY = st.recursive(
    st.lists(SHORT, min_size=1, max_size=3).map(together),
    lambda inner: st.lists(statement(inner), min_size=1, max_size=2).map(together),
    max_leaves=7,
)


@st.composite
def rich_programs(draw: st.DrawFn) -> str:
    """Return the source of a program: a method with a random body, called four times, and a random top level."""
    owner, runner = draw(
        st.sampled_from([("", "self"), ("class Runner", "Runner.new"), ("module Runs", "extend(Runs)")])
    )
    method = [
        "def run(a, b = 2, *c)",
        *indent([*SET_UP, *draw(BODY), LEFT, "fs.size"]),
        "ensure",
        "  puts 'left'",
        "end",
    ]
    if owner:
        method = [owner, *indent(method), "end"]
    calls = [f"p({runner}.send(:run, {x})) rescue p $!.class" for x in ("1", "3, 'y', nil", "2.5, [1]", "1")]
    top = [
        "a, b, c = 1, 2, [3]",
        *SET_UP,
        "begin",
        *indent([*draw(BODY), LEFT]),
        "rescue StandardError",
        "  p $!.class",
        "end",
    ]
    return PRELUDE + "\n".join([*method, *calls, *top]) + "\n"
