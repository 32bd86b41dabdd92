# A JSON parser and generator, written by hand, that reads a document, transforms it and writes it again.
# Stresses: String indexing and slicing, hashes with String keys, recursion, case over classes and characters.
ROUNDS = (ARGV[0] || 260).to_i
EXPECTED = 4_680_354

class ParseError < StandardError; end

class Parser
  ESCAPES = { "n" => "\n", "t" => "\t", "r" => "\r", "b" => "\b", "f" => "\f", '"' => '"', "\\" => "\\", "/" => "/" }.freeze

  def initialize(text)
    @text = text
    @position = 0
    @current = text[0]
  end

  def parse
    skip_space
    value = read_value
    skip_space
    fail_with("end of text") if @current
    value
  end

  private

  def advance
    @position += 1
    @current = @text[@position]
  end

  def fail_with(expected)
    raise ParseError, "expected #{expected} at #{@position}"
  end

  def expect(character)
    fail_with(character) unless @current == character
    advance
  end

  def skip_space
    advance while @current == " " || @current == "\n" || @current == "\t"
  end

  def read_value
    case @current
    when "{" then read_object
    when "[" then read_array
    when '"' then read_string
    when "t" then read_word("true", true)
    when "f" then read_word("false", false)
    when "n" then read_word("null", nil)
    else read_number
    end
  end

  def read_word(word, value)
    fail_with(word) unless @text[@position, word.size] == word
    @position += word.size - 1
    advance
    value
  end

  def read_object
    result = {}
    advance
    skip_space
    if @current == "}"
      advance
      return result
    end
    loop do
      skip_space
      fail_with("a name") unless @current == '"'
      name = read_string
      skip_space
      expect(":")
      skip_space
      result[name] = read_value
      skip_space
      break if @current != ","

      advance
    end
    expect("}")
    result
  end

  def read_array
    result = []
    advance
    skip_space
    if @current == "]"
      advance
      return result
    end
    loop do
      skip_space
      result << read_value
      skip_space
      break if @current != ","

      advance
    end
    expect("]")
    result
  end

  def read_string
    advance
    result = +""
    start = @position
    while @current != '"'
      fail_with("a quote") unless @current
      if @current == "\\"
        result << @text[start, @position - start]
        advance
        if @current == "u"
          result << @text[@position + 1, 4].hex
          @position += 4
        else
          result << ESCAPES.fetch(@current)
        end
        start = @position + 1
      end
      advance
    end
    result << @text[start, @position - start]
    advance
    result
  end

  def digit?
    @current && @current >= "0" && @current <= "9"
  end

  def read_number
    start = @position
    float = false
    advance if @current == "-"
    fail_with("a value") unless digit?
    advance while digit?
    if @current == "."
      float = true
      advance
      advance while digit?
    end
    if @current == "e" || @current == "E"
      float = true
      advance
      advance if @current == "+" || @current == "-"
      advance while digit?
    end
    number = @text[start, @position - start]
    float ? number.to_f : number.to_i
  end
end

class Generator
  def initialize
    @out = +""
  end

  def generate(value)
    write(value)
    @out
  end

  private

  def write(value)
    case value
    when Hash then write_object(value)
    when Array then write_array(value)
    when String then write_string(value)
    when nil then @out << "null"
    else @out << value.to_s
    end
  end

  def write_object(object)
    @out << "{"
    first = true
    object.each do |name, value|
      @out << "," unless first
      first = false
      write_string(name)
      @out << ":"
      write(value)
    end
    @out << "}"
  end

  def write_array(array)
    @out << "["
    array.each_with_index do |value, index|
      @out << "," if index > 0
      write(value)
    end
    @out << "]"
  end

  def write_string(string)
    @out << '"'
    string.each_char do |character|
      case character
      when '"' then @out << '\\"'
      when "\\" then @out << "\\\\"
      when "\n" then @out << "\\n"
      when "\t" then @out << "\\t"
      else @out << character
      end
    end
    @out << '"'
  end
end

def document(size)
  items = (0...size).map do |i|
    %({"id": #{i}, "name": "item \\"#{i}\\"\\n", "price": #{i * 3}.#{i % 4 * 25}, "tags": ["a#{i % 7}", "b\\t", "\\u0041"],
      "stock": {"berlin": #{i * 7 % 11}, "oslo": #{-i}, "none": {}}, "active": #{i.even?}, "parent": null, "e": [1e3, []]})
  end
  "{\"items\": [#{items.join(",\n")}], \"count\": #{size}}"
end

def checksum(text)
  sum = 0
  text.each_byte { |byte| sum = (sum * 33 + byte) % 9_999_991 }
  sum
end

def transform(text)
  tree = Parser.new(text).parse
  total = 0
  tree["items"].each do |item|
    total += item["stock"]["berlin"]
    item["total"] = (item["price"] * 100).to_i * item["stock"]["berlin"]
    item.delete("e")
  end
  tree["sum"] = total
  again = Generator.new.generate(tree)
  raise "not the same tree" unless Parser.new(again).parse == tree

  checksum(again)
end

text = document(12)
result = nil
ROUNDS.times do
  result = transform(text)
  raise "wrong result: #{result}" unless result == EXPECTED
end
puts "json #{result}"
