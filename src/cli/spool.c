/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/spool.h"

#define LARGE_BYTES (1 << 20)

static FILE *file;        /* NULL: nothing was ever drained */
static gboolean unopened; /* there is none to be had */
static int write_errno;   /* of the first write that failed; 0: none did */

static void
open_file (void)
{
  g_autofree char *name = NULL;
  int fd = g_file_open_tmp ("migcost-XXXXXX", &name, NULL);

  if (fd >= 0)
    unlink (name);
  if (fd >= 0 && !(file = fdopen (fd, "w+")))
    close (fd);
  unopened = !file;
}

void
mig_spool_drain (GString *text)
{
  if (text->len < LARGE_BYTES || unopened)
    return;
  const char *end = g_strrstr_len (text->str, (gssize) text->len, "\n");
  if (!file)
    open_file ();
  if (!end || !file)
    return;
  gsize size = end + 1 - text->str;
  if (fwrite (text->str, 1, size, file) != size && write_errno == 0)
    write_errno = errno;
  g_string_erase (text, 0, (gssize) size);
}

/* print: what hosts, guests and files say must not control a terminal; a file or a pipe gets the
 * very bytes. */
static gboolean
print (const char *text, gsize size)
{
  g_autofree char *safe = isatty (STDOUT_FILENO) ? mig_text_printable_lines (text, size) : NULL;
  gsize length = safe ? strlen (safe) : size;

  return fwrite (safe ? safe : text, 1, length, stdout) == length;
}

static gboolean
print_file (void)
{
  g_autofree char *line = NULL; /* getline's own memory is libc's, as GLib's is */
  size_t room = 0;
  ssize_t length;
  gboolean ok = TRUE;

  rewind (file);
  while (ok && (length = getline (&line, &room, file)) > 0)
    ok = print (line, (gsize) length);
  return ok && !ferror (file);
}

gboolean
mig_spool_print (const GString *text, GError **error)
{
  if (file && fflush (file) != 0 && write_errno == 0)
    write_errno = errno;
  if (write_errno != 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
                   "cannot write the result to a temporary file in '%s': %s; name a larger folder "
                   "in TMPDIR",
                   g_get_tmp_dir (), g_strerror (write_errno));
      return FALSE;
    }
  if ((!file || print_file ()) && print (text->str, text->len) && fflush (stdout) == 0)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "cannot write the result to standard output");
  return FALSE;
}
