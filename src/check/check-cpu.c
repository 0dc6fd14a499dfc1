/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "check/check-cpu.h"
#include "check/guest-template.h"
#include "check/route.h"
#include "hosts/guest-hardware.h"
#include "virt/guest-cpu.h"
#include "virt/inspect.h"
#include "virt/template.h"

/* What CPU a guest starts with. */
typedef struct {
  gboolean emulated; /* by QEMU: no host's matters */
  gboolean of_host;  /* that of the host that it starts on */
  char *model;       /* its template's, by name; NULL: it has none of it */
} GuestCpu;

static void
guest_cpu_clear (GuestCpu *self)
{
  g_clear_pointer (&self->model, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuestCpu, guest_cpu_clear)

gboolean
mig_cpu_is_of_host (const char *type, const char *arch, const char *mode, const char *model)
{
  static const char *const of_host[] = { "host-model", "host-passthrough", "maximum", NULL };
  static const char *const x86[] = { "x86_64", "i686", NULL };

  if (mode && g_strv_contains (of_host, mode))
    return TRUE;
  /* where nobody names one, QEMU has a plain one for x86, and the host's elsewhere */
  return !model && !(g_strcmp0 (type, "kvm") == 0 && arch && g_strv_contains (x86, arch));
}

static GuestCpu
cpu_of (const MigRunHost *home, const MigStudyGuest *guest)
{
  g_autofree char *file = mig_guest_template (home, guest);
  g_autofree char *type = file ? mig_template_domain_type (file, NULL) : NULL;
  g_autofree char *arch = file ? mig_template_os_attribute (file, "arch") : NULL;
  g_autofree char *given = mig_guest_cpu_xml (home, guest);
  g_autofree char *mode = NULL, *model = NULL;
  GuestCpu self = { .emulated = g_strcmp0 (type, "qemu") == 0 };

  if (given)
    self.of_host = !mig_guest_cpu_is_named (guest) && guest->cpu_model &&
                   strcmp (guest->cpu_model, MIG_CPU_BASELINE) != 0;
  else if (file)
    {
      mig_template_cpu (file, &mode, &model);
      self.of_host = mig_cpu_is_of_host (type, arch ? arch : mig_host_info (home->host)->cpu_model,
                                         mode, model);
      self.model = self.of_host ? NULL : g_steal_pointer (&model);
    }
  return self;
}

/* check_host_cpu: a guest that sees that of its home is to go to another host. */
static void
check_host_cpu (GPtrArray *checks, const MigRunHost *home, const MigRunHost *to,
                const MigStudyGuest *guest)
{
  MigCpuMatch match = mig_host_compare_cpu (home->host, to->host);

  if (match == MIG_CPU_INCOMPATIBLE)
    {
      g_autofree char *model = mig_host_baseline_cpu (home->host, to->host);
      mig_check_add (checks, MIG_CHECK_FAIL, to->study->name, "CPU model",
                     g_strdup_printf ("its CPU lacks features of host '%s', whose CPU guest '%s' "
                                      "has",
                                      home->study->name, guest->name),
                     g_strdup_printf ("set cpu-model=\"baseline\" of that <guest>, or name a model "
                                      "that both have%s%s",
                                      model ? ": " : "", model ? model : ""));
    }
  else if (match == MIG_CPU_UNKNOWN)
    mig_check_add (checks, MIG_CHECK_WARN, to->study->name, "CPU model",
                   g_strdup_printf ("the driver cannot compare its CPU with that of host '%s'",
                                    home->study->name),
                   g_strdup ("make sure that both have the same CPU model"));
  else
    mig_check_add (
        checks, MIG_CHECK_PASS, to->study->name, "CPU model",
        g_strdup_printf ("%s host '%s'",
                         match == MIG_CPU_IDENTICAL ? "the same as" : "has all features of",
                         home->study->name),
        NULL);
}

/* check_model: one that a template names. */
static void
check_model (GPtrArray *checks, const MigRunHost *to, const MigStudyGuest *guest, const char *model)
{
  gboolean known = FALSE;

  if (mig_host_offers_cpu (to->host, model, &known) || !known)
    return;
  mig_check_add (checks, MIG_CHECK_WARN, to->study->name, "CPU model",
                 g_strdup_printf ("it does not offer '%s', which the template of guest '%s' names",
                                  model, guest->name),
                 g_strdup ("name a model that 'virsh domcapabilities' shows as usable on both "
                           "hosts, or set cpu-model=\"baseline\" of that <guest>"));
}

/* check_way: of all guests that start on one host and go to another. */
static void
check_way (GPtrArray *checks, const MigRunHost *home, const MigRunHost *to, const MigStudy *study,
           const MigStudy *variant)
{
  const MigStudyGuest *with_host_cpu = NULL;
  gboolean by_name = FALSE;

  for (guint i = 0; i < variant->guests->len; i++)
    {
      const MigStudyGuest *guest = variant->guests->pdata[i];
      if (guest->existing || strcmp (guest->host->name, home->study->name) != 0 ||
          !mig_route_brings (study, variant, guest->name, to->study->name))
        continue;
      g_auto (GuestCpu) cpu = cpu_of (home, guest);
      if (cpu.emulated)
        continue;
      if (cpu.model)
        check_model (checks, to, guest, cpu.model);
      if (cpu.of_host && !with_host_cpu)
        with_host_cpu = guest;
      by_name |= !cpu.of_host;
    }
  if (with_host_cpu)
    check_host_cpu (checks, home, to, with_host_cpu);
  else if (by_name)
    mig_check_add (
        checks, MIG_CHECK_PASS, to->study->name, "CPU model",
        g_strdup_printf ("guests of host '%s' do not have that host's own", home->study->name),
        NULL);
}

void
mig_check_cpus (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study,
                const MigStudy *variant)
{
  for (guint i = 0; i < hosts->len; i++)
    for (guint k = 0; k < hosts->len; k++)
      if (i != k)
        check_way (checks, hosts->pdata[i], hosts->pdata[k], study, variant);
}
