# A script without methods: while loops over local variables at the top level (Collatz sequences, digits, a table).
# Stresses: code that runs only once but long, as the top level of a script does.
rounds = (ARGV[0] || 410).to_i
EXPECTED = 12_723_136_893

result = nil
while rounds > 0
  longest = 0
  start_of_longest = 0
  start = 1
  while start < 300
    number = start
    steps = 0
    while number != 1
      if number % 2 == 0
        number /= 2
      else
        number = number * 3 + 1
      end
      steps += 1
    end
    if steps > longest
      longest = steps
      start_of_longest = start
    end
    start += 1
  end

  digits = 0
  table = Array.new(10, 0)
  number = 1
  while number < 1500
    rest = number * number
    while rest > 0
      table[rest % 10] += 1
      digits += rest % 10
      rest /= 10
    end
    number += 1
  end

  result = longest * 100_000_000 + start_of_longest * 100_000 + digits + table[7]
  raise "wrong result: #{result}" unless result == EXPECTED

  rounds -= 1
end
puts "toplevel #{result}"
