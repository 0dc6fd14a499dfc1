/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check-hypervisor.h"
#include "check/guest-template.h"
#include "virt/template.h"

/* QEMU before this one loses dirty pages when it migrates a guest under software emulation: the
 * fast path of cpu_physical_memory_sync_dirty_bitmap does not reset the TLB of TCG. KVM is not
 * affected. */
#define QEMU_TCG_TRUSTED 9000000

#define XEN_4_17 4017 /* in thousands */

static char *
version_text (guint64 version)
{
  char *text = mig_version_text (version);
  return text ? text : g_strdup ("(of unknown version)");
}

void
mig_check_versions (GPtrArray *checks, const MigRunHost *host)
{
  const MigHostInfo *info = mig_host_info (host->host);
  g_autofree char *hypervisor = version_text (host->hypervisor_version);
  g_autofree char *libvirt = version_text (info->libvirt_version);
  mig_check_add (
      checks, MIG_CHECK_PASS, host->study->name, "connection",
      g_strdup_printf ("%s %s, libvirt %s, %s", info->driver, hypervisor, libvirt, info->hostname),
      NULL);
}

void
mig_check_trust (GPtrArray *checks, const MigRunHost *host)
{
  if (g_strcmp0 (mig_host_info (host->host)->driver, "QEMU") != 0)
    return;
  if (host->hypervisor_version == 0)
    {
      mig_check_add (checks, MIG_CHECK_WARN, host->study->name, "trust",
                     g_strdup_printf ("cannot determine the version of QEMU (%s) from here",
                                      host->emulator ? host->emulator : "the driver's choice"),
                     g_strdup ("make sure that it is QEMU 9.0 or later: older ones damage emulated "
                               "guests that migrate"));
      return;
    }
  g_autofree char *version = version_text (host->hypervisor_version);
  if (host->hypervisor_version >= QEMU_TCG_TRUSTED)
    {
      mig_check_add (checks, MIG_CHECK_PASS, host->study->name, "trust",
                     g_strdup_printf ("QEMU %s migrates emulated guests soundly", version), NULL);
      return;
    }
  MigCheck *check = mig_check_add (
      checks, MIG_CHECK_FAIL, host->study->name, "trust",
      g_strdup_printf ("QEMU %s loses memory of guests that it migrates under software "
                       "emulation (TCG), and reports success",
                       version),
      g_strdup ("install QEMU 9.0 or later (Debian 12: qemu-system-x86 from "
                "bookworm-backports), or use a host with KVM"));
  check->trust = TRUE;
}

void
mig_check_memory (GPtrArray *checks, const MigRunHost *host, guint64 needed)
{
  guint64 free_bytes = 0;
  g_autoptr (GError) error = NULL;

  if (!mig_host_free_memory (host->host, &free_bytes, &error))
    {
      mig_check_add (checks, MIG_CHECK_WARN, host->study->name, "memory", g_strdup (error->message),
                     g_strdup ("make sure that all guests fit"));
      return;
    }
  g_autofree char *have = mig_units_format_bytes (free_bytes);
  g_autofree char *want = mig_units_format_bytes (needed);
  gboolean enough = free_bytes >= needed;
  mig_check_add (checks, enough ? MIG_CHECK_PASS : MIG_CHECK_FAIL, host->study->name, "memory",
                 g_strdup_printf ("%s free, guests need %s", have, want),
                 enough ? NULL
                        : g_strdup ("free memory on that host, or use smaller or fewer guests"));
}

/* ---- what guests are made of ---- */

/* check_type: TRUE: guests of that template are emulated. */
static gboolean
check_type (GPtrArray *checks, const MigRunHost *host, const char *template_file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *type = mig_template_domain_type (template_file, &error);

  if (error)
    mig_check_add (checks, MIG_CHECK_FAIL, host->study->name, "domain template",
                   g_strdup (error->message), g_strdup ("correct the template"));
  return g_strcmp0 (type, "qemu") == 0;
}

static gboolean
is_paravirtual (const char *template_file)
{
  g_autofree char *os = mig_template_os_type (template_file, NULL);

  return g_strcmp0 (os, "linux") == 0;
}

static void
check_shadow_paging (GPtrArray *checks, const MigRunHost *host)
{
  const MigHostInfo *info = mig_host_info (host->host);

  if (g_strcmp0 (info->driver, "Xen") != 0 || info->hypervisor_version / 1000 != XEN_4_17)
    return;
  mig_check_add (
      checks, MIG_CHECK_WARN, host->study->name, "shadow paging",
      g_strdup ("paravirtual guests migrate live only where Xen has shadow paging; Debian's 4.17.7 "
                "is built "
                "without it, and libvirt does not tell one 4.17 from another"),
      g_strdup ("'xl info' on the host must list shadow in virt_caps; if not, take 4.17.5, or "
                "template=\"xen-pvh\" where there is hardware virtualization"));
}

void
mig_check_guest_templates (GPtrArray *checks, const MigRunHost *host, const MigStudy *study)
{
  gboolean lacks, emulated = FALSE, paravirtual = FALSE;
  g_autoptr (GPtrArray) files = mig_guest_templates (study, host, &lacks);

  if (lacks)
    mig_check_add (
        checks, MIG_CHECK_FAIL, host->study->name, "guests",
        g_strdup ("no bundled domain template fits this host"),
        g_strdup ("name a template of your own: <guest template='/path/to/domain.xml'/>"));
  for (guint i = 0; i < files->len; i++)
    {
      emulated |= check_type (checks, host, files->pdata[i]);
      paravirtual |= is_paravirtual (files->pdata[i]);
    }
  if (emulated)
    mig_check_trust (checks, host);
  if (paravirtual)
    check_shadow_paging (checks, host);
}
