/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#include "virt/inspect.h"
#include "virt/internal.h"
#include "virt/machine-type.h"
#include "virt/obstacle-list.h"
#include "virt/obstacle-question.h"
#include "virt/xml-values.h"

#define UNKNOWN_FEATURE "nknown CPU feature"
#define CPU_ADVICE                                                                                 \
  "start the guest anew with a CPU that both hosts have (virsh hypervisor-cpu-baseline)"

/* What the emulator of a destination lacks for a guest, as far as its libvirt tells. */

/* lacks_machine: its libvirt lists machine types, and not that one. */
static gboolean
lacks_machine (const MigObstacleQuestion *self, const char *arch, const char *machine,
               const char *type)
{
  g_auto (GStrv) here = mig_host_machines (self->guest->host, arch, type);
  g_auto (GStrv) there = mig_host_machines (self->to, arch, type);

  if (!there[0] || g_strv_contains ((const char *const *) there, machine))
    return FALSE;
  g_autofree char *common = mig_machine_common (machine, here, there);
  g_autofree char *advice = g_strdup_printf ("define it with a machine type that both have%s%s, "
                                             "and start it anew",
                                             common ? ": " : "", common ? common : "");
  mig_obstacle_add (self->obstacles, TRUE,
                    g_strdup_printf ("its machine type '%s' is not there", machine), advice);
  return TRUE;
}

/* look_at_machine: the emulator, as it is there, runs no such guest; in libvirt's words. What it
 * offers to guests, else; NULL: it does not tell. The caller frees it with free(). */
static char *
look_at_machine (const MigObstacleQuestion *self, const char *arch, const char *machine,
                 const char *type, const char *emulator)
{
  char *capabilities = virConnectGetDomainCapabilities (self->to->connection, emulator, arch,
                                                        machine, type, 0);
  int code = capabilities ? VIR_ERR_OK : virGetLastErrorCode ();

  if (code == VIR_ERR_INVALID_ARG || code == VIR_ERR_CONFIG_UNSUPPORTED)
    {
      g_autofree char *refusal = g_strdup (virGetLastErrorMessage ());
      if (!lacks_machine (self, arch, machine, type))
        mig_obstacle_add (self->obstacles, TRUE, g_steal_pointer (&refusal),
                          "install that QEMU there, or give the guest a machine that both have");
    }
  return capabilities;
}

/* look_at_tpm: an emulated one, whose state moves along; libvirt offers it where it has swtpm. */
static void
look_at_tpm (const MigObstacleQuestion *self, const char *capabilities)
{
  static const char root[] = "domainCapabilities",
                    element[] = "/domainCapabilities/devices/tpm/@supported",
                    offers[] = "/domainCapabilities/devices/tpm[@supported='yes']"
                               "/enum[@name='backendModel']/value[.='emulator']";
  g_auto (GStrv) emulated = mig_question_texts (self, "/domain/devices/tpm/backend"
                                                      "[@type='emulator']/../@model");
  g_auto (GStrv) known = mig_xml_values (capabilities, root, element);
  g_auto (GStrv) offered = mig_xml_values (capabilities, root, offers);

  if (!emulated[0] || offered[0])
    return;
  mig_obstacle_add (self->obstacles, known[0] != NULL,
                    g_strdup_printf (known[0]
                                         ? "it has no emulated TPM, and the guest has one (%s)"
                                         : "it does not say whether it has an emulated TPM, as "
                                           "the guest has (%s)",
                                     emulated[0]),
                    "install swtpm there");
}

/* cpu_of: the guest's <cpu>, as it runs; NULL: it has that of its host. */
static char *
cpu_of (const MigObstacleQuestion *self)
{
  self->context->node = NULL;
  xmlXPathObjectPtr nodes = xmlXPathEvalExpression (BAD_CAST "/domain/cpu[model]", self->context);
  char *cpu = NULL;

  if (nodes && nodes->nodesetval && nodes->nodesetval->nodeNr > 0)
    {
      xmlBufferPtr buffer = xmlBufferCreate ();
      xmlNodeDump (buffer, self->context->doc, nodes->nodesetval->nodeTab[0], 0, 0);
      cpu = g_strdup ((const char *) xmlBufferContent (buffer));
      xmlBufferFree (buffer);
    }
  xmlXPathFreeObject (nodes);
  return cpu;
}

static void
look_at_cpu (const MigObstacleQuestion *self, const char *arch, const char *machine,
             const char *type, const char *emulator)
{
  g_autofree char *cpu = cpu_of (self);
  g_autofree char *model = mig_question_text (self, "/domain/cpu/model");
  /* a refusal as an error names the features */
  int match = cpu ? virConnectCompareHypervisorCPU (self->to->connection, emulator, arch, machine,
                                                    type, cpu,
                                                    VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE)
                  : VIR_CPU_COMPARE_IDENTICAL;
  int code = match == VIR_CPU_COMPARE_ERROR ? virGetLastErrorCode () : VIR_ERR_OK;
  const char *refusal = match == VIR_CPU_COMPARE_ERROR ? virGetLastErrorMessage () : NULL;

  if (match == VIR_CPU_COMPARE_INCOMPATIBLE || code == VIR_ERR_CPU_INCOMPATIBLE)
    mig_obstacle_add (self->obstacles, TRUE,
                      g_strdup_printf ("its CPUs cannot do what the guest's %s can%s%s", model,
                                       refusal ? ": " : "", refusal ? refusal : ""),
                      CPU_ADVICE);
  else if (refusal && strstr (refusal, UNKNOWN_FEATURE)) /* there is no code for it */
    mig_obstacle_add (
        self->obstacles, TRUE,
        g_strdup_printf ("its libvirt does not know the guest's %s: %s", model, refusal),
        CPU_ADVICE);
}

/* look_at_host_cpu: a guest that has all of its host's. */
static void
look_at_host_cpu (const MigObstacleQuestion *self)
{
  g_autofree char *mode = mig_question_text (
      self, "/domain/cpu[@mode='host-passthrough' or @mode='maximum']/@mode");
  MigCpuMatch match = *mode ? mig_host_compare_cpu (self->guest->host, self->to)
                            : MIG_CPU_IDENTICAL;

  if (match == MIG_CPU_INCOMPATIBLE || match == MIG_CPU_SUPERSET)
    mig_obstacle_add (self->obstacles, FALSE,
                      g_strdup_printf ("it has the CPU of its host (%s), and that host's %s", mode,
                                       match == MIG_CPU_SUPERSET ? "has more" : "lacks some of it"),
                      CPU_ADVICE);
}

void
mig_obstacles_of_emulator (const MigObstacleQuestion *self)
{
  g_autofree char *machine = mig_question_text (self, "/domain/os/type/@machine");
  g_autofree char *arch = mig_question_text (self, "/domain/os/type/@arch");
  g_autofree char *type = mig_question_text (self, "/domain/@type");
  g_autofree char *emulator = mig_question_text (self, "/domain/devices/emulator");

  if (strcmp (self->to->info.driver, "QEMU") != 0 || !*machine || !*emulator)
    return;
  char *capabilities = look_at_machine (self, arch, machine, type, emulator);
  look_at_cpu (self, arch, machine, type, emulator);
  look_at_host_cpu (self);
  look_at_tpm (self, capabilities);
  free (capabilities);
}
