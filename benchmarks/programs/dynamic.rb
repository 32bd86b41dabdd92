# Methods that exist only when asked for: method_missing, respond_to?, public_send, define_method.
# Stresses: dynamic dispatch, Symbols, splat arguments, methods made from blocks.
ROUNDS = (ARGV[0] || 160).to_i
EXPECTED = 25_181_673_000

# Answers any reader and writer from a hash.
class Record
  def initialize
    @fields = { width: 3, height: 4 }
  end

  def method_missing(name, *arguments)
    if arguments.size == 1 && name.end_with?("=")
      @fields[name[0...-1].to_sym] = arguments[0]
    elsif @fields.key?(name)
      @fields[name]
    else
      super
    end
  end

  def respond_to_missing?(name, include_all = false)
    @fields.key?(name) || super
  end
end

# Passes every call on and counts them.
class Proxy < BasicObject
  def initialize(target)
    @target = target
    @calls = 0
  end

  def calls!
    @calls
  end

  def method_missing(name, *arguments, &block)
    @calls += 1
    @target.public_send(name, *arguments, &block)
  end

  def respond_to_missing?(_name, _all = false)
    true
  end
end

class Shape
  %i[square circle triangle].each_with_index do |kind, index|
    define_method(kind) { |size = 1| size * (index + 1) }
    define_method(:"#{kind}?") { index.zero? }
  end
end

def exercise(count)
  record = Record.new
  shape = Shape.new
  list = Proxy.new([1, 2, 3])
  kinds = %i[square circle triangle]
  sum = 0
  count.times do |i|
    record.height = i
    sum += record.width * record.height
    sum += 1 if record.respond_to?(:height)
    sum += 2 if record.respond_to?(:depth)
    kind = kinds[i % 3]
    sum += shape.public_send(kind, i) + shape.send(:circle)
    sum += 1 if shape.square? && !shape.circle?
    sum += list[i % 3] + list.size
    sum += list.sum { |value| value * 2 }
  end
  begin
    record.depth
  rescue NoMethodError
    sum += 1
  end
  sum * 10_000 + list.calls!
end

result = nil
ROUNDS.times do
  result = exercise(1000)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "dynamic #{result}"
