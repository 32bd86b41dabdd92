# Pathname: paths as objects.

class Pathname
  include Comparable

  SEPARATOR_LIST = "/"
  SEPARATOR_PAT = %r{/}
  SAME_PATHS = nil

  def initialize(path)
    path = path.to_path if path.respond_to?(:to_path)
    path = path.to_str if path.respond_to?(:to_str)
    raise TypeError, "Pathname.new requires a String, #to_path or #to_str" unless path.is_a?(String)
    raise ArgumentError, "path name contains null byte" if path.include?("\0")

    @path = path.dup
  end

  def self.pwd = new(Dir.pwd)
  class << self
    alias getwd pwd
  end

  def self.glob(*args, **options)
    return Dir.glob(*args, **options).map { |path| new(path) } unless block_given?

    Dir.glob(*args, **options) { |path| yield new(path) }
  end

  def to_s = @path.dup
  alias to_path to_s

  def inspect = "#<#{self.class}:#{@path}>"
  def hash = @path.hash
  def ==(other) = other.is_a?(Pathname) && @path == other.to_s
  alias === ==
  alias eql? ==
  def <=>(other) = other.is_a?(Pathname) ? @path.tr("/", "\0") <=> other.to_s.tr("/", "\0") : nil
  def freeze = super && @path.freeze && self

  def sub(*args, &block) = self.class.new(@path.sub(*args, &block))

  def sub_ext(extension)
    extname = File.extname(@path)
    self.class.new(@path.chomp(extname) + extension)
  end

  # --- names ---

  def absolute? = @path.start_with?("/")
  def relative? = !absolute?
  def root? = @path.match?(%r{\A/+\z})
  def mountpoint? = begin
    mine = lstat
    up = parent.lstat
    mine.dev != up.dev || mine.ino == up.ino
  rescue Errno::ENOENT
    false
  end

  def basename(*args) = self.class.new(File.basename(@path, *args))
  def dirname = self.class.new(File.dirname(@path))
  def extname = File.extname(@path)
  def parent = self + ".."
  def split = File.split(@path).map { |part| self.class.new(part) }

  def each_filename(&block)
    return to_enum(__method__) unless block

    names.each(&block)
  end

  def descend
    return to_enum(__method__) unless block_given?

    all = []
    ascend { |path| all.unshift(path) }
    all.each { |path| yield path }
    nil
  end

  def ascend
    return to_enum(__method__) unless block_given?

    path = @path
    yield self
    loop do
      stripped = path.sub(%r{/+\z}, "")
      cut = stripped.rindex("/")
      break if stripped.empty? || cut.nil?

      path = stripped[0, cut].sub(%r{/+\z}, "")
      path = "/" if path.empty?
      yield self.class.new(path)
    end
    nil
  end

  def +(other)
    other = other.is_a?(Pathname) ? other.to_s : self.class.new(other).to_s
    self.class.new(plus(@path, other))
  end
  alias / +

  def join(*args)
    return self if args.empty?

    result = self.class.new(args.pop)
    return result if result.absolute?

    args.reverse_each do |arg|
      result = self.class.new(arg) + result
      return result if result.absolute?
    end
    self + result
  end

  def cleanpath(consider_symlink = false)
    parts = []
    names.each do |name|
      case name
      when "." then next
      when ".."
        if parts.empty? || parts.last == ".."
          parts << ".." if relative?
        elsif consider_symlink
          parts << ".."
        else
          parts.pop
        end
      else parts << name
      end
    end
    text = parts.join("/")
    self.class.new(absolute? ? "/#{text}" : text.empty? ? "." : text)
  end

  def relative_path_from(base)
    base = self.class.new(base) unless base.is_a?(Pathname)
    target = cleanpath
    base = base.cleanpath
    if target.absolute? != base.absolute?
      raise ArgumentError, "different prefix: #{(target.absolute? ? "/" : "").inspect} and #{base.to_s.inspect}"
    end

    mine = target.to_s.split("/").reject { |name| name.empty? || name == "." }
    others = base.to_s.split("/").reject { |name| name.empty? || name == "." }
    while !mine.empty? && mine[0] == others[0]
      mine.shift
      others.shift
    end
    raise ArgumentError, "base_directory has ..: #{base.to_s.inspect}" if others.include?("..")

    result = [".."] * others.size + mine
    self.class.new(result.empty? ? "." : result.join("/"))
  end

  def children(with_directory = true)
    with_directory = false if @path == "."
    Dir.children(@path).map { |name| self.class.new(with_directory ? File.join(@path, name) : name) }
  end

  def each_child(with_directory = true, &block) = children(with_directory).each(&block)

  def glob(pattern, flags = 0)
    found = Dir.glob(pattern, flags, base: @path).map { |name| self + name }
    block_given? ? found.each { |path| yield path } && nil : found
  end

  def find(ignore_error: true, &block)
    return to_enum(__method__, ignore_error: ignore_error) unless block

    require "find"
    if @path == "."
      Find.find(@path, ignore_error: ignore_error) { |file| yield self.class.new(file.delete_prefix("./")) }
    else
      Find.find(@path, ignore_error: ignore_error) { |file| yield self.class.new(file) }
    end
  end

  # --- what File, Dir, IO and FileTest do with a path ---

  %i[atime birthtime ctime mtime ftype lstat stat size].each do |name|
    define_method(name) { File.public_send(name, @path) }
  end
  %i[readlink realpath realdirpath expand_path].each do |name|
    define_method(name) { |*args| self.class.new(File.public_send(name, @path, *args)) }
  end
  %i[
    blockdev? chardev? directory? executable? executable_real? exist? file? grpowned? owned? pipe? readable?
    readable_real? setgid? setuid? size? socket? sticky? symlink? writable? writable_real? zero? world_readable?
    world_writable?
  ].each { |name| define_method(name) { FileTest.respond_to?(name) ? FileTest.public_send(name, @path) : File.public_send(name, @path) } }

  def empty? = FileTest.directory?(@path) ? Dir.empty?(@path) : FileTest.empty?(@path)

  %i[read binread readlines write binwrite].each do |name|
    define_method(name) { |*args, **options| File.public_send(name, @path, *args, **options) }
  end

  def each_line(*args, **options, &block) = File.foreach(@path, *args, **options, &block)
  def open(*args, **options, &block) = File.open(@path, *args, **options, &block)
  def sysopen(*args) = IO.sysopen(@path, *args)
  def chmod(mode) = File.chmod(mode, @path)
  def chown(owner, group) = File.chown(owner, group, @path)
  def fnmatch(pattern, *args) = File.fnmatch(pattern, @path, *args)
  def fnmatch?(pattern, *args) = File.fnmatch?(pattern, @path, *args)
  def make_link(old) = File.link(old, @path)
  def make_symlink(old) = File.symlink(old, @path)
  def rename(to) = File.rename(@path, to)
  def truncate(length) = File.truncate(@path, length)
  def utime(atime, mtime) = File.utime(atime, mtime, @path)
  def entries = Dir.entries(@path).map { |name| self.class.new(name) }
  def each_entry(&block) = Dir.foreach(@path) { |name| yield self.class.new(name) }
  def mkdir(*args) = Dir.mkdir(@path, *args)
  def rmdir = Dir.rmdir(@path)
  def opendir(&block) = Dir.open(@path, &block)

  def mkpath(mode: nil)
    require "fileutils"
    FileUtils.mkdir_p(@path, mode: mode)
    self
  end

  def rmtree(noop: nil, verbose: nil, secure: nil)
    require "fileutils"
    FileUtils.rm_rf(@path, noop: noop, verbose: verbose)
    self
  end

  def unlink = directory? && !symlink? ? Dir.unlink(@path) : File.unlink(@path)
  alias delete unlink

  private

  def names = @path.split("/").reject(&:empty?)

  # Appends a path; ".." at its beginning takes away names from the end of the first.
  def plus(first, second)
    return second if second.start_with?("/")

    prefix = first
    rest = second.split("/").reject { |name| name.empty? || name == "." }
    while rest[0] == ".."
      head = prefix.sub(%r{/+\z}, "")
      break if head.empty? && !prefix.start_with?("/")

      last = File.basename(prefix)
      break if last == ".."

      rest.shift
      next if prefix.match?(%r{\A/+\z})

      if last == "."
        rest.unshift("..")
      end
      prefix = prefix.include?("/") ? File.dirname(prefix) : ""
    end
    tail = rest.join("/")
    tail += "/" if second.end_with?("/") && !tail.empty?
    return prefix.empty? ? "." : prefix if tail.empty?
    return tail if prefix.empty? || prefix == "."

    File.join(prefix, tail)
  end
end

module Kernel
  def Pathname(path) = path.is_a?(Pathname) ? path : Pathname.new(path)
  private :Pathname
end
