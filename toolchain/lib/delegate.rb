# Delegator, SimpleDelegator and DelegateClass: objects that hand what they do not know on to another one.

class Delegator
  # Public methods that every object has, but that are the target's here.
  %i[to_s inspect =~ !~ === <=> hash].each { |name| undef_method(name) if method_defined?(name) }

  # Private functions such as `select` or `test` may be the names of methods of the target: method_missing decides.
  kept = %i[
    initialize initialize_copy initialize_dup initialize_clone method_missing respond_to_missing? raise binding lambda
    proc block_given? loop catch throw eval require require_relative load __method__ __dir__ caller caller_locations
    local_variables autoload autoload? iterator? fail
  ]
  (::Object.private_instance_methods - kept).each do |name|
    undef_method(name) if ::Kernel.private_method_defined?(name)
  end
  private_class_method def self.const_missing(name) = ::Object.const_get(name)

  def initialize(target)
    __setobj__(target)
  end

  def method_missing(name, *args, **options, &block)
    known = true
    target = __getobj__ { known = false }
    if known && target.respond_to?(name)
      target.__send__(name, *args, **options, &block)
    elsif ::Kernel.private_method_defined?(name)
      ::Kernel.instance_method(name).bind_call(self, *args, **options, &block)
    else
      super
    end
  end

  def respond_to_missing?(name, include_private)
    known = true
    target = __getobj__ { known = false }
    known && target.respond_to?(name, false)
  end

  def __getobj__ = raise(NotImplementedError, "need to define '__getobj__'")
  def __setobj__(target) = raise(NotImplementedError, "need to define '__setobj__'")

  def ==(other) = equal?(other) || __getobj__ == other
  def !=(other) = !equal?(other) && __getobj__ != other
  def ! = !__getobj__

  def eql?(other)
    return true if equal?(other)

    other.is_a?(Delegator) ? other.eql?(__getobj__) : __getobj__.eql?(other)
  end

  def methods(all = true) = __getobj__.methods(all) | super
  def public_methods(all = true) = __getobj__.public_methods(all) | super
  def protected_methods(all = true) = __getobj__.protected_methods(all) | super

  def marshal_dump = [instance_variables.reject { |name| name == :@delegate_sd_obj }, [], __getobj__]

  def marshal_load(data)
    __setobj__(data.last)
  end

  def freeze = super

  private

  def initialize_clone(source, freeze: nil)
    __setobj__(source.__getobj__.clone(freeze: freeze))
  end

  def initialize_dup(source)
    __setobj__(source.__getobj__.dup)
  end
end

class SimpleDelegator < Delegator
  def __getobj__
    unless defined?(@delegate_sd_obj)
      return yield if block_given?

      raise ArgumentError, "not delegated"
    end
    @delegate_sd_obj
  end

  def __setobj__(target)
    raise ArgumentError, "cannot delegate to self" if equal?(target)

    @delegate_sd_obj = target
  end
end

# Returns a class whose instances delegate the methods of `superclass` without a search.
def DelegateClass(superclass, &block)
  klass = Class.new(Delegator)
  ignored = [*::Delegator.public_api, :to_s, :=~, :!~, :===, :__getobj__, :__setobj__]
  klass.class_eval do
    def __getobj__
      unless defined?(@delegate_dc_obj)
        return yield if block_given?

        raise ArgumentError, "not delegated"
      end
      @delegate_dc_obj
    end

    def __setobj__(target)
      raise ArgumentError, "cannot delegate to self" if equal?(target)

      @delegate_dc_obj = target
    end

    (superclass.public_instance_methods - ignored).each do |name|
      define_method(name) { |*args, **options, &given| __getobj__.__send__(name, *args, **options, &given) }
    end
    (superclass.protected_instance_methods - ignored).each do |name|
      define_method(name) { |*args, **options, &given| __getobj__.__send__(name, *args, **options, &given) }
      protected name
    end
  end
  klass.define_singleton_method(:public_instance_methods) { |all = true| super(all) | superclass.public_instance_methods }
  klass.define_singleton_method(:instance_methods) { |all = true| super(all) | superclass.instance_methods }
  klass.module_eval(&block) if block
  klass
end

class Delegator
  # The methods that delegators have of their own, before a class adds its target's.
  @public_api = public_instance_methods
  def self.public_api = @public_api
end
