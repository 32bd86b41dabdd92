# Chains of Enumerable methods, as reports are written with them; lazy and external enumerators too.
# Stresses: core methods that call blocks, Array and Hash building.
ROUNDS = (ARGV[0] || 1200).to_i
EXPECTED = 83_679

def orders(count)
  seed = 5
  (1..count).map do |id|
    seed = (seed * 75 + 74) % 65_537
    { id: id, customer: "customer#{seed % 17}", amount: seed % 500, items: Array.new(seed % 4) { |i| seed % (i + 5) } }
  end
end

def report(orders)
  large = orders.select { |order| order[:amount] > 100 }.reject { |order| order[:items].empty? }
  per_customer = large.group_by { |order| order[:customer] }.transform_values { |list| list.sum { |order| order[:amount] } }
  best = per_customer.sort_by { |name, amount| [-amount, name] }.take(5).map(&:last)
  items = orders.flat_map { |order| order[:items] }.tally.sort.to_h
  small, big = orders.map { |order| order[:amount] }.partition { |amount| amount < 250 }
  steps = orders.each_cons(2).count { |a, b| a[:amount] < b[:amount] }
  slices = orders.each_slice(7).map { |slice| slice.map { |order| order[:amount] }.max }
  zipped = small.zip(big).sum { |a, b| a * (b || 1) }
  folded = orders.inject(1) { |product, order| (product * (order[:amount] + 1)) % 10_007 }
  lazy = (1..Float::INFINITY).lazy.map { |n| n * n }.select { |n| n % 3 == 1 }.first(8).sum
  indexed = orders.each_with_index.map { |order, index| order[:id] * index }.max
  any = orders.any? { |order| order[:amount] == 499 } ? 1 : 0
  all = orders.all? { |order| order[:amount] < 500 } ? 1 : 0
  found = orders.find { |order| order[:items].size == 3 }[:id]
  best.sum + items.sum { |item, count| item * count } + small.size * 3 + steps + slices.sum + zipped % 9973 +
    folded + lazy + indexed + any + all + found + orders.min_by { |order| order[:amount] }[:id] +
    orders.each_with_object([]) { |order, list| list << order[:id] if order[:id] % 10 == 0 }.size +
    orders.map { |order| order[:customer] }.uniq.size + orders.sum { |order| order[:items].minmax.compact.size }
end

list = orders(200)
result = nil
ROUNDS.times do
  result = report(list)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "enumerable #{result}"
