/* SPDX-License-Identifier: GPL-2.0-only */
/* Later fragments carry no ports: they take the verdict of the first. */
#pragma once

#include "prefix.h"

/* The verdict of the first fragment of this packet, or GO_ON where it is not known. For later fragments. */
static __always_inline int verdict_of_first(struct packet *packet, enum direction direction)
{
	return GO_ON;
}

/* Remembers the verdict of a first fragment. */
static __always_inline void remember_first(const struct packet *packet, enum direction direction, int verdict)
{
}
