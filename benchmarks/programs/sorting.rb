# Sorts objects: sort with <=> of Comparable, sort with a block, sort_by, min_by, own merge sort and heap.
# Stresses: comparisons that call back into the program, Comparable's operators.
ROUNDS = (ARGV[0] || 430).to_i
EXPECTED = 2_216_496

class Version
  include Comparable

  attr_reader :major, :minor

  def initialize(major, minor)
    @major = major
    @minor = minor
  end

  def <=>(other)
    order = @major <=> other.major
    order.zero? ? @minor <=> other.minor : order
  end
end

def merge_sort(items, &before)
  return items if items.size < 2

  middle = items.size / 2
  left = merge_sort(items[0...middle], &before)
  right = merge_sort(items[middle..], &before)
  merged = []
  i = j = 0
  while i < left.size && j < right.size
    if before.call(right[j], left[i])
      merged << right[j]
      j += 1
    else
      merged << left[i]
      i += 1
    end
  end
  merged.concat(left[i..]).concat(right[j..])
end

class Heap
  def initialize
    @items = []
  end

  def push(item)
    index = @items.size
    @items << item
    while index > 0
      above = (index - 1) / 2
      break if @items[above] <= item

      @items[index] = @items[above]
      index = above
    end
    @items[index] = item
  end

  def pop
    top = @items[0]
    last = @items.pop
    return top if @items.empty?

    index = 0
    loop do
      child = 2 * index + 1
      break if child >= @items.size

      child += 1 if child + 1 < @items.size && @items[child + 1] < @items[child]
      break if @items[child] >= last

      @items[index] = @items[child]
      index = child
    end
    @items[index] = last
    top
  end
end

def weigh(versions)
  sum = 0
  versions.each_with_index { |version, i| sum = (sum * 7 + version.major * 3 + version.minor + i) % 1_000_003 }
  sum
end

def exercise(count)
  seed = 99
  versions = Array.new(count) do
    seed = (seed * 75 + 74) % 65_537
    Version.new(seed % 10, seed / 16 % 50)
  end
  sum = weigh(versions.sort)
  sum += weigh(versions.sort { |a, b| b.minor * 10 + b.major <=> a.minor * 10 + a.major })
  sum += weigh(versions.sort_by { |version| [version.minor, -version.major] })
  sum += weigh(merge_sort(versions) { |a, b| a < b })
  heap = Heap.new
  versions.each { |version| heap.push(version) }
  sum += weigh(Array.new(count) { heap.pop })
  middle = Version.new(5, 0)
  sum += versions.count { |version| version > middle } + versions.count { |version| version.between?(middle, middle) }
  sum + versions.max.minor + versions.min_by(&:minor).major
end

result = nil
ROUNDS.times do
  result = exercise(120)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "sorting #{result}"
