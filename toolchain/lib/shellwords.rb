# Shellwords: words as a POSIX shell takes them apart and needs them quoted.

module Shellwords
  VERSION = "0.2.2"

  def shellsplit(line)
    words = []
    field = +""
    line.scan(/\G\s*(?>([^\0\s\\'"]+)|'([^\0']*)'|"((?:[^\0"\\]|\\[^\0])*)"|(\\[^\0]?)|(\S))(\s|\z)?/m) do
      |word, single, double, escape, garbage, separator|
      if garbage
        before = $~.begin(0)
        quoted = "#{"..." if before > 0}#{$~[0]}"
        raise ArgumentError, "#{garbage == "\0" ? "Nul character" : "Unmatched quote"} at #{before}: #{quoted}"
      end

      field << (word || single || double&.gsub(/\\([$`"\\\n])/, '\\1') || escape.gsub(/\\(.)/, '\\1'))
      if separator
        words << field
        field = +""
      end
    end
    words
  end
  alias shellwords shellsplit

  def shellescape(text)
    text = text.to_s
    return "''" if text.empty?
    raise ArgumentError, "NUL character" if text.include?("\0")

    text.gsub(/[^A-Za-z0-9_\-.,:+\/@\n]/, "\\\\\\&").gsub("\n", "'\n'")
  end

  def shelljoin(words) = words.map { |word| shellescape(word) }.join(" ")

  module_function :shellsplit, :shellwords, :shellescape, :shelljoin

  class << self
    alias split shellsplit
    alias escape shellescape
    alias join shelljoin
  end
end

class String
  def shellsplit = Shellwords.split(self)
  def shellescape = Shellwords.escape(self)
end

class Array
  def shelljoin = Shellwords.join(self)
end
