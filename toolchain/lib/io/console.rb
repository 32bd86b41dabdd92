# io/console: the terminal as it is, and as programs want it for a while.

class IO
  def winsize = ConsoleMode.__size(fileno)

  def raw(min: nil, time: nil, intr: nil) = __in_mode("raw") { yield self }
  def noecho = __in_mode("noecho") { yield self }
  def raw!(*, **) = ConsoleMode.__set(fileno, "raw") || self
  def cooked! = ConsoleMode.__set(fileno, "restore") || self
  def cooked = yield(self)
  def echo=(on)
    ConsoleMode.__set(fileno, on ? "restore" : "noecho")
  end
  def getch(**) = tty? ? raw { getc } : getc

  def getpass(prompt = nil)
    $stderr.print(prompt) if prompt
    line = tty? ? noecho { gets } : gets
    $stderr.puts
    line&.chomp
  end

  def self.console(*)
    @console ||= File.open("/dev/tty", "r+")
  rescue SystemCallError
    nil
  end

  def self.console_size
    console&.winsize || default_console_size
  rescue SystemCallError
    default_console_size
  end

  def self.default_console_size = [ENV["LINES"].to_i.nonzero? || 25, ENV["COLUMNS"].to_i.nonzero? || 80]

  private

  def __in_mode(name)
    ConsoleMode.__set(fileno, name)
    yield
  ensure
    ConsoleMode.__set(fileno, "restore") if tty?
  end
end
