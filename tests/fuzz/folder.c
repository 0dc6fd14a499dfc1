/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "results/dir.h"
#include "tests/fuzz/fuzz.h"

static const char *const names[] = {
  "MANIFEST",       "schedule.csv",    "runs.csv",    "guests.csv",
  "migrations.csv", "rounds.csv",      "samples.csv", "heartbeats.csv",
  "events.csv",     "limits.csv",      "probes.csv",  "environment.csv",
  "parameters.csv", "predictions.csv", "study.xml",   "COMPLETE",
};

static char *folder;

static void
remove_folder (void)
{
  mig_files_remove_tree (folder, NULL);
  g_free (folder);
}

const char *
fuzz_folder (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) parts = g_strsplit (text, "== ", -1);
  MigDir dir = { -1, NULL };

  if (!folder)
    {
      folder = g_dir_make_tmp ("migcost-fuzz-XXXXXX", NULL);
      atexit (remove_folder);
    }
  g_assert (mig_dir_open (&dir, folder, NULL));
  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    unlinkat (dir.fd, names[n], 0);
  for (guint i = 0; parts[i]; i++)
    for (guint n = 0; n < G_N_ELEMENTS (names); n++)
      {
        gsize length = strlen (names[n]);
        if (strncmp (parts[i], names[n], length) != 0 || parts[i][length] != '\n')
          continue;
        const char *content = parts[i] + length + 1;
        int fd = mig_dir_open_file (&dir, names[n], O_WRONLY | O_CREAT | O_TRUNC, NULL);
        g_assert (mig_dir_write_all (&dir, names[n], fd, content, strlen (content), NULL));
        close (fd);
      }
  mig_dir_close (&dir);
  return folder;
}
