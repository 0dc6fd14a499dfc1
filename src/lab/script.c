/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "lab/script.h"

#define CANNOT_BE_HAD 77

void
mig_script_set_missing (GError **error, const char *part)
{
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "'%s', a part of migcost, is missing; in a source tree use ./run migcost, "
               "otherwise install migcost again",
               part);
}

/* relay: passes on what it says while it works, but for the last line, which is returned. */
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

static GSubprocess *
start (const char *script, const char *const *arguments, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *program = mig_files_find_program (script);

  if (!program)
    {
      mig_script_set_missing (error, script);
      return NULL;
    }
  g_ptr_array_add (argv, program);
  for (; *arguments; arguments++)
    g_ptr_array_add (argv, (gpointer) *arguments);
  g_ptr_array_add (argv, NULL);
  return g_subprocess_newv ((const char *const *) argv->pdata,
                            G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
}

char *
mig_script_run (const char *script, const char *const *arguments, const char *what, GError **error)
{
  g_autoptr (GSubprocess) process = start (script, arguments, error);
  g_autofree char *name = g_path_get_basename (script);
  g_autofree char *says = g_strconcat (name, ": ", NULL);

  if (!process)
    return NULL;
  g_autofree char *last = relay (g_subprocess_get_stderr_pipe (process), says);
  g_autofree char *out = read_all (g_subprocess_get_stdout_pipe (process), error);
  if (!out || !g_subprocess_wait (process, NULL, error))
    return NULL;
  int status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  if (status != 0)
    {
      g_set_error (error, MIG_ERROR,
                   status == CANNOT_BE_HAD ? MIG_ERROR_UNSUPPORTED : MIG_ERROR_FAILED, "%s: %s",
                   what, last ? last : "its script was killed");
      return NULL;
    }
  if (last)
    mig_info ("%s", last);
  return g_steal_pointer (&out);
}
