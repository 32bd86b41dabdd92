# Fibonacci's, Ackermann's and Takeuchi's functions, all by naive recursion.
# Stresses: method calls with Integer arguments, and nothing else.
ROUNDS = (ARGV[0] || 1300).to_i
EXPECTED = 25_840_435

def fib(n)
  n < 2 ? n : fib(n - 1) + fib(n - 2)
end

def ackermann(m, n)
  if m == 0
    n + 1
  elsif n == 0
    ackermann(m - 1, 1)
  else
    ackermann(m - 1, ackermann(m, n - 1))
  end
end

def tak(x, y, z)
  y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z
end

result = nil
ROUNDS.times do
  result = fib(18) * 10_000 + ackermann(2, 20) * 10 + tak(12, 8, 4)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "fib #{result}"
