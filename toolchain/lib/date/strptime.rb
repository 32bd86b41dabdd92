# Date._strptime: reading a text by a format.

require "date"

class Date
  class FormatParser
    COMPOUND = {
      "c" => "%a %b %e %H:%M:%S %Y", "D" => "%m/%d/%y", "x" => "%m/%d/%y", "F" => "%Y-%m-%d", "n" => " ", "t" => " ",
      "R" => "%H:%M", "r" => "%I:%M:%S %p", "T" => "%H:%M:%S", "X" => "%H:%M:%S", "v" => "%e-%b-%Y",
      "+" => "%a %b %e %H:%M:%S %Z %Y"
    }.freeze
    # Directive -> part, digits, range.
    NUMBERS = {
      "d" => [:mday, 2, 1..31], "e" => [:mday, 2, 1..31], "H" => [:hour, 2, 0..24], "k" => [:hour, 2, 0..24],
      "I" => [:hour, 2, 1..12], "l" => [:hour, 2, 1..12], "j" => [:yday, 3, 1..366], "M" => [:min, 2, 0..59],
      "m" => [:mon, 2, 1..12], "S" => [:sec, 2, 0..60], "U" => [:wnum0, 2, 0..53], "W" => [:wnum1, 2, 0..53],
      "V" => [:cweek, 2, 1..53], "u" => [:cwday, 1, 1..7], "w" => [:wday, 1, 0..6]
    }.freeze
    ZONE = /\G(?:(?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?|(?-i:[[:alpha:].\s]+)(?:standard|daylight)\s+time\b|(?-i:[[:alpha:]]+)(?:\s+dst)?\b)/i

    def initialize(text, format)
      @text = text.to_str
      @format = format.to_str
      @at = 0
      @found = {}
    end

    # Returns the parts by name, nil if the text has another form; `leftover` is what lies behind.
    def result
      return unless read(@format)

      @found[:leftover] = @text[@at..] if @at < @text.size
      if (century = @found.delete(:_cent))
        @found[:cwyear] += century * 100 if @found[:cwyear]
        @found[:year] += century * 100 if @found[:year]
      end
      if (afternoon = @found.delete(:_merid))
        @found[:hour] = @found[:hour] % 12 + afternoon if @found[:hour]
      end
      @found
    end

    private

    def read(format)
      index = 0
      while index < format.size
        letter = format[index]
        index += 1
        if letter.match?(/\s/)
          @at += 1 while @at < @text.size && @text[@at].match?(/\s/)
        elsif letter == "%" && index < format.size
          letter = format[index]
          index += 1
          if letter == ":" && (zone = /\G:{0,2}z/.match(format, index))
            index = zone.end(0)
            letter = "z"
          elsif "EO".include?(letter) && index < format.size
            letter = format[index]
            index += 1
          end
          next_digit = format[index..].match?(/\A(?:\d|%[EO]?[CDdeFGgHIjkLlMmNQRrSsTUuVvWwXxYy\d])/)
          return false unless directive(letter, next_digit)
        else
          return false unless @text[@at] == letter

          @at += 1
        end
      end
      true
    end

    def take(pattern)
      match = pattern.match(@text, @at)
      @at = match.end(0) if match
      match
    end

    def directive(letter, next_digit)
      if (number = NUMBERS[letter])
        return number(*number)
      end
      return read(COMPOUND[letter]) if COMPOUND.key?(letter)

      case letter
      when "A", "a"
        match = take(/\G(?:#{DAYNAMES.join("|")}|#{ABBR_DAYNAMES.join("|")})/i) or return false
        @found[:wday] = ABBR_DAYNAMES.index(match[0][0, 3].capitalize)
      when "B", "b", "h"
        match = take(/\G(?:#{MONTHNAMES.compact.join("|")}|#{ABBR_MONTHNAMES.compact.join("|")})/i) or return false
        @found[:mon] = ABBR_MONTHNAMES.index(match[0][0, 3].capitalize)
      when "C"
        match = take(next_digit ? /\G[-+]?\d{1,2}/ : /\G[-+]?\d+/) or return false
        @found[:_cent] = match[0].to_i
      when "Y", "G"
        match = take(next_digit ? /\G[-+]?\d{1,4}/ : /\G[-+]?\d+/) or return false
        @found[letter == "Y" ? :year : :cwyear] = match[0].to_i
      when "y", "g"
        match = take(/\G\d{1,2}/) or return false
        @found[letter == "y" ? :year : :cwyear] = match[0].to_i
        @found[:_cent] ||= match[0].to_i >= 69 ? 19 : 20
      when "L", "N"
        match = take(next_digit ? /\G([-+]?)(\d{1,#{letter == "L" ? 3 : 9}})/ : /\G([-+]?)(\d+)/) or return false
        fraction = Rational(match[2].to_i, 10**match[2].size)
        @found[:sec_fraction] = match[1] == "-" ? -fraction : fraction
      when "P", "p"
        match = take(/\G([ap])(?:m\b|\.m\.)/i) or return false
        @found[:_merid] = match[1].downcase == "p" ? 12 : 0
      when "Q"
        match = take(/\G-?\d+/) or return false
        @found[:seconds] = Rational(match[0].to_i, 1000)
      when "s"
        match = take(/\G-?\d+/) or return false
        @found[:seconds] = match[0].to_i
      when "Z", "z"
        match = take(ZONE) or return false
        require "date/parse"
        @found[:zone] = match[0]
        @found[:offset] = Zones.offset(match[0])
      when "%"
        return false unless @text[@at] == "%"

        @at += 1
      else
        return false unless @text[@at, 2] == "%#{letter}"

        @at += 2
      end
      true
    end

    def number(name, digits, range)
      match = take(/\G\s?\d{1,#{digits}}/) or return false
      value = match[0].to_i
      return false unless range.cover?(value)

      @found[name] = value
      true
    end
  end
end
