# Builds a report line by line: interpolation, appending, padding, joining, replacing.
# Stresses: String allocation and mutation, formatting.
ROUNDS = (ARGV[0] || 390).to_i
EXPECTED = 36_241_804_901

NAMES = %w[apple banana cherry date elderberry fig grape].freeze

def report(lines)
  out = +""
  total = 0
  lines.times do |i|
    name = NAMES[i % NAMES.size]
    price = i * 37 % 1000
    total += price
    out << "#{i.to_s.rjust(5)} #{name.capitalize.ljust(12)}" << price.to_s.rjust(6, ".")
    out << format(" %05.2f%%", price / 10.0)
    out << " (#{name[0, 3].upcase}-#{name.reverse})" if i.odd?
    out << "\n"
  end
  out << "total" << "=" * 10 << total.to_s
end

def squeeze(text)
  words = text.split("\n").map { |line| line.strip.tr(".", " ").sub("an", "AN").gsub("rr", "R") }
  words.reject! { |line| line.end_with?("e") || line.start_with?("1") }
  words.join("|")
end

def checksum(text)
  sum = 0
  text.each_byte { |byte| sum = (sum * 31 + byte) % 1_000_003 }
  sum
end

result = nil
ROUNDS.times do
  text = squeeze(report(250))
  result = checksum(text) * 100_000 + text.size
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "strings #{result}"
