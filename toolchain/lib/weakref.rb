# WeakRef: a reference to an object that does not keep it alive.

require "delegate"

class WeakRef < Delegator
  VERSION = "0.1.4"

  class RefError < StandardError; end

  @@references = ObjectSpace::WeakMap.new

  def initialize(target)
    case target
    when true, false, nil then @delegate_sd_obj = target
    else @@references[self] = target
    end
    super
  end

  def __getobj__
    @@references[self] || (defined?(@delegate_sd_obj) ? @delegate_sd_obj : raise(RefError, "Invalid Reference - probably recycled"))
  end

  def __setobj__(target) = target

  def weakref_alive? = @@references.key?(self) || defined?(@delegate_sd_obj) ? true : false
end
