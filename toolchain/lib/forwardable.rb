# Forwardable and SingleForwardable: methods that hand a call on to another object.

module Forwardable
  VERSION = "1.4.0"

  class << self
    attr_accessor :debug

    # Returns the body of a method that calls `method` of what `accessor` names in the receiver.
    def __delegator(accessor, method)
      accessor = accessor.to_s
      case accessor
      when /\A@@/
        ->(object) { (object.is_a?(Module) ? object : object.class).class_variable_get(accessor) }
      when /\A@/
        ->(object) { object.instance_variable_get(accessor) }
      when /\A[a-z_]\w*[?!]?\z/
        ->(object) { object.__send__(accessor) }
      else
        ->(object) { object.instance_eval(accessor) }
      end => target
      method = method.to_sym
      proc { |*args, **options, &block| target.call(self).__send__(method, *args, **options, &block) }
    end
  end

  def instance_delegate(hash)
    hash.each do |methods, accessor|
      methods = [methods] unless methods.respond_to?(:each)
      methods.each { |method| def_instance_delegator(accessor, method) }
    end
  end

  def def_instance_delegators(accessor, *methods)
    methods.each do |method|
      next if method.to_s == "__send__" || method.to_s == "__id__"

      def_instance_delegator(accessor, method)
    end
  end

  def def_instance_delegator(accessor, method, ali = method)
    body = Forwardable.__delegator(accessor, method)
    (is_a?(Module) ? self : singleton_class).define_method(ali, &body)
    ali.to_sym
  end

  alias delegate instance_delegate
  alias def_delegators def_instance_delegators
  alias def_delegator def_instance_delegator
end

module SingleForwardable
  def single_delegate(hash)
    hash.each do |methods, accessor|
      methods = [methods] unless methods.respond_to?(:each)
      methods.each { |method| def_single_delegator(accessor, method) }
    end
  end

  def def_single_delegators(accessor, *methods)
    methods.each do |method|
      next if method.to_s == "__send__" || method.to_s == "__id__"

      def_single_delegator(accessor, method)
    end
  end

  def def_single_delegator(accessor, method, ali = method)
    define_singleton_method(ali, &Forwardable.__delegator(accessor, method))
    ali.to_sym
  end

  alias delegate single_delegate
  alias def_delegators def_single_delegators
  alias def_delegator def_single_delegator
end
