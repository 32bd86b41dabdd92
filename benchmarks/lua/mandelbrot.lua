-- The Mandelbrot set of mandelbrot.rb.

local function mandelbrot(size)
  local inside, sum = 0, 0
  for row = 0, size - 1 do
    local ci = 2.0 * row / size - 1.0
    local byte = 0
    for column = 0, size - 1 do
      local cr = 2.0 * column / size - 1.5
      local zr, zi, rr, ii = 0.0, 0.0, 0.0, 0.0
      local steps = 0
      while steps < 50 and rr + ii <= 4.0 do
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
        rr = zr * zr
        ii = zi * zi
        steps = steps + 1
      end
      local bit = rr + ii <= 4.0 and 1 or 0
      inside = inside + bit
      byte = (byte << 1) | bit
      if column & 7 == 7 then
        sum = (sum * 31 + byte) % 65521
        byte = 0
      end
    end
  end
  return inside * 100000 + sum
end

local result
for _ = 1, arg[1] do result = mandelbrot(40) end
print("mandelbrot " .. result)
