# BigDecimal: decimal numbers of any precision, as an Integer and a power of ten.

class BigDecimal < Numeric
  VERSION = "3.1.1"
  BASE = 1_000_000_000
  EXCEPTION_ALL = 255
  EXCEPTION_NaN = 2
  EXCEPTION_INFINITY = 1
  EXCEPTION_UNDERFLOW = 4
  EXCEPTION_OVERFLOW = 1
  EXCEPTION_ZERODIVIDE = 16
  ROUND_MODE = 256
  ROUND_UP = 1
  ROUND_DOWN = 2
  ROUND_HALF_UP = 3
  ROUND_HALF_DOWN = 4
  ROUND_CEILING = 5
  ROUND_FLOOR = 6
  ROUND_HALF_EVEN = 7
  SIGN_NaN = 0
  SIGN_POSITIVE_ZERO = 1
  SIGN_NEGATIVE_ZERO = -1
  SIGN_POSITIVE_FINITE = 2
  SIGN_NEGATIVE_FINITE = -2
  SIGN_POSITIVE_INFINITE = 3
  SIGN_NEGATIVE_INFINITE = -3

  MODES = {
    up: 1, down: 2, truncate: 2, half_up: 3, default: 3, half_down: 4, half_even: 7, banker: 7, ceiling: 5, ceil: 5,
    floor: 6
  }.freeze
  private_constant :MODES

  @round_mode = ROUND_HALF_UP

  class << self
    undef_method :new
    attr_reader :round_mode

    # Makes the number coefficient * 10**exponent; kind is :finite, :nan or :infinite, and negative its sign.
    def make(coefficient, exponent, negative = coefficient < 0, kind = :finite)
      number = allocate
      number.__send__(:initialize, coefficient.abs, exponent, negative, kind)
      number
    end

    def mode(which, value = (asked = true))
      if which == ROUND_MODE
        @round_mode = rounding(value) unless asked || value.nil?
        return @round_mode
      end
      0
    end

    def rounding(mode)
      case mode
      when nil then @round_mode
      when Hash then rounding(mode[:half] ? :"half_#{mode[:half]}" : nil)
      when Symbol, String
        MODES[mode.to_s.downcase.to_sym] or raise ArgumentError, "invalid rounding mode (#{mode})"
      when Integer
        raise ArgumentError, "invalid rounding mode" unless (1..7).cover?(mode)

        mode
      else raise ArgumentError, "invalid rounding mode (#{mode})"
      end
    end

    def limit(_digits = nil) = 0
    def double_fig = 16
    def save_rounding_mode
      mode = @round_mode
      yield
    ensure
      @round_mode = mode
    end

    def save_exception_mode = yield
    def _load(text) = BigDecimal(text.sub(/\A\d+:/, ""))

    # Reads a text, strictly or as far as it goes; nil if it is none.
    def read(text, strict)
      body = text.strip
      case body
      when "NaN" then return NAN
      when "Infinity", "+Infinity" then return INFINITY
      when "-Infinity" then return -INFINITY
      end
      pattern = /\A([-+])?(\d+(?:_\d+)*)?(?:\.(\d+(?:_\d+)*))?(?:[eEdD]([-+]?\d+))?/
      match = pattern.match(body)
      if !match || match[2].nil? && match[3].nil? || strict && match.end(0) != body.size
        return strict ? nil : make(0, 0)
      end

      whole = (match[2] || "").delete("_")
      fraction = (match[3] || "").delete("_")
      make("#{whole}#{fraction}".to_i, match[4].to_i - fraction.size, match[1] == "-")
    end
  end

  attr_reader :coefficient, :tens, :kind
  protected :coefficient, :tens, :kind

  def initialize(coefficient, exponent, negative, kind)
    if kind == :finite
      if coefficient == 0
        exponent = 0
      elsif coefficient % 10 == 0
        digits = coefficient.to_s
        zeros = digits.size - digits.sub(/0+\z/, "").size
        coefficient /= 10**zeros
        exponent += zeros
      end
    end
    @coefficient, @tens, @negative, @kind = coefficient, exponent, negative, kind
    freeze
  end

  def nan? = @kind == :nan
  def infinite? = @kind == :infinite ? (@negative ? -1 : 1) : nil
  def finite? = @kind == :finite
  def zero? = @kind == :finite && @coefficient == 0
  def nonzero? = zero? ? nil : self
  def negative? = @negative && !zero? && !nan?
  def positive? = !@negative && !zero? && !nan?
  def negative_sign? = @negative

  def sign
    return SIGN_NaN if nan?

    size = infinite? ? 3 : zero? ? 1 : 2
    @negative ? -size : size
  end

  def signed = @negative ? -@coefficient : @coefficient
  protected :signed, :negative_sign?

  def exponent = zero? || !finite? ? 0 : digits.size + @tens
  def n_significant_digits = zero? || !finite? ? 0 : digits.size
  def precision
    return 0 if zero? || !finite?

    @tens > 0 ? digits.size + @tens : exponent <= 0 ? -@tens : [digits.size, exponent].max
  end

  def scale = zero? || !finite? ? 0 : [-@tens, 0].max
  def precision_scale = [precision, scale]
  def precs = [((digits.size + 8) / 9) * 9, ((digits.size + 8) / 9 + 2) * 9]
  def split = [nan? ? 0 : @negative ? -1 : 1, finite? ? digits : nan? ? "NaN" : "Infinity", 10, exponent]
  def hash = [BigDecimal, @coefficient, @tens, @negative, @kind].hash
  def _dump(_level = 0) = "18:#{self}"
  def clone = self
  def dup = self

  # --- arithmetic ---

  def +@ = self
  def -@ = BigDecimal.make(@coefficient, @tens, !@negative, @kind)
  def abs = BigDecimal.make(@coefficient, @tens, false, @kind)

  def +(other)
    with(other, :+) do |number|
      next NAN if nan? || number.nan? || infinite? && number.infinite? && infinite? != number.infinite?
      next self if infinite?
      next number if number.infinite?

      low = [@tens, number.tens].min
      sum = signed * 10**(@tens - low) + number.signed * 10**(number.tens - low)
      BigDecimal.make(sum, low, sum == 0 ? @negative && number.negative_sign? : sum < 0)
    end
  end

  def -(other) = with(other, :-) { |number| self + -number }

  def *(other)
    with(other, :*) do |number|
      negative = @negative ^ number.negative_sign?
      next NAN if nan? || number.nan? || infinite? && number.zero? || zero? && number.infinite?
      next BigDecimal.make(0, 0, negative, :infinite) if infinite? || number.infinite?

      BigDecimal.make(@coefficient * number.coefficient, @tens + number.tens, negative)
    end
  end

  # The quotient has four words of nine digits behind the first, as the words of the operands lie.
  def /(other) = with(other, :/) { |number| quotient(number) }

  def quo(other, digits = nil) = digits && digits > 0 ? div(other, digits) : self / other

  def div(other, digits = nil)
    number = operand(other) or return other.coerce(self).then { |a, b| a.div(b) }
    if digits.nil?
      raise FloatDomainError, "Computation results in 'NaN' (Not a Number)" if nan? || number.nan?
      raise FloatDomainError, "Computation results in '#{"-" if @negative}Infinity'" if infinite?
      raise ZeroDivisionError, "divided by 0" if number.zero?
      return 0 if number.infinite?

      return to_r.div(number.to_r)
    end
    return self / number if digits == 0
    return quotient(number) if !finite? || !number.finite? || number.zero? || zero?

    exact = to_r / number.to_r
    BigDecimal.of_rational(exact, digits)
  end

  def %(other)
    with(other, :%) do |number|
      next NAN if nan? || number.nan? || infinite?
      raise ZeroDivisionError, "divided by 0" if number.zero?
      next self if number.infinite?

      low = [@tens, number.tens].min
      BigDecimal.make((signed * 10**(@tens - low)) % (number.signed * 10**(number.tens - low)), low)
    end
  end
  alias modulo %

  def divmod(other)
    number = operand(other) or return other.coerce(self).then { |a, b| a.divmod(b) }
    raise ZeroDivisionError, "divided by 0" if number.zero?

    whole = BigDecimal.make(to_r.div(number.to_r), 0)
    [whole, self - whole * number]
  end

  def remainder(other)
    number = operand(other)
    result = self % number
    result.zero? || negative? == number.negative? ? result : result - number
  end

  def **(exponent) = power(exponent)

  def power(exponent, digits = nil)
    raise TypeError, "wrong argument type #{exponent.class} (expected scalar Numeric)" unless exponent.is_a?(Numeric)

    unless exponent.is_a?(Integer) || exponent == exponent.to_i
      result = BigDecimal.of_rational((to_f**exponent.to_f).to_r, digits && digits > 0 ? digits : 16)
      return result
    end
    exponent = exponent.to_i
    return NAN if nan?
    return BigDecimal.make(1, 0) if exponent == 0

    if exponent < 0
      return BigDecimal.make(0, 0, @negative && exponent.odd?, :infinite) if zero?

      result = BigDecimal.make(1, 0) / power(-exponent)
    else
      return BigDecimal.make(0, 0, @negative && exponent.odd?, :infinite) if infinite?

      result = BigDecimal.make(@coefficient**exponent, @tens * exponent, @negative && exponent.odd?)
    end
    digits && digits > 0 ? result.mult(1, digits) : result
  end

  def sqrt(digits = 16)
    raise FloatDomainError, "sqrt of negative value" if negative?
    return self if zero? || infinite?

    places = [digits, 16].max + 2
    shift = 2 * places
    shift += 1 if (@tens - shift).odd?
    BigDecimal.make(Integer.sqrt(@coefficient * 10**shift), (@tens - shift) / 2)
  end

  def add(other, digits) = (self + other).limited(digits)
  def sub(other, digits) = (self - other).limited(digits)
  def mult(other, digits) = (self * other).limited(digits)

  # --- comparison ---

  def <=>(other)
    number = operand(other)
    unless number
      return nil unless other.respond_to?(:coerce) && other.is_a?(Numeric)

      return other.coerce(self).then { |a, b| a <=> b }
    end
    return nil if nan? || number.nan?
    return (infinite? || 0) <=> (number.infinite? || 0) if infinite? || number.infinite?

    low = [@tens, number.tens].min
    signed * 10**(@tens - low) <=> number.signed * 10**(number.tens - low)
  end

  def ==(other) = (self <=> other) == 0
  alias === ==
  alias eql? ==

  %i[< <= > >=].each do |operator|
    define_method(operator) do |other|
      order = self <=> other
      if order.nil?
        return false if nan? || other.respond_to?(:nan?) && other.nan?

        shown = other.nil? || other == true || other == false || other.is_a?(Numeric) ? other.inspect : other.class
        raise ArgumentError, "comparison of BigDecimal with #{shown} failed"
      end
      order.public_send(operator, 0)
    end
  end

  def coerce(other)
    return [BigDecimal.of_rational(other, [n_significant_digits, 18].max), self] if other.is_a?(Rational)

    [BigDecimal(other, 0), self]
  end

  # --- rounding ---

  def round(digits = nil, mode = nil)
    whole = digits.nil? || digits.is_a?(Integer) && digits < 1 && mode.nil?
    if digits.is_a?(Hash)
      digits, mode = 0, digits
    end
    unless finite?
      return self if digits

      check_finite
    end
    rounded = rounded_at(digits || 0, BigDecimal.rounding(mode))
    whole ? rounded.to_i : rounded
  end

  def truncate(digits = nil) = digits ? rounded_at(digits, ROUND_DOWN) : check_finite && rounded_at(0, ROUND_DOWN).to_i
  def fix = finite? ? rounded_at(0, ROUND_DOWN) : self
  def frac = finite? ? self - fix : self
  def floor(digits = nil) = digits ? rounded_at(digits, ROUND_FLOOR) : check_finite && rounded_at(0, ROUND_FLOOR).to_i
  def ceil(digits = nil) = digits ? rounded_at(digits, ROUND_CEILING) : check_finite && rounded_at(0, ROUND_CEILING).to_i

  # --- conversion ---

  def to_i
    check_finite
    @tens >= 0 ? signed * 10**@tens : (@negative ? -(@coefficient / 10**-@tens) : @coefficient / 10**-@tens)
  end
  alias to_int to_i

  def to_r
    check_finite
    @tens >= 0 ? Rational(signed * 10**@tens, 1) : Rational(signed, 10**-@tens)
  end

  def to_f
    return Float::NAN if nan?
    return @negative ? -Float::INFINITY : Float::INFINITY if infinite?

    "#{"-" if @negative}#{@coefficient}e#{@tens}".to_f
  end

  def to_d = self
  def to_digits = to_s("F")

  # Formats: "F" plain, "E" with an exponent; a number groups digits, "+" and " " stand before positive numbers.
  def to_s(format = nil)
    format = format.to_s
    lead = format[/\A[+ ]/] || ""
    group = format[/\d+/].to_i
    return "NaN" if nan?

    mark = @negative ? "-" : lead
    return "#{mark}Infinity" if infinite?
    return "#{mark}0.0" if zero?

    if format.match?(/f/i)
      text = digits
      if @tens >= 0
        whole, fraction = text + "0" * @tens, "0"
      elsif exponent > 0
        whole, fraction = text[0, exponent], text[exponent..]
      else
        whole, fraction = "0", "0" * -exponent + text
      end
      if group > 0
        whole = whole.scan(/.{1,#{group}}/).join(" ")
        fraction = fraction.scan(/.{1,#{group}}/).join(" ")
      end
      "#{mark}#{whole}.#{fraction}"
    else
      text = group > 0 ? digits.scan(/.{1,#{group}}/).join(" ") : digits
      "#{mark}0.#{text}e#{exponent}"
    end
  end

  def inspect = to_s

  # Returns a Rational with that many significant digits.
  def self.of_rational(value, digits)
    return make(0, 0) if value == 0

    size = value.numerator.abs.to_s.size - value.denominator.to_s.size
    shift = digits - size + 1
    scaled = value.abs * 10**shift

    sticky = scaled.floor == scaled ? 0 : 1
    make(scaled.floor * 10 + sticky, -shift - 1, value < 0).limited(digits)
  end

  def limited(digits)
    return self if digits == 0 || !finite? || zero?

    rounded_at(digits - exponent, BigDecimal.round_mode)
  end

  protected

  # Rounds at a number of digits behind the point.
  def rounded_at(places, mode)
    return self if !finite? || -@tens <= places

    unit = 10**(-@tens - places)
    whole, rest = @coefficient.divmod(unit)
    twice = rest * 2 <=> unit
    up = case mode
         when ROUND_UP then rest > 0
         when ROUND_DOWN then false
         when ROUND_HALF_UP then twice >= 0
         when ROUND_HALF_DOWN then twice > 0
         when ROUND_HALF_EVEN then twice > 0 || twice == 0 && whole.odd?
         when ROUND_CEILING then rest > 0 && !@negative
         when ROUND_FLOOR then rest > 0 && @negative
         end
    BigDecimal.make(up ? whole + 1 : whole, -places, @negative)
  end

  private

  def digits = @coefficient.to_s

  def check_finite
    return true if finite?

    raise FloatDomainError, nan? ? "Computation results in 'NaN' (Not a Number)" : "Computation results in '#{"-" if @negative}Infinity'"
  end

  def operand(other)
    case other
    when BigDecimal then other
    when Integer then BigDecimal.make(other, 0)
    when Float then BigDecimal(other, 0)
    when Rational then BigDecimal.of_rational(other, [n_significant_digits * 2, 18].max)
    end
  end

  def with(other, operator)
    if (number = operand(other))
      yield number
    elsif other.respond_to?(:coerce)
      first, second = other.coerce(self)
      first.public_send(operator, second)
    else
      shown = other.nil? || other == true || other == false ? other.inspect : other.class
      raise TypeError, "#{shown} can't be coerced into BigDecimal"
    end
  end

  def quotient(number)
    negative = @negative ^ number.negative_sign?
    return NAN if nan? || number.nan? || infinite? && number.infinite?
    return BigDecimal.make(0, 0, negative, :infinite) if infinite?
    return BigDecimal.make(0, 0, negative) if number.infinite?

    return zero? ? NAN : BigDecimal.make(0, 0, negative, :infinite) if number.zero?
    return BigDecimal.make(0, 0, negative) if zero?

    places = ((number.exponent + 8).div(9) - (exponent + 8).div(9) + 4) * 9
    shift = places + @tens - number.tens
    if shift >= 0
      whole, rest = (@coefficient * 10**shift).divmod(number.coefficient)
      divisor = number.coefficient
    else
      divisor = number.coefficient * 10**-shift
      whole, rest = @coefficient.divmod(divisor)
    end
    whole += 1 if rest * 2 >= divisor
    BigDecimal.make(whole, -places, negative)
  end

  NAN = make(0, 0, false, :nan)
  INFINITY = make(0, 0, false, :infinite)
end

module Kernel
  def BigDecimal(value, digits = nil, exception: true)
    case value
    when BigDecimal then digits ? value.mult(1, digits) : value
    when Integer then BigDecimal.make(value, 0).limited(digits || 0)
    when Float
      return BigDecimal::NAN if value.nan?
      return value > 0 ? BigDecimal::INFINITY : -BigDecimal::INFINITY if value.infinite?

      if digits.nil?
        return nil unless exception

        raise ArgumentError, "can't omit precision for a Float."
      end
      raise ArgumentError, "precision too large." if digits > 17

      number = BigDecimal.read(value.to_s, true)
      digits > 0 ? number.limited(digits) : number
    when Rational
      if digits.nil?
        return nil unless exception

        raise ArgumentError, "can't omit precision for a Rational."
      end
      BigDecimal.of_rational(value, digits)
    when Complex
      raise ArgumentError, "Unable to make a BigDecimal from non-zero imaginary number" unless value.imaginary == 0

      BigDecimal(value.real, digits, exception: exception)
    when nil
      exception ? raise(TypeError, "can't convert nil into BigDecimal") : nil
    else
      unless value.respond_to?(:to_str)
        return nil unless exception

        raise TypeError, "can't convert #{value == true || value == false ? value.inspect : value.class} into BigDecimal"
      end
      text = value.to_str
      number = BigDecimal.read(text, true)
      if number.nil?
        return nil unless exception

        raise ArgumentError, "invalid value for BigDecimal(): #{text.inspect}"
      end
      number.limited(digits || 0)
    end
  end
  private :BigDecimal
end
