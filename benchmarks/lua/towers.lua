-- The towers of Hanoi, as in towers.rb.

local Towers = {}
Towers.__index = Towers

function Towers.new(height)
  local towers = setmetatable({piles = {}, moves = 0}, Towers)
  for size = height, 1, -1 do towers:push(1, {size = size, below = nil}) end
  return towers
end

function Towers:push(pile, disc)
  local top = self.piles[pile]
  if top and top.size <= disc.size then error("a larger disc on a smaller one") end
  disc.below = top
  self.piles[pile] = disc
end

function Towers:pop(pile)
  local top = self.piles[pile]
  if not top then error("an empty pile") end
  self.piles[pile] = top.below
  top.below = nil
  return top
end

function Towers:move(count, from, to)
  if count == 1 then
    self:push(to, self:pop(from))
    self.moves = self.moves + 1
  else
    local other = 6 - from - to
    self:move(count - 1, from, other)
    self:move(1, from, to)
    self:move(count - 1, other, to)
  end
end

local result
for _ = 1, arg[1] do
  local towers = Towers.new(11)
  towers:move(11, 1, 3)
  result = towers.moves
end
print("towers " .. result)
