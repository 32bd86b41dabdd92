# Digest: hash functions.

module Digest
  VERSION = "3.2.1"

  # What digests can do: those of a whole text as class methods, step by step as objects.
  module Instance
    def update(_text) = raise(RuntimeError, "#{self.class.name} does not implement update()")
    def <<(text) = update(text)

    def digest(text = nil)
      return self.class.digest(text) if text

      finish
    end

    def digest!
      value = finish
      reset
      value
    end

    def hexdigest(text = nil) = Digest.hexencode(digest(text))
    def hexdigest! = Digest.hexencode(digest!)
    def base64digest(text = nil) = [digest(text)].pack("m0")
    def base64digest! = [digest!].pack("m0")
    def to_s = hexdigest
    def inspect = "#<#{self.class}: #{hexdigest}>"
    def digest_length = digest.bytesize
    def length = digest_length
    def size = digest_length
    def new = clone.reset

    def ==(other)
      other.is_a?(Instance) ? digest == other.digest : hexdigest == (other.respond_to?(:to_str) ? other.to_str : other)
    end

    def file(path)
      File.open(path, "rb") { |file| update(file.read) }
      self
    end
  end

  class Class
    include Instance

    def self.digest(text, *) = new.update(text).digest
    def self.hexdigest(*arguments) = Digest.hexencode(digest(*arguments))
    def self.base64digest(text, *arguments) = [digest(text, *arguments)].pack("m0")
    def self.file(path, *arguments) = new(*arguments).file(path)
  end

  class Base < Class
    class << self
      attr_reader :algorithm, :block_bytes

      def digest(text) = Digest.__digest(algorithm, text)
    end

    def initialize
      raise NotImplementedError, "Digest::Base is an abstract class" if instance_of?(Base)

      @data = "".b
    end

    def initialize_copy(other)
      super
      @data = @data.dup
    end

    def update(text)
      @data << text.b
      self
    end
    alias << update

    def reset
      @data = "".b
      self
    end

    def block_length = self.class.block_bytes

    private

    def finish = Digest.__digest(self.class.algorithm, @data)
  end

  [
    ["MD5", "md5", 64], ["SHA1", "sha1", 64], ["SHA256", "sha256", 64], ["SHA384", "sha384", 128],
    ["SHA512", "sha512", 128], ["RMD160", "ripemd160", 64]
  ].each do |name, algorithm, block_bytes|
    const_set(name, ::Class.new(Base) do
      @algorithm = algorithm
      @block_bytes = block_bytes
    end)
  end

  class SHA2 < Class
    def initialize(bits = 256)
      @bits = bits
      @inner = { 256 => SHA256, 384 => SHA384, 512 => SHA512 }.fetch(bits) do
        raise ArgumentError, "unsupported bit length: %s" % bits.inspect
      end.new
    end

    def initialize_copy(other)
      super
      @inner = @inner.clone
    end

    def update(text)
      @inner.update(text)
      self
    end
    alias << update

    def reset
      @inner.reset
      self
    end

    def block_length = @inner.block_length
    def digest_length = @inner.digest_length
    def inspect = "#<Digest::SHA2:#{@bits} #{hexdigest}>"

    private

    def finish = @inner.digest
  end

  def self.hexencode(text) = text.unpack1("H*")
end

def Digest(name)
  Digest.const_get(name)
end
