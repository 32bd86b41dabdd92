# Values of Struct classes: created, compared, hashed, taken apart, changed; rational arithmetic with operators.
# Stresses: Struct accessors and equality, operator methods, Hash with object keys.
ROUNDS = (ARGV[0] || 470).to_i
EXPECTED = 14_215_830_360

Point = Struct.new(:x, :y) do
  def +(other)
    Point.new(x + other.x, y + other.y)
  end

  def distance
    x.abs + y.abs
  end
end

Item = Struct.new(:name, :count, :price, keyword_init: true)

Fraction = Struct.new(:top, :bottom) do
  def reduce
    divisor = top.gcd(bottom)
    Fraction.new(top / divisor, bottom / divisor)
  end

  def +(other)
    Fraction.new(top * other.bottom + other.top * bottom, bottom * other.bottom).reduce
  end
end

def walk(steps)
  seen = {}
  position = Point.new(0, 0)
  moves = [Point.new(1, 0), Point.new(0, 1), Point.new(-1, 0), Point.new(0, -1)]
  seed = 1
  steps.times do
    seed = (seed * 75 + 74) % 65_537
    position += moves[seed / 8 % 4]
    seen[position] = (seen[position] || 0) + 1
  end
  seen.size * 1000 + seen.values.max * 10 + position.distance
end

def shop(count)
  items = Array.new(count) { |i| Item.new(name: "item#{i}", count: i, price: i % 7) }
  items.each { |item| item.count += 1 if item.price > 3 }
  items.sum { |item| item.count * item[:price] } + items.map(&:to_a).flatten.size
end

def harmonic(count)
  sum = Fraction.new(0, 1)
  (1..count).each { |i| sum += Fraction.new(1, i) }
  sum.top % 9973 + sum.bottom % 9973
end

def matching(count)
  target = Point.new(1, 2)
  hits = 0
  count.times do |i|
    x, y = *Point.new(i % 3, 2)
    hits += 1 if Point.new(x, y) == target
  end
  hits
end

result = nil
ROUNDS.times do
  result = walk(500) * 100_000 + shop(100) + harmonic(40) + matching(200)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "structs #{result}"
