"""The kernel of messages and tasks in scheduler.rb."""

import sys

IDLE, WORKER, READER, WRITER, READER_DEVICE, WRITER_DEVICE = range(6)
WORK, REPLY = range(2)
BODY_SIZE = 4


class Message:
    def __init__(self, following, address, kind):
        self.following = following
        self.address = address
        self.kind = kind
        self.position = 0
        self.body = [0] * BODY_SIZE

    def append_to(self, head):
        self.following = None
        if head is None:
            return self
        last = head
        while last.following is not None:
            last = last.following
        last.following = self
        return head


class Task:
    def __init__(self, machine, id, priority, inbox):
        self.machine = machine
        self.id = id
        self.priority = priority
        self.inbox = inbox
        self.waiting = True
        self.held = False
        self.lower = machine.enlist(self)

    def wait(self):
        self.waiting = True
        return self

    def blocked(self):
        return self.held or (self.waiting and self.inbox is None)

    def receive(self, message, sender):
        if self.inbox is not None:
            message.append_to(self.inbox)
        else:
            message.following = None
            self.inbox = message
            if self.priority > sender.priority:
                return self
        return sender

    def resume(self):
        message = None
        if self.waiting:
            message = self.inbox
            self.inbox = message.following
            self.waiting = False
        return self.act(message)


class IdleTask(Task):
    def __init__(self, machine, turns):
        super().__init__(machine, IDLE, 0, None)
        self.register = 1
        self.turns = turns
        self.waiting = False

    def act(self, message):
        self.turns -= 1
        if self.turns == 0:
            return self.machine.hold_current()
        if self.register % 2 == 0:
            self.register >>= 1
            return self.machine.release(READER_DEVICE)
        self.register = (self.register >> 1) ^ 0xD008
        return self.machine.release(WRITER_DEVICE)


class WorkerTask(Task):
    def __init__(self, machine, inbox):
        super().__init__(machine, WORKER, 1000, inbox)
        self.target = READER
        self.letter = 0

    def act(self, message):
        if message is None:
            return self.wait()
        self.target = WRITER if self.target == READER else READER
        message.address = self.target
        message.position = 0
        for i in range(BODY_SIZE):
            self.letter = 1 if self.letter == 26 else self.letter + 1
            message.body[i] = 64 + self.letter
        return self.machine.send_message(message)


class HandlerTask(Task):
    def __init__(self, machine, id, priority, inbox, device):
        super().__init__(machine, id, priority, inbox)
        self.device = device
        self.work = None
        self.replies = None

    def act(self, message):
        if message is not None:
            if message.kind == WORK:
                self.work = message.append_to(self.work)
            else:
                self.replies = message.append_to(self.replies)
        work = self.work
        if work is None:
            return self.wait()
        position = work.position
        if position >= BODY_SIZE:
            self.work = work.following
            work.address = WORKER
            return self.machine.send_message(work)
        reply = self.replies
        if reply is None:
            return self.wait()
        self.replies = reply.following
        reply.position = work.body[position]
        reply.address = self.device
        work.position = position + 1
        return self.machine.send_message(reply)


class DeviceTask(Task):
    def __init__(self, machine, id, priority, owner):
        super().__init__(machine, id, priority, None)
        self.owner = owner
        self.pending = None

    def act(self, message):
        if message is not None:
            self.pending = message
            self.machine.output(message.position)
            return self.machine.hold_current()
        done = self.pending
        if done is None:
            return self.wait()
        self.pending = None
        done.address = self.owner
        return self.machine.send_message(done)


class Machine:
    def __init__(self):
        self.tasks = [None] * 6
        self.first = None
        self.current = None
        self.messages = 0
        self.holds = 0
        self.text = 0

    def enlist(self, task):
        lower = self.first
        self.first = task
        self.tasks[task.id] = task
        return lower

    def output(self, letter):
        self.text = (self.text * 31 + letter) % 1_000_003

    def send_message(self, message):
        target = self.tasks[message.address]
        self.messages += 1
        message.address = self.current.id
        return target.receive(message, self.current)

    def hold_current(self):
        self.holds += 1
        self.current.held = True
        return self.current.lower

    def release(self, id):
        task = self.tasks[id]
        task.held = False
        return task if task.priority > self.current.priority else self.current

    def run(self):
        task = self.first
        while task is not None:
            if task.blocked():
                task = task.lower
            else:
                self.current = task
                task = task.resume()


def messages(count, kind):
    head = None
    for _ in range(count):
        head = Message(head, IDLE, kind)
    return head


def simulate():
    machine = Machine()
    IdleTask(machine, 1000)
    WorkerTask(machine, messages(2, WORK))
    HandlerTask(machine, READER, 2000, messages(3, REPLY), READER_DEVICE)
    HandlerTask(machine, WRITER, 3000, messages(3, REPLY), WRITER_DEVICE)
    DeviceTask(machine, READER_DEVICE, 4000, READER)
    DeviceTask(machine, WRITER_DEVICE, 5000, WRITER)
    machine.run()
    return (machine.messages * 10_000 + machine.holds) * 1_000_003 + machine.text


for _ in range(int(sys.argv[1])):
    result = simulate()
print("scheduler", result)
