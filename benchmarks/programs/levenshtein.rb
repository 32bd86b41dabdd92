# The edit distance between each two of some words, with two rows of the table.
# Stresses: Array reads and writes, minimum of three, String characters compared as codes.
ROUNDS = (ARGV[0] || 180).to_i
EXPECTED = 30_960

def distance(a, b)
  previous = (0..b.size).to_a
  current = Array.new(b.size + 1, 0)
  i = 0
  while i < a.size
    current[0] = i + 1
    code = a[i]
    j = 0
    while j < b.size
      best = previous[j] + (code == b[j] ? 0 : 1)
      deleted = previous[j + 1] + 1
      inserted = current[j] + 1
      best = deleted if deleted < best
      best = inserted if inserted < best
      current[j + 1] = best
      j += 1
    end
    previous, current = current, previous
    i += 1
  end
  previous[b.size]
end

WORDS = %w[
  interpreter interrupted bytecode barcode verification clarification constraint restraint permutation
  computation scheduler schedule exception reception
].freeze

def total(words)
  sum = 0
  words.each_with_index do |a, i|
    words.each_with_index { |b, j| sum += distance(a, b) * (i + 2 * j + 1) }
  end
  sum
end

codes = WORDS.map(&:codepoints)
result = nil
ROUNDS.times do
  result = total(codes)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "levenshtein #{result}"
