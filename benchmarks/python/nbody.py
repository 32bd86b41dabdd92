"""The solar system of nbody.rb."""

import math
import sys

SOLAR_MASS = 4 * math.pi * math.pi
DAYS = 365.24
DT = 0.01


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx * DAYS
        self.vy = vy * DAYS
        self.vz = vz * DAYS
        self.mass = mass * SOLAR_MASS


class System:
    def __init__(self):
        self.bodies = [
            Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
            Body(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
                 1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04),
            Body(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
                 -2.76742510726411411e-03, 4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04),
            Body(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
                 2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05),
            Body(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
                 2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05),
        ]  # fmt: skip
        sun = self.bodies[0]
        px = py = pz = 0.0
        for body in self.bodies:
            px += body.vx * body.mass
            py += body.vy * body.mass
            pz += body.vz * body.mass
        sun.vx = -px / SOLAR_MASS
        sun.vy = -py / SOLAR_MASS
        sun.vz = -pz / SOLAR_MASS

    def advance(self, dt):
        bodies = self.bodies
        for i, a in enumerate(bodies):
            for j in range(i + 1, len(bodies)):
                b = bodies[j]
                dx = a.x - b.x
                dy = a.y - b.y
                dz = a.z - b.z
                squared = dx * dx + dy * dy + dz * dz
                magnitude = dt / (squared * math.sqrt(squared))
                push = b.mass * magnitude
                a.vx -= dx * push
                a.vy -= dy * push
                a.vz -= dz * push
                push = a.mass * magnitude
                b.vx += dx * push
                b.vy += dy * push
                b.vz += dz * push
        for body in bodies:
            body.x += dt * body.vx
            body.y += dt * body.vy
            body.z += dt * body.vz

    def energy(self):
        total = 0.0
        for i, a in enumerate(self.bodies):
            total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
            for b in self.bodies[i + 1 :]:
                dx = a.x - b.x
                dy = a.y - b.y
                dz = a.z - b.z
                total -= a.mass * b.mass / math.sqrt(dx * dx + dy * dy + dz * dz)
        return total


for _ in range(int(sys.argv[1])):
    system = System()
    for _ in range(250):
        system.advance(DT)
    result = round(system.energy() * 1e9)
print("nbody", result)
