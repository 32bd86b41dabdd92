-- Takeuchi's function on linked lists, as in lists.rb.

local Cell = {}
Cell.__index = Cell

function Cell:length()
  return self.rest and self.rest:length() + 1 or 1
end

local function make(length)
  if length == 0 then return nil end
  return setmetatable({rest = make(length - 1)}, Cell)
end

local function shorter(x, y)
  while y do
    if not x then return true end
    x = x.rest
    y = y.rest
  end
  return false
end

local function tail(x, y, z)
  if not shorter(y, x) then return z end
  return tail(tail(x.rest, y, z), tail(y.rest, z, x), tail(z.rest, x, y))
end

local result
for _ = 1, arg[1] do result = tail(make(15), make(10), make(6)):length() end
print("lists " .. result)
