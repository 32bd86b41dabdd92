# SecureRandom: random numbers and texts from the operating system. Random::Formatter has the forms they come in.

module Random::Formatter
  ALPHANUMERIC = [*"A".."Z", *"a".."z", *"0".."9"].map(&:freeze).freeze

  def random_bytes(count = nil) = gen_random(count ? count.to_int : 16)
  def hex(count = nil) = random_bytes(count).unpack1("H*").force_encoding(Encoding::US_ASCII)
  def base64(count = nil) = [random_bytes(count)].pack("m0")

  def urlsafe_base64(count = nil, padding = false)
    text = base64(count).tr("+/", "-_")
    padding ? text : text.delete("=")
  end

  def uuid
    digits = random_bytes(16).unpack("C*")
    digits[6] = digits[6] & 0x0f | 0x40
    digits[8] = digits[8] & 0x3f | 0x80
    uuid_text(digits)
  end
  alias uuid_v4 uuid

  def uuid_v7(extra_timestamp_bits: 0)
    unless (0..12).cover?(extra_timestamp_bits)
      raise ArgumentError, "extra_timestamp_bits must be in 0..12"
    end

    now = Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond)
    milliseconds, rest = now.divmod(1_000_000)
    digits = [milliseconds].pack("Q>").unpack("C*").drop(2) + random_bytes(10).unpack("C*")
    twelve = (digits[6] << 8 | digits[7]) & 0xfff
    if extra_timestamp_bits > 0
      fine = (rest << extra_timestamp_bits) / 1_000_000
      low = 12 - extra_timestamp_bits
      twelve = fine << low | twelve & ((1 << low) - 1)
    end
    digits[6] = 0x70 | twelve >> 8
    digits[7] = twelve & 0xff
    digits[8] = digits[8] & 0x3f | 0x80
    uuid_text(digits)
  end

  def alphanumeric(count = nil, chars: ALPHANUMERIC) = choose(chars, count || 16)

  def random_number(limit = 0)
    case limit
    when nil, 0, 0.0 then random_float
    when Integer then limit > 0 ? random_below(limit) : random_float
    when Float then limit > 0 ? random_float * limit : random_float
    when Range then random_from(limit)
    else raise ArgumentError, "invalid argument - #{limit.inspect}"
    end
  end

  def rand(limit = 0)
    if limit.is_a?(Numeric) && limit < 0 || limit.nil?
      raise ArgumentError, "invalid argument - #{limit.inspect}"
    end

    random_number(limit)
  end

  def choose(source, count)
    size = source.length
    Array.new(count) { source[random_below(size)] }.join
  end
  private :choose

  private

  def gen_random(count) = bytes(count)

  def uuid_text(digits)
    hex = digits.pack("C*").unpack1("H*")
    [hex[0, 8], hex[8, 4], hex[12, 4], hex[16, 4], hex[20, 12]].join("-")
  end

  def random_float = (gen_random(7).unpack("C*").inject(0) { |sum, byte| sum << 8 | byte } >> 3).fdiv(1 << 53)

  # An even choice: numbers above the last whole multiple are drawn again.
  def random_below(limit)
    bits = (limit - 1).bit_length
    size = (bits + 7) / 8
    return 0 if size == 0

    mask = (1 << bits) - 1
    loop do
      number = gen_random(size).unpack("C*").inject(0) { |sum, byte| sum << 8 | byte } & mask
      return number if number < limit
    end
  end

  def random_from(range)
    first, last = range.begin, range.end
    raise ArgumentError, "invalid argument - #{range}" if first.nil? || last.nil? || last < first

    if first.is_a?(Integer) && last.is_a?(Integer)
      first + random_below(last - first + (range.exclude_end? ? 0 : 1))
    else
      first + random_float * (last - first)
    end
  end
end

class Random
  include Random::Formatter
  extend Random::Formatter
end

module SecureRandom
  VERSION = "0.4.1"
  extend Random::Formatter

  class << self
    def bytes(count) = Random.urandom(count)

    private

    def gen_random(count) = Random.urandom(count)
  end
end
