# Counts the words of a text: splits lines, scans with a regular expression, groups and ranks.
# Stresses: String scanning, Hash with String and Symbol keys, sort_by, each_with_object.
ROUNDS = (ARGV[0] || 430).to_i
EXPECTED = 90_541_528

SYLLABLES = %w[ka lo mi ne ru sa to vi].freeze

# A text that is the same everywhere: words of one to three syllables, some capitalised, some with punctuation.
def text(lines)
  seed = 42
  Array.new(lines) do
    Array.new(12) do
      seed = (seed * 75 + 74) % 65_537
      word = SYLLABLES[seed % 8]
      word += SYLLABLES[seed / 8 % 8] if seed % 3 > 0
      word += SYLLABLES[seed / 64 % 8] if seed % 7 > 4
      word = word.capitalize if seed % 5 == 0
      seed % 11 == 0 ? "#{word}," : word
    end.join(" ")
  end.join(".\n")
end

def count_words(text)
  counts = Hash.new(0)
  text.each_line do |line|
    line.scan(/[a-z]+/i) { |word| counts[word.downcase] += 1 }
  end
  counts
end

def statistics(counts)
  kinds = { short: 0, middle: 0, long: 0 }
  by_initial = counts.keys.each_with_object({}) { |word, groups| (groups[word[0].to_sym] ||= []) << word }
  counts.each do |word, count|
    kind = word.size < 3 ? :short : word.size < 5 ? :middle : :long
    kinds[kind] += count
  end
  best = counts.sort_by { |word, count| [-count, word] }.first(20)
  [kinds, by_initial, best]
end

def weigh(text)
  kinds, by_initial, best = statistics(count_words(text))
  sum = kinds[:short] * 3 + kinds[:middle] * 5 + kinds[:long] * 7
  best.each_with_index { |(word, count), rank| sum += (rank + 1) * count * word.sum }
  sum * 100 + by_initial.sum { |initial, words| words.size * initial.to_s.ord } % 100
end

source = text(60)
result = nil
ROUNDS.times do
  result = weigh(source)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "words #{result}"
