# Structural pattern matching: a small calculus of arrays and hashes reduced by case/in, and events told apart.
# Stresses: case/in with arrays, hashes, guards, pins and deconstruct methods.
ROUNDS = (ARGV[0] || 240).to_i
EXPECTED = 92_131

class Click
  attr_reader :x, :y

  def initialize(x, y)
    @x = x
    @y = y
  end

  def deconstruct
    [x, y]
  end

  def deconstruct_keys(_keys)
    { x: x, y: y }
  end
end

def reduce(term)
  case term
  in Integer then term
  in [:add, 0, right] then reduce(right)
  in [:add, left, right] then reduce(left) + reduce(right)
  in [:multiply, 0, _] | [:multiply, _, 0] then 0
  in [:multiply, left, right] then reduce(left) * reduce(right)
  in [:if, condition, yes, no] then reduce(condition) > 0 ? reduce(yes) : reduce(no)
  in [:sum, *terms] then terms.sum { |inner| reduce(inner) }
  end
end

def handle(event, last)
  case event
  in Click(x, y) if x == y then x
  in Click(x: 0..10, y:) then y * 2
  in Click then 3
  in { kind: :key, code: ^last } then 5
  in { kind: :key, code: Integer => code, shift: true } then code + 100
  in { kind: :key, code: } then code
  in { kind: :text, value: String => text } then text.size
  in [first, *, tail] then first + tail
  in nil then 1
  end
end

TERM = [:sum, [:add, 0, 5], [:multiply, [:add, 2, 3], 4], [:if, [:multiply, 0, 9], 7, [:add, 1, 2]], 11].freeze

def exercise(count)
  sum = 0
  last = nil
  count.times do |i|
    sum += reduce(TERM)
    events = [
      Click.new(i, 7), Click.new(i % 20, i), { kind: :key, code: i, shift: true }, { kind: :key, code: i - 1 },
      { kind: :text, value: "abc" }, [i, 2, 3, 4], nil
    ]
    events.each { |event| sum += handle(event, last) }
    last = i
  end
  sum
end

result = nil
ROUNDS.times do
  result = exercise(200)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "patterns #{result}"
