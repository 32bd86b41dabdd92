"""What generated code takes for granted is broken while the program runs, also while frames of it are active.

Every program prints the same on the stack engine, which assumes nothing.
"""

from __future__ import annotations

import pytest

from ... import tasks
from ...play import forked

PROGRAMS = {
    "Integer operator": """
def sum(n) = n + 1
p sum(1)
class Integer
  alias old_plus +
  def +(other) = old_plus(other).old_plus(100)
end
p sum(1), [1, 2].sum { |x| x + 0 }
""",
    "Integer operator while a frame that adds is active": """
def change = eval("class Integer; alias old_minus -; def -(other) = old_minus(other) * 10; end")
def run(n)
  a = n - 1
  change
  a
end
p run(5)
p run(5) rescue p $!.class
def later(n) = n - 1
p later(5)
""",
    "nil operator": """
def add(x) = x + 1
p((add(nil) rescue $!.message))
class NilClass
  def +(other) = [:nil, other]
end
p add(nil)
""",
    "equality of a class": """
class A; end
def same(x, y) = x == y
def none(x) = x == nil
a = A.new
p same(a, 1), same(a, a), none(a), same(1, a)
class A
  def ==(other) = true
end
p same(a, 1), none(a), same(1, a), a != 3
class A
  def !=(other) = :odd
end
p a != 3
""",
    "comparison that answers something odd": """
class Query
  def <(other) = [:lt, other]
  def >=(other) = nil
end
def lt(a, b) = a < b
def test(a, b) = a < b ? 1 : 2
def ge(a, b) = a >= b ? 1 : 2
q = Query.new
p lt(q, 1), test(q, 1), ge(q, 1), (lt(1, q) rescue $!.message)
""",
    "comparison of a subclass": """
class Base
  attr_reader :n
  def initialize(n) = @n = n
  def <(other) = "base #{n} #{other.n}"
  def >(other) = "base> #{n}"
end
class Sub < Base
  def >(other) = "sub> #{n}"
end
def lt(a, b) = a < b
p lt(Base.new(1), Sub.new(2)), lt(Sub.new(2), Base.new(1))
""",
    "! of a class": """
class A; end
def no(x) = !x
p no(A.new), no(nil)
class A
  def !() = :never
end
p no(A.new)
""",
    "iterators": """
def each(list) = list.each { |x| print x }
def times(n) = n.times { |i| print i }
each([1, 2]); times(2); puts
class Array
  def each
    yield :own
    self
  end
end
class Integer
  def times = yield(:time)
end
each([1, 2]); times(2); puts
def size(x) = x.size
p size([1])
class Array; def size = 99; end
p size([1])
""",
    "iterator redefined inside of its own loop": """
def run(list)
  list.each do |x|
    print x
    eval("class Array; def each; yield :new; end; end") if x == 1
  end
end
run([1, 2]); run([1, 2]); puts
""",
    "constants": """
LIMIT = 1
def limit = LIMIT
p limit
Object.send(:remove_const, :LIMIT)
p((limit rescue $!.class))
LIMIT = "x"
p limit
class Foo; def hi = 1; end
def make = Foo.new.hi
p make
Object.send(:remove_const, :Foo)
class Foo; def hi = 2; end
p make
""",
    "initialize and new": """
class P
  attr_reader :x
  def initialize(x) = @x = x
  def get = @x
end
def make = P.new(3)
p make.x, make.get
class P
  def initialize(x) = @y = x
end
p make.x, make.get
def P.new(*) = :other
p make
p P.allocate.get
""",
    "unset variables": """
class A
  def initialize = @a = 1
  def a = [@a, @b]
  def drop = remove_instance_variable(:@a)
end
a = A.new
p a.a
a.drop
p a.a, a.instance_variables
class B < A
  def initialize; end
end
p B.new.a, A.allocate.a
""",
    "attributes overridden": """
class A
  attr_accessor :v
  def initialize(v) = @v = v
end
class B < A
  def v = "b#{super}"
  def v=(x)
    super(x * 2)
  end
end
def read(o) = o.v
def write(o, x)
  o.v = x
  o.v
end
p read(A.new(1)), read(B.new(2)), write(A.new(1), 5), write(B.new(1), 5)
o = A.new(7)
def o.v = :single
p read(o), read(A.new(8).freeze), (write(A.new(1).freeze, 2) rescue $!.class)
class A
  undef v
end
p((read(A.new(1)) rescue $!.message))
""",
    "super methods": """
class A; def hi = 1; end
class B < A; def hi = super + 10; end
def call = B.new.hi
p call
class A; def hi = 2; end
p call
module M; def hi = super + 100; end
A.prepend(M)
p call
""",
    "method_missing": """
class A
  def go = other(1)
end
a = A.new
p((a.go rescue $!.class))
class A
  def method_missing(name, *args) = [name, args]
  def respond_to_missing?(*) = true
end
p a.go, a.thing, a.thing = 5
""",
    "frozen": """
class A
  def initialize = @a = 1
  def set = @a = 2
  def push(list) = list << 1
end
p((A.new.freeze.set rescue $!.class), (A.new.push([].freeze) rescue $!.class))
""",
    "rebound blocks": """
class A
  def initialize = @v = 1
  def v = :a
  def blk = proc { [@v, v, self.class] }
end
class B
  def v = :b
end
b = A.new.blk
p b.call, B.new.instance_eval(&b), A.new.instance_exec(&b)
class B
  define_method(:defined, &b)
  define_method(:block) { |x| return x if x; :none }
end
p B.new.defined, B.new.block(3), B.new.block(nil)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_broken_assumption(name: str) -> None:
    expected = forked(tasks.run_text, PROGRAMS[name], "stack")
    assert forked(tasks.run_text, PROGRAMS[name], "host") == expected
