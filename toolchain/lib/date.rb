# Date and DateTime: days of the calendar, by Julian day number, with the change from Julian to Gregorian calendar.
# Texts are read in date/parse.rb and date/strptime.rb.

class Date
  include Comparable

  VERSION = "3.5.1"
  ITALY = 2299161
  ENGLAND = 2361222
  JULIAN = Float::INFINITY
  GREGORIAN = -Float::INFINITY
  MONTHNAMES = [
    nil, "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December"
  ].each(&:freeze).freeze
  ABBR_MONTHNAMES = MONTHNAMES.map { |name| name && name[0, 3].freeze }.freeze
  DAYNAMES = %w[Sunday Monday Tuesday Wednesday Thursday Friday Saturday].each(&:freeze).freeze
  ABBR_DAYNAMES = DAYNAMES.map { |name| name[0, 3].freeze }.freeze

  class Error < ArgumentError
    def initialize(message = "invalid date") = super
  end

  # Day numbers and calendars. Years of the Julian calendar are told from Gregorian ones by `start`, the first day
  # number of the latter.
  module Calendar
    DAY_NS = 86_400_000_000_000
    UNIX_EPOCH = 2_440_588
    LENGTHS = [nil, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].freeze

    module_function

    def gregorian_leap?(year) = year % 4 == 0 && year % 100 != 0 || year % 400 == 0

    # Returns the day number of a civil date that may not exist.
    def civil_to_jd(year, month, day, start)
      year, month = year - 1, month + 12 if month <= 2
      jd = (365.25 * (year + 4716)).floor + (30.6001 * (month + 1)).floor + day - 1524
      if year.abs > 100_000_000
        jd = (1461 * (year + 4716)).div(4) + (306_001 * (month + 1)).div(10_000) + day - 1524
      end
      century = year.div(100)
      gregorian = jd + 2 - century + century.div(4)
      gregorian < start ? jd : gregorian
    end

    def jd_to_civil(jd, start)
      if jd < start
        a = jd
      else
        x = (4 * jd - 7_468_865).div(146_097)
        a = jd + 1 + x - x.div(4)
      end
      b = a + 1524
      c = (20 * b - 2442).div(7305)
      d = (1461 * c).div(4)
      e = ((b - d) * 10_000).div(306_001)
      day = b - d - (306_001 * e).div(10_000)
      e <= 13 ? [c - 4716, e - 1, day] : [c - 4715, e - 13, day]
    end

    # Returns the day number of a civil date, nil if there is no such day. Negative numbers count from the end.
    def valid_civil(year, month, day, start)
      month += 13 if month < 0
      return if month < 1 || month > 12

      if day < 0
        return if day < -31

        last = last_day(year, month, start)
        found = jd_to_civil(last + day + 1, start)
        return found[0] == year && found[1] == month ? last + day + 1 : nil
      end
      return if day < 1 || day > 31

      jd = civil_to_jd(year, month, day, start)
      return jd if day <= 28 && jd >= ITALY + 400_000

      jd_to_civil(jd, start) == [year, month, day] ? jd : nil
    end

    def last_day(year, month, start)
      31.downto(1) do |day|
        jd = civil_to_jd(year, month, day, start)
        return jd if jd_to_civil(jd, start) == [year, month, day]
      end
    end

    def valid_ordinal(year, yday, start)
      first = first_day(year, start)
      jd = yday < 0 ? first_day(year + 1, start) + yday : first + yday - 1
      yday != 0 && jd_to_civil(jd, start)[0] == year ? jd : nil
    end

    # The first day of a year: 1 January, or what follows it where the calendar was changed.
    def first_day(year, start) = (1..31).each { |day| (jd = valid_civil(year, 1, day, start)) and return jd }

    def valid_commercial(year, week, day, start)
      day += 8 if day < 0
      return if day < 1 || day > 7

      if week < 0
        week = jd_to_commercial(commercial_to_jd(year + 1, 1, 1, start) + week * 7, start)[1]
      end
      jd = commercial_to_jd(year, week, day, start)
      jd_to_commercial(jd, start) == [year, week, day] ? jd : nil
    end

    def commercial_to_jd(year, week, day, start)
      fourth = civil_to_jd(year, 1, 4, start)
      fourth - fourth % 7 + 7 * (week - 1) + day - 1
    end

    def jd_to_commercial(jd, start)
      year = jd_to_civil(jd - 3, start)[0]
      year += 1 if jd >= commercial_to_jd(year + 1, 1, 1, start)
      [year, 1 + (jd - commercial_to_jd(year, 1, 1, start)).div(7), jd % 7 + 1]
    end

    # Returns the day number for week `week` of a year whose weeks begin on Sunday (0) or Monday (1).
    def valid_weeknum(year, week, day, first, start)
      base = civil_to_jd(year, 1, 1, start) + 6
      jd = base - (base - first + 1) % 7 - 7 + 7 * week + day
      jd_to_civil(jd, start)[0] == year ? jd : nil
    end
  end

  class << self
    def new(year = -4712, month = 1, day = 1, start = ITALY)
      jd = Calendar.valid_civil(number(year, "year"), number(month, "month"), number(day, "day"), start)
      raise Error unless jd

      from_jd(jd, start)
    end
    alias civil new

    def jd(jd = 0, start = ITALY)
      raise TypeError, "invalid jd (not numeric)" unless jd.is_a?(Numeric)

      from_jd(jd.floor, start)
    end

    def ordinal(year = -4712, yday = 1, start = ITALY)
      from_jd(Calendar.valid_ordinal(number(year, "year"), number(yday, "yday"), start) || raise(Error), start)
    end

    def commercial(year = -4712, week = 1, day = 1, start = ITALY)
      jd = Calendar.valid_commercial(number(year, "year"), number(week, "cweek"), number(day, "cwday"), start)
      from_jd(jd || raise(Error), start)
    end

    def today(start = ITALY)
      now = Time.now
      from_jd(Calendar.civil_to_jd(now.year, now.mon, now.mday, GREGORIAN), start)
    end

    def valid_civil?(year, month, day, start = ITALY)
      return false unless [year, month, day].all?(Numeric)

      Calendar.valid_civil(year.to_i, month.to_i, day.to_i, start) ? true : false
    end
    alias valid_date? valid_civil?

    def valid_ordinal?(year, yday, start = ITALY)
      [year, yday].all?(Numeric) && Calendar.valid_ordinal(year, yday, start) ? true : false
    end

    def valid_commercial?(year, week, day, start = ITALY)
      [year, week, day].all?(Numeric) && Calendar.valid_commercial(year, week, day, start) ? true : false
    end

    def valid_jd?(jd, start = ITALY) = jd.is_a?(Numeric)

    def gregorian_leap?(year)
      raise TypeError, "invalid year (not numeric)" unless year.is_a?(Numeric)

      Calendar.gregorian_leap?(year)
    end
    alias leap? gregorian_leap?

    def _parse(text, comp = true, limit: 128)
      require "date/parse"
      TextParser.new(checked(text, limit), comp).result
    end

    def _strptime(text, format = "%F")
      require "date/strptime"
      FormatParser.new(text, format).result
    end

    %w[iso8601 rfc3339 xmlschema rfc2822 httpdate jisx0301].each do |form|
      define_method(:"_#{form}") do |text, limit: 128|
        require "date/parse"
        text.nil? ? {} : Forms.public_send(form, checked(text, limit))
      end
      define_method(form) do |text = nil, start = ITALY, limit: 128|
        text ||= instance_of_default_text
        from_hash(public_send(:"_#{form}", text, limit: limit), start)
      end
    end
    alias _rfc822 _rfc2822
    alias rfc822 rfc2822

    def parse(text = "-4712-01-01", comp = true, start = ITALY, limit: 128)
      from_hash(_parse(text, comp, limit: limit), start)
    end

    def strptime(text = "-4712-01-01", format = "%F", start = ITALY)
      found = _strptime(text, format)
      raise Error if found.nil? || found.key?(:leftover)

      from_hash(found, start)
    end

    def _load(text) = Marshal.load(text)

    # Makes an instance of nanoseconds since the beginning of day number 0, in UTC, as seen `offset` seconds east.
    def from_ns(ns, offset, start)
      made = allocate
      made.__send__(:initialize, ns, offset, start)
      made
    end

    def from_jd(jd, start) = from_ns(jd * Calendar::DAY_NS, 0, start)

    # Returns the day number that the parts of a date mean, missing ones taken from today or the smallest; nil: none.
    def jd_of_parts(parts, start)
      return parts[:jd] if parts[:jd]

      if parts[:seconds]
        offset = parts[:offset] || 0
        return (parts[:seconds] + offset).div(86_400) + Calendar::UNIX_EPOCH
      end
      if parts[:yday] && !parts[:mon] && !parts[:mday]
        return Calendar.valid_ordinal(parts[:year] || today.year, parts[:yday], start)
      end
      if parts[:cweek] && !parts[:mon]
        day = parts[:cwday] || (parts[:wday] && (parts[:wday] == 0 ? 7 : parts[:wday])) || 1
        return Calendar.valid_commercial(parts[:cwyear] || parts[:year] || today.cwyear, parts[:cweek], day, start)
      end
      if parts[:wnum0] || parts[:wnum1]
        first = parts[:wnum0] ? 0 : 1
        day = parts[:wday] || (parts[:cwday] ? parts[:cwday] % 7 : first)
        day = (day - first) % 7
        return Calendar.valid_weeknum(parts[:year] || today.year, parts[:wnum0] || parts[:wnum1], day, first, start)
      end
      if parts[:year] || parts[:mon] || parts[:mday]
        now = parts[:year] && parts[:mon] && parts[:mday] ? nil : today
        year = parts[:year] || now.year
        month = parts[:mon] || (parts[:year] ? 1 : now.mon)
        return Calendar.valid_civil(year, month, parts[:mday] || 1, start)
      end
      if (day = parts[:wday] || (parts[:cwday] && parts[:cwday] % 7))
        now = today
        return now.jd - now.wday + day
      end
      today.jd if parts[:hour] && self <= DateTime
    end

    private

    def number(value, name)
      raise TypeError, "invalid #{name} (not numeric)" unless value.is_a?(Numeric)

      value.is_a?(Integer) ? value : value.floor
    end

    def instance_of_default_text = "-4712-01-01"

    def checked(text, limit)
      text = text.name if text.is_a?(Symbol)
      raise TypeError, "no implicit conversion of #{text.nil? ? "nil" : text.class} into String" unless text.respond_to?(:to_str)

      text = text.to_str
      if limit && text.length > limit
        raise ArgumentError, "string length (#{text.length}) exceeds the limit #{limit}"
      end

      text
    end

    def from_hash(parts, start)
      jd = parts.empty? ? nil : jd_of_parts(parts, start)
      raise Error unless jd

      from_jd(jd, start)
    end
  end

  attr_reader :ns, :utc_offset_seconds
  protected :ns, :utc_offset_seconds

  def initialize(ns, offset, start)
    @ns = ns
    @offset = offset
    @start = start
    # The day at our offset, and the rest of it.
    @jd, @rest = (ns + offset * 1_000_000_000).divmod(Calendar::DAY_NS)
    @year, @month, @day = Calendar.jd_to_civil(@jd, start)
  end

  attr_reader :jd, :year, :month, :day
  alias mon month
  alias mday day

  def start = @start.to_f
  def wday = (@jd + 1) % 7
  def yday = @jd - Calendar.first_day(@year, @start) + 1
  def cwday = @jd % 7 + 1
  def cweek = Calendar.jd_to_commercial(@jd, @start)[1]
  def cwyear = Calendar.jd_to_commercial(@jd, @start)[0]
  def mjd = @jd - 2_400_001
  def ld = @jd - 2_299_160
  def ajd = Rational(@ns, Calendar::DAY_NS) - Rational(1, 2)
  def amjd = Rational(@ns, Calendar::DAY_NS) - 2_400_001
  def day_fraction = @rest == 0 ? 0 : Rational(@rest, Calendar::DAY_NS)
  def julian? = @jd < @start
  def gregorian? = !julian?
  def leap? = julian? ? @year % 4 == 0 : Calendar.gregorian_leap?(@year)
  def infinite? = false

  DAYNAMES.each_with_index { |name, number| define_method(:"#{name.downcase}?") { wday == number } }

  def new_start(start = ITALY) = self.class.from_ns(@ns, @offset, start)
  def italy = new_start(ITALY)
  def england = new_start(ENGLAND)
  def julian = new_start(JULIAN)
  def gregorian = new_start(GREGORIAN)

  def +(other)
    case other
    when Integer then moved(@ns + other * Calendar::DAY_NS)
    when Float then moved(@ns + (other * Calendar::DAY_NS).round)
    when Rational then moved(plain(@ns + other * Calendar::DAY_NS))
    when Numeric then self + other.to_r
    else raise TypeError, "expected numeric"
    end
  end

  def -(other)
    case other
    when Date then Rational(@ns - other.ns, Calendar::DAY_NS)
    when Numeric then self + -other
    else raise TypeError, "expected numeric"
    end
  end

  def >>(months)
    year, month = (@year * 12 + @month - 1 + months).floor.divmod(12)
    day = @day
    day -= 1 until (jd = Calendar.valid_civil(year, month + 1, day, @start))
    moved(@ns + (jd - @jd) * Calendar::DAY_NS)
  end

  def <<(months)
    raise TypeError, "expected numeric" unless months.is_a?(Numeric)

    self >> -months
  end

  def next_day(count = 1) = self + count
  def prev_day(count = 1) = self - count
  def next_month(count = 1) = self >> count
  def prev_month(count = 1) = self << count
  def next_year(count = 1) = self >> count * 12
  def prev_year(count = 1) = self << count * 12
  def next = next_day
  alias succ next

  def <=>(other)
    case other
    when Date then @ns <=> other.ns
    when Numeric then ajd <=> other
    end
  end

  def ===(other)
    case other
    when Date then @jd == other.jd
    when Numeric then @jd == other.to_i
    else false
    end
  end

  def eql?(other) = other.is_a?(Date) && self == other
  def hash = [Date, @ns].hash

  def step(limit, by = 1)
    return to_enum(:step, limit, by) unless block_given?

    date = self
    case by <=> 0
    when 1
      while date <= limit
        yield date
        date += by
      end
    when -1
      while date >= limit
        yield date
        date += by
      end
    when 0 then loop { yield date }
    end
    self
  end

  def upto(last, &block) = block ? step(last, 1, &block) : to_enum(:upto, last)
  def downto(first, &block) = block ? step(first, -1, &block) : to_enum(:downto, first)

  def to_date = instance_of?(Date) ? self : Date.from_jd(@jd, @start)
  def to_time = Time.local(*Calendar.jd_to_civil(@jd, GREGORIAN))
  def to_datetime = DateTime.from_ns(@ns, @offset, @start)

  def to_s = "#{year_text}-#{two(@month)}-#{two(@day)}"
  alias iso8601 to_s
  alias xmlschema to_s

  def inspect
    day, rest = @ns.divmod(Calendar::DAY_NS)
    seconds, nanoseconds = rest.divmod(1_000_000_000)
    start = @start.is_a?(Float) ? (@start > 0 ? "Inf" : "-Inf") : @start
    "#<#{self.class}: #{self} ((#{day}j,#{seconds}s,#{nanoseconds.inspect}n),#{@offset < 0 ? "-" : "+"}#{@offset.abs}s,#{start}j)>"
  end

  def strftime(format = "%F")
    format = format.gsub(/%%|%([-0^#_]*)(\d*)(Z|\+|Q)/) do |directive|
      case $3
      when "Z" then $1.include?("^") ? zone.upcase.rjust($2.to_i) : zone.rjust($2.to_i)
      when "+" then "%a %b %e %H:%M:%S #{zone} %Y"
      when "Q" then ((@ns - Calendar::UNIX_EPOCH * Calendar::DAY_NS).div(1_000_000)).to_s
      else directive
      end
    end
    if julian?
      format = format.gsub(/%%|%([aAuwj])/) do |directive|
        case $1
        when "a" then ABBR_DAYNAMES[wday]
        when "A" then DAYNAMES[wday]
        when "u" then cwday.to_s
        when "w" then wday.to_s
        when "j" then yday.to_s.rjust(3, "0")
        else directive
        end
      end
    end
    hour, rest = @rest.divmod(3_600_000_000_000)
    minute, rest = rest.divmod(60_000_000_000)
    day = julian? && @month == 2 && @day == 29 ? 28 : @day
    time = Time.new(@year, @month, day, hour, minute, Rational(rest, 1_000_000_000), @offset)
    time.strftime(day == @day ? format : format.gsub(/%([-0_]*)([de])/) { $2 == "d" || $1 == "0" ? "29" : "29" })
  end

  def ctime = strftime("%a %b %e %H:%M:%S %Y")
  alias asctime ctime
  def rfc3339 = strftime("%Y-%m-%dT%H:%M:%S%:z")
  def rfc2822 = strftime("%a, %-d %b %Y %T %z")
  alias rfc822 rfc2822
  def httpdate = DateTime.from_ns(@ns, 0, @start).strftime("%a, %d %b %Y %T GMT")

  ERAS = [[2_458_605, "R", 2018], [2_447_535, "H", 1988], [2_424_875, "S", 1925], [2_419_614, "T", 1911], [2_405_160, "M", 1867]].freeze

  def jisx0301
    era = ERAS.find { |first, _, _| @jd >= first }
    era ? "#{era[1]}#{two(@year - era[2])}.#{two(@month)}.#{two(@day)}" : strftime("%Y-%m-%d")
  end

  def deconstruct_keys(keys)
    unless keys.nil? || keys.is_a?(Array)
      raise TypeError, "wrong argument type #{keys.class} (expected Array or nil)"
    end

    (keys ? keys & matchable : matchable).to_h { |name| [name, __send__(name)] }
  end

  def marshal_dump = [0, 0, 0, @ns, @offset, @start]
  def marshal_load(data) = initialize(*data.last(3))
  def initialize_copy(other) = self

  # Times of a day: public in DateTime.
  def hour = @rest.div(3_600_000_000_000)
  def minute = @rest.div(60_000_000_000) % 60
  def second = @rest.div(1_000_000_000) % 60
  def sec_fraction = Rational(@rest % 1_000_000_000, 1_000_000_000)
  alias min minute
  alias sec second
  private :hour, :minute, :second, :min, :sec, :sec_fraction

  def zone
    hours, minutes = (@offset.abs / 60).divmod(60)
    "#{@offset < 0 ? "-" : "+"}#{two(hours)}:#{two(minutes)}"
  end
  private :zone

  private

  def matchable = %i[year month day yday wday]
  def moved(ns) = self.class.from_ns(ns, @offset, @start)
  def plain(number) = number.denominator == 1 ? number.numerator : number
  def two(number) = number < 10 ? "0#{number}" : number.to_s
  def year_text = @year < 0 ? "-#{(-@year).to_s.rjust(4, "0")}" : @year.to_s.rjust(4, "0")
end

class DateTime < Date
  def self.new(year = -4712, month = 1, day = 1, hour = 0, minute = 0, second = 0, offset = 0, start = ITALY)
    jd = Calendar.valid_civil(number(year, "year"), number(month, "month"), number(day, "day"), start)
    at_time(jd, day, hour, minute, second, offset, start)
  end
  singleton_class.alias_method :civil, :new

  def self.jd(jd = 0, hour = 0, minute = 0, second = 0, offset = 0, start = ITALY)
    at_time(jd.floor, jd, hour, minute, second, offset, start)
  end

  def self.ordinal(year = -4712, yday = 1, hour = 0, minute = 0, second = 0, offset = 0, start = ITALY)
    at_time(Calendar.valid_ordinal(year, yday.floor, start), yday, hour, minute, second, offset, start)
  end

  def self.commercial(year = -4712, week = 1, day = 1, hour = 0, minute = 0, second = 0, offset = 0, start = ITALY)
    at_time(Calendar.valid_commercial(year, week, day.floor, start), day, hour, minute, second, offset, start)
  end

  def self.now(start = ITALY) = Time.now.to_datetime.new_start(start)

  def self.parse(text = "-4712-01-01T00:00:00+00:00", comp = true, start = ITALY, limit: 128)
    from_hash(_parse(text, comp, limit: limit), start)
  end

  def self._strptime(text, format = "%FT%T%z") = super

  def self.strptime(text = "-4712-01-01T00:00:00+00:00", format = "%FT%T%z", start = ITALY) = super

  singleton_class.undef_method :today

  # Seconds east of UTC for an offset: "+09:00", or a part of a day.
  def self.offset_seconds(offset)
    return (offset * 86_400).round if offset.is_a?(Numeric)
    raise TypeError, "invalid offset" unless offset.is_a?(String)

    require "date/parse"
    Zones.offset(offset) || (warn("invalid offset is ignored") || 0)
  end

  def self.instance_of_default_text = "-4712-01-01T00:00:00+00:00"

  def self.at_time(jd, day, hour, minute, second, offset, start)
    raise Error unless jd

    hour += 24 if hour < 0
    minute += 60 if minute < 0
    second += 60 if second < 0
    unless hour >= 0 && minute >= 0 && minute < 60 && second >= 0 && second < 60
      raise Error
    end
    raise Error if hour > 24 || hour == 24 && (minute > 0 || second > 0)

    seconds = hour * 3600 + minute * 60 + second
    ns = part_of(day) * Calendar::DAY_NS + (seconds.is_a?(Integer) ? seconds : seconds.to_r) * 1_000_000_000
    ns = ns.round if ns.is_a?(Rational)
    offset = offset_seconds(offset)
    from_ns(jd * Calendar::DAY_NS + ns - offset * 1_000_000_000, offset, start)
  end

  def self.part_of(number) = number.is_a?(Integer) ? 0 : number.to_r % 1

  def self.from_hash(parts, start)
    jd = parts.empty? ? nil : jd_of_parts(parts, start)
    raise Error unless jd

    offset = parts[:offset] || 0
    if parts[:seconds]
      seconds = (parts[:seconds] + offset) % 86_400
    else
      hour, minute, second = parts[:hour] || 0, parts[:min] || 0, [parts[:sec] || 0, 59].min
      raise Error if hour > 24 || minute > 59 || hour == 24 && minute + second > 0

      seconds = hour * 3600 + minute * 60 + second
    end
    ns = ((seconds + (parts[:sec_fraction] || 0)) * 1_000_000_000).round
    from_ns(jd * Calendar::DAY_NS + ns - offset * 1_000_000_000, offset, start)
  end
  private_class_method :instance_of_default_text, :at_time, :part_of, :from_hash

  public :hour, :minute, :second, :min, :sec, :sec_fraction, :zone
  alias second_fraction sec_fraction

  def offset = Rational(@offset, 86_400)
  def new_offset(offset = 0) = self.class.from_ns(@ns, self.class.offset_seconds(offset), @start)

  def to_s = strftime("%Y-%m-%dT%H:%M:%S%:z")
  def strftime(format = "%FT%T%:z") = super

  def iso8601(digits = 0)
    digits = digits.to_i
    strftime("%Y-%m-%dT%H:%M:%S#{".%#{digits}N" if digits > 0}%:z")
  end
  alias xmlschema iso8601
  alias rfc3339 iso8601

  def jisx0301(digits = 0) = super() + strftime("T%H:%M:%S#{".%#{digits}N" if digits > 0}%:z")
  def to_datetime = self

  def to_time
    year, month, day = Calendar.jd_to_civil(@jd, GREGORIAN)
    Time.new(year, month, day, hour, minute, second + sec_fraction, @offset)
  end

  private

  def matchable = super + %i[hour minute second sec_fraction zone]
end

class Time
  def to_date = Date.from_jd(Date::Calendar.civil_to_jd(year, month, mday, Date::GREGORIAN), Date::ITALY)

  def to_datetime
    day = Date::Calendar.civil_to_jd(year, month, mday, Date::GREGORIAN) * Date::Calendar::DAY_NS
    ns = ((hour * 60 + min) * 60 + sec) * 1_000_000_000 + nsec
    DateTime.from_ns(day + ns - utc_offset * 1_000_000_000, utc_offset, Date::ITALY)
  end

  def to_time = self
end
