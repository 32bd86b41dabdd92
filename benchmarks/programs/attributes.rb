# Readers and writers in every form: attr_accessor, hand-written, op-assignment, through self, class variables.
# Stresses: the cost of an attribute access.
ROUNDS = (ARGV[0] || 190).to_i
EXPECTED = 250_750_002

class Point
  attr_accessor :x, :y
  attr_reader :moves
  attr_writer :label

  @@created = 0

  def self.created
    @@created
  end

  def initialize(x, y)
    @x = x
    @y = y
    @moves = 0
    @label = nil
    @@created += 1
  end

  def label
    @label ||= "#{x},#{y}"
  end

  def move(dx, dy)
    self.x += dx
    self.y += dy
    @moves += 1
    self
  end

  def squared
    x * x + y * y
  end
end

class Segment
  attr_reader :from, :to

  def initialize(from, to)
    @from = from
    @to = to
  end

  def box
    (to.x - from.x) * (to.y - from.y)
  end
end

def exercise(count)
  a = Point.new(0, 0)
  b = Point.new(10, 20)
  segment = Segment.new(a, b)
  before = Point.created
  sum = 0
  i = 0
  while i < count
    a.x = i & 7
    b.y += 1
    b.move(1, -1)
    sum += segment.box + segment.from.x + b.squared % 7
    sum += 1 if segment.to.moves.odd?
    a.label = nil if i % 10 == 0
    sum += a.label.size
    i += 1
  end
  sum + Point.created - before
end

result = nil
ROUNDS.times do
  result = exercise(5000)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "attributes #{result}"
