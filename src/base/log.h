/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Messages that are not results: what migcost does (INFO) and what the user should know (WARNING).
 * No room prints; the cli registers where they go (standard error), the run its run.log. */
typedef enum { MIG_LOG_DEBUG, MIG_LOG_INFO, MIG_LOG_WARNING } MigLogLevel;

typedef void (*MigLogSink) (MigLogLevel level, const char *message, gpointer data);

/* mig_log_add_sink / mig_log_remove_sink: a sink gets every message, one call at a time, from any
 * thread, but not what it logs itself. It may add and remove sinks, and must not wait for another
 * thread that logs. The id is never 0. */
guint mig_log_add_sink (MigLogSink sink, gpointer data);
void mig_log_remove_sink (guint id);

void mig_log (MigLogLevel level, const char *format, ...) G_GNUC_PRINTF (2, 3);

#define mig_debug(...) mig_log (MIG_LOG_DEBUG, __VA_ARGS__)
#define mig_info(...) mig_log (MIG_LOG_INFO, __VA_ARGS__)
#define mig_warning(...) mig_log (MIG_LOG_WARNING, __VA_ARGS__)
