-- The edit distances of levenshtein.rb.

local function distance(a, b)
  local previous, current = {}, {}
  for j = 1, #b + 1 do
    previous[j] = j - 1
    current[j] = 0
  end
  for i = 1, #a do
    current[1] = i
    local code = a[i]
    for j = 1, #b do
      local best = previous[j] + (code == b[j] and 0 or 1)
      local deleted = previous[j + 1] + 1
      local inserted = current[j] + 1
      if deleted < best then best = deleted end
      if inserted < best then best = inserted end
      current[j + 1] = best
    end
    previous, current = current, previous
  end
  return previous[#b + 1]
end

local WORDS = [[
  interpreter interrupted bytecode barcode verification clarification constraint restraint permutation
  computation scheduler schedule exception reception
]]

local codes = {}
for word in WORDS:gmatch("%a+") do codes[#codes + 1] = {word:byte(1, -1)} end

local result
for _ = 1, arg[1] do
  result = 0
  for i, a in ipairs(codes) do
    for j, b in ipairs(codes) do result = result + distance(a, b) * (i + 2 * j - 2) end
  end
end
print("levenshtein " .. result)
