-- Heap's permutations, as in permute.rb.

local Permuter = {}
Permuter.__index = Permuter

function Permuter.new(size)
  local values = {}
  for i = 1, size do values[i] = i - 1 end
  return setmetatable({values = values, count = 0, weight = 0}, Permuter)
end

function Permuter:visit()
  self.count = self.count + 1
  self.weight = (self.weight * 7 + self.values[1] + self.values[4]) % 1009
end

function Permuter:swap(i, j)
  local values = self.values
  values[i], values[j] = values[j], values[i]
end

function Permuter:permute(n)
  if n == 1 then return self:visit() end
  for i = 1, n - 1 do
    self:permute(n - 1)
    self:swap(n % 2 == 0 and i or 1, n)
  end
  self:permute(n - 1)
end

local result
for _ = 1, arg[1] do
  local permuter = Permuter.new(7)
  permuter:permute(7)
  result = permuter.count * 1000 + permuter.weight
end
print("permute " .. result)
