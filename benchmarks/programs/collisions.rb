# Aircraft fly through space in steps; those that come near each other are found through a grid of cells.
# Positions live in red-black trees that are searched, filled and emptied all the time.
# Stresses: balanced trees with parent links, Float arithmetic, small vector objects, iteration.
ROUNDS = (ARGV[0] || 110).to_i
EXPECTED = 110_564

class Vector
  attr_reader :x, :y, :z

  def initialize(x, y, z)
    @x = x
    @y = y
    @z = z
  end

  def +(other)
    Vector.new(@x + other.x, @y + other.y, @z + other.z)
  end

  def -(other)
    Vector.new(@x - other.x, @y - other.y, @z - other.z)
  end

  def *(factor)
    Vector.new(@x * factor, @y * factor, @z * factor)
  end

  def dot(other)
    @x * other.x + @y * other.y + @z * other.z
  end
end

# A map from Integers, kept as a red-black tree.
class RedBlackTree
  class Node
    attr_accessor :key, :value, :left, :right, :parent, :red

    def initialize(key, value, parent)
      @key = key
      @value = value
      @parent = parent
      @left = nil
      @right = nil
      @red = true
    end

    def leftmost
      node = self
      node = node.left while node.left
      node
    end

    def successor
      return @right.leftmost if @right

      node = self
      above = @parent
      while above && node.equal?(above.right)
        node = above
        above = above.parent
      end
      above
    end
  end

  attr_reader :size

  def initialize
    @root = nil
    @size = 0
  end

  def find(key)
    node = @root
    while node
      return node if node.key == key

      node = key < node.key ? node.left : node.right
    end
    nil
  end

  def [](key)
    node = find(key)
    node && node.value
  end

  def []=(key, value)
    above = nil
    node = @root
    while node
      above = node
      if key == node.key
        node.value = value
        return
      end
      node = key < node.key ? node.left : node.right
    end
    node = Node.new(key, value, above)
    @size += 1
    if above.nil?
      @root = node
    elsif key < above.key
      above.left = node
    else
      above.right = node
    end
    repair_insertion(node)
  end

  def delete(key)
    node = find(key)
    return unless node

    @size -= 1
    if node.left && node.right
      following = node.successor
      node.key = following.key
      node.value = following.value
      node = following
    end
    child = node.left || node.right
    above = node.parent
    child.parent = above if child
    replace(node, child)
    repair_deletion(child, above) unless node.red
  end

  def each
    node = @root && @root.leftmost
    while node
      yield node.key, node.value
      node = node.successor
    end
  end

  private

  def replace(node, child)
    above = node.parent
    if above.nil?
      @root = child
    elsif node.equal?(above.left)
      above.left = child
    else
      above.right = child
    end
  end

  def rotate_left(node)
    up = node.right
    node.right = up.left
    up.left.parent = node if up.left
    up.parent = node.parent
    replace(node, up)
    up.left = node
    node.parent = up
  end

  def rotate_right(node)
    up = node.left
    node.left = up.right
    up.right.parent = node if up.right
    up.parent = node.parent
    replace(node, up)
    up.right = node
    node.parent = up
  end

  def repair_insertion(node)
    while (above = node.parent) && above.red
      top = above.parent
      on_left = above.equal?(top.left)
      uncle = on_left ? top.right : top.left
      if uncle && uncle.red
        above.red = false
        uncle.red = false
        top.red = true
        node = top
      elsif on_left
        if node.equal?(above.right)
          node = above
          rotate_left(node)
        end
        node.parent.red = false
        top.red = true
        rotate_right(top)
      else
        if node.equal?(above.left)
          node = above
          rotate_right(node)
        end
        node.parent.red = false
        top.red = true
        rotate_left(top)
      end
    end
    @root.red = false
  end

  # `node` (perhaps nil) below `above` lacks one black.
  def repair_deletion(node, above)
    while above && !(node && node.red)
      on_left = node.equal?(above.left)
      sibling = on_left ? above.right : above.left
      if sibling.red
        sibling.red = false
        above.red = true
        on_left ? rotate_left(above) : rotate_right(above)
        sibling = on_left ? above.right : above.left
      end
      near = on_left ? sibling.left : sibling.right
      far = on_left ? sibling.right : sibling.left
      if !(near && near.red) && !(far && far.red)
        sibling.red = true
        node = above
        above = node.parent
      else
        unless far && far.red
          near.red = false
          sibling.red = true
          on_left ? rotate_right(sibling) : rotate_left(sibling)
          sibling = on_left ? above.right : above.left
          far = on_left ? sibling.right : sibling.left
        end
        sibling.red = above.red
        above.red = false
        far.red = false
        on_left ? rotate_left(above) : rotate_right(above)
        node = @root
        above = nil
      end
    end
    node.red = false if node
  end
end

Flight = Struct.new(:id, :from, :to)

class Detector
  CELL = 2.0
  RADIUS = 0.5

  def initialize
    @places = RedBlackTree.new
  end

  # Take the aircraft to new places ([id, Vector] pairs); return how many pairs came too close on their way.
  def frame(positions)
    flights = positions.map do |id, to|
      from = @places[id] || to
      @places[id] = to
      Flight.new(id, from, to)
    end
    remove_landed(positions)
    count = 0
    cells(flights).each do |_, list|
      list.each_with_index do |a, i|
        (i + 1...list.size).each { |j| count += 1 if close?(a, list[j]) }
      end
    end
    count
  end

  private

  def remove_landed(positions)
    present = RedBlackTree.new
    positions.each { |id, _| present[id] = true }
    landed = []
    @places.each { |id, _| landed << id unless present[id] }
    landed.each { |id| @places.delete(id) }
  end

  # Put each flight into the cells of its two ends.
  def cells(flights)
    cells = RedBlackTree.new
    flights.each do |flight|
      start = cell(flight.from)
      enter(cells, start, flight)
      finish = cell(flight.to)
      enter(cells, finish, flight) if finish != start
    end
    cells
  end

  def cell(place)
    (place.x / CELL).floor * 1000 + (place.y / CELL).floor
  end

  def enter(cells, number, flight)
    list = cells[number]
    if list
      list << flight
    else
      cells[number] = [flight]
    end
  end

  # Whether two linear movements come nearer than RADIUS: the least distance is where a parabola in time is lowest.
  def close?(a, b)
    start = a.from - b.from
    change = (a.to - a.from) - (b.to - b.from)
    speed = change.dot(change)
    time = speed < 1e-9 ? 0.0 : -start.dot(change) / speed
    time = 0.0 if time < 0.0
    time = 1.0 if time > 1.0
    nearest = start + change * time
    nearest.dot(nearest) <= RADIUS * RADIUS
  end
end

def positions(count, time)
  list = []
  count.times do |id|
    next if (id + time) % 13 == 0

    angle = id * 0.7 + time * 0.1
    list << [id * 37 % 101, Vector.new(10 + 4 * Math.cos(angle), 10 + 4 * Math.sin(angle * 1.3), 5 + id % 3 * 0.3)]
  end
  list
end

def fly(aircraft, frames)
  detector = Detector.new
  sum = 0
  frames.times { |time| sum = sum * 3 % 1_000_003 + detector.frame(positions(aircraft, time)) }
  sum
end

result = nil
ROUNDS.times do
  result = fly(40, 15)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "collisions #{result}"
