# JSON: reading and writing JavaScript Object Notation. Parser and generator are natives.

module JSON
  VERSION = "2.18.0"
  NaN = Float::NAN
  Infinity = Float::INFINITY
  MinusInfinity = -Float::INFINITY

  class JSONError < StandardError
    def self.wrap(exception) = new("Wrapped(#{exception.class}): #{exception.message.inspect}")
  end

  class ParserError < JSONError
    attr_reader :line, :column
  end

  class NestingError < ParserError; end

  class GeneratorError < JSONError
    attr_reader :invalid_object

    def initialize(message, invalid_object = nil)
      super(message)
      @invalid_object = invalid_object
    end

    def detailed_message(...)
      @invalid_object.nil? ? super : "#{super}\nInvalid object: #{@invalid_object.inspect}"
    end
  end

  class MissingUnicodeSupport < JSONError; end

  # A configured pair of parser and generator. The block converts objects that JSON does not know.
  class Coder
    def initialize(options = nil, **more, &as_json)
      options = (options || {}).merge(more)
      @read = options
      @state = State.new({ strict: true, **options, as_json: as_json || options[:as_json] })
    end

    def dump(object, io = nil)
      text = @state.generate(object)
      io ? io.write(text) && io : text
    end
    alias generate dump

    def load(source) = JSON.parse(source, @read)
    alias parse load

    def load_file(path) = load(File.read(path, encoding: "UTF-8"))
  end

  # A text that is put into the output as it is.
  Fragment = Struct.new(:json) do
    def initialize(json)
      raise TypeError, "wrong argument type #{json.class} (expected String)" unless json.is_a?(String)

      super
    end

    def to_json(state = nil, *) = json
  end

  class Parser
    def self.new(source, options = nil) = allocate.tap { |parser| parser.__send__(:initialize, source, options) }
    def self.parse(source, options = nil) = JSON.parse(source, options)

    attr_reader :source

    def initialize(source, options = nil)
      @source = source.to_str
      @options = options
    end

    def parse = JSON.parse(@source, @options)
  end

  @create_id = "json_class"
  @load_default_options = { allow_nan: true, allow_blank: true, max_nesting: false }
  @dump_default_options = { max_nesting: false, allow_nan: true }

  class << self
    attr_accessor :create_id, :load_default_options, :dump_default_options

    def [](object, options = {})
      object.respond_to?(:to_str) ? parse(object.to_str, options) : generate(object, options)
    end

    def state = State
    def generator = Ext::Generator
    def parser = Parser

    def parse!(source, options = nil)
      parse(source, { max_nesting: false, allow_nan: true }.merge(options || {}))
    end

    def load(source, proc = nil, options = load_default_options, **more)
      options = options.merge(more)
      if source.respond_to?(:to_str)
        source = source.to_str
      elsif source.respond_to?(:to_io)
        source = source.to_io.read
      elsif source.respond_to?(:read)
        source = source.read
      end
      source = "null" if options[:allow_blank] && (source.nil? || source.empty?)
      result = parse(source, options)
      proc ? walk(result, proc) : result
    end
    alias restore load

    def unsafe_load(source, proc = nil, options = nil)
      load(source, proc, load_default_options.merge(create_additions: true).merge(options || {}))
    end

    def load_file(path, options = nil) = parse(File.read(path, encoding: "UTF-8"), options)
    def load_file!(path, options = nil) = parse!(File.read(path, encoding: "UTF-8"), options)

    def dump(object, io = nil, limit = nil, options = nil, **more)
      if io.is_a?(Hash)
        options = io
        io = nil
      elsif io.is_a?(Integer)
        limit = io
        io = nil
      end
      options = dump_default_options.merge(options || {}).merge(more)
      options = options.merge(max_nesting: limit) if limit
      begin
        text = generate(object, options)
      rescue NestingError
        raise ArgumentError, "exceed depth limit"
      end
      return text unless io

      io = io.to_io if io.respond_to?(:to_io)
      io.write(text)
      io
    end

    private

    # Calls `proc` with every part of a value, inner ones first.
    def walk(value, proc)
      case value
      when Array
        value.map! { |item| walk(item, proc) }
      when Hash
        value.each { |key, item| value[walk(key, proc)] = walk(item, proc) }
      end
      proc.call(value)
    end
  end

  # What the core classes answer to `to_json`.
  module Ext::Generator::GeneratorMethods
    module Object
      def to_json(state = nil, *)
        state.is_a?(State) && state.strict? ? JSON.generate(self, state) : JSON.__to_s_json(self, state)
      end
    end

    %i[String Symbol Array Hash Integer Float NilClass TrueClass FalseClass].each do |name|
      const_set(name, Module.new do
        def to_json(state = nil, *) = JSON.__to_json(self, state)
      end)
    end

    module Symbol
      def to_json(state = nil, *) = JSON.__to_json(name, state)
    end
  end
end

[String, Symbol, Array, Hash, Integer, Float, NilClass, TrueClass, FalseClass, Object].each do |core|
  core.include(JSON::Ext::Generator::GeneratorMethods.const_get(core.name))
end

module Kernel
  def JSON(object, options = nil)
    object.is_a?(String) ? JSON.parse(object, options) : JSON.generate(object, options)
  end

  def j(*objects)
    objects.each { |object| puts JSON.generate(object, allow_nan: true, max_nesting: false) }
    nil
  end

  def jj(*objects)
    objects.each { |object| puts JSON.pretty_generate(object, allow_nan: true, max_nesting: false) }
    nil
  end

  private :JSON, :j, :jj
end
