# How many prefix reversals a permutation of seven numbers can take until a one comes first, for all permutations.
# Stresses: Integer loops, Array reads, writes and copies, multiple assignment.
ROUNDS = (ARGV[0] || 42).to_i
EXPECTED = 22_816

def fannkuch(size)
  permutation = (0...size).to_a
  counts = Array.new(size, 0)
  most = 0
  checksum = 0
  sign = 1
  remaining = size
  loop do
    while remaining > 1
      counts[remaining - 1] = remaining
      remaining -= 1
    end
    if permutation[0] != 0
      flipped = permutation.dup
      flips = 0
      first = flipped[0]
      while first != 0
        low = 0
        high = first
        while low < high
          flipped[low], flipped[high] = flipped[high], flipped[low]
          low += 1
          high -= 1
        end
        flips += 1
        first = flipped[0]
      end
      most = flips if flips > most
      checksum += sign * flips
    end
    # The next permutation: rotate a prefix by one.
    loop do
      return checksum * 100 + most if remaining == size

      first = permutation[0]
      i = 0
      while i < remaining
        permutation[i] = permutation[i + 1]
        i += 1
      end
      permutation[remaining] = first
      counts[remaining] -= 1
      break if counts[remaining] > 0

      remaining += 1
    end
    sign = -sign
  end
end

result = nil
ROUNDS.times do
  result = fannkuch(7)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "fannkuch #{result}"
