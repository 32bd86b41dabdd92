"""Numbers that the writer and the reader of an artifact share: magic, versions, section kinds, record layouts.

`schema.py` declares the same file in Construct, with a text for each field; a test holds the two against each other.
"""

from __future__ import annotations

from _struct import Struct

MAGIC = b"\x8dMXC\r\n\x1a\n"
FORMAT_MAJOR = 1
FORMAT_MINOR = 0

# Header. The content hash covers the header before itself and everything behind the header.
HEADER = Struct("<8sHHBBBBIIQqQ16s16s")
HEADER_SIZE = HEADER.size
CONTENT_HASH_OFFSET = HEADER_SIZE - 16
MTIME = Struct("<q")
MTIME_OFFSET = 32

# Instruction sets and languages.
ISA_STACK, ISA_REGISTER = 1, 2
ISA_LETTERS = {ISA_STACK: "s", ISA_REGISTER: "r"}
LANGUAGE_METOREX, LANGUAGE_VELD = 1, 2

# Invalidation modes.
TIMESTAMP = 0  # source mtime and size decide
CHECKED_HASH = 1  # the source's hash decides
UNCHECKED_HASH = 2  # trusted without looking at the source
MODE_NAMES = ("timestamp", "checked-hash", "unchecked-hash")

# Header flags.
STRIPPED = 0x01
KNOWN_HEADER_FLAGS = STRIPPED

# Directory entries.
ENTRY = Struct("<HHIQQQ")
OPTIONAL = 0x01  # a reader that does not know the section may ignore it
COMPRESSED = 0x02  # stored as a zlib stream
KNOWN_SECTION_FLAGS = OPTIONAL | COMPRESSED

META, STRINGS, CONSTANTS, FUNCTIONS, CODE, HANDLERS, UPVALUES, LINES, NAMES, SOURCE, SIGNATURE = range(1, 12)
SECTION_NAMES = (
    "?", "META", "STRINGS", "CONSTANTS", "FUNCTIONS", "CODE", "HANDLERS", "UPVALUES", "LINES", "NAMES", "SOURCE",
    "SIGNATURE",
)  # fmt: skip
MANDATORY = (META, STRINGS, CONSTANTS, FUNCTIONS, CODE, HANDLERS, UPVALUES, LINES)
MAX_SECTIONS = 64  # far above what exists; keeps the directory of a damaged file small

# Records.
META_ENTRY = Struct("<II")  # key, value: indices into STRINGS
STRING_OFFSET = Struct("<I")  # into the blob; the top bit marks a string of raw bytes
RAW_BYTES = 0x80000000
CONSTANT = Struct("<BBBBII")  # kind, form, inner kind, zero, payload
FUNCTION = Struct("<IiBBHIIIIIIIIIIIIIIIIIIIIIII")
HANDLER = Struct("<IIIIIII")  # start, end, target, kind, slot, depth, rescue depth
UPVALUE = Struct("<II")  # kind, index
LINE_EXCEPTION = Struct("<III")  # instruction, line, column
NAME = Struct("<I")  # index into STRINGS

# Forms of constants.
INLINE = 0  # the payload itself
SPILLED = 1  # a whole number too long for the record: an index into STRINGS; (of a keyword) it must be passed

# META keys that the module has fields for; "require", "dependency" and "export" may repeat.
META_NAME, META_ID, META_VERSION, META_PATH, META_TOOLCHAIN = "name", "id", "version", "path", "toolchain"
META_REQUIRE, META_DEPENDENCY, META_EXPORT = "require", "dependency", "export"
META_SINGLE = (META_NAME, META_ID, META_VERSION, META_PATH, META_TOOLCHAIN)
META_KNOWN = (*META_SINGLE, META_REQUIRE, META_DEPENDENCY, META_EXPORT)
