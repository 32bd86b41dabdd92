# TSort: topological sorting by strongly connected components (Tarjan's algorithm).

module TSort
  VERSION = "0.2.0"

  class Cyclic < StandardError; end

  def tsort = TSort.tsort(method(:tsort_each_node), method(:tsort_each_child))

  def tsort_each(&block)
    return to_enum(__method__) unless block

    TSort.tsort_each(method(:tsort_each_node), method(:tsort_each_child), &block)
  end

  def strongly_connected_components
    TSort.strongly_connected_components(method(:tsort_each_node), method(:tsort_each_child))
  end

  def each_strongly_connected_component(&block)
    return to_enum(__method__) unless block

    TSort.each_strongly_connected_component(method(:tsort_each_node), method(:tsort_each_child), &block)
  end

  def each_strongly_connected_component_from(node, ids = {}, stack = [], &block)
    return to_enum(__method__, node, ids, stack) unless block

    TSort.each_strongly_connected_component_from(node, method(:tsort_each_child), ids, stack, &block)
  end

  def tsort_each_node = raise(NotImplementedError)
  def tsort_each_child(_node) = raise(NotImplementedError)

  class << self
    def tsort(each_node, each_child) = tsort_each(each_node, each_child).to_a

    def tsort_each(each_node, each_child)
      return to_enum(__method__, each_node, each_child) unless defined?(yield)

      each_strongly_connected_component(each_node, each_child) do |component|
        if component.size > 1
          raise Cyclic, "topological sort failed: #{component.inspect}"
        end

        yield component.first
      end
    end

    def strongly_connected_components(each_node, each_child)
      each_strongly_connected_component(each_node, each_child).to_a
    end

    def each_strongly_connected_component(each_node, each_child, &block)
      return to_enum(__method__, each_node, each_child) unless block

      ids = {}
      stack = []
      each_node.call do |node|
        unless ids.include?(node)
          each_strongly_connected_component_from(node, each_child, ids, stack, &block)
        end
      end
      nil
    end

    # `ids` numbers the nodes in the order in which they are met, nil once their component is complete.
    def each_strongly_connected_component_from(node, each_child, ids = {}, stack = [], &block)
      return to_enum(__method__, node, each_child, ids, stack) unless block

      lowest = number = ids[node] = ids.size
      place = stack.size
      stack << node
      each_child.call(node) do |child|
        if ids.include?(child)
          other = ids[child]
          lowest = other if other && other < lowest
        else
          other = each_strongly_connected_component_from(child, each_child, ids, stack, &block)
          lowest = other if other < lowest
        end
      end
      if number == lowest
        component = stack.slice!(place..)
        component.each { |member| ids[member] = nil }
        yield component
      end
      lowest
    end
  end
end
