#!/bin/sh
# Takes one lab out of the machine: its processes, namespaces, pins and files. Harmless when repeated.
# With --wait it first waits until its standard input ends, which the kernel sees to however the lab's owner died.
[ "$1" = --wait ] && { shift; cat >/dev/null; }
lab=${1:?usage: clean.sh [--wait] LAB}
for file in /run/netns/"$lab"-*; do
	[ -e "$file" ] || continue
	name=${file##*/}
	# Again, for what a process forked while it was being killed.
	while pids=$(ip netns pids "$name" 2>/dev/null) && [ -n "$pids" ]; do
		kill -9 $pids 2>/dev/null
	done
	ip netns delete "$name" 2>/dev/null
done
directory=/run/drawgate-lab/$lab
umount "$directory/bpf" 2>/dev/null || umount -l "$directory/bpf" 2>/dev/null
rm -rf "$directory"
rmdir /run/drawgate-lab 2>/dev/null
exit 0
