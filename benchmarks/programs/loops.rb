# Finds the nested loops of a control flow graph: Havlak's algorithm on a depth-first numbering, with union-find.
# Stresses: many small objects, arrays and hashes of objects, own iterators, graph walks.
ROUNDS = (ARGV[0] || 250).to_i
EXPECTED = 2_951_251

class Block
  attr_reader :name, :successors, :predecessors

  def initialize(name)
    @name = name
    @successors = []
    @predecessors = []
  end
end

class Graph
  attr_reader :blocks

  def initialize
    @blocks = []
  end

  def block
    added = Block.new(@blocks.size)
    @blocks << added
    added
  end

  def connect(from, to)
    from.successors << to
    to.predecessors << from
  end

  # The following build a part of the graph behind `from` and return its last block.

  def diamond(from)
    left = block
    right = block
    join = block
    connect(from, left)
    connect(from, right)
    connect(left, join)
    connect(right, join)
    join
  end

  def straight(from, length)
    length.times do
      following = block
      connect(from, following)
      from = following
    end
    from
  end

  def nest(from, depth)
    header = straight(from, 1)
    last = depth.zero? ? diamond(header) : nest(straight(header, 1), depth - 1)
    bottom = straight(last, 1)
    connect(bottom, header)
    straight(bottom, 1)
  end
end

class SimpleLoop
  attr_reader :header, :members, :children, :reducible
  attr_accessor :parent

  def initialize(header, reducible)
    @header = header
    @reducible = reducible
    @members = []
    @children = []
    @parent = nil
  end

  def depth
    @parent ? @parent.depth + 1 : 1
  end
end

class UnionNode
  attr_reader :block, :number
  attr_accessor :parent, :found

  def initialize(block, number)
    @block = block
    @number = number
    @parent = self
    @found = nil
  end

  def find
    path = []
    node = self
    until node.equal?(node.parent)
      path << node
      node = node.parent
    end
    path.each { |passed| passed.parent = node }
    node
  end

  def union(other)
    @parent = other
  end
end

class LoopFinder
  attr_reader :loops

  def initialize(graph)
    @graph = graph
    @loops = []
    @nodes = []
    @numbers = {}
    @last = []
  end

  def find
    number(@graph.blocks.first)
    size = @nodes.size
    back = Array.new(size) { [] }
    entries = Array.new(size) { [] }
    classify(back, entries)
    (size - 1).downto(0) { |w| examine(w, back[w], entries) }
    self
  end

  private

  # Number the blocks in depth-first order; @last[n] is the greatest number below n in that tree.
  def number(block)
    own = @nodes.size
    @numbers[block] = own
    @nodes << UnionNode.new(block, own)
    block.successors.each { |successor| number(successor) unless @numbers.key?(successor) }
    @last[own] = @nodes.size - 1
  end

  def ancestor?(above, below)
    above <= below && below <= @last[above]
  end

  def classify(back, entries)
    @nodes.each do |node|
      node.block.predecessors.each do |predecessor|
        from = @numbers[predecessor]
        next unless from

        (ancestor?(node.number, from) ? back : entries)[node.number] << from
      end
    end
  end

  def examine(w, back, entries)
    return if back.empty?

    header = @nodes[w]
    pool = []
    back.each { |v| pool << @nodes[v].find if v != w }
    reducible = true
    work = pool.dup
    until work.empty?
      node = work.shift
      entries[node.number].each do |from|
        outside = @nodes[from].find
        if !ancestor?(w, outside.number)
          reducible = false
          entries[w] << outside.number
        elsif !outside.equal?(header) && !pool.include?(outside)
          pool << outside
          work << outside
        end
      end
    end
    record(header, pool, reducible)
  end

  def record(header, pool, reducible)
    found = SimpleLoop.new(header.block, reducible)
    header.found = found
    pool.each do |node|
      node.union(header)
      if node.found
        node.found.parent = found
        found.children << node.found
      else
        found.members << node.block
      end
    end
    @loops << found
  end
end

def program_graph
  graph = Graph.new
  last = graph.straight(graph.block, 1)
  8.times { |i| last = graph.nest(graph.diamond(last), 1 + i % 4) }
  # A loop with two entries, which is irreducible.
  first = graph.block
  second = graph.block
  graph.connect(last, first)
  graph.connect(last, second)
  graph.connect(first, second)
  graph.connect(second, first)
  graph.straight(second, 2)
  graph
end

def measure(graph)
  loops = LoopFinder.new(graph).find.loops
  depth = loops.map(&:depth).max
  members = loops.sum { |found| found.members.size }
  irreducible = loops.count { |found| !found.reducible }
  ((loops.size * 10 + depth) * 10 + irreducible) * 1000 + members + graph.blocks.size
end

result = nil
ROUNDS.times do
  result = nil
  5.times { result = measure(program_graph) }
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "loops #{result}"
