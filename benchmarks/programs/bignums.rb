# Integers beyond the machine word: digits of pi by a spigot, factorials, modular powers, digit sums.
# Stresses: multiplication and division of large Integers, to_s.
ROUNDS = (ARGV[0] || 210).to_i
EXPECTED = 329_284_939

# The first digits of pi, as a String (Gibbons' unbounded spigot).
def pi_digits(count)
  q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
  digits = +""
  while digits.size < count
    if 4 * q + r - t < n * t
      digits << n.to_s
      following = 10 * (r - n * t)
      n = 10 * (3 * q + r) / t - 10 * n
      q *= 10
      r = following
    else
      following = (2 * q + r) * l
      n = (q * (7 * k + 2) + r * l) / (t * l)
      q *= k
      t *= l
      l += 2
      k += 1
      r = following
    end
  end
  digits
end

def power(base, exponent, modulus)
  result = 1
  while exponent > 0
    result = result * base % modulus if exponent.odd?
    base = base * base % modulus
    exponent >>= 1
  end
  result
end

def exercise
  digits = pi_digits(120)
  factorial = (1..150).inject(:*)
  prime = 2**127 - 1
  residue = power(3, prime - 1, prime) + power(5, 2**90 + 1, prime) % 1000
  digits[-9..].to_i + factorial.digits.sum * 1000 + residue + (factorial >> 700) % 1009
end

result = nil
ROUNDS.times do
  result = exercise
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "bignums #{result}"
