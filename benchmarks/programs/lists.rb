# Takeuchi's function on linked lists: a list's length stands for a number.
# Stresses: deep recursion, object links, methods that return booleans.
ROUNDS = (ARGV[0] || 640).to_i
EXPECTED = 10

class Cell
  attr_reader :rest

  def initialize(rest)
    @rest = rest
  end

  def length
    @rest ? @rest.length + 1 : 1
  end
end

class Takeuchi
  def make(length)
    length.zero? ? nil : Cell.new(make(length - 1))
  end

  def shorter?(x, y)
    while y
      return true unless x

      x = x.rest
      y = y.rest
    end
    false
  end

  def tail(x, y, z)
    return z unless shorter?(y, x)

    tail(tail(x.rest, y, z), tail(y.rest, z, x), tail(z.rest, x, y))
  end
end

result = nil
ROUNDS.times do
  takeuchi = Takeuchi.new
  result = takeuchi.tail(takeuchi.make(15), takeuchi.make(10), takeuchi.make(6)).length
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "lists #{result}"
