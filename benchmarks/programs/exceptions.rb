# Exceptions as control flow: raised some levels deep, rescued by class, retried, with ensure on the way.
# Stresses: raise, rescue, ensure, retry, own exception classes.
ROUNDS = (ARGV[0] || 160).to_i
EXPECTED = 250_601_723

class TooSmall < StandardError; end

class TooLarge < StandardError
  attr_reader :excess

  def initialize(excess)
    super("too large by #{excess}")
    @excess = excess
  end
end

class Checker
  attr_reader :closed

  def initialize
    @closed = 0
  end

  def check(value)
    raise TooSmall, "too small" if value < 10
    raise TooLarge.new(value - 90) if value > 90

    value
  end

  # Raises from `depth` calls below.
  def descend(value, depth)
    return check(value) if depth.zero?

    begin
      descend(value, depth - 1)
    ensure
      @closed += 1
    end
  end

  def measure(value)
    attempts = 0
    begin
      attempts += 1
      descend(value + attempts, value % 4)
    rescue TooSmall
      retry if attempts < 3
      0
    rescue TooLarge => e
      e.excess
    else
      attempts
    end
  end
end

def exercise(count)
  checker = Checker.new
  sum = 0
  count.times do |i|
    sum += checker.measure(i * 7 % 101)
    sum += Integer("x#{i}") rescue 1
  end
  sum * 100_000 + checker.closed
end

result = nil
ROUNDS.times do
  result = exercise(1000)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "exceptions #{result}"
