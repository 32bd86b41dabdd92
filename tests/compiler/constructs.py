"""One small program a construct. The tests compile each of them in several surroundings and verify the result."""

from __future__ import annotations

# Programs are separated by lines of dashes. A first line `# top level only` keeps a program out of methods and blocks.
_TEXT = r'''
1; 1.5; 2r; 3i; 1.5i; "a"; :b; nil; true; self; [1, 2]; {a: 1, "b" => 2}; 1..2; (1...); (..3); /x/i; %w[a b]; ?c
---
p 1, 1.5, 2r, 3i, 2ri, "a#{1}b#{"c"}#{nil}d", :"x#{1}", /a#{1}b/mx, `echo`, __FILE__, __LINE__, __dir__, __method__
---
x = 5
/a#{x}/o.match?("a5")
---
a = b = 1
a, b = b, a
a, @b, $c, @@d = 1, 2, 3, 4
a, (b, *c), d = 1, [2, 3, 4], 5
*a, b = 1, 2, 3
a, * = [1, 2]
h = {}
h[:x], h["y"], self.z = 1, 2, 3
h[*a], o.q.r = 1, 2
p((a, b = 3, 4))
x = a, b = 1, 2
a, a = 1, 2
---
a = *1..3
a = 1, *b, 2
a = [*a, 1, *a]
a = [k: 1, **a[0]]
---
a = 1
a += 1; a -= 2; a *= 3; a ||= 4; a &&= 5; a <<= 1; a **= 2
@a ||= 1; @a &&= 2; @a += 3
$a ||= 1; $a += 2
@@a ||= 1; @@a += 1
o = self
o.x ||= 1; o.x += 2; o.x &&= 3; o&.y ||= 4; o&.y += 5; self.z ||= 6
h = {}
h[1] ||= 2; h[1, 2] += 3; h[*h] ||= 4; h[*h] += 5; h[:a] &&= 6
p(a ||= 1, h[2] ||= 3, o.x ||= 4, h[3] += 1, o&.q ||= 2, @c ||= 2)
---
# top level only
A ||= 1
A += 1
String::B = 2
String::B ||= 3
::C = 4
::C ||= 5
String::D &&= 6
p(A ||= 1, String::E ||= 7, String::F = 8, ::G = 9)
A, String::H = 1, 2
---
x = 1
p(x + 1 - 2 * 3 / 4 % 5 ** 6, -x, +x, ~x, !x, x == 1, x != 2, x < 1, x <= 1, x > 1, x >= 1, x <=> 1, x === 1, x & 1, x | 1)
p(x ^ 1, x << 1, x >> 1, x =~ /a/, x !~ /a/, x && 1, x || 2, (not x), (x and 1), (x or 2), x.+(1), x.!, x != nil)
---
if /(?<year>\d+)-(?<mon>\d+)/ =~ "2020-10"
  p year, mon
end
---
x = 1
if x then 1 end
if x; 1; else 2; end
y = if x == 1 then :a elsif x == 2 then :b else :c end
z = if x then 1 end
unless x then 1 end
unless x; 1; else; 2; end
w = unless x then 2 end
v = x ? 1 : 2
p 1 if x && y || !z
p 2 unless x and (y or z)
p 3 if (not x) || !(y && z)
p 4 if true
p 5 if nil
p 6 unless false || x
p(if x then elsif y then 1 else end)
t = (x && y) || (z && w)
p 7 while x && !y && (x = nil)
---
i = 0
while i < 10
  i += 1
  next if i == 3
  redo if i == 100
  break if i == 8
end
until i == 0 do i -= 1 end
i += 1 while i < 5
begin i -= 1; next if i == 2 end while i > 0
begin i += 1 end until i > 3
r = while true do break 5 end
s = while i > 0 do i -= 1 end
t = while i < 9 do i += 1; break i if i == 4; break if i == 6; end
loop { break }
loop do i += 1; next if i < 20; break i end
while true
  p(1, (break if i), 2)
end
p [1, (while true do p 1, [2, (break 3)] end), 4]
---
for a in 1..3 do p a end
for a, b in [[1, 2]] do p a, b; next if a; break end
for a, (b, c), *d in [[1, [2, 3], 4]] do p d end
for @x in 1..2 do q = @x; redo if q > 5 end
for h[0] in 1..2 do end
p q
x = for i in [1] do [2].each { |j| p i, j, q } end
---
def a; 1; end
def b(x, y = x, *r, z, k:, l: y, **o, &blk) = [x, y, r, z, k, l, o, blk]
def c(*, **, &) = b(*, **, &)
def d(...) = c(...)
def e(a, ...) ; d(1, a, ...); end
def f((a, (b, *c)), d = a, *) = [a, b, c, d]
def g(a, **nil) = a
def self.h = 1
def h=(x); @h = x; end
def ==(o) = true
def i(a = a, k: k) = [a, k]
def j(a, b = (return 1; 2)) = b
x = def k; return 1, 2; end
o = Object.new
def o.l(x) = x
def m(a = -> { n }, n = 1) = a
---
def y1; yield; yield 1, 2; yield(*[1], k: 2); end
def y2; block_given? ? yield(1) : nil; end
def y3(&b) = b.call(1) + b.(2)
def y4(&b); [1].each { b.call(1) }; end
def y5(&b); b = 1; b.call; end
def y6(&b) = y5(&b)
def y7; [1].each { |x| yield x }; end
def y8 = ->(x) { yield x }
def y9 = defined?(yield)
---
[1].each { }
[1].each { |x| p x }
[1].each do |x, (y, z), *w, k: 1, **o, &b| p x, y, z, w, k, o, b end
[1].each { |x,| p x }
[1].each { |x; y| y = x; p y }
[1].map { _1 + _2 }
[1].map { it + 1 }
[1].each { |x, y = x| p y }
n = 0
[1].each { |x| n += x; m = n; [2].each { |z| n += z; m += z; p m } }
[1].each { next 5 }
[1].each { |x| redo if x > 1; break }
[1].each { |_, _| p 1 }
p [1].inject { |a, b| break a, b }
---
l = ->(x) { return x if x; next 1; break 2 }
k = -> { }
m = ->(x, y = 1, *z, k: 2, &b) do [x, y, z, k, b] end
j = lambda { |x| return x }
i = lambda do |x| next x end
h = lambda(&j)
g = proc { |x| next x }
f = x -> x + 1
e = (x, y) -> x * y
d = -> 3
c = lambda |x| x / 2 end
b = do |w|
  w
end
[1].each { |x| [2].each { return x } }
-> { [1].each { return 1 } }
n = 0
-> { n += 1; -> { n += 1 } }
---
f = g = 1
f(1)(2); f (1); g[0](3); (x -> x + 1)(4); @h(5); f.(1); f.call(2); f::call(3)
f(1) { |x| x }
puts; puts(); p 1, *[2], k: 3; p(*[1], **{a: 1}, &:b); p(**{}); p k: 1, "l" => 2, **{m: 3}
nil&.foo(1)&.bar { |x| x }&.baz = 1
a = [1]; a[0]; a[0, 1]; a[*[0]]; self[0]; self[0] = 1; a[0] = 2; a[] = 3
x = (self[1] = 2)
self.foo; self.foo = 1; self.foo(1) { }
String.new("x"); Foo::Bar.new; String.new { }; String.new(*[1], k: 2)
Integer("3"); Foo(1); Foo::Baz(2)
foo.bar.baz(1).qux { |a| a }
---
class A; end
class B < A; X = 1; @y = 2; @@z = 3; attr_reader :q, "r"; def initialize; @b = 1; @a = 2; @b = 3; end; def m = @c ||= @d; end
class ::C < Struct.new(:a); end
module M; module N; end; def self.x = @x; end
class M::N::O; end
class << self; def s = 1; attr_accessor :t; end
v = class A; self; end
class A
  class << self
    def build(...) = new(...)
  end
  private def pm = 1
  define_method(:dm) { |x| return x * 2 }
  define_method("dn") { super(1) }
  define_method(:do) do super end
  define_method(nm = :dp) { 1 }
  remove_method :dm
  alias x pm
  alias_method :y, :pm
  alias :"z#{1}" :pm
  undef x, :y
  undef :"z#{1}"
end
---
# top level only
alias $new $stdout
BEGIN { p 1 }
END { p 2 }
p 3
3.times { END { p 4 } }
---
class P
  def a(x, y = 2, *z, w, k:, l: 1, **o, &b)
    super
    super()
    super(1, *z, k: 2) { 3 }
    super { 4 }
    [1].each { super; super(5) }
    -> { super }
    x = defined?(super)
  end
  def b = super
  def c(*) = super
  def d((x, y), *, **, &) = super
  def e(...) = super
  def self.f(a) = super
end
---
begin; p 1; rescue; p 2; end
begin; p 1; rescue => e; p e; end
begin; p 1; rescue A, B => e; p e; rescue *list, C; p 2; rescue D => @x; rescue => h[0]; else; p 3; ensure; p 4; end
x = begin; 1; rescue; 2; else; 3; ensure; 4; end
x = begin; 1; ensure; 2; end
x = begin; 1; end
y = (p 1 rescue 2)
p 1 rescue p 2
a = b rescue c
a += b rescue c
begin; 5; rescue; end
begin; rescue; end
begin; ensure; end
begin; nil; ensure; p 1; end
---
def r1
  p 1
rescue => e
  retry if e
  return 2
else
  return 3
ensure
  p 4
end
def r2
  return 1
ensure
  p 2
end
def r3
  while true
    begin
      next if x
      break 5
      redo
      return 6
    rescue A
      next
    rescue B
      break 7
    rescue C
      retry
    rescue
      begin
        retry if y
        next
      rescue
        break
      end
    ensure
      break if z
      next if w
    end
  end
end
def r4
  [1].each do |x|
    next
  rescue
    break x
  ensure
    return 8
  end
end
def r5
  loop do
    begin
      begin
        return 1
      ensure
        p 1
      end
    ensure
      p 2
    end
  end
end
def r6
  p(1, begin; raise; rescue; 2; ensure; 3; end, [4, (raise rescue 5)])
end
def r7
  begin
    raise
  rescue => e
    raise
  end
end
def r8
  x = while true
    begin
      break 1
    ensure
      p 2
    end
  end
  x
end
def r9
  begin
    return 1
  ensure
    return 2
  end
end
---
case x = 5
when 1, 2 then :a
when "s", /r/ then :b
when *[3, 4], 5 then :c
when Integer, *[6] then :d
else :e
end
y = case x when 1 then 2 end
case when x == 1 then 1 when x == 2, x == 3; 2 else 3 end
case
when *[false, true] then 1
end
z = case x
    when 1
    when 2 then
    end
while true
  case x
  when 1 then break
  when 2 then next
  when 5 then break 3
  end
end
---
v = [1, 2]
r = case v
    when 1 then "one"
    when [_, ...tail] then "list #{tail}"
    when [a, b] then "two #{a} #{b}"
    when [a, [b, ...], c] if a > 1 then a + b + c
    when {name: who, age: n} if n >= 18 then "adult #{who}"
    when {name: who} then "person #{who}"
    when {"k" => q, ...rest} then rest
    when {x, y:} then x
    when ^r, ^(1 + 2) then 2
    when {} then 4
    when [] then 5
    when [1, true] then 6
    when other then "other #{other} #{other(1)}"
    end
3.times do
  case v
  when [h, ...t] then [1].each { p h, t; h += 1 }
  when u, [u], {k: w} then p u, w, -> { u }, -> { w }
  end
end
i = 0
while i < 2
  i += 1
  case v
  when [n, m] if n then q << -> { n + m }
  when k, [l] then q << -> { k; l }
  when [z] then z = 3; q << -> { y }
  end
end
---
n = 1
s = match [2, 9]
    when [n, 0] then "zero"
    when [n, m] if m > n then "rising #{n}-#{m}"
    when _ then 3
    end
t = match s
    when [x, y], {x} then x
    else 4
    end
match 1
when 1 then 2
end
p n
---
case {a: 1, b: [1, 2, 3]}
in {a: Integer => x, b: [y, *z]} if x == 1 then p x, y, z
in {a: 1 | 2, **rest} then p rest
in {a:, **nil} unless a then p a
in [1, *, 2] | [3] then 1
in [*, 5, w, *post] then p w, post
in [*pre, 6, *] then pre
in String | Symbol => s then s
in Point(x:, y:) then 1
in Point[a, b] then 2
in ^x | ^(1 + 2) | ^@a then 3
in nil then 4
in [] then 5
in {} then 6
in 1.. | ...3 then 7
in {a: {b: {c: [d, *]}}} then d
in _ then 8
end
r = case 5
    in Integer then 1
    end
case 5
in 1 then 2
in 3
else 4
end
5 => v
{a: 1} => {a:}
p((5 in Integer))
p 1 if 5 in String | Integer
p 2 unless 5 in [q]
x = (1 in String)
1 in String
while true
  case [1, 2]
  in [g, h] if g then break
  in [g] then next
  end
end
---
p defined?(a), defined?(@a), defined?($a), defined?(@@a), defined?(A), defined?(A::B), defined?(::A), defined?(puts), defined?(a.b)
p defined?(a.b.c), defined?(super), defined?(x = 1), defined?(1 + 1), defined?([a]), defined?(String.new(q)), defined?($1), defined?($&)
p defined?(f(1)), defined?(self.g), defined?(h[0]), defined?(!x), defined?({k: v}), defined?(()), defined?(nil), defined?(f { })
defined?(a.b)
p 1 if defined?(a.b)
---
p 1 if (x == 1)..(x == 2)
p 1 if (x == 1)...(x == 2)
5.times { |i| p i if (i == 1)..(i == 3) }
p(((x == 1)..(x == 2)) ? 1 : 2)
---
eval("1"); eval("1", binding); eval("1", binding, "f", 2)
x = 1
[1].each { |y| eval("x + y"); z = binding; local_variables }
self.class.class_eval("def q; end"); instance_eval { @x }; instance_eval("1")
get_ast(:foo); String.get_ast; set_ast(:foo, x); String.remove_method(:x); get_ast(x)
---
def dead
  return 1
  p 2
  [1].each { |x| p x; y = 1 }
  while true do break end
  begin; p 1; rescue; p 2; ensure; p 3; end
  case 1 when 1 then 2 end
  -> { 1 }
  def nested = 1
end
def dead2 = (return 1) + 2
def dead3(x) = x ? (return 1) : (return 2)
def dead4 = p(1, return)
def dead5
  while true
    p 1
  end
  p 2
end
def dead6 = (raise or return 5; 6)
def dead7
  begin
    return 1
  rescue
    return 2
  ensure
    p 3
  end
end
def dead8 = (x = (return 5); [x].each { |y| y })
def dead9
  case 1
  when 1 then return
  else return
  end
end
---
count: Int = 0
@name : String? = nil
def typed(a: Int, b: Int = 2): Int = a + b
---
"a" "b#{1}" 'c'
<<~X + "y"
  text #{1}
    more
X
---
x = 5
x.then do |v|
  continue if v
  p v
end
---
p((1; 2), (), (x = 1; x), begin; 1; end)
-> { -> { -> { x } } }
def deep = [1].each { |a| [2].each { |b| [3].each { |c| p a, b, c, defined?(a) } } }
---
a&.b
a&.b += 1
a&.b&.c = 2
p(a&.b(1), a&.[](1))
p a&.b { |x| x }
---
puts [1, 2, 3].sum { |x| x * 2 }, {a: 1}.map { |k, v| [k, v] }.to_h
return
'''

PROGRAMS = [text.strip() + "\n" for text in _TEXT.split("\n---\n")]
