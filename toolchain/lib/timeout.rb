# Timeout: an end for code that takes too long.

module Timeout
  VERSION = "0.6.0"

  # Raised in the block that took too long; `timeout` turns it into Timeout::Error.
  class ExitException < Exception
    def exception(*) = self
  end

  class Error < RuntimeError
    def self.handle_timeout(message)
      raise self, message
    end
  end

  def self.timeout(seconds, klass = nil, message = nil, &block)
    return yield(seconds) if seconds.nil? || seconds == 0
    raise ArgumentError, "Timeout sec must be a non-negative number" if seconds < 0

    message ||= "execution expired"
    return __within(seconds, klass.exception(message), &block) if klass

    mark = ExitException.new(message)
    begin
      __within(seconds, mark, &block)
    rescue ExitException => error
      raise unless error.equal?(mark)

      raise Error, message, error.backtrace
    end
  end

  private

  def timeout(...) = Timeout.timeout(...)
end
