# The product of two matrices of 40 by 40 Floats, arrays of arrays.
# Stresses: Array reads in nested loops, Float arithmetic.
ROUNDS = (ARGV[0] || 170).to_i
EXPECTED = -27_236_984

def matrix(size, factor)
  Array.new(size) { |i| Array.new(size) { |j| factor * (i - j) * (i + j) } }
end

def transpose(m)
  size = m.size
  Array.new(size) { |i| Array.new(size) { |j| m[j][i] } }
end

def multiply(a, b)
  size = a.size
  columns = transpose(b)
  product = []
  i = 0
  while i < size
    row = a[i]
    line = []
    j = 0
    while j < size
      column = columns[j]
      sum = 0.0
      k = 0
      while k < size
        sum += row[k] * column[k]
        k += 1
      end
      line << sum
      j += 1
    end
    product << line
    i += 1
  end
  product
end

a = matrix(40, 0.25)
b = matrix(40, 0.5)
result = nil
ROUNDS.times do
  product = multiply(a, b)
  result = ((product[20][20] + product[3][7]) * 8).to_i
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "matmul #{result}"
