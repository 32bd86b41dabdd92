# The motion of the sun and the four giant planets, by symplectic steps.
# Stresses: Float arithmetic, attribute reads and writes, nested loops over an array of objects.
ROUNDS = (ARGV[0] || 310).to_i
EXPECTED = -169_018_475

SOLAR_MASS = 4 * Math::PI * Math::PI
DAYS = 365.24

class Body
  attr_accessor :x, :y, :z, :vx, :vy, :vz
  attr_reader :mass

  # Positions in astronomical units, velocities in units a day, mass in solar masses.
  def initialize(x, y, z, vx, vy, vz, mass)
    @x = x
    @y = y
    @z = z
    @vx = vx * DAYS
    @vy = vy * DAYS
    @vz = vz * DAYS
    @mass = mass * SOLAR_MASS
  end
end

class System
  def initialize
    @bodies = [
      Body.new(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
      Body.new(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
               1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04),
      Body.new(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
               -2.76742510726411411e-03, 4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04),
      Body.new(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
               2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05),
      Body.new(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
               2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05)
    ]
    offset_momentum
  end

  def offset_momentum
    px = py = pz = 0.0
    @bodies.each do |body|
      px += body.vx * body.mass
      py += body.vy * body.mass
      pz += body.vz * body.mass
    end
    sun = @bodies.first
    sun.vx = -px / SOLAR_MASS
    sun.vy = -py / SOLAR_MASS
    sun.vz = -pz / SOLAR_MASS
  end

  def advance(dt)
    size = @bodies.size
    i = 0
    while i < size
      a = @bodies[i]
      j = i + 1
      while j < size
        b = @bodies[j]
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        squared = dx * dx + dy * dy + dz * dz
        magnitude = dt / (squared * Math.sqrt(squared))
        push = b.mass * magnitude
        a.vx -= dx * push
        a.vy -= dy * push
        a.vz -= dz * push
        push = a.mass * magnitude
        b.vx += dx * push
        b.vy += dy * push
        b.vz += dz * push
        j += 1
      end
      i += 1
    end
    @bodies.each do |body|
      body.x += dt * body.vx
      body.y += dt * body.vy
      body.z += dt * body.vz
    end
  end

  def energy
    sum = 0.0
    @bodies.each_with_index do |a, i|
      sum += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
      (i + 1...@bodies.size).each do |j|
        b = @bodies[j]
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        sum -= a.mass * b.mass / Math.sqrt(dx * dx + dy * dy + dz * dz)
      end
    end
    sum
  end
end

result = nil
ROUNDS.times do
  system = System.new
  250.times { system.advance(0.01) }
  result = (system.energy * 1e9).round
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "nbody #{result}"
