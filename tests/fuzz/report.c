/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "report/json.h"
#include "report/load.h"
#include "report/text.h"
#include "results/dir.h"
#include "tests/fuzz/fuzz.h"

static char *folder;

static void
remove_folder (void)
{
  mig_files_remove_tree (folder, NULL);
  g_free (folder);
}

/* The bytes as files: each begins behind a line "== NAME". */
static void
write_files (const MigDir *dir, const char *text)
{
  static const char *const names[] = { "MANIFEST",       "schedule.csv",   "runs.csv",
                                       "guests.csv",     "migrations.csv", "rounds.csv",
                                       "samples.csv",    "heartbeats.csv", "events.csv",
                                       "environment.csv", "limits.csv",    "COMPLETE" };
  g_auto (GStrv) parts = g_strsplit (text, "== ", -1);

  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    unlinkat (dir->fd, names[n], 0);
  for (guint i = 0; parts[i]; i++)
    for (guint n = 0; n < G_N_ELEMENTS (names); n++)
      {
        gsize length = strlen (names[n]);
        if (strncmp (parts[i], names[n], length) != 0 || parts[i][length] != '\n')
          continue;
        const char *content = parts[i] + length + 1;
        int fd = mig_dir_open_file (dir, names[n], O_WRONLY | O_CREAT | O_TRUNC, NULL);
        g_assert (mig_dir_write_all (dir, names[n], fd, content, strlen (content), NULL));
        close (fd);
      }
}

/* A result directory from somebody else, analysed and rendered in every format. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  MigDir dir = { -1, NULL };

  if (!folder)
    {
      folder = g_dir_make_tmp ("migcost-fuzz-XXXXXX", NULL);
      atexit (remove_folder);
    }
  g_assert (mig_dir_open (&dir, folder, NULL));
  write_files (&dir, text);
  mig_dir_close (&dir);
  g_autoptr (MigReport) report = mig_report_load (folder, &error);
  g_assert (!report == (error != NULL));
  if (report)
    {
      g_autofree char *readable = mig_report_text (report);
      g_autofree char *json = mig_report_json (report);
      g_autofree char *csv = mig_report_csv (report);
      g_assert (readable && json && csv);
      g_assert (g_utf8_validate (readable, -1, NULL) && !strchr (readable, '\033'));
    }
  return 0;
}
