/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/socket.h>

#include <glib.h>

/* When a packet came, by the kernel's stamp (SO_TIMESTAMPNS). Inside the prober only. */

#define MIG_ARRIVAL_CONTROL_BYTES 128 /* for the stamp */

/* mig_arrival: of a message just received, as CLOCK_MONOTONIC; now, where it has no stamp. */
gint64 mig_arrival (struct msghdr *message);
