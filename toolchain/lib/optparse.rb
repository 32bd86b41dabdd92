# OptionParser: options of a command line.

class OptionParser
  Version = VERSION = "0.8.1"

  class ParseError < RuntimeError
    Reason = "parse error"

    attr_reader :args
    attr_writer :reason
    attr_accessor :additional

    def initialize(*args, additional: nil)
      @additional = additional
      @args = args
      @reason = nil
    end

    def self.filter_backtrace(lines) = lines

    def recover(argv)
      argv[0, 0] = @args
      argv
    end

    def set_option(option, _is_long)
      @args[0] = option
      self
    end

    def reason = @reason || self.class::Reason
    def message = "#{reason}: #{args.join(" ")}#{additional[@args[0]] if additional}"
    alias to_s message
    def inspect = "#<#{self.class}: #{args.join(" ")}>"
  end

  class AmbiguousOption < ParseError; Reason = "ambiguous option"; end
  class NeedlessArgument < ParseError; Reason = "needless argument"; end
  class MissingArgument < ParseError; Reason = "missing argument"; end
  class InvalidOption < ParseError; Reason = "invalid option"; end
  class InvalidArgument < ParseError; Reason = "invalid argument"; end
  class AmbiguousArgument < InvalidArgument; Reason = "ambiguous argument"; end

  DecimalInteger = Object.new
  OctalInteger = Object.new
  DecimalNumeric = Object.new

  # One option. `style` is :none, :required or :optional; `names` are with their dashes.
  class Switch
    attr_reader :short, :long, :argument, :style, :pattern, :converter, :description, :block, :negatable

    def initialize(short:, long:, argument:, style:, pattern:, converter:, description:, block:, negatable:)
      @short, @long, @argument, @style, @pattern = short, long, argument, style, pattern
      @converter, @description, @block, @negatable = converter, description, block, negatable
    end

    def arg = @argument
    def desc = @description

    # The key for `into:`.
    def switch_name = (@long.first || @short.first).sub(/\A-+(?:\[no-\])?/, "")

    # Returns the lines of the summary.
    def lines(width, indent)
      left = @short.dup
      left.concat(@long)
      if left.any?
        text = left.join(", ")
        text = @long.empty? ? "#{text}#{@argument}" : "#{@short.empty? ? "    " : ""}#{text}#{@argument}"
      else
        text = ""
      end
      return ["#{indent}#{text}".rstrip] if @description.empty?

      head, *rest = @description
      first = text.size <= width ? ["#{indent}#{text.ljust(width)} #{head}"] : ["#{indent}#{text}", "#{indent}#{" " * width} #{head}"]
      first + rest.map { |line| "#{indent}#{" " * width} #{line}" }
    end
  end

  # How the text of an argument becomes a value: class -> [pattern, conversion].
  CONVERSIONS = {}

  def self.accept(type, pattern = /.*/m, &block)
    CONVERSIONS[type] = [pattern, block || ->(text, *) { text }]
  end

  def self.reject(type)
    CONVERSIONS.delete(type)
  end

  accept(Object) { |text, *| text }
  accept(NilClass) { |text, *| text }
  accept(String, /.+/m) { |text, *| text }
  integer = /\A[-+]?(?:0b[01]+(?:_[01]+)*|0x\h+(?:_\h+)*|0o?[0-7]*(?:_[0-7]+)*|\d+(?:_\d+)*)\z/i
  accept(Integer, integer) { |text, *| Integer(text) }
  accept(Float, /\A[-+]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+)?\z/) { |text, *| text.to_f }
  accept(Numeric, %r{\A[-+]?(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?:/\d+)?\z}) do |text, *|
    case text
    when %r{/} then Rational(text)
    when /[.eE]/ then text.to_f
    else Integer(text, 10)
    end
  end
  accept(DecimalInteger, /\A[-+]?\d+(?:_\d+)*\z/) { |text, *| Integer(text, 10) }
  accept(OctalInteger, /\A[-+]?(?:[0-7]+(?:_[0-7]+)*|0(?:b[01]+|x\h+))\z/i) { |text, *| Integer(text, 8) }
  accept(DecimalNumeric, /\A[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?\z/) { |text, *| text.match?(/[.eE]/) ? text.to_f : text.to_i }
  accept(Symbol, /.+/m) { |text, *| text.to_sym }
  accept(Array, /.*/m) { |text, *| text.split(",").map { |item| item.empty? ? nil : item } }
  accept(Regexp, /.*/m) do |text, *|
    match = %r{\A/((?:\\.|[^\\])*)/([[:alpha:]]*)\z}m.match(text)
    flags = match ? match[2] : ""
    Regexp.new(match ? match[1] : text, (flags.include?("i") ? 1 : 0) | (flags.include?("x") ? 2 : 0) | (flags.include?("m") ? 4 : 0))
  end
  accept(TrueClass, /\A(?:\+|-|y(?:es?)?|t(?:r(?:ue?)?)?|no?|f(?:a(?:l(?:se?)?)?)?|nil?)\z/i) { |text, *| !text.match?(/\A(?:-|n|f)/i) }
  accept(FalseClass, CONVERSIONS[TrueClass][0]) { |text, *| !text.match?(/\A(?:-|n|f)/i) }

  attr_writer :banner, :program_name, :version, :release
  attr_accessor :summary_width, :summary_indent, :default_argv, :set_if_missing, :require_exact, :raise_unknown

  def self.with(...) = new(...)
  def self.version = @version
  def self.each_const(*) = nil
  def self.inc(value, default = nil)
    case value
    when Integer then value
    else default ? default.succ : nil
    end
  end

  def initialize(banner = nil, width = 32, indent = " " * 4)
    @banner = banner
    @summary_width = width
    @summary_indent = indent
    @default_argv = ARGV
    @entries = []   # switches and separators, in order
    @tail = []
    @conversions = {}
    @require_exact = false
    @raise_unknown = true
    yield self if block_given?
  end

  def program_name = @program_name || File.basename($0, ".*")
  alias set_program_name program_name=
  def banner = @banner || "Usage: #{program_name} [options]"
  def set_banner(text) = self.banner = text
  def set_summary_width(width) = self.summary_width = width
  def set_summary_indent(indent) = self.summary_indent = indent
  def version = @version || (defined?(::Version) && ::Version)
  def release = @release || (defined?(::Release) && ::Release)

  def ver
    return unless (number = version)

    "#{program_name} #{Array(number).join(".")}#{" (#{release})" if release}"
  end

  def abort(message = $!) = super("#{program_name}: #{message}")
  def warn(message = $!) = super("#{program_name}: #{message}")

  def accept(type, pattern = /.*/m, &block)
    pattern, block = /.*/m, pattern if pattern.respond_to?(:call)
    if type.is_a?(Regexp)
      pattern = type
    end
    @conversions[type] = [pattern, block || ->(text, *) { text }]
  end

  def reject(type)
    @conversions.delete(type)
  end

  def define(*options, &block)
    @entries << make_switch(options, block)
    self
  end
  alias on define
  alias def_option define

  def define_head(*options, &block)
    @entries.unshift(make_switch(options, block))
    self
  end
  alias on_head define_head
  alias def_head_option define_head

  def define_tail(*options, &block)
    @tail << make_switch(options, block)
    self
  end
  alias on_tail define_tail
  alias def_tail_option define_tail

  def separator(text = "")
    @entries << text.to_s
    self
  end

  # --- help ---

  def summarize(to = [], width = @summary_width, _max = width - 1, indent = @summary_indent)
    (@entries + @tail).each do |entry|
      lines = entry.is_a?(Switch) ? entry.lines(width, indent) : entry.empty? ? [""] : entry.lines(chomp: true)
      lines.each { |line| block_given? ? yield("#{line}\n") : to << "#{line}\n" }
    end
    to
  end

  def help
    head = banner
    head += "\n" unless head.end_with?("\n")
    head + summarize.join
  end
  alias to_s help

  def to_a = summarize([banner.to_s])

  # --- reading ---

  def parse(*argv, into: nil)
    argv = argv[0].dup if argv.size == 1 && argv[0].is_a?(Array)
    parse!(argv, into: into)
  end

  def parse!(argv = default_argv, into: nil)
    ENV.key?("POSIXLY_CORRECT") ? order!(argv, into: into) : permute!(argv, into: into)
  end

  def permute(*argv, into: nil)
    argv = argv[0].dup if argv.size == 1 && argv[0].is_a?(Array)
    permute!(argv, into: into)
  end

  def permute!(argv = default_argv, into: nil)
    others = []
    read(argv, into) { |word| others << word }
    argv[0, 0] = others
    argv
  end

  def order(*argv, into: nil, &block)
    argv = argv[0].dup if argv.size == 1 && argv[0].is_a?(Array)
    order!(argv, into: into, &block)
  end

  def order!(argv = default_argv, into: nil, &block)
    if block
      read(argv, into, &block)
    else
      stop = catch(:first) do
        read(argv, into) { |word| throw(:first, word) }
        nil
      end
      argv.unshift(stop) if stop
    end
    argv
  end

  def getopts(argv_or_short = ARGV, *options, symbolize_keys: false)
    if argv_or_short.is_a?(Array)
      argv = argv_or_short
      short, *long = options
    else
      argv = default_argv
      short, *long = argv_or_short, *options
    end
    result = {}
    short&.scan(/(.)(:)?/) do |letter, value|
      result[letter] = value ? nil : false
      define("-#{letter}#{" VAL" if value}") { |given| result[letter] = given }
    end
    long.each do |option|
      name, value = option.split(":", 2)
      result[name] = value ? (value.empty? ? nil : value) : false
      define("--#{name}#{"=VAL" if option.include?(":")}") { |given| result[name] = given }
    end
    parse!(argv)
    symbolize_keys ? result.transform_keys(&:to_sym) : result
  end

  def environment(name = File.basename($0, ".*"), **)
    text = ENV[name] || ENV[name.upcase] or return
    require "shellwords"
    parse(*Shellwords.shellwords(text))
  end

  private

  def switches = (@entries + @tail).grep(Switch)

  def make_switch(options, block)
    short, long, description = [], [], []
    argument = nil
    style = :none
    pattern = converter = nil
    negatable = false
    options.each do |option|
      case option
      when /\A--\[no-\]([^\[\]=\s]*)(.*)\z/m
        long << "--[no-]#{$1}"
        negatable = true
        argument, style = argument_style($2, argument, style)
      when /\A--([^\[\]=\s]*)(.*)\z/m
        long << "--#{$1}"
        argument, style = argument_style($2, argument, style)
      when /\A-(\[\^?\]?(?:[^\\\]]|\\.)*\])(.*)\z/m, /\A-(.)(.*)\z/m
        short << "-#{$1}"
        argument, style = argument_style($2, argument, style)
      when /\A=/ then argument, style = argument_style(option, argument, style)
      when String then description << option
      when :REQUIRED, :NONE, :OPTIONAL, :required, :none, :optional
        style = option.downcase.to_sym
      when Proc, Method then block ||= option
      when Module
        pattern, converter = conversion(option)
      when Array, Hash
        pattern, converter = choice(option)
      when Regexp
        pattern, converter = option, ->(text, *groups) { groups.empty? ? text : [text, *groups] }
      when nil then next
      else
        if @conversions.key?(option) || CONVERSIONS.key?(option)
          pattern, converter = conversion(option)
        else
          raise ArgumentError, "unsupported argument type: #{option}"
        end
      end
    end
    raise ArgumentError, "no switch given" if short.empty? && long.empty? && description.empty?

    Switch.new(
      short: short, long: long, argument: argument, style: style, pattern: pattern, converter: converter,
      description: description, block: block, negatable: negatable
    )
  end

  # Returns [text for the summary, style] for what follows the name of an option.
  def argument_style(text, argument, style)
    return [argument, style] if text.empty?

    case text
    when /\A(\s*=?\s*)\[/, /\A\[=?/ then [text, :optional]
    else [text, :required]
    end
  end

  def conversion(type)
    found = @conversions[type] || CONVERSIONS[type]
    raise ArgumentError, "unsupported argument type: #{type}" unless found

    found
  end

  # One of some words, or the value that a Hash has for it; words may be shortened.
  def choice(words)
    table = words.is_a?(Hash) ? words : words.to_h { |word| word.is_a?(Array) ? word : [word, word] }
    converter = lambda do |text, *|
      names = table.keys
      exact = names.find { |name| name.to_s == text }
      next table[exact] if exact

      found = names.select { |name| name.to_s.start_with?(text) }
      raise InvalidArgument, text if found.empty?
      raise AmbiguousArgument, text if found.size > 1

      table[found[0]]
    end
    [nil, converter]
  end

  def read(argv, into)
    while (word = argv.shift)
      case word
      when "--"
        break
      when /\A--([^=]*)(?:=(.*))?\z/m
        long_option($1, $2, word, argv, into)
      when /\A-(.+)\z/m
        short_options($1, word, argv, into)
      else
        yield word
      end
    end
  end

  def long_option(name, value, word, argv, into)
    switch, negated = find_long(name, word)
    unless switch
      return default_long(name) if default_long?(name)

      raise InvalidOption, word
    end
    shown = "--#{name}"
    if negated
      raise NeedlessArgument, word if value

      return call(switch, false, into)
    end
    case switch.style
    when :none
      raise NeedlessArgument, word if value

      call(switch, true, into)
    when :required
      if value.nil?
        raise MissingArgument, shown if argv.empty?

        value = argv.shift
        call(switch, convert(switch, value, [shown, value]), into)
      else
        call(switch, convert(switch, value, [word]), into)
      end
    when :optional
      if value.nil? && !argv.empty? && !argv[0].start_with?("-") && !switch.argument.to_s.match?(/\A\[=|\A=\[/)
        value = argv[0]
        argv.shift
      end
      call(switch, value.nil? ? nil : convert(switch, value, [shown, value]), into)
    end
  end

  def find_long(name, word)
    exact = []
    partial = []
    switches.each do |switch|
      switch.long.each do |long|
        plain = long.sub(/\A--(?:\[no-\])?/, "")
        forms = [[plain, false]]
        forms << ["no-#{plain}", true] if switch.negatable
        forms.each do |form, negated|
          exact << [switch, negated] if form == name
          partial << [switch, negated] if form.start_with?(name)
        end
      end
    end
    return exact.last if exact.any?
    return [nil, false] if @require_exact

    partial.uniq!
    raise AmbiguousOption, word if partial.size > 1

    partial.empty? ? [nil, false] : partial[0]
  end

  def short_options(letters, word, argv, into)
    until letters.empty?
      letter = letters[0]
      rest = letters[1..]
      switch = switches.reverse.find { |one| one.short.any? { |short| short_matches?(short, letter) } }
      unless switch
        if letters == word[1..] && (found = find_long(letters, word)[0])
          return long_option(letters, nil, word, argv, into) if found
        end
        return default_short(letter) if letter == "h" || letter == "v" && version

        raise InvalidOption, "-#{letter}"
      end
      shown = "-#{letter}"
      if switch.short.none? { |short| short == shown }
        call(switch, convert(switch, letters, [word]), into)
        return
      end
      case switch.style
      when :none
        call(switch, true, into)
        letters = rest
      when :required
        value = rest.empty? ? argv.shift : rest
        raise MissingArgument, shown if value.nil?

        words = rest.empty? ? [shown, value] : [shown + rest]
        call(switch, convert(switch, value, words), into)
        return
      when :optional
        value = rest.empty? ? nil : rest
        value = argv.shift if value.nil? && !argv.empty? && !argv[0].start_with?("-")
        call(switch, value.nil? ? nil : convert(switch, value, [shown, value]), into)
        return
      end
    end
  end

  # Whether the letter is that of an option, or among those of one such as -[0-9].
  def short_matches?(short, letter)
    return short == "-#{letter}" if short.size == 2

    Regexp.new(short[1..]).match?(letter)
  end

  def convert(switch, value, words)
    return value unless switch.converter

    match = switch.pattern ? switch.pattern.match(value) : [value]
    raise InvalidArgument.new(*words) unless match && (match.is_a?(Array) || match[0].size == value.size)

    groups = match.is_a?(MatchData) ? match.captures : []
    begin
      switch.converter.call(value, *groups)
    rescue ArgumentError
      raise InvalidArgument.new(*words)
    rescue ParseError => error
      raise error.class.new(*words)
    end
  end

  def call(switch, value, into)
    result = switch.block ? switch.block.call(value) : value
    into[switch.switch_name.to_sym] = result if into && switch.block
    into[switch.switch_name.to_sym] = value if into && !switch.block
  rescue ParseError => error
    raise error if error.args.size > 1

    name = switch.long.first&.sub("[no-]", "") || switch.short.first
    raise error.class.new(name, *error.args)
  end

  def default_long?(name) = !name.empty? && ("help".start_with?(name) || "version".start_with?(name))

  def default_long(name)
    if "help".start_with?(name)
      puts help
    else
      text = ver or Kernel.abort("#{program_name}: version unknown")
      puts text
    end
    exit
  end

  def default_short(letter) = default_long(letter == "h" ? "help" : "version")
end

OptParse = OptionParser

# ARGV and other Arrays with the options of a parser.
module OptionParser::Arguable
  def options=(parser)
    @optparse = parser
  end

  def options
    @optparse ||= OptionParser.new.tap { |parser| parser.default_argv = self }
    block_given? ? yield(@optparse) : @optparse
  end

  def parse!(**) = options.parse!(self, **)
  def order!(**, &block) = options.order!(self, **, &block)
  def permute!(**) = options.permute!(self, **)
  def getopts(*args, **) = options.getopts(self, *args, **)
end

ARGV.extend(OptionParser::Arguable)
