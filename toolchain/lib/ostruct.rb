# OpenStruct: an object whose attributes come into being when they are assigned.

class OpenStruct
  VERSION = "1.6.3"

  def initialize(hash = nil)
    @table = {}
    return unless hash

    hash.each_pair { |name, value| self[name] = value }
  end

  def initialize_copy(source)
    super
    @table = source.to_h
    @table.each_key { |name| new_ostruct_member!(name) }
  end

  def to_h(&block) = block ? @table.to_h(&block) : @table.dup

  def each_pair
    return to_enum(__method__) { @table.size } unless defined?(yield)

    @table.each_pair { |pair| yield pair }
    self
  end

  def [](name) = @table[name.to_sym]

  def []=(name, value)
    name = name.to_sym
    raise FrozenError.new("can't modify frozen #{class!}: #{inspect}", receiver: self) if frozen!

    new_ostruct_member!(name)
    @table[name] = value
  end

  def dig(name, *names)
    begin
      name = name.to_sym
    rescue NoMethodError
      raise TypeError, "#{name} is not a symbol nor a string"
    end
    @table.dig(name, *names)
  end

  def delete_field(name, &block)
    name = name.to_sym
    if singleton_methods!(false).include?(name)
      singleton_class!.remove_method(name, :"#{name}=")
    end
    @table.delete(name) do
      return yield if block

      raise NameError.new("no field '#{name}' in #{inspect}", name)
    end
  end

  def respond_to_missing?(name, private = false)
    name = name.to_s.chomp("=").to_sym
    @table&.key?(name) || super
  end

  def freeze
    @table.freeze
    super
  end

  def inspect
    active = (Thread.current[:__ostruct_inspect__] ||= [])
    return "#<#{class!} ...>" if active.include?(object_id)

    begin
      active << object_id
      detail = @table.map { |name, value| " #{name}=#{value.inspect}" }.join(",")
      "#<#{class!}#{detail}>"
    ensure
      active.pop
    end
  end
  alias to_s inspect

  attr_reader :table
  protected :table

  def ==(other) = other.is_a?(OpenStruct) && @table == other.table
  def eql?(other) = other.is_a?(OpenStruct) && @table.eql?(other.table)
  def hash = @table.hash

  private

  # A field hides the methods that an object has anyway, but not those that a subclass defines.
  def new_ostruct_member!(name)
    return if @table.key?(name) || own_method?(name)

    define_singleton_method!(name) { @table[name] }
    define_singleton_method!(:"#{name}=") { |value| self[name] = value }
  end

  def own_method?(name)
    return false unless respond_to!(name, true)
    return true if name.end_with?("!")

    owner = method!(name).owner
    owner.is_a?(Class) ? owner < OpenStruct : class!.ancestors.take_while { |mod| mod != OpenStruct }.include?(owner)
  end

  def method_missing(name, *args)
    if name.end_with?("=")
      raise! ArgumentError, "wrong number of arguments (given #{args.size}, expected 1)" unless args.size == 1

      self[name.to_s.chomp("=")] = args[0]
    elsif args.empty?
      @table[name]
    else
      begin
        super
      rescue NoMethodError => error
        error.backtrace.shift
        raise!
      end
    end
  end

  alias_method :raise!, :raise
  private :raise!

  instance_methods.each do |name|
    alias_method :"#{name.to_s.delete_suffix("?")}!", name if name.match?(/\A\w+\??\z/)
  end
end
