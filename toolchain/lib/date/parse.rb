# Reading dates and times in texts of many forms: Date._parse, and the strict forms of standards.

require "date"

class Date
  # Offsets from UTC of named zones.
  module Zones
    HOURS = {
      "utc" => 0, "gmt" => 0, "ut" => 0, "z" => 0, "wet" => 0, "est" => -5, "edt" => -4, "cst" => -6, "cdt" => -5,
      "mst" => -7, "mdt" => -6, "pst" => -8, "pdt" => -7, "akst" => -9, "akdt" => -8, "hst" => -10, "hdt" => -9,
      "ast" => -4, "adt" => -3, "nst" => -3.5, "ndt" => -2.5, "brt" => -3, "art" => -3, "bst" => 1, "wat" => 1,
      "cet" => 1, "met" => 1, "mez" => 1, "west" => 1, "wast" => 2, "cest" => 2, "mest" => 2, "mesz" => 2, "eet" => 2,
      "cat" => 2, "sast" => 2, "eest" => 3, "msk" => 3, "eat" => 3, "bt" => 3, "msd" => 4, "zp4" => 4, "zp5" => 5,
      "ist" => 5.5, "zp6" => 6, "sgt" => 8, "cct" => 8, "wast" => 2, "jst" => 9, "kst" => 9, "east" => 10,
      "aest" => 10, "gst" => 10, "aedt" => 11, "eadt" => 11, "nzst" => 12, "nzt" => 12, "idle" => 12, "nzdt" => 13,
      "idlw" => -12, "yst" => -9, "ydt" => -8, "ahst" => -10, "clst" => -3, "fst" => 2, "mewt" => 1, "mesz" => 2,
      "eastern" => -5, "central" => -6, "mountain" => -7, "pacific" => -8, "alaskan" => -9, "hawaiian" => -10
    }.freeze

    # Returns seconds east of UTC for a zone as it was found in a text, nil for an unknown one.
    def self.offset(zone)
      text = zone.downcase.strip.squeeze(" ")
      daylight = text.sub!(/\s+dst\z/, "") || text.sub!(/\s+daylight\s+time\z/, "") ? 1 : 0
      text.sub!(/\s+standard\s+time\z/, "")
      if (hours = HOURS[text])
        return ((hours + daylight) * 3600).to_i
      end
      if text.match?(/\A[a-ik-z]\z/)
        number = text.ord - (text < "j" ? 96 : 97)
        return (number <= 12 ? number : text == "z" ? 0 : 12 - number) * 3600
      end
      return unless (match = /\A(?:gmt|utc)?([-+])(\d+)(?::?(\d+)(?::?(\d+))?)?(?:[.,](\d+))?/.match(text))

      digits = match[2]
      if match[3]
        hours, minutes, seconds = digits, match[3], match[4]
        if !text.include?(":")
          all = "#{digits}#{match[3]}#{match[4]}"
          hours, minutes, seconds = all[0, 2], all[2, 2], all[4, 2]
        end
      elsif digits.size > 2
        digits = digits.rjust(digits.size + digits.size % 2, "0")
        hours, minutes, seconds = digits[0, 2], digits[2, 2], digits[4, 2]
      else
        hours = digits
      end
      total = hours.to_i * 3600 + minutes.to_i * 60 + seconds.to_i
      total += ("0.#{match[5]}".to_r * 3600).to_i if match[5]
      match[1] == "-" ? -total : total
    end
  end

  MONTH_NUMBERS = ABBR_MONTHNAMES.each_with_index.to_h { |name, number| [name&.downcase, number] }.freeze
  DAY_NUMBERS = ABBR_DAYNAMES.each_with_index.to_h { |name, number| [name.downcase, number] }.freeze
  ERA_YEARS = { "m" => 1867, "t" => 1911, "s" => 1925, "h" => 1988, "r" => 2018 }.freeze

  # Takes what it knows out of the text, one form after the other.
  class TextParser
    MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    DAYS = "sun|mon|tue|wed|thu|fri|sat"
    TIME = /
      (
        \d+\s* (?: (?: :\s*\d+ (?: \s*:\s*\d+(?:[,.]\d*)? )? | h(?:\s*\d+m?(?:\s*\d+s?)?)? )
          (?: \s* [ap](?:m\b|\.m\.) )? | [ap](?:m\b|\.m\.) )
      )
      (?: \s* (
          (?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?
          | (?-i:[[:alpha:].\s]+)(?:standard|daylight)\stime\b
          | (?-i:[[:alpha:]]+)(?:\sdst)?\b
      ))?
    /xi

    def initialize(text, comp)
      @text = text.gsub(%r{[^-+',./:@[:alnum:]\[\]]+}, " ")
      @comp = comp
      @found = {}
    end

    def result
      day_name
      time
      european || american || iso || japanese || vms || slashed || dotted || iso_rest || year || month || day || digits
      before_christ
      fragment
      complete if @found[:year]
      if @found[:zone] && !@found.key?(:offset)
        @found[:offset] = Zones.offset(@found[:zone])
      end
      @found
    end

    private

    # Replaces what `pattern` matches by a blank and returns the match.
    def take(pattern)
      return unless (match = pattern.match(@text))

      @text = match.pre_match + " " + match.post_match
      match
    end

    def day_name
      match = take(/\b(#{DAYS})[^-\/\d\s]*/i) and @found[:wday] = DAY_NUMBERS[match[1].downcase]
    end

    def time
      return unless (match = take(TIME))

      @found[:zone] = match[2] if match[2]
      parts = /\A(\d+)\s*(?:h|:)?\s*(?:(\d+)m?)?(?:\s*:?\s*(\d+)(?:[,.](\d*))?s?)?\s*(?:([ap])(?:m\b|\.m\.))?/i.match(match[1])
      hour = parts[1].to_i
      if parts[5]
        hour %= 12
        hour += 12 if parts[5].downcase == "p"
      end
      @found[:hour] = hour
      @found[:min] = parts[2].to_i if parts[2]
      @found[:sec] = parts[3].to_i if parts[3]
      @found[:sec_fraction] = Rational(parts[4].to_i, 10**parts[4].size) if parts[4] && !parts[4].empty?
    end

    def european
      return unless (match = take(/('?\d+)[^-\d\s]*\s*\b(#{MONTHS})[^-\d\s']*(?:\s*(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?/i))

      set_date(match[4], MONTH_NUMBERS[match[2].downcase], match[1], bc?(match[3]))
    end

    def american
      return unless (match = take(/\b(#{MONTHS})[^-\d\s']*\s*('?\d+)[^-\d\s']*(?:\s*,?\s*(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?\s*('?-?\d+))?/i))

      set_date(match[4], MONTH_NUMBERS[match[1].downcase], match[2], bc?(match[3]))
    end

    def iso
      return unless (match = take(/('?[-+]?\d+)-(\d+)-('?-?\d+)/))

      set_date(match[1], match[2], match[3])
    end

    def iso_rest
      if (match = take(/\b(\d{2}|\d{4})?-?w(\d{2})(?:-?(\d))?\b/i))
        @found[:cwyear] = match[1].to_i if match[1]
        @found[:cweek] = match[2].to_i
        @found[:cwday] = match[3].to_i if match[3]
      elsif (match = take(/-w-(\d)\b/i))
        @found[:cwday] = match[1].to_i
      elsif (match = take(/--(\d{2})?-(\d{2})\b/))
        @found[:mon] = match[1].to_i if match[1]
        @found[:mday] = match[2].to_i
      elsif (match = take(/--(\d{2})(\d{2})?\b/))
        @found[:mon] = match[1].to_i
        @found[:mday] = match[2].to_i if match[2]
      elsif !/[,.](\d{2}|\d{4})-\d{3}(?!\d)\b/.match?(@text) && (match = take(/\b(\d{2}|\d{4})-(\d{3})\b/))
        @found[:year] = match[1].to_i
        @found[:yday] = match[2].to_i
      elsif !/\d-\d{3}\b/.match?(@text) && (match = take(/\b-(\d{3})\b/))
        @found[:yday] = match[1].to_i
      end
    end

    def japanese
      return unless (match = take(/\b([mtshr])(\d+)\.(\d+)\.(\d+)/i))

      @found[:year] = match[2].to_i + ERA_YEARS[match[1].downcase]
      @found[:mon] = match[3].to_i
      @found[:mday] = match[4].to_i
    end

    def vms
      if (match = take(/('?-?\d+)-(#{MONTHS})[^-\/.]*-('?-?\d+)/i))
        set_date(match[3], MONTH_NUMBERS[match[2].downcase], match[1])
      elsif (match = take(/\b(#{MONTHS})[^-\/.]*-('?-?\d+)(?:-('?-?\d+))?/i))
        set_date(match[3], MONTH_NUMBERS[match[1].downcase], match[2])
      end
    end

    def slashed
      if (match = take(%r{('?-?\d+)/\s*(#{MONTHS})[^-/.\d]*(?:/\s*('?-?\d+))?}i))
        set_date(match[3], MONTH_NUMBERS[match[2].downcase], match[1])
      elsif (match = take(%r{('?-?\d+)/\s*('?\d+)(?:\D\s*('?-?\d+))?}))
        set_date(match[1], match[2], match[3])
      end
    end

    def dotted
      match = take(/('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)/) and set_date(match[1], match[2], match[3])
    end

    def year
      match = take(/'(\d+)\b/) and @found[:year] = match[1].to_i
    end

    def month
      match = take(/\b(#{MONTHS})\S*/i) and @found[:mon] = MONTH_NUMBERS[match[1].downcase]
    end

    def day
      match = take(/(\d+)(st|nd|rd|th)\b/i) and @found[:mday] = match[1].to_i
    end

    # Digits in one: their number tells what they mean.
    def digits
      return unless (match = take(/([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?(z\b|[-+]\d{1,4}\b|\[[-+]?\d[^\]]*\])?/i))

      number, clock = match[2], match[3]
      case number.size
      when 2 then @found[:mday] = number.to_i
      when 4
        @found[:mon], @found[:mday] = number[0, 2].to_i, number[2, 2].to_i
      when 6
        @found[:year], @found[:mon], @found[:mday] = (match[1] + number[0, 2]).to_i, number[2, 2].to_i, number[4, 2].to_i
      when 8, 10, 12, 14
        @found[:year], @found[:mon], @found[:mday] = (match[1] + number[0, 4]).to_i, number[4, 2].to_i, number[6, 2].to_i
        %i[hour min sec].each_with_index do |name, index|
          @found[name] = number[8 + index * 2, 2].to_i if number.size >= 10 + index * 2
        end
        @comp = false
      when 3 then @found[:yday] = number.to_i
      when 5
        @found[:year], @found[:yday] = (match[1] + number[0, 2]).to_i, number[2, 3].to_i
      when 7
        @found[:year], @found[:yday] = (match[1] + number[0, 4]).to_i, number[4, 3].to_i
      end
      if clock && !clock.empty?
        @found[:hour] = clock[0, 2].to_i
        @found[:min] = clock[2, 2].to_i if clock.size >= 4
        @found[:sec] = clock[4, 2].to_i if clock.size >= 6
      end
      @found[:sec_fraction] = Rational(match[4].to_i, 10**match[4].size) if match[4] && !match[4].empty?
      return unless match[5]

      zone = match[5].delete("[]")
      zone = "+#{zone}" if zone.match?(/\A\d/)
      @found[:zone] = zone
    end

    def before_christ
      return unless take(/\b(bc\b|bce\b|b\.c\.|b\.c\.e\.)/i)

      @found[:cwyear] = 1 - @found[:cwyear] if @found[:cwyear]
      @found[:year] = 1 - @found[:year] if @found[:year]
      @comp = false
    end

    # A lone number next to a time is a day, next to a day an hour.
    def fragment
      return unless (match = /\A\s*(\d{1,2})\s*\z/.match(@text))

      number = match[1].to_i
      if @found[:hour] && !@found[:mday]
        @found[:mday] = number if (1..31).cover?(number)
      elsif @found[:mday] && !@found[:hour]
        @found[:hour] = number if (0..24).cover?(number)
      end
    end

    def bc?(text) = text ? text.match?(/\Ab/i) : false

    # Decides which of the three is the year: the one that is too long or marked to be a day.
    def set_date(year, month, day, before_christ = false)
      month = month.to_s if month
      if year && month && !day
        year, month, day = day, year, month
      end
      if year.nil?
        if day && (day.size > 2 && day.match?(/\A'?-?\d{3,}/) || day.start_with?("'"))
          year, day = day, nil
        end
      elsif !year.match?(/\A'|\A[-+]?\d{3,}/) && day && day.match?(/\A'|\A-?\d{3,}/)
        year, day = day, year
      end
      if month && (month.start_with?("'") || month.size > 2)
        year, month, day = month, day, year
      end
      if year
        digits = year[/[-+]?\d+/]
        @comp = false if year.start_with?("'") ? false : digits.match?(/\A[-+]|\d{3,}/)
        @found[:year] = digits.to_i
        @found[:year] = 1 - @found[:year] if before_christ
      end
      @found[:mon] = month[/\d+/].to_i if month
      @found[:mday] = day[/\d+/].to_i if day
      true
    end

    # A year of two digits is one from 1969 to 2068.
    def complete
      return unless @comp && @found[:year].between?(0, 99)

      @found[:year] += @found[:year] >= 69 ? 1900 : 2000
    end
  end

  # The strict forms; each returns the parts that it finds, none if the text has another form.
  module Forms
    module_function

    def set_time(found, hour, minute, second, fraction, zone)
      found[:hour] = hour.to_i if hour
      found[:min] = minute.to_i if minute
      found[:sec] = second.to_i if second
      found[:sec_fraction] = Rational(fraction.to_i, 10**fraction.size) if fraction
      if zone
        found[:zone] = zone
        found[:offset] = Zones.offset(zone)
      end
      found
    end

    def full_year(text)
      return text.to_i unless text.size == 2

      text.to_i + (text.to_i >= 69 ? 1900 : 2000)
    end

    def iso8601(text)
      time = /(?:[T\s](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|[-+]\d{2}(?::?\d{2})?)?)?/i
      short = /(?:T?(\d{2})(\d{2})(?:(\d{2})(?:[.,](\d+))?)?(Z|[-+]\d{2}(?::?\d{2})?)?)?/i
      found = {}
      case text
      when /\A\s*([-+]?\d{2,})-(\d{2})(?:-(\d{2}))?#{time}\s*\z/i
        found[:mday] = $3.to_i if $3
        set_time({ year: full_year($1), mon: $2.to_i, **found }, $4, $5, $6, $7, $8)
      when /\A\s*([-+]?\d{2,})-(\d{3})#{time}\s*\z/i
        set_time({ yday: $2.to_i, year: full_year($1) }, $3, $4, $5, $6, $7)
      when /\A\s*(\d{4}|\d{2})-w(\d{2})-(\d)#{time}\s*\z/i
        set_time({ cwyear: full_year($1), cweek: $2.to_i, cwday: $3.to_i }, $4, $5, $6, $7, $8)
      when /\A\s*-w-(\d)#{time}\s*\z/i
        set_time({ cwday: $1.to_i }, $2, $3, $4, $5, $6)
      when /\A\s*--(\d{2})?-(\d{2})#{time}\s*\z/i
        found[:mon] = $1.to_i if $1
        set_time({ **found, mday: $2.to_i }, $3, $4, $5, $6, $7)
      when /\A\s*([-+]?(?:\d{4}|\d{2}))(\d{2})(\d{2})#{short}\s*\z/i
        set_time({ year: full_year($1), mon: $2.to_i, mday: $3.to_i }, $4, $5, $6, $7, $8)
      when /\A\s*([-+]?(?:\d{4}|\d{2}))(\d{3})#{short}\s*\z/i
        set_time({ yday: $2.to_i, year: full_year($1) }, $3, $4, $5, $6, $7)
      when /\A\s*(\d{4}|\d{2})w(\d{2})(\d)#{short}\s*\z/i
        set_time({ cwyear: full_year($1), cweek: $2.to_i, cwday: $3.to_i }, $4, $5, $6, $7, $8)
      when /\A\s*(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?(Z|[-+]\d{2}(?::?\d{2})?)?)?\s*\z/i
        set_time({}, $1, $2, $3, $4, $5)
      else found
      end
    end

    def rfc3339(text)
      return {} unless /\A\s*(-?\d{4})-(\d{2})-(\d{2})(?:t|\s)(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(z|[-+]\d{2}:\d{2})\s*\z/i =~ text

      set_time({ year: $1.to_i, mon: $2.to_i, mday: $3.to_i }, $4, $5, $6, $7, $8)
    end

    def xmlschema(text)
      return {} unless /\A\s*(-?\d{4,})(?:-(\d{2})(?:-(\d{2}))?)?(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?)?(Z|[-+]\d{2}(?::?\d{2})?)?\s*\z/i =~ text

      found = { year: $1.to_i }
      found[:mon] = $2.to_i if $2
      found[:mday] = $3.to_i if $3
      set_time(found, $4, $5, $6, $7, $8)
    end

    def rfc2822(text)
      return {} unless /\A\s*(?:(#{TextParser::DAYS})\s*,\s+)?(\d{1,2})\s+(#{TextParser::MONTHS})\s+(-?\d{2,})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s*([-+]\d{4}|[-[:alpha:]]+)\s*\z/i =~ text

      found = {}
      found[:wday] = DAY_NUMBERS[$1.downcase] if $1
      year = $4.to_i
      year += year >= 50 ? 1900 : 2000 if $4.size < 4
      set_time({ **found, mday: $2.to_i, mon: MONTH_NUMBERS[$3.downcase], year: year }, $5, $6, $7, nil, $8)
    end

    def httpdate(text)
      case text
      when /\A\s*(#{TextParser::DAYS})\s*,\s+(\d{2})\s+(#{TextParser::MONTHS})\s+(-?\d{4})\s+(\d{2}):(\d{2}):(\d{2})\s+(gmt)\s*\z/i
        found = { wday: DAY_NUMBERS[$1.downcase], mday: $2.to_i, mon: MONTH_NUMBERS[$3.downcase], year: $4.to_i }
        set_time(found, $5, $6, $7, nil, $8)
      when /\A\s*(#{TextParser::DAYS})[a-z]*\s*,\s+(\d{2})\s*-\s*(#{TextParser::MONTHS})\s*-\s*(\d{2})\s+(\d{2}):(\d{2}):(\d{2})\s+(gmt)\s*\z/i
        found = { wday: DAY_NUMBERS[$1.downcase], mday: $2.to_i, mon: MONTH_NUMBERS[$3.downcase], year: full_year($4) }
        set_time(found, $5, $6, $7, nil, $8)
      when /\A\s*(#{TextParser::DAYS})\s+(#{TextParser::MONTHS})\s+(\d{1,2})\s+(\d{2}):(\d{2}):(\d{2})\s+(\d{4})\s*\z/i
        found = { wday: DAY_NUMBERS[$1.downcase], mon: MONTH_NUMBERS[$2.downcase], mday: $3.to_i }
        set_time(found, $4, $5, $6, nil, nil)[:year] = $7.to_i
        found
      else {}
      end
    end

    def jisx0301(text)
      return iso8601(text) unless /\A\s*([mtshr])?(\d{2})\.(\d{2})\.(\d{2})(?:t(?:(\d{2}):(\d{2})(?::(\d{2})(?:[,.](\d*))?)?(z|[-+]\d{2}(?::?\d{2})?)?)?)?\s*\z/i =~ text

      found = { year: $2.to_i + ERA_YEARS[($1 || "h").downcase], mon: $3.to_i, mday: $4.to_i }
      set_time(found, $5, $6, $7, $8, $9)
    end
  end
end
