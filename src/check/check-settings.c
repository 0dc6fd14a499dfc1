/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check-settings.h"
#include "virt/migrate.h"

static const struct {
  const char *attribute;
  glong line;  /* offset of a guint in MigStudy */
  glong value; /* offset of a guint64 in MigMigrateOptions; 0 there: the hypervisor's default */
} settings[] = {
  { "connections", G_STRUCT_OFFSET (MigStudy, connections_line),
    G_STRUCT_OFFSET (MigMigrateOptions, connections) },
  { "cache", G_STRUCT_OFFSET (MigStudy, cache_line),
    G_STRUCT_OFFSET (MigMigrateOptions, cache_bytes) },
  { "throttle-initial", G_STRUCT_OFFSET (MigStudy, throttle_initial_line),
    G_STRUCT_OFFSET (MigMigrateOptions, throttle_initial) },
  { "throttle-increment", G_STRUCT_OFFSET (MigStudy, throttle_increment_line),
    G_STRUCT_OFFSET (MigMigrateOptions, throttle_increment) },
};

/* line_of: of what gives the setting to the variant; 0: nothing does. */
static guint
line_of (const MigStudy *variant, guint setting)
{
  return mig_study_parameter_line (variant, settings[setting].attribute,
                                   G_STRUCT_MEMBER (guint, variant, settings[setting].line));
}

/* has_effect: whether libvirt is given anything else than without it; 0 is as without it. */
static gboolean
has_effect (const MigStudy *variant, guint setting)
{
  MigMigrateOptions options;

  mig_migrate_options_init (&options, variant);
  guint64 *value = G_STRUCT_MEMBER_P (&options, settings[setting].value);
  g_autofree char *with = mig_migrate_parameters_text (&options);
  if (*value == 0)
    return TRUE;
  *value = 0;
  g_autofree char *without = mig_migrate_parameters_text (&options);
  return g_strcmp0 (with, without) != 0;
}

/* check_setting: one element may be that of many variants: told of the first, if it has an effect
 * on none. */
static void
check_setting (GPtrArray *checks, const MigStudy *study, guint setting)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL); /* lines */
  guint n = mig_study_n_variants (study);

  for (guint i = 0; i < n; i++)
    {
      const MigStudy *first = mig_study_variant (study, i);
      guint line = line_of (first, setting);
      gboolean works = !line || !g_hash_table_add (seen, GUINT_TO_POINTER (line));
      for (guint j = i; j < n && !works; j++)
        works = line_of (mig_study_variant (study, j), setting) == line &&
                has_effect (mig_study_variant (study, j), setting);
      if (!works)
        mig_check_add (checks, MIG_CHECK_WARN, MIG_CHECK_STUDY, settings[setting].attribute,
                       g_strdup_printf ("%s:%u: %s has no effect: technique '%s' does not take it",
                                        study->path, line, settings[setting].attribute,
                                        mig_technique_info (first->technique)->name),
                       g_strdup ("choose a technique that does (migcost-study(5)), or remove it"));
    }
}

void
mig_check_settings (GPtrArray *checks, const MigStudy *study)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    check_setting (checks, study, i);
}
