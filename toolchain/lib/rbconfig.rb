# RbConfig: what the interpreter was built for.

module RbConfig
  TOPDIR = "/usr/local"
  CONFIG = {
    "MAJOR" => RUBY_VERSION.split(".")[0], "MINOR" => RUBY_VERSION.split(".")[1],
    "TEENY" => RUBY_VERSION.split(".")[2], "PATCHLEVEL" => RUBY_PATCHLEVEL.to_s,
    "ruby_version" => "#{RUBY_VERSION.split(".").first(2).join(".")}.0", "RUBY_PROGRAM_VERSION" => RUBY_VERSION,
    "ruby_install_name" => "metorex", "RUBY_INSTALL_NAME" => "metorex", "RUBYW_INSTALL_NAME" => "",
    "prefix" => TOPDIR, "bindir" => File.dirname(File.expand_path($PROGRAM_NAME)), "EXEEXT" => "", "DLEXT" => "so",
    "host_os" => RUBY_PLATFORM.split("-", 2).last, "target_os" => RUBY_PLATFORM.split("-", 2).last[/\A[a-z]+/],
    "host_cpu" => RUBY_PLATFORM.split("-").first, "target_cpu" => RUBY_PLATFORM.split("-").first,
    "arch" => RUBY_PLATFORM, "build_os" => RUBY_PLATFORM.split("-", 2).last, "host" => RUBY_PLATFORM,
    "PATH_SEPARATOR" => File::PATH_SEPARATOR
  }
  MAKEFILE_CONFIG = CONFIG.transform_values(&:dup)
  SIZEOF = { "int" => 4, "short" => 2, "long" => 8, "long long" => 8, "void*" => 8, "size_t" => 8 }.freeze
  LIMITS = {
    "FIXNUM_MAX" => 2**62 - 1, "FIXNUM_MIN" => -2**62, "INT_MAX" => 2**31 - 1, "INT_MIN" => -2**31,
    "LONG_MAX" => 2**63 - 1, "LONG_MIN" => -2**63, "UINT_MAX" => 2**32 - 1, "ULONG_MAX" => 2**64 - 1
  }.freeze

  def self.ruby = File.join(CONFIG["bindir"], CONFIG["ruby_install_name"])

  def self.expand(text, config = CONFIG)
    text.gsub!(/\$\$|\$\(([^()]+)\)|\$\{([^{}]+)\}/) { $& == "$$" ? "$" : config.fetch($1 || $2, $&) }
    text
  end
end
