# Times as texts: Time.parse, strptime, and the forms of RFC 2822, HTTP and XML Schema.

require "date"

class Time
  ZoneOffset = {
    "UTC" => 0, "Z" => 0, "UT" => 0, "GMT" => 0, "EST" => -5, "EDT" => -4, "CST" => -6, "CDT" => -5, "MST" => -7,
    "MDT" => -6, "PST" => -8, "PDT" => -7, "A" => 1, "B" => 2, "C" => 3, "D" => 4, "E" => 5, "F" => 6, "G" => 7,
    "H" => 8, "I" => 9, "K" => 10, "L" => 11, "M" => 12, "N" => -1, "O" => -2, "P" => -3, "Q" => -4, "R" => -5,
    "S" => -6, "T" => -7, "U" => -8, "V" => -9, "W" => -10, "X" => -11, "Y" => -12
  }.freeze
  private_constant :ZoneOffset

  class << self
    # Returns the seconds that a zone is ahead of UTC, nil for one that is not known.
    def zone_offset(zone, year = now.year)
      zone = zone.upcase
      if (match = /\A([+-])(\d\d)(:?)(\d\d)(?:\3(\d\d))?\z/.match(zone))
        seconds = match[2].to_i * 3600 + match[4].to_i * 60 + match[5].to_i
        match[1] == "-" ? -seconds : seconds
      elsif zone.match?(/\A[+-]\d\d\z/)
        zone.to_i * 3600
      elsif ZoneOffset.key?(zone)
        ZoneOffset[zone] * 3600
      elsif (time = local(year, 1, 1)).zone.upcase == zone || (time = local(year, 7, 1)).zone.upcase == zone
        time.utc_offset
      end
    end

    def parse(date, now = self.now)
      parts = Date._parse(date, !block_given?)
      year = parts[:year]
      year = yield(year) if year && block_given?
      make_time(date, year, parts, now)
    end

    def strptime(date, format, now = self.now)
      parts = Date._strptime(date, format)
      if parts.nil? || parts.key?(:leftover)
        raise ArgumentError, "invalid date or strptime format - '#{date}' '#{format}'"
      end

      if (seconds = parts[:seconds])
        seconds += parts[:sec_fraction] if parts[:sec_fraction]
        time = at(seconds)
        parts[:zone] ? in_zone(time, parts[:zone], parts[:offset]) : time
      else
        year = parts[:year]
        year = yield(year) if year && block_given?
        if parts[:yday] && !parts[:mon] || parts[:cwyear] || parts[:wnum0] || parts[:wnum1]
          jd = Date.jd_of_parts(parts, Date::ITALY) or raise ArgumentError, "invalid date or strptime format - '#{date}' '#{format}'"
          day = Date.jd(jd)
          year = day.year
          parts = parts.merge(mon: day.mon, mday: day.mday)
        end
        make_time(date, year, parts, now)
      end
    end

    def rfc2822(date)
      match = /\A\s*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s*,\s*)?(\d{1,2})\s+(#{MONTHS})\s+(\d{2,})\s+(\d{2})\s*:\s*(\d{2})(?:\s*:\s*(\d\d))?\s*([+-]\d{4}|UT|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|[A-IK-Z])/ix.match(date)
      raise ArgumentError, "not RFC 2822 compliant date: #{date.inspect}" unless match

      year = match[3].to_i
      year += match[3].size == 2 && year < 50 ? 2000 : 1900 if match[3].size < 4
      clock = [match[4].to_i, match[5].to_i, match[6].to_i]
      in_zone(utc(year, match[2], match[1].to_i, *clock) - zone_offset(match[7]), match[7])
    end
    alias rfc822 rfc2822

    def httpdate(date)
      case date
      when /\A\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\x20(\d{2})\x20(#{MONTHS})\x20(\d{4})\x20(\d{2}):(\d{2}):(\d{2})\x20GMT\s*\z/i
        utc($3.to_i, $2, $1.to_i, $4.to_i, $5.to_i, $6.to_i)
      when /\A\s*(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday),\x20(\d\d)-(#{MONTHS})-(\d\d)\x20(\d\d):(\d\d):(\d\d)\x20GMT\s*\z/i
        year = $3.to_i
        utc(year + (year < 50 ? 2000 : 1900), $2, $1.to_i, $4.to_i, $5.to_i, $6.to_i)
      when /\A\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\x20(#{MONTHS})\x20(\d\d|\x20\d)\x20(\d\d):(\d\d):(\d\d)\x20(\d{4})\s*\z/i
        utc($6.to_i, $1, $2.to_i, $3.to_i, $4.to_i, $5.to_i)
      else
        raise ArgumentError, "not RFC 2616 compliant date: #{date.inspect}"
      end
    end

    def xmlschema(time)
      match = /\A\s*(-?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?\s*\z/i.match(time)
      raise ArgumentError, "invalid xmlschema format: #{time.inspect}" unless match

      parts = match.captures.first(6).map(&:to_i)
      micro = match[7] ? Rational(match[7].to_i, 10**match[7].size) * 1_000_000 : 0
      return local(*parts, micro) unless (zone = match[8])

      in_zone(utc(*parts, micro) - zone_offset(zone), zone)
    end
    alias iso8601 xmlschema

    private

    # Shows a time in a zone that was read, local time where the two agree.
    def in_zone(time, zone, offset = nil)
      return time.utc if zone.match?(/\A(?:-00:00|-0000|-00|UTC|Z|UT)\z/i)

      offset ||= zone_offset(zone)
      return time.localtime unless offset

      time = time.localtime
      time.utc_offset == offset ? time : time.localtime(offset)
    end

    # Makes a time of parts; those before the first that was given come from `now`, those behind are the smallest.
    def make_time(date, year, parts, now)
      month, day, hour, minute, second = parts.values_at(:mon, :mday, :hour, :min, :sec)
      fraction, zone = parts.values_at(:sec_fraction, :zone)
      if !year && !parts[:yday] && !month && !day && !hour && !minute && !second && !fraction
        raise ArgumentError, "no time information in #{date.inspect}"
      end

      if !year && parts[:yday]
        year = now.year
      end
      if parts[:yday] && !month
        found = Date.ordinal(year, parts[:yday])
        month, day = found.mon, found.mday
      end
      offset = zone_offset(zone, year || now.year) if zone
      if now && now.respond_to?(:getlocal)
        now = offset ? now.getlocal(offset) : now.getlocal
        unless year
          year = now.year
          unless month
            month = now.mon
            unless day
              day = now.day
              unless hour
                hour = now.hour
                unless minute
                  minute = now.min
                  second ||= now.sec
                end
              end
            end
          end
        end
      end
      micro = fraction ? fraction * 1_000_000 : 0
      all = [year, month || 1, day || 1, hour || 0, minute || 0, second || 0, micro]
      return local(*all) unless offset

      in_zone(utc(*all) - offset, zone, offset)
    end
  end

  MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
  private_constant :MONTHS

  def rfc2822 = strftime(utc? ? "%a, %d %b %Y %T -0000" : "%a, %d %b %Y %T %z")
  alias rfc822 rfc2822
  def httpdate = getutc.strftime("%a, %d %b %Y %T GMT")
end
