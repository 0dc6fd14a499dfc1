/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/probe-options.h"
#include "cli/terminal.h"
#include "watch/watch.h"
#include "virt/loop.h"

static char *output, *duration, *sampling, *full, *metrics, **probes;
static int keep = 10;
static gboolean quiet, yes;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "result directory, new or empty (default: migcost-results/watch-DATE)", "DIR" },
  { "for", 0, 0, G_OPTION_ARG_STRING, &duration, "how long to watch (default: until interrupted)",
    "TIME" },
  { "sampling", 0, 0, G_OPTION_ARG_STRING, &sampling, "period of the CPU samples (default: 1 s)",
    "TIME" },
  { "rotate", 0, 0, G_OPTION_ARG_STRING, &full,
    "start a new result after this many bytes (default: 100 MB)", "SIZE" },
  { "keep", 0, 0, G_OPTION_ARG_INT, &keep, "results to keep, removing the oldest (default: 10)",
    "N" },
  { "metrics", 0, 0, G_OPTION_ARG_FILENAME, &metrics,
    "also write metrics for Prometheus' node_exporter (*.prom)", "FILE" },
  { "probe", 0, 0, G_OPTION_ARG_STRING_ARRAY, &probes,
    "VM=PROBE or @FILE: ask VM as its clients do; needs --yes (repeatable)", "VM" },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "with --probe: allow asking the guests", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "print no line per migration", NULL },
  { NULL },
};

static gboolean
read_options (MigWatchOptions *options, GError **error)
{
  options->sampling_ns = MIG_NS_PER_S;
  options->full_bytes = 100 * 1000 * 1000;
  options->keep = (guint) keep;
  if (keep < 1 || keep > 9999)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--keep=%d: expected 1 to 9999", keep);
      return FALSE;
    }
  if ((duration &&
       !mig_error_of_option (mig_units_parse_duration (duration, &options->duration_ns, error),
                             "for", error)) ||
      (sampling &&
       !mig_error_of_option (mig_units_parse_duration (sampling, &options->sampling_ns, error),
                             "sampling", error)) ||
      (full && !mig_error_of_option (mig_units_parse_bytes (full, &options->full_bytes, error),
                                     "rotate", error)))
    return FALSE;
  if (options->sampling_ns >= 100 * MIG_NS_PER_MS)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "--sampling=%s: expected 100 ms or more",
               sampling);
  return FALSE;
}

static void
stop (gpointer watch)
{
  mig_watch_stop (watch);
}

static gboolean
record (const MigWatchOptions *options, MigWatchCounts *counts, GError **error)
{
  g_autoptr (MigWatch) watch = mig_watch_new (options, error);

  if (!watch)
    return FALSE;
  mig_terminal_on_interrupt (stop, watch);
  gboolean ok = mig_watch_run (watch, counts, error);
  mig_terminal_on_interrupt (NULL, NULL);
  return ok;
}

static void
print_counts (GString *out, const MigWatchCounts *counts, const char *path)
{
  g_string_append_printf (out, "Migrations seen: %u, failed: %u", counts->seen, counts->failed);
  if (counts->unseen > 0)
    g_string_append_printf (out, ", end not seen: %u", counts->unseen);
  g_string_append_printf (out,
                          "; saves, dumps and snapshots: %u. "
                          "Results: %s/0001 ... (migcost report)\n",
                          counts->others, path);
}

gboolean
mig_command_watch (int argc, char **argv, GString *out, int *status, GError **error)
{
  MigWatchOptions options = { 0 };
  MigWatchCounts counts = { 0 };

  if (!mig_command_parse (&argc, &argv, entries, "URI...",
                          "Records every migration on these hosts, whoever starts it.",
                          "Its connections are read-only. SIGINT ends it; what was seen is kept.",
                          1, 64, error) ||
      !read_options (&options, error))
    return FALSE;
  if (!probes != !yes)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   yes ? "--yes needs --probe: it allows asking the guests"
                       : "--probe sends traffic to the guests; add --yes to allow it");
      return FALSE;
    }
  g_autoptr (GHashTable) probed = mig_probe_options_read (probes, error);
  if (!probed)
    return FALSE;
  options.probes = probed;
  mig_terminal_set_quiet (quiet);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *path = output ? g_strdup (output)
                                 : g_date_time_format (now, "migcost-results/watch-%Y%m%d-%H%M%S");
  options.uris = (const char *const *) argv + 1;
  options.path = path;
  options.metrics = metrics;
  gboolean ok = mig_loop_start (error) && record (&options, &counts, error);
  mig_loop_stop ();
  if (ok)
    print_counts (out, &counts, path);
  return ok;
}
