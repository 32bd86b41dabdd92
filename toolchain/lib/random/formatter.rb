# Random::Formatter: see securerandom.

require "securerandom"
