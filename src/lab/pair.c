/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "lab/pair.h"

#define CANNOT_BE_HAD 77

/* says: before each line that the script has for people. */
static const struct {
  const char *name, *script, *says;
} kinds[MIG_N_PAIR_KINDS] = {
  [MIG_PAIR_XEN] = { "Xen", "xen/xen-pair", "xen-pair: " },
  [MIG_PAIR_KVM] = { "KVM", "kvm/kvm-pair", "kvm-pair: " },
};

const char *
mig_pair_kind_name (MigPairKind kind)
{
  return kinds[kind].name;
}

void
mig_pair_free (MigPair *pair)
{
  if (!pair)
    return;
  g_free (pair->directory);
  g_free (pair->uris[0]);
  g_free (pair->uris[1]);
  g_free (pair);
}

static GPtrArray *
script_arguments (MigPairKind kind, const char *action, const char *directory, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  char *script = mig_files_find_program (kinds[kind].script);

  if (!script)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                   "'%s', a part of migcost, is missing; in a source tree use ./run migcost, "
                   "otherwise install migcost again",
                   kinds[kind].script);
      return NULL;
    }
  g_ptr_array_add (argv, script);
  g_ptr_array_add (argv, g_strdup (action));
  if (directory)
    g_ptr_array_add (argv, g_strdup (directory));
  if (strcmp (action, "up") == 0)
    {
      char *initrd = mig_files_find_program ("guest.cpio.gz");
      if (initrd)
        {
          g_ptr_array_add (argv, g_strdup ("--initrd"));
          g_ptr_array_add (argv, initrd);
        }
    }
  g_ptr_array_add (argv, NULL);
  return g_steal_pointer (&argv);
}

/* Passes on what the script says while it works; returns the last line. */
static char *
relay (GInputStream *stream, const char *says)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (stream);
  char *line, *last = NULL;

  while ((line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL)))
    {
      const char *text = g_str_has_prefix (line, says) ? line + strlen (says) : line;
      if (last)
        mig_info ("%s", last);
      g_free (last);
      last = g_strdup (text);
      g_free (line);
    }
  return last;
}

/* read_all: the standard output, which is less than a pipe holds: the script does not wait for it
 * to be read. */
static char *
read_all (GInputStream *stream, GError **error)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (memory, stream, G_OUTPUT_STREAM_SPLICE_NONE, NULL, error) < 0)
    return NULL;
  if (!g_output_stream_write_all (memory, "", 1, NULL, NULL, error) ||
      !g_output_stream_close (memory, NULL, error))
    return NULL;
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (memory));
}

/* run_script: its standard output; the caller frees it. */
static char *
run_script (MigPairKind kind, const char *action, const char *directory, GError **error)
{
  g_autoptr (GPtrArray) argv = script_arguments (kind, action, directory, error);
  g_autoptr (GSubprocess) process = NULL;

  if (argv)
    process = g_subprocess_newv ((const char *const *) argv->pdata,
                                 G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                                 error);
  if (!process)
    return NULL;
  g_autofree char *last = relay (g_subprocess_get_stderr_pipe (process), kinds[kind].says);
  g_autofree char *out = read_all (g_subprocess_get_stdout_pipe (process), error);
  if (!out || !g_subprocess_wait (process, NULL, error))
    return NULL;
  int status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  if (status != 0)
    {
      g_set_error (
          error, MIG_ERROR, status == CANNOT_BE_HAD ? MIG_ERROR_UNSUPPORTED : MIG_ERROR_FAILED,
          "the emulated %s pair: %s", kinds[kind].name, last ? last : "its script was killed");
      return NULL;
    }
  if (last)
    mig_info ("%s", last);
  return g_steal_pointer (&out);
}

/* "directory D", "source URI", "destination URI", for each pair. */
static void
parse_pairs (const char *text, MigPairKind kind, GPtrArray *pairs)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] && lines[i + 1] && lines[i + 2]; i += 3)
    {
      if (!g_str_has_prefix (lines[i], "directory ") ||
          !g_str_has_prefix (lines[i + 1], "source ") ||
          !g_str_has_prefix (lines[i + 2], "destination "))
        break;
      MigPair *pair = g_new0 (MigPair, 1);
      pair->kind = kind;
      pair->directory = g_strdup (lines[i] + strlen ("directory "));
      pair->uris[0] = g_strdup (lines[i + 1] + strlen ("source "));
      pair->uris[1] = g_strdup (lines[i + 2] + strlen ("destination "));
      g_ptr_array_add (pairs, pair);
    }
}

static GPtrArray *
pairs_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) mig_pair_free);
}

MigPair *
mig_pair_up (MigPairKind kind, GError **error)
{
  g_autofree char *out = run_script (kind, "up", NULL, error);

  if (!out)
    return NULL;
  g_autoptr (GPtrArray) pairs = pairs_new ();
  parse_pairs (out, kind, pairs);
  if (pairs->len == 1)
    return g_ptr_array_steal_index (pairs, 0);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "the script '%s' did not print the URIs of its hosts", kinds[kind].script);
  return NULL;
}

GPtrArray *
mig_pair_list (GError **error)
{
  g_autoptr (GPtrArray) pairs = pairs_new ();

  for (MigPairKind kind = 0; kind < MIG_N_PAIR_KINDS; kind++)
    {
      g_autofree char *script = mig_files_find_program (kinds[kind].script);
      g_autofree char *out = script ? run_script (kind, "status", NULL, error) : g_strdup ("");
      if (!out)
        return NULL;
      parse_pairs (out, kind, pairs);
    }
  return g_steal_pointer (&pairs);
}

gboolean
mig_pair_down (const MigPair *pair, GError **error)
{
  g_autofree char *out = run_script (pair->kind, "down", pair->directory, error);
  return out != NULL;
}
