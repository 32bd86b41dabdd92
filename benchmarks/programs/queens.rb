# All ways to put seven queens on a board of seven by seven so that none attacks another, by backtracking.
# Stresses: recursion, Array reads and writes, boolean conditions.
ROUNDS = (ARGV[0] || 1100).to_i
EXPECTED = 40

class Queens
  attr_reader :solutions

  def initialize(size)
    @size = size
    @columns = Array.new(size, true)
    @rising = Array.new(2 * size, true)
    @falling = Array.new(2 * size, true)
    @rows = Array.new(size, -1)
    @solutions = 0
  end

  def solve(row)
    if row == @size
      @solutions += 1
      return
    end
    column = 0
    while column < @size
      if free?(row, column)
        place(row, column, false)
        @rows[row] = column
        solve(row + 1)
        place(row, column, true)
      end
      column += 1
    end
  end

  def free?(row, column)
    @columns[column] && @rising[row + column] && @falling[row - column + @size]
  end

  def place(row, column, free)
    @columns[column] = free
    @rising[row + column] = free
    @falling[row - column + @size] = free
  end
end

result = nil
ROUNDS.times do
  queens = Queens.new(7)
  queens.solve(0)
  result = queens.solutions
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "queens #{result}"
