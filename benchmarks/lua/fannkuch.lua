-- The prefix reversals of fannkuch.rb.

local function fannkuch(size)
  local permutation, counts = {}, {}
  for i = 1, size do
    permutation[i] = i
    counts[i] = 0
  end
  local most, checksum, sign, remaining = 0, 0, 1, size
  while true do
    while remaining > 1 do
      counts[remaining] = remaining
      remaining = remaining - 1
    end
    if permutation[1] ~= 1 then
      local flipped = {table.unpack(permutation)}
      local flips = 0
      local first = flipped[1]
      while first ~= 1 do
        local low, high = 1, first
        while low < high do
          flipped[low], flipped[high] = flipped[high], flipped[low]
          low = low + 1
          high = high - 1
        end
        flips = flips + 1
        first = flipped[1]
      end
      if flips > most then most = flips end
      checksum = checksum + sign * flips
    end
    while true do
      if remaining == size then return checksum * 100 + most end
      local first = permutation[1]
      for i = 1, remaining do permutation[i] = permutation[i + 1] end
      permutation[remaining + 1] = first
      counts[remaining + 1] = counts[remaining + 1] - 1
      if counts[remaining + 1] > 0 then break end
      remaining = remaining + 1
    end
    sign = -sign
  end
end

local result
for _ = 1, arg[1] do result = fannkuch(7) end
print("fannkuch " .. result)
