# The towers of Hanoi with eleven discs; each pile is a linked list.
# Stresses: recursion with several arguments, linked objects, attribute access.
ROUNDS = (ARGV[0] || 730).to_i
EXPECTED = 2047

class Disc
  attr_reader :size
  attr_accessor :below

  def initialize(size)
    @size = size
    @below = nil
  end
end

class Towers
  attr_reader :moves

  def initialize(height)
    @piles = [nil, nil, nil]
    @moves = 0
    height.downto(1) { |size| push(0, Disc.new(size)) }
  end

  def push(pile, disc)
    top = @piles[pile]
    raise "a larger disc on a smaller one" if top && top.size <= disc.size

    disc.below = top
    @piles[pile] = disc
  end

  def pop(pile)
    top = @piles[pile]
    raise "an empty pile" unless top

    @piles[pile] = top.below
    top.below = nil
    top
  end

  def move(count, from, to)
    if count == 1
      push(to, pop(from))
      @moves += 1
    else
      other = 3 - from - to
      move(count - 1, from, other)
      move(1, from, to)
      move(count - 1, other, to)
    end
  end
end

result = nil
ROUNDS.times do
  towers = Towers.new(11)
  towers.move(11, 0, 2)
  result = towers.moves
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "towers #{result}"
