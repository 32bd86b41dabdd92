# ERB: templates with Ruby code. A template is compiled to Ruby source once.

require "erb/util"

class ERB
  VERSION = "6.0.1"

  def self.version = VERSION

  # Makes Ruby source of a template. Trim modes: ">" takes away the line end behind a line that ends in a tag, "<>" that
  # of a line that also begins with one, "-" that of lines that end in -%> and the indentation before <%-; "%" lets lines
  # that begin with % be code.
  class Compiler
    attr_accessor :put_cmd, :insert_cmd, :pre_cmd, :post_cmd

    def initialize(trim_mode)
      @percent, @trim, @dash = read_mode(trim_mode)
      @put_cmd = @insert_cmd = "print"
      @pre_cmd = []
      @post_cmd = []
    end

    # Returns [source, encoding].
    def compile(template)
      source = +""
      source << "#coding:#{template.encoding}\n"
      source << @pre_cmd.join("; ") << "; " unless @pre_cmd.empty?
      @source = source
      @text = +""
      if @percent
        chunks(template) { |kind, part| kind == :code ? line(part) : tags(part) }
      else
        tags(template)
      end
      put_text
      source << @post_cmd.join("; ") unless @post_cmd.empty?
      [source, template.encoding]
    end

    private

    def read_mode(mode)
      case mode
      when 1 then return [false, ">", false]
      when 2 then return [false, "<>", false]
      when 0, nil then return [false, nil, false]
      when String
        percent = mode.include?("%")
        return [percent, nil, true] if mode.include?("-")
        return [percent, "<>", false] if mode.include?("<>")
        return [percent, ">", false] if mode.include?(">")

        return [percent, nil, false]
      end
      raise ArgumentError, "Invalid trim mode: #{mode.inspect}"
    end

    # Yields the lines of code, and what lies between them in one; a tag may reach over lines.
    def chunks(template)
      part = +""
      open = false
      template.each_line do |text|
        if !open && text.start_with?("%") && !text.start_with?("%%")
          yield :text, part unless part.empty?
          part = +""
          yield :code, text[1..]
        else
          text = text[1..] if !open && text.start_with?("%%")
          part << text
          rest = text.gsub(/<%%|%%>/, "")
          last_open = rest.rindex("<%")
          last_close = rest.rindex("%>")
          open = last_open ? !last_close || last_close < last_open : open && !last_close
        end
      end
      yield :text, part unless part.empty?
    end

    def line(code)
      put_text
      @source << code.chomp << "\n"
    end

    def tags(text)
      pattern = @dash ? /(^[ \t]*<%-|<%-|<%%|<%=|<%#|<%|%%>|-%>\n|-%>|%>)/ : /(<%%|<%=|<%#|<%|%%>|%>)/
      kind = nil
      code = +""
      line_start = true    # we are at the start of a line
      starts_line = false  # the line begins with a tag
      parts = text.split(pattern)
      parts.each_with_index do |part, index|
        if kind.nil?
          case part
          when "<%", "<%=", "<%#", /\A[ \t]*<%-\z/
            kind = part.lstrip
            starts_line = true if line_start
            line_start = false
            code = +""
          when "<%%" then add("<%")
          when "" then next
          else
            add(part)
            starts_line = false if part.include?("\n") || line_start
            line_start = part.end_with?("\n")
          end
        else
          case part
          when "%>", "-%>", "-%>\n"
            emit(kind, code)
            following = parts[index + 1]
            line_end = following && following[/\A\r?\n/]
            if part == "-%>\n"
              @source << "\n"
              line_start = true
              starts_line = false
            elsif line_end && (@trim == ">" || @trim == "<>" && starts_line)
              parts[index + 1] = following[line_end.size..]
              @source << "\n"
              line_start = true
              starts_line = false
            end
            kind = nil
          when "%%>" then code << "%>"
          else code << part
          end
        end
      end
      emit(kind, code) if kind
    end

    def add(text)
      @text << text
    end

    def put_text
      return if @text.empty?

      @source << "#{@put_cmd} #{literal(@text)}.freeze; "
      @source << "\n" * @text.count("\n")
      @text = +""
    end

    # A literal on one line, with the line ends as escapes.
    def literal(text) = "'" + text.gsub(/[\\']/) { "\\#{$&}" }.gsub("\n", "'\"\\n\"'") + "'"

    def emit(kind, code)
      put_text
      case kind
      when "<%=" then @source << "#{@insert_cmd}((#{code}).to_s); "
      when "<%#" then @source << "\n" * code.count("\n")
      else @source << "#{code.lstrip}#{"; " unless code.end_with?("\n")}"
      end
    end
  end

  attr_reader :src, :encoding
  attr_accessor :filename, :lineno

  def initialize(template, trim_mode: nil, eoutvar: "_erbout")
    compiler = make_compiler(trim_mode)
    set_eoutvar(compiler, eoutvar)
    @src, @encoding = *compiler.compile(template)
    @filename = nil
    @lineno = 0
  end

  def make_compiler(trim_mode) = Compiler.new(trim_mode)

  def set_eoutvar(compiler, eoutvar = "_erbout")
    compiler.put_cmd = "#{eoutvar}.<<"
    compiler.insert_cmd = "#{eoutvar}.<<"
    compiler.pre_cmd = ["#{eoutvar} = +''"]
    compiler.post_cmd = [eoutvar]
  end

  def location=((filename, lineno))
    @filename = filename
    @lineno = lineno if lineno
  end

  def result(context = TOPLEVEL_BINDING.dup)
    raise TypeError, "wrong argument type #{context.class} (expected binding)" unless context.is_a?(Binding)

    eval(@src, context, @filename || "(erb)", @lineno)
  end

  def result_with_hash(hash)
    context = TOPLEVEL_BINDING.dup
    hash.each { |name, value| context.local_variable_set(name, value) }
    result(context)
  end

  def run(context = TOPLEVEL_BINDING.dup)
    print(result(context))
  end

  def def_method(mod, signature, filename = "(ERB)")
    mod.module_eval("def #{signature}\n#{@src.sub(/\A#.*\n/, "")}\nend\n", filename, -1)
  end

  def def_module(method = "erb")
    mod = Module.new
    def_method(mod, method, @filename || "(ERB)")
    mod
  end

  def def_class(superclass = Object, method = "result")
    cls = Class.new(superclass)
    def_method(cls, method, @filename || "(ERB)")
    cls
  end
end
