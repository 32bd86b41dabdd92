# Abbrev: the abbreviations of words that mean one word only.

module Abbrev
  VERSION = "0.1.2"

  def abbrev(words, pattern = nil)
    pattern = /\A#{Regexp.quote(pattern)}/ if pattern.is_a?(String)
    table = {}
    seen = Hash.new(0)
    words.each do |word|
      next if word.empty?

      word.size.downto(1) do |length|
        short = word[0, length]
        next if pattern && pattern !~ short

        case seen[short] += 1
        when 1 then table[short] = word
        when 2 then table.delete(short)
        else break
        end
      end
    end
    words.each { |word| table[word] = word unless pattern && pattern !~ word }
    table
  end

  module_function :abbrev
end

class Array
  def abbrev(pattern = nil) = Abbrev.abbrev(self, pattern)
end
