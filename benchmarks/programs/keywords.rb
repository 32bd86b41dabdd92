# Calls with keyword, optional, rest and block parameters.
# Stresses: argument passing other than plain positional.
ROUNDS = (ARGV[0] || 220).to_i
EXPECTED = 8_644_880

class Shop
  def price(amount, tax: 19, discount: 0)
    amount * (100 + tax) / 100 - discount
  end

  def order(item, count = 1, *extras, express: false, **options)
    sum = count * item + extras.size
    sum += 5 if express
    options.each_value { |value| sum += value }
    sum
  end

  def required(a:, b:)
    a - b
  end

  def forward(...)
    order(...)
  end

  def collect(first, *middle, last)
    first + middle.sum + last
  end

  def defaults(a, b = a + 1, c = a + b)
    c
  end
end

def exercise(count)
  shop = Shop.new
  options = { wrap: 2, card: 3 }
  sum = 0
  count.times do |i|
    sum += shop.price(i)
    sum += shop.price(i, tax: 7)
    sum += shop.price(i, discount: 2, tax: 0)
    sum += shop.order(i)
    sum += shop.order(i, 2, :a, :b, express: true)
    sum += shop.order(i, 3, **options)
    sum += shop.required(b: i, a: 2 * i)
    sum += shop.forward(i, 1, express: i.even?)
    sum += shop.collect(*[i, 1, 2, 3])
    sum += shop.collect(i, i)
    sum += shop.defaults(i) + shop.defaults(i, 2) + shop.defaults(i, 2, 3)
  end
  sum
end

result = nil
ROUNDS.times do
  result = exercise(1000)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "keywords #{result}"
