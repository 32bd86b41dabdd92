# Lambdas and procs that capture variables: counters, composition, currying, memoisation, Church numerals.
# Stresses: creation and calls of closures.
ROUNDS = (ARGV[0] || 290).to_i
EXPECTED = 1_355_820

def counter(step)
  count = 0
  [-> { count += step }, -> { count }]
end

def memoise(function)
  known = {}
  lambda do |key|
    known.fetch(key) { known[key] = function.call(key) }
  end
end

def church(n)
  lambda do |f|
    lambda do |x|
      n.times { x = f.(x) }
      x
    end
  end
end

def exercise
  increment, total = counter(3)
  200.times { increment.call }
  sum = total.call

  double = ->(x) { x * 2 }
  add = ->(x, y) { x + y }
  both = double >> ->(x) { x + 1 } >> double
  add_five = add.curry[5]
  200.times { |i| sum += both.call(i) + add_five.(i) + add[i, 1] }

  slow = ->(n) { n < 2 ? n : (1..n).reduce(:+) }
  fast = memoise(slow)
  200.times { |i| sum += fast.call(i % 20) }

  successor = ->(x) { x + 1 }
  sum += church(12).(successor).(0) + church(3).(church(4).(successor)).(0)

  adders = (1..20).map { |n| proc { |x = 1| x + n } }
  sum += adders.sum { |adder| adder.call(10) + adder.call }
  sum + %w[1 22 333].map(&:size).sum + [1, 2, 3].map(&double).sum
end

result = nil
ROUNDS.times do
  result = 0
  10.times { result += exercise }
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "closures #{result}"
