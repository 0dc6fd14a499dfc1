/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

#include "workloads/guest.h"

/* Standard output and input: the guest's console. Every line of the program goes through here. */

/* mig_console_take: for PID 1: '\n' stays '\n', nothing is echoed, and a new line begins: firmware
 * leaves its last one unended. */
void mig_console_take (void);

/* mig_console_write: one line, whole; lines of two threads do not mix. What cannot be written is
 * lost: there is nobody to tell, and the reader sees the gap. */
void mig_console_write (const char *line, size_t length);

/* mig_console_listen: waits for bytes, at most until the deadline; how many there were. Where
 * standard input is at its end, it only waits. For one thread. */
size_t mig_console_listen (const MigGuestClock *clock, int64_t deadline_ns, char *buffer,
                           size_t size);

/* mig_console_complain: what is not to be had, for want of what, and why (errno), as a line. */
void mig_console_complain (const char *lost, const char *what);

/* mig_console_fatal, mig_console_damage: a line of the protocol with that text. */
void mig_console_fatal (const char *text);
void mig_console_damage (const char *text);
