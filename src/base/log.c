/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"

typedef struct {
  guint id;
  MigLogSink func;
  gpointer data;
  gboolean busy;
} Sink;

/* Held while a sink is called, so that none is called any more once it has been removed; recursive,
 * so that a sink may log, add and remove sinks. */
static GRecMutex lock;
static GArray *sinks;
static guint last_id;

static Sink *
find (guint id)
{
  for (guint i = 0; sinks && i < sinks->len; i++)
    if (g_array_index (sinks, Sink, i).id == id)
      return &g_array_index (sinks, Sink, i);
  return NULL;
}

guint
mig_log_add_sink (MigLogSink func, gpointer data)
{
  g_rec_mutex_lock (&lock);
  if (!sinks)
    sinks = g_array_new (FALSE, FALSE, sizeof (Sink));
  Sink added = { ++last_id, func, data, FALSE };
  g_array_append_val (sinks, added);
  g_rec_mutex_unlock (&lock);
  return added.id;
}

void
mig_log_remove_sink (guint id)
{
  g_rec_mutex_lock (&lock);
  Sink *sink = find (id);
  if (sink)
    g_array_remove_index (sinks, (guint) (sink - &g_array_index (sinks, Sink, 0)));
  if (sinks && sinks->len == 0)
    g_clear_pointer (&sinks, g_array_unref);
  g_rec_mutex_unlock (&lock);
}

static void
deliver (guint id, MigLogLevel level, const char *message)
{
  Sink *sink = find (id);

  if (!sink || sink->busy)
    return;
  sink->busy = TRUE;
  sink->func (level, message, sink->data);
  sink = find (id);
  if (sink)
    sink->busy = FALSE;
}

void
mig_log (MigLogLevel level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);

  g_rec_mutex_lock (&lock);
  g_autoptr (GArray) now = sinks ? g_array_copy (sinks) : NULL;
  for (guint i = 0; now && i < now->len; i++)
    deliver (g_array_index (now, Sink, i).id, level, message);
  g_rec_mutex_unlock (&lock);
}
