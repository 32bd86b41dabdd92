# Open3: commands with their input and outputs.

module Open3
  class << self
    def capture3(*command, stdin_data: nil, binmode: false, **options)
      __run(command, options, stdin_data, false, binmode)
    end

    def capture2(*command, stdin_data: nil, binmode: false, **options)
      out, err, status = __run(command, options, stdin_data, false, binmode)
      $stderr.write(err) unless err.empty?
      [out, status]
    end

    def capture2e(*command, stdin_data: nil, binmode: false, **options)
      out, _, status = __run(command, options, stdin_data, true, binmode)
      [out, status]
    end

    # The command runs when its input is closed or its output is read for the first time.
    def popen3(*command, **options)
      session = Session.new(command, options, false)
      result = [session.input, session.output, session.error, session.waiter]
      block_given? ? yield(*result) : result
    end

    def popen2(*command, **options)
      session = Session.new(command, options, false)
      result = [session.input, session.output, session.waiter]
      block_given? ? yield(*result) : result
    end

    def popen2e(*command, **options)
      session = Session.new(command, options, true)
      result = [session.input, session.output, session.waiter]
      block_given? ? yield(*result) : result
    end
  end

  require "stringio"
  require "delegate"

  # A command that has not run yet.
  class Session
    attr_reader :input, :waiter, :output, :error

    def initialize(command, options, merge)
      @command, @options, @merge = command, options, merge
      @input = Input.new(self)
      @output = Output.new(self, 0)
      @error = Output.new(self, 1)
      @waiter = Waiter.new(self)
    end

    def finish = @result ||= Open3.__run(@command, @options, @input.string, @merge, false)
  end

  class Input < StringIO
    def initialize(session)
      super(+"")
      @session = session
    end

    def close
      super
      @session.finish
      nil
    end

    alias close_write close
  end

  class Output < Delegator
    def initialize(session, place)
      @session, @place = session, place
    end

    def __getobj__ = @text ||= StringIO.new(@session.finish[@place])
    def __setobj__(target) = target
  end

  class Waiter
    def initialize(session)
      @session = session
    end

    def value = @session.finish[2]
    def pid = value.pid
    def join(*) = value && self
    def alive? = false
  end

  private_constant :Session, :Input, :Output, :Waiter

  private

  %i[capture2 capture2e capture3 popen2 popen2e popen3].each do |name|
    define_method(name) { |*command, **options, &block| Open3.public_send(name, *command, **options, &block) }
  end
end
