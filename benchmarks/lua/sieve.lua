-- The sieve of sieve.rb.

local function sieve(limit)
  local prime = {}
  for number = 1, limit - 1 do prime[number] = true end
  local count = 0
  for number = 2, limit - 1 do
    if prime[number] then
      count = count + 1
      for multiple = number * number, limit - 1, number do prime[multiple] = false end
    end
  end
  return count
end

local result
for _ = 1, arg[1] do result = sieve(10000) end
print("sieve " .. result)
