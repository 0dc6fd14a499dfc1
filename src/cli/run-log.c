/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/run-log.h"

#define RUN_LOG_BYTES (1024 * 1024)

static void
log_to_file (MigLogLevel level, const char *message, gpointer data)
{
  static const char *const names[] = { "debug", "info", "warning" };
  g_autofree char *now = mig_clock_format_utc (mig_clock_utc_now ());
  g_autofree char *line = g_strdup_printf ("%s %s %s\n", now, names[level], message);

  mig_result_writer_append_file (data, "run.log", line, strlen (line), RUN_LOG_BYTES, NULL);
}

guint
mig_run_log_add (MigResultWriter *writer)
{
  return mig_log_add_sink (log_to_file, writer);
}
