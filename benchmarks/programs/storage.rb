# Builds a tree of arrays with four children a node and leaves of random size, six levels deep.
# Stresses: allocation of arrays, garbage collection, blocks.
ROUNDS = (ARGV[0] || 310).to_i
EXPECTED = 5461

class Storage
  attr_reader :count

  def initialize
    @count = 0
    @seed = 4711
  end

  def size
    @seed = (@seed * 75 + 74) % 65_537
    @seed % 10 + 1
  end

  def tree(depth)
    @count += 1
    return Array.new(size) if depth == 1

    Array.new(4) { tree(depth - 1) }
  end
end

result = nil
ROUNDS.times do
  storage = Storage.new
  storage.tree(7)
  result = storage.count
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "storage #{result}"
