# Conway's game of life on a torus of 32 by 32 cells, from an R-pentomino and a glider.
# Stresses: two-dimensional arrays, Integer arithmetic with wrap-around, conditions.
ROUNDS = (ARGV[0] || 150).to_i
EXPECTED = 183_538

class World
  def initialize(size)
    @size = size
    @cells = Array.new(size) { Array.new(size, 0) }
  end

  def put(row, column, *lines)
    lines.each_with_index do |line, i|
      line.each_char.with_index { |character, j| @cells[row + i][column + j] = 1 if character == "#" }
    end
  end

  def neighbours(row, column)
    above = @cells[row - 1]
    same = @cells[row]
    below = @cells[row + 1 == @size ? 0 : row + 1]
    left = column - 1
    right = column + 1 == @size ? 0 : column + 1
    above[left] + above[column] + above[right] + same[left] + same[right] + below[left] + below[column] + below[right]
  end

  def step
    @cells = Array.new(@size) do |row|
      Array.new(@size) do |column|
        count = neighbours(row, column)
        count == 3 || (count == 2 && @cells[row][column] == 1) ? 1 : 0
      end
    end
  end

  def alive
    @cells.sum(&:sum)
  end

  def checksum
    sum = 0
    @cells.each { |row| row.each { |cell| sum = (sum * 3 + cell) % 9973 } }
    sum
  end
end

result = nil
ROUNDS.times do
  world = World.new(32)
  world.put(14, 14, ".##", "##.", ".#.")
  world.put(2, 2, ".#.", "..#", "###")
  12.times { world.step }
  result = world.alive * 10_000 + world.checksum
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "life #{result}"
