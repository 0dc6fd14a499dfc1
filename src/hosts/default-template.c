/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "hosts/default-template.h"

typedef struct {
  const char *driver, *domain_type, *os_type, *template_file;
} Choice;

/* In order of preference. */
static const Choice choices[] = {
  { "QEMU", "kvm", "hvm", "domains/qemu-kvm.xml" },
  { "QEMU", "qemu", "hvm", "domains/qemu-tcg.xml" },
  { "Xen", "xen", "xen", "domains/xen-pv.xml" },
  { "Xen", "xen", "xenpvh", "domains/xen-pvh.xml" },
  { "Xen", "xen", "hvm", "domains/xen-hvm.xml" },
};

char *
mig_default_template (const MigRunHost *host, gboolean kvm_fails)
{
  const char *driver = mig_host_info (host->host)->driver;

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      const Choice *choice = &choices[i];
      if (strcmp (choice->driver, driver) != 0 ||
          !mig_host_offers (host->host, choice->domain_type, choice->os_type))
        continue;
      /* /dev/kvm that is there is not yet one that runs a guest */
      if (kvm_fails && strcmp (choice->domain_type, "kvm") == 0)
        continue;
      char *file = mig_files_find_data (choice->template_file);
      if (file)
        return file;
    }
  return NULL;
}
