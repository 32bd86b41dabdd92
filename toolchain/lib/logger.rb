# Logger: messages with severity and time, to a stream or a file.

class Logger
  VERSION = "1.7.0"

  module Severity
    LEVELS = { "debug" => 0, "info" => 1, "warn" => 2, "error" => 3, "fatal" => 4, "unknown" => 5 }.freeze
    private_constant :LEVELS
    DEBUG = 0
    INFO = 1
    WARN = 2
    ERROR = 3
    FATAL = 4
    UNKNOWN = 5

    def self.coerce(severity)
      return severity if severity.is_a?(Integer)

      LEVELS[severity.to_s.downcase] || raise(ArgumentError, "invalid log level: #{severity}")
    end
  end
  include Severity

  SEV_LABEL = %w[DEBUG INFO WARN ERROR FATAL ANY].freeze
  private_constant :SEV_LABEL

  class Error < RuntimeError; end
  class ShiftingError < Error; end

  class Formatter
    Format = "%.1s, [%s #%d] %5s -- %s: %s\n"
    DatetimeFormat = "%Y-%m-%dT%H:%M:%S.%6N"

    attr_accessor :datetime_format

    def call(severity, time, progname, message)
      shown = time.strftime(@datetime_format || DatetimeFormat)
      format(Format, severity, shown, Process.pid, severity, progname, msg2str(message))
    end

    private

    def msg2str(message)
      case message
      when String then message
      when Exception then "#{message.message} (#{message.class})\n#{message.backtrace&.join("\n")}"
      else message.inspect
      end
    end
  end

  # Where messages go: a stream, or a file that is renamed when it is too large or too old.
  class LogDevice
    attr_reader :dev, :filename

    def initialize(log = nil, shift_age: nil, shift_size: nil, shift_period_suffix: nil, binmode: false)
      @lock = Monitor.new
      @shift_age = shift_age || 7
      @shift_size = shift_size || 1_048_576
      @suffix = shift_period_suffix || "%Y%m%d"
      if log.respond_to?(:write) && log.respond_to?(:close)
        @dev = log
      else
        @filename = log.respond_to?(:to_path) ? log.to_path : log
        open_file
      end
    end

    def write(message)
      @lock.synchronize do
        shift if @filename && @shift_age
        @dev.write(message)
      end
    rescue Exception => error
      warn("log writing failed. #{error}")
    end

    def close
      @dev.close unless @dev == $stdout || @dev == $stderr
    rescue StandardError
      nil
    end

    def reopen(log = nil)
      if @filename
        @dev.close
        open_file
      elsif log
        @dev = log
      end
      self
    end

    private

    def open_file
      fresh = !File.exist?(@filename) || File.zero?(@filename)
      @dev = File.open(@filename, "a")
      @dev.sync = true
      @dev.write("# Logfile created on %s by %s\n" % [Time.now.to_s, "logger.rb/v#{VERSION}"]) if fresh
      @next_shift = next_time(Time.now) if @shift_age.is_a?(String) || @shift_age.is_a?(Symbol)
    end

    def shift
      if @shift_age.is_a?(Integer)
        return unless @shift_age > 0 && @dev.stat.size > @shift_size

        (@shift_age - 3).downto(0) do |number|
          File.rename("#{@filename}.#{number}", "#{@filename}.#{number + 1}") if File.exist?("#{@filename}.#{number}")
        end
        @dev.close
        File.rename(@filename, "#{@filename}.0")
        open_file
      elsif @next_shift && Time.now >= @next_shift
        @dev.close
        File.rename(@filename, "#{@filename}.#{(@next_shift - 1).strftime(@suffix)}")
        open_file
      end
    end

    def next_time(now)
      day = Time.local(now.year, now.month, now.day)
      case @shift_age.to_s
      when "daily" then day + 86_400
      when "weekly" then day + 86_400 * (7 - day.wday)
      when "monthly" then now.month == 12 ? Time.local(now.year + 1) : Time.local(now.year, now.month + 1)
      when "now", "everytime" then now
      else raise ArgumentError, "invalid for shift age '#{@shift_age}', should be daily, weekly, monthly, or everytime"
      end
    end
  end

  attr_accessor :progname, :formatter
  attr_reader :level

  def initialize(
    logdev, shift_age = 0, shift_size = 1_048_576, level: DEBUG, progname: nil, formatter: nil, datetime_format: nil,
    binmode: false, shift_period_suffix: "%Y%m%d", reraise_write_errors: [], skip_header: false
  )
    self.level = level
    @progname = progname
    @default_formatter = Formatter.new
    self.datetime_format = datetime_format
    @formatter = formatter
    return if logdev.nil? || logdev == File::NULL

    require "monitor"
    @logdev = LogDevice.new(logdev, shift_age:, shift_size:, shift_period_suffix:, binmode:)
  end

  def level=(severity)
    @level = Severity.coerce(severity)
  end

  def with_level(severity)
    previous, self.level = @level, severity
    yield
  ensure
    @level = previous
  end

  def datetime_format = @default_formatter.datetime_format

  def datetime_format=(format)
    @default_formatter.datetime_format = format
  end

  def add(severity, message = nil, progname = nil)
    severity ||= UNKNOWN
    return true if @logdev.nil? || severity < level

    progname = @progname if progname.nil?
    if message.nil?
      if block_given?
        message = yield
      else
        message = progname
        progname = @progname
      end
    end
    @logdev.write(format_message(SEV_LABEL[severity] || "ANY", Time.now, progname, message))
    true
  end
  alias log add

  def <<(message)
    @logdev&.write(message)
    self
  end

  { debug: DEBUG, info: INFO, warn: WARN, error: ERROR, fatal: FATAL }.each do |name, severity|
    define_method(name) { |progname = nil, &block| add(severity, nil, progname, &block) }
    define_method(:"#{name}?") { level <= severity }
    define_method(:"#{name}!") { self.level = severity }
  end

  def unknown(progname = nil, &block) = add(UNKNOWN, nil, progname, &block)

  def reopen(logdev = nil)
    @logdev&.reopen(logdev)
    self
  end

  def close
    @logdev&.close
  end

  private

  def format_message(severity, time, progname, message)
    (@formatter || @default_formatter).call(severity, time, progname, message)
  end
end
