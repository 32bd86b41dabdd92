-- The tree of arrays of storage.rb. A table has no size of its own, so leaves are filled with false.

local count, seed

local function size()
  seed = (seed * 75 + 74) % 65537
  return seed % 10 + 1
end

local function tree(depth)
  count = count + 1
  local array = {}
  if depth == 1 then
    for i = 1, size() do array[i] = false end
  else
    for i = 1, 4 do array[i] = tree(depth - 1) end
  end
  return array
end

for _ = 1, arg[1] do
  count = 0
  seed = 4711
  tree(7)
end
print("storage " .. count)
