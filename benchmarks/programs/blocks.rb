# A collection with its own each, and everything else written in terms of it.
# Stresses: yield, blocks that capture variables, break and next, blocks passed on with &.
ROUNDS = (ARGV[0] || 230).to_i
EXPECTED = 1_693_630

class Sequence
  def initialize(size)
    @items = Array.new(size) { |i| yield i }
  end

  def each
    i = 0
    size = @items.size
    while i < size
      yield @items[i]
      i += 1
    end
    self
  end

  def map
    mapped = []
    each { |item| mapped << yield(item) }
    mapped
  end

  def select(&condition)
    chosen = []
    each { |item| chosen << item if condition.call(item) }
    chosen
  end

  def fold(start)
    each { |item| start = yield(start, item) }
    start
  end

  def find
    each { |item| return item if yield(item) }
    nil
  end

  def each_pair_of(other, &block)
    each { |a| other.each { |b| block.call(a, b) } }
  end

  def count_until(limit)
    count = 0
    each do |item|
      next if item.odd?
      break if item > limit

      count += 1
    end
    count
  end
end

def exercise
  numbers = Sequence.new(300) { |i| i * 3 }
  few = Sequence.new(20) { |i| i }
  sum = numbers.map { |n| n + 1 }.size
  sum += numbers.select { |n| n % 4 == 0 }.size
  sum += numbers.fold(0) { |total, n| total + n }
  sum += numbers.find { |n| n > 500 }
  sum += numbers.count_until(700)
  few.each_pair_of(few) { |a, b| sum += a * b if a != b }
  few.each { |a| few.each { |b| sum += 1 if a < b } }
  sum
end

result = nil
ROUNDS.times do
  result = 0
  10.times { result += exercise }
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "blocks #{result}"
