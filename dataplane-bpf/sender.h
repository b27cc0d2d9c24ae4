/* SPDX-License-Identifier: GPL-2.0-only */
/* Who sends a packet: the control group and the user of its socket. Known on egress alone, and only where the socket is. */
#pragma once

static __always_inline __u16 class_of_cgroup(context *ctx, const struct packet *packet, const struct tuple *tuple, __u16 unnamed)
{
	enum { CGROUP_DEPTH = 16, UNKNOWN = 0xffff };
	const struct question *asked = question();
	int level;

	if (asked && asked->flags & QUESTION_CGROUP)
		return class_of_name(packet, tuple, DIMENSION_CGROUP, asked->cgroup, unnamed);
	/* The deepest cgroup that a rule names: its class speaks for those around it. */
	for (level = CGROUP_DEPTH - 1; level >= 0; level--) {
		__u64 cgroup = socket_cgroup(ctx, level);
		__u16 class = cgroup ? class_of_name(packet, tuple, DIMENSION_CGROUP, cgroup, UNKNOWN) : UNKNOWN;

		if (class != UNKNOWN)
			return class;
	}
	return unnamed;
}

static __always_inline __u16 class_of_user(context *ctx, const struct packet *packet, const struct tuple *tuple, __u16 unnamed)
{
	const struct question *asked = question();
	__u32 uid;

	if (asked && asked->flags & QUESTION_UID)
		return class_of_name(packet, tuple, DIMENSION_UID, asked->uid, unnamed);
	return socket_user(ctx, &uid) ? class_of_name(packet, tuple, DIMENSION_UID, uid, unnamed) : unnamed;
}
