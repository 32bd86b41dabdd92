# The spectral norm of an infinite matrix, by the power method on its first 40 rows and columns.
# Stresses: Float division, many calls of a tiny method, Array building with blocks.
ROUNDS = (ARGV[0] || 150).to_i
EXPECTED = 1_274_167_288

def element(i, j)
  1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)
end

def times_a(v)
  size = v.size
  Array.new(size) do |i|
    sum = 0.0
    size.times { |j| sum += element(i, j) * v[j] }
    sum
  end
end

def times_a_transposed(v)
  size = v.size
  Array.new(size) do |i|
    sum = 0.0
    size.times { |j| sum += element(j, i) * v[j] }
    sum
  end
end

def spectral_norm(size)
  u = Array.new(size, 1.0)
  v = nil
  4.times do
    v = times_a_transposed(times_a(u))
    u = times_a_transposed(times_a(v))
  end
  uv = 0.0
  vv = 0.0
  size.times do |i|
    uv += u[i] * v[i]
    vv += v[i] * v[i]
  end
  Math.sqrt(uv / vv)
end

result = nil
ROUNDS.times do
  result = (spectral_norm(40) * 1e9).round
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "spectral #{result}"
