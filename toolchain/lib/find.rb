# Find: all files below folders.

module Find
  VERSION = "0.2.0"

  def find(*paths, ignore_error: true)
    return enum_for(__method__, *paths, ignore_error: ignore_error) unless block_given?

    paths.each do |path|
      path = path.respond_to?(:to_path) ? path.to_path : path
      raise Errno::ENOENT, path unless File.exist?(path) || File.symlink?(path)

      stack = [path.dup]
      while (file = stack.shift)
        catch(:prune) do
          yield file.dup
          next unless File.directory?(file) && !File.symlink?(file)

          begin
            names = Dir.children(file).sort
          rescue Errno::ENOENT, Errno::EACCES, Errno::ENOTDIR, Errno::ELOOP, Errno::ENAMETOOLONG, Errno::EINVAL
            raise unless ignore_error

            next
          end
          names.reverse_each { |name| stack.unshift(File.join(file, name)) }
        end
      end
    end
    nil
  end

  def prune = throw(:prune)

  module_function :find, :prune
end
