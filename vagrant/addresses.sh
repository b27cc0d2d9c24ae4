#!/bin/sh
# IPv6 addresses and routes, at each start: each side reaches the other, and the services, only through the gate.
set -eu

# The device that Vagrant gave the IPv4 address of this side.
device () { ip -o -4 address show to "$1" | awk '{ print $2; exit }'; }

outside=$(device 192.0.2.0/24)
inside=$(device 198.51.100.0/24)

case $1 in
gate)
  sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  ip address replace 2001:db8:2::254/64 dev "$outside" nodad
  ip address replace 2001:db8:1::254/64 dev "$inside" nodad
  ;;
client)
  ip address replace 2001:db8:2::7/64 dev "$outside" nodad
  ip route replace 203.0.113.0/24 via 192.0.2.254
  ip route replace 2001:db8:3::/64 via 2001:db8:2::254
  ;;
backend*)
  ip address replace "2001:db8:1::1${1#backend}/64" dev "$inside" nodad
  ip route replace 192.0.2.0/24 via 198.51.100.254
  ip route replace 2001:db8:2::/64 via 2001:db8:1::254
  ;;
esac
