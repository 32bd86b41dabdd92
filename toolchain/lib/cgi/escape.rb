# CGI: texts in URLs and in HTML.

class CGI
  TABLE_FOR_ESCAPE_HTML__ = { "'" => "&#39;", "&" => "&amp;", '"' => "&quot;", "<" => "&lt;", ">" => "&gt;" }.freeze

  module Escape; end

  module Util
    include Escape

    def escape(text)
      text.to_s.b.gsub(/[^a-zA-Z0-9_.\-~ ]/n) { |byte| "%%%02X" % byte.ord }.tr(" ", "+").force_encoding(Encoding::UTF_8)
    end

    def unescape(text, encoding = Encoding::UTF_8)
      text.to_s.tr("+", " ").b.gsub(/((?:%[0-9a-fA-F]{2})+)/n) { [$1.delete("%")].pack("H*") }.force_encoding(encoding)
    end

    def escapeURIComponent(text)
      text.to_s.b.gsub(/[^a-zA-Z0-9_.\-~]/n) { |byte| "%%%02X" % byte.ord }.force_encoding(Encoding::UTF_8)
    end
    alias escape_uri_component escapeURIComponent

    def unescapeURIComponent(text, encoding = Encoding::UTF_8)
      text.to_s.b.gsub(/((?:%[0-9a-fA-F]{2})+)/n) { [$1.delete("%")].pack("H*") }.force_encoding(encoding)
    end
    alias unescape_uri_component unescapeURIComponent

    def escapeHTML(text) = text.to_s.gsub(/['&"<>]/, TABLE_FOR_ESCAPE_HTML__)
    alias escape_html escapeHTML
    alias h escapeHTML

    def unescapeHTML(text)
      text.to_s.gsub(/&(apos|amp|quot|gt|lt|\#[0-9]+|\#[xX][0-9A-Fa-f]+);/) do
        case (name = $1)
        when "apos" then "'"
        when "amp" then "&"
        when "quot" then '"'
        when "gt" then ">"
        when "lt" then "<"
        when /\A#0*(\d+)\z/ then $1.to_i < 0x110000 ? [$1.to_i].pack("U") : "&#{name};"
        when /\A#x([0-9a-f]+)\z/i then $1.hex < 0x110000 ? [$1.hex].pack("U") : "&#{name};"
        end
      end
    end
    alias unescape_html unescapeHTML

    def escapeElement(text, *elements)
      elements = elements.flatten
      return text if elements.empty?

      text.gsub(/<\/?(?:#{elements.join("|")})\b[^<>]*+>?/im) { escapeHTML($&) }
    end
    alias escape_element escapeElement
  end

  extend Util
end
