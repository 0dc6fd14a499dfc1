/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "hosts/migration-options.h"

gboolean
mig_migration_options_given (const MigMigrationOptions *options)
{
  return options->copy_storage || options->timeout || options->tls || options->unsafe ||
         options->technique || options->bandwidth || options->direct;
}

/* split_timeout: "60 s:suspend" or, in seconds, "60"; *action: NULL: none is said. The caller frees
 * both. */
static void
split_timeout (const char *text, char **time, char **action)
{
  const char *colon = strchr (text, ':');
  guint64 seconds;

  *time = colon ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);
  *action = colon ? g_strdup (colon + 1) : NULL;
  if (g_ascii_string_to_unsigned (*time, 10, 0, G_MAXUINT32, &seconds, NULL))
    {
      g_free (*time);
      *time = g_strdup_printf ("%" G_GUINT64_FORMAT " s", seconds);
    }
}

static gboolean
read_timeout (const char *text, MigTimeoutAction *action, gint64 *timeout_ns, GError **error)
{
  g_autofree char *time = NULL, *then = NULL;

  split_timeout (text, &time, &then);
  if (!mig_units_parse_duration (time, timeout_ns, error))
    return FALSE;
  if (*timeout_ns < MIG_NS_PER_S)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "%s is too short; expected at least 1 s",
                   time);
      return FALSE;
    }
  return !then || mig_timeout_action_from_name (then, action, error);
}

gboolean
mig_migration_options_flags (const MigMigrationOptions *options, MigMigrationFlags *flags,
                             gint64 *timeout_ns, GError **error)
{
  *timeout_ns = 0;
  *flags = (MigMigrationFlags){ .tls = options->tls, .unsafe = options->unsafe };
  return (!options->copy_storage ||
          mig_error_of_option (
              mig_storage_copy_from_name (options->copy_storage, &flags->storage, error),
              "copy-storage", error)) &&
         (!options->timeout ||
          mig_error_of_option (
              read_timeout (options->timeout, &flags->at_timeout, timeout_ns, error), "timeout",
              error));
}

/* check_study_options: those that a study alone understands, before it is read with them. */
static gboolean
check_study_options (const MigMigrationOptions *options, GError **error)
{
  MigTechnique technique;
  guint64 rate;

  return (!options->technique ||
          mig_error_of_option (mig_technique_from_name (options->technique, &technique, error),
                               "technique", error)) &&
         (!options->bandwidth ||
          mig_error_of_option (mig_units_parse_limit (options->bandwidth, &rate, error),
                               "bandwidth", error));
}

static void
add (GStrvBuilder *attributes, const char *name, const char *value)
{
  if (!value)
    return;
  g_strv_builder_add (attributes, name);
  g_strv_builder_add (attributes, value);
}

char **
mig_migration_options_attributes (const MigMigrationOptions *options, GError **error)
{
  g_autoptr (GStrvBuilder) attributes = g_strv_builder_new ();
  g_autofree char *time = NULL, *action = NULL;
  MigMigrationFlags flags;
  gint64 timeout_ns;

  if (!mig_migration_options_given (options) ||
      !mig_migration_options_flags (options, &flags, &timeout_ns, error) ||
      !check_study_options (options, error))
    return NULL;
  if (options->timeout)
    split_timeout (options->timeout, &time, &action);
  add (attributes, "timeout", time);
  add (attributes, "at-timeout", action);
  add (attributes, "copy-storage", options->copy_storage);
  add (attributes, "tls", options->tls ? "yes" : NULL);
  add (attributes, "unsafe", options->unsafe ? "yes" : NULL);
  add (attributes, "technique", options->technique);
  add (attributes, "bandwidth", options->bandwidth);
  add (attributes, "peer-to-peer", options->direct ? "no" : NULL);
  return g_strv_builder_end (attributes);
}
