# CGI.escape and its kin.

require "cgi/escape"
