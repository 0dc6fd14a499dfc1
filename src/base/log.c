/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"

typedef struct {
  guint id;
  MigLogSink sink;
  gpointer data;
} Sink;

static GMutex lock;
static GArray *sinks;
static guint last_id;

guint
mig_log_add_sink (MigLogSink sink, gpointer data)
{
  g_mutex_lock (&lock);
  if (!sinks)
    sinks = g_array_new (FALSE, FALSE, sizeof (Sink));
  Sink added = { ++last_id, sink, data };
  g_array_append_val (sinks, added);
  g_mutex_unlock (&lock);
  return added.id;
}

void
mig_log_remove_sink (guint id)
{
  g_mutex_lock (&lock);
  for (guint i = 0; sinks && i < sinks->len; i++)
    if (g_array_index (sinks, Sink, i).id == id)
      {
        g_array_remove_index (sinks, i);
        break;
      }
  if (sinks && sinks->len == 0)
    g_clear_pointer (&sinks, g_array_unref);
  g_mutex_unlock (&lock);
}

void
mig_log (MigLogLevel level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);

  g_mutex_lock (&lock);
  for (guint i = 0; sinks && i < sinks->len; i++)
    {
      const Sink *sink = &g_array_index (sinks, Sink, i);
      sink->sink (level, message, sink->data);
    }
  g_mutex_unlock (&lock);
}
