# CSV: tables as text.

class CSV
  VERSION = "3.3.5"
  include Enumerable

  class MalformedCSVError < RuntimeError
    attr_reader :line_number
    alias lineno line_number

    def initialize(message, line_number)
      @line_number = line_number
      super("#{message} in line #{line_number}.")
    end
  end

  class InvalidEncodingError < MalformedCSVError; end

  FieldInfo = Struct.new(:index, :line, :header, :quoted?)

  DEFAULT_OPTIONS = {
    col_sep: ",", row_sep: :auto, quote_char: '"', field_size_limit: nil, max_field_size: nil, converters: nil,
    unconverted_fields: nil, headers: false, return_headers: false, header_converters: nil, skip_blanks: false,
    force_quotes: false, skip_lines: nil, liberal_parsing: false, internal_field_separator: nil,
    internal_encoding: nil, external_encoding: nil, encoding: nil, nil_value: nil, empty_value: "", strip: false,
    write_headers: nil, write_converters: nil, write_nil_value: nil, write_empty_value: "", quote_empty: true
  }.freeze

  Converters = {
    integer: ->(field) { Integer(field.encode("UTF-8")) rescue field },
    float: ->(field) { Float(field.encode("UTF-8")) rescue field },
    numeric: [:integer, :float],
    date: lambda do |field|
      require "date"
      field.match?(/\A\d{4}-\d{1,2}-\d{1,2}\z/) ? (Date.parse(field) rescue field) : field
    end,
    date_time: lambda do |field|
      require "date"
      field.match?(/\A\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?\z/) ? (DateTime.parse(field) rescue field) : field
    end,
    all: [:date_time, :numeric]
  }

  HeaderConverters = {
    downcase: ->(header) { header.downcase },
    symbol: ->(header) { header.strip.downcase.gsub(/[^\s\w]+/, "").gsub(/\s+/, "_").to_sym },
    symbol_raw: ->(header) { header.strip.to_sym }
  }

  # A line of a table with headers: fields by header and in order.
  class Row
    include Enumerable

    attr_reader :row
    protected :row

    def initialize(headers, fields, header_row = false)
      @header_row = header_row
      headers = headers.map { |header| header.is_a?(String) ? header.dup.freeze : header }
      size = [headers.size, fields.size].max
      @row = Array.new(size) { |index| [headers[index], fields[index]] }
    end

    def initialize_copy(other)
      super
      @row = @row.map(&:dup)
    end

    def header_row? = @header_row
    def field_row? = !@header_row
    def headers = @row.map(&:first)

    def field(header_or_index, minimum_index = 0)
      case header_or_index
      when Integer then @row[header_or_index]&.last
      when Range then @row[header_or_index].map(&:last)
      else
        pair = @row.drop(minimum_index).find { |header, _| header == header_or_index }
        pair&.last
      end
    end
    alias [] field

    def fetch(header, *rest)
      raise ArgumentError, "Too many arguments" if rest.size > 1

      pair = @row.find { |name, _| name == header }
      return pair.last if pair
      return yield(header) if block_given?
      return rest.first unless rest.empty?

      raise KeyError, "key not found: #{header}"
    end

    def has_header?(header) = @row.any? { |name, _| name == header }
    alias include? has_header?
    alias key? has_header?
    alias member? has_header?
    alias header? has_header?

    def []=(*args)
      value = args.pop
      if args[0].is_a?(Integer)
        if @row[args[0]]
          @row[args[0]][1] = value
        else
          @row[args[0]] = [nil, value]
          @row.map! { |pair| pair || [nil, nil] }
        end
      else
        index = index(*args)
        index ? @row[index][1] = value : self << [args[0], value]
      end
    end

    def <<(field)
      @row << (field.is_a?(Array) && field.size == 2 ? field : [nil, field])
      self
    end

    def push(*fields)
      fields.each { |field| self << field }
      self
    end

    def delete(header_or_index, minimum_index = 0)
      if header_or_index.is_a?(Integer)
        @row.delete_at(header_or_index)
      else
        (found = index(header_or_index, minimum_index)) ? @row.delete_at(found) : []
      end
    end

    def delete_if(&block)
      return enum_for(__method__) unless block

      @row.delete_if(&block)
      self
    end

    def fields(*headers_and_indices)
      return @row.map(&:last) if headers_and_indices.empty?

      headers_and_indices.flat_map do |wanted|
        if wanted.is_a?(Range)
          first = wanted.begin.is_a?(Integer) ? wanted.begin : index(wanted.begin)
          last = wanted.end.is_a?(Integer) ? wanted.end : index(wanted.end)
          @row[Range.new(first, last, wanted.exclude_end?)].map(&:last)
        else
          [field(*Array(wanted))]
        end
      end
    end
    alias values_at fields

    def index(header, minimum_index = 0)
      found = headers.drop(minimum_index).index(header)
      found && found + minimum_index
    end

    def field?(value) = fields.include?(value)

    def each(&block)
      return enum_for(__method__) { size } unless block

      @row.each(&block)
      self
    end
    alias each_pair each

    def size = @row.size
    alias length size
    def empty? = @row.empty?
    def ==(other) = other.is_a?(Row) ? @row == other.row : @row == other
    def to_h = @row.each_with_object({}) { |(header, value), hash| hash[header] = value unless hash.key?(header) }
    alias to_hash to_h
    alias to_ary to_a
    def deconstruct = fields
    def deconstruct_keys(_keys) = to_h.transform_keys { |key| key.respond_to?(:to_sym) ? key.to_sym : key }
    def slice(*names) = to_h.slice(*names)
    def except(*names) = to_h.except(*names)
    def dig(first, *rest) = rest.empty? ? field(first) : field(first)&.dig(*rest)
    def values = fields
    def to_csv(**options) = fields.to_csv(**options)
    alias to_s to_csv

    def inspect
      "#<CSV::Row #{@row.map { |header, value| "#{header.is_a?(Symbol) ? header.to_s : header.inspect}:#{value.inspect}" }.join(" ")}>"
    end
  end

  # Rows with headers.
  class Table
    include Enumerable

    attr_reader :mode, :table
    protected :table

    def initialize(rows, headers: nil)
      @table = rows
      @headers = headers || (rows.empty? ? [] : rows.first.headers)
      @mode = :col_or_row
    end

    def by_col = self.class.new(@table.dup, headers: @headers).by_col!
    def by_row = self.class.new(@table.dup, headers: @headers).by_row!
    def by_col_or_row = self.class.new(@table.dup, headers: @headers)

    def by_col!
      @mode = :col
      self
    end

    def by_row!
      @mode = :row
      self
    end

    def by_col_or_row!
      @mode = :col_or_row
      self
    end

    def headers = @table.empty? ? @headers.dup : @table.first.headers

    def [](index_or_header)
      if @mode == :row || @mode == :col_or_row && (index_or_header.is_a?(Integer) || index_or_header.is_a?(Range))
        @table[index_or_header]
      else
        @table.map { |row| row[index_or_header] }
      end
    end

    def []=(index_or_header, value)
      if @mode == :row || @mode == :col_or_row && index_or_header.is_a?(Integer)
        @table[index_or_header] = value.is_a?(Array) ? Row.new(headers, value) : value
      elsif value.is_a?(Array)
        @table.each_with_index { |row, index| row[index_or_header] = value[index] }
      else
        @table.each { |row| row[index_or_header] = value }
      end
    end

    def <<(row)
      @table << (row.is_a?(Array) ? Row.new(headers, row) : row)
      self
    end

    def push(*rows)
      rows.each { |row| self << row }
      self
    end

    def values_at(*wanted)
      @mode == :col ? @table.map { |row| row.values_at(*wanted) } : @table.values_at(*wanted)
    end

    def delete(*wanted)
      found = wanted.map do |one|
        if @mode == :row || @mode == :col_or_row && one.is_a?(Integer)
          @table.delete_at(one)
        else
          @headers -= [one]
          @table.map { |row| row.delete(one).last }
        end
      end
      found.size == 1 ? found[0] : found
    end

    def delete_if(&block)
      return enum_for(__method__) unless block

      if @mode == :col
        headers.each { |header| delete(header) if block.call([header, self[header]]) }
      else
        @table.delete_if(&block)
      end
      self
    end

    def each(&block)
      return enum_for(__method__) { @mode == :col ? headers.size : size } unless block

      if @mode == :col
        headers.each.with_index { |header, index| yield([header, @table.map { |row| row[index] }]) }
      else
        @table.each(&block)
      end
      self
    end

    def dig(first, *rest) = rest.empty? ? self[first] : self[first]&.dig(*rest)
    def size = @table.size
    alias length size
    def ==(other) = other.is_a?(Table) ? @table == other.table : @table == other
    def to_a = [headers] + @table.map(&:fields)

    def to_csv(write_headers: true, limit: nil, **options)
      lines = write_headers ? [headers.to_csv(**options)] : []
      rows = limit ? @table.first(limit) : @table
      lines.concat(rows.reject(&:header_row?).map { |row| row.fields.to_csv(**options) }).join
    end
    alias to_s to_csv

    def inspect = "#<CSV::Table mode:#{@mode} row_count:#{to_a.size}>"
  end

  class << self
    def parse(text, **options, &block)
      csv = new(text, **options)
      return csv.each(&block) if block

      csv.read
    end

    def parse_line(line, **options) = new(line, **options).each.first
    def generate_line(row, **options) = new(+"", **options).then { |csv| csv << row }.string
    def generate_lines(rows, **options) = rows.inject(new(+"", **options)) { |csv, row| csv << row }.string

    def generate(text = nil, **options)
      csv = new(text ? text.dup : +"", appending: !text.nil?, **options)
      yield csv
      csv.string
    end

    def read(path, mode = "r", **options) = open(path, mode, **options) { |csv| csv.read }
    alias readlines read
    def table(path, **options) = read(path, headers: true, converters: :numeric, header_converters: :symbol, **options)

    def foreach(path, mode = "r", **options, &block)
      return to_enum(__method__, path, mode, **options) unless block

      open(path, mode, **options) { |csv| csv.each(&block) }
    end

    def open(path, mode = "r", **options)
      file = File.open(path, mode, **options.slice(:encoding, :external_encoding, :internal_encoding).compact)
      csv = new(file, **options)
      return csv unless block_given?

      begin
        yield csv
      ensure
        csv.close
      end
    end

    def instance(out = $stdout, **options) = new(out, **options)

    def filter(input = nil, output = nil, **options)
      csv_in = new(input || $stdin, **options)
      csv_out = new(output || $stdout, **options)
      csv_in.each do |row|
        yield row
        csv_out << row
      end
    end
  end

  attr_reader :col_sep, :quote_char, :lineno, :line

  def initialize(data = "", appending: false, **options)
    raise ArgumentError, "Cannot parse nil as CSV" if data.nil?

    unknown = options.keys - DEFAULT_OPTIONS.keys
    raise ArgumentError, "unknown keyword#{"s" if unknown.size > 1}: #{unknown.map(&:inspect).join(", ")}" unless unknown.empty?

    options = DEFAULT_OPTIONS.merge(options)
    require "stringio"
    @io = data.is_a?(String) ? StringIO.new(data) : data
    @io.seek(0, IO::SEEK_END) if appending
    @options = options
    @col_sep = options[:col_sep].to_s
    raise ArgumentError, ":col_sep must be 1 or more characters: #{options[:col_sep].inspect}" if @col_sep.empty?

    @quote_char = options[:quote_char]&.to_s
    if @quote_char && @quote_char.size != 1
      raise ArgumentError, ":quote_char has to be nil or a single character String"
    end

    @converters = expand(options[:converters], Converters)
    @header_converters = expand(options[:header_converters], HeaderConverters)
    @write_converters = expand(options[:write_converters], {})
    @lineno = 0
    @line = +""
    @headers = nil
    @use_headers = options[:headers]
    @headers_written = false
  end

  def row_sep = @options[:row_sep] == :auto ? "\n" : @options[:row_sep]
  def headers = @headers || (@use_headers ? true : nil)
  def return_headers? = @options[:return_headers] ? true : false
  def write_headers? = @options[:write_headers] ? true : false
  def skip_blanks? = @options[:skip_blanks] ? true : false
  def force_quotes? = @options[:force_quotes] ? true : false
  def liberal_parsing? = @options[:liberal_parsing] ? true : false
  def converters = @converters
  def header_converters = @header_converters
  def string = @io.string
  def to_io = @io
  def path = @io.respond_to?(:path) ? @io.path : nil
  def close = @io.close
  def closed? = @io.closed?
  def flush = @io.flush
  def convert(name = nil, &block) = @converters.concat(expand(name || block, Converters))
  def header_convert(name = nil, &block) = @header_converters.concat(expand(name || block, HeaderConverters))

  def rewind
    @lineno = 0
    @headers = nil
    @rows = nil
    @io.rewind
  end

  def inspect
    "#<CSV io_type:#{@io.class} encoding:UTF-8 lineno:#{@lineno} col_sep:#{@col_sep.inspect} row_sep:#{row_sep.inspect} quote_char:#{@quote_char.inspect} headers:#{headers.inspect}>"
  end

  # --- reading ---

  def shift
    (@rows ||= row_enumerator).next
  rescue StopIteration
    nil
  end
  alias gets shift
  alias readline shift

  def each(&block)
    return enum_for(__method__) unless block

    if @rows
      while (row = shift)
        yield row
      end
    else
      read_rows(&block)
    end
    self
  end

  def read
    rows = each.to_a
    @use_headers ? Table.new(rows, headers: @headers || []) : rows
  end
  alias readlines read

  def eof?
    (@rows ||= row_enumerator).peek
    false
  rescue StopIteration
    true
  end
  alias eof eof?

  # --- writing ---

  def <<(row)
    case row
    when Row then fields = row.fields
    when Hash
      @headers ||= @use_headers.is_a?(Array) ? @use_headers : row.keys
      fields = @headers.map { |header| row[header] }
    else fields = row
    end
    write_header_line(row) if @use_headers && !@headers_written
    @lineno += 1
    @io.write(line_of(fields))
    self
  end
  alias add_row <<
  alias puts <<

  private

  def row_enumerator = Enumerator.new { |out| read_rows { |row| out << row } }

  def expand(names, table)
    Array(names.is_a?(Proc) ? [names] : names).flat_map do |name|
      case name
      when Symbol, String
        found = table.fetch(name.to_sym) { raise NoMethodError, "undefined method 'arity' for nil" }
        found.is_a?(Array) ? expand(found, table) : [found]
      when Array then expand(name, table)
      else [name]
      end
    end
  end

  def write_header_line(row)
    @headers_written = true
    @headers = case @use_headers
               when Array then @use_headers
               when String then CSV.parse_line(@use_headers, col_sep: @col_sep, quote_char: @quote_char)
               else
                 if @options[:write_headers]
                   row.is_a?(Row) ? row.headers : row.is_a?(Hash) ? row.keys : nil
                 else
                   @headers
                 end
               end
    return unless @options[:write_headers] && @headers

    @io.write(line_of(@headers))
  end

  def line_of(fields)
    separator = @options[:row_sep] == :auto ? $INPUT_RECORD_SEPARATOR || "\n" : @options[:row_sep]
    quotable = @quotable ||= /[\r\n#{Regexp.escape(@col_sep)}#{Regexp.escape(@quote_char || "")}]/
    forced = @options[:force_quotes]
    texts = fields.each_with_index.map do |field, index|
      @write_converters.each { |converter| field = converter.call(field) }
      field = @options[:write_nil_value] if field.nil?
      next (forced == true ? "#{@quote_char}#{@quote_char}" : "") if field.nil?

      text = field.is_a?(String) ? field : String(field)
      text = @options[:write_empty_value].to_s if text.empty?
      force = case forced
              when true then true
              when Array then forced.include?(index) || @headers && forced.include?(@headers[index])
              else false
              end
      if text.empty?
        @options[:quote_empty] ? "#{@quote_char}#{@quote_char}" : ""
      elsif @quote_char && (force || quotable.match?(text))
        "#{@quote_char}#{text.gsub(@quote_char, @quote_char * 2)}#{@quote_char}"
      else
        text
      end
    end
    texts.join(@col_sep) << separator
  end

  # Yields the rows, with headers as the options want them.
  def read_rows
    if @use_headers && @headers.nil? && @use_headers != :first_row && @use_headers != true
      given = @use_headers.is_a?(String) ? CSV.parse_line(@use_headers, col_sep: @col_sep, quote_char: @quote_char) : @use_headers
      set_headers(given)
      yield Row.new(@headers, given, true) if @options[:return_headers]
    end
    parse_rows do |fields, quoted|
      if @use_headers
        if @headers.nil?
          set_headers(fields, quoted)
          yield Row.new(@headers, fields, true) if @options[:return_headers]
          next
        end
        next if fields.empty? && @options[:skip_blanks]

        yield Row.new(@headers, converted(fields, quoted))
      else
        yield converted(fields, quoted)
      end
    end
  end

  def set_headers(fields, _quoted = [])
    @headers = fields.each_with_index.map do |header, index|
      @header_converters.each do |converter|
        break unless header.is_a?(String)

        header = converter.arity == 1 ? converter.call(header) : converter.call(header, FieldInfo.new(index, @lineno, nil, false))
      end
      header.is_a?(String) && !header.frozen? ? header.dup.freeze : header
    end.freeze
  end

  def converted(fields, quoted)
    return fields if @converters.empty?

    fields.each_with_index.map do |field, index|
      next field if field.nil?

      @converters.each do |converter|
        break unless field.is_a?(String)

        field = if converter.arity == 1
                  converter.call(field)
                else
                  converter.call(field, FieldInfo.new(index, @lineno, @headers && @headers[index], quoted[index]))
                end
      end
      field
    end
  end

  # Yields the fields of each row, and which of them were quoted.
  def parse_rows
    separator = @options[:row_sep]
    skip = @options[:skip_lines]
    skip = /#{Regexp.escape(skip)}/ if skip.is_a?(String)
    while (line = @io.gets(*(separator == :auto ? [] : [separator])))
      if separator == :auto && line.include?("\r") && !line.end_with?("\r\n") && line.count("\r") > 0 && !line.include?(@quote_char.to_s)
        parts = line.split(/(?<=\r)(?!\n)/)
      else
        parts = [line]
      end
      parts.each do |part|
        @lineno += 1
        next if skip&.match?(part.chomp)

        fields, quoted = parse_fields(part)
        next if fields.empty? && @options[:skip_blanks]

        yield fields, quoted
      end
    end
  end

  def parse_fields(line)
    start = @lineno
    ending = @options[:row_sep] == :auto ? line[/\r?\n\z|\r\z/] || "" : (line.end_with?(@options[:row_sep]) ? @options[:row_sep] : "")
    body = line[0, line.size - ending.size]
    @line = line
    return [[], []] if body.empty?

    quote = @quote_char
    if quote.nil? || !body.include?(quote)
      if body.match?(/[\r\n]/) && @options[:row_sep] == :auto
        raise MalformedCSVError.new("Unquoted fields do not allow new line #{body[/[\r\n]/].inspect}", @lineno)
      end

      fields = body.split(@col_sep, -1).map { |field| plain_field(field) }
      return [fields, []]
    end

    fields = []
    quoted = []
    index = 0
    strip = @options[:strip]
    loop do
      index += body[index..][/\A[ \t]*/].size if strip && body[index..].lstrip.start_with?(quote)
      if body[index] == quote
        text = +""
        index += 1
        loop do
          close = body.index(quote, index)
          if close.nil?
            text << body[index..] << ending
            following = @io.gets(*(@options[:row_sep] == :auto ? [] : [@options[:row_sep]]))
            raise MalformedCSVError.new("Unclosed quoted field", start) if following.nil?

            @lineno += 1
            @line += following
            ending = @options[:row_sep] == :auto ? following[/\r?\n\z|\r\z/] || "" : (following.end_with?(@options[:row_sep]) ? @options[:row_sep] : "")
            body = following[0, following.size - ending.size]
            index = 0
            next
          end
          text << body[index...close]
          index = close + 1
          break unless body[index] == quote

          text << quote
          index += 1
        end
        index += body[index..][/\A[ \t]*/].size if strip
        if index < body.size && !body[index..].start_with?(@col_sep)
          unless @options[:liberal_parsing]
            raise MalformedCSVError.new("Any value after quoted field isn't allowed", @lineno)
          end

          stop = body.index(@col_sep, index) || body.size
          text = "#{quote}#{text}#{quote}#{body[index...stop]}"
          index = stop
        end
        fields << (text.empty? ? @options[:empty_value] : text)
        quoted[fields.size - 1] = true
      else
        stop = body.index(@col_sep, index) || body.size
        field = body[index...stop]
        if field.include?(quote) && !@options[:liberal_parsing]
          raise MalformedCSVError.new("Illegal quoting", @lineno)
        end

        fields << plain_field(field)
        index = stop
      end
      break if index >= body.size

      index += @col_sep.size
      if index >= body.size
        fields << plain_field("")
        break
      end
    end
    [fields, quoted]
  end

  def plain_field(text)
    text = text.strip if @options[:strip]
    text.empty? ? @options[:nil_value] : text
  end
end

def CSV(*args, **options, &block)
  csv = CSV.instance(*args, **options)
  block ? block.call(csv) : csv
end

class Array
  def to_csv(**options) = CSV.generate_line(self, **options)
end

class String
  def parse_csv(**options) = CSV.parse_line(self, **options)
end
