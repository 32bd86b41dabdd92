# Perfect binary trees, built and counted, bottom up; one lives long while others come and go.
# Stresses: object allocation, garbage collection, recursion.
ROUNDS = (ARGV[0] || 230).to_i
EXPECTED = 8_109_047

class Tree
  def initialize(left, right)
    @left = left
    @right = right
  end

  def self.build(depth)
    depth.zero? ? new(nil, nil) : new(build(depth - 1), build(depth - 1))
  end

  def count
    left = @left
    left ? left.count + @right.count + 1 : 1
  end
end

def trees(deepest)
  long_lived = Tree.build(deepest)
  sum = 0
  4.step(deepest, 2) do |depth|
    (1 << (deepest - depth)).times { sum += Tree.build(depth).count }
  end
  sum * 1000 + long_lived.count
end

result = nil
ROUNDS.times do
  result = trees(10)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "trees #{result}"
