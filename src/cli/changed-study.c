/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/scale.h"
#include "cli/changed-study.h"

MigStudy *
mig_changed_study_load (const char *file_or_name, const char *scale,
                        const MigMigrationOptions *migration, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_auto (GStrv) attributes = mig_migration_options_attributes (migration, &wrong);
  const MigStudyChanges changes = { scale, (const char *const *) attributes };
  double ratio;

  if (wrong)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  if (scale && !mig_error_of_option (mig_scale_parse (scale, &ratio, error), "scale", error))
    return NULL;
  return mig_study_load_changed (file_or_name, &changes, error);
}
