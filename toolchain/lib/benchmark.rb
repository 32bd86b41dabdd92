# Benchmark: how long code takes.

module Benchmark
  VERSION = "0.5.0"
  CAPTION = "      user     system      total        real\n"
  FORMAT = "%10.6u %10.6y %10.6t %10.6r\n"

  # Times in seconds: of the process, in the system, of its children, and by the clock.
  class Tms
    CAPTION = Benchmark::CAPTION
    FORMAT = Benchmark::FORMAT

    attr_reader :utime, :stime, :cutime, :cstime, :real, :total, :label

    def initialize(utime = 0.0, stime = 0.0, cutime = 0.0, cstime = 0.0, real = 0.0, label = nil)
      @utime, @stime, @cutime, @cstime, @real, @label = utime, stime, cutime, cstime, real, label.to_s
      @total = utime + stime + cutime + cstime
    end

    def add(&block) = self + Benchmark.measure(&block)

    def add!(&block)
      sum = add(&block)
      @utime, @stime, @cutime, @cstime, @real = sum.utime, sum.stime, sum.cutime, sum.cstime, sum.real
      @total = sum.total
      self
    end

    def +(other) = memberwise(:+, other)
    def -(other) = memberwise(:-, other)
    def *(number) = memberwise(:*, number)
    def /(number) = memberwise(:/, number)

    # Directives of its own: u user, y system, U and Y of children, t total, r real (in parentheses), n label.
    def format(template = nil, *args)
      text = (template || FORMAT).dup
      {
        "n" => ->(flags) { flags + "s" }, "u" => @utime, "y" => @stime, "U" => @cutime, "Y" => @cstime, "t" => @total
      }.each do |letter, value|
        text.gsub!(/(%[-+.\d]*)#{letter}/) { letter == "n" ? Kernel.format("#{$1}s", @label) : Kernel.format("#{$1}f", value) }
      end
      text.gsub!(/(%[-+.\d]*)r/) { "(#{Kernel.format("#{$1}f", @real)})" }
      template ? Kernel.format(text, *args) : text
    end

    def to_s = format
    def to_a = [@label, @utime, @stime, @cutime, @cstime, @real]

    def to_h
      { label: @label, utime: @utime, stime: @stime, cutime: @cutime, cstime: @cstime, real: @real }
    end

    protected

    def memberwise(operator, other)
      values = [:utime, :stime, :cutime, :cstime, :real].map do |name|
        __send__(name).__send__(operator, other.is_a?(Tms) ? other.__send__(name) : other)
      end
      Tms.new(*values)
    end
  end

  class Report
    attr_reader :list, :format, :width

    def initialize(width = 0, format = nil)
      @width, @format, @list = width, format, []
    end

    def item(label = "", *format, &block)
      raise ArgumentError, "no block" unless block

      label = label.to_s
      print(label.ljust(@width))
      @list << (result = Benchmark.measure(label, &block))
      print(result.format(@format, *format))
      result
    end
    alias report item
  end

  # Collects jobs for bmbm.
  class Job
    attr_reader :list, :width

    def initialize(width)
      @width, @list = width, []
    end

    def item(label = "", &block)
      raise ArgumentError, "no block" unless block

      label = label.to_s
      @width = label.length if @width < label.length
      @list << [label, block]
      self
    end
    alias report item
  end

  module_function

  def measure(label = "")
    before = Process.times
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    real = Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
    after = Process.times
    Tms.new(
      after.utime - before.utime, after.stime - before.stime, after.cutime - before.cutime,
      after.cstime - before.cstime, real, label
    )
  end

  def realtime
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
  end

  def ms
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond) - start
  end

  def benchmark(caption = "", label_width = nil, format = nil, *labels)
    raise ArgumentError, "no block" unless block_given?

    label_width = (label_width || 0) + 1
    format ||= FORMAT
    report = Report.new(label_width, format)
    print(" " * label_width + caption) unless caption.empty?
    results = yield(report)
    if results.is_a?(Array)
      results.grep(Tms).each do |time|
        print((labels.shift || time.label || "").ljust(label_width), time.format(format))
      end
    end
    report.list
  end

  def bm(label_width = 0, *labels, &block) = benchmark(CAPTION, label_width, FORMAT, *labels, &block)

  def bmbm(width = 0)
    job = Job.new(width)
    yield(job)
    width = job.width + 1
    puts "Rehearsal ".ljust(width + CAPTION.length, "-")
    total = job.list.inject(Tms.new) do |sum, (label, item)|
      print(label.ljust(width))
      result = measure(&item)
      print(result.format)
      sum + result
    end
    print(total.format(" total: %tsec\n\n").rjust(width + CAPTION.length + 2, "-"))
    print(" " * width + CAPTION)
    job.list.map do |label, item|
      GC.start
      print(label.ljust(width))
      result = measure(label, &item)
      print(result.format)
      result
    end
  end
end
