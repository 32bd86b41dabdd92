# Etc: users, groups and the machine.

module Etc
  VERSION = "1.4.6"
  Passwd = Struct.new(:name, :passwd, :uid, :gid, :gecos, :dir, :shell)
  Group = Struct.new(:name, :passwd, :gid, :mem)

  class << self
    def getpwuid(uid = Process.uid) = Passwd.new(*__user(uid))
    def getpwnam(name) = Passwd.new(*__user(name))
    def getgrgid(gid = Process.gid) = Group.new(*__group(gid))
    def getgrnam(name) = Group.new(*__group(name))
    def systmpdir = "/tmp"
    def sysconfdir = "/etc"
  end
end
