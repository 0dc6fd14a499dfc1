/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "hosts/guest-hardware.h"
#include "virt/guest-cpu.h"
#include "virt/template.h"

/* libvirt's words for what is no model */
static const char *const modes[] = { "host-model", "host-passthrough", NULL };

gboolean
mig_guest_cpu_is_named (const MigStudyGuest *guest)
{
  return guest->cpu_model && strcmp (guest->cpu_model, MIG_CPU_BASELINE) != 0 &&
         !g_strv_contains (modes, guest->cpu_model);
}

/* is_kvm: guests without a template of their own run under KVM there. */
static gboolean
is_kvm (const MigRunHost *host)
{
  g_autofree char *type = host->template_file ? mig_template_domain_type (host->template_file, NULL)
                                              : NULL;
  return g_strcmp0 (type, "kvm") == 0;
}

/* has_baseline: TRUE: by the study's word, or by default. */
static gboolean
has_baseline (const MigRunHost *host, const MigStudyGuest *guest)
{
  if (guest->cpu_model)
    return strcmp (guest->cpu_model, MIG_CPU_BASELINE) == 0;
  return !guest->existing && !guest->template_name && is_kvm (host);
}

char *
mig_guest_cpu_xml (const MigRunHost *host, const MigStudyGuest *guest)
{
  if (has_baseline (host, guest))
    return g_strdup (host->baseline_cpu);
  if (!guest->cpu_model)
    return NULL;
  if (strcmp (guest->cpu_model, "host-passthrough") == 0)
    return g_strdup ("<cpu mode='host-passthrough' check='none' migratable='on'/>");
  if (g_strv_contains (modes, guest->cpu_model))
    return g_strdup_printf ("<cpu mode='%s'/>", guest->cpu_model);
  return g_markup_printf_escaped ("<cpu mode='custom' match='exact'><model>%s</model></cpu>",
                                  guest->cpu_model);
}

/* is_wanted: by a guest of the study, or by the small one that tries the way, whatever CPU those
 * have. */
static gboolean
is_wanted (const GPtrArray *hosts, const MigStudy *study)
{
  const MigRunHost *first = hosts->pdata[0];

  if (is_kvm (first))
    return TRUE;
  for (guint v = 0; v < mig_study_n_variants (study); v++)
    {
      const GPtrArray *guests = mig_study_variant (study, v)->guests;
      for (guint i = 0; i < guests->len; i++)
        if (has_baseline (first, guests->pdata[i]))
          return TRUE;
    }
  return FALSE;
}

void
mig_hosts_find_baseline (const GPtrArray *hosts, const MigStudy *study)
{
  g_autoptr (GPtrArray) asked = g_ptr_array_new ();
  g_autoptr (GError) why = NULL;

  if (!is_wanted (hosts, study))
    return;
  for (guint i = 0; i < hosts->len; i++)
    g_ptr_array_add (asked, ((MigRunHost *) hosts->pdata[i])->host);
  g_autofree char *cpu = mig_host_baseline_guest_cpu (asked, &why);
  if (why)
    mig_debug ("no baseline CPU: %s", why->message);
  for (guint i = 0; i < hosts->len; i++)
    {
      MigRunHost *host = hosts->pdata[i];
      host->baseline_cpu = g_strdup (cpu);
      host->baseline_why_not = why ? g_strdup (why->message) : NULL;
    }
}
