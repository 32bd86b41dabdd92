# The primes below 10,000 by the sieve of Eratosthenes.
# Stresses: nested while loops over Integers, Array writes.
ROUNDS = (ARGV[0] || 640).to_i
EXPECTED = 1229

def sieve(limit)
  prime = Array.new(limit, true)
  count = 0
  number = 2
  while number < limit
    if prime[number]
      count += 1
      multiple = number * number
      while multiple < limit
        prime[multiple] = false
        multiple += number
      end
    end
    number += 1
  end
  count
end

result = nil
ROUNDS.times do
  result = sieve(10_000)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "sieve #{result}"
