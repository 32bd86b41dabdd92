# An incremental solver of one-way constraints, after the DeltaBlue algorithm of Freeman-Benson, Maloney and Borning.
# Stresses: polymorphic calls through an abstract class, inheritance with super, arrays of objects, identity tests.
ROUNDS = (ARGV[0] || 450).to_i
EXPECTED = 1_303_985

# Strengths are Integers; a smaller number is stronger.
REQUIRED = 0
PREFERRED = 2
NORMAL = 4
WEAK = 5
WEAKEST = 6

class Variable
  attr_accessor :value, :determined_by, :mark, :walkabout, :stay
  attr_reader :constraints

  def initialize(value)
    @value = value
    @constraints = []
    @determined_by = nil
    @mark = 0
    @walkabout = WEAKEST
    @stay = true
  end

  def each_consumer
    determiner = @determined_by
    @constraints.each do |constraint|
      yield constraint if !constraint.equal?(determiner) && constraint.satisfied?
    end
  end
end

class Constraint
  attr_reader :strength

  def initialize(strength)
    @strength = strength
  end

  def input?
    false
  end

  def add_to(solver)
    attach
    solver.add(self)
    self
  end

  def remove_from(solver)
    if satisfied?
      solver.remove(self)
    else
      detach
    end
  end

  # Try to enforce this constraint. Return the constraint that it overrides, if any.
  def satisfy(mark, solver)
    choose_method(mark)
    unless satisfied?
      raise "cannot satisfy a required constraint" if @strength == REQUIRED

      return nil
    end
    mark_inputs(mark)
    target = output
    overridden = target.determined_by
    overridden.unsatisfy if overridden
    target.determined_by = self
    raise "cycle" unless solver.propagate(self, mark)

    target.mark = mark
    overridden
  end
end

class UnaryConstraint < Constraint
  attr_reader :output

  def initialize(variable, strength)
    super(strength)
    @output = variable
    @satisfied = false
  end

  def satisfied?
    @satisfied
  end

  def unsatisfy
    @satisfied = false
  end

  def attach
    @output.constraints << self
  end

  def detach
    @output.constraints.delete(self)
    @satisfied = false
  end

  def choose_method(mark)
    @satisfied = @output.mark != mark && @strength < @output.walkabout
  end

  def mark_inputs(mark); end

  def inputs_known?(_mark)
    true
  end

  def recalculate
    @output.walkabout = @strength
    @output.stay = !input?
    execute if @output.stay
  end
end

class Stay < UnaryConstraint
  def execute; end
end

class Edit < UnaryConstraint
  def input?
    true
  end

  def execute; end
end

class BinaryConstraint < Constraint
  def initialize(first, second, strength)
    super(strength)
    @first = first
    @second = second
    @direction = :none
  end

  def satisfied?
    @direction != :none
  end

  def unsatisfy
    @direction = :none
  end

  def attach
    @first.constraints << self
    @second.constraints << self
  end

  def detach
    @first.constraints.delete(self)
    @second.constraints.delete(self)
    @direction = :none
  end

  def choose_method(mark)
    @direction =
      if @first.mark == mark
        @second.mark != mark && @strength < @second.walkabout ? :forward : :none
      elsif @second.mark == mark
        @strength < @first.walkabout ? :backward : :none
      elsif @first.walkabout > @second.walkabout
        @strength < @first.walkabout ? :backward : :none
      else
        @strength < @second.walkabout ? :forward : :none
      end
  end

  def input
    @direction == :forward ? @first : @second
  end

  def output
    @direction == :forward ? @second : @first
  end

  def mark_inputs(mark)
    input.mark = mark
  end

  def inputs_known?(mark)
    variable = input
    variable.mark == mark || variable.stay || variable.determined_by.nil?
  end

  def recalculate
    source = input
    target = output
    target.walkabout = @strength > source.walkabout ? @strength : source.walkabout
    target.stay = source.stay
    execute if target.stay
  end
end

class Equal < BinaryConstraint
  def execute
    output.value = input.value
  end
end

# second = first * factor + offset
class Scale < BinaryConstraint
  def initialize(first, factor, offset, second, strength)
    super(first, second, strength)
    @factor = factor
    @offset = offset
  end

  def attach
    super
    @factor.constraints << self
    @offset.constraints << self
  end

  def detach
    super
    @factor.constraints.delete(self)
    @offset.constraints.delete(self)
  end

  def mark_inputs(mark)
    super
    @factor.mark = mark
    @offset.mark = mark
  end

  def execute
    if @direction == :forward
      @second.value = @first.value * @factor.value + @offset.value
    else
      @first.value = (@second.value - @offset.value) / @factor.value
    end
  end

  def recalculate
    super
    output.stay &&= @factor.stay && @offset.stay
  end
end

class Solver
  def initialize
    @mark = 0
  end

  def next_mark
    @mark += 1
  end

  def add(constraint)
    mark = next_mark
    overridden = constraint.satisfy(mark, self)
    overridden = overridden.satisfy(mark, self) while overridden
  end

  def remove(constraint)
    target = constraint.output
    constraint.unsatisfy
    constraint.detach
    unsatisfied = lift(target)
    strength = REQUIRED
    while strength <= WEAKEST
      unsatisfied.each { |other| add(other) if other.strength == strength }
      strength += 1
    end
  end

  # Recompute everything that depends on `target`, which nobody determines any more. Return what may now be satisfied.
  def lift(target)
    target.determined_by = nil
    target.walkabout = WEAKEST
    target.stay = true
    unsatisfied = []
    pending = [target]
    until pending.empty?
      variable = pending.pop
      variable.constraints.each { |constraint| unsatisfied << constraint unless constraint.satisfied? }
      variable.each_consumer do |constraint|
        constraint.recalculate
        pending << constraint.output
      end
    end
    unsatisfied
  end

  def propagate(constraint, mark)
    pending = [constraint]
    until pending.empty?
      current = pending.pop
      if current.output.mark == mark
        remove(constraint)
        return false
      end
      current.recalculate
      current.output.each_consumer { |consumer| pending << consumer }
    end
    true
  end

  # The constraints to execute, in order, when the values of the edited variables change.
  def plan(edits)
    mark = next_mark
    steps = []
    pending = edits.select { |edit| edit.input? && edit.satisfied? }
    until pending.empty?
      constraint = pending.pop
      next if constraint.output.mark == mark || !constraint.inputs_known?(mark)

      steps << constraint
      constraint.output.mark = mark
      constraint.output.each_consumer { |consumer| pending << consumer }
    end
    steps
  end
end

def change(solver, variable, value)
  edit = Edit.new(variable, PREFERRED).add_to(solver)
  steps = solver.plan([edit])
  5.times do
    variable.value = value
    steps.each(&:execute)
  end
  edit.remove_from(solver)
end

# A long chain of equalities; its first variable is edited, its last is asked.
def chain(length)
  solver = Solver.new
  variables = Array.new(length + 1) { Variable.new(0) }
  length.times { |i| Equal.new(variables[i], variables[i + 1], REQUIRED).add_to(solver) }
  Stay.new(variables.last, NORMAL).add_to(solver)
  edit = Edit.new(variables.first, PREFERRED).add_to(solver)
  steps = solver.plan([edit])
  sum = 0
  50.times do |i|
    variables.first.value = i
    steps.each(&:execute)
    sum += variables.last.value
  end
  edit.remove_from(solver)
  sum
end

# Many pairs that share factor and offset; both directions are edited, then the shared variables.
def projection(size)
  solver = Solver.new
  factor = Variable.new(10)
  offset = Variable.new(1000)
  pairs = Array.new(size) do |i|
    source = Variable.new(i)
    target = Variable.new(i)
    Stay.new(source, NORMAL).add_to(solver)
    Scale.new(source, factor, offset, target, REQUIRED).add_to(solver)
    [source, target]
  end
  source, target = pairs.last
  change(solver, source, 17)
  sum = target.value
  change(solver, target, 1050)
  sum += source.value
  change(solver, factor, 5)
  sum += pairs.sum { |_, second| second.value }
  change(solver, offset, 2000)
  sum + pairs.sum { |_, second| second.value }
end

result = nil
ROUNDS.times do
  result = chain(50) * 1000 + projection(25)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "constraints #{result}"
