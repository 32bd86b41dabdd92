# Prime: the prime numbers, and what numbers are made of.

class Prime
  VERSION = "0.1.4"
  include Enumerable

  class << self
    def instance = @instance ||= new
    def each(...) = instance.each(...)
    def prime?(...) = instance.prime?(...)
    def include?(value) = instance.include?(value)
    def int_from_prime_division(...) = instance.int_from_prime_division(...)
    def prime_division(...) = instance.prime_division(...)
    def lazy = instance.lazy
    private :new
  end
  extend Enumerable

  def each(ubound = nil, generator = EratosthenesGenerator.new, &block)
    generator.upper_bound = ubound
    generator.each(&block)
  end

  def include?(value)
    case value
    when Integer then prime?(value)
    when Module then Module.instance_method(:include?).bind_call(Prime, value)
    else false
    end
  end

  def prime?(value, generator = nil)
    raise ArgumentError, "Expected an integer, got #{value}" unless value.respond_to?(:integer?) && value.integer?
    return false if value < 2

    value.prime?
  end

  def int_from_prime_division(pairs) = pairs.inject(1) { |value, (prime, index)| value * prime**index }

  def prime_division(value, generator = Generator23.new)
    raise ZeroDivisionError if value == 0

    pairs = []
    if value < 0
      value = -value
      pairs << [-1, 1]
    end
    generator.each do |prime|
      count = 0
      while (parts = value.divmod(prime))[1] == 0
        value = parts[0]
        count += 1
      end
      pairs << [prime, count] if count != 0
      break if value.div(prime) <= prime
    end
    pairs << [value, 1] if value > 1
    pairs
  end

  # Numbers in order, among them all primes.
  class PseudoPrimeGenerator
    include Enumerable
    attr_accessor :upper_bound

    def initialize(ubound = nil)
      @upper_bound = ubound
    end

    def next = succ
    def size = Float::INFINITY

    def with_index(offset = 0, &block)
      return enum_for(:with_index, offset) { Float::INFINITY } unless block
      return each_with_index(&block) if offset == 0

      each do |prime|
        yield prime, offset
        offset += 1
      end
    end

    def with_object(object)
      return enum_for(:with_object, object) { Float::INFINITY } unless block_given?

      each { |prime| yield prime, object }
    end

    def each
      return self unless block_given?

      if @upper_bound
        last = nil
        while (prime = succ) <= @upper_bound
          last = yield(prime)
        end
        last
      else
        loop { yield succ }
      end
    end
  end

  # The primes, by a sieve that grows.
  class EratosthenesGenerator < PseudoPrimeGenerator
    def initialize
      @last = -1
      super
    end

    def succ
      @last += 1
      Sieve[@last]
    end
    alias next succ

    def rewind
      initialize
    end
  end

  class TrialDivisionGenerator < EratosthenesGenerator; end

  # 2, 3 and the numbers that neither divides: quick to make.
  class Generator23 < PseudoPrimeGenerator
    def initialize
      @prime = 1
      @step = nil
      super
    end

    def succ
      if @step
        @prime += @step
        @step = 6 - @step
      else
        case @prime
        when 1 then @prime = 2
        when 2 then @prime = 3
        when 3
          @prime = 5
          @step = 2
        end
      end
      @prime
    end
    alias next succ

    def rewind
      initialize
    end
  end

  # The primes that are known.
  module Sieve
    @primes = [2, 3, 5, 7, 11, 13]
    @checked = 16

    def self.[](index)
      grow until index < @primes.size
      @primes[index]
    end

    def self.grow
      first = @checked
      last = first * 2
      marks = Array.new(last - first, true)
      limit = Integer.sqrt(last)
      @primes.each do |prime|
        break if prime > limit

        start = [prime * prime, (first + prime - 1).div(prime) * prime].max - first
        start.step(last - first - 1, prime) { |index| marks[index] = false }
      end
      marks.each_with_index { |is_prime, index| @primes << first + index if is_prime }
      @checked = last
    end
    private_class_method :grow
  end
  private_constant :Sieve
end

class Integer
  PRIME_WITNESSES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].freeze
  private_constant :PRIME_WITNESSES

  def self.from_prime_division(pairs) = Prime.int_from_prime_division(pairs)
  def self.each_prime(ubound, &block) = Prime.each(ubound, &block)

  def prime_division(generator = Prime::Generator23.new) = Prime.prime_division(self, generator)

  # By Miller and Rabin, with witnesses that are enough below 3.3e24, and more of them above.
  def prime?
    return self >= 2 if self <= 3
    return false if even? || self % 3 == 0
    return PRIME_WITNESSES.include?(self) if self < 38
    return false if PRIME_WITNESSES.any? { |prime| self % prime == 0 }

    odd = self - 1
    twos = 0
    while odd.even?
      odd >>= 1
      twos += 1
    end
    witnesses = PRIME_WITNESSES
    witnesses += Array.new(20) { rand(2..self - 2) } if self > 3_317_044_064_679_887_385_961_981
    witnesses.all? do |base|
      power = base.pow(odd, self)
      next true if power == 1 || power == self - 1

      (twos - 1).times.any? do
        power = power * power % self
        power == self - 1
      end
    end
  end
end
