# Tempfile: files that go away with the program.

require "delegate"
require "tmpdir"

class Tempfile < DelegateClass(File)
  VERSION = "0.3.1"

  # Files that are still to be removed when the program ends.
  LEFT = {}
  private_constant :LEFT
  at_exit { LEFT.each_key { |path| File.unlink(path) if File.exist?(path) } }

  def self.open(*args, **options)
    file = new(*args, **options)
    return file unless block_given?

    begin
      yield file
    ensure
      file.close
    end
  end

  def self.create(basename = "", tmpdir = nil, mode: 0, anonymous: false, **options)
    file = nil
    Dir::Tmpname.create(basename, tmpdir, **options.slice(:max_try)) do |path, *|
      file = File.open(path, File::RDWR | File::CREAT | File::EXCL | mode, 0o600)
    end
    if anonymous
      File.unlink(file.path)
    end
    return file unless block_given?

    begin
      yield file
    ensure
      file.close unless file.closed?
      File.unlink(file.path) if File.exist?(file.path)
    end
  end

  def initialize(basename = "", tmpdir = nil, mode: 0, **options)
    @unlinked = false
    file = nil
    Dir::Tmpname.create(basename, tmpdir, **options.slice(:max_try)) do |path, *|
      file = File.open(path, File::RDWR | File::CREAT | File::EXCL | mode, 0o600)
    end
    LEFT[file.path] = true
    super(file)
  end

  def open
    __getobj__.close unless __getobj__.closed?
    __setobj__(File.open(__getobj__.path, File::RDWR))
    __getobj__
  end

  def close(unlink_now = false)
    __getobj__.close unless __getobj__.closed?
    unlink if unlink_now
    nil
  end

  def close! = close(true)

  def unlink
    return if @unlinked

    path = __getobj__.path
    File.unlink(path) if File.exist?(path)
    LEFT.delete(path)
    @unlinked = true
    nil
  end
  alias delete unlink

  def path = @unlinked ? nil : __getobj__.path
  def length = __getobj__.closed? ? File.size(__getobj__.path) : __getobj__.size
  alias size length

  def inspect = @unlinked ? "#<Tempfile: (unlinked)>" : "#<#{self.class}:#{__getobj__.path}#{" (closed)" if __getobj__.closed?}>"
end
