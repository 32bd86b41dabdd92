# The Mandelbrot set in 40 by 40 points: how many do not escape, and a checksum of the picture.
# Stresses: Float arithmetic in local variables, nested while loops, bit operations.
ROUNDS = (ARGV[0] || 130).to_i
EXPECTED = 63_356_918

def mandelbrot(size)
  inside = 0
  sum = 0
  row = 0
  while row < size
    ci = 2.0 * row / size - 1.0
    byte = 0
    column = 0
    while column < size
      cr = 2.0 * column / size - 1.5
      zr = 0.0
      zi = 0.0
      rr = 0.0
      ii = 0.0
      steps = 0
      while steps < 50 && rr + ii <= 4.0
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
        rr = zr * zr
        ii = zi * zi
        steps += 1
      end
      bit = rr + ii <= 4.0 ? 1 : 0
      inside += bit
      byte = (byte << 1) | bit
      if column & 7 == 7
        sum = (sum * 31 + byte) % 65_521
        byte = 0
      end
      column += 1
    end
    row += 1
  end
  inside * 100_000 + sum
end

result = nil
ROUNDS.times do
  result = mandelbrot(40)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "mandelbrot #{result}"
