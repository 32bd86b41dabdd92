# All permutations of seven numbers by Heap's recursive method, counted and weighed.
# Stresses: recursive method calls, Array element swaps.
ROUNDS = (ARGV[0] || 300).to_i
EXPECTED = 5_040_843

class Permuter
  attr_reader :count, :weight

  def initialize(size)
    @values = (0...size).to_a
    @count = 0
    @weight = 0
  end

  def visit
    @count += 1
    @weight = (@weight * 7 + @values[0] + @values[3]) % 1009
  end

  def swap(i, j)
    saved = @values[i]
    @values[i] = @values[j]
    @values[j] = saved
  end

  def permute(n)
    return visit if n == 1

    i = 0
    while i < n - 1
      permute(n - 1)
      swap(n.even? ? i : 0, n - 1)
      i += 1
    end
    permute(n - 1)
  end
end

result = nil
ROUNDS.times do
  permuter = Permuter.new(7)
  permuter.permute(7)
  result = permuter.count * 1000 + permuter.weight
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "permute #{result}"
