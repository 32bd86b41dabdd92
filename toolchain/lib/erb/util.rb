# ERB::Util: texts in HTML and in URLs.

require "cgi/escape"

class ERB
  module Util
    def html_escape(text) = CGI.escapeHTML(text.to_s)
    alias h html_escape

    def url_encode(text)
      text.to_s.b.gsub(/[^a-zA-Z0-9_\-.~]/n) { |byte| "%%%02X" % byte.ord }
    end
    alias u url_encode

    module_function :h, :u, :html_escape, :url_encode
  end
end
