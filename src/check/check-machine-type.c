/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "check/check-machine-type.h"
#include "check/guest-template.h"
#include "check/route.h"
#include "hosts/guest-machine.h"
#include "virt/machine-type.h"

static void
check_guest (GPtrArray *checks, const MigRunHost *from, const MigRunHost *to,
             const MigStudyGuest *guest)
{
  g_autofree char *file = mig_guest_template (from, guest);
  g_autofree char *arch = NULL, *type = NULL;
  g_autofree char *machine = file ? mig_guest_machine (from, file, &arch, &type) : NULL;

  if (!machine || from->emulator || to->emulator)
    return;
  g_auto (GStrv) here = mig_host_machines (from->host, arch, type);
  g_auto (GStrv) there = mig_host_machines (to->host, arch, type);
  if (!there[0] || g_strv_contains ((const char *const *) there, machine))
    return;
  g_autofree char *common = mig_machine_common (machine, here, there);
  mig_check_add (checks, MIG_CHECK_FAIL, to->study->name, "machine type",
                 g_strdup_printf ("guest '%s' from host '%s' has the machine type '%s', which is "
                                  "not there",
                                  guest->name, from->study->name, machine),
                 g_strdup_printf ("give its domain template one that both have%s%s%s",
                                  common ? ": machine='" : "", common ? common : "",
                                  common ? "'" : ""));
}

/* tell_common: that guests have another one than their template says. */
static void
tell_common (GPtrArray *checks, const GPtrArray *hosts)
{
  const MigRunHost *first = hosts->pdata[0];

  if (first->machine)
    mig_check_add (
        checks, MIG_CHECK_PASS, MIG_CHECK_STUDY, "machine type",
        g_strdup_printf ("guests have '%s', the newest that all hosts have", first->machine), NULL);
}

void
mig_check_machine_types (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  g_autoptr (GArray) pairs = mig_route_pairs (study, NULL);

  if (!mig_study_starts_guests (study))
    return;
  tell_common (checks, hosts);
  for (guint p = 0; p < pairs->len; p++)
    {
      const MigRoutePair *pair = &g_array_index (pairs, MigRoutePair, p);
      const MigRunHost *from = mig_run_host_find (hosts, pair->from),
                       *to = mig_run_host_find (hosts, pair->to);
      for (guint i = 0; from && to && i < study->guests->len; i++)
        {
          const MigStudyGuest *guest = study->guests->pdata[i];
          if (!guest->existing && g_str_equal (guest->host->name, from->study->name))
            check_guest (checks, from, to, guest);
        }
    }
}
