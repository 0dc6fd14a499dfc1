/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A real server beside the workload: a system of its own below /server of the initramfs, made of a
 * distribution's packages (servers/server-image). */

#define MIG_SERVER_MAX_WORDS 32

/* mig_server_split: a command's words, one a line, into words, which NULL ends and which point into
 * text; how many; 0: there are none, or too many. Pure. */
size_t mig_server_split (char *text, char *words[MIG_SERVER_MAX_WORDS]);

/* mig_server_start: runs what the file "command" there says, with that directory as its root; its
 * end is complained of. Nothing where the guest has none. For PID 1. */
void mig_server_start (void);
