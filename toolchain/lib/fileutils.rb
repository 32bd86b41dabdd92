# FileUtils: copying, moving and removing files and folders.

module FileUtils
  VERSION = "1.8.0"

  module_function

  def pwd = Dir.pwd
  def getwd = Dir.pwd

  def cd(dir, verbose: nil, &block)
    fu_say("cd #{dir}") if verbose
    result = Dir.chdir(dir, &block)
    fu_say("cd -") if verbose && block
    result
  end

  def uptodate?(file, others)
    return false unless File.exist?(file)

    time = File.mtime(file)
    others.none? { |other| File.exist?(other) && File.mtime(other) > time }
  end

  def mkdir(list, mode: nil, noop: nil, verbose: nil)
    list = fu_list(list)
    fu_say("mkdir #{mode ? "-m %03o " % mode : ""}#{list.join(" ")}") if verbose
    list.each { |path| mode ? Dir.mkdir(path.chomp("/"), mode) : Dir.mkdir(path.chomp("/")) } unless noop
    list
  end

  def mkdir_p(list, mode: nil, noop: nil, verbose: nil)
    list = fu_list(list)
    fu_say("mkdir -p #{mode ? "-m %03o " % mode : ""}#{list.join(" ")}") if verbose
    return [*list] if noop

    list.each do |path|
      missing = []
      current = path.chomp("/")
      until current.empty? || File.directory?(current)
        missing << current
        parent = File.dirname(current)
        break if parent == current

        current = parent
      end
      missing.reverse_each do |folder|
        mode && folder == missing.first ? Dir.mkdir(folder, mode) : Dir.mkdir(folder)
      rescue Errno::EEXIST
        raise unless File.directory?(folder)
      end
    end
    list
  end
  alias mkpath mkdir_p
  alias makedirs mkdir_p
  module_function :mkpath, :makedirs

  def rmdir(list, parents: nil, noop: nil, verbose: nil)
    list = fu_list(list)
    fu_say("rmdir #{parents ? "-p " : ""}#{list.join(" ")}") if verbose
    return list if noop

    list.each do |folder|
      Dir.rmdir(folder = folder.chomp("/"))
      next unless parents

      begin
        until (parent = File.dirname(folder)) == "." || parent == folder
          Dir.rmdir(folder = parent)
        end
      rescue Errno::ENOTEMPTY, Errno::EEXIST, Errno::ENOENT
        nil
      end
    end
  end

  def ln(source, target, force: nil, noop: nil, verbose: nil)
    fu_say("ln#{" -f" if force} #{[source, target].flatten.join(" ")}") if verbose
    return if noop

    fu_each_target(source, target) do |from, to|
      File.unlink(to) if force && File.exist?(to)
      File.link(from, to)
    end
  end

  def ln_s(source, target, force: nil, relative: false, target_directory: true, noop: nil, verbose: nil)
    fu_say("ln -s#{"f" if force} #{[source, target].flatten.join(" ")}") if verbose
    return if noop

    fu_each_target(source, target) do |from, to|
      File.unlink(to) if force && (File.exist?(to) || File.symlink?(to))
      File.symlink(from, to)
    end
  end

  def ln_sf(source, target, **options) = ln_s(source, target, force: true, **options)
  alias link ln
  alias symlink ln_s
  module_function :link, :symlink

  def cp(source, target, preserve: nil, noop: nil, verbose: nil)
    fu_say("cp#{" -p" if preserve} #{[source, target].flatten.join(" ")}") if verbose
    fu_each_target(source, target) { |from, to| copy_file(from, to, preserve) } unless noop
  end
  alias copy cp
  module_function :copy

  def cp_r(source, target, preserve: nil, noop: nil, verbose: nil, dereference_root: true, remove_destination: nil)
    fu_say("cp -r#{"p" if preserve} #{[source, target].flatten.join(" ")}") if verbose
    return if noop

    fu_each_target(source, target) { |from, to| copy_entry(from, to, preserve, dereference_root, remove_destination) }
  end

  def copy_entry(source, target, preserve = false, dereference_root = false, remove_destination = false)
    if File.symlink?(source) && !dereference_root
      File.unlink(target) if remove_destination && File.exist?(target)
      File.symlink(File.readlink(source), target)
    elsif File.directory?(source)
      if fu_inside?(target, source)
        raise ArgumentError, "cannot copy directory #{source} to itself #{target}"
      end

      Dir.mkdir(target) unless File.directory?(target)
      Dir.children(source).each do |name|
        copy_entry(File.join(source, name), File.join(target, name), preserve, false, remove_destination)
      end
    else
      File.unlink(target) if remove_destination && File.exist?(target)
      copy_file(source, target, preserve)
    end
    fu_copy_times(source, target) if preserve && !File.symlink?(source)
  end

  def copy_file(source, target, preserve = false, _dereference = true)
    if File.exist?(target) && File.identical?(source, target)
      raise ArgumentError, "same file: #{source} and #{target}"
    end

    data = File.binread(source)
    File.open(target, "wb") { |file| file.write(data) }
    File.chmod(File.stat(source).mode & 0o7777, target)
    fu_copy_times(source, target) if preserve
  end

  def copy_stream(source, target)
    IO.copy_stream(source, target)
  end

  def mv(source, target, force: nil, noop: nil, verbose: nil, secure: nil)
    fu_say("mv#{" -f" if force} #{[source, target].flatten.join(" ")}") if verbose
    return if noop

    fu_each_target(source, target) do |from, to|
      File.rename(from, to)
    rescue Errno::EXDEV
      copy_entry(from, to, true)
      remove_entry(from)
    rescue SystemCallError
      raise unless force
    end
  end
  alias move mv
  module_function :move

  def rm(list, force: nil, noop: nil, verbose: nil)
    list = fu_list(list)
    fu_say("rm#{" -f" if force} #{list.join(" ")}") if verbose
    return if noop

    list.each { |path| remove_file(path, force) }
  end

  def rm_f(list, noop: nil, verbose: nil) = rm(list, force: true, noop: noop, verbose: verbose)

  def rm_r(list, force: nil, noop: nil, verbose: nil, secure: nil)
    list = fu_list(list)
    fu_say("rm -r#{"f" if force} #{list.join(" ")}") if verbose
    return if noop

    list.each { |path| remove_entry(path, force) }
  end

  def rm_rf(list, noop: nil, verbose: nil, secure: nil) = rm_r(list, force: true, noop: noop, verbose: verbose)
  alias remove rm
  alias safe_unlink rm_f
  alias rmtree rm_rf
  module_function :remove, :safe_unlink, :rmtree

  def remove_file(path, force = false)
    File.unlink(path)
  rescue SystemCallError
    raise unless force
  end

  def remove_entry(path, force = false)
    if File.directory?(path) && !File.symlink?(path)
      Dir.children(path).each { |name| remove_entry(File.join(path, name), force) }
      Dir.rmdir(path)
    else
      File.unlink(path)
    end
  rescue SystemCallError
    raise unless force
  end

  def remove_entry_secure(path, force = false) = remove_entry(path, force)
  def remove_dir(path, force = false) = remove_entry(path, force)

  def compare_file(one, other) = File.size(one) == File.size(other) && File.binread(one) == File.binread(other)
  alias identical? compare_file
  alias cmp compare_file
  module_function :identical?, :cmp

  def install(source, target, mode: nil, owner: nil, group: nil, preserve: nil, noop: nil, verbose: nil)
    fu_say("install -c#{" -p" if preserve}#{" -m %03o" % mode if mode.is_a?(Integer)} #{[source, target].flatten.join(" ")}") if verbose
    return if noop

    fu_each_target(source, target) do |from, to|
      next if File.exist?(to) && compare_file(from, to)

      File.unlink(to) if File.exist?(to)
      copy_file(from, to, preserve)
      chmod(mode, to) if mode
    end
  end

  def chmod(mode, list, noop: nil, verbose: nil)
    list = fu_list(list)
    fu_say("chmod #{mode.is_a?(String) ? mode : "%o" % mode} #{list.join(" ")}") if verbose
    list.each { |path| File.chmod(fu_mode(mode, path), path) } unless noop
    list
  end

  def chmod_R(mode, list, noop: nil, verbose: nil, force: nil)
    list = fu_list(list)
    fu_say("chmod -R #{mode.is_a?(String) ? mode : "%o" % mode} #{list.join(" ")}") if verbose
    return list if noop

    list.each do |path|
      File.chmod(fu_mode(mode, path), path)
      next unless File.directory?(path) && !File.symlink?(path)

      chmod_R(mode, Dir.children(path).map { |name| File.join(path, name) }, force: force)
    end
    list
  end

  def chown(user, group, list, noop: nil, verbose: nil)
    list = fu_list(list)
    list.each { |path| File.chown(fu_id(user, "user"), fu_id(group, "group"), path) } unless noop
    list
  end

  def touch(list, noop: nil, verbose: nil, mtime: nil, nocreate: nil)
    list = fu_list(list)
    fu_say("touch #{nocreate ? "-c " : ""}#{list.join(" ")}") if verbose
    return list if noop

    list.each do |path|
      time = mtime || Time.now
      if File.exist?(path)
        File.utime(time, time, path)
      elsif !nocreate
        File.open(path, "a") {}
        File.utime(time, time, path) if mtime
      end
    end
    list
  end

  alias chdir cd
  module_function :chdir

  # --- for the functions above ---

  def fu_list(list) = [list].flatten.map { |path| path.respond_to?(:to_path) ? path.to_path : path.to_str }

  def fu_say(text)
    $stdout.puts(text)
  end

  # Yields each source with its target: a name in the folder that the target is, or the target itself.
  def fu_each_target(source, target)
    target = target.respond_to?(:to_path) ? target.to_path : target.to_str
    if source.is_a?(Array)
      fu_list(source).each { |path| yield path, File.join(target, File.basename(path)) }
    else
      source = fu_list(source)[0]
      yield source, File.directory?(target) ? File.join(target, File.basename(source)) : target
    end
    nil
  end

  def fu_inside?(path, folder)
    path = File.expand_path(path)
    folder = File.expand_path(folder)
    path == folder || path.start_with?("#{folder}/")
  end

  def fu_copy_times(source, target)
    stat = File.stat(source)
    File.utime(stat.atime, stat.mtime, target)
    File.chmod(stat.mode & 0o7777, target)
  end

  # Returns the mode that a symbolic one such as "u+x,go-w" means for a file.
  def fu_mode(mode, path)
    return mode if mode.is_a?(Integer)

    mode.split(",").inject(File.stat(path).mode & 0o7777) do |current, clause|
      match = /\A([ugoa]*)([-+=])([rwxXst]*)\z/.match(clause) or raise ArgumentError, "invalid symbolic file mode: #{clause}"
      who = match[1].empty? ? "a" : match[1]
      mask = (who.match?(/[ua]/) ? 0o4700 : 0) | (who.match?(/[ga]/) ? 0o2070 : 0) | (who.match?(/[oa]/) ? 0o1007 : 0)
      bits = 0
      match[3].each_char do |letter|
        bits |= case letter
                when "r" then 0o444
                when "w" then 0o222
                when "x" then 0o111
                when "X" then File.directory?(path) || current & 0o111 != 0 ? 0o111 : 0
                when "s" then 0o6000
                when "t" then 0o1000
                end
      end
      case match[2]
      when "+" then current | bits & mask
      when "-" then current & ~(bits & mask)
      else current & ~mask | bits & mask
      end
    end
  end

  def fu_id(name, kind)
    case name
    when nil, Integer then name
    when /\A\d+\z/ then name.to_i
    else
      require "etc"
      kind == "user" ? Etc.getpwnam(name).uid : Etc.getgrnam(name).gid
    end
  end
  private_class_method :fu_list, :fu_say, :fu_each_target, :fu_inside?, :fu_copy_times, :fu_mode, :fu_id

  module Verbose
    include FileUtils
    (FileUtils.singleton_methods - FileUtils.private_instance_methods(false).grep(/\Afu_/)).each do |name|
      next unless FileUtils.method(name).parameters.include?([:key, :verbose])

      define_method(name) { |*args, **options| FileUtils.__send__(name, *args, **options, verbose: true) }
      module_function name
    end
  end

  module NoWrite
    include FileUtils
    FileUtils.singleton_methods.each do |name|
      next unless FileUtils.method(name).parameters.include?([:key, :noop])

      define_method(name) { |*args, **options| FileUtils.__send__(name, *args, **options, noop: true) }
      module_function name
    end
  end

  module DryRun
    include FileUtils
    FileUtils.singleton_methods.each do |name|
      next unless FileUtils.method(name).parameters.include?([:key, :noop])

      define_method(name) { |*args, **options| FileUtils.__send__(name, *args, **options, noop: true, verbose: true) }
      module_function name
    end
  end
end
