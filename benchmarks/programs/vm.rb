# An interpreter in the interpreter: a stack machine that counts primes and computes Fibonacci numbers.
# Stresses: case over Integers and Symbols in a loop, Array push and pop.
ROUNDS = (ARGV[0] || 470).to_i
EXPECTED = 8_903_008_849

class StackMachine
  def initialize(code)
    @code = code
    @stack = []
    @slots = Array.new(8, 0)
    @calls = []
    @executed = 0
  end

  attr_reader :executed

  def run
    pc = 0
    code = @code
    stack = @stack
    slots = @slots
    loop do
      operation, operand = code[pc]
      pc += 1
      @executed += 1
      case operation
      when :push then stack.push(operand)
      when :load then stack.push(slots[operand])
      when :store then slots[operand] = stack.pop
      when :add
        right = stack.pop
        stack.push(stack.pop + right)
      when :subtract
        right = stack.pop
        stack.push(stack.pop - right)
      when :multiply
        right = stack.pop
        stack.push(stack.pop * right)
      when :modulo
        right = stack.pop
        stack.push(stack.pop % right)
      when :less
        right = stack.pop
        stack.push(stack.pop < right ? 1 : 0)
      when :jump then pc = operand
      when :jump_if_zero then pc = operand if stack.pop == 0
      when :duplicate then stack.push(stack.last)
      when :swap
        top = stack.pop
        below = stack.pop
        stack.push(top)
        stack.push(below)
      when :call
        @calls.push(pc)
        pc = operand
      when :return then pc = @calls.pop
      when :halt then return stack.pop
      else raise "unknown operation #{operation}"
      end
    end
  end
end

# Turn lines of "label: operation operand" into pairs; an operand may be a label.
def assemble(source)
  labels = {}
  code = []
  source.each_line do |line|
    line = line.strip
    next if line.empty?

    if line.end_with?(":")
      labels[line.chomp(":")] = code.size
    else
      code << line.split
    end
  end
  code.map do |operation, operand|
    value = operand && (labels[operand] || operand.to_i)
    [operation.to_sym, value]
  end
end

PROGRAM = <<~ASSEMBLY
  push 2
  store 0
  primes:
    load 0
    push 120
    less
    jump_if_zero finish
    push 2
    store 1
  divide:
    load 1
    duplicate
    multiply
    load 0
    swap
    less
    jump_if_zero more
    jump prime
  more:
    load 0
    load 1
    modulo
    jump_if_zero next
    load 1
    push 1
    add
    store 1
    jump divide
  prime:
    load 2
    push 1
    add
    store 2
  next:
    load 0
    push 1
    add
    store 0
    jump primes
  finish:
    push 11
    call fibonacci
    push 1000
    multiply
    load 2
    add
    halt
  fibonacci:
    duplicate
    push 2
    less
    jump_if_zero recurse
    return
  recurse:
    duplicate
    push 1
    subtract
    call fibonacci
    swap
    push 2
    subtract
    call fibonacci
    add
    return
ASSEMBLY

code = assemble(PROGRAM)
result = nil
ROUNDS.times do
  machine = StackMachine.new(code)
  result = machine.run * 100_000 + machine.executed
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "vm #{result}"
