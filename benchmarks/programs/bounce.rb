# A hundred balls in a box that bounce off its walls; counts the bounces.
# Stresses: attribute access within an object, comparisons, Array iteration with a block, small Integers.
ROUNDS = (ARGV[0] || 590).to_i
EXPECTED = 1_287

class Dice
  def initialize
    @seed = 74_755
  end

  def roll
    @seed = (@seed * 75 + 74) % 65_537
  end
end

class Ball
  def initialize(dice)
    @x = dice.roll % 500
    @y = dice.roll % 500
    @dx = dice.roll % 300 - 150
    @dy = dice.roll % 300 - 150
  end

  def step
    bounced = false
    @x += @dx
    @y += @dy
    if @x > 500
      @x = 500
      @dx = -@dx.abs
      bounced = true
    elsif @x < 0
      @x = 0
      @dx = @dx.abs
      bounced = true
    end
    if @y > 500
      @y = 500
      @dy = -@dy.abs
      bounced = true
    elsif @y < 0
      @y = 0
      @dy = @dy.abs
      bounced = true
    end
    bounced
  end
end

def bounces
  dice = Dice.new
  balls = Array.new(100) { Ball.new(dice) }
  count = 0
  50.times do
    balls.each { |ball| count += 1 if ball.step }
  end
  count
end

result = nil
ROUNDS.times do
  result = bounces
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "bounce #{result}"
