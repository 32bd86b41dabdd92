# Conversions to BigDecimal.

require "bigdecimal"

class Integer
  def to_d = BigDecimal(self)
end

class Float
  def to_d(precision = 0) = BigDecimal(self, precision)
end

class String
  def to_d = BigDecimal.read(self, false)
end

class Rational
  def to_d(precision = 0) = BigDecimal(self, precision == 0 ? 18 : precision)
end

class NilClass
  def to_d = BigDecimal(0)
end
