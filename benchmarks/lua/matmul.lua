-- The matrix product of matmul.rb.

local function matrix(size, factor)
  local m = {}
  for i = 1, size do
    local row = {}
    for j = 1, size do row[j] = factor * (i - j) * (i + j - 2) end
    m[i] = row
  end
  return m
end

local function transpose(m)
  local size, t = #m, {}
  for i = 1, size do
    local row = {}
    for j = 1, size do row[j] = m[j][i] end
    t[i] = row
  end
  return t
end

local function multiply(a, b)
  local size, columns, product = #a, transpose(b), {}
  for i = 1, size do
    local row, line = a[i], {}
    for j = 1, size do
      local column, sum = columns[j], 0.0
      for k = 1, size do sum = sum + row[k] * column[k] end
      line[j] = sum
    end
    product[i] = line
  end
  return product
end

local a, b = matrix(40, 0.25), matrix(40, 0.5)
local result
for _ = 1, arg[1] do
  local product = multiply(a, b)
  result = (product[21][21] + product[4][8]) * 8
end
print("matmul " .. math.tointeger(result))
