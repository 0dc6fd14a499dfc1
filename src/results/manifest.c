/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/scale.h"
#include "results/manifest.h"

#define NAME "MANIFEST"
#define GROUP "migcost"
#define SIZE_MAX_BYTES (64 * 1024)

/* Its numbers and texts, one line each. */
static const struct {
  const char *key;
  gboolean is_text;
  gsize offset;
} entries[] = {
  { "format", FALSE, G_STRUCT_OFFSET (MigManifest, format) },
  { "tool_version", TRUE, G_STRUCT_OFFSET (MigManifest, tool_version) },
  { "study_name", TRUE, G_STRUCT_OFFSET (MigManifest, study_name) },
  { "study_title", TRUE, G_STRUCT_OFFSET (MigManifest, study_title) },
  { "claims", TRUE, G_STRUCT_OFFSET (MigManifest, claims) },
  { "scale", TRUE, G_STRUCT_OFFSET (MigManifest, scale) },
  { "seed", FALSE, G_STRUCT_OFFSET (MigManifest, seed) },
  { "started_utc_ns", FALSE, G_STRUCT_OFFSET (MigManifest, started_utc_ns) },
  { "started_clock_ns", FALSE, G_STRUCT_OFFSET (MigManifest, started_clock_ns) },
};

void
mig_manifest_clear (MigManifest *manifest)
{
  g_free (manifest->study_name);
  g_free (manifest->study_title);
  g_free (manifest->claims);
  g_free (manifest->scale);
  g_free (manifest->tool_version);
  memset (manifest, 0, sizeof *manifest);
}

static gboolean
is_titled (const MigManifest *manifest, const char *name, const char *title)
{
  return strcmp (manifest->study_name, name) == 0 && strcmp (manifest->study_title, title) == 0;
}

gboolean
mig_manifest_is_execution (const MigManifest *manifest)
{
  return is_titled (manifest, MIG_EXECUTION_NAME, MIG_EXECUTION_TITLE);
}

gboolean
mig_manifest_is_watch (const MigManifest *manifest)
{
  return is_titled (manifest, MIG_WATCH_NAME, MIG_WATCH_TITLE);
}

char *
mig_manifest_study (const MigManifest *manifest)
{
  return manifest->scale ? g_strdup_printf ("%s at scale %s", manifest->study_name, manifest->scale)
                         : g_strdup (manifest->study_name);
}

double
mig_manifest_scale (const MigManifest *manifest)
{
  double scale = 1;

  return manifest->scale && mig_scale_parse (manifest->scale, &scale, NULL) ? scale : 1;
}

gboolean
mig_manifest_save (const MigManifest *manifest, const MigDir *dir, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *utc = mig_clock_format_utc (manifest->started_utc_ns);
  MigManifest full = *manifest;
  gsize size;

  full.format = MIG_RESULT_FORMAT;
  full.tool_version = (char *) PACKAGE_VERSION;
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      gpointer member = G_STRUCT_MEMBER_P (&full, entries[i].offset);
      if (!entries[i].is_text)
        g_key_file_set_int64 (file, GROUP, entries[i].key, *(gint64 *) member);
      else if (*(char **) member)
        {
          g_autofree char *valid = g_utf8_make_valid (*(char **) member, -1);
          g_key_file_set_string (file, GROUP, entries[i].key, valid);
        }
    }
  g_key_file_set_string (file, GROUP, "started_utc", utc); /* for people */
  g_autofree char *text = g_key_file_to_data (file, &size, NULL);
  return mig_dir_save (dir, NAME, text, size, error);
}

static gboolean
check_scale (const char *text, GError **error)
{
  double scale;

  return mig_scale_parse (text, &scale, error);
}

static gboolean
load_entries (GKeyFile *file, MigManifest *manifest, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      gpointer member = G_STRUCT_MEMBER_P (manifest, entries[i].offset);
      GError *cause = NULL;
      if (entries[i].is_text)
        *(char **) member = g_key_file_get_string (file, GROUP, entries[i].key, NULL);
      else
        *(gint64 *) member = g_key_file_get_int64 (file, GROUP, entries[i].key, &cause);
      if (cause)
        {
          g_set_error_literal (error, MIG_ERROR, MIG_ERROR_INVALID, cause->message);
          g_error_free (cause);
          return FALSE;
        }
    }
  return !manifest->scale || check_scale (manifest->scale, error);
}

gboolean
mig_manifest_load (MigManifest *manifest, const MigDir *dir, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) cause = NULL;
  MigManifest loaded = { 0 };
  gsize size;

  if (!mig_dir_has (dir, NAME))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "'%s' is not a result directory: it has no " NAME, dir->path);
      return FALSE;
    }
  g_autofree char *text = mig_dir_load (dir, NAME, SIZE_MAX_BYTES, &size, error);
  if (!text)
    return FALSE;
  if (!g_key_file_load_from_data (file, text, size, G_KEY_FILE_NONE, &cause) ||
      !load_entries (file, &loaded, &cause))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "%s/" NAME ": %s", dir->path,
                   cause->message);
      mig_manifest_clear (&loaded);
      return FALSE;
    }
  if (loaded.format < 1 || loaded.format > MIG_RESULT_FORMAT)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                   "result directory '%s' has format %" G_GINT64_FORMAT
                   " and this migcost reads format %d; use migcost %s",
                   dir->path, loaded.format, MIG_RESULT_FORMAT,
                   loaded.tool_version ? loaded.tool_version : "of the version that wrote it");
      mig_manifest_clear (&loaded);
      return FALSE;
    }
  *manifest = loaded;
  return TRUE;
}
