/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/units.h"
#include "virt/demand.h"
#include "virt/internal.h"
#include "virt/domain-xml.h"

/* resident: in KiB, from what the host knows of the guest's process */
static gint64
resident (virDomainPtr domain)
{
  virDomainMemoryStatStruct stats[VIR_DOMAIN_MEMORY_STAT_NR];
  int n = virDomainMemoryStats (domain, stats, G_N_ELEMENTS (stats), 0);

  for (int i = 0; i < n; i++)
    if (stats[i].tag == VIR_DOMAIN_MEMORY_STAT_RSS)
      return (gint64) (stats[i].val * MIG_KIB);
  return MIG_MISSING_INT;
}

gboolean
mig_guest_size (MigGuest *guest, MigGuestSize *size, GError **error)
{
  virDomainInfo info;

  if (!mig_guest_ask (guest, &info, error))
    return FALSE;
  size->memory_bytes = (gint64) (info.memory * MIG_KIB);
  size->vcpus = info.nrVirtCpu;
  size->resident_bytes = resident (guest->domain);
  return TRUE;
}

/* disk_bytes: of one; whole: with what is in its backing file. Missing: the host does not tell. */
static gint64
disk_bytes (MigGuest *guest, const char *disk, gboolean whole)
{
  virDomainBlockInfo info;

  if (virDomainGetBlockInfo (guest->domain, disk, &info, 0) < 0)
    return MIG_MISSING_INT;
  return (gint64) (whole || info.physical == 0 ? info.capacity
                                               : MIN (info.capacity, info.physical));
}

gint64
mig_guest_disk_bytes (MigGuest *guest, const char *xml, MigStorageCopy storage)
{
  gint64 sum = 0;

  if (!xml)
    return MIG_MISSING_INT;
  g_auto (GStrv) disks = mig_domain_xml_copied_disks (xml, FALSE);
  g_auto (GStrv) layered = mig_domain_xml_copied_disks (xml, TRUE);
  for (guint i = 0; disks[i]; i++)
    {
      gboolean whole = storage != MIG_STORAGE_CHANGES &&
                       g_strv_contains ((const char *const *) layered, disks[i]);
      gint64 bytes = disk_bytes (guest, disks[i], whole);
      if (MIG_IS_MISSING (bytes))
        return MIG_MISSING_INT;
      sum += bytes;
    }
  return sum;
}

#if LIBVIR_CHECK_VERSION(8, 1, 0)
#define RING_FLAG VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_RING
#else
#define RING_FLAG 0
#endif

gboolean
mig_guest_has_dirty_ring (MigGuest *guest)
{
  char *xml = RING_FLAG ? virDomainGetXMLDesc (guest->domain, 0) : NULL;
  gboolean ring = xml && mig_domain_xml_has_dirty_ring (xml);

  free (xml);
  return ring;
}

gboolean
mig_guest_start_dirty_rate (MigGuest *guest, guint seconds, gboolean ring, GError **error)
{
  g_return_val_if_fail (seconds >= 1 && seconds <= MIG_DIRTY_RATE_MAX_S, FALSE);
  if (virDomainStartDirtyRateCalc (guest->domain, (int) seconds, ring ? RING_FLAG : 0) == 0)
    return TRUE;
  gboolean unsupported = mig_virt_unsupported ();
  mig_virt_error (error, "cannot measure the dirty rate of guest '%s' on host '%s'", guest->name,
                  guest->host->name);
  if (unsupported && error && *error)
    (*error)->code = MIG_ERROR_UNSUPPORTED;
  return FALSE;
}

static gboolean
read_dirty_rate (const virDomainStatsRecord *record, gint64 *bytes_per_s)
{
  int status = 0;
  long long mib_per_s = 0;

  if (virTypedParamsGetInt (record->params, record->nparams, "dirtyrate.calc_status", &status) !=
          1 ||
      status != VIR_DOMAIN_DIRTYRATE_MEASURED ||
      virTypedParamsGetLLong (record->params, record->nparams, "dirtyrate.megabytes_per_second",
                              &mib_per_s) != 1)
    return FALSE;
  *bytes_per_s = mib_per_s * (gint64) MIG_MIB;
  return TRUE;
}

gboolean
mig_guest_dirty_rate (MigGuest *guest, gint64 *bytes_per_s)
{
  virDomainPtr domains[] = { guest->domain, NULL };
  virDomainStatsRecordPtr *records = NULL;
  int n = virDomainListGetStats (domains, VIR_DOMAIN_STATS_DIRTYRATE, &records, 0);
  gboolean known = n == 1 && read_dirty_rate (records[0], bytes_per_s);

  if (n >= 0)
    virDomainStatsRecordListFree (records);
  return known;
}
