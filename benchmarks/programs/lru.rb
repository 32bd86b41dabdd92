# A cache that forgets what was used least recently: a hash and a doubly linked list.
# Stresses: Hash lookups, insertions and deletions, object links.
ROUNDS = (ARGV[0] || 170).to_i
EXPECTED = 193_586_230_181_982

class Entry
  attr_reader :key
  attr_accessor :value, :newer, :older

  def initialize(key, value)
    @key = key
    @value = value
    @newer = nil
    @older = nil
  end
end

class Cache
  attr_reader :hits, :misses

  def initialize(capacity)
    @capacity = capacity
    @entries = {}
    @newest = Entry.new(nil, nil)
    @oldest = Entry.new(nil, nil)
    @newest.older = @oldest
    @oldest.newer = @newest
    @hits = 0
    @misses = 0
  end

  def fetch(key)
    entry = @entries[key]
    if entry
      @hits += 1
      unlink(entry)
    else
      @misses += 1
      forget_oldest if @entries.size >= @capacity
      entry = Entry.new(key, yield(key))
      @entries[key] = entry
    end
    link(entry)
    entry.value
  end

  private

  def unlink(entry)
    entry.newer.older = entry.older
    entry.older.newer = entry.newer
  end

  def link(entry)
    second = @newest.older
    entry.newer = @newest
    entry.older = second
    second.newer = entry
    @newest.older = entry
  end

  def forget_oldest
    entry = @oldest.newer
    unlink(entry)
    @entries.delete(entry.key)
  end
end

def exercise(requests)
  cache = Cache.new(100)
  seed = 7
  sum = 0
  requests.times do
    seed = (seed * 75 + 74) % 65_537
    key = seed % 3 == 0 ? seed % 1000 : seed % 90
    sum += cache.fetch(key) { |missing| missing * 2 + 1 }
  end
  (sum * 10_000 + cache.hits) * 10_000 + cache.misses
end

result = nil
ROUNDS.times do
  result = exercise(5000)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "lru #{result}"
