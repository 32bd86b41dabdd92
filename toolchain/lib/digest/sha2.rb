# All digests come with the library.

require "digest"
