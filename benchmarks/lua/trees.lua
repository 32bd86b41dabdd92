-- The binary trees of trees.rb.

local Tree = {}
Tree.__index = Tree

function Tree.build(depth)
  if depth == 0 then return setmetatable({left = nil, right = nil}, Tree) end
  return setmetatable({left = Tree.build(depth - 1), right = Tree.build(depth - 1)}, Tree)
end

function Tree:count()
  local left = self.left
  return left and left:count() + self.right:count() + 1 or 1
end

local function trees(deepest)
  local long_lived = Tree.build(deepest)
  local sum = 0
  for depth = 4, deepest, 2 do
    for _ = 1, 1 << (deepest - depth) do sum = sum + Tree.build(depth):count() end
  end
  return sum * 1000 + long_lived:count()
end

local result
for _ = 1, arg[1] do result = trees(10) end
print("trees " .. result)
