/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "check/guest-template.h"
#include "check/route.h"

char *
mig_guest_template (const MigRunHost *host, const MigStudyGuest *guest)
{
  return guest->template_name ? mig_files_find_template (guest->template_name)
                              : g_strdup (host->template_file);
}

static gboolean
is_on (const MigStudy *study, const MigStudy *variant, const MigStudyGuest *guest,
       const MigRunHost *host)
{
  const char *name = host->study->name;

  return !guest->existing && (strcmp (guest->host->name, name) == 0 ||
                              mig_route_brings (study, variant, guest->name, name));
}

GPtrArray *
mig_guest_templates (const MigStudy *study, const MigRunHost *host, gboolean *lacks)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  *lacks = FALSE;
  for (guint v = 0; v < mig_study_n_variants (study); v++)
    {
      const MigStudy *variant = mig_study_variant (study, v);
      for (guint i = 0; i < variant->guests->len; i++)
        {
          const MigStudyGuest *guest = variant->guests->pdata[i];
          if (!is_on (study, variant, guest, host))
            continue;
          g_autofree char *file = mig_guest_template (host, guest);
          *lacks |= !file;
          if (file && !g_ptr_array_find_with_equal_func (files, file, g_str_equal, NULL))
            g_ptr_array_add (files, g_steal_pointer (&file));
        }
    }
  return files;
}
