# Dir.tmpdir and Dir.mktmpdir.

require "fileutils"

class Dir
  def self.tmpdir
    [ENV["TMPDIR"], ENV["TMP"], ENV["TEMP"], "/tmp"].each do |folder|
      next unless folder

      folder = File.expand_path(folder)
      return folder if File.directory?(folder) && File.writable?(folder)
    end
    "."
  end

  # Makes a folder that nobody else may enter; with a block it lives as long as that.
  def self.mktmpdir(prefix_suffix = nil, *rest, **options)
    path = Tmpname.create(prefix_suffix || "d", *rest, **options) { |name, *| mkdir(name, 0o700) }
    return path unless block_given?

    begin
      yield path.dup
    ensure
      FileUtils.remove_entry(path) if File.exist?(path)
    end
  end

  module Tmpname
    module_function

    def tmpdir = Dir.tmpdir

    # Yields names until one is free.
    def create(basename, tmpdir = nil, max_try: nil, **options)
      tmpdir ||= Dir.tmpdir
      prefix, suffix = basename.is_a?(Array) ? basename : [basename, nil]
      prefix = prefix.to_s.delete("#{File::SEPARATOR}")
      suffix = suffix&.to_s&.delete("#{File::SEPARATOR}")
      tries = 0
      begin
        name = "#{prefix}#{Time.now.strftime("%Y%m%d")}-#{$$}-#{Random.rand(36**6).to_s(36)}#{"-#{tries}" if tries > 0}#{suffix}"
        path = File.join(tmpdir, name)
        yield(path, tries, options)
      rescue Errno::EEXIST
        tries += 1
        raise "cannot generate temporary name using `#{basename}' under `#{tmpdir}'" if max_try && tries >= max_try

        retry
      end
      path
    end
  end
end
