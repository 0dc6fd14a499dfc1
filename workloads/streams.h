/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* mig_streams_serve: what comes to MIG_PROTOCOL_STREAM_PORT is taken; a connection that begins with
 * MIG_PROTOCOL_STREAM_GIVE gets MIG_PROTOCOL_STREAM_BYTES every MIG_PROTOCOL_STREAM_PERIOD_NS. From
 * a thread as that of the other servers (network.h). Returns 0 or an errno. */
int mig_streams_serve (void);
