/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "check/guest-template.h"

char *
mig_guest_template (const MigRunHost *host, const MigStudyGuest *guest)
{
  return guest->template_name ? mig_files_find_template (guest->template_name)
                              : g_strdup (host->template_file);
}
