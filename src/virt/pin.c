/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "virt/cpu-map.h"
#include "virt/internal.h"
#include "virt/pin.h"

/* virDomainPinVcpu changes what runs and never a definition, as VIR_DOMAIN_AFFECT_LIVE does
 * elsewhere.
 *
 * Pins as text: a map (cpu-map.h) for each vCPU, with ',' between them, and behind a '/' that of
 * the management threads, which may be empty: "01,01/11". */

static gboolean
fail (const MigGuest *guest, const char *action, GError **error)
{
  mig_virt_error (error, "cannot %s of guest '%s' on host '%s'", action, guest->name,
                  guest->host->name);
  return FALSE;
}

/* n_vcpus: all that it may have; those that are online may have any numbers below this. */
static int
n_vcpus (const MigGuest *guest)
{
  int all = virDomainGetVcpusFlags (guest->domain,
                                    VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_VCPU_MAXIMUM);

  return MAX (all < 0 ? virDomainGetVcpusFlags (guest->domain, VIR_DOMAIN_AFFECT_LIVE) : all, 1);
}

static gboolean
is_offline (const MigGuest *guest, int vcpu)
{
  int n = n_vcpus (guest);
  g_autofree virVcpuInfoPtr info = g_new0 (virVcpuInfo, n);

  n = virDomainGetVcpus (guest->domain, info, n, NULL, 0);
  for (int i = 0; i < n; i++)
    if ((int) info[i].number == vcpu)
      return FALSE;
  return n > 0;
}

/* pin_vcpu: one that is offline gets its map where the driver allows it, for when it is plugged in.
 * FALSE with libvirt's error. */
static gboolean
pin_vcpu (MigGuest *guest, int vcpu, unsigned char *map, int length)
{
  if (virDomainPinVcpu (guest->domain, vcpu, map, length) == 0)
    return TRUE;
  /* once more where it is online, for the error */
  return is_offline (guest, vcpu) || virDomainPinVcpu (guest->domain, vcpu, map, length) == 0;
}

/* only: a map with that CPU alone. */
static unsigned char *
only (const MigGuest *guest, int cpu, int *length)
{
  *length = VIR_CPU_MAPLEN (MAX ((gsize) cpu + 1, strlen (guest->host->online)));
  unsigned char *map = g_malloc0 (*length);

  VIR_USE_CPU (map, cpu);
  return map;
}

static gboolean
pin_vcpus (MigGuest *guest, int cpu, GError **error)
{
  int length, vcpus = n_vcpus (guest);
  g_autofree unsigned char *map = only (guest, cpu, &length);

  for (int v = 0; v < vcpus; v++)
    if (!pin_vcpu (guest, v, map, length))
      {
        mig_virt_error (error, "cannot pin guest '%s' to CPU %d of host '%s'", guest->name, cpu,
                        guest->host->name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
pin_emulator (MigGuest *guest, int cpu, GError **error)
{
  int length;
  g_autofree unsigned char *map = only (guest, cpu, &length);

  if (!guest->host->can[MIG_CAN_EMULATOR_PIN] ||
      virDomainPinEmulator (guest->domain, map, length, VIR_DOMAIN_AFFECT_LIVE) == 0)
    return TRUE;
  mig_virt_error (error, "cannot pin the emulator of guest '%s' to CPU %d of host '%s'",
                  guest->name, cpu, guest->host->name);
  return FALSE;
}

gboolean
mig_guest_pin (MigGuest *guest, int cpu, int management_cpu, GError **error)
{
  return (cpu < 0 || pin_vcpus (guest, cpu, error)) &&
         (management_cpu < 0 || pin_emulator (guest, management_cpu, error));
}

/* read_xen_maps: each at the place of its vCPU's number; one that is not told of has none, which
 * is put back as all CPUs. */
static int
read_xen_maps (MigGuest *guest, int vcpus, unsigned char *maps, int length)
{
  g_autofree virVcpuInfoPtr info = g_new0 (virVcpuInfo, vcpus);
  g_autofree unsigned char *found = g_malloc0 ((gsize) vcpus * length);
  int n = virDomainGetVcpus (guest->domain, info, vcpus, found, length), highest = -1;

  for (int i = 0; i < n; i++)
    if ((int) info[i].number < vcpus)
      {
        memcpy (maps + (gsize) info[i].number * length, found + (gsize) i * length, length);
        highest = MAX (highest, (int) info[i].number);
      }
  return n < 0 ? -1 : highest + 1;
}

/* The maps of its vCPUs, length bytes each; the number of them, -1 with libvirt's error. libxl has
 * Xen's own state in GetVcpus, and in GetVcpuPinInfo the configuration only. */
static int
read_maps (MigGuest *guest, int vcpus, unsigned char *maps, int length)
{
  if (guest->host->can[MIG_CAN_MANAGEMENT_DOMAIN])
    return read_xen_maps (guest, vcpus, maps, length);
  return virDomainGetVcpuPinInfo (guest->domain, vcpus, maps, length, VIR_DOMAIN_AFFECT_LIVE);
}

char *
mig_guest_pins (MigGuest *guest, GError **error)
{
  const char *online = guest->host->online;
  int length = VIR_CPU_MAPLEN (strlen (online));
  int vcpus = n_vcpus (guest);
  g_autofree unsigned char *maps = g_malloc0 ((gsize) vcpus * length);
  g_autofree unsigned char *emulator = g_malloc0 (length);

  int n = read_maps (guest, vcpus, maps, length);
  if (n < 0 ||
      (guest->host->can[MIG_CAN_EMULATOR_PIN] &&
       virDomainGetEmulatorPinInfo (guest->domain, emulator, length, VIR_DOMAIN_AFFECT_LIVE) < 0))
    {
      fail (guest, "read the pinning", error);
      return NULL;
    }
  g_autofree char *of_vcpus = mig_cpu_maps_to_text (maps, n, online);
  g_autofree char *last = guest->host->can[MIG_CAN_EMULATOR_PIN]
                              ? mig_cpu_map_to_text (emulator, online)
                              : g_strdup ("");
  return g_strdup_printf ("%s/%s", of_vcpus, last);
}

gboolean
mig_pins_are_valid (const char *pins)
{
  const char *slash = strchr (pins, '/');

  return slash && slash > pins && strspn (pins, "01,") == (gsize) (slash - pins) &&
         strspn (slash + 1, "01") == strlen (slash + 1);
}

gboolean
mig_guest_put_pins (MigGuest *guest, const char *pins, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (pins, "/", 2);
  g_auto (GStrv) vcpus = g_strsplit (parts[0], ",", -1);
  const char *online = guest->host->online;
  int length = VIR_CPU_MAPLEN (strlen (online));

  for (guint v = 0; vcpus[v]; v++)
    {
      g_autofree unsigned char *map = g_malloc0 (length);
      mig_cpu_map_from_text (map, vcpus[v], online);
      if (!pin_vcpu (guest, (int) v, map, length))
        return fail (guest, "put back the pinning", error);
    }
  if (!parts[1] || !*parts[1] || !guest->host->can[MIG_CAN_EMULATOR_PIN])
    return TRUE;
  g_autofree unsigned char *map = g_malloc0 (length);
  mig_cpu_map_from_text (map, parts[1], online);
  return virDomainPinEmulator (guest->domain, map, length, VIR_DOMAIN_AFFECT_LIVE) == 0 ||
         fail (guest, "put back the pinning of the emulator", error);
}
