-- The spectral norm of spectral.rb.

local function element(i, j)
  return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)
end

local function times_a(v)
  local product = {}
  for i = 0, #v - 1 do
    local sum = 0.0
    for j = 0, #v - 1 do sum = sum + element(i, j) * v[j + 1] end
    product[i + 1] = sum
  end
  return product
end

local function times_a_transposed(v)
  local product = {}
  for i = 0, #v - 1 do
    local sum = 0.0
    for j = 0, #v - 1 do sum = sum + element(j, i) * v[j + 1] end
    product[i + 1] = sum
  end
  return product
end

local function spectral_norm(size)
  local u, v = {}, nil
  for i = 1, size do u[i] = 1.0 end
  for _ = 1, 4 do
    v = times_a_transposed(times_a(u))
    u = times_a_transposed(times_a(v))
  end
  local uv, vv = 0.0, 0.0
  for i = 1, size do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return math.sqrt(uv / vv)
end

local result
for _ = 1, arg[1] do result = math.floor(spectral_norm(40) * 1e9 + 0.5) end
print("spectral " .. result)
