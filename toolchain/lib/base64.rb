# Base64: bytes as printable text.

module Base64
  module_function

  def encode64(bytes) = [bytes].pack("m")
  def decode64(text) = text.unpack1("m")
  def strict_encode64(bytes) = [bytes].pack("m0")
  def strict_decode64(text) = text.unpack1("m0")

  def urlsafe_encode64(bytes, padding: true)
    text = strict_encode64(bytes).tr("+/", "-_")
    padding ? text : text.delete("=")
  end

  def urlsafe_decode64(text)
    text = text.ljust((text.length + 3) & ~3, "=") if !text.end_with?("=") && text.length % 4 != 0
    strict_decode64(text.tr("-_", "+/"))
  end
end
