-- The backtracking of queens.rb.

local Queens = {}
Queens.__index = Queens

local function filled(size, value)
  local array = {}
  for i = 1, size do array[i] = value end
  return array
end

function Queens.new(size)
  return setmetatable({
    size = size, solutions = 0, columns = filled(size, true), rising = filled(2 * size, true),
    falling = filled(2 * size, true), rows = filled(size, 0),
  }, Queens)
end

function Queens:solve(row)
  if row > self.size then
    self.solutions = self.solutions + 1
    return
  end
  for column = 1, self.size do
    if self:free(row, column) then
      self:place(row, column, false)
      self.rows[row] = column
      self:solve(row + 1)
      self:place(row, column, true)
    end
  end
end

function Queens:free(row, column)
  return self.columns[column] and self.rising[row + column] and self.falling[row - column + self.size]
end

function Queens:place(row, column, free)
  self.columns[column] = free
  self.rising[row + column] = free
  self.falling[row - column + self.size] = free
end

local result
for _ = 1, arg[1] do
  local queens = Queens.new(7)
  queens:solve(1)
  result = queens.solutions
end
print("queens " .. result)
