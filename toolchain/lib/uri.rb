# URI: addresses of resources, taken apart and put together.

module URI
  VERSION = "1.1.1"

  class Error < StandardError; end
  class InvalidURIError < Error; end
  class InvalidComponentError < Error; end
  class BadURIError < Error; end

  SCHEME = /[A-Za-z][A-Za-z0-9+\-.]*/
  SPLIT = %r{\A(?:(#{SCHEME}):)?(?://([^/?\#]*))?([^?\#]*)(?:\?([^\#]*))?(?:\#(.*))?\z}m
  AUTHORITY = /\A(?:([^@]*)@)?(\[[^\]]*\]|[^:@\[\]]*)(?::(\d*))?\z/
  STRICT = %r{\A(?:[a-zA-Z0-9\-._~!$&'()*+,;=:@/?\#\[\]]|%\h\h)*\z}
  private_constant :SPLIT, :AUTHORITY, :STRICT

  class Generic
    DEFAULT_PORT = nil
    COMPONENT = %i[scheme userinfo host port registry path opaque query fragment].freeze

    def self.default_port = self::DEFAULT_PORT
    def self.component = self::COMPONENT

    def self.build(parts)
      names = component
      parts = names.zip(parts).to_h if parts.is_a?(Array)
      parts = parts.compact
      new(parts[:scheme] || name.split("::").last.downcase, parts[:userinfo], parts[:host], parts[:port], nil,
          parts[:path] || "", parts[:opaque], parts[:query], parts[:fragment])
    end

    attr_reader :scheme, :host, :port, :path, :query, :opaque, :fragment, :user, :password

    def initialize(scheme, userinfo, host, port, _registry, path, opaque, query, fragment, *)
      @scheme = scheme&.downcase
      @user, @password = userinfo.is_a?(Array) ? userinfo : userinfo&.split(":", 2)
      @host, @path, @opaque, @query, @fragment = host, path, opaque, query, fragment
      @port = port.nil? || port == "" ? default_port : port.to_i
    end

    def default_port = self.class.default_port
    def component = self.class.component
    def hostname = @host&.sub(/\A\[(.*)\]\z/, '\1')
    def userinfo = @user && (@password ? "#{@user}:#{@password}" : @user)
    def absolute? = @scheme ? true : false
    alias absolute absolute?
    def relative? = !absolute?
    def hierarchical? = @opaque.nil?
    def registry = nil
    def authority = @host && "#{@host}#{":#{@port}" if @port && @port != default_port}"

    def scheme=(value)
      @scheme = checked(value, /\A#{SCHEME}\z/, "bad component(expected scheme component)")&.downcase
    end

    def host=(value)
      @host = checked(value, /\A(?:\[[^\]]*\]|[^:@\/?\#\[\]\s]*)\z/, "bad component(expected host component)")
    end
    alias hostname= host=

    def port=(value)
      raise InvalidComponentError, "bad component(expected port component): #{value.inspect}" unless value.nil? || value.to_s.match?(/\A\d+\z/)

      @port = value&.to_i
    end

    def path=(value)
      @path = checked(value, %r{\A[^?\#\s]*\z}, "bad component(expected path component)")
    end

    def query=(value)
      @query = value&.gsub(/[^a-zA-Z0-9\-._~!$&'()*+,;=:@\/?%\[\]]/) { |char| char.bytes.map { |byte| "%%%02X" % byte }.join }
    end

    def fragment=(value)
      @fragment = value&.gsub(/[^a-zA-Z0-9\-._~!$&'()*+,;=:@\/?%]/) { |char| char.bytes.map { |byte| "%%%02X" % byte }.join }
    end

    def user=(value)
      @user = value
    end

    def password=(value)
      @password = value
    end

    def userinfo=(value)
      @user, @password = value&.split(":", 2)
    end

    def opaque=(value)
      @opaque = value
    end

    def request_uri
      return unless @path

      path = @path.empty? ? "/" : @path
      @query ? "#{path}?#{@query}" : path
    end

    def origin = "#{@scheme}://#{@host}#{":#{@port}" if @port && @port != default_port}"

    def to_s
      text = +""
      text << @scheme << ":" if @scheme
      if @opaque
        text << @opaque
      else
        text << "//" if @host || @scheme == "file"
        text << userinfo << "@" if userinfo
        text << @host if @host
        text << ":#{@port}" if @port && @port != default_port
        text << "/" if @host && !@path.empty? && !@path.start_with?("/")
        text << @path
      end
      text << "?" << @query if @query
      text << "#" << @fragment if @fragment
      text
    end

    def inspect = "#<#{self.class} #{self}>"
    def ==(other) = other.is_a?(Generic) && normalize.parts == other.normalize.parts
    def eql?(other) = other.instance_of?(self.class) && parts == other.parts
    def hash = parts.hash

    def normalize = dup.tap(&:normalize!)

    def normalize!
      @path = "/" if @path == "" && @host
      @scheme = @scheme&.downcase
      @host = @host&.downcase
      self
    end

    def select(*names) = names.map { |name| public_send(name) }

    # Returns the address that `other` means seen from here.
    def merge(other)
      other = URI.parse(other.to_s) unless other.is_a?(Generic)
      return other if other.absolute?
      raise BadURIError, "both URI are relative" if relative?

      result = dup
      result.take(other)
      result
    end
    alias + merge

    def merge!(other)
      merged = merge(other)
      merged == self ? nil : initialize(*merged.parts.values_at(0, 1, 2, 3), nil, *merged.parts.values_at(4, 5, 6, 7)) || self
    end

    # Returns the shortest address that means this one seen from `base`.
    def route_from(base)
      base = URI.parse(base.to_s) unless base.is_a?(Generic)
      return dup if base.scheme != @scheme || base.host != @host || base.port != @port

      from = base.path.split("/", -1)[0..-2] || []
      to = @path.split("/", -1)
      while !from.empty? && from[0] == to[0] && to.size > 1
        from.shift
        to.shift
      end
      path = ("../" * from.size) + to.join("/")
      path = "./" if path.empty? && @query.nil? && @path != base.path
      path = "./#{path}" if path.split("/", 2)[0].to_s.include?(":")
      Generic.new(nil, nil, nil, nil, nil, path, nil, @query, @fragment)
    end
    alias - route_from

    def route_to(other) = (other.is_a?(Generic) ? other : URI.parse(other.to_s)).route_from(self)

    protected

    def parts = [@scheme, userinfo, @host, @port, @path, @opaque, @query, @fragment]

    def take(other)
      if other.host
        @user, @password, @host, @port, @path, @query = other.user, other.password, other.host, other.port || default_port, other.path, other.query
      elsif other.path.empty?
        @query = other.query if other.query
      else
        @path = clean(other.path.start_with?("/") ? other.path : @path.sub(%r{[^/]*\z}, "").then { |dir| (dir.empty? ? "/" : dir) + other.path })
        @query = other.query
      end
      @fragment = other.fragment
    end

    private

    def clean(path)
      result = []
      names = path.split("/", -1)
      names.each_with_index do |name, index|
        last = index == names.size - 1
        case name
        when "." then result << "" if last
        when ".."
          result.pop if result.size > 1
          result << "" if last
        else result << name
        end
      end
      result.join("/")
    end

    def checked(value, pattern, message)
      raise InvalidComponentError, "#{message}: #{value}" unless value.nil? || value.match?(pattern)

      value
    end
  end

  class HTTP < Generic
    DEFAULT_PORT = 80
    COMPONENT = %i[scheme userinfo host port path query fragment].freeze

    def self.build(parts)
      parts = %i[userinfo host port path query fragment].zip(parts).to_h if parts.is_a?(Array)
      super(parts)
    end
  end

  class HTTPS < HTTP
    DEFAULT_PORT = 443
  end

  class FTP < Generic
    DEFAULT_PORT = 21
  end

  class LDAP < Generic
    DEFAULT_PORT = 389
  end

  class LDAPS < LDAP
    DEFAULT_PORT = 636
  end

  class WS < Generic
    DEFAULT_PORT = 80
  end

  class WSS < WS
    DEFAULT_PORT = 443
  end

  class File < Generic
    def initialize(scheme, userinfo, host, *rest)
      super(scheme, userinfo, host || "", *rest)
    end
  end

  class MailTo < Generic
    EMAIL_REGEXP = /\A[a-zA-Z0-9.!\#$%&'*+\/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\z/

    def to = @opaque.split("?", 2)[0]
    def headers = (@opaque.split("?", 2)[1] || @query || "").split("&").map { |pair| pair.split("=", 2) }
  end

  @schemes = {
    "HTTP" => HTTP, "HTTPS" => HTTPS, "FTP" => FTP, "LDAP" => LDAP, "LDAPS" => LDAPS, "WS" => WS, "WSS" => WSS,
    "FILE" => File, "MAILTO" => MailTo
  }

  class << self
    def scheme_list = @schemes

    def register_scheme(name, klass)
      @schemes[name.to_s.upcase] = klass
    end

    def split(text)
      scheme, userinfo, host, port, path, opaque, query, fragment = take_apart(text)
      [scheme, userinfo, host, port, nil, path, opaque, query, fragment]
    end

    def parse(text)
      parts = split(text)
      (@schemes[parts[0].to_s.upcase] || Generic).new(*parts)
    end

    def join(*texts) = texts.drop(1).inject(parse(texts[0])) { |base, text| base.merge(text) }

    def extract(text, schemes = nil)
      found = text.scan(%r{\b(?:#{schemes ? Array(schemes).join("|") : SCHEME}):[^\s<>"]+}i)
      block_given? ? found.each { |one| yield one } && nil : found
    end

    def regexp(schemes = nil) = %r{\b(?:#{schemes ? Array(schemes).join("|") : SCHEME}):[^\s<>"]+}i

    def encode_www_form_component(text, _encoding = nil)
      text.to_s.b.gsub(/[^*\-.0-9A-Z_a-z]/n) { |byte| byte == " " ? "+" : "%%%02X" % byte.ord }.force_encoding("US-ASCII")
    end

    def decode_www_form_component(text, encoding = Encoding::UTF_8)
      raise ArgumentError, "invalid %-encoding (#{text})" if /%(?!\h\h)/.match?(text)

      text.b.gsub(/\+|%\h\h/n) { |part| part == "+" ? " " : [part[1, 2]].pack("H*") }.force_encoding(encoding)
    end

    def encode_uri_component(text, encoding = nil) = encode_www_form_component(text, encoding).gsub("+", "%20")

    def decode_uri_component(text, encoding = Encoding::UTF_8)
      raise ArgumentError, "invalid %-encoding (#{text})" if /%(?!\h\h)/.match?(text)

      text.b.gsub(/%\h\h/n) { |part| [part[1, 2]].pack("H*") }.force_encoding(encoding)
    end

    def encode_www_form(pairs, _encoding = nil)
      pairs.flat_map do |name, value|
        name = encode_www_form_component(name)
        if value.nil? then [name]
        elsif value.respond_to?(:to_ary)
          value.to_ary.map { |item| item.nil? ? name : "#{name}=#{encode_www_form_component(item)}" }
        else ["#{name}=#{encode_www_form_component(value)}"]
        end
      end.join("&")
    end

    def decode_www_form(text, encoding = Encoding::UTF_8, separator: "&", **)
      text.split(separator).map do |pair|
        name, value = pair.split("=", 2)
        [decode_www_form_component(name || "", encoding), decode_www_form_component(value || "", encoding)]
      end
    end

    private

    def take_apart(text)
      raise InvalidURIError, "bad URI (is not URI?): #{text.inspect}" unless text.respond_to?(:to_str)

      text = text.to_str
      raise InvalidURIError, "URI must be ascii only #{text.dump}" unless text.ascii_only?

      match = STRICT.match?(text) && SPLIT.match(text)
      raise InvalidURIError, "bad URI (is not URI?): #{text.inspect}" unless match

      scheme, authority, path, query, fragment = match.captures
      if authority
        parts = AUTHORITY.match(authority) or raise InvalidURIError, "bad URI (is not URI?): #{text.inspect}"
        userinfo, host, port = parts.captures
        port = nil if port == ""
      elsif scheme && !path.start_with?("/") && !path.empty?
        opaque = path
        opaque += "?#{query}" if query
        query = nil
        path = nil
      elsif scheme.nil? && path.match?(%r{\A[^/]*:})
        raise InvalidURIError, "bad URI (is not URI?): #{text.inspect}"
      end
      [scheme, userinfo, host, port, path, opaque, query, fragment]
    end
  end
end

module Kernel
  def URI(uri)
    return uri if uri.is_a?(URI::Generic)
    raise ArgumentError, "bad argument (expected URI object or URI string)" unless uri.respond_to?(:to_str)

    URI.parse(uri)
  end
  private :URI
end
