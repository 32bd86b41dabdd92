# IO.console_size

require "io/console"
