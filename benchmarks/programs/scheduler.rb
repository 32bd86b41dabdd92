# An operating system kernel in miniature, after Martin Richards' benchmark: tasks with priorities pass messages.
# Stresses: polymorphic calls, instance variables, linked lists, small state machines.
ROUNDS = (ARGV[0] || 150).to_i
EXPECTED = 23_220_997_696_208

IDLE = 0
WORKER = 1
READER = 2
WRITER = 3
READER_DEVICE = 4
WRITER_DEVICE = 5
BODY_SIZE = 4

class Message
  attr_accessor :following, :address, :position, :body
  attr_reader :kind

  def initialize(following, address, kind)
    @following = following
    @address = address
    @kind = kind
    @position = 0
    @body = Array.new(BODY_SIZE, 0)
  end

  # Put this message at the end of the list that starts with `head`, and return the new head.
  def append_to(head)
    @following = nil
    return self unless head

    last = head
    last = last.following while last.following
    last.following = self
    head
  end
end

class Task
  attr_reader :id, :priority, :lower

  def initialize(machine, id, priority, inbox)
    @machine = machine
    @id = id
    @priority = priority
    @inbox = inbox
    @waiting = true
    @held = false
    @lower = machine.enlist(self)
  end

  def ready
    @waiting = false
    self
  end

  def hold
    @held = true
  end

  def release
    @held = false
  end

  def wait
    @waiting = true
    self
  end

  def blocked?
    @held || (@waiting && @inbox.nil?)
  end

  # Take a message and return the task that runs next.
  def receive(message, sender)
    if @inbox
      message.append_to(@inbox)
    else
      message.following = nil
      @inbox = message
      return self if @priority > sender.priority
    end
    sender
  end

  def resume
    message = nil
    if @waiting
      message = @inbox
      @inbox = message.following
      @waiting = false
    end
    act(message)
  end
end

# Runs when nobody else can, and lets one of the two devices finish, as a shift register decides.
class IdleTask < Task
  def initialize(machine, turns)
    super(machine, IDLE, 0, nil)
    @register = 1
    @turns = turns
  end

  def act(_message)
    @turns -= 1
    return @machine.hold_current if @turns.zero?

    if @register.even?
      @register >>= 1
      @machine.release(READER_DEVICE)
    else
      @register = (@register >> 1) ^ 0xD008
      @machine.release(WRITER_DEVICE)
    end
  end
end

# Fills messages with letters and sends them to the reader and the writer in turn.
class WorkerTask < Task
  def initialize(machine, inbox)
    super(machine, WORKER, 1000, inbox)
    @target = READER
    @letter = 0
  end

  def act(message)
    return wait unless message

    @target = @target == READER ? WRITER : READER
    message.address = @target
    message.position = 0
    i = 0
    while i < BODY_SIZE
      @letter = @letter == 26 ? 1 : @letter + 1
      message.body[i] = 64 + @letter
      i += 1
    end
    @machine.send_message(message)
  end
end

# Passes the letters of its work messages to a device, one by one.
class HandlerTask < Task
  def initialize(machine, id, priority, inbox, device)
    super(machine, id, priority, inbox)
    @device = device
    @work = nil
    @replies = nil
  end

  def act(message)
    if message
      if message.kind == :work
        @work = message.append_to(@work)
      else
        @replies = message.append_to(@replies)
      end
    end
    return wait unless @work

    work = @work
    position = work.position
    if position >= BODY_SIZE
      @work = work.following
      work.address = WORKER
      return @machine.send_message(work)
    end
    return wait unless @replies

    reply = @replies
    @replies = reply.following
    reply.position = work.body[position]
    reply.address = @device
    work.position = position + 1
    @machine.send_message(reply)
  end
end

class DeviceTask < Task
  def initialize(machine, id, priority, owner)
    super(machine, id, priority, nil)
    @owner = owner
    @pending = nil
  end

  def act(message)
    if message
      @pending = message
      @machine.output(message.position)
      return @machine.hold_current
    end
    return wait unless @pending

    done = @pending
    @pending = nil
    done.address = @owner
    @machine.send_message(done)
  end
end

class Machine
  attr_reader :messages, :holds, :text

  def initialize
    @tasks = Array.new(6)
    @first = nil
    @current = nil
    @messages = 0
    @holds = 0
    @text = 0
  end

  # Tasks are made in the order of their priorities, the lowest first.
  def enlist(task)
    lower = @first
    @first = task
    @tasks[task.id] = task
    lower
  end

  def output(letter)
    @text = (@text * 31 + letter) % 1_000_003
  end

  def send_message(message)
    target = @tasks[message.address]
    @messages += 1
    message.address = @current.id
    target.receive(message, @current)
  end

  def hold_current
    @holds += 1
    @current.hold
    @current.lower
  end

  def release(id)
    task = @tasks[id]
    task.release
    task.priority > @current.priority ? task : @current
  end

  def run
    task = @first
    while task
      if task.blocked?
        task = task.lower
      else
        @current = task
        task = task.resume
      end
    end
  end
end

def messages(count, kind)
  list = nil
  count.times { list = Message.new(list, IDLE, kind) }
  list
end

def simulate
  machine = Machine.new
  IdleTask.new(machine, 1000).ready
  WorkerTask.new(machine, messages(2, :work))
  HandlerTask.new(machine, READER, 2000, messages(3, :reply), READER_DEVICE)
  HandlerTask.new(machine, WRITER, 3000, messages(3, :reply), WRITER_DEVICE)
  DeviceTask.new(machine, READER_DEVICE, 4000, READER)
  DeviceTask.new(machine, WRITER_DEVICE, 5000, WRITER)
  machine.run
  (machine.messages * 10_000 + machine.holds) * 1_000_003 + machine.text
end

result = nil
ROUNDS.times do
  result = simulate
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "scheduler #{result}"
