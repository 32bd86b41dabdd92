-- The balls of bounce.rb.

local seed

local function roll()
  seed = (seed * 75 + 74) % 65537
  return seed
end

local Ball = {}
Ball.__index = Ball

function Ball.new()
  local x, y = roll() % 500, roll() % 500
  return setmetatable({x = x, y = y, dx = roll() % 300 - 150, dy = roll() % 300 - 150}, Ball)
end

function Ball:step()
  local bounced = false
  self.x = self.x + self.dx
  self.y = self.y + self.dy
  if self.x > 500 then
    self.x = 500
    self.dx = -math.abs(self.dx)
    bounced = true
  elseif self.x < 0 then
    self.x = 0
    self.dx = math.abs(self.dx)
    bounced = true
  end
  if self.y > 500 then
    self.y = 500
    self.dy = -math.abs(self.dy)
    bounced = true
  elseif self.y < 0 then
    self.y = 0
    self.dy = math.abs(self.dy)
    bounced = true
  end
  return bounced
end

local function bounces()
  seed = 74755
  local balls = {}
  for i = 1, 100 do balls[i] = Ball.new() end
  local count = 0
  for _ = 1, 50 do
    for _, ball in ipairs(balls) do
      if ball:step() then count = count + 1 end
    end
  end
  return count
end

local result
for _ = 1, arg[1] do result = bounces() end
print("bounce " .. result)
