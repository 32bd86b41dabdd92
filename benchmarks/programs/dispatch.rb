# Expression trees of a dozen node classes, evaluated, differentiated and simplified; visitors; super chains; mixins.
# Stresses: call sites that see many classes, super, modules, class methods.
ROUNDS = (ARGV[0] || 460).to_i
EXPECTED = 706_131_329

module Countable
  def nodes
    children.sum(1, &:nodes)
  end
end

class Node
  include Countable

  def children
    []
  end

  def constant?
    false
  end
end

class Number < Node
  attr_reader :value

  def initialize(value)
    @value = value
  end

  ZERO = new(0)
  ONE = new(1)

  def evaluate(_x)
    @value
  end

  def derive
    ZERO
  end

  def simplify
    self
  end

  def constant?
    true
  end
end

class X < Node
  def evaluate(x)
    x
  end

  def derive
    Number::ONE
  end

  def simplify
    self
  end
end

class Unary < Node
  def initialize(inner)
    @inner = inner
  end

  def children
    [@inner]
  end

  def simplify
    inner = @inner.simplify
    inner.constant? ? Number.new(apply(inner.value)) : self.class.new(inner)
  end

  def evaluate(x)
    apply(@inner.evaluate(x))
  end
end

class Negate < Unary
  def apply(value)
    -value
  end

  def derive
    Negate.new(@inner.derive)
  end
end

class Square < Unary
  def apply(value)
    value * value
  end

  def derive
    Multiply.new(Multiply.new(Number.new(2), @inner), @inner.derive)
  end
end

class Binary < Node
  attr_reader :left, :right

  def initialize(left, right)
    @left = left
    @right = right
  end

  def children
    [@left, @right]
  end

  def evaluate(x)
    apply(@left.evaluate(x), @right.evaluate(x))
  end

  def simplify
    left = @left.simplify
    right = @right.simplify
    return Number.new(apply(left.value, right.value)) if left.constant? && right.constant?

    self.class.new(left, right)
  end
end

class Add < Binary
  def apply(a, b)
    a + b
  end

  def derive
    Add.new(@left.derive, @right.derive)
  end

  def simplify
    simple = super
    return simple if simple.constant?
    return simple.right if simple.left.constant? && simple.left.value == 0
    return simple.left if simple.right.constant? && simple.right.value == 0

    simple
  end
end

class Subtract < Binary
  def apply(a, b)
    a - b
  end

  def derive
    Subtract.new(@left.derive, @right.derive)
  end
end

class Multiply < Binary
  def apply(a, b)
    a * b
  end

  def derive
    Add.new(Multiply.new(@left.derive, @right), Multiply.new(@left, @right.derive))
  end

  def simplify
    simple = super
    return simple if simple.constant?
    return Number::ZERO if [simple.left, simple.right].any? { |side| side.constant? && side.value == 0 }
    return simple.right if simple.left.constant? && simple.left.value == 1
    return simple.left if simple.right.constant? && simple.right.value == 1

    simple
  end
end

class Maximum < Binary
  def apply(a, b)
    a > b ? a : b
  end

  def derive
    @left.derive
  end
end

def random_tree(depth, dice)
  roll = dice.call
  return roll.even? ? X.new : Number.new(roll % 5) if depth == 0

  left = random_tree(depth - 1, dice)
  case roll % 6
  when 0 then Negate.new(left)
  when 1 then Square.new(left)
  when 2 then Add.new(left, random_tree(depth - 1, dice))
  when 3 then Subtract.new(left, random_tree(depth - 1, dice))
  when 4 then Multiply.new(left, random_tree(depth - 1, dice))
  else Maximum.new(left, random_tree(depth - 1, dice))
  end
end

def exercise
  seed = 3
  dice = lambda do
    seed = (seed * 75 + 74) % 65_537
    seed / 4
  end
  sum = 0
  25.times do
    tree = random_tree(4, dice)
    derived = tree.derive
    simple = derived.simplify
    sum += tree.nodes + derived.nodes * 3 + simple.nodes * 5
    4.times { |x| sum = (sum * 3 + tree.evaluate(x) + simple.evaluate(x)) % 1_000_000_007 }
  end
  sum
end

result = nil
ROUNDS.times do
  result = exercise
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "dispatch #{result}"
