# Singleton: a class with one instance, made when it is first asked for.

module Singleton
  module SingletonClassMethods
    def instance
      @singleton__instance__ || @singleton__mutex__.synchronize { @singleton__instance__ ||= new }
    end

    def clone = Singleton.__init__(super)

    private

    def inherited(subclass)
      super
      Singleton.__init__(subclass)
    end
  end

  class << self
    def __init__(klass)
      klass.instance_eval do
        @singleton__instance__ = nil
        @singleton__mutex__ = Thread::Mutex.new
      end
      klass
    end

    private

    def append_features(target)
      raise TypeError, "Inclusion of the OO-Singleton module in module #{target}" unless target.instance_of?(Class)

      super
    end

    def included(klass)
      super
      klass.private_class_method :new, :allocate
      klass.extend SingletonClassMethods
      __init__(klass)
    end
  end

  def clone = raise(TypeError, "can't clone instance of singleton #{self.class}")
  def dup = raise(TypeError, "can't dup instance of singleton #{self.class}")

  def _dump(depth = -1) = ""
end
